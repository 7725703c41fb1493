#include <string.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

/* A tag to be made, and how it is to be. */
struct wanted_tag {
    const struct git *git;
    const char *name, *commit;
    struct buf ref;
    bool is_signed;
};

enum tag_found { TAG_ABSENT, TAG_AS_WANTED, TAG_UNSIGNED, TAG_OTHER, TAG_UNREADABLE };

/* What stands where the tag is to be, and its object's name; *err is set for the last two and for an unsigned one. */
static enum tag_found look_for_tag(const struct wanted_tag *wanted, char object[OID_HEX], const struct call *call,
                                   struct error *err)
{
    char peeled[OID_HEX];
    struct source_tag_detail detail;
    if (git_source_read_ref((void *)wanted->git, object, peeled, wanted->ref.bytes, call, err) < 0)
        return TAG_UNREADABLE;
    if (!object[0])
        return TAG_ABSENT;
    bool annotated = strcmp(object, peeled) != 0, here = strcmp(peeled, wanted->commit) == 0;
    bool has_signature = !wanted->is_signed;
    if (annotated && here && wanted->is_signed) {
        if (git_source_tag_detail((void *)wanted->git, &detail, wanted->name, call, err) < 0)
            return TAG_UNREADABLE;
        has_signature = detail.has_signature;
        source_tag_detail_clear(&detail);
    }
    if (annotated && here && has_signature)
        return TAG_AS_WANTED;
    error_set(err, ERROR_EXISTS, "The tag %s is taken", wanted->name);
    if (!here)
        error_why(err, "it is on %.12s, not on %.12s", peeled[0] ? peeled : object, wanted->commit);
    else
        error_why(err, "it is on the same commit, but %s", annotated ? "not signed" : "a lightweight tag");
    error_todo(err, "Choose another version; a tag that others have is never moved");
    return annotated && here ? TAG_UNSIGNED : TAG_OTHER;
}

static int make_tag(const struct wanted_tag *wanted, const char *text, struct buf *said_out,
                    const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf message = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    git_message(&message, text);
    /* --file alone makes an annotated tag; --annotate would overrule tag.forceSignAnnotated. */
    const struct git_child child = {
        .args = GIT_ARGS("tag", "--file=-", "--cleanup=verbatim", "--", wanted->name, wanted->commit),
        .manner = GIT_CHANGES,
        .input = buf_string(&message),
        .input_len = message.len};
    if (git_permitted(permit, call, "tag", err) < 0 || git_child_run(&said, wanted->git, &child, call, err) < 0)
        return -1;
    buf_add(said_out, buf_string(&said.err), said.err.len);
    if (said.status == 0)
        return 0;
    enum error_kind kind = git_words_contain(&said.err, "is not a valid tag name") ? ERROR_INVALID
                           : git_words_contain(&said.err, "already exists")        ? ERROR_EXISTS
                                                                                   : ERROR_NONE;
    git_words_error_as(err, kind, &said.err, "Cannot make the tag %s", wanted->name);
    bool unsigned_yet =
        git_words_contain(&said.err, "failed to sign") || git_words_contain(&said.err, "unable to sign");
    return unsigned_yet ? git_signing_explain(wanted->git, call, err) : -1;
}

/*
 * Git 2.39 makes the tag without a signature, and says that all went well, when signing with an SSH key fails. Such a
 * tag is ours and a moment old: it is taken away again.
 */
static int take_away_unsigned(const struct wanted_tag *wanted, const char *object, const struct buf *said,
                              const struct permit *permit, const struct call *call, struct error *err)
{
    if (git_source_move_ref((void *)wanted->git, wanted->ref.bytes, object, "", permit, call, err) < 0)
        return error_wrap(err, "The tag %s was made without a signature", wanted->name);
    git_words_error_as(err, ERROR_FAILED, said, "Cannot sign the tag %s", wanted->name);
    return error_todo(err, "See that the signing key is there and unlocked (user.signingKey, gpg.format)");
}

static int tag(const struct wanted_tag *wanted, char out[OID_HEX], const char *message, const struct permit *permit,
               const struct call *call, struct error *err)
{
    char object[OID_HEX];
    CLEANUP(buf_clear) struct buf said = {0};
    enum tag_found found = look_for_tag(wanted, object, call, err);
    if (found == TAG_ABSENT) {
        if (make_tag(wanted, message, &said, permit, call, err) < 0)
            return -1;
        found = look_for_tag(wanted, object, call, err);
        if (found == TAG_UNSIGNED)
            return take_away_unsigned(wanted, object, &said, permit, call, err);
        if (found == TAG_ABSENT)
            return error_set(err, ERROR_FAILED, "git made the tag %s, but it is not there", wanted->name);
    }
    if (found != TAG_AS_WANTED)
        return -1;
    git_oid_set(out, object);
    return 0;
}

int git_source_tag(void *self, char out[OID_HEX], const char *name, const char *commit, const char *message,
                   const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf settings = {0};
    char target[OID_HEX];
    if (git_name_check(name, "tag", err) < 0 || git_source_resolve(self, target, commit, call, err) < 0 ||
        git_settings(self, &settings, call, err) < 0)
        return -1;
    struct wanted_tag wanted = {.git = self, .name = name, .commit = target, .is_signed = git_signs_tags(&settings)};
    buf_addf(&wanted.ref, "refs/tags/%s", name);
    int result = tag(&wanted, out, message, permit, call, err);
    buf_clear(&wanted.ref);
    return result;
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
