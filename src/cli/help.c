/* help: the whole list, a group, or one command, from the table. */
#include <string.h>

#include "cli/cli.h"

static void print_options(struct output *out, uint32_t mask)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        const struct option_info *option = &command_options[id];
        char name[64];
        if (!(mask & OPTION_BIT(id)))
            continue;
        text_fmt(name, sizeof(name), "%c%c%s--%s%s%s", option->letter ? '-' : ' ',
                 option->letter ? option->letter : ' ', option->letter ? ", " : "  ", option->name,
                 option->placeholder ? " " : "", option->placeholder ? option->placeholder : "");
        output_line(out, "  %-24s %s", name, option->meaning);
        for (const char *const *choice = option->choices; choice && *choice; choice++)
            output_line(out, "  %-24s   %s", "", *choice);
    }
}

/* Paragraphs, broken at words to at most 78 columns. Our own words: ASCII. */
static void print_paragraphs(struct output *out, const char *words)
{
    enum { WIDTH = 78 };
    while (*words) {
        size_t line = strcspn(words, "\n"), len = line;
        if (len > WIDTH) {
            for (len = WIDTH; len > 0 && words[len] != ' ';)
                len--;
        }
        output_line(out, "%.*s", (int)len, words);
        words += len;
        words += *words == ' ' || *words == '\n';
    }
}

static void print_command(struct output *out, const struct command *command)
{
    char usage[160];
    output_line(out, "signalbox %s [OPTION]...", command_usage(usage, sizeof(usage), command));
    output_line(out, "%s.", command->summary);
    if (command->help) {
        output_line(out, "%s", "");
        print_paragraphs(out, command->help);
    }
    if (command->arguments[0].name)
        output_line(out, "%s", "");
    for (const struct argument_info *argument = command->arguments; argument->name; argument++)
        output_line(out, "  %-24s %s", argument->name, argument->meaning);
    output_line(out, "%s", "");
    print_options(out, command->options | options_common);
    output_line(out, "%s", "");
    output_line(out, "It %s.%s%s%s", command_danger_words(command->danger), command->exits ? " Exit code: " : "",
                command->exits ? command->exits : "", command->exits ? "." : "");
}

static void print_group(struct output *out, const char *group)
{
    char usage[160];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        if (!command->group || command->hidden || (group && strcmp(command->group, group) != 0))
            continue;
        output_line(out, "  %-36s %s", command_usage(usage, sizeof(usage), command), command->summary);
    }
}

static void print_all(struct output *out)
{
    output_line(out, "signalbox %s: releases from the terminal", SIGNALBOX_VERSION);
    output_line(out, "%s", "");
    output_line(out, "  %-36s %s", "signalbox", "Open the console; without a terminal, show the status");
    print_group(out, NULL);
    output_line(out, "%s", "");
    output_line(out, "Every command takes:");
    print_options(out, options_common | OPTION_BIT(OPTION_VERSION));
    output_line(out, "%s", "");
    output_line(out, "Exit codes:");
    for (int kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++)
        output_line(out, "  %3d  %s", error_exit_code(kind), error_kind_meaning(kind));
}

static void command_json(struct json_writer *w, const struct command *command)
{
    char usage[160];
    json_begin_object(w, NULL);
    json_put_string(w, "usage", command_usage(usage, sizeof(usage), command));
    json_put_string(w, "summary", command->summary);
    json_put_string(w, "danger", command_danger_words(command->danger));
    json_put_string(w, "exits", command->exits);
    json_begin_array(w, "options");
    for (int id = 0; id < OPTION_COUNT; id++)
        if ((command->options | options_common) & OPTION_BIT(id))
            json_put_string(w, NULL, command_options[id].name);
    json_end_array(w);
    json_end_object(w);
}

static void print_json(struct output *out, const struct command *only, const char *group)
{
    json_begin_object(&out->writer, NULL);
    json_begin_array(&out->writer, "commands");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        bool wanted = only ? command == only : !group || (command->group && strcmp(command->group, group) == 0);
        if (command->group && !command->hidden && wanted)
            command_json(&out->writer, command);
    }
    json_end_array(&out->writer);
    json_end_object(&out->writer);
}

int cli_help(struct cli *cli, struct error *err)
{
    const struct command *command = cli->given.command;
    const char *group = NULL;
    bool asked = command && command->id == COMMAND_HELP;
    if (asked) {
        const char *verb = cli_argument(cli, 1);
        group = cli_argument(cli, 0);
        command = group ? command_find(group, verb) : NULL;
        if (group && !command && (verb || !command_group(group))) {
            char near[64];
            error_set(err, ERROR_INVALID, "There is no command %s%s%s", group, verb ? " " : "", verb ? verb : "");
            if (*command_suggest(near, sizeof(near), group, verb))
                return error_todo(err, "Did you mean `signalbox %s`?", near);
            return error_todo(err, "`signalbox help` shows the commands");
        }
    }
    if (cli->out.json)
        print_json(&cli->out, command, group);
    else if (command)
        print_command(&cli->out, command);
    else if (group)
        print_group(&cli->out, group);
    else
        print_all(&cli->out);
    return 0;
}
