/*
 * One command being carried out: what was asked for, where, and where the answers go. Each group of commands is one file
 * here, each command one function of it; run.c finds the function by the command's id, cli.c has what all of them need.
 *
 * A command returns 0, or -1 with an error whose kind gives the exit code. `code` is for what is no error and still not
 * 0: something was found that a script wants to know of.
 */
#ifndef SIGNALBOX_CLI_CLI_H
#define SIGNALBOX_CLI_CLI_H

#include "cli/output.h"
#include "command/parse.h"
#include "environment.h"
#include "release/release.h"

/*
 * What only the console knows of a value that fits its key's type: whether there is such a theme, whether two commands
 * would share a key. ERROR_INVALID or ERROR_NOT_FOUND when it does not fit; keys it knows nothing of fit.
 */
typedef int cli_value_check(const struct config_key *key, const char *value, struct error *err);

struct cli {
    struct invocation given;
    cli_value_check *check; /* NULL: none */
    struct output out;
    struct cancel cancel;
    struct call call;
    struct environment env; /* opened by cli_open() */
    bool is_open;
    int code;
};

typedef int cli_command(struct cli *cli, struct error *err);

/* Carries out one command line (without the program's name); the exit code. */
int cli_run(int count, const char *const *words, cli_value_check *check);

/* Opens the environment once. */
int cli_open(struct cli *cli, struct error *err) MUST_CHECK;
int cli_source(struct source *out, struct cli *cli, struct error *err) MUST_CHECK;
void cli_close_source(struct source *source);
void cli_close_store(struct store *store);

/* Argument i, or NULL. */
const char *cli_argument(const struct cli *cli, int i);
bool cli_given(const struct cli *cli, enum option_id option);
/* --limit, or what is usual. 0: all. */
size_t cli_limit(const struct cli *cli, size_t usual);

/* The history of the chosen service with its marks, and with its second part where `since` is set. */
int cli_history(struct history *out, struct cli *cli, struct source source, bool since, struct error *err) MUST_CHECK;

/* Asks on a terminal; --yes answers. ERROR_REFUSED when the answer is no, or there is nobody to ask. */
int cli_confirm(struct cli *cli, struct error *err, const char *fmt, ...) PRINTF_LIKE(3, 4) MUST_CHECK;
/*
 * The same for what others see: in a protected environment a reason must be given (--reason), and on the terminal the
 * word is typed instead of y.
 */
int cli_confirm_word(struct cli *cli, const char *word, struct error *err, const char *fmt, ...)
    PRINTF_LIKE(4, 5) MUST_CHECK;

/* Members of objects that several commands print. */
void cli_json_version(struct json_writer *w, const char *name, const struct history_version *version);
void cli_json_commits(struct json_writer *w, const char *name, const struct history_commits *commits, size_t limit);
void cli_json_time(struct json_writer *w, const char *name, int64_t at_ms);
void cli_json_text(struct json_writer *w, const char *name, struct text text);

cli_command cli_version_list, cli_version_current, cli_version_next, cli_version_change;
cli_command cli_changelog_show, cli_changelog_add, cli_changelog_yank, cli_changelog_check;
cli_command cli_release_create, cli_release_show, cli_release_list, cli_release_resume, cli_release_undo;
cli_command cli_config_list, cli_config_get, cli_config_set, cli_config_check;
cli_command cli_trust, cli_status, cli_init, cli_audit_log, cli_audit_verify, cli_help, cli_generate;

#endif
