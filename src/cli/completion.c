/* Completions for bash, zsh and fish, from the table of commands. Runs and versions are asked of signalbox itself. */
#include <string.h>

#include "cli/generate.h"
#include "command/command.h"
#include "config/table.h"

static bool shown(const struct command *command)
{
    return command->group && !command->hidden;
}

static bool first_of_group(size_t i)
{
    return shown(&commands[i]) && command_group(commands[i].group) == &commands[i];
}

static void group_names(struct buf *out)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (first_of_group(i))
            buf_addf(out, "%s%s", i ? " " : "", commands[i].group);
}

static void verbs_of(struct buf *out, const char *group)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (shown(&commands[i]) && commands[i].verb && strcmp(commands[i].group, group) == 0)
            buf_addf(out, "%s%s", out->bytes[out->len - 1] == '"' ? "" : " ", commands[i].verb);
}

static void option_names(struct buf *out, uint32_t mask)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        if (mask & OPTION_BIT(id))
            buf_addf(out, " --%s", command_options[id].name);
}

/* What the first argument of a command may be, as words; "" where only a person knows. */
static void argument_words(struct buf *out, enum argument_type type)
{
    switch (type) {
    case ARGUMENT_STEP:
    case ARGUMENT_BUMP:
        buf_adds(out, " major minor patch");
        return;
    case ARGUMENT_IDENTIFIER:
        buf_adds(out, " alpha beta rc");
        return;
    case ARGUMENT_SECTION:
        buf_adds(out, " added changed deprecated removed fixed security");
        return;
    case ARGUMENT_KEY:
        for (size_t i = 0; i < config_key_count; i++)
            if (!strchr(config_keys[i].name, '*'))
                buf_addf(out, " %s", config_keys[i].name);
        return;
    case ARGUMENT_COMMAND:
        buf_addc(out, ' ');
        group_names(out);
        return;
    case ARGUMENT_TEXT:
    case ARGUMENT_VERSION:
    case ARGUMENT_RUN:
    case ARGUMENT_FORM:
        return;
    }
}

static void words_of(struct buf *out, const struct command *command)
{
    if (command->arguments[0].name)
        argument_words(out, command->arguments[0].type);
    option_names(out, command->options | options_common);
}

static void choices_of(struct buf *out, const struct option_info *option)
{
    for (const char *const *choice = option->choices; *choice; choice++)
        buf_addf(out, "%s%s", choice == option->choices ? "" : " ", *choice);
}

void generate_bash(struct buf *out)
{
    buf_adds(out,
             "# bash completion for signalbox; made from its table of commands.\n"
             "_signalbox() {\n"
             "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} words=()\n"
             "    local word name\n"
             "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do [[ $word == -* ]] || words+=(\"$word\"); done\n"
             "    case $prev in\n"
             "    -C|--directory) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n");
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!command_options[id].choices)
            continue;
        buf_addf(out, "    --%s) COMPREPLY=($(compgen -W \"", command_options[id].name);
        choices_of(out, &command_options[id]);
        buf_adds(out, "\" -- \"$cur\")); return ;;\n");
    }
    buf_adds(out, "    esac\n    name=\"${words[0]} ${words[1]}\"\n    case $name in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!shown(&commands[i]))
            continue;
        buf_addf(out, "    \"%s %s\"%s) word=\"", commands[i].group, commands[i].verb ? commands[i].verb : "",
                 commands[i].verb ? "" : "*");
        words_of(out, &commands[i]);
        buf_adds(out, "\" ;;\n");
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!first_of_group(i) || !commands[i].verb)
            continue;
        buf_addf(out, "    \"%s \"*) word=\"", commands[i].group);
        verbs_of(out, commands[i].group);
        buf_adds(out, "\" ;;\n");
    }
    buf_adds(out, "    *) word=\"");
    group_names(out);
    option_names(out, options_common | OPTION_BIT(OPTION_VERSION));
    buf_adds(out, "\" ;;\n    esac\n    COMPREPLY=($(compgen -W \"$word\" -- \"$cur\"))\n}\n"
                  "complete -o default -F _signalbox signalbox\n");
}

/* 'name:meaning' in single quotes, for zsh. */
static void described(struct buf *out, const char *name, const char *meaning)
{
    buf_addf(out, "        '%s:", name);
    for (; *meaning; meaning++)
        if (*meaning == '\'')
            buf_adds(out, "'\\''");
        else
            buf_addc(out, *meaning);
    buf_adds(out, "'\n");
}

void generate_zsh(struct buf *out)
{
    buf_adds(out, "#compdef signalbox\n# zsh completion for signalbox; made from its table of commands.\n"
                  "_signalbox() {\n    local -a names\n    local -a plain\n    plain=(${words[2,CURRENT-1]:#-*})\n"
                  "    case \"${plain[1]} ${plain[2]}\" in\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!shown(&commands[i]))
            continue;
        buf_addf(out, "    \"%s %s\"%s) compadd --", commands[i].group, commands[i].verb ? commands[i].verb : "",
                 commands[i].verb ? "" : "*");
        words_of(out, &commands[i]);
        buf_adds(out, " ;;\n");
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!first_of_group(i) || !commands[i].verb)
            continue;
        buf_addf(out, "    \"%s \"*) names=(\n", commands[i].group);
        for (size_t j = 0; j < COMMAND_COUNT; j++)
            if (shown(&commands[j]) && strcmp(commands[j].group, commands[i].group) == 0)
                described(out, commands[j].verb, commands[j].summary);
        buf_adds(out, "        ); _describe verb names ;;\n");
    }
    buf_adds(out, "    *) names=(\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (first_of_group(i))
            described(out, commands[i].group, commands[i].verb ? "a group of commands" : commands[i].summary);
    buf_adds(out, "        ); _describe command names ;;\n    esac\n}\n_signalbox \"$@\"\n");
}

static void fish_meaning(struct buf *out, const char *meaning)
{
    buf_adds(out, " -d '");
    for (; *meaning; meaning++) {
        if (*meaning == '\'' || *meaning == '\\')
            buf_addc(out, '\\');
        buf_addc(out, *meaning);
    }
    buf_adds(out, "'\n");
}

static void fish_option(struct buf *out, const struct option_info *option, const char *condition)
{
    buf_addf(out, "complete -c signalbox -n '%s' -l %s", condition, option->name);
    if (option->letter)
        buf_addf(out, " -s %c", option->letter);
    if (option->choices) {
        buf_adds(out, " -xa '");
        choices_of(out, option);
        buf_addc(out, '\'');
    } else if (option->placeholder) {
        buf_adds(out, option->type == OPTION_PATH ? " -r" : " -x");
    }
    fish_meaning(out, option->meaning);
}

static void fish_command(struct buf *out, const struct command *command)
{
    struct buf condition = {0}, words = {0};
    buf_addf(&condition, "__fish_seen_subcommand_from %s", command->group);
    if (command->verb)
        buf_addf(&condition, "; and __fish_seen_subcommand_from %s", command->verb);
    if (command->arguments[0].name)
        argument_words(&words, command->arguments[0].type);
    if (words.len)
        buf_addf(out, "complete -c signalbox -f -n '%s' -a '%s'\n", condition.bytes, words.bytes + 1);
    for (int id = 0; id < OPTION_COUNT; id++)
        if (command->options & OPTION_BIT(id))
            fish_option(out, &command_options[id], condition.bytes);
    buf_clear(&words);
    buf_clear(&condition);
}

void generate_fish(struct buf *out)
{
    buf_adds(out, "# fish completion for signalbox; made from its table of commands.\ncomplete -c signalbox -f\n");
    for (int id = 0; id < OPTION_COUNT; id++)
        if ((options_common | OPTION_BIT(OPTION_VERSION)) & OPTION_BIT(id))
            fish_option(out, &command_options[id], "true");
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        if (first_of_group(i)) {
            buf_addf(out, "complete -c signalbox -n __fish_use_subcommand -a %s", command->group);
            fish_meaning(out, command->verb ? "a group of commands" : command->summary);
        }
        if (!shown(command))
            continue;
        if (command->verb) {
            buf_addf(out, "complete -c signalbox -n '__fish_seen_subcommand_from %s' -a %s", command->group,
                     command->verb);
            fish_meaning(out, command->summary);
        }
        fish_command(out, command);
    }
}
