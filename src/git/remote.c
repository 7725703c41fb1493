#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

int git_source_remote_refs(void *self, struct source_refs *out, const char *remote, const struct call *call,
                           struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    struct source_refs refs = {0};
    if (git_name_check(remote, "remote", err) < 0)
        return -1;
    const struct git_child child = {.args = GIT_ARGS("ls-remote", "--quiet", "--heads", "--tags", "--", remote),
                                    .manner = GIT_FETCHES};
    if (git_child_run(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot ask %s for its branches and tags", remote);
    if (said.status)
        return git_words_error(err, &said.err, "Cannot ask %s for its branches and tags", remote);
    if (git_parse_ls_remote(&refs, &said.out, err) < 0)
        return -1;
    *out = refs;
    return 0;
}

int git_source_fetch(void *self, const char *remote, const char *branch, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (git_name_check(remote, "remote", err) < 0 || (branch && git_name_check(branch, "branch", err) < 0))
        return -1;
    if (branch)
        buf_addf(&ref, "refs/heads/%s", branch);
    /* It moves references of ours, and may be killed while it does. */
    const struct git_child child = {.args =
                                        GIT_ARGS("fetch", "--quiet", "--no-write-fetch-head", "--no-auto-maintenance",
                                                 "--no-recurse-submodules", "--", remote, branch ? ref.bytes : NULL),
                                    .manner = GIT_CHANGES};
    if (git_child_run(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot fetch from %s", remote);
    return said.status ? git_words_error(err, &said.err, "Cannot fetch from %s", remote) : 0;
}
