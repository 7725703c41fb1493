#include "release/release_steps.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/release_act.h"
#include "release/release_effect.h"

enum { MERGE_LOOK_MS = 30 * 1000 };

/* What the words say where a commit is not made yet. */
static const char *short_id(char out[16], const char *id)
{
    if (!id || !*id)
        return "the new commit";
    snprintf(out, 16, "%.7s", id);
    return out;
}

/* On a detached HEAD the plan is refused; its words are shown all the same. */
static const char *branch_words(const char *branch)
{
    return *branch ? branch : "a branch that is still missing";
}

static void set_ref(struct effect *effect, const char *name, const char *prefix, const char *short_name)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "%s%s", prefix, short_name);
    effect_set(effect, name, ref.bytes);
}

static bool commits(const struct release_plan *plan)
{
    return plan->file_count > 0 && plan->mode != RELEASE_TAG_ONLY;
}

static bool by_candidate(const struct release_plan *plan)
{
    return commits(plan) && plan->mode == RELEASE_PULL_REQUEST;
}

static bool by_merge(const struct release_plan *plan)
{
    return by_candidate(plan) && plan->push;
}

/* The commit that gets the tag; NULL while it is not made or merged. */
static const char *tagged_commit(const struct release_plan *plan, const struct run_progress *progress)
{
    if (!commits(plan))
        return plan->base;
    return run_evidence(progress, by_merge(plan) ? "merge" : "commit", "commit");
}

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

static void make_candidate(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    (void)progress;
    char id[16];
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "refs/heads/%s", plan->candidate);
    release_effect_move_ref(e, "candidate", ref.bytes, "", plan->base);
    effect_words(e, "makes the branch %s at %s", plan->candidate, short_id(id, plan->base));
    effect_way_back(e, "deletes the branch %s", plan->candidate);
}

static void make_attach(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    (void)progress;
    release_effect_attach(e, "attach", plan->branch, plan->candidate);
    effect_words(e, "checks out %s; it is the same commit, so no file changes", plan->candidate);
    effect_way_back(e, "checks out %s again", plan->branch);
}

static void make_file(struct effect *e, const struct release_plan *plan, size_t index)
{
    const struct release_file *file = &plan->files[index];
    CLEANUP(buf_clear) struct buf id = {0};
    buf_addf(&id, "file:%s", file->path);
    effect_init(e, id.bytes, "write-file", RELEASE_LOCAL_MS);
    effect_set(e, "path", file->path);
    effect_set(e, "before", file->before);
    effect_set(e, "after", file->after);
    effect_words(e, "%s %s: %s", *file->before ? "writes" : "makes", file->path, file->words);
    effect_way_back(e, *file->before ? "the old bytes" : "removes it");
}

static void make_commit(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    const char *branch = by_candidate(plan) ? plan->candidate : plan->branch;
    CLEANUP(buf_clear) struct buf last = {0};
    buf_addf(&last, "file:%s", plan->files[plan->file_count - 1].path);
    effect_init(e, "commit", "commit", RELEASE_COMMIT_MS);
    effect_set(e, "branch", branch);
    effect_set(e, "parent", plan->base);
    /* Whoever wrote the last file worked out the tree that they make together. */
    effect_set(e, "tree", or_empty(run_evidence(progress, last.bytes, "tree")));
    effect_set(e, "message", plan->commit_message);

    char id[16];
    CLEANUP(text_buf_clear) struct text_buf names = {0};
    release_file_names(&names, plan);
    effect_words(e, "commits %s on %s as “%.*s”", buf_string(&names.raw), branch_words(branch),
                 (int)strcspn(plan->commit_message, "\n"), plan->commit_message);
    effect_way_back(e, "moves %s back to %s", branch_words(branch), short_id(id, plan->base));
}

static void make_return(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    (void)progress;
    release_effect_attach(e, "return", plan->candidate, plan->branch);
    effect_words(e, "checks out %s again", plan->branch);
}

static void make_restore(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    (void)progress;
    CLEANUP(text_buf_clear) struct text_buf names = {0};
    release_file_names(&names, plan);
    release_effect_restore(e, "restore", plan->base, true);
    effect_words(e, "gives %s in the work tree the bytes of %s back", buf_string(&names.raw), plan->branch);
}

static void make_push_candidate(struct effect *e, const struct release_plan *plan,
                                const struct run_progress *progress)
{
    const char *commit = run_evidence(progress, "commit", "commit");
    effect_init(e, "push-candidate", "push", RELEASE_NETWORK_MS);
    effect_set(e, "remote", plan->remote);
    set_ref(e, "ref.1", "refs/heads/", plan->candidate);
    effect_set(e, "expect.1", "");
    effect_set(e, "to.1", or_empty(commit));
    effect_words(e, "pushes %s to %s. Nothing else.", plan->candidate, plan->remote);
    effect_way_back(e, "deletes the branch %s at %s", plan->candidate, plan->remote);
}

static void make_merge(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    effect_init(e, "merge", "merge", RELEASE_NETWORK_MS);
    effect_set(e, "remote", plan->remote);
    effect_set(e, "branch", plan->remote_branch);
    effect_set(e, "candidate", plan->candidate);
    effect_set(e, "base", plan->base);
    effect_set(e, "commit", or_empty(run_evidence(progress, "commit", "commit")));
    effect_words(e, "waits until somebody merges %s into %s at %s", plan->candidate, plan->remote_branch,
                 plan->remote);
}

static void make_tidy(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "refs/heads/%s", plan->candidate);
    release_effect_move_ref(e, "tidy", ref.bytes, or_empty(run_evidence(progress, "commit", "commit")), "");
    effect_words(e, "deletes the branch %s here; it is merged", plan->candidate);
}

static void make_tag(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    const char *commit = tagged_commit(plan, progress);
    char id[16];
    effect_init(e, "tag", "tag", RELEASE_COMMIT_MS);
    effect_set(e, "name", plan->tag);
    effect_set(e, "commit", or_empty(commit));
    effect_set(e, "message", plan->tag_message);
    effect_words(e, "makes the annotated tag %s on %s. Nothing leaves this machine.", plan->tag,
                 short_id(id, commit));
    effect_way_back(e, "deletes the tag");
}

/* The branch goes along when it has something that the remote's has not. */
static bool pushes_branch(const struct release_plan *plan)
{
    if (plan->mode != RELEASE_DIRECT)
        return false;
    return commits(plan) || strcmp(plan->remote_expect, plan->base) != 0;
}

static void make_push(struct effect *e, const struct release_plan *plan, const struct run_progress *progress)
{
    /* Without a remote the plan is refused; its words are shown all the same. */
    const char *remote = *plan->remote ? plan->remote : "a remote that is still missing";
    effect_init(e, "push", "push", RELEASE_NETWORK_MS);
    effect_set(e, "remote", plan->remote);
    set_ref(e, "ref.1", "refs/tags/", plan->tag);
    effect_set(e, "expect.1", "");
    effect_set(e, "to.1", or_empty(run_evidence(progress, "tag", "object")));
    if (pushes_branch(plan)) {
        set_ref(e, "ref.2", "refs/heads/", plan->remote_branch);
        effect_set(e, "expect.2", plan->remote_expect);
        effect_set(e, "to.2", or_empty(tagged_commit(plan, progress)));
        effect_words(e, "pushes %s and %s to %s in one push. Nothing else.", branch_words(plan->remote_branch),
                     plan->tag, remote);
    } else {
        effect_words(e, "pushes %s to %s. Nothing else.", plan->tag, remote);
    }
    effect_way_back(e, "none, a public tag stays");
}

static bool always(const struct release_plan *plan)
{
    (void)plan;
    return true;
}

static bool pushes(const struct release_plan *plan)
{
    return plan->push;
}

typedef void make_fn(struct effect *effect, const struct release_plan *plan, const struct run_progress *progress);

/* In the order in which they happen. An entry without `make` stands for the files, each a step of its own. */
static const struct step {
    const char *id;
    bool (*applies)(const struct release_plan *plan);
    make_fn *make;
} steps[] = {
    {"candidate", by_candidate, make_candidate},
    {"attach", by_candidate, make_attach},
    {"file", commits, NULL},
    {"commit", commits, make_commit},
    {"return", by_candidate, make_return},
    {"restore", by_candidate, make_restore},
    {"push-candidate", by_merge, make_push_candidate},
    /* Build and gates belong here: after the commit they are bound to, before anything is called a version. */
    {"merge", by_merge, make_merge},
    {"tidy", by_merge, make_tidy},
    {"tag", always, make_tag},
    {"push", pushes, make_push},
};

static bool is_done(const struct run_progress *progress, const char *id)
{
    const struct effect_progress *p = run_progress_of(progress, id);
    return p && p->status == EFFECT_DONE;
}

/* The first file that is not written; false when all are. */
static bool next_file(struct effect *out, const struct release_plan *plan, const struct run_progress *progress)
{
    for (size_t i = 0; i < plan->file_count; i++) {
        make_file(out, plan, i);
        if (!is_done(progress, out->id))
            return true;
        effect_clear(out);
    }
    return false;
}

static bool next_step(struct effect *out, const struct release_plan *plan, const struct run_progress *progress)
{
    for (size_t i = 0; i < COUNT(steps); i++) {
        const struct step *step = &steps[i];
        if (!step->applies(plan))
            continue;
        if (!step->make) {
            if (next_file(out, plan, progress))
                return true;
        } else if (!is_done(progress, step->id)) {
            step->make(out, plan, progress);
            return true;
        }
    }
    return false;
}

void release_decide(struct decision *out, const void *context, const struct run_progress *progress, int64_t now_ms)
{
    const struct release_plan *plan = context;
    memset(out, 0, sizeof(*out));
    if (!next_step(&out->effect, plan, progress)) {
        out->kind = DECIDE_FINISH;
        out->status = RUN_FINISHED;
        text_addf(&out->words, "%s is released%s", plan->version, plan->push ? "" : " here; nothing was pushed");
        if (by_merge(plan))
            text_addf(&out->words,
                      ". Left to do by hand: git pull --ff-only %s %s; delete %s at %s if it is still there",
                      plan->remote, plan->remote_branch, plan->candidate, plan->remote);
    } else if (strcmp(out->effect.kind, "merge") == 0) {
        out->kind = DECIDE_WAIT;
        out->until_ms = now_ms + MERGE_LOOK_MS;
        text_addf(&out->words, "%s is not merged into %s at %s yet", plan->candidate, plan->remote_branch,
                  plan->remote);
    } else {
        out->kind = DECIDE_ACT;
    }
}

const char *release_step_title(const struct effect *effect)
{
    static const struct {
        const char *id, *title;
    } titles[] = {
        {"candidate", "candidate branch"},
        {"attach", "check it out"},
        {"return", "check out again"},
        {"restore", "files"},
        {"push-candidate", "candidate"},
        {"tidy", "tidy up"},
        {"undo:branch", "branch"},
        {"undo:files", "files"},
        {"undo:tag", "tag"},
        {"undo:remote", "remote branch"},
        {"undo:candidate", "candidate branch"},
        {"undo:attach", "check out again"},
    };
    for (size_t i = 0; i < COUNT(titles); i++)
        if (strcmp(titles[i].id, effect->id) == 0)
            return titles[i].title;
    return strcmp(effect->kind, "write-file") == 0 ? effect_get(effect, "path") : effect->id;
}

static int load(void **plan, const char *bytes, size_t len, struct error *err)
{
    struct release_plan *loaded = mem_alloc(sizeof(*loaded));
    if (release_plan_decode(loaded, bytes, len, err) < 0) {
        free(loaded);
        return -1;
    }
    *plan = loaded;
    return 0;
}

static void unload(void *plan)
{
    if (plan)
        release_plan_clear(plan);
    free(plan);
}

static int observe(enum observed *out, struct evidence *evidence, void *world, const void *plan,
                   const struct effect *effect, const struct call *call, struct error *err)
{
    return release_observe(out, evidence, world, plan, effect, call, err);
}

static int act(struct evidence *evidence, void *world, const void *plan, const struct effect *effect,
               const struct permit *permit, const struct call *call, struct error *err)
{
    return release_act(evidence, world, plan, effect, permit, call, err);
}

const struct run_kind release_kind = {
    .name = "release",
    .load = load,
    .unload = unload,
    .decide = release_decide,
    .observe = observe,
    .act = act,
};
