/*
 * Taking a release back: another kind of run. Its plan says what the release did and still stands, found out before
 * anything is changed; its effects are those of release_act.h, newest first:
 *
 *   undo:remote     deletes the candidate branch at the remote
 *   undo:tag        deletes the tag here
 *   undo:attach     checks the branch out again that the release left (pull-request mode, half done)
 *   undo:branch     moves the branch back to where it was (direct mode)
 *   undo:files      index and work tree as they were, byte for byte
 *   undo:candidate  deletes the candidate branch here
 *
 * Nothing that is public is touched: see undo_plan_make().
 */
#ifndef SIGNALBOX_RELEASE_UNDO_H
#define SIGNALBOX_RELEASE_UNDO_H

#include "release/release_act.h"

/* Owned; undo_plan_clear(). Strings are never NULL; "" where there is nothing to take back. */
struct undo_plan {
    char *of; /* the release's run: "r-0042" */
    struct release_plan release;
    char *commit;           /* of the release, where the branch moves back from */
    char *tag_object;       /* the tag made here */
    char *candidate;        /* what the candidate branch names here */
    char *remote_candidate; /* what it names at the remote */
    bool attached;          /* the candidate is checked out */
    bool restore;           /* files were written */
};

extern const struct run_kind undo_kind;

/* `context` is the struct undo_plan. */
void undo_decide(struct decision *out, const void *context, const struct run_progress *progress, int64_t now_ms);

void undo_plan_encode(struct buf *out, const struct undo_plan *plan);
int undo_plan_decode(struct undo_plan *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
void undo_plan_clear(struct undo_plan *plan);

/*
 * Looks at what stands of the release. *tag_is_public (may be NULL) tells whether the version is burned by that.
 * ERROR_REFUSED, with what to do instead: the tag or the commit is public, somebody built on it, or changed the files.
 * ERROR_UNAVAILABLE: it was being pushed and the remote does not answer, so that nobody knows.
 */
int undo_plan_make(struct undo_plan *out, bool *tag_is_public, struct release_world *world, const char *of,
                   const struct release_plan *release, const struct run_progress *progress, const struct call *call,
                   struct error *err) MUST_CHECK;

#endif
