#include "ui/model/run_model.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

enum { LOOK_MS = 10000 };

static struct release_desk release_desk(const struct desk *desk, const struct environment *env)
{
    return (struct release_desk){.source = desk->source,
                                 .store = desk->store,
                                 .settings = &env->settings,
                                 .service = env->service,
                                 .actor = env->actor,
                                 .read_only = env->read_only};
}

struct look_job {
    struct run_model *model;
    const struct environment *environment;
    bool has;
    struct release_view view;
};

static int look_run(void *work, const struct call *call, struct error *err)
{
    struct look_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_SOURCE | DESK_STORE_IF_THERE, call, err) < 0)
        return -1;
    if (!desk.store.ops)
        return 0;
    struct release_desk at = release_desk(&desk, job->environment);
    if (release_look(&job->view, &at, NULL, call, err) == 0) {
        job->has = true;
        return 0;
    }
    return err->kind == ERROR_NOT_FOUND ? 0 : -1;
}

static void look_done(void *work, int result, const struct error *err)
{
    struct look_job *job = work;
    struct run_model *model = job->model;
    if (load_end(&model->load, result, err)) {
        if (model->has)
            release_view_clear(&model->view);
        model->has = job->has;
        model->view = job->view;
        model->seen_ms = clock_now_ms();
    }
    model->work->changed = true;
    bool again = model->load.again;
    free(job);
    if (again)
        run_look(model);
}

void run_look(struct run_model *model)
{
    if (load_under_way(&model->load)) {
        model->load.again = true;
        return;
    }
    struct look_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    load_begin(&model->load, pool_submit(model->work->pool, &(struct job){.backend = "store",
                                                                          .label = TEXT("store"),
                                                                          .timeout_ms = LOOK_MS,
                                                                          .run = look_run,
                                                                          .done = look_done,
                                                                          .work = job}));
}

bool run_is_open(const struct run_model *model)
{
    enum run_status status = model->view.info.status;
    return model->has && (status == RUN_OPEN || status == RUN_WAITING || status == RUN_HELD);
}

bool run_is_ours(const struct run_model *model)
{
    return load_under_way(&model->drive);
}

enum drive_kind { DRIVE_BEGIN, DRIVE_RESUME, DRIVE_UNDO };

struct drive_job {
    struct run_model *model;
    const struct environment *environment;
    enum drive_kind kind;
    struct release_proposal proposal;
    char *id, *reason;
    bool step, begun;
};

static int drive_run(void *work, const struct call *call, struct error *err)
{
    struct drive_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    CLEANUP(run_info_clear) struct run_info info = {0};
    if (desk_open(&desk, job->environment, DESK_SOURCE | DESK_STORE, call, err) < 0)
        return -1;
    struct release_desk at = release_desk(&desk, job->environment);
    at.step = job->step;
    at.resume = job->kind == DRIVE_RESUME;
    if (job->kind == DRIVE_BEGIN && release_begin(&info, &at, &job->proposal, job->reason, call, err) < 0)
        return -1;
    if (job->kind == DRIVE_UNDO && release_undo(&info, &at, job->id, job->reason, call, err) < 0)
        return -1;
    job->begun = true;
    enum run_status status;
    return release_drive(&status, &at, info.id ? info.id : job->id, call, err);
}

static void drive_done(void *work, int result, const struct error *err)
{
    struct drive_job *job = work;
    struct run_model *model = job->model;
    load_end(&model->drive, result, err);
    model->begun = job->begun;
    model->ended = true;
    model->work->changed = true;
    release_proposal_clear(&job->proposal);
    free(job->id);
    free(job->reason);
    free(job);
    run_look(model);
}

static void drive(struct run_model *model, enum drive_kind kind, struct release_proposal *proposal,
                  const char *reason, bool step)
{
    if (load_under_way(&model->drive))
        return;
    struct drive_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->kind = kind;
    job->step = step;
    job->reason = mem_string(reason ? reason : "");
    if (model->has && kind != DRIVE_BEGIN)
        job->id = mem_string(model->view.info.id);
    if (proposal) {
        job->proposal = *proposal;
        *proposal = (struct release_proposal){0};
    }
    static const struct text words[] = {TEXT("release"), TEXT("release"), TEXT("undo")};
    model->doing = words[kind];
    model->begun = false;
    model->drive.error = (struct error){0};
    load_begin(&model->drive, pool_submit(model->work->pool, &(struct job){.backend = "release",
                                                                           .label = words[kind],
                                                                           .run = drive_run,
                                                                           .done = drive_done,
                                                                           .work = job}));
}

void run_begin(struct run_model *model, struct release_proposal *proposal, const char *reason, bool step)
{
    drive(model, DRIVE_BEGIN, proposal, reason, step);
}

void run_resume(struct run_model *model, bool step)
{
    if (model->has)
        drive(model, DRIVE_RESUME, NULL, "", step);
}

void run_undo(struct run_model *model, const char *reason)
{
    if (model->has)
        drive(model, DRIVE_UNDO, NULL, reason, false);
}

void run_stop(struct run_model *model)
{
    if (load_under_way(&model->drive))
        pool_cancel(model->work->pool, model->drive.job);
}

struct undo_job {
    struct run_model *model;
    const struct environment *environment;
    char *id;
    struct release_steps steps;
};

static int undo_run(void *work, const struct call *call, struct error *err)
{
    struct undo_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_SOURCE | DESK_STORE, call, err) < 0)
        return -1;
    struct release_desk at = release_desk(&desk, job->environment);
    return release_undo_preview(&job->steps, &at, job->id, call, err);
}

static void undo_done(void *work, int result, const struct error *err)
{
    struct undo_job *job = work;
    struct run_model *model = job->model;
    release_steps_clear(&model->undo_steps);
    model->has_undo = load_end(&model->undo, result, err);
    model->undo_steps = job->steps;
    model->work->changed = true;
    free(job->id);
    free(job);
}

void run_preview_undo(struct run_model *model)
{
    if (!model->has || load_under_way(&model->undo))
        return;
    struct undo_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->id = mem_string(model->view.info.id);
    model->has_undo = false;
    model->undo.error = (struct error){0};
    load_begin(&model->undo, pool_submit(model->work->pool, &(struct job){.backend = "origin",
                                                                          .label = TEXT("undo"),
                                                                          .run = undo_run,
                                                                          .done = undo_done,
                                                                          .work = job}));
}

void run_clear(struct run_model *model)
{
    if (model->has)
        release_view_clear(&model->view);
    release_steps_clear(&model->undo_steps);
    model->has = false;
}
