/* release create, resume, undo, and the commands that count the version up here: all of them drive a run. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cli/desk.h"
#include "version/semver.h"

static enum release_mode mode_of(const char *word)
{
    static const char *const names[] = {
        [RELEASE_DIRECT] = "direct", [RELEASE_PULL_REQUEST] = "pull-request", [RELEASE_TAG_ONLY] = "tag-only"};
    for (size_t i = 0; i < COUNT(names); i++)
        if (strcmp(names[i], word) == 0)
            return (enum release_mode)i;
    return RELEASE_DIRECT;
}

/* Drives the run and says how it stands, also when it broke off: what was done is what a person wants to know then. */
static int drive(struct cli *cli, struct release_desk *desk, const char *id, struct error *err)
{
    enum run_status status;
    struct error shown;
    int result = release_drive(&status, desk, id, &cli->call, err);
    if (result < 0 && !err->todo[0])
        error_todo(err, "`signalbox release resume` goes on, `signalbox release undo` takes it back");
    if (result < 0 && cli->out.json)
        return -1;
    if (cli_show_run(cli, desk, id, result < 0 ? &shown : err) < 0)
        return -1;
    return result;
}

/* A remote that is silent today is no rule that says no: whoever reads the exit code may try again. */
static enum error_kind refusal_kind(const struct release_proposal *proposal)
{
    enum error_kind kind = ERROR_REFUSED;
    for (size_t i = 0; i < proposal->findings.count; i++) {
        const struct release_finding *finding = &proposal->findings.items[i];
        if (finding->level != FINDING_REFUSE)
            continue;
        if (strcmp(finding->code, "remote-unreachable") != 0)
            return ERROR_REFUSED;
        kind = ERROR_UNAVAILABLE;
    }
    return kind;
}

/* Without a plan to speak of, the first refusal is the error. */
static int refusal(const struct release_proposal *proposal, struct error *err)
{
    error_set(err, refusal_kind(proposal), "The release cannot be made");
    for (size_t i = 0; i < proposal->findings.count; i++) {
        const struct release_finding *finding = &proposal->findings.items[i];
        if (finding->level != FINDING_REFUSE)
            continue;
        error_why(err, "%.*s", (int)finding->what.len, finding->what.safe);
        if (finding->todo.len)
            error_todo(err, "%.*s", (int)finding->todo.len, finding->todo.safe);
        break;
    }
    return -1;
}

/* The question for a locked signing key comes before anything is begun, on the terminal of this command if it has one. */
static int unlock_key(struct cli *cli, const struct release_desk *desk, struct error *err)
{
    const char *tty = getenv("GPG_TTY");
    if (!tty || !*tty)
        tty = getenv("SIGNALBOX_ASKPASS_TTY");
    output_now(&cli->out);
    return release_unlock(desk, tty && *tty ? tty : NULL, &cli->call, err);
}

static int begin_and_drive(struct cli *cli, struct release_desk *desk, const struct release_proposal *proposal,
                           struct error *err)
{
    struct run_info info = {0};
    const char *reason = cli->given.values[OPTION_REASON];
    const struct release_plan *plan = &proposal->plan;
    if (!release_proposal_ready(proposal))
        return release_check_free(desk, &cli->call, err) < 0 ? -1 : refusal(proposal, err);
    if (cli_confirm_word(cli, plan->version, err, "Release %s of %s in %s%s?", plan->version, plan->service,
                         cli->env.settings.environment, plan->push ? "" : ", without a push") < 0)
        return -1;
    if (unlock_key(cli, desk, err) < 0 ||
        release_begin(&info, desk, proposal, reason ? reason : "", &cli->call, err) < 0)
        return -1;
    int result = drive(cli, desk, info.id, err);
    run_info_clear(&info);
    return result;
}

static int create(struct cli *cli, struct release_desk *desk, const struct release_options *options,
                  struct error *err)
{
    struct release_proposal proposal = {0};
    if (release_prepare(&proposal, desk, options, &cli->call, err) < 0)
        return -1;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_bool(&cli->out.writer, "dryRun", dry);
    }
    int result = cli_show_proposal(cli, &proposal, err);
    if (result == 0 && !dry)
        result = begin_and_drive(cli, desk, &proposal, err);
    else if (result == 0 && !release_proposal_ready(&proposal))
        cli->code = error_exit_code(refusal_kind(&proposal));
    if (cli->out.json && result == 0)
        json_end_object(&cli->out.writer);
    release_proposal_clear(&proposal);
    return result;
}

static int with_desk(struct cli *cli, const struct release_options *options, struct error *err)
{
    struct release_desk desk;
    if (cli_desk(&desk, cli, err) < 0)
        return -1;
    int result = create(cli, &desk, options, err);
    cli_desk_close(&desk);
    return result;
}

static struct release_options common_options(const struct cli *cli)
{
    struct release_options options = {.now_ms = clock_now_ms(), .no_push = cli_given(cli, OPTION_NO_PUSH)};
    options.from = cli->given.values[OPTION_FROM];
    if (cli_given(cli, OPTION_ALL_ENTRIES))
        options.entries = RELEASE_ENTRIES_ALL;
    if (cli_given(cli, OPTION_MODE)) {
        options.has_mode = true;
        options.mode = mode_of(cli->given.values[OPTION_MODE]);
    }
    return options;
}

int cli_release_create(struct cli *cli, struct error *err)
{
    struct release_options options = common_options(cli);
    options.wanted = cli_argument(cli, 0);
    return with_desk(cli, &options, err);
}

/* The current version, which must be a pre-release, counted up or made final. */
static int next_of_prerelease(struct buf *out, struct cli *cli, bool finalize, struct error *err)
{
    struct source source = {0};
    struct history history = {0};
    if (cli_source(&source, cli, err) < 0)
        return -1;
    int result = cli_history(&history, cli, source, false, err);
    cli_close_source(&source);
    if (result < 0)
        return -1;
    struct semver current;
    if (history.current < 0 || !semver_parse_string(&current, history.versions[history.current].version)) {
        result = error_set(err, ERROR_NOT_FOUND, "There is no version yet");
    } else if (!semver_is_prerelease(&current)) {
        error_set(err, ERROR_INVALID, "%s is no pre-release", history.versions[history.current].version);
        result = error_todo(err, "Start one with `signalbox version prerelease rc`");
    } else if (finalize) {
        result = semver_bump(out, &current, SEMVER_RELEASE, NULL, SEMVER_FROM_1, err);
    } else {
        result = semver_increment(out, &current, err);
    }
    history_clear(&history);
    return result;
}

/* version bump, set, prerelease, increment-prerelease, finalize. */
int cli_version_change(struct cli *cli, struct error *err)
{
    CLEANUP(buf_clear) struct buf wanted = {0};
    struct release_options options = common_options(cli);
    enum command_id id = cli->given.command->id;
    if (cli_open(cli, err) < 0)
        return -1;
    options.no_push = true;
    /* A candidate branch is of no use without a push. */
    if (!options.has_mode && cli->env.settings.release.mode == RELEASE_PULL_REQUEST) {
        options.has_mode = true;
        options.mode = RELEASE_DIRECT;
    }
    options.wanted = cli_argument(cli, 0);
    if (id == COMMAND_VERSION_PRERELEASE) {
        options.wanted = "prerelease";
        options.pre_id = cli_argument(cli, 0);
    } else if (id == COMMAND_VERSION_FINALIZE || id == COMMAND_VERSION_INCREMENT_PRERELEASE) {
        if (next_of_prerelease(&wanted, cli, id == COMMAND_VERSION_FINALIZE, err) < 0)
            return -1;
        options.wanted = buf_string(&wanted);
    } else if (id == COMMAND_VERSION_SET) {
        struct semver version;
        if (*options.wanted == 'v')
            options.wanted++;
        if (semver_read(&version, options.wanted, strlen(options.wanted), err) < 0)
            return -1;
    }
    return with_desk(cli, &options, err);
}

/* The run named, else the open one; *id is owned. */
static int open_run(char **id, struct cli *cli, struct release_desk *desk, struct error *err)
{
    if (cli_argument(cli, 0)) {
        *id = mem_string(cli_argument(cli, 0));
        return 0;
    }
    struct run_info info = {0};
    if (release_open(&info, desk, &cli->call, err) < 0)
        return -1;
    *id = mem_string(info.id);
    run_info_clear(&info);
    if (*id)
        return 0;
    error_set(err, ERROR_NOT_FOUND, "No release of %s is open", desk->service->name);
    return error_todo(err, "`signalbox release create` makes one");
}

static int resume(struct cli *cli, struct release_desk *desk, const char *id, struct error *err)
{
    struct release_view view;
    if (release_look(&view, desk, id, &cli->call, err) < 0)
        return -1;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (cli->out.json && dry) {
        cli_json_run(&cli->out.writer, "run", &view.info);
        cli_json_steps(&cli->out.writer, "steps", &view.steps);
    }
    output_line(&cli->out, "%s %s (%s), %zu of %zu steps done", view.is_undo ? "The undo of" : "Release",
                view.info.subject, view.info.id, view.steps.done, view.steps.count);
    cli_show_steps(cli, &view.steps);
    bool signs = !view.is_undo;
    release_view_clear(&view);
    if (dry)
        return 0;
    if (cli_confirm(cli, err, "Go on?") < 0 || (signs && unlock_key(cli, desk, err) < 0))
        return -1;
    return drive(cli, desk, id, err);
}

int cli_release_resume(struct cli *cli, struct error *err)
{
    struct release_desk desk;
    CLEANUP(free_string) char *id = NULL;
    if (cli_desk(&desk, cli, err) < 0)
        return -1;
    desk.take_over = cli_given(cli, OPTION_WAIT);
    desk.resume = true;
    int result = open_run(&id, cli, &desk, err);
    if (cli->out.json)
        json_begin_object(&cli->out.writer, NULL);
    if (result == 0)
        result = resume(cli, &desk, id, err);
    if (cli->out.json)
        json_end_object(&cli->out.writer);
    cli_desk_close(&desk);
    return result;
}

static int undo(struct cli *cli, struct release_desk *desk, struct error *err)
{
    const char *id = cli_argument(cli, 0), *reason = cli->given.values[OPTION_REASON];
    struct release_steps steps = {0};
    struct run_info info = {0};
    if (release_undo_preview(&steps, desk, id, &cli->call, err) < 0)
        return -1;
    bool dry = cli_given(cli, OPTION_DRY_RUN);
    if (cli->out.json) {
        json_put_bool(&cli->out.writer, "dryRun", dry);
        cli_json_steps(&cli->out.writer, "plan", &steps);
    }
    cli_show_steps(cli, &steps);
    release_steps_clear(&steps);
    if (dry)
        return 0;
    if (cli_confirm(cli, err, "Take all of this back?") < 0 ||
        release_undo(&info, desk, id, reason ? reason : "", &cli->call, err) < 0)
        return -1;
    int result = drive(cli, desk, info.id, err);
    run_info_clear(&info);
    return result;
}

int cli_release_undo(struct cli *cli, struct error *err)
{
    struct release_desk desk;
    if (cli_desk(&desk, cli, err) < 0)
        return -1;
    if (cli->out.json)
        json_begin_object(&cli->out.writer, NULL);
    int result = undo(cli, &desk, err);
    if (cli->out.json)
        json_end_object(&cli->out.writer);
    cli_desk_close(&desk);
    return result;
}
