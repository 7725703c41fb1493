/* What stands of a release that is to be taken back, and whether it may be: only looks. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/release_effect.h"
#include "release/undo.h"

struct look {
    struct undo_plan *out;
    struct release_world *world;
    const struct release_plan *release;
    const struct run_progress *progress;
    const struct call *call;
    struct error *err;
};

/*
 * Evidence of an effect: from the journal when it is done, else from the world when it was begun (a crash may have come
 * between the act and the journal). "" when it was not done.
 */
static int find_evidence(char **out, const struct look *look, const char *id, const char *name)
{
    const struct effect_progress *p = run_progress_of(look->progress, id);
    const char *value = run_evidence(look->progress, id, name);
    CLEANUP(evidence_clear) struct evidence seen = {0};
    if (p && p->status != EFFECT_DONE) {
        enum observed observed;
        if (release_observe(&observed, &seen, look->world, look->release, &p->effect, look->call, look->err) < 0)
            return -1;
        /* Absent with evidence: the commit is there and only the index behind it. */
        bool ours = observed == OBSERVED_DONE || observed == OBSERVED_ABSENT;
        value = ours ? evidence_get(&seen, name) : NULL;
    }
    *out = mem_string(value ? value : "");
    return 0;
}

static int read_ref(char out[OID_HEX], const struct look *look, const char *prefix, const char *name)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "%s%s", prefix, name);
    return look->world->source.ops->read_ref(look->world->source.self, out, NULL, ref.bytes, look->call, look->err);
}

static bool begun(const struct look *look, const char *id)
{
    return run_progress_of(look->progress, id) != NULL;
}

static bool is_done(const struct look *look, const char *id)
{
    const struct effect_progress *p = run_progress_of(look->progress, id);
    return p && p->status == EFFECT_DONE;
}

static int refuse(const struct look *look, const char *why, const char *todo)
{
    error_set(look->err, ERROR_REFUSED, "%s cannot be taken back", look->release->version);
    error_why(look->err, "%s", why);
    return error_todo(look->err, "%s", todo);
}

/* Does the remote's branch have our commit? When its tip is not here yet, it is fetched. */
static bool is_public_commit(const struct look *look, const char *tip, const char *commit)
{
    struct source source = look->world->source;
    struct error ignored;
    bool yes = false;
    if (!*commit || !*tip)
        return false;
    if (source.ops->is_ancestor(source.self, &yes, commit, tip, look->call, &ignored) == 0)
        return yes;
    return source.ops->fetch(source.self, look->release->remote, look->release->remote_branch, look->call,
                             &ignored) == 0 &&
           source.ops->is_ancestor(source.self, &yes, commit, tip, look->call, &ignored) == 0 && yes;
}

static int look_at_remote(const struct look *look, const char *commit, bool *tag_is_public)
{
    const struct release_plan *release = look->release;
    struct source source = look->world->source;
    CLEANUP(source_refs_clear) struct source_refs refs = {0};
    if (!*release->remote)
        return 0;
    if (source.ops->remote_refs(source.self, &refs, release->remote, look->call, look->err) < 0) {
        /* Where nothing was ever pushed by us, a remote that does not answer keeps nobody from undoing. */
        if (look->err->kind == ERROR_CANCELLED || begun(look, "push") || begun(look, "push-candidate"))
            return error_wrap(look->err, "Whether %s is public cannot be told", release->tag);
        *look->err = (struct error){0};
        return 0;
    }
    char why[512];
    const char *tag = release_remote_value(&refs, "refs/tags/", release->tag);
    *tag_is_public = is_done(look, "push") || (*tag && strcmp(tag, look->out->tag_object) == 0);
    if (*tag_is_public) {
        if (*tag)
            text_fmt(why, sizeof(why), "the tag %s is public at %s, and a public tag is never deleted", release->tag,
                     release->remote);
        else
            text_fmt(why, sizeof(why),
                     "the tag %s was pushed to %s: it is gone from there, but who fetched it has it", release->tag,
                     release->remote);
        return refuse(look, why,
                      "Correct it by the next version (signalbox release create); mark this one as yanked (signalbox "
                      "changelog yank)");
    }
    if (is_public_commit(look, release_remote_value(&refs, "refs/heads/", release->remote_branch), commit)) {
        text_fmt(why, sizeof(why), "its commit %.7s is public at %s in %s", commit, release->remote,
                 release->remote_branch);
        char todo[256];
        if (look->progress->status == RUN_FINISHED) /* without a push, and somebody pushed the branch by hand */
            text_fmt(todo, sizeof(todo), "Push its tag too (git push %s %s), or revert the commit by a new one",
                     release->remote, release->tag);
        else
            text_fmt(todo, sizeof(todo),
                     "Go on with it (signalbox release resume), or revert the commit by a new one");
        return refuse(look, why, todo);
    }
    if (*release->candidate && begun(look, "push-candidate")) {
        const char *theirs = release_remote_value(&refs, "refs/heads/", release->candidate);
        if (*theirs && strcmp(theirs, commit) != 0) {
            text_fmt(why, sizeof(why), "somebody added to %s at %s", release->candidate, release->remote);
            return refuse(look, why, "Close its pull request and delete the branch there, then undo");
        }
        free(look->out->remote_candidate);
        look->out->remote_candidate = mem_string(theirs);
    }
    return 0;
}

/* The tag here, when it is the one the release made. */
static int look_at_tag(const struct look *look)
{
    char now[OID_HEX];
    if (read_ref(now, look, "refs/tags/", look->release->tag) < 0)
        return -1;
    if (*look->out->tag_object && strcmp(now, look->out->tag_object) != 0) {
        if (*now)
            return refuse(look, "its tag was replaced by another one", "Look at it: git show the tag");
        look->out->tag_object[0] = 0;
    }
    return 0;
}

/* Whether the files may be given their old bytes: nobody has changed them since. */
static int look_at_files(const struct look *look)
{
    const struct release_plan *release = look->release;
    char why[512];
    for (size_t i = 0; i < release->file_count; i++) {
        char now[HASH_HEX], base[HASH_HEX];
        const struct release_file *file = &release->files[i];
        if (release_file_hash(now, look->world->work_tree, file->path, look->err) < 0)
            return -1;
        release_bytes_hash(base, release_file_bytes(file, true));
        if (strcmp(now, file->before) == 0 || strcmp(now, file->after) == 0 || strcmp(now, base) == 0)
            continue;
        text_fmt(why, sizeof(why), "%s has been changed since", file->path);
        return refuse(look, why, "Put your changes aside (git stash), then undo");
    }
    return 0;
}

static int look_at_checkout(const struct look *look, const char *commit)
{
    const struct release_plan *release = look->release;
    struct source source = look->world->source;
    CLEANUP(source_state_clear) struct source_state state = {0};
    char why[512], todo[256], tip[OID_HEX];
    if (source.ops->state(source.self, &state, look->call, look->err) < 0)
        return -1;
    const char *branch = state.branch ? state.branch : "";
    bool on_candidate = *release->candidate && strcmp(branch, release->candidate) == 0;
    look->out->attached = on_candidate && !is_done(look, "return");
    bool needs_branch = look->out->restore || (*commit && !*release->candidate);
    bool right = look->out->attached || strcmp(branch, release->branch) == 0;
    if ((needs_branch && !right) || (on_candidate && !look->out->attached)) {
        text_fmt(why, sizeof(why), "%s is checked out, not %s", *branch ? branch : "no branch", release->branch);
        text_fmt(todo, sizeof(todo), "git switch %s, then undo", release->branch);
        return refuse(look, why, todo);
    }
    if (!*commit || *release->candidate)
        return 0;
    if (read_ref(tip, look, "refs/heads/", release->branch) < 0)
        return -1;
    if (strcmp(tip, commit) == 0) {
        free(look->out->commit);
        look->out->commit = mem_string(commit);
    } else if (strcmp(tip, release->base) != 0) {
        text_fmt(why, sizeof(why), "somebody has committed on %s since", release->branch);
        return refuse(look, why, "Take those commits away first, or revert the release's commit by a new one");
    }
    return 0;
}

static int look_at_candidate(const struct look *look, const char *commit)
{
    char now[OID_HEX];
    if (!*look->release->candidate || !begun(look, "candidate"))
        return 0;
    if (read_ref(now, look, "refs/heads/", look->release->candidate) < 0)
        return -1;
    if (*now && strcmp(now, commit) != 0 && strcmp(now, look->release->base) != 0)
        return refuse(look, "somebody has committed on its candidate branch since",
                      "Keep those commits on another branch, delete this one, then undo");
    free(look->out->candidate);
    look->out->candidate = mem_string(now);
    return 0;
}

/* A candidate that was put aside leaves the committed bytes, and carried lines only on its branch. */
static bool carries(const struct release_plan *release)
{
    for (size_t i = 0; i < release->file_count; i++)
        if (release->files[i].carried)
            return true;
    return false;
}

static bool wrote_files(const struct look *look)
{
    if (is_done(look, "restore"))
        return carries(look->release);
    for (size_t i = 0; i < look->progress->count; i++)
        if (strcmp(look->progress->effects[i].effect.kind, "write-file") == 0)
            return true;
    return false;
}

static int look_at_all(const struct look *look, const char *commit, bool *tag_is_public)
{
    if (look_at_remote(look, commit, tag_is_public) < 0 || look_at_tag(look) < 0)
        return -1;
    look->out->restore = wrote_files(look);
    if (look_at_checkout(look, commit) < 0)
        return -1;
    if (look->out->restore && look_at_files(look) < 0)
        return -1;
    return look_at_candidate(look, commit);
}

static void copy_release(struct release_plan *out, const struct release_plan *in)
{
    CLEANUP(buf_clear) struct buf encoded = {0};
    struct error never;
    release_plan_encode(&encoded, in);
    if (release_plan_decode(out, encoded.bytes, encoded.len, &never) < 0)
        abort();
}

int undo_plan_make(struct undo_plan *out, bool *tag_is_public, struct release_world *world, const char *of,
                   const struct release_plan *release, const struct run_progress *progress, const struct call *call,
                   struct error *err)
{
    bool ignored = false;
    struct undo_plan made = {.of = mem_string(of),
                             .commit = mem_string(""),
                             .candidate = mem_string(""),
                             .remote_candidate = mem_string("")};
    struct look look = {&made, world, release, progress, call, err};
    CLEANUP(free_string) char *commit = NULL;
    copy_release(&made.release, release);
    int result = find_evidence(&commit, &look, "commit", "commit");
    if (result == 0)
        result = find_evidence(&made.tag_object, &look, "tag", "object");
    if (result == 0)
        result = look_at_all(&look, commit, tag_is_public ? tag_is_public : &ignored);
    if (result < 0)
        undo_plan_clear(&made);
    else
        *out = made;
    return result;
}
