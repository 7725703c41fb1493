/* From a command line to its function: parsing, help, refusals that hold for all, signals, exit codes. */
#include <signal.h>

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
    [COMMAND_CHANGELOG_YANK] = cli_changelog_yank,
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

int cli_run(int count, const char *const *words, cli_value_check *check)
{
    struct cli cli = {.check = check};
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
