#include "release/release.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "release/release_act.h"
#include "release/release_steps.h"
#include "release/undo.h"
#include "run/request.h"

int release_prepare(struct release_proposal *out, const struct release_desk *desk,
                    const struct release_options *options, const struct call *call, struct error *err)
{
    return release_propose(out, desk->source, desk->store, desk->settings, desk->service, options, call, err);
}

static int refuse_read_only(const struct release_desk *desk, struct error *err)
{
    if (!desk->read_only)
        return 0;
    error_set(err, ERROR_REFUSED, "Nothing is changed here");
    error_why(err, "signalbox runs read-only");
    return error_todo(err, "Start it without --read-only");
}

static int refuse_findings(const struct release_proposal *proposal, struct error *err)
{
    if (release_proposal_ready(proposal))
        return 0;
    if (!proposal->findings.refusals) {
        error_set(err, ERROR_REFUSED, "There is nothing to release");
        return error_todo(err, "Name the version: signalbox release create VERSION");
    }
    const struct release_finding *first = &proposal->findings.items[0];
    error_set(err, ERROR_REFUSED, "%.*s", (int)first->what.len, first->what.safe);
    if (proposal->findings.refusals > 1)
        error_why(err, "and %zu more in the way", proposal->findings.refusals - 1);
    return error_todo(err, "%.*s", (int)first->todo.len, first->todo.len ? first->todo.safe : "");
}

int release_begin(struct run_info *out, const struct release_desk *desk, const struct release_proposal *proposal,
                  const char *reason, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf scope = {0};
    CLEANUP(buf_clear) struct buf plan = {0};
    struct release_plan check;
    if (refuse_read_only(desk, err) < 0)
        return -1;
    /* What is in the way may be the other release's own half-written files. */
    if (!release_proposal_ready(proposal) &&
        (release_check_free(desk, call, err) < 0 || refuse_findings(proposal, err) < 0))
        return -1;
    release_scope(&scope, desk->service->name);
    release_plan_encode(&plan, &proposal->plan);
    /* A plan that could not be read again would be a run that could not be resumed. */
    if (release_plan_decode(&check, plan.bytes, plan.len, err) < 0)
        return -1;
    release_plan_clear(&check);
    struct run_start start = {
        .kind = &release_kind,
        .subject = proposal->plan.version,
        .scope = scope.bytes,
        .plan = plan.bytes,
        .plan_len = plan.len,
        .actor = desk->actor,
        .reason = reason,
    };
    return run_create(out, desk->store, &start, call, err);
}

/* ---- reading a run ---- */

struct record {
    struct run_info info;
    struct run_progress progress;
    bool is_undo;
    struct release_plan plan; /* of a release */
    struct undo_plan undo;    /* of an undo */
};

static void record_clear(struct record *record)
{
    run_info_clear(&record->info);
    run_progress_clear(&record->progress);
    release_plan_clear(&record->plan);
    undo_plan_clear(&record->undo);
}

static const struct release_plan *plan_of(const struct record *record)
{
    return record->is_undo ? &record->undo.release : &record->plan;
}

/* Ours are those of the service's scope, of either kind. */
static bool is_ours(const struct run_info *info, const char *scope)
{
    return strcmp(info->scope, scope) == 0 &&
           (strcmp(info->kind, release_kind.name) == 0 || strcmp(info->kind, undo_kind.name) == 0);
}

int release_list(struct run_infos *out, const struct release_desk *desk, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf scope = {0};
    struct run_infos all = {0};
    size_t kept = 0;
    release_scope(&scope, desk->service->name);
    if (run_list(&all, desk->store, call, err) < 0)
        return -1;
    for (size_t i = 0; i < all.count; i++) {
        if (is_ours(&all.items[i], scope.bytes))
            all.items[kept++] = all.items[i];
        else
            run_info_clear(&all.items[i]);
    }
    all.count = kept;
    *out = all;
    return 0;
}

static bool is_open(const struct run_info *info)
{
    return info->status == RUN_OPEN || info->status == RUN_WAITING || info->status == RUN_HELD;
}

int release_open(struct run_info *out, const struct release_desk *desk, const struct call *call, struct error *err)
{
    struct run_infos all = {0};
    *out = (struct run_info){0};
    if (release_list(&all, desk, call, err) < 0)
        return -1;
    for (size_t i = 0; i < all.count && !out->id; i++) {
        if (!is_open(&all.items[i]))
            continue;
        *out = all.items[i];
        all.items[i] = (struct run_info){0};
    }
    run_infos_clear(&all);
    return 0;
}

int release_check_free(const struct release_desk *desk, const struct call *call, struct error *err)
{
    CLEANUP(run_info_clear) struct run_info open = {0};
    if (release_open(&open, desk, call, err) < 0)
        return -1;
    if (!open.id)
        return 0;
    error_set(err, ERROR_EXISTS, "%s has an open run already", open.scope);
    error_why(err, "%s, the %s of %s", open.id, open.kind, open.subject);
    return error_todo(err, "Resume or undo it first");
}

static int newest_id(char **out, const struct release_desk *desk, const struct call *call, struct error *err)
{
    struct run_infos all = {0};
    if (release_list(&all, desk, call, err) < 0)
        return -1;
    *out = all.count ? mem_string(all.items[0].id) : NULL;
    run_infos_clear(&all);
    if (*out)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "%s has no release yet", desk->service->name);
    return error_todo(err, "signalbox release create makes one; --dry-run shows it first");
}

static int read_record(struct record *out, const struct release_desk *desk, const char *id, const struct call *call,
                       struct error *err)
{
    CLEANUP(free_string) char *newest = NULL;
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct record record = {0};
    if (!id || !*id) {
        if (newest_id(&newest, desk, call, err) < 0)
            return -1;
        id = newest;
    }
    int result = run_find(&record.info, desk->store, id, call, err);
    if (result == 0)
        result = run_read(&bytes, &record.progress, desk->store, id, call, err);
    if (result == 0) {
        record.is_undo = strcmp(record.info.kind, undo_kind.name) == 0;
        if (!record.is_undo && strcmp(record.info.kind, release_kind.name) != 0)
            result = error_set(err, ERROR_INVALID, "%s is no release but a %s", id, record.info.kind);
        else if (record.is_undo)
            result = undo_plan_decode(&record.undo, buf_string(&bytes), bytes.len, err);
        else
            result = release_plan_decode(&record.plan, buf_string(&bytes), bytes.len, err);
    }
    if (result < 0)
        record_clear(&record);
    else
        *out = record;
    return result;
}

/* ---- driving ---- */

/* A plan holds for the repository it was made in. */
static int check_place(const struct release_desk *desk, const struct release_plan *plan, const struct call *call,
                       struct error *err)
{
    CLEANUP(source_state_clear) struct source_state state = {0};
    if (desk->source.ops->state(desk->source.self, &state, call, err) < 0)
        return -1;
    if (state.work_tree && strcmp(state.work_tree, plan->work_tree) == 0)
        return 0;
    error_set(err, ERROR_REFUSED, "This release belongs to another work tree");
    error_why(err, "it was begun in %s", plan->work_tree);
    return error_todo(err, "Go there: signalbox -C %s release resume", plan->work_tree);
}

int release_signing(enum source_signing *out, const struct release_desk *desk, const struct call *call,
                    struct error *err)
{
    return desk->source.ops->signing(desk->source.self, out, call, err);
}

int release_unlock(const struct release_desk *desk, const char *terminal, const struct call *call, struct error *err)
{
    return desk->source.ops->unlock(desk->source.self, terminal, call, err);
}

/* Is a hold asked for that nobody has ended since? */
static int is_held_by_request(bool *out, const struct release_desk *desk, const struct record *record,
                              const struct call *call, struct error *err)
{
    struct requests requests;
    *out = record->progress.hold_requested;
    if (request_read(&requests, desk->store, record->info.id, record->progress.requests_seen, call, err) < 0)
        return -1;
    for (size_t i = 0; i < requests.count; i++)
        if (requests.items[i].kind != REQUEST_ABORT)
            *out = requests.items[i].kind == REQUEST_HOLD;
    requests_clear(&requests);
    return 0;
}

static int ask_to_resume(const struct release_desk *desk, const struct record *record, const struct call *call,
                         struct error *err)
{
    bool held = false;
    if (!desk->resume || desk->read_only || !is_open(&record->info))
        return 0;
    if (is_held_by_request(&held, desk, record, call, err) < 0)
        return -1;
    return held ? request_post(desk->store, record->info.id, REQUEST_RESUME, desk->actor, "", call, err) : 0;
}

int release_drive(enum run_status *status, const struct release_desk *desk, const char *id, const struct call *call,
                  struct error *err)
{
    CLEANUP(record_clear) struct record record = {0};
    if (read_record(&record, desk, id, call, err) < 0 || check_place(desk, plan_of(&record), call, err) < 0)
        return -1;
    if (ask_to_resume(desk, &record, call, err) < 0)
        return -1;
    struct release_world world = {.source = desk->source, .work_tree = plan_of(&record)->work_tree};
    struct run_driver driver = {
        .store = desk->store,
        .kind = record.is_undo ? &undo_kind : &release_kind,
        .world = &world,
        .actor = desk->actor,
        .read_only = desk->read_only,
        .step = desk->step,
        .keep_waiting = desk->keep_waiting,
        .take_over = desk->take_over,
        .protected = desk->settings->protected_environment,
        .on_event = desk->on_event,
        .event_context = desk->event_context,
    };
    return run_drive(status, &driver, record.info.id, call, err);
}

/* ---- steps ---- */

static struct release_step *add_step(struct release_steps *steps, const struct effect *effect)
{
    CLEANUP(text_buf_clear) struct text_buf title = {0};
    ARRAY_GROW(&steps->items, &steps->cap, steps->count + 1);
    struct release_step *step = &steps->items[steps->count++];
    text_adds(&title, release_step_title(effect));
    *step = (struct release_step){.id = mem_string(effect->id),
                                  .title = text_copy(text_of(&title)),
                                  .words = text_copy(effect->words),
                                  .undo = text_copy(effect->undo)};
    return step;
}

/* "refs/heads/main" -> "main" */
static const char *short_ref(const char *ref)
{
    const char *name = strncmp(ref, "refs/", 5) == 0 ? strchr(ref + 5, '/') : NULL;
    return name ? name + 1 : ref;
}

/* "origin has v1.4.0 and main" */
static void pushed_words(struct text_buf *out, const struct effect *effect)
{
    const char *first = effect_get(effect, "ref.1"), *second = effect_get(effect, "ref.2");
    const char *remote = effect_get(effect, "remote");
    if (!first || !remote)
        return;
    text_addf(out, "%s has %s", remote, short_ref(first));
    if (second)
        text_addf(out, " and %s", short_ref(second));
}

/* What came of it, for people: "77aa12b on main", "merged as 77aa12b", "77aa12b on main, a hook changed the files". */
static void evidence_words(struct text_buf *out, const struct effect *effect, const struct evidence *evidence)
{
    const char *branch = strcmp(effect->kind, "commit") == 0 ? effect_get(effect, "branch") : NULL;
    const char *commit = evidence_get(evidence, "commit"), *object = evidence_get(evidence, "object");
    const char *how = evidence_get(evidence, "how"), *changed = evidence_get(evidence, "changed");
    const char *moved = evidence_get(evidence, "moved");
    if (how)
        text_addf(out, "%s as ", how);
    if (strcmp(effect->kind, "push") == 0)
        pushed_words(out, effect);
    if (commit)
        text_addf(out, "%.7s", commit);
    if (commit && branch)
        text_addf(out, " on %s", branch);
    if (object)
        text_addf(out, "tag object %.7s", object);
    if (changed)
        text_addf(out, "%s%s", text_of(out).len ? ", " : "", changed);
    if (moved)
        text_addf(out, "%sthe branch has gone on to %.7s", text_of(out).len ? ", " : "", moved);
}

static void add_progress(struct release_steps *steps, const struct effect_progress *progress)
{
    static const enum release_step_status statuses[] = {[EFFECT_BEGUN] = RELEASE_STEP_BEGUN,
                                                        [EFFECT_DONE] = RELEASE_STEP_DONE,
                                                        [EFFECT_FAILED] = RELEASE_STEP_FAILED};
    struct text_buf words = {0};
    struct release_step *step = add_step(steps, &progress->effect);
    step->status = statuses[progress->status];
    step->begun_ms = progress->begun_ms;
    step->ended_ms = progress->ended_ms;
    if (progress->status == EFFECT_FAILED)
        step->error = progress->error;
    if (progress->status == EFFECT_DONE)
        evidence_words(&words, &progress->effect, &progress->evidence);
    step->evidence = text_copy(text_of(&words));
    text_buf_clear(&words);
    steps->done += progress->status == EFFECT_DONE;
}

static bool has_step(const struct release_steps *steps, const char *id)
{
    for (size_t i = 0; i < steps->count; i++)
        if (strcmp(steps->items[i].id, id) == 0)
            return true;
    return false;
}

/* The steps that were begun, as journaled, and those to come. A run that has ended has none to come. */
static int list_steps(struct release_steps *out, const struct run_kind *kind, const void *plan,
                      const struct run_progress *progress, bool ended, struct error *err)
{
    struct effect *effects = NULL;
    size_t count = 0;
    static const struct run_progress nothing = {0};
    *out = (struct release_steps){0};
    for (size_t i = 0; progress && i < progress->count; i++)
        add_progress(out, &progress->effects[i]);
    if (ended)
        return 0;
    if (run_dry(&effects, &count, kind, plan, progress ? progress : &nothing, clock_now_ms(), err) < 0) {
        release_steps_clear(out);
        return -1;
    }
    bool next = true;
    for (size_t i = 0; i < count; i++) {
        bool waits = strcmp(effects[i].kind, "merge") == 0;
        if (!has_step(out, effects[i].id)) {
            struct release_step *step = add_step(out, &effects[i]);
            step->status = !next ? RELEASE_STEP_TODO : waits && progress ? RELEASE_STEP_WAITING : RELEASE_STEP_NEXT;
        }
        next = false;
    }
    run_effects_free(effects, count);
    return 0;
}

void release_steps_clear(struct release_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        struct release_step *step = &steps->items[i];
        free(step->id);
        text_free(&step->title);
        text_free(&step->words);
        text_free(&step->undo);
        text_free(&step->evidence);
    }
    free(steps->items);
    memset(steps, 0, sizeof(*steps));
}

const char *release_step_status_name(enum release_step_status status)
{
    static const char *const names[] = {
        [RELEASE_STEP_TODO] = "todo",   [RELEASE_STEP_NEXT] = "next", [RELEASE_STEP_WAITING] = "waiting",
        [RELEASE_STEP_BEGUN] = "begun", [RELEASE_STEP_DONE] = "done", [RELEASE_STEP_FAILED] = "failed",
    };
    return names[status];
}

int release_preview(struct release_steps *out, const struct release_plan *plan, struct error *err)
{
    return list_steps(out, &release_kind, plan, NULL, false, err);
}

int release_look(struct release_view *out, const struct release_desk *desk, const char *id, const struct call *call,
                 struct error *err)
{
    struct record record;
    struct release_view view = {0};
    if (read_record(&record, desk, id, call, err) < 0)
        return -1;
    const void *plan = record.is_undo ? (const void *)&record.undo : &record.plan;
    int result = list_steps(&view.steps, record.is_undo ? &undo_kind : &release_kind, plan, &record.progress,
                            !is_open(&record.info), err);
    if (result == 0) {
        view.info = record.info;
        view.is_undo = record.is_undo;
        view.of = record.is_undo ? mem_string(record.undo.of) : NULL;
        view.reason = text_copy(record.progress.reason);
        view.plan = *plan_of(&record);
        record.info = (struct run_info){0};
        record.plan = record.undo.release = (struct release_plan){0};
        *out = view;
    }
    record_clear(&record);
    return result;
}

void release_view_clear(struct release_view *view)
{
    run_info_clear(&view->info);
    release_plan_clear(&view->plan);
    free(view->of);
    release_steps_clear(&view->steps);
    text_free(&view->reason);
    memset(view, 0, sizeof(*view));
}

/* ---- taking back ---- */

static int refuse_undo(const struct record *record, struct error *err)
{
    if (record->is_undo && is_open(&record->info)) {
        error_set(err, ERROR_REFUSED, "%s is being taken back already", record->info.subject);
        return error_todo(err, "signalbox release resume %s", record->info.id);
    }
    if (!record->is_undo && record->info.status != RUN_UNDONE)
        return 0;
    error_set(err, ERROR_REFUSED, "%s is taken back already", record->info.subject);
    return error_todo(err, "signalbox release create makes a new one");
}

/* The undo's plan; a public tag burns its version on the way to the refusal. */
static int plan_undo(struct undo_plan *out, const struct record *record, const struct release_desk *desk, bool burn,
                     const struct call *call, struct error *err)
{
    bool tag_is_public = false;
    struct release_world world = {.source = desk->source, .work_tree = record->plan.work_tree};
    if (refuse_undo(record, err) < 0 || check_place(desk, &record->plan, call, err) < 0)
        return -1;
    int result =
        undo_plan_make(out, &tag_is_public, &world, record->info.id, &record->plan, &record->progress, call, err);
    struct error burning;
    if (tag_is_public && burn &&
        history_burn(desk->store, record->plan.service, record->plan.version, desk->actor, call, &burning) < 0)
        *err = burning;
    return result;
}

int release_undo_preview(struct release_steps *out, const struct release_desk *desk, const char *id,
                         const struct call *call, struct error *err)
{
    CLEANUP(record_clear) struct record record = {0};
    struct undo_plan plan;
    if (read_record(&record, desk, id, call, err) < 0 || plan_undo(&plan, &record, desk, false, call, err) < 0)
        return -1;
    int result = list_steps(out, &undo_kind, &plan, NULL, false, err);
    undo_plan_clear(&plan);
    return result;
}

int release_undo(struct run_info *out, const struct release_desk *desk, const char *id, const char *reason,
                 const struct call *call, struct error *err)
{
    CLEANUP(record_clear) struct record record = {0};
    CLEANUP(buf_clear) struct buf scope = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct undo_plan plan;
    if (refuse_read_only(desk, err) < 0 || read_record(&record, desk, id, call, err) < 0 ||
        plan_undo(&plan, &record, desk, true, call, err) < 0)
        return -1;
    release_scope(&scope, desk->service->name);
    undo_plan_encode(&bytes, &plan);
    undo_plan_clear(&plan);
    struct run_start start = {
        .kind = &undo_kind,
        .subject = record.info.subject,
        .scope = scope.bytes,
        .plan = bytes.bytes,
        .plan_len = bytes.len,
        .actor = desk->actor,
        .reason = reason,
        .replaces = record.info.id,
        .replaced_as = RUN_UNDONE,
    };
    return run_create(out, desk->store, &start, call, err);
}
