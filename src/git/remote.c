#include <stdlib.h>

#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

/*
 * How long a remote may be silent. Where somebody can be asked, the time goes on while a password is being typed, which we do
 * not see from here.
 */
enum { ASK_MS = 20 * 1000, ASK_WITH_PERSON_MS = 90 * 1000, FETCH_MS = 5 * 60 * 1000 };

static bool person_there(void)
{
    return getenv("SIGNALBOX_ASKPASS") && (getenv("SIGNALBOX_ASKPASS_TTY") || getenv("SIGNALBOX_ASKPASS_SOCKET"));
}

/* The child was ended by us: the words for whoever does not know what a child is. */
static int no_answer(struct error *err, const char *verb, const char *remote, int waited_ms)
{
    if (err->kind == ERROR_CANCELLED) {
        error_set(err, ERROR_CANCELLED, "Gave up %s %s, which had not answered", verb, remote);
    } else if (err->kind == ERROR_UNAVAILABLE) {
        error_set(err, ERROR_UNAVAILABLE, "%s does not answer", remote);
        error_why(err, "it had %d s to answer", (waited_ms + 999) / 1000);
    } else {
        return error_wrap(err, "Cannot go on %s %s", verb, remote);
    }
    return error_todo(err, "See whether git itself gets an answer: git ls-remote %s", remote);
}

int git_source_remote_refs(void *self, struct source_refs *out, const char *remote, const struct call *call,
                           struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    char waits_for[128];
    struct source_refs refs = {0};
    if (git_name_check(remote, "remote", err) < 0)
        return -1;
    const struct git_child child = {
        .args = GIT_ARGS("ls-remote", "--quiet", "--heads", "--tags", "--", remote),
        .manner = GIT_FETCHES,
        .waits_for = text_fmt(waits_for, sizeof(waits_for), "asking %s for its branches and tags", remote),
    };
    int patience = person_there() ? ASK_WITH_PERSON_MS : ASK_MS;
    const struct call within = call_within(call, patience);
    int allowed = call_left_ms(&within);
    if (git_child_run(&said, self, &child, &within, err) < 0)
        return no_answer(err, "asking", remote, allowed);
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
    char waits_for[128];
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (git_name_check(remote, "remote", err) < 0 || (branch && git_name_check(branch, "branch", err) < 0))
        return -1;
    if (branch)
        buf_addf(&ref, "refs/heads/%s", branch);
    /* It moves references of ours, and may be killed while it does. */
    const struct git_child child = {.args =
                                        GIT_ARGS("fetch", "--quiet", "--no-write-fetch-head", "--no-auto-maintenance",
                                                 "--no-recurse-submodules", "--", remote, branch ? ref.bytes : NULL),
                                    .manner = GIT_CHANGES,
                                    .waits_for = text_fmt(waits_for, sizeof(waits_for), "fetching from %s", remote)};
    const struct call within = call_within(call, FETCH_MS);
    int allowed = call_left_ms(&within);
    if (git_child_run(&said, self, &child, &within, err) < 0)
        return no_answer(err, "fetching from", remote, allowed);
    return said.status ? git_words_error(err, &said.err, "Cannot fetch from %s", remote) : 0;
}
