#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/push_report.h"
#include "git/words.h"

static bool is_tag(const struct source_push_ref *ref)
{
    return strncmp(ref->ref, "refs/tags/", 10) == 0;
}

static bool is_object(const char *name)
{
    size_t len = strlen(name);
    return git_parse_oid(name, len) == len;
}

static int check_shape(const struct source_push_ref *ref, struct error *err)
{
    if (strncmp(ref->ref, "refs/", 5) != 0 || strpbrk(ref->ref, ":*?[ ~^\\") ||
        git_name_check(ref->ref, "reference", err) < 0)
        return error_set(err, ERROR_INVALID, "\"%s\" is no whole name of a reference", ref->ref);
    if ((ref->to[0] && !is_object(ref->to)) || (ref->expect && ref->expect[0] && !is_object(ref->expect)))
        return error_set(err, ERROR_INVALID, "%s can only be pushed by the name of an object", ref->ref);
    return 0;
}

/*
 * --force-with-lease, which compares, would also let a branch lose commits. So what it must not allow is refused here:
 * a branch only goes forward from what was expected, and a public tag stays where it is.
 */
static int check_move(const struct git *git, const struct source_push_ref *ref, const struct call *call,
                      struct error *err)
{
    bool forward = false;
    if (check_shape(ref, err) < 0)
        return -1;
    if (!ref->expect || !ref->expect[0] || strcmp(ref->expect, ref->to) == 0)
        return 0;
    if (is_tag(ref)) {
        error_set(err, ERROR_REFUSED, "Cannot push %s", ref->ref);
        error_why(err, "a tag that is public is neither moved nor deleted");
        return error_todo(err, "Release the next version instead");
    }
    if (!ref->to[0])
        return 0;
    if (git_source_is_ancestor((void *)git, &forward, ref->expect, ref->to, call, err) < 0) {
        if (err->kind == ERROR_CANCELLED || err->kind == ERROR_UNAVAILABLE)
            return -1;
        error_set(err, ERROR_CONFLICT, "Cannot push %s", ref->ref);
        error_why(err, "the commit %.12s, which it is at, is not here", ref->expect);
        return error_todo(err, "Fetch, and look at what is new");
    }
    if (forward)
        return 0;
    error_set(err, ERROR_REFUSED, "Cannot push %s", ref->ref);
    error_why(err, "it would lose commits: %.12s does not stand on %.12s", ref->to, ref->expect);
    return error_todo(err, "Rebase or merge first");
}

/* "--force-with-lease=REF:EXPECT" for the compare, then "TO:REF"; their bytes live in the bufs. */
struct push_args {
    struct git_args args;
    struct buf *strings;
    size_t count;
};

static void add_formatted(struct push_args *push, const char *a, const char *b, const char *c, const char *d)
{
    struct buf *string = &push->strings[push->count++];
    buf_addf(string, "%s%s%s%s", a, b, c, d);
    git_args_add(&push->args, string->bytes);
}

static void build(struct push_args *push, const struct git *git, const char *remote,
                  const struct source_push_ref *refs, size_t count, bool atomic)
{
    CLEANUP(free_string) char *modules = git->work_tree ? path_join(git->work_tree, ".gitmodules") : NULL;
    *push = (struct push_args){.strings = mem_array(2 * count, sizeof(*push->strings))};
    git_args_add_all(&push->args, GIT_ARGS("push", "--porcelain", "--no-follow-tags"));
    /* A release whose submodules are not public is broken for everybody else. */
    git_args_add(&push->args,
                 modules && file_exists(modules) ? "--recurse-submodules=check" : "--no-recurse-submodules");
    if (atomic)
        git_args_add(&push->args, "--atomic");
    for (size_t i = 0; i < count; i++)
        if (refs[i].expect)
            add_formatted(push, "--force-with-lease=", refs[i].ref, ":", refs[i].expect);
    git_args_add(&push->args, "--");
    git_args_add(&push->args, remote);
    for (size_t i = 0; i < count; i++)
        add_formatted(push, refs[i].to, ":", refs[i].ref, "");
}

static void push_args_clear(struct push_args *push)
{
    for (size_t i = 0; i < push->count; i++)
        buf_clear(&push->strings[i]);
    free(push->strings);
    git_args_clear(&push->args);
}

/* What the report says of its worst reference, then what the remote said. */
static void add_words(struct buf *out, const struct push_line *line, const struct buf *said)
{
    const char *at = buf_string(said), *end = at + said->len;
    if (line)
        buf_addf(out, "%.*s: %.*s\n", (int)line->ref_len, line->ref, (int)line->reason_len, line->reason);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = newline ? (size_t)(newline - at) + 1 : (size_t)(end - at);
        if (!memmem(at, len, "failed to push some refs", 24))
            buf_add(out, at, len);
        at += len;
    }
}

static int by_report(struct error *err, const struct push_line *line, const struct buf *said, const char *remote)
{
    CLEANUP(buf_clear) struct buf words = {0};
    add_words(&words, line, said);
    /* Only where the remote lies on this machine does it say so: a git there was killed, or is at work. */
    if (git_words_contain(&words, ".lock': File exists"))
        return git_words_error(err, &words, "Cannot push to %s; nothing was moved", remote);
    switch (line->verdict) {
    case PUSH_MOVED_ON:
        git_words_error_as(err, ERROR_CONFLICT, &words, "%s is not where it was expected; nothing was pushed",
                           remote);
        return error_todo(err, "Fetch, and look at what is new");
    case PUSH_REFUSED:
    case PUSH_WITH_IT:
        git_words_error_as(err, ERROR_REFUSED, &words, "%s refused the push; nothing was moved", remote);
        return error_todo(err, "Its rules or hooks said no; ask whoever owns it");
    case PUSH_UNKNOWN:
        git_words_error_as(err, ERROR_UNAVAILABLE, &words, "%s did not say whether it took the push", remote);
        return error_todo(err, "Look at the remote before you try again: git ls-remote");
    case PUSH_BROKEN:
    case PUSH_TAKEN:
        break;
    }
    return git_words_error(err, &words, "Cannot push to %s", remote);
}

static int push_failed(const struct git *git, const struct process_result *said, const char *remote,
                       const struct call *call, struct error *err)
{
    struct push_line line;
    CLEANUP(buf_clear) struct buf words = {0};
    if (push_report_worst(&line, &said->out))
        return by_report(err, &line, &said->err, remote);
    add_words(&words, NULL, &said->err);
    git_words_error(err, &words, "Cannot push to %s", remote);
    bool cut_off = git_words_contain(&words, "hung up unexpectedly") || git_words_contain(&words, "early EOF");
    if (cut_off && err->kind == ERROR_UNAVAILABLE) {
        git_words_error(err, &words, "The connection to %s broke; whether it took the push is unknown", remote);
        return error_todo(err, "Look at the remote before you try again: git ls-remote");
    }
    /* A pre-push hook that says no leaves nothing behind but its own words. */
    bool hook = err->kind == ERROR_FAILED && git_words_contain(&said->err, "failed to push some refs") &&
                git_hook(git, GIT_ARGS("pre-push"), call);
    if (!hook)
        return -1;
    /* Git leaves the hook's standard output on its own. */
    buf_add(&words, buf_string(&said->out), said->out.len);
    git_words_error_as(err, ERROR_REFUSED, &words, "The pre-push hook refused; nothing was pushed");
    return error_todo(err, "Mend what the hook complains of, then try again");
}

/* One git push. *lacks_atomic: the remote cannot do several at once; nothing was sent then. */
static int push_once(const struct git *git, const char *remote, const struct source_push_ref *refs, size_t count,
                     bool atomic, bool *lacks_atomic, const struct permit *permit, const struct call *call,
                     struct error *err)
{
    CLEANUP(push_args_clear) struct push_args push;
    CLEANUP(process_result_clear) struct process_result said = {0};
    build(&push, git, remote, refs, count, atomic);
    const struct git_child child = {.args = push.args.items, .manner = GIT_CHANGES};
    if (git_permitted(permit, call, "push", err) < 0)
        return -1;
    if (git_child_run(&said, git, &child, call, err) < 0) {
        if (err->kind == ERROR_NOT_FOUND)
            return -1;
        error_wrap(err, "The push to %s was cut off; whether it arrived is unknown", remote);
        return error_todo(err, "Look at the remote before you try again: git ls-remote");
    }
    *lacks_atomic = said.status && git_words_contain(&said.err, "does not support --atomic");
    return said.status ? push_failed(git, &said, remote, call, err) : 0;
}

int git_source_push(void *self, const char *remote, const struct source_push_ref *refs, size_t count,
                    const struct permit *permit, const struct call *call, struct error *err)
{
    if (git_name_check(remote, "remote", err) < 0)
        return -1;
    if (!count)
        return error_set(err, ERROR_INVALID, "There is nothing to push");
    for (size_t i = 0; i < count; i++)
        if (check_move(self, &refs[i], call, err) < 0)
            return -1;
    bool lacks_atomic = false;
    if (push_once(self, remote, refs, count, true, &lacks_atomic, permit, call, err) == 0)
        return 0;
    if (!lacks_atomic)
        return -1;
    /* One reference moves or does not: it needs no --atomic. */
    if (count == 1)
        return push_once(self, remote, refs, count, false, &lacks_atomic, permit, call, err);
    error_set(err, ERROR_REFUSED, "Cannot push to %s: it does not take several references as one", remote);
    error_why(err, "if the tag were refused the branch would have moved already; nothing was sent");
    return error_todo(err, "Push branch and tag by hand, or ask for a newer server");
}
