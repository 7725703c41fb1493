#include "cli/desk.h"

#include <string.h>

#include "base/clock.h"
#include "cli/askpass.h"

static void on_event(void *context, enum run_event event, const struct effect *effect, struct text words)
{
    struct cli *cli = context;
    struct text what = effect ? effect->words : words;
    switch (event) {
    case RUN_EVENT_BEGIN:
        output_now(&cli->out);
        if (cli->out.err_terminal)
            output_progress(&cli->out, what, 0, 0);
        return;
    case RUN_EVENT_DONE:
        output_line(&cli->out, "  done     %.*s", (int)what.len, what.safe);
        return;
    case RUN_EVENT_FOUND_DONE:
        output_line(&cli->out, "  is done  %.*s", (int)what.len, what.safe);
        return;
    case RUN_EVENT_FAILED:
        output_line(&cli->out, "  failed   %.*s", (int)what.len, what.safe);
        return;
    case RUN_EVENT_WAIT:
    case RUN_EVENT_HOLD:
        output_line(&cli->out, "  %s    %.*s", event == RUN_EVENT_WAIT ? "waits" : "holds", (int)words.len,
                    words.len ? words.safe : "");
        return;
    case RUN_EVENT_FINISH:
        return;
    }
}

int cli_desk(struct release_desk *out, struct cli *cli, struct error *err)
{
    *out = (struct release_desk){0};
    if (askpass_prepare(err) < 0 || cli_source(&out->source, cli, err) < 0)
        return -1;
    if (environment_store(&out->store, &cli->env, &cli->call, err) < 0) {
        cli_close_source(&out->source);
        return -1;
    }
    out->settings = &cli->env.settings;
    out->service = cli->env.service;
    out->actor = cli->env.actor;
    out->read_only = cli->env.read_only;
    out->keep_waiting = cli_given(cli, OPTION_WAIT);
    out->on_event = on_event;
    out->event_context = cli;
    return 0;
}

void cli_desk_close(struct release_desk *desk)
{
    cli_close_store(&desk->store);
    cli_close_source(&desk->source);
}

static void show_step(struct output *out, size_t number, const struct release_step *step)
{
    static const char *const marks[] = {
        [RELEASE_STEP_TODO] = " ",  [RELEASE_STEP_NEXT] = "▸", [RELEASE_STEP_WAITING] = "◌",
        [RELEASE_STEP_BEGUN] = "◐", [RELEASE_STEP_DONE] = "✓", [RELEASE_STEP_FAILED] = "!",
    };
    output_line(out, " %s %2zu  %-14.*s  %.*s", marks[step->status], number, (int)step->title.len, step->title.safe,
                (int)step->words.len, step->words.safe);
    if (step->evidence.len)
        output_line(out, "                       %.*s", (int)step->evidence.len, step->evidence.safe);
    if (step->error.kind != ERROR_NONE)
        output_line(out, "                       %s%s%s", step->error.what, step->error.why[0] ? ": " : "",
                    step->error.why);
    if (step->undo.len && step->status != RELEASE_STEP_DONE)
        output_line(out, "                       back: %.*s", (int)step->undo.len, step->undo.safe);
}

void cli_show_steps(struct cli *cli, const struct release_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        show_step(&cli->out, i + 1, &steps->items[i]);
}

void cli_json_steps(struct json_writer *w, const char *name, const struct release_steps *steps)
{
    json_begin_array(w, name);
    for (size_t i = 0; i < steps->count; i++) {
        const struct release_step *step = &steps->items[i];
        json_begin_object(w, NULL);
        json_put_string(w, "id", step->id);
        cli_json_text(w, "title", step->title);
        cli_json_text(w, "words", step->words);
        cli_json_text(w, "wayBack", step->undo);
        json_put_string(w, "status", release_step_status_name(step->status));
        cli_json_time(w, "begun", step->begun_ms);
        cli_json_time(w, "ended", step->ended_ms);
        cli_json_text(w, "evidence", step->evidence);
        json_put_string(w, "error", step->error.kind == ERROR_NONE ? NULL : step->error.what);
        json_end_object(w);
    }
    json_end_array(w);
}

void cli_json_run(struct json_writer *w, const char *name, const struct run_info *info)
{
    if (!info) {
        json_put_null(w, name);
        return;
    }
    json_begin_object(w, name);
    json_put_string(w, "id", info->id);
    json_put_string(w, "kind", info->kind);
    json_put_string(w, "subject", info->subject);
    json_put_string(w, "status", run_status_name(info->status));
    json_put_string(w, "actor", info->actor);
    json_put_string(w, "reason", info->reason);
    cli_json_time(w, "begun", info->begun_ms);
    cli_json_time(w, "changed", info->changed_ms);
    json_end_object(w);
}

static void findings_json(struct json_writer *w, const struct release_findings *findings)
{
    json_begin_array(w, "findings");
    for (size_t i = 0; i < findings->count; i++) {
        json_begin_object(w, NULL);
        json_put_string(w, "level", finding_level_name(findings->items[i].level));
        json_put_string(w, "code", findings->items[i].code);
        cli_json_text(w, "what", findings->items[i].what);
        cli_json_text(w, "todo", findings->items[i].todo);
        json_end_object(w);
    }
    json_end_array(w);
}

static void proposal_json(struct cli *cli, const struct release_proposal *proposal, const struct release_steps *steps)
{
    struct json_writer *w = &cli->out.writer;
    json_put_bool(w, "ready", release_proposal_ready(proposal));
    findings_json(w, &proposal->findings);
    if (!proposal->has_plan)
        return;
    json_put_string(w, "version", proposal->plan.version);
    json_put_string(w, "tag", proposal->plan.tag);
    json_put_string(w, "previous", proposal->plan.previous);
    json_put_string(w, "why", proposal->plan.why);
    json_put_string(w, "notes", proposal->section);
    cli_json_steps(w, "plan", steps);
}

static void show_finding(struct output *out, const struct release_finding *finding)
{
    output_line(out, "  %s: %.*s%s%.*s", finding_level_name(finding->level), (int)finding->what.len,
                finding->what.safe, finding->todo.len ? ". " : "", (int)finding->todo.len,
                finding->todo.len ? finding->todo.safe : "");
}

/* What is in the way comes last, where the eye is; the steps that will not happen are left to a dry run. */
static void proposal_text(struct cli *cli, const struct release_proposal *proposal, const struct release_steps *steps)
{
    const struct release_findings *findings = &proposal->findings;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (proposal->has_plan) {
        const struct release_plan *plan = &proposal->plan;
        output_line(&cli->out, "%s %s → %s  %s", plan->service, *plan->previous ? plan->previous : "(nothing)",
                    plan->version, plan->why);
    }
    for (size_t i = findings->refusals; i < findings->count; i++)
        show_finding(&cli->out, &findings->items[i]);
    if (dry || release_proposal_ready(proposal))
        cli_show_steps(cli, steps);
    /* Without a dry run the first is the error that follows. */
    for (size_t i = dry ? 0 : 1; i < findings->refusals; i++)
        show_finding(&cli->out, &findings->items[i]);
}

int cli_show_proposal(struct cli *cli, const struct release_proposal *proposal, struct error *err)
{
    struct release_steps steps = {0};
    if (proposal->has_plan && release_preview(&steps, &proposal->plan, err) < 0)
        return -1;
    if (cli->out.json)
        proposal_json(cli, proposal, &steps);
    else
        proposal_text(cli, proposal, &steps);
    release_steps_clear(&steps);
    return 0;
}

static void run_words(struct cli *cli, const struct release_view *view)
{
    const struct run_info *info = &view->info;
    const char *what = view->is_undo ? "The undo of" : "Release";
    int len = (int)view->reason.len;
    const char *reason = len ? view->reason.safe : "";
    switch (info->status) {
    case RUN_FINISHED:
        output_line(&cli->out, "%s %s is done (%s).", what, info->subject, info->id);
        if (!view->is_undo && view->plan.push && view->plan.mode == RELEASE_PULL_REQUEST && len)
            output_line(&cli->out, "%.*s.", len, reason);
        return;
    case RUN_UNDONE:
        output_line(&cli->out, "%s %s was taken back (%s).", what, info->subject, info->id);
        return;
    case RUN_WAITING:
        output_line(&cli->out, "%s %s waits: %.*s. `signalbox release resume` goes on.", what, info->subject, len,
                    reason);
        return;
    case RUN_HELD:
        output_line(&cli->out, "%s %s holds: %.*s. `signalbox release resume` looks again.", what, info->subject, len,
                    reason);
        return;
    case RUN_OPEN:
    case RUN_FAILED:
        output_line(&cli->out, "%s %s is %s (%s).", what, info->subject,
                    info->status == RUN_OPEN ? "not finished" : "given up", info->id);
        return;
    }
}

int cli_show_run(struct cli *cli, const struct release_desk *desk, const char *id, struct error *err)
{
    struct release_view view;
    if (release_look(&view, desk, id, &cli->call, err) < 0)
        return -1;
    if (view.info.status == RUN_HELD)
        cli->code = error_exit_code(ERROR_REFUSED);
    else if (view.info.status == RUN_FAILED)
        cli->code = error_exit_code(ERROR_FAILED);
    if (cli->out.json) {
        cli_json_run(&cli->out.writer, "run", &view.info);
        json_put_string(&cli->out.writer, "of", view.of);
        cli_json_text(&cli->out.writer, "reason", view.reason);
        cli_json_steps(&cli->out.writer, "steps", &view.steps);
    } else {
        run_words(cli, &view);
    }
    release_view_clear(&view);
    return 0;
}
