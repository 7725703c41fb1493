/* The effects of releases and undos as values: made, read and named alike by who decides, who looks and who acts. */
#ifndef SIGNALBOX_RELEASE_RELEASE_EFFECT_H
#define SIGNALBOX_RELEASE_RELEASE_EFFECT_H

#include "release/plan.h"
#include "run/effect.h"

/* Effects with their arguments; the words are the caller's. */
enum {
    RELEASE_LOCAL_MS = 60 * 1000,       /* references and files */
    RELEASE_COMMIT_MS = 10 * 60 * 1000, /* hooks run, and somebody may have to type a passphrase */
    RELEASE_NETWORK_MS = 5 * 60 * 1000,
};
void release_effect_move_ref(struct effect *effect, const char *id, const char *ref, const char *expect,
                             const char *to);
void release_effect_attach(struct effect *effect, const char *id, const char *expect, const char *to);
/* `committed`: carried files too get the bytes of the commit, not those they had. */
void release_effect_restore(struct effect *effect, const char *id, const char *commit, bool committed);

/* "main" of "refs/heads/main", "v1" of "refs/tags/v1"; the whole otherwise. */
const char *release_short_ref(const char *ref);

/* "CHANGELOG.md and 2 more" */
void release_file_names(struct text_buf *out, const struct release_plan *plan);

/* The references of a push effect, `refs` with room for RELEASE_PUSH_MAX; borrowed from the effect. */
enum { RELEASE_PUSH_MAX = 4 };
size_t release_push_refs(struct source_push_ref *refs, const struct effect *effect);

/* What a remote has under that name, "main" below "refs/heads/" or a whole name below ""; "" for nothing. */
const char *release_remote_value(const struct source_refs *refs, const char *prefix, const char *name);

/* Says why something is foreign or partial: *err with ERROR_CONFLICT. Returns 0, since the look itself succeeded. */
int release_say(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
