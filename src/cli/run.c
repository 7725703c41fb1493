/* From a command line to its function: parsing, help, refusals that hold for all, signals, exit codes. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"

static cli_command *const functions[COMMAND_COUNT] = {
    [COMMAND_VERSION_LIST] = cli_version_list,
    [COMMAND_VERSION_CURRENT] = cli_version_current,
    [COMMAND_VERSION_NEXT] = cli_version_next,
    [COMMAND_VERSION_BUMP] = cli_version_change,
    [COMMAND_VERSION_SET] = cli_version_change,
    [COMMAND_VERSION_PRERELEASE] = cli_version_change,
    [COMMAND_VERSION_INCREMENT_PRERELEASE] = cli_version_change,
    [COMMAND_VERSION_FINALIZE] = cli_version_change,
    [COMMAND_CHANGELOG_SHOW] = cli_changelog_show,
    [COMMAND_CHANGELOG_ADD] = cli_changelog_add,
    [COMMAND_CHANGELOG_CHECK] = cli_changelog_check,
    [COMMAND_RELEASE_CREATE] = cli_release_create,
    [COMMAND_RELEASE_SHOW] = cli_release_show,
    [COMMAND_RELEASE_LIST] = cli_release_list,
    [COMMAND_RELEASE_RESUME] = cli_release_resume,
    [COMMAND_RELEASE_UNDO] = cli_release_undo,
    [COMMAND_CONFIG_LIST] = cli_config_list,
    [COMMAND_CONFIG_GET] = cli_config_get,
    [COMMAND_CONFIG_SET] = cli_config_set,
    [COMMAND_CONFIG_CHECK] = cli_config_check,
    [COMMAND_TRUST] = cli_trust,
    [COMMAND_STATUS] = cli_status,
    [COMMAND_INIT] = cli_init,
    [COMMAND_AUDIT_LOG] = cli_audit_log,
    [COMMAND_AUDIT_VERIFY] = cli_audit_verify,
    [COMMAND_HELP] = cli_help,
    [COMMAND_GENERATE] = cli_generate,
};

/* The command under way, for the signal handler. */
static struct cancel *running;

static void on_signal(int signal)
{
    (void)signal;
    cancel_set(running);
}

/* The first asks politely; a second one of the same kind ends the process. */
static void catch_signals(struct cancel *cancel)
{
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP};
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    running = cancel;
    for (size_t i = 0; i < COUNT(caught); i++) {
        struct sigaction before;
        /* nohup stays nohup. */
        if (sigaction(caught[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(caught[i], &action, NULL);
    }
}

int cli_open(struct cli *cli, struct error *err)
{
    if (cli->is_open)
        return 0;
    struct environment_request request = {
        .directory = cli->given.values[OPTION_DIRECTORY],
        .service = cli->given.values[OPTION_SERVICE],
        .read_only = cli->given.given[OPTION_READ_ONLY],
    };
    if (environment_open(&cli->env, &request, err) < 0)
        return -1;
    cli->is_open = true;
    for (size_t i = 0; i < cli->env.config.problem_count; i++) {
        const struct config_problem *problem = &cli->env.config.problems[i];
        if (problem->severity == CONFIG_NOTE)
            output_note(&cli->out, "%s:%d: %.*s. %.*s.", problem->file, problem->line, (int)problem->words.len,
                        problem->words.safe, (int)problem->todo.len, problem->todo.safe);
    }
    return 0;
}

int cli_source(struct source *out, struct cli *cli, struct error *err)
{
    if (cli_open(cli, err) < 0)
        return -1;
    return environment_source(out, &cli->env, &cli->call, err);
}

void cli_close_source(struct source *source)
{
    if (source->ops)
        source->ops->close(source->self);
    *source = (struct source){0};
}

void cli_close_store(struct store *store)
{
    if (store->ops)
        store->ops->close(store->self);
    *store = (struct store){0};
}

const char *cli_argument(const struct cli *cli, int i)
{
    return i < cli->given.argument_count ? cli->given.arguments[i] : NULL;
}

bool cli_given(const struct cli *cli, enum option_id option)
{
    return cli->given.given[option];
}

size_t cli_limit(const struct cli *cli, size_t usual)
{
    return cli_given(cli, OPTION_LIMIT) ? (size_t)cli->given.numbers[OPTION_LIMIT] : usual;
}

int cli_history(struct history *out, struct cli *cli, struct source source, bool since, struct error *err)
{
    if (history_load(out, source, cli->env.service, &cli->call, err) < 0)
        return -1;
    if (!since)
        return 0;
    if (history_since(out, source, &cli->env.settings, cli->env.service, &cli->call, err) == 0)
        return 0;
    history_clear(out);
    return -1;
}

static int confirm(struct cli *cli, const char *word, struct error *err, const char *fmt, va_list ap)
{
    if (cli_given(cli, OPTION_YES))
        return 0;
    if (!output_can_ask(&cli->out)) {
        error_set(err, ERROR_REFUSED, "Nothing was done, because nobody could be asked");
        return error_todo(err, "Give --yes to go ahead without a question, or --dry-run to look only");
    }
    struct text_buf question = {0};
    text_addv(&question, fmt, ap);
    bool yes = output_confirm(&cli->out, word, "%.*s", (int)question.raw.len, question.raw.bytes);
    text_buf_clear(&question);
    return yes ? 0 : error_set(err, ERROR_REFUSED, "Nothing was done, as you said");
}

int cli_confirm(struct cli *cli, struct error *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int result = confirm(cli, NULL, err, fmt, ap);
    va_end(ap);
    return result;
}

int cli_confirm_word(struct cli *cli, const char *word, struct error *err, const char *fmt, ...)
{
    const char *reason = cli->given.values[OPTION_REASON];
    bool guarded = cli->env.settings.protected_environment;
    if (guarded && (!reason || !*reason)) {
        error_set(err, ERROR_REFUSED, "Nothing was done, because %s is protected and no reason was given",
                  cli->env.settings.environment);
        return error_todo(err, "Give one with --reason; it is kept in the audit log");
    }
    va_list ap;
    va_start(ap, fmt);
    int result = confirm(cli, guarded ? word : NULL, err, fmt, ap);
    va_end(ap);
    return result;
}

static int refuse_read_only(const struct cli *cli, struct error *err)
{
    const struct command *command = cli->given.command;
    if (!cli_given(cli, OPTION_READ_ONLY) || command->danger == COMMAND_READS || command->danger == COMMAND_STOP ||
        cli_given(cli, OPTION_DRY_RUN))
        return 0;
    error_set(err, ERROR_REFUSED, "Nothing was done, because of --read-only");
    return error_todo(err, "Leave it out, or add --dry-run where the command has it");
}

static void print_version(struct cli *cli)
{
    output_line(&cli->out, "signalbox %s", SIGNALBOX_VERSION);
    if (!cli->out.json)
        return;
    json_begin_object(&cli->out.writer, NULL);
    json_put_string(&cli->out.writer, "version", SIGNALBOX_VERSION);
    json_end_object(&cli->out.writer);
}

static int carry_out(struct cli *cli, struct error *err)
{
    if (cli_given(cli, OPTION_VERSION)) {
        print_version(cli);
        return 0;
    }
    if (cli_given(cli, OPTION_HELP))
        return cli_help(cli, err);
    if (!cli->given.command)
        return cli_status(cli, err);
    if (refuse_read_only(cli, err) < 0)
        return -1;
    return functions[cli->given.command->id](cli, err);
}

int cli_run(int count, const char *const *words)
{
    struct cli cli = {0};
    struct error err = {0};
    cancel_init(&cli.cancel);
    catch_signals(&cli.cancel);
    int result = command_parse(&cli.given, count, words, &err);
    output_init(&cli.out, cli_given(&cli, OPTION_JSON));
    cli.call = (struct call){.cancel = &cli.cancel, .progress = output_progress, .progress_context = &cli.out};
    if (result == 0)
        result = carry_out(&cli, &err);
    if (result < 0)
        output_error(&cli.out, &err);
    int code = output_end(&cli.out, result < 0 ? error_exit_code(err.kind) : cli.code);
    if (cli.is_open)
        environment_close(&cli.env);
    invocation_clear(&cli.given);
    cancel_clear(&cli.cancel);
    return code;
}
