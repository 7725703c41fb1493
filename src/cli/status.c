/* status: what is released, what is next, what is open. Printed by `signalbox` without a terminal, too. */
#include "base/clock.h"
#include "cli/desk.h"

struct status {
    struct history history;
    struct source_state state;
    struct run_info open; /* id NULL: none */
};

static int look_for_run(struct status *out, struct cli *cli, struct source source, struct error *err)
{
    struct release_desk desk = {.source = source,
                                .settings = &cli->env.settings,
                                .service = cli->env.service,
                                .actor = cli->env.actor,
                                .read_only = true};
    if (!environment_has_store(&cli->env))
        return 0;
    if (environment_store(&desk.store, &cli->env, &cli->call, err) < 0)
        return -1;
    int result = release_open(&out->open, &desk, &cli->call, err);
    cli_close_store(&desk.store);
    return result;
}

static int look(struct status *out, struct cli *cli, struct error *err)
{
    struct source source = {0};
    if (cli_source(&source, cli, err) < 0)
        return -1;
    int result = source.ops->state(source.self, &out->state, &cli->call, err);
    if (result == 0)
        result = cli_history(&out->history, cli, source, true, err);
    if (result == 0)
        result = look_for_run(out, cli, source, err);
    cli_close_source(&source);
    return result;
}

static void print_json(struct cli *cli, const struct status *status)
{
    struct json_writer *w = &cli->out.writer;
    const struct history *history = &status->history;
    json_begin_object(w, NULL);
    json_put_string(w, "project", cli->env.settings.project);
    json_put_string(w, "environment", cli->env.settings.environment);
    json_put_bool(w, "protected", cli->env.settings.protected_environment);
    json_put_string(w, "service", cli->env.service->name);
    json_put_string(w, "branch", status->state.branch);
    json_put_string(w, "head", status->state.head);
    json_put_string(w, "remote", status->state.remote);
    json_put_int(w, "ahead", status->state.ahead);
    json_put_int(w, "behind", status->state.behind);
    json_put_bool(w, "trusted", cli->env.config.trusted);
    cli_json_version(w, "current", history->current < 0 ? NULL : &history->versions[history->current]);
    cli_json_version(w, "latest", history->latest < 0 ? NULL : &history->versions[history->latest]);
    json_put_string(w, "next", history->suggestion);
    cli_json_text(w, "why", history->suggestion_why);
    json_put_int(w, "commits", (int64_t)history->since.count);
    cli_json_run(w, "open", status->open.id ? &status->open : NULL);
    json_end_object(w);
}

static void print_position(struct cli *cli, const struct source_state *state)
{
    char where[96] = "";
    if (state->ahead || state->behind)
        text_fmt(where, sizeof(where), ", %d ahead and %d behind %s", state->ahead, state->behind,
                 state->remote ? state->remote : "the remote");
    output_line(&cli->out, "branch   %s%s%.10s%s", state->branch ? state->branch : "(detached)",
                state->head[0] ? " at " : ", no commit yet", state->head, where);
}

static void print_text(struct cli *cli, const struct status *status)
{
    const struct history *history = &status->history;
    char age[32];
    output_line(&cli->out, "%s  %s%s", cli->env.title, cli->env.settings.environment,
                cli->env.settings.protected_environment ? " (protected)" : "");
    print_position(cli, &status->state);
    if (history->current >= 0) {
        const struct history_version *current = &history->versions[history->current];
        struct text ago = clock_age(age, sizeof(age), current->when_ms, clock_now_ms());
        output_line(&cli->out, "current  %s (%s, %.*s)", current->version, current->tag, (int)ago.len, ago.safe);
    } else {
        output_line(&cli->out, "current  none yet");
    }
    if (history->latest >= 0 && history->latest != history->current)
        output_line(&cli->out, "latest   %s, which is not part of what is checked out",
                    history->versions[history->latest].version);
    if (history->suggestion)
        output_line(&cli->out, "next     %s (%.*s)", history->suggestion, (int)history->suggestion_why.len,
                    history->suggestion_why.safe);
    else
        output_line(&cli->out, "next     nothing to release");
    if (status->open.id)
        output_line(&cli->out, "open     %s %s, %s, begun by %s; `signalbox release resume` goes on",
                    status->open.kind, status->open.subject, run_status_name(status->open.status),
                    status->open.actor);
}

int cli_status(struct cli *cli, struct error *err)
{
    struct status status = {0};
    int result = look(&status, cli, err);
    if (result == 0 && cli->out.json)
        print_json(cli, &status);
    else if (result == 0)
        print_text(cli, &status);
    run_info_clear(&status.open);
    source_state_clear(&status.state);
    history_clear(&status.history);
    return result;
}
