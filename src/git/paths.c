#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "git/git.h"

static bool component_is(const char *path, const char *name)
{
    size_t len = strlen(name);
    return strncasecmp(path, name, len) == 0 && (path[len] == '/' || !path[len]);
}

static bool path_is_inside(const char *path)
{
    if (!*path || *path == '/')
        return false;
    for (const char *part = path; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (!*part || *part == '/' || component_is(part, ".") || component_is(part, "..") ||
            component_is(part, ".git"))
            return false;
    return true;
}

int git_paths_check(const char *const *paths, struct error *err)
{
    if (!paths || !paths[0])
        return error_set(err, ERROR_INVALID, "No path was named");
    for (size_t i = 0; paths[i]; i++) {
        if (path_is_inside(paths[i]))
            continue;
        error_set(err, ERROR_INVALID, "\"%s\" is no path of a file in the work tree", paths[i]);
        return error_todo(err, "Write it relative to the top of the work tree, without . or ..");
    }
    return 0;
}

int git_paths_list(const struct git *git, struct buf *out, const char *const *command, const char *const *paths,
                   const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args args = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    git_args_add_all(&args, command);
    git_args_add(&args, "--");
    git_args_add_all(&args, paths);
    const struct git_child child = {.args = args.items, .manner = GIT_FETCHES};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    buf_add(out, buf_string(&said.out), said.out.len);
    return 0;
}

bool git_paths_listed(const struct buf *list, const char *path)
{
    for (const char *at = buf_string(list), *end = at + list->len; at < end; at += strlen(at) + 1)
        if (strcmp(at, path) == 0)
            return true;
    return false;
}
