#include <string.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

/* What stands where the tag is to be: 0 nothing, 1 the tag that was meant, -1 another or an error. */
static int tag_there(const struct git *git, char out[OID_HEX], const char *ref, const char *commit,
                     const struct call *call, struct error *err)
{
    char object[OID_HEX], peeled[OID_HEX];
    if (git_source_read_ref((void *)git, object, peeled, ref, call, err) < 0)
        return -1;
    if (!object[0])
        return 0;
    bool annotated = strcmp(object, peeled) != 0;
    if (annotated && strcmp(peeled, commit) == 0) {
        git_oid_set(out, object);
        return 1;
    }
    error_set(err, ERROR_EXISTS, "The tag %s is taken", ref + strlen("refs/tags/"));
    if (strcmp(peeled, commit) == 0)
        error_why(err, "it is a lightweight tag on the same commit, not an annotated one");
    else
        error_why(err, "it is on %.12s, not on %.12s", peeled[0] ? peeled : object, commit);
    return error_todo(err, "Choose another version; a tag that others have is never moved");
}

static int make_tag(const struct git *git, const char *name, const char *commit, const char *text,
                    const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf message = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    git_message(&message, text);
    /* --file alone makes an annotated tag; --annotate would overrule tag.forceSignAnnotated. */
    const struct git_child child = {.args = GIT_ARGS("tag", "--file=-", "--cleanup=verbatim", "--", name, commit),
                                    .manner = GIT_CHANGES,
                                    .input = buf_string(&message),
                                    .input_len = message.len};
    if (git_permitted(permit, call, "tag", err) < 0 || git_child_run(&said, git, &child, call, err) < 0)
        return -1;
    if (said.status == 0)
        return 0;
    enum error_kind kind = git_words_contain(&said.err, "is not a valid tag name") ? ERROR_INVALID
                           : git_words_contain(&said.err, "already exists")        ? ERROR_EXISTS
                                                                                   : ERROR_NONE;
    return git_words_error_as(err, kind, &said.err, "Cannot make the tag %s", name);
}

int git_source_tag(void *self, char out[OID_HEX], const char *name, const char *commit, const char *message,
                   const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    char target[OID_HEX], made[OID_HEX];
    if (git_name_check(name, "tag", err) < 0 || git_source_resolve(self, target, commit, call, err) < 0)
        return -1;
    buf_addf(&ref, "refs/tags/%s", name);
    int there = tag_there(self, made, ref.bytes, target, call, err);
    if (!there) {
        if (make_tag(self, name, target, message, permit, call, err) < 0)
            return -1;
        there = tag_there(self, made, ref.bytes, target, call, err);
    }
    if (there == 0)
        return error_set(err, ERROR_FAILED, "git made the tag %s, but it is not there", name);
    if (there > 0)
        git_oid_set(out, made);
    return there < 0 ? -1 : 0;
}

static int moved_meanwhile(struct error *err, const char *ref, const char *now, const char *expect)
{
    error_set(err, ERROR_CONFLICT, "Cannot move %s", ref);
    return error_why(err, "it is at %.12s, not at %.12s as expected", now[0] ? now : "nothing",
                     expect[0] ? expect : "nothing");
}

int git_source_move_ref(void *self, const char *ref, const char *expect, const char *to, const struct permit *permit,
                        const struct call *call, struct error *err)
{
    char now[OID_HEX];
    if ((expect[0] && git_name_check(expect, "object", err) < 0) ||
        (to[0] && git_name_check(to, "object", err) < 0) || git_source_read_ref(self, now, NULL, ref, call, err) < 0)
        return -1;
    if (strcmp(now, to) == 0)
        return 0;
    if (strcmp(now, expect) != 0)
        return moved_meanwhile(err, ref, now, expect);
    CLEANUP(buf_clear) struct buf reason = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    buf_addf(&reason, "signalbox: %s %s", permit->run, permit->effect);
    const struct git_child child = {
        .args = to[0] ? GIT_ARGS("update-ref", "-m", reason.bytes, "--no-deref", "--", ref, to, expect)
                      : GIT_ARGS("update-ref", "-m", reason.bytes, "--no-deref", "-d", "--", ref, expect),
        .manner = GIT_CHANGES};
    if (git_permitted(permit, call, "move a reference", err) < 0 || git_child_run(&said, self, &child, call, err) < 0)
        return -1;
    if (said.status == 0)
        return 0;
    /* Somebody may have moved it since we looked; git compared once more under its lock. */
    struct error ignored;
    if (git_source_read_ref(self, now, NULL, ref, call, &ignored) == 0 && strcmp(now, expect) != 0)
        return moved_meanwhile(err, ref, now, expect);
    return git_words_error(err, &said.err, "Cannot move %s", ref);
}

int git_source_attach(void *self, const char *expect, const char *to, const struct permit *permit,
                      const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *branch = NULL;
    CLEANUP(buf_clear) struct buf ref = {0};
    CLEANUP(buf_clear) struct buf reason = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    char head[OID_HEX];
    if (git_name_check(expect, "branch", err) < 0 || git_name_check(to, "branch", err) < 0 ||
        git_read_head(self, &branch, head, call, err) < 0)
        return -1;
    if (branch && strcmp(branch, to) == 0)
        return 0;
    if (!branch || strcmp(branch, expect) != 0) {
        error_set(err, ERROR_CONFLICT, "Cannot check out %s", to);
        error_why(err, "%s is checked out, not %s", branch ? branch : "no branch", expect);
        return error_todo(err, "Look at what changed, then plan anew");
    }
    buf_addf(&ref, "refs/heads/%s", to);
    buf_addf(&reason, "signalbox: %s %s", permit->run, permit->effect);
    const struct git_child child = {.args = GIT_ARGS("symbolic-ref", "-m", reason.bytes, "HEAD", ref.bytes),
                                    .manner = GIT_CHANGES};
    if (git_permitted(permit, call, "check out a branch", err) < 0 ||
        git_child_run(&said, self, &child, call, err) < 0)
        return -1;
    return said.status ? git_words_error(err, &said.err, "Cannot check out %s", to) : 0;
}
