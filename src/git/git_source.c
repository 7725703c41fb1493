#include "git/git_source.h"

#include <stdlib.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/library.h"

static void close_source(void *self)
{
    git_close(self);
    free(self);
}

static const struct source_ops git_source_ops = {
    .name = "git",
    .close = close_source,
    .state = git_source_state,
    .changes = git_source_changes,
    .tags = git_source_tags,
    .read_tags = git_source_read_tags,
    .tag_detail = git_source_tag_detail,
    .walk = git_source_walk,
    .resolve = git_source_resolve,
    .is_ancestor = git_source_is_ancestor,
    .read_file = git_source_read_file,
    .read_ref = git_source_read_ref,
    .read_commit = git_source_read_commit,
    .plan_tree = git_source_plan_tree,
    .signing = git_source_signing,
    .unlock = git_source_unlock,
    .remote_refs = git_source_remote_refs,
    .fetch = git_source_fetch,
    .commit = git_source_commit,
    .tag = git_source_tag,
    .move_ref = git_source_move_ref,
    .attach = git_source_attach,
    .restore = git_source_restore,
    .restore_index = git_source_restore_index,
    .push = git_source_push,
};

int git_source_open(struct source *out, const char *path, const struct call *call, struct error *err)
{
    struct git *git = mem_alloc(sizeof(*git));
    const char *directory = path && *path ? path : ".";
    if (!git_library_open(git, directory) &&
        (git_check_version(directory, call, err) < 0 || git_open(git, path, call, err) < 0)) {
        free(git);
        return -1;
    }
    *out = (struct source){.ops = &git_source_ops, .self = git};
    return 0;
}
