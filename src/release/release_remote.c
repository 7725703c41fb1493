/* Looks at the remote: what has become of a push, and whether a candidate was merged. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/release_act.h"
#include "release/release_effect.h"
#include "version/changelog.h"
#include "version/version_file.h"

/* Asks the remote; when it does not answer, *err says why. Only cancelling is a failure. */
static int ask(bool *answered, struct source_refs *refs, struct source source, const char *remote,
               const struct call *call, struct error *err)
{
    *answered = source.ops->remote_refs(source.self, refs, remote, call, err) == 0;
    if (*answered)
        return 0;
    return err->kind == ERROR_CANCELLED ? -1 : 0;
}

/* Is `ancestor` in what the remote has, which we may have to fetch first? What cannot be found is not. */
static bool contains(struct source source, const char *remote, const char *branch, const char *tip,
                     const char *ancestor, const struct call *call)
{
    struct error ignored;
    bool yes = false;
    if (source.ops->is_ancestor(source.self, &yes, ancestor, tip, call, &ignored) == 0)
        return yes;
    return source.ops->fetch(source.self, remote, branch, call, &ignored) == 0 &&
           source.ops->is_ancestor(source.self, &yes, ancestor, tip, call, &ignored) == 0 && yes;
}

enum ref_seen { REF_BEFORE, REF_THERE, REF_MOVED_ON, REF_FOREIGN };

static enum ref_seen look_at_ref(struct source source, const char *remote, const struct source_push_ref *ref,
                                 const char *now, const struct call *call)
{
    if (strcmp(now, ref->to) == 0)
        return REF_THERE;
    if (ref->expect && strcmp(now, ref->expect) == 0)
        return REF_BEFORE;
    bool branch = strncmp(ref->ref, "refs/heads/", strlen("refs/heads/")) == 0;
    if (branch && *ref->to && *now && contains(source, remote, release_short_ref(ref->ref), now, ref->to, call))
        return REF_MOVED_ON;
    return REF_FOREIGN;
}

int release_observe_push(enum observed *out, struct evidence *evidence, struct source source,
                         const struct effect *effect, const struct call *call, struct error *err)
{
    const char *remote = effect_get(effect, "remote");
    struct source_push_ref refs[RELEASE_PUSH_MAX];
    struct source_refs theirs = {0};
    size_t count = release_push_refs(refs, effect), there = 0;
    bool answered;
    *out = OBSERVED_UNKNOWN;
    if (ask(&answered, &theirs, source, remote, call, err) < 0)
        return -1;
    if (!answered)
        return 0;
    const char *missing = NULL, *found = NULL;
    bool foreign = false, went_on = false;
    for (size_t i = 0; i < count && !foreign; i++) {
        const char *now = release_remote_value(&theirs, "", refs[i].ref), *name = release_short_ref(refs[i].ref);
        switch (look_at_ref(source, remote, &refs[i], now, call)) {
        case REF_MOVED_ON:
            evidence_set(evidence, "moved", now);
            went_on = true;
            /* fall through */
        case REF_THERE:
            there++;
            found = name;
            break;
        case REF_BEFORE:
            missing = name;
            break;
        case REF_FOREIGN:
            foreign = true;
            if (*now)
                release_say(err, "somebody else moved %s at %s to %.7s", name, remote, now);
            else
                release_say(err, "%s is gone from %s", name, remote);
            break;
        }
    }
    if (foreign) {
        *out = OBSERVED_FOREIGN;
    } else if (there && there < count && went_on) {
        *out = OBSERVED_PARTIAL;
        release_say(err, "%s is at %s, %s is not", found, remote, missing);
    } else {
        /*
         * Some are where they are to be and the others where they were: a remote that was killed in the middle, or
         * somebody pushed the branch by hand. The same push does the rest.
         */
        *out = there == count ? OBSERVED_DONE : OBSERVED_ABSENT;
    }
    source_refs_clear(&theirs);
    return 0;
}

/* ---- was it merged? ---- */

/* First parent, and the list after it, of a commit's parents. */
static const char *rest_of_parents(char first[OID_HEX], const char *parents)
{
    size_t len = strcspn(parents, " ");
    if (len >= OID_HEX)
        len = OID_HEX - 1;
    memcpy(first, parents, len);
    first[len] = 0;
    return parents + len + strspn(parents + len, " ");
}

/*
 * The candidate is in the branch. What was merged: the candidate itself, or, where somebody added to its branch before
 * the merge, the end of that branch; never the merge commit, which may bring others' work that no changelog mentions.
 */
static int merged_tip(char out[OID_HEX], struct source source, const char *commit, const char *tip,
                      const struct call *call, struct error *err)
{
    char at[OID_HEX], first[OID_HEX];
    CLEANUP(buf_clear) struct buf parents = {0};
    CLEANUP(buf_clear) struct buf message = {0};
    snprintf(out, OID_HEX, "%s", commit);
    snprintf(at, OID_HEX, "%s", tip);
    while (strcmp(at, commit) != 0) {
        char tree[OID_HEX];
        bool inside = false;
        buf_truncate(&parents, 0);
        buf_truncate(&message, 0);
        if (source.ops->read_commit(source.self, tree, &parents, &message, at, call, err) < 0)
            return -1;
        const char *others = rest_of_parents(first, buf_string(&parents));
        if (*first && source.ops->is_ancestor(source.self, &inside, commit, first, call, err) < 0)
            return -1;
        if (!inside) {
            while (*others) {
                char other[OID_HEX];
                others = rest_of_parents(other, others);
                if (source.ops->is_ancestor(source.self, &inside, commit, other, call, err) < 0)
                    return -1;
                if (inside)
                    snprintf(out, OID_HEX, "%s", other);
            }
            return 0;
        }
        snprintf(at, OID_HEX, "%s", first);
    }
    return 0;
}

struct squash {
    struct source source;
    const struct release_plan *plan;
    const struct call *call;
    struct error *err;
    char found[OID_HEX]; /* the oldest so far: the walk goes from new to old */
    bool failed;
};

/* Does the file say the version? Others may have changed lines around it; what the release wrote is what tells. */
static bool says_version(const struct release_plan *plan, const struct release_file *file, const struct buf *bytes)
{
    char hash[HASH_HEX];
    struct error ignored;
    hash_sha256(hash, buf_string(bytes), bytes->len);
    if (strcmp(hash, file->after) == 0)
        return true;
    if (*file->spec) {
        CLEANUP(buf_clear) struct buf version = {0};
        return version_file_read(&version, file->spec, buf_string(bytes), bytes->len, &ignored) == 0 &&
               strcmp(buf_string(&version), plan->version) == 0;
    }
    struct changelog log;
    if (changelog_parse(&log, buf_string(bytes), bytes->len, &ignored) < 0)
        return false;
    bool has = changelog_find(&log, plan->version) != NULL;
    changelog_clear(&log);
    return has;
}

static int has_release(bool *out, struct squash *squash, const char *commit)
{
    const struct release_plan *plan = squash->plan;
    *out = true;
    for (size_t i = 0; i < plan->file_count && *out; i++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct error inner;
        if (squash->source.ops->read_file(squash->source.self, &bytes, commit, plan->files[i].path, squash->call,
                                          &inner) == 0) {
            *out = says_version(plan, &plan->files[i], &bytes);
        } else if (inner.kind == ERROR_NOT_FOUND) {
            *out = false;
        } else {
            *squash->err = inner;
            return -1;
        }
    }
    return 0;
}

static int look_for_squash(void *context, const struct source_commit *commit)
{
    struct squash *squash = context;
    bool has;
    if (has_release(&has, squash, commit->id) < 0) {
        squash->failed = true;
        return 1;
    }
    if (has)
        snprintf(squash->found, OID_HEX, "%s", commit->id);
    /* Newest first: past the first commit that lacks it there is none that has it. */
    return has ? 0 : *squash->found != 0;
}

static int squashed(char out[OID_HEX], struct source source, const struct release_plan *plan, const char *tip,
                    const struct call *call, struct error *err)
{
    const char *not_from[] = {plan->base, NULL};
    struct squash squash = {.source = source, .plan = plan, .call = call, .err = err};
    if (source.ops->walk(source.self, tip, not_from, plan->files[0].path, look_for_squash, &squash, call, err) < 0 ||
        squash.failed)
        return -1;
    snprintf(out, OID_HEX, "%s", squash.found);
    return 0;
}

int release_observe_merge(enum observed *out, struct evidence *evidence, struct source source,
                          const struct release_plan *plan, const struct effect *effect, const struct call *call,
                          struct error *err)
{
    const char *remote = effect_get(effect, "remote"), *branch = effect_get(effect, "branch");
    const char *commit = effect_get(effect, "commit");
    CLEANUP(source_refs_clear) struct source_refs theirs = {0};
    CLEANUP(buf_clear) struct buf ref = {0};
    bool answered;
    *out = OBSERVED_UNKNOWN;
    if (ask(&answered, &theirs, source, remote, call, err) < 0)
        return -1;
    if (!answered)
        return 0;
    buf_addf(&ref, "refs/heads/%s", branch);
    const char *tip = release_remote_value(&theirs, "", ref.bytes);
    if (!*tip) {
        *out = OBSERVED_FOREIGN;
        return release_say(err, "%s has no branch %s any more", remote, branch);
    }
    char what[OID_HEX] = "";
    if (contains(source, remote, branch, tip, commit, call)) {
        if (merged_tip(what, source, commit, tip, call, err) < 0)
            return -1;
        evidence_set(evidence, "how", "merged");
    } else if (source.ops->fetch(source.self, remote, branch, call, err) < 0 ||
               squashed(what, source, plan, tip, call, err) < 0) {
        return -1;
    } else if (*what) {
        evidence_set(evidence, "how", "squashed");
    }
    if (*what) {
        *out = OBSERVED_DONE;
        evidence_set(evidence, "commit", what);
        return 0;
    }
    buf_truncate(&ref, 0);
    buf_addf(&ref, "refs/heads/%s", effect_get(effect, "candidate"));
    if (!*release_remote_value(&theirs, "", ref.bytes)) {
        *out = OBSERVED_FOREIGN;
        return release_say(err, "%s is gone from %s and not in %s: was it closed without being merged?",
                           effect_get(effect, "candidate"), remote, branch);
    }
    *out = OBSERVED_ABSENT;
    return 0;
}
