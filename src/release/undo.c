#include "release/undo.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "release/release_effect.h"

struct stored {
    struct undo_plan plan;
    char *release; /* the release's plan, encoded */
};

static const struct json_field fields[] = {
    {.name = "of", JSON_FIELD_STRING, offsetof(struct stored, plan.of), true},
    {.name = "commit", JSON_FIELD_STRING, offsetof(struct stored, plan.commit), true},
    {.name = "tagObject", JSON_FIELD_STRING, offsetof(struct stored, plan.tag_object), true},
    {.name = "candidate", JSON_FIELD_STRING, offsetof(struct stored, plan.candidate), true},
    {.name = "remoteCandidate", JSON_FIELD_STRING, offsetof(struct stored, plan.remote_candidate), true},
    {.name = "attached", JSON_FIELD_BOOL, offsetof(struct stored, plan.attached), true},
    {.name = "restore", JSON_FIELD_BOOL, offsetof(struct stored, plan.restore), true},
    {.name = "release", JSON_FIELD_STRING, offsetof(struct stored, release), true},
    {0},
};

void undo_plan_encode(struct buf *out, const struct undo_plan *plan)
{
    CLEANUP(buf_clear) struct buf release = {0};
    release_plan_encode(&release, &plan->release);
    struct stored stored = {.plan = *plan, .release = release.bytes};
    struct json_writer w = {.out = out, .compact = true, .first = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, fields, &stored);
    json_end_object(&w);
}

int undo_plan_decode(struct undo_plan *out, const char *bytes, size_t len, struct error *err)
{
    struct stored stored = {0};
    if (json_decode(&stored, fields, bytes, len, err) < 0)
        return error_wrap(err, "The stored plan of this undo cannot be read");
    int result = release_plan_decode(&stored.plan.release, stored.release, strlen(stored.release), err);
    if (result == 0) {
        *out = stored.plan;
        memset(&stored.plan, 0, sizeof(stored.plan));
    }
    json_fields_clear(&stored, fields);
    return result;
}

void undo_plan_clear(struct undo_plan *plan)
{
    release_plan_clear(&plan->release);
    struct stored stored = {.plan = *plan};
    json_fields_clear(&stored, fields);
    memset(plan, 0, sizeof(*plan));
}

/* ---- the steps ---- */

static void branch_ref(struct buf *out, const char *branch)
{
    buf_addf(out, "refs/heads/%s", branch);
}

static void make_remote(struct effect *e, const struct undo_plan *plan)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    branch_ref(&ref, plan->release.candidate);
    effect_init(e, "undo:remote", "push", RELEASE_NETWORK_MS);
    effect_set(e, "remote", plan->release.remote);
    effect_set(e, "ref.1", ref.bytes);
    effect_set(e, "expect.1", plan->remote_candidate);
    effect_set(e, "to.1", "");
    effect_words(e, "deletes the branch %s at %s. Nothing else.", plan->release.candidate, plan->release.remote);
}

static void make_tag(struct effect *e, const struct undo_plan *plan)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "refs/tags/%s", plan->release.tag);
    release_effect_move_ref(e, "undo:tag", ref.bytes, plan->tag_object, "");
    effect_words(e, "deletes the tag %s here; it was never pushed", plan->release.tag);
}

static void make_attach(struct effect *e, const struct undo_plan *plan)
{
    release_effect_attach(e, "undo:attach", plan->release.candidate, plan->release.branch);
    effect_words(e, "checks out %s again", plan->release.branch);
}

static void make_branch(struct effect *e, const struct undo_plan *plan)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    branch_ref(&ref, plan->release.branch);
    release_effect_move_ref(e, "undo:branch", ref.bytes, plan->commit, plan->release.base);
    effect_words(e, "moves %s back from %.7s to %.7s", plan->release.branch, plan->commit, plan->release.base);
}

static void make_files(struct effect *e, const struct undo_plan *plan)
{
    CLEANUP(text_buf_clear) struct text_buf names = {0};
    release_file_names(&names, &plan->release);
    release_effect_restore(e, "undo:files", plan->release.base, false);
    effect_words(e, "gives %s the bytes back that were there before", buf_string(&names.raw));
}

static void make_candidate(struct effect *e, const struct undo_plan *plan)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    branch_ref(&ref, plan->release.candidate);
    release_effect_move_ref(e, "undo:candidate", ref.bytes, plan->candidate, "");
    effect_words(e, "deletes the branch %s here", plan->release.candidate);
}

static bool has_remote(const struct undo_plan *plan)
{
    return *plan->remote_candidate;
}
static bool has_tag(const struct undo_plan *plan)
{
    return *plan->tag_object;
}
static bool has_attached(const struct undo_plan *plan)
{
    return plan->attached;
}
static bool has_commit(const struct undo_plan *plan)
{
    return *plan->commit;
}
static bool has_files(const struct undo_plan *plan)
{
    return plan->restore;
}
static bool has_candidate(const struct undo_plan *plan)
{
    return *plan->candidate;
}

static const struct step {
    const char *id;
    bool (*applies)(const struct undo_plan *plan);
    void (*make)(struct effect *effect, const struct undo_plan *plan);
} steps[] = {
    {"undo:remote", has_remote, make_remote},   {"undo:tag", has_tag, make_tag},
    {"undo:attach", has_attached, make_attach}, {"undo:branch", has_commit, make_branch},
    {"undo:files", has_files, make_files},      {"undo:candidate", has_candidate, make_candidate},
};

void undo_decide(struct decision *out, const void *context, const struct run_progress *progress, int64_t now_ms)
{
    const struct undo_plan *plan = context;
    (void)now_ms;
    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < COUNT(steps); i++) {
        const struct effect_progress *done = run_progress_of(progress, steps[i].id);
        if (!steps[i].applies(plan) || (done && done->status == EFFECT_DONE))
            continue;
        steps[i].make(&out->effect, plan);
        out->kind = DECIDE_ACT;
        return;
    }
    out->kind = DECIDE_FINISH;
    out->status = RUN_FINISHED;
    text_addf(&out->words, "%s is taken back: everything is as it was before", plan->release.version);
}

static int load(void **plan, const char *bytes, size_t len, struct error *err)
{
    struct undo_plan *loaded = mem_alloc(sizeof(*loaded));
    if (undo_plan_decode(loaded, bytes, len, err) < 0) {
        free(loaded);
        return -1;
    }
    *plan = loaded;
    return 0;
}

static void unload(void *plan)
{
    if (plan)
        undo_plan_clear(plan);
    free(plan);
}

static int observe(enum observed *out, struct evidence *evidence, void *world, const void *plan,
                   const struct effect *effect, const struct call *call, struct error *err)
{
    const struct undo_plan *undo = plan;
    return release_observe(out, evidence, world, &undo->release, effect, call, err);
}

static int act(struct evidence *evidence, void *world, const void *plan, const struct effect *effect,
               const struct permit *permit, const struct call *call, struct error *err)
{
    const struct undo_plan *undo = plan;
    return release_act(evidence, world, &undo->release, effect, permit, call, err);
}

const struct run_kind undo_kind = {
    .name = "undo",
    .load = load,
    .unload = unload,
    .decide = undo_decide,
    .observe = observe,
    .act = act,
};
