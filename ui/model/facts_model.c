#include "ui/model/facts_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { COMMITS_COUNTED = 2000, FACTS_MS = 10000 };

struct facts_job {
    struct facts_model *model;
    const struct environment *environment;
    struct snapshot *snapshot;
    uint64_t generation;
    size_t version;
    struct fact fact;
};

static int facts_run(void *work, const struct call *call, struct error *err)
{
    struct facts_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    CLEANUP(history_commits_clear) struct history_commits commits = {0};
    CLEANUP(source_tag_detail_clear) struct source_tag_detail about = {0};
    const struct history *history = snapshot_history(job->snapshot);
    const struct history_version *version = &history->versions[job->version];
    if (desk_open(&desk, job->environment, DESK_SOURCE, call, err) < 0 ||
        history_commits_of(&commits, history, version, desk.source, job->environment->service, COMMITS_COUNTED, call,
                           err) < 0 ||
        desk.source.ops->tag_detail(desk.source.self, &about, version->tag, call, err) < 0)
        return -1;
    memcpy(job->fact.counts, commits.counts, sizeof(job->fact.counts));
    job->fact.has_signature = about.has_signature;
    if (about.tagger)
        job->fact.tagger = text_copy_raw(about.tagger, strlen(about.tagger));
    return 0;
}

static void facts_done(void *work, int result, const struct error *err)
{
    struct facts_job *job = work;
    struct facts_model *model = job->model;
    load_end(&model->load, result, err);
    if (result == 0 && job->generation == model->generation && job->version < model->count) {
        struct fact *place = &model->items[job->version];
        text_free(&place->tagger);
        *place = job->fact;
        place->known = true;
        job->fact = (struct fact){0};
    }
    model->work->changed = true;
    text_free(&job->fact.tagger);
    snapshot_release(job->snapshot);
    free(job);
}

/* By index: known, or asked for and not found out. */
static bool is_asked(const struct fact *fact)
{
    return fact->known || fact->counts[0] < 0;
}

bool facts_asked(const struct facts_model *model, uint64_t generation, size_t version)
{
    return model->generation == generation && version < model->count && is_asked(&model->items[version]);
}

const struct fact *facts_of(const struct facts_model *model, uint64_t generation, size_t version)
{
    if (model->generation != generation || version >= model->count || !model->items[version].known)
        return NULL;
    return &model->items[version];
}

void facts_want(struct facts_model *model, struct snapshot *snapshot, uint64_t generation, size_t version)
{
    if (load_under_way(&model->load) || facts_asked(model, generation, version))
        return;
    if (model->generation != generation) {
        facts_clear(model);
        model->generation = generation;
        model->count = snapshot_history(snapshot)->count;
        model->items = mem_array(model->count + 1, sizeof(*model->items));
    }
    struct facts_job *job = mem_alloc(sizeof(*job));
    *job = (struct facts_job){.model = model,
                              .environment = model->work->environment,
                              .snapshot = snapshot_hold(snapshot),
                              .generation = generation,
                              .version = version};
    model->items[version].counts[0] = -1;
    load_begin(&model->load, pool_submit(model->work->pool, &(struct job){.backend = "detail",
                                                                          .label = TEXT("counts"),
                                                                          .timeout_ms = FACTS_MS,
                                                                          .run = facts_run,
                                                                          .done = facts_done,
                                                                          .work = job}));
}

void facts_clear(struct facts_model *model)
{
    for (size_t i = 0; i < model->count; i++)
        text_free(&model->items[i].tagger);
    free(model->items);
    model->items = NULL;
    model->count = 0;
}
