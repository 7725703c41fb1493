#include <string.h>

#include "base/memory.h"
#include "git/git.h"

/* One changing git over the paths; nothing when there are none. */
static int change(const struct git *git, const char *const *command, const struct git_args *paths,
                  const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args args = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (!paths->count)
        return 0;
    git_args_add_all(&args, command);
    git_args_add(&args, "--");
    git_args_add_all(&args, paths->items);
    const struct git_child child = {.args = args.items, .manner = GIT_CHANGES};
    if (git_permitted(permit, call, "restore files", err) < 0)
        return -1;
    return git_child_check(&said, git, &child, call, err);
}

int git_source_restore(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                       const struct call *call, struct error *err)
{
    const struct git *git = self;
    CLEANUP(buf_clear) struct buf known = {0};
    CLEANUP(git_args_clear) struct git_args back = {0};
    CLEANUP(git_args_clear) struct git_args away = {0};
    if (git_needs_work_tree(git, "Cannot restore files", err) < 0 || git_paths_check(paths, err) < 0 ||
        git_name_check(commit, "commit", err) < 0)
        return -1;
    if (git_paths_list(git, &known, GIT_ARGS("ls-tree", "-z", "--full-tree", "--name-only", commit), paths, call,
                       err) < 0)
        return error_wrap(err, "Cannot restore files");
    CLEANUP(buf_clear) struct buf source = {0};
    buf_addf(&source, "--source=%s", commit);
    for (size_t i = 0; paths[i]; i++)
        git_args_add(git_paths_listed(&known, paths[i]) ? &back : &away, paths[i]);
    /* Git deletes: it follows no symbolic link out of the work tree. What is tracked goes with rm, the rest with clean. */
    if (change(git,
               GIT_ARGS("restore", "--quiet", "--staged", "--worktree", "--ignore-skip-worktree-bits", source.bytes),
               &back, permit, call, err) < 0 ||
        change(git, GIT_ARGS("rm", "--force", "--quiet", "--ignore-unmatch", "--sparse"), &away, permit, call, err) <
            0 ||
        change(git, GIT_ARGS("clean", "--force", "--quiet", "-x"), &away, permit, call, err) < 0)
        return error_wrap(err, "Cannot restore files");
    return 0;
}

int git_source_restore_index(void *self, const char *commit, const char *const *paths, const struct permit *permit,
                             const struct call *call, struct error *err)
{
    const struct git *git = self;
    CLEANUP(git_args_clear) struct git_args all = {0};
    if (git_needs_work_tree(git, "Cannot restore files", err) < 0 || git_paths_check(paths, err) < 0 ||
        git_name_check(commit, "commit", err) < 0)
        return -1;
    git_args_add_all(&all, paths);
    /* Reset knows paths that only one side has, and looks at the files anew, so that status need not. */
    if (change(git, GIT_ARGS("reset", "--quiet", commit), &all, permit, call, err) < 0)
        return error_wrap(err, "Cannot restore the index");
    return 0;
}
