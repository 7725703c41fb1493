/* Changing one key in one file, and leaving the rest of it alone. */
#include <git2.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"
#include "config/trust.h"

static int git_failure(struct error *err, const char *file, int code)
{
    const git_error *last = git_error_last();
    enum error_kind kind = code == GIT_ELOCKED     ? ERROR_CONFLICT
                           : code == GIT_ENOTFOUND ? ERROR_NOT_FOUND
                                                   : ERROR_FAILED;
    error_set(err, kind, "Cannot change %s", file);
    error_why(err, "%s", last ? last->message : "git gave no reason");
    if (kind == ERROR_CONFLICT)
        error_todo(err, "Wait for whoever is writing it; if nobody is, remove %s.lock", file);
    return -1;
}

/* libgit2 takes the lock file, reads under it, and renames it over the old file. */
static int edit_file(const char *file, const char *name, const char *value, struct error *err)
{
    git_config *git = NULL;
    git_libgit2_init();
    int failed = git_config_open_ondisk(&git, file);
    if (!failed)
        failed = value ? git_config_set_string(git, name, value) : git_config_delete_entry(git, name);
    int result = failed ? git_failure(err, file, failed) : 0;
    git_config_free(git);
    git_libgit2_shutdown();
    return result;
}

static int check_edit(const struct config_place *place, enum config_level level, const char *name, const char *value,
                      struct error *err)
{
    const struct config_key *key = config_key_find(name);
    if (!key) {
        char near[128];
        error_set(err, ERROR_INVALID, "There is no key %s", name);
        if (*config_key_suggest(near, sizeof(near), name))
            return error_todo(err, "Did you mean %s?", near);
        return error_todo(err, "`signalbox config list` shows every key");
    }
    if (strchr(name, '*'))
        return error_set(err, ERROR_INVALID, "%s needs a name in the place of *", name);
    if (value && config_check_value(key, value, err) < 0)
        return -1;
    if (level != CONFIG_DEFAULT && place->files[level])
        return 0;
    error_set(err, ERROR_REFUSED, "There is no %s configuration here", config_level_name(level));
    error_why(err, level == CONFIG_REPOSITORY ? "the repository is bare" : "git's system level is switched off");
    return error_todo(err, "Choose another with --level");
}

int config_set(const struct config_place *place, enum config_level level, const char *name, const char *value,
               struct error *err)
{
    if (check_edit(place, level, name, value, err) < 0)
        return -1;
    const char *file = place->files[level];
    enum trust trust = TRUST_NEVER;
    if (level == CONFIG_REPOSITORY && file_exists(file) && trust_look(&trust, place->root, file, err) < 0)
        return -1;
    CLEANUP(free_string) char *copy = mem_string(file);
    if (level == CONFIG_USER && file_make_dirs(dirname(copy), err) < 0)
        return -1;
    if (edit_file(file, name, value, err) < 0)
        return -1;
    /* The change is the user's own, so it does not undo the trust they gave. */
    char fingerprint[HASH_HEX];
    if (trust != TRUST_GIVEN)
        return 0;
    return trust_fingerprint(fingerprint, file, err) < 0 ? -1 : trust_give(place->root, fingerprint, err);
}
