/* Where the configuration of a directory stands. */
#include <git2.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"
#include "config/libgit2.h"

static const char *const level_names[] = {"default", "system", "user", "repository", "clone"};

const char *config_level_name(enum config_level level)
{
    return level_names[level];
}

/* The directory, upwards from `start`, in which there is a .git; NULL when there is none. */
static char *find_work_tree(const char *start)
{
    char *at = mem_string(start);
    for (;;) {
        CLEANUP(free_string) char *marker = path_join(at, ".git");
        if (file_exists(marker))
            return at;
        char *slash = strrchr(at, '/');
        if (!slash || slash[1] == 0) {
            free(at);
            return NULL;
        }
        /* The root itself is looked at too. */
        slash[slash == at ? 1 : 0] = 0;
    }
}

static void drop_slash(char *path)
{
    size_t len = strlen(path);
    if (len > 1 && path[len - 1] == '/')
        path[len - 1] = 0;
}

/* The directory all work trees share: named by the file commondir in that of a linked one. */
static char *common_directory(const char *git_dir)
{
    CLEANUP(free_string) char *file = path_join(git_dir, "commondir");
    struct buf bytes = {0};
    struct error ignored;
    if (file_read(&bytes, file, 4096, &ignored) < 0 || bytes.len == 0)
        return mem_string(git_dir);
    while (bytes.len && strchr("\r\n", bytes.bytes[bytes.len - 1]))
        buf_truncate(&bytes, bytes.len - 1);
    CLEANUP(free_string) char *joined = path_join(git_dir, buf_string(&bytes));
    buf_clear(&bytes);
    char *real = realpath(joined, NULL);
    return real ? real : mem_string(git_dir);
}

static bool no_system(void)
{
    const char *value = getenv("GIT_CONFIG_NOSYSTEM");
    return value && *value && config_bool(value);
}

int config_place_find(struct config_place *out, const char *directory, struct error *err)
{
    *out = (struct config_place){0};
    CLEANUP(free_string) char *start = realpath(directory ? directory : ".", NULL);
    if (!start) {
        error_errno(err, ERROR_NOT_FOUND, "Cannot open %s", directory ? directory : "this directory");
        return error_todo(err, "Name a directory of a git repository with -C, or go into one");
    }
    libgit2_begin();
    git_buf found = {0};
    int failed = git_repository_discover(&found, start, 0, NULL);
    if (!failed) {
        CLEANUP(free_string) char *git_dir = mem_string(found.ptr);
        drop_slash(git_dir);
        out->git_dir = common_directory(git_dir);
        out->root = find_work_tree(start);
        out->bare = !out->root;
        if (out->bare)
            out->root = mem_string(out->git_dir);
    }
    git_buf_dispose(&found);
    if (failed) {
        error_set(err, ERROR_NOT_FOUND, "%s is in no git repository", start);
        return error_todo(err, "Go into one, or name one with -C DIR");
    }
    CLEANUP(free_string) char *ours = path_xdg("XDG_CONFIG_HOME", ".config");
    out->files[CONFIG_SYSTEM] = no_system() ? NULL : mem_string("/etc/signalbox/config");
    out->files[CONFIG_USER] = path_join(ours, "config");
    out->files[CONFIG_REPOSITORY] = out->bare ? NULL : path_join(out->root, ".signalbox");
    out->files[CONFIG_CLONE] = path_join(out->git_dir, "signalbox");
    return 0;
}

void config_place_clear(struct config_place *place)
{
    free(place->root);
    free(place->git_dir);
    for (int level = 0; level < CONFIG_LEVELS; level++)
        free(place->files[level]);
    *place = (struct config_place){0};
}
