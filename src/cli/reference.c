/* docs/commands.md and docs/configuration.md, from the tables. A test compares them with the files. */
#include <string.h>

#include "base/error.h"
#include "cli/generate.h"
#include "command/command.h"
#include "config/table.h"

static void options_of(struct buf *out, uint32_t mask)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_info *option = &command_options[id];
        if (!(mask & OPTION_BIT(id)))
            continue;
        buf_adds(out, "- ");
        if (option->letter)
            buf_addf(out, "`-%c`, ", option->letter);
        buf_addf(out, "`--%s%s%s`: %s", option->name, option->placeholder ? " " : "",
                 option->placeholder ? option->placeholder : "", option->meaning);
        for (const char *const *choice = option->choices; choice && *choice; choice++)
            buf_addf(out, "%s`%s`", choice == option->choices ? " One of " : ", ", *choice);
        buf_addc(out, '\n');
    }
}

static void command_entry(struct buf *out, const struct command *command)
{
    char usage[160];
    buf_addf(out, "\n### `signalbox %s`\n\n%s. It %s.\n", command_usage(usage, sizeof(usage), command),
             command->summary, command_danger_words(command->danger));
    if (command->help)
        buf_addf(out, "\n%s\n", command->help);
    if (command->arguments[0].name)
        buf_addc(out, '\n');
    for (const struct argument_info *argument = command->arguments; argument->name; argument++)
        buf_addf(out, "- `%s`: %s\n", argument->name, argument->meaning);
    if (command->options && !command->arguments[0].name)
        buf_addc(out, '\n');
    options_of(out, command->options);
    if (command->exits)
        buf_addf(out, "\nExit code: %s.\n", command->exits);
}

static void console_keys(struct buf *out)
{
    buf_adds(out, "\n## Keys of the console\n\n| key | where | action | what it does |\n|---|---|---|---|\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        if (command->action)
            buf_addf(out, "| %s%s%s | %s | `%s` | %s |\n", command->key ? "`" : "", command->key ? command->key : "–",
                     command->key ? "`" : "", command->view ? command->view : "everywhere", command->action,
                     command->summary);
    }
}

void generate_commands(struct buf *out)
{
    buf_adds(
        out,
        "# Commands\n\n<!-- Made from the table of commands by `signalbox generate commands`. -->\n\n"
        "Without arguments `signalbox` opens the console; without a terminal it prints the status. Options stand "
        "anywhere;\n`--` ends them.\n\nEvery command takes:\n\n");
    options_of(out, options_common | OPTION_BIT(OPTION_VERSION));
    buf_adds(out, "\n| exit code | means |\n|---|---|\n");
    for (int kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++)
        buf_addf(out, "| %d | %s |\n", error_exit_code(kind), error_kind_meaning(kind));
    const char *group = "";
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!commands[i].group || commands[i].hidden)
            continue;
        if (strcmp(group, commands[i].group) != 0)
            buf_addf(out, "\n## %s\n", group = commands[i].group);
        command_entry(out, &commands[i]);
    }
    console_keys(out);
}

static void fallback(struct buf *out, const char *value)
{
    buf_adds(out, *value ? "`" : "–");
    for (; *value; value++)
        if (*value == '\n')
            buf_adds(out, "\\n");
        else
            buf_addc(out, *value);
    if (out->bytes[out->len - 1] != '\x93')
        buf_addc(out, '`');
}

void generate_configuration(struct buf *out)
{
    buf_adds(
        out,
        "# Configuration\n\n<!-- Made from the table of keys by `signalbox generate configuration`. -->\n\n"
        "The form is git's own, so `git config -f .signalbox` edits it too; `signalbox config set` checks first.\n"
        "`include.path` works as in git. A list is one value, parted by commas. A value with `#` or `;` needs "
        "quotation "
        "marks.\n\n"
        "| level | file |\n|---|---|\n| system | `/etc/signalbox/config` (not with `GIT_CONFIG_NOSYSTEM`) |\n"
        "| user | `$XDG_CONFIG_HOME/signalbox/config`, else `~/.config/signalbox/config` |\n"
        "| repository | `.signalbox` in the work tree, committed with it |\n"
        "| clone | `signalbox` in the git directory, never committed |\n\n"
        "A later level replaces the value of an earlier one. A key that is not below, or a value that does not fit, "
        "is an "
        "error that\nnames file and line; `signalbox config check` shows all of them.\n\n"
        "A cloned repository is a stranger's: a key marked **trust** counts from its `.signalbox` only after "
        "`signalbox trust`, and\nno longer once that file or one it includes has changed.\n\n"
        "| key | type | default | meaning |\n|---|---|---|---|\n");
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        buf_addf(out, "| `%s` | %s", key->name, config_type_name(key->type));
        for (const char *const *choice = key->choices; choice && *choice; choice++)
            buf_addf(out, "%s`%s`", choice == key->choices ? ": " : ", ", *choice);
        buf_adds(out, " | ");
        fallback(out, key->fallback);
        buf_addf(out, " | %s%s |\n", key->meaning, key->danger == CONFIG_HARMLESS ? "" : " **trust**");
    }
}
