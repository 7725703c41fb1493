/* What every command needs: the environment opened once, its arguments, the question before something is changed. */
#include "cli/cli.h"

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
    struct store store = {0};
    if (environment_has_store(&cli->env) && environment_store(&store, &cli->env, &cli->call, err) < 0)
        return -1;
    int result = history_load(out, source, cli->env.service, &cli->call, err);
    if (result == 0) {
        result = history_mark(out, source, store, cli->env.service, &cli->call, err);
        if (result == 0 && since)
            result = history_since(out, source, &cli->env.settings, cli->env.service, &cli->call, err);
        if (result < 0)
            history_clear(out);
    }
    cli_close_store(&store);
    return result;
}

PRINTF_LIKE(4, 0)
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
