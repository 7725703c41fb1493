/*
 * A command line against the table. Strict: an unknown option, a missing value, a value that is none of the choices,
 * too many or too few arguments are all ERROR_INVALID with the usage as advice. GNU style: --name VALUE, --name=VALUE,
 * -n VALUE, -nVALUE, flags bundled (-yn), options anywhere, `--` ends them. Names are never abbreviated.
 *
 * Pure: nothing but the words is looked at. Used by main and, for what is typed after `:`, by the console.
 */
#ifndef SIGNALBOX_COMMAND_PARSE_H
#define SIGNALBOX_COMMAND_PARSE_H

#include "base/error.h"
#include "command/command.h"

/* Everything is borrowed from argv, apart from `joined`. */
struct invocation {
    const struct command *command; /* NULL: none was named (`signalbox`, `signalbox --version`) */
    const char *arguments[ARGUMENTS_MAX];
    int argument_count;
    bool given[OPTION_COUNT];
    const char *values[OPTION_COUNT]; /* of options that take one; NULL when not given */
    long numbers[OPTION_COUNT];       /* of OPTION_NUMBER */
    char *joined;                     /* where an argument with `rest` lives */
};

/*
 * `words` as after the program's name. --json and --help are known in *out even when parsing fails, as far as it got.
 * Errors: ERROR_INVALID only.
 */
int command_parse(struct invocation *out, int count, const char *const *words, struct error *err) MUST_CHECK;

void invocation_clear(struct invocation *invocation);

#endif
