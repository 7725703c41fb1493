#include "ui/view/steps_confirm.h"

#include "ui/view/step_detail.h"

enum { PATIENCE_MS = 3000 }; /* after that the remote may be gone on without */

static void show_run(struct scene *scene)
{
    scene->steps_at.page = STEPS_RUN;
    scene->steps_at.top = 0;
    scene->steps_at.step_moved = false;
    scene->work.changed = true;
}

/* Does the screen know all it can know, or has the person waited long enough? */
static bool may_begin(struct scene *scene)
{
    struct proposal_model *proposal = &scene->proposal;
    bool no_remote = proposal->has && proposal->proposal.has_plan && !*proposal->proposal.plan.remote;
    bool waited = load_failed(&proposal->remote) || scene->boot_ms - proposal->remote.since_ms > PATIENCE_MS;
    scene->steps_at.offline = !proposal->online && !no_remote;
    if (proposal_ready(proposal, no_remote || waited))
        return true;
    if (proposal->has && proposal->proposal.findings.refusals > 0)
        scene_notice(scene, NOTICE_CAUTION, "NOT YET", "Something stands in the way: see what to do about it above.");
    else
        scene_notice(scene, NOTICE_PLAIN, "WAIT",
                     "The remote has not answered yet; in a moment it may be gone on without.");
    return false;
}

static void begin_all(void *context, bool yes, const char *reason)
{
    struct scene *scene = context;
    if (!yes)
        return;
    run_begin(&scene->run, &scene->proposal.proposal, reason, false);
    proposal_forget(&scene->proposal);
    show_run(scene);
}

static void begin_step(void *context, bool yes, const char *reason)
{
    struct scene *scene = context;
    if (!yes)
        return;
    run_begin(&scene->run, &scene->proposal.proposal, reason, true);
    proposal_forget(&scene->proposal);
    show_run(scene);
}

void confirm_begin(struct scene *scene, bool all)
{
    const struct release_plan *plan = &scene->proposal.proposal.plan;
    char title[128];
    if (!may_begin(scene))
        return;
    text_fmt(title, sizeof(title), "Release %s", plan->version);
    struct ask *ask = scene_ask(scene, title, all ? begin_all : begin_step, scene);
    steps_say(&ask->sentence, &scene->proposal.steps, all);
    if (scene->steps_at.offline)
        text_addf(&ask->detail, "%s has not answered: the push still compares before it changes anything.",
                  plan->remote);
    else if (all)
        text_adds(&ask->detail, "Until the push, everything can be taken back.");
    scene_ask_reason(ask);
    scene_ask_open(scene, all ? "do all of it" : "do this step", "y", plan->version, false);
}

static void resume_all(void *context, bool yes, const char *typed)
{
    (void)typed;
    if (yes)
        run_resume(&((struct scene *)context)->run, false);
}

static void resume_step(void *context, bool yes, const char *typed)
{
    (void)typed;
    if (yes)
        run_resume(&((struct scene *)context)->run, true);
}

void confirm_resume(struct scene *scene, bool all)
{
    const struct run_model *run = &scene->run;
    if (!run_is_open(run) || run_is_ours(run) || !scene->fresh || scene_refuses(scene, "gone on with"))
        return;
    if (!all && !scene->environment->settings.protected_environment) {
        run_resume(&scene->run, true);
        return;
    }
    char title[128];
    text_fmt(title, sizeof(title), "%s %s", run->view.is_undo ? "Undo" : "Release", run->view.info.subject);
    struct ask *ask = scene_ask(scene, title, all ? resume_all : resume_step, scene);
    steps_say(&ask->sentence, &run->view.steps, all);
    scene_ask_open(scene, all ? "do the rest" : "do this step", "y", run->view.info.subject, false);
}

static void undo_all(void *context, bool yes, const char *reason)
{
    struct scene *scene = context;
    if (!yes)
        return;
    run_undo(&scene->run, reason);
    show_run(scene);
}

void confirm_undo(struct scene *scene)
{
    const struct run_model *run = &scene->run;
    if (!run->has_undo || run_is_ours(run))
        return;
    char title[128];
    text_fmt(title, sizeof(title), "Take back %s", run->view.info.subject);
    struct ask *ask = scene_ask(scene, title, undo_all, scene);
    steps_say(&ask->sentence, &run->undo_steps, true);
    scene_ask_reason(ask);
    scene_ask_open(scene, "take it back", "y", run->view.info.subject, true);
}
