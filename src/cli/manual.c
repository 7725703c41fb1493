/* The manual, in mdoc, from the table of commands and the table of keys. */
#include <string.h>

#include "base/error.h"
#include "cli/generate.h"
#include "command/command.h"
#include "config/table.h"

/* Words of a text line: what roff would obey is escaped. */
static void words(struct buf *out, const char *text)
{
    bool line_start = true;
    for (const char *c = text; *c; c++) {
        if (line_start && (*c == '.' || *c == '\''))
            buf_adds(out, "\\&");
        if (*c == '\\')
            buf_adds(out, "\\e");
        else if (*c == '`')
            buf_adds(out, "\\(ga");
        else if (*c == '\'')
            buf_adds(out, "\\(aq");
        else if (*c == '"')
            buf_adds(out, "\\(dq");
        else
            buf_addc(out, *c);
        line_start = *c == '\n';
    }
}

/* Sentences on lines of their own, as mdoc wants them; an empty line starts a paragraph. */
static void paragraphs(struct buf *out, const char *text)
{
    for (const char *at = text; *at;) {
        const char *end = at;
        while (*end && *end != '\n' && !(*end == '.' && end[1] == ' '))
            end++;
        struct buf sentence = {0};
        buf_add(&sentence, at, (size_t)(end - at) + (*end == '.'));
        words(out, buf_string(&sentence));
        buf_clear(&sentence);
        buf_addc(out, '\n');
        if (*end == '\n')
            buf_adds(out, ".Pp\n");
        at = end + strspn(end, ". \n");
    }
}

static void options_of(struct buf *out, uint32_t mask)
{
    buf_adds(out, ".Bl -tag -width Ds\n");
    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_info *option = &command_options[id];
        if (!(mask & OPTION_BIT(id)))
            continue;
        buf_adds(out, ".It ");
        if (option->letter)
            buf_addf(out, "Fl %c , ", option->letter);
        buf_addf(out, "Fl \\-%s", option->name);
        if (option->placeholder)
            buf_addf(out, " Ar %s", option->placeholder);
        buf_addc(out, '\n');
        paragraphs(out, option->meaning);
        for (const char *const *choice = option->choices; choice && *choice; choice++)
            buf_addf(out, "%s%s\n", choice == option->choices ? "One of\n.Cm " : ".Cm ", *choice);
    }
    buf_adds(out, ".El\n");
}

static void command_entry(struct buf *out, const struct command *command)
{
    buf_addf(out, ".It Cm %s%s%s", command->group, command->verb ? " " : "", command->verb ? command->verb : "");
    for (const struct argument_info *argument = command->arguments; argument->name; argument++)
        buf_addf(out, " %sAr %s%s", argument->optional ? "Op " : "", argument->name, argument->rest ? " ..." : "");
    buf_addf(out, "\n");
    words(out, command->summary);
    buf_adds(out, ".\n");
    if (command->help)
        paragraphs(out, command->help);
    for (const struct argument_info *argument = command->arguments; argument->name; argument++) {
        buf_addf(out, ".Pp\n.Ar %s :\n", argument->name);
        paragraphs(out, argument->meaning);
    }
    if (command->options)
        options_of(out, command->options);
    if (command->exits) {
        buf_adds(out, ".Pp\nExit code: ");
        words(out, command->exits);
        buf_adds(out, ".\n");
    }
}

static void keys(struct buf *out)
{
    buf_adds(out, ".Bl -tag -width Ds\n");
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        buf_addf(out, ".It Ic %s\n", key->name);
        paragraphs(out, key->meaning);
        if (key->danger != CONFIG_HARMLESS)
            buf_adds(out, "In a repository's file it counts only after\n.Cm trust .\n");
    }
    buf_adds(out, ".El\n");
}

static void environment(struct buf *out)
{
    buf_adds(out,
             ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
             ".It Ev NO_COLOR\nThe console uses no colours.\n"
             ".It Ev SOURCE_DATE_EPOCH\nSeconds since 1970 that stand for now, so that a release can be made again "
             "byte by byte.\n"
             ".It Ev XDG_CONFIG_HOME , Ev XDG_STATE_HOME\nWhere configuration and state are kept.\n"
             ".El\n");
}

static void files(struct buf *out)
{
    buf_adds(out, ".Sh FILES\n.Bl -tag -width Ds\n"
                  ".It Pa /etc/signalbox/config\nThe system's configuration.\n"
                  ".It Pa ~/.config/signalbox/config\nThe user's.\n"
                  ".It Pa .signalbox\nThe repository's, committed with it.\n"
                  ".It Pa .git/signalbox\nThis clone's, never committed.\n"
                  ".It Pa ~/.local/state/signalbox/\nRuns, audit log and trust.\n"
                  ".El\n");
}

void generate_manual(struct buf *out)
{
    buf_adds(out, ".\\\" Made from the table of commands by `signalbox generate man`.\n"
                  ".Dd $Mdocdate$\n.Dt SIGNALBOX 1\n.Os\n.Sh NAME\n.Nm signalbox\n.Nd releases from the terminal\n"
                  ".Sh SYNOPSIS\n.Nm\n.Nm\n.Ar command\n.Op Ar option ...\n.Op Ar argument ...\n.Sh DESCRIPTION\n"
                  "Without arguments\n.Nm\nopens the console; without a terminal it prints the status.\n"
                  "Everything the console does, a command does.\n.Pp\nEvery command takes these options:\n");
    options_of(out, options_common | OPTION_BIT(OPTION_VERSION));
    buf_adds(out, ".Sh COMMANDS\n.Bl -tag -width Ds\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].group && !commands[i].hidden)
            command_entry(out, &commands[i]);
    buf_adds(out, ".El\n.Sh CONFIGURATION\nThe form is git's own;\n.Ql *\nstands for a name in quotation marks.\n");
    keys(out);
    environment(out);
    files(out);
    buf_adds(out, ".Sh EXIT STATUS\n.Bl -tag -width Ds\n");
    for (int kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++)
        buf_addf(out, ".It %d\n%s\n", error_exit_code(kind), error_kind_meaning(kind));
    buf_adds(out, ".El\n.Sh SEE ALSO\n.Xr git 1 ,\n.Xr git-config 1\n");
}
