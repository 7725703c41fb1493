#include "ui/model/proposal_model.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

struct ask_job {
    struct proposal_model *model;
    const struct environment *environment;
    uint64_t asked;
    bool online;
    char *wanted, *from, *section;
    enum release_entries entries;
    struct release_proposal proposal;
    struct release_steps steps;
};

static int ask_run(void *work, const struct call *call, struct error *err)
{
    struct ask_job *job = work;
    const struct environment *env = job->environment;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, env, DESK_SOURCE | DESK_STORE, call, err) < 0)
        return -1;
    struct release_desk at = {.source = desk.source,
                              .store = desk.store,
                              .settings = &env->settings,
                              .service = env->service,
                              .actor = env->actor,
                              .read_only = env->read_only};
    struct release_options options = {.wanted = job->wanted,
                                      .from = job->from,
                                      .section = job->section,
                                      .entries = job->entries,
                                      .offline = !job->online,
                                      .now_ms = clock_now_ms()};
    if (release_prepare(&job->proposal, &at, &options, call, err) < 0)
        return -1;
    return job->proposal.has_plan ? release_preview(&job->steps, &job->proposal.plan, err) : 0;
}

static void ask_done(void *work, int result, const struct error *err)
{
    struct ask_job *job = work;
    struct proposal_model *model = job->model;
    if (job->asked == model->asked) {
        struct load *load = job->online ? &model->remote : &model->load;
        bool well = load_end(load, result, err);
        /* The answer without the network never replaces the one with it. */
        if (well && (job->online || !model->online)) {
            release_proposal_clear(&model->proposal);
            release_steps_clear(&model->steps);
            model->proposal = job->proposal;
            model->steps = job->steps;
            model->has = true;
            model->online = job->online;
            job->proposal = (struct release_proposal){0};
            job->steps = (struct release_steps){0};
        }
    }
    model->work->changed = true;
    release_proposal_clear(&job->proposal);
    release_steps_clear(&job->steps);
    free(job->wanted);
    free(job->from);
    free(job->section);
    free(job);
}

static void submit(struct proposal_model *model, bool online)
{
    struct ask_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->asked = model->asked;
    job->online = online;
    job->wanted = mem_string(model->wanted);
    job->from = mem_string(model->from);
    job->section = mem_string(model->section);
    job->entries = model->entries;
    struct load *load = online ? &model->remote : &model->load;
    load->error = (struct error){0};
    load_begin(load, pool_submit(model->work->pool, &(struct job){.backend = online ? "origin" : "plan",
                                                                  .label = online ? TEXT("remote") : TEXT("plan"),
                                                                  .run = ask_run,
                                                                  .done = ask_done,
                                                                  .work = job}));
}

static void give_up(struct proposal_model *model)
{
    model->asked++;
    struct load *loads[] = {&model->load, &model->remote};
    for (size_t i = 0; i < 2; i++) {
        if (loads[i]->job)
            pool_cancel(model->work->pool, loads[i]->job);
        *loads[i] = (struct load){0};
    }
    model->online = false;
}

void proposal_ask(struct proposal_model *model, const char *wanted, const char *from, const char *section,
                  enum release_entries entries)
{
    char *old[] = {model->wanted, model->from, model->section};
    give_up(model);
    model->wanted = mem_string(wanted);
    model->from = mem_string(from);
    model->section = mem_string(section);
    model->entries = entries;
    for (size_t i = 0; i < 3; i++)
        free(old[i]);
    submit(model, false);
}

void proposal_ask_remote(struct proposal_model *model)
{
    if (!load_under_way(&model->remote))
        submit(model, true);
}

bool proposal_ready(const struct proposal_model *model, bool offline)
{
    /* While the answer to what was asked last is out, what is shown belongs to an older question. */
    bool settled = model->online || (!load_under_way(&model->load) && !load_failed(&model->load));
    return model->has && settled && (model->online || offline) && release_proposal_ready(&model->proposal);
}

void proposal_forget(struct proposal_model *model)
{
    give_up(model);
    release_proposal_clear(&model->proposal);
    release_steps_clear(&model->steps);
    free(model->wanted);
    free(model->from);
    free(model->section);
    model->wanted = model->from = model->section = NULL;
    model->has = false;
}
