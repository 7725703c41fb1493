/* Changing one key in one file, and leaving the rest of it alone. */
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "config/config.h"
#include "config/trust.h"

enum { GIT_CONFIG_MANY = 5, EDIT_MS = 30000 };

static int git_failure(struct error *err, const char *file, const char *name, const struct process_result *result)
{
    const char *said = buf_string(&result->err);
    if (result->status == GIT_CONFIG_MANY && !*said) {
        error_set(err, ERROR_NOT_FOUND, "%s does not set %s", file, name);
        return -1;
    }
    bool locked = strstr(said, "could not lock") != NULL;
    error_set(err, locked ? ERROR_CONFLICT : ERROR_FAILED, "Cannot change %s", file);
    error_why(err, "%s", *said ? said : "git gave no reason");
    if (locked)
        return error_todo(err, "Wait for whoever is writing it; if nobody is, remove %s.lock", file);
    return error_todo(err, "Edit the file by hand; `signalbox config check` looks at it");
}

/*
 * By the git program: it takes a lock file, reads under it, changes the one line and renames. (libgit2 1.5 writes a comment
 * behind a section's heading twice.)
 */
static int edit_file(const char *file, const char *name, const char *value, struct error *err)
{
    const char *const set[] = {"git", "config", "--file", file, name, value, NULL};
    const char *const unset[] = {"git", "config", "--file", file, "--unset", name, NULL};
    const char *const env[] = {"LC_ALL=C", NULL};
    struct process process = {.argv = value ? set : unset, .env = env};
    struct process_result result;
    const struct call none = {0};
    const struct call call = call_within(&none, EDIT_MS);
    int done = process_run(&result, &process, &call, err);
    while (result.err.len && result.err.bytes[result.err.len - 1] == '\n')
        buf_truncate(&result.err, result.err.len - 1);
    if (done == 0 && result.status != 0)
        done = git_failure(err, file, name, &result);
    process_result_clear(&result);
    return done;
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
