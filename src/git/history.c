#include <string.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/library.h"
#include "git/parse.h"
#include "git/words.h"

static int list_ends(struct buf *input, const char *to, const char *const *not_from, struct error *err)
{
    if (git_name_check(to, "commit", err) < 0)
        return -1;
    buf_addf(input, "%s\n", to);
    for (size_t i = 0; not_from && not_from[i]; i++) {
        if (git_name_check(not_from[i], "commit", err) < 0)
            return -1;
        buf_addf(input, "^%s\n", not_from[i]);
    }
    return 0;
}

struct reading {
    struct git_log log;
    const struct call *call;
};

static int read_on(void *context, const char *bytes, size_t len)
{
    struct reading *reading = context;
    int enough = git_parse_log(&reading->log, bytes, len);
    call_progress(reading->call, TEXT("commits read"), reading->log.count, 0);
    return enough;
}

int git_source_walk(void *self, const char *to, const char *const *not_from, const char *path, source_commit_fn *each,
                    void *context, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf input = {0};
    if (list_ends(&input, to, not_from, err) < 0)
        return -1;
    struct reading reading = {.log = {.each = each, .context = context}, .call = call};
    struct process_result said = {0};
    /* rev-list, not log: no setting of the user changes what it prints. */
    const struct git_child child = {
        .args = GIT_ARGS("rev-list", "--no-commit-header", "--encoding=UTF-8", GIT_LOG_FORMAT, "--stdin", "--", path),
        .manner = GIT_LOOKS,
        .input = input.bytes,
        .input_len = input.len,
        .on_output = read_on,
        .context = &reading};
    int failed = git_child_run(&said, self, &child, call, err);
    bool half = reading.log.rest.len > 0;
    buf_clear(&reading.log.rest);
    if (failed < 0)
        error_wrap(err, "Cannot read the commits of %s", to);
    else if (!reading.log.stopped && said.status)
        failed = git_words_error(err, &said.err, "Cannot read the commits of %s", to);
    else if (!reading.log.stopped && (reading.log.malformed || half))
        failed = error_set(err, ERROR_FAILED, "Cannot understand the commits that git printed for %s", to);
    process_result_clear(&said);
    return failed;
}

int git_source_resolve(void *self, char out[OID_HEX], const char *name, const struct call *call, struct error *err)
{
    if (git_name_check(name, "commit", err) < 0)
        return -1;
    const struct git *git = self;
    if (git->library && strcmp(name, "HEAD") == 0 && git_library_head(git, out))
        return 0;
    CLEANUP(buf_clear) struct buf commit = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    buf_addf(&commit, "%s^{commit}", name);
    const struct git_child child = {
        .args = GIT_ARGS("rev-parse", "--verify", "--quiet", "--end-of-options", commit.bytes), .manner = GIT_LOOKS};
    if (git_child_run(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot find the commit %s", name);
    if (said.status == 0 && git_parse_oid_copy(out, buf_string(&said.out), said.out.len))
        return 0;
    return git_words_error_as(
        err,
        said.status <= 1 || git_words_contain(&said.err, "Needed a single revision") ? ERROR_NOT_FOUND : ERROR_NONE,
        &said.err, "There is no commit %s", name);
}

int git_source_is_ancestor(void *self, bool *out, const char *ancestor, const char *commit, const struct call *call,
                           struct error *err)
{
    if (git_name_check(ancestor, "commit", err) < 0 || git_name_check(commit, "commit", err) < 0)
        return -1;
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("merge-base", "--is-ancestor", ancestor, commit),
                                    .manner = GIT_LOOKS};
    if (git_child_run(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot compare %s with %s", ancestor, commit);
    if (said.status > 1)
        return git_words_error(err, &said.err, "Cannot compare %s with %s", ancestor, commit);
    *out = said.status == 0;
    return 0;
}
