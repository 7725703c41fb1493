#include "command/command.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/nearest.h"

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

const struct command *command_find(const char *group, const char *verb)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (commands[i].group && same(commands[i].group, group) && same(commands[i].verb, verb))
            return &commands[i];
    return NULL;
}

const struct command *command_find_action(const char *action)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (same(commands[i].action, action) && action)
            return &commands[i];
    return NULL;
}

const struct command *command_group(const char *group)
{
    for (size_t i = 0; i < COUNT(commands); i++)
        if (commands[i].group && same(commands[i].group, group))
            return &commands[i];
    return NULL;
}

const char *command_suggest(char *out, size_t size, const char *group, const char *verb)
{
    bool known = command_group(group) != NULL;
    struct nearest nearest = nearest_to(known ? verb ? verb : "" : group);
    for (size_t i = 0; i < COUNT(commands); i++) {
        const struct command *command = &commands[i];
        if (!command->group || command->hidden)
            continue;
        if (!known)
            nearest_offer(&nearest, command->group);
        else if (command->verb && same(command->group, group))
            nearest_offer(&nearest, command->verb);
    }
    if (!nearest.best)
        snprintf(out, size, "%s", "");
    else if (known)
        snprintf(out, size, "%s %s", group, nearest.best);
    else
        snprintf(out, size, "%s", nearest.best);
    return out;
}

const char *command_usage(char *out, size_t size, const struct command *command)
{
    struct buf usage = {0};
    buf_adds(&usage, command->group ? command->group : "");
    if (command->verb)
        buf_addf(&usage, " %s", command->verb);
    for (const struct argument_info *argument = command->arguments; argument->name; argument++)
        buf_addf(&usage, argument->optional ? " [%s%s]" : " %s%s", argument->name, argument->rest ? "..." : "");
    snprintf(out, size, "%s", buf_string(&usage));
    buf_clear(&usage);
    return out;
}

const char *command_danger_words(enum command_danger danger)
{
    static const char *const words[] = {
        [COMMAND_READS] = "reads",
        [COMMAND_LOCAL] = "changes files here",
        [COMMAND_OUTSIDE] = "changes things outside",
        [COMMAND_STOP] = "stops",
    };
    return words[danger];
}
