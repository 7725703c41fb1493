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
    return load_under_way(&model->drive) || model->parked;
}

enum drive_kind { DRIVE_BEGIN, DRIVE_RESUME, DRIVE_UNDO };

struct drive_job {
    struct run_model *model;
    const struct environment *environment;
    enum drive_kind kind;
    struct release_proposal proposal;
    char *id, *reason;
    bool step, begun;
    bool signs; /* and whether the key can be used is not known yet */
    bool locked;
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
    enum source_signing signing = SOURCE_SIGNS_NOTHING;
    if (job->signs && release_signing(&signing, &at, call, err) < 0)
        return -1;
    job->locked = signing == SOURCE_SIGNS_ASKING;
    if (job->locked)
        return 0;
    if (job->kind == DRIVE_BEGIN && release_begin(&info, &at, &job->proposal, job->reason, call, err) < 0)
        return -1;
    if (job->kind == DRIVE_UNDO && release_undo(&info, &at, job->id, job->reason, call, err) < 0)
        return -1;
    job->begun = true;
    enum run_status status;
    return release_drive(&status, &at, info.id ? info.id : job->id, call, err);
}

static void drive_job_free(struct drive_job *job)
{
    release_proposal_clear(&job->proposal);
    free(job->id);
    free(job->reason);
    free(job);
}

static void drive_done(void *work, int result, const struct error *err)
{
    struct drive_job *job = work;
    struct run_model *model = job->model;
    load_end(&model->drive, result, err);
    model->work->changed = true;
    if (result == 0 && job->locked) {
        model->parked = job;
        return;
    }
    model->begun = job->begun;
    model->ended = true;
    drive_job_free(job);
    run_look(model);
}

static void submit(struct run_model *model, struct drive_job *job)
{
    load_begin(&model->drive, pool_submit(model->work->pool, &(struct job){.backend = "release",
                                                                           .label = model->doing,
                                                                           .run = drive_run,
                                                                           .done = drive_done,
                                                                           .work = job}));
}

static int unlock(const struct environment *environment, const struct call *call, struct error *err)
{
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, environment, DESK_SOURCE, call, err) < 0)
        return -1;
    struct release_desk at = release_desk(&desk, environment);
    return release_unlock(&at, getenv("SIGNALBOX_ASKPASS_TTY"), call, err);
}

void run_unlock(struct run_model *model, const struct call *call)
{
    struct drive_job *job = model->parked;
    struct error err = {0};
    model->parked = NULL;
    if (unlock(job->environment, call, &err) == 0) {
        job->signs = false;
        submit(model, job);
        return;
    }
    /* That the person said no is to be seen: nothing was begun. */
    if (err.kind == ERROR_CANCELLED)
        err.kind = ERROR_REFUSED;
    if (!err.todo[0])
        error_todo(&err, "Nothing was begun; try again with the passphrase at hand");
    drive_done(job, -1, &err);
}

static void drive(struct run_model *model, enum drive_kind kind, struct release_proposal *proposal,
                  const char *reason, bool step)
{
    if (run_is_ours(model))
        return;
    struct drive_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->kind = kind;
    job->step = step;
    job->signs = kind == DRIVE_BEGIN || (kind == DRIVE_RESUME && !model->view.is_undo);
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
    submit(model, job);
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
    if (model->parked)
        drive_job_free(model->parked);
    model->parked = NULL;
    model->has = false;
}
