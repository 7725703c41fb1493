#include "ui/model/releases_model.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct snapshot {
    atomic_int holders;
    struct history history;
};

struct snapshot *snapshot_new(struct history *history)
{
    struct snapshot *snapshot = mem_alloc(sizeof(*snapshot));
    atomic_init(&snapshot->holders, 1);
    snapshot->history = *history;
    *history = (struct history){.current = -1, .latest = -1};
    return snapshot;
}

struct snapshot *snapshot_hold(struct snapshot *snapshot)
{
    if (snapshot)
        atomic_fetch_add(&snapshot->holders, 1);
    return snapshot;
}

void snapshot_release(struct snapshot *snapshot)
{
    if (!snapshot || atomic_fetch_sub(&snapshot->holders, 1) != 1)
        return;
    history_clear(&snapshot->history);
    free(snapshot);
}

const struct history *snapshot_history(const struct snapshot *snapshot)
{
    return snapshot ? &snapshot->history : NULL;
}

enum { BURNED = 0x80 };

enum part { PART_TAGS, PART_SINCE, PART_REACH };

enum { DATED = 256 }; /* more than any screen shows: their dates are there at the first glance */

struct history_job {
    struct releases_model *model;
    const struct environment *environment;
    enum part part;
    uint64_t generation;
    struct history history;
};

enum { STORE_MS = 3000 };

static void submit(struct releases_model *model, enum part part);

/* The store may be locked: then no version is shown as burned, and everything else is there all the same. */
static void mark_burned(struct history_job *job, const struct call *call)
{
    struct error ignored;
    struct call soon = call_within(call, STORE_MS);
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_SOURCE | DESK_STORE_IF_THERE, &soon, &ignored) < 0)
        return;
    int marked = history_mark(&job->history, desk.source, desk.store, job->environment->service, &soon, &ignored);
    (void)marked;
}

static int history_run(void *work, const struct call *call, struct error *err)
{
    struct history_job *job = work;
    const struct environment *env = job->environment;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, env, DESK_SOURCE, call, err) < 0)
        return -1;
    if (job->part == PART_TAGS)
        return history_glance(&job->history, desk.source, env->service, DATED, call, err);
    if (history_load(&job->history, desk.source, env->service, call, err) < 0)
        return -1;
    switch (job->part) {
    case PART_TAGS:
        break;
    case PART_SINCE:
        if (history_since(&job->history, desk.source, &env->settings, env->service, call, err) < 0)
            return -1;
        return history_mark(&job->history, desk.source, desk.store, env->service, call, err);
    case PART_REACH:
        if (history_reach(&job->history, desk.source, call, err) < 0)
            return -1;
        mark_burned(job, call);
        return 0;
    }
    return 0;
}

static void adopt(struct releases_model *model, struct history *history)
{
    snapshot_release(model->snapshot);
    model->snapshot = snapshot_new(history);
    model->generation++;
    free(model->reached);
    model->reached = NULL;
}

/* Reach is kept beside the snapshot, which must not change; tags are compared, for they may have moved meanwhile. */
static void adopt_reach(struct releases_model *model, const struct history *history)
{
    const struct history *shown = releases_history(model);
    if (!shown || shown->count != history->count || strcmp(shown->head, history->head) != 0)
        return;
    free(model->reached);
    model->reached = mem_array(shown->count + 1, 1);
    for (size_t i = 0; i < shown->count; i++) {
        if (strcmp(shown->versions[i].tag, history->versions[i].tag) == 0)
            model->reached[i] = (uint8_t)(history->versions[i].reach | (history->versions[i].burned ? BURNED : 0));
    }
}

static void history_done(void *work, int result, const struct error *err)
{
    struct history_job *job = work;
    struct releases_model *model = job->model;
    enum part part = job->part;
    struct load *load = part == PART_TAGS ? &model->load : part == PART_SINCE ? &model->since : &model->reach;
    bool well = load_end(load, result, err);
    model->work->changed = true;
    if (well && part == PART_REACH)
        adopt_reach(model, &job->history);
    else if (well && (part == PART_SINCE || !model->snapshot))
        adopt(model, &job->history);
    history_clear(&job->history);
    free(job);
    if (model->load.again && part == PART_TAGS) {
        submit(model, PART_TAGS);
    } else if (well && part == PART_TAGS && !load_under_way(&model->since)) {
        submit(model, PART_SINCE);
    } else if (well && part == PART_TAGS) {
        model->since.again = true;
    } else if (part == PART_SINCE && model->since.again) {
        submit(model, PART_SINCE);
    } else if (well && part == PART_SINCE && !load_under_way(&model->reach)) {
        submit(model, PART_REACH);
    } else if (well && part == PART_SINCE) {
        model->reach.again = true;
    } else if (part == PART_REACH && model->reach.again) {
        submit(model, PART_REACH);
    }
}

static void submit(struct releases_model *model, enum part part)
{
    struct history_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->part = part;
    struct load *load = part == PART_TAGS ? &model->load : part == PART_SINCE ? &model->since : &model->reach;
    static const struct text labels[] = {TEXT("tags"), TEXT("commits"), TEXT("branches")};
    load_begin(load, pool_submit(model->work->pool, &(struct job){.backend = "git",
                                                                  .label = labels[part],
                                                                  .run = history_run,
                                                                  .done = history_done,
                                                                  .work = job}));
}

void releases_load(struct releases_model *model)
{
    if (load_under_way(&model->load))
        model->load.again = true;
    else
        submit(model, PART_TAGS);
}

void releases_clear(struct releases_model *model)
{
    snapshot_release(model->snapshot);
    free(model->reached);
    model->snapshot = NULL;
    model->reached = NULL;
}

const struct history *releases_history(const struct releases_model *model)
{
    return snapshot_history(model->snapshot);
}

enum history_reach releases_reach(const struct releases_model *model, size_t version)
{
    const struct history *history = releases_history(model);
    if (!model->reached || !history || version >= history->count)
        return HISTORY_REACH_UNKNOWN;
    return (enum history_reach)(model->reached[version] & ~BURNED);
}

bool releases_burned(const struct releases_model *model, size_t version)
{
    const struct history *history = releases_history(model);
    return model->reached && history && version < history->count && (model->reached[version] & BURNED);
}
