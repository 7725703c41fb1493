/* release show and list: what was done, read from the store. Neither makes a store where there is none. */
#include "base/clock.h"
#include "cli/desk.h"

static int nothing_yet(struct cli *cli, struct error *err)
{
    error_set(err, ERROR_NOT_FOUND, "No release of %s has been made from here", cli->env.service->name);
    return error_todo(err, "`signalbox release create --dry-run` shows the first");
}

static void show_text(struct cli *cli, const struct release_view *view)
{
    char begun[32];
    struct text when = clock_iso(begun, sizeof(begun), view->info.begun_ms);
    output_line(&cli->out, "%s %s  %s, %s  by %s  %.*s", view->is_undo ? "undo of" : "release", view->info.subject,
                view->info.id, run_status_name(view->info.status), view->info.actor, (int)when.len, when.safe);
    if (view->info.reason && *view->info.reason)
        output_line(&cli->out, "because: %s", view->info.reason);
    if (view->reason.len)
        output_line(&cli->out, "%.*s", (int)view->reason.len, view->reason.safe);
    cli_show_steps(cli, &view->steps);
}

static void show_json(struct cli *cli, const struct release_view *view)
{
    struct json_writer *w = &cli->out.writer;
    json_begin_object(w, NULL);
    cli_json_run(w, "run", &view->info);
    json_put_bool(w, "undo", view->is_undo);
    json_put_string(w, "of", view->of);
    json_put_string(w, "version", view->plan.version);
    json_put_string(w, "tag", view->plan.tag);
    cli_json_text(w, "reason", view->reason);
    cli_json_steps(w, "steps", &view->steps);
    json_end_object(w);
}

int cli_release_show(struct cli *cli, struct error *err)
{
    struct release_desk desk;
    struct release_view view;
    if (cli_open(cli, err) < 0)
        return -1;
    if (!environment_has_store(&cli->env))
        return nothing_yet(cli, err);
    if (cli_desk(&desk, cli, err) < 0)
        return -1;
    int result = release_look(&view, &desk, cli_argument(cli, 0), &cli->call, err);
    if (result == 0) {
        if (cli->out.json)
            show_json(cli, &view);
        else
            show_text(cli, &view);
        release_view_clear(&view);
    }
    cli_desk_close(&desk);
    return result;
}

static void print_runs(struct cli *cli, const struct run_infos *runs)
{
    size_t limit = cli_limit(cli, 0);
    char when[32];
    for (size_t i = 0; i < runs->count && (!limit || i < limit); i++) {
        const struct run_info *info = &runs->items[i];
        if (cli->out.json) {
            cli_json_run(&cli->out.writer, NULL, info);
            continue;
        }
        struct text begun = clock_iso(when, sizeof(when), info->begun_ms);
        output_line(&cli->out, "%-7s  %-8s %-16s %-9s  %.*s  %s", info->id, info->kind, info->subject,
                    run_status_name(info->status), (int)begun.len, begun.safe, info->actor);
    }
}

int cli_release_list(struct cli *cli, struct error *err)
{
    struct release_desk desk;
    struct run_infos runs = {0};
    if (cli_open(cli, err) < 0)
        return -1;
    if (environment_has_store(&cli->env)) {
        if (cli_desk(&desk, cli, err) < 0)
            return -1;
        int result = release_list(&runs, &desk, &cli->call, err);
        cli_desk_close(&desk);
        if (result < 0)
            return -1;
    }
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_begin_array(&cli->out.writer, "runs");
    }
    print_runs(cli, &runs);
    if (cli->out.json) {
        json_end_array(&cli->out.writer);
        json_end_object(&cli->out.writer);
    } else if (!runs.count) {
        output_line(&cli->out, "No release of %s has been made from here.", cli->env.service->name);
    }
    run_infos_clear(&runs);
    return 0;
}
