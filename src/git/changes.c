#include "git/git.h"
#include "git/parse.h"

int git_source_changes(void *self, struct source_changes *out, bool untracked, const struct call *call,
                       struct error *err)
{
    if (git_needs_work_tree(self, "Cannot look for changes", err) < 0)
        return -1;
    CLEANUP(process_result_clear) struct process_result said = {0};
    struct source_changes changes = {0};
    const struct git_child child = {.args = GIT_ARGS("status", "--porcelain=v2", "-z", "--no-renames",
                                                     "--no-ahead-behind", "--ignore-submodules=untracked",
                                                     untracked ? "--untracked-files=normal" : "--untracked-files=no"),
                                    .manner = GIT_LOOKS};
    if (git_child_check(&said, self, &child, call, err) < 0 || git_parse_status(&changes, &said.out, err) < 0)
        return error_wrap(err, "Cannot look for changes");
    *out = changes;
    return 0;
}
