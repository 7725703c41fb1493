#include "command/parse.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/nearest.h"

/* How far the words have been read. `words` stay where they are; plain ones are noted by their place. */
struct reader {
    const char *const *words;
    int count, at;
    int *plain;
    int plain_count;
    struct invocation *out;
};

static int usage(struct error *err, const struct command *command)
{
    char line[160];
    if (!command)
        return error_todo(err, "`signalbox help` shows the commands");
    return error_todo(err, "Usage: signalbox %s [OPTION]...", command_usage(line, sizeof(line), command));
}

static enum option_id find_name(const char *name, size_t len)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        if (strlen(command_options[id].name) == len && strncmp(command_options[id].name, name, len) == 0)
            return id;
    return OPTION_COUNT;
}

static enum option_id find_letter(char letter)
{
    for (int id = 0; id < OPTION_COUNT; id++)
        if (command_options[id].letter == letter)
            return id;
    return OPTION_COUNT;
}

static int unknown_option(struct error *err, const char *name, size_t len)
{
    struct buf wanted = {0};
    buf_add(&wanted, name, len);
    struct nearest nearest = nearest_to(buf_string(&wanted));
    for (int id = 0; id < OPTION_COUNT; id++)
        nearest_offer(&nearest, command_options[id].name);
    error_set(err, ERROR_INVALID, "There is no option --%s", buf_string(&wanted));
    buf_clear(&wanted);
    if (nearest.best)
        return error_todo(err, "Did you mean --%s?", nearest.best);
    return error_todo(err, "`signalbox help` shows the commands and their options");
}

static int check_choice(const struct option_info *option, const char *value, struct error *err)
{
    struct buf all = {0};
    for (const char *const *choice = option->choices; *choice; choice++) {
        if (strcmp(*choice, value) == 0) {
            buf_clear(&all);
            return 0;
        }
        buf_addf(&all, "%s%s", all.len ? ", " : "", *choice);
    }
    error_set(err, ERROR_INVALID, "--%s cannot be \"%s\"", option->name, value);
    error_todo(err, "It is one of: %s", buf_string(&all));
    buf_clear(&all);
    return -1;
}

static int take_value(struct invocation *out, enum option_id id, const char *value, struct error *err)
{
    const struct option_info *option = &command_options[id];
    out->values[id] = value;
    if (option->type == OPTION_CHOICE)
        return check_choice(option, value, err);
    if (option->type == OPTION_NUMBER) {
        char *end;
        errno = 0;
        out->numbers[id] = strtol(value, &end, 10);
        if (*value < '0' || *value > '9' || *end || errno || out->numbers[id] > INT_MAX) {
            error_set(err, ERROR_INVALID, "--%s needs a number, not \"%s\"", option->name, value);
            return error_todo(err, "Write for example --%s 20", option->name);
        }
    }
    return 0;
}

/* `attached`: what stands behind the name in the same word, or NULL. */
static int take_option(struct reader *reader, enum option_id id, const char *attached, struct error *err)
{
    const struct option_info *option = &command_options[id];
    if (reader->out->given[id] && option->type != OPTION_FLAG)
        return error_set(err, ERROR_INVALID, "--%s is given twice", option->name);
    reader->out->given[id] = true;
    if (option->type == OPTION_FLAG) {
        if (attached)
            return error_set(err, ERROR_INVALID, "--%s takes no value", option->name);
        return 0;
    }
    if (!attached && reader->at < reader->count)
        attached = reader->words[reader->at++];
    if (!attached) {
        error_set(err, ERROR_INVALID, "--%s needs a value", option->name);
        return error_todo(err, "Write --%s %s", option->name, option->placeholder);
    }
    return take_value(reader->out, id, attached, err);
}

static int long_option(struct reader *reader, const char *word, struct error *err)
{
    const char *equals = strchr(word, '=');
    size_t len = equals ? (size_t)(equals - word) : strlen(word);
    enum option_id id = find_name(word, len);
    if (id == OPTION_COUNT)
        return unknown_option(err, word, len);
    return take_option(reader, id, equals ? equals + 1 : NULL, err);
}

static int short_options(struct reader *reader, const char *letters, struct error *err)
{
    for (const char *letter = letters; *letter; letter++) {
        enum option_id id = find_letter(*letter);
        if (id == OPTION_COUNT) {
            error_set(err, ERROR_INVALID, "There is no option -%c", *letter);
            return usage(err, NULL);
        }
        if (command_options[id].type != OPTION_FLAG)
            return take_option(reader, id, letter[1] ? letter + 1 : NULL, err);
        if (take_option(reader, id, NULL, err) < 0)
            return -1;
    }
    return 0;
}

static int read_words(struct reader *reader, struct error *err)
{
    bool plain_only = false;
    while (reader->at < reader->count) {
        int here = reader->at++;
        const char *word = reader->words[here];
        if (plain_only || word[0] != '-' || !word[1]) {
            reader->plain[reader->plain_count++] = here;
            continue;
        }
        if (strcmp(word, "--") == 0) {
            plain_only = true;
            continue;
        }
        int result = word[1] == '-' ? long_option(reader, word + 2, err) : short_options(reader, word + 1, err);
        if (result < 0)
            return -1;
    }
    return 0;
}

static int unknown_command(struct error *err, const char *group, const char *verb)
{
    char near[64];
    command_suggest(near, sizeof(near), group, verb);
    bool known = command_group(group) != NULL;
    if (known && !verb)
        error_set(err, ERROR_INVALID, "`signalbox %s` needs one more word", group);
    else
        error_set(err, ERROR_INVALID, "There is no command %s%s%s", group, known ? " " : "", known ? verb : "");
    if (*near)
        return error_todo(err, "Did you mean `signalbox %s`?", near);
    if (known)
        return error_todo(err, "`signalbox help %s` shows what there is", group);
    return error_todo(err, "`signalbox help` shows the commands");
}

/* Which command the plain words name; *used of them belong to its name. */
static int choose(struct reader *reader, int *used, struct error *err)
{
    if (reader->plain_count == 0)
        return 0;
    const char *group = reader->words[reader->plain[0]];
    const char *verb = reader->plain_count > 1 ? reader->words[reader->plain[1]] : NULL;
    *used = 2;
    if (verb)
        reader->out->command = command_find(group, verb);
    if (!reader->out->command) {
        reader->out->command = command_find(group, NULL);
        *used = 1;
    }
    if (reader->out->command)
        return 0;
    /* `signalbox release --help` is a question about the group: the same as `signalbox help release`. */
    if (reader->out->given[OPTION_HELP] && !verb && command_group(group)) {
        reader->out->command = command_find("help", NULL);
        *used = 0;
        return 0;
    }
    return unknown_command(err, group, verb);
}

static int take_arguments(struct reader *reader, int used, struct error *err)
{
    struct invocation *out = reader->out;
    const struct command *command = out->command;
    const struct argument_info *argument = command->arguments;
    for (int i = used; i < reader->plain_count; i++) {
        const char *word = reader->words[reader->plain[i]];
        if (!argument->name) {
            error_set(err, ERROR_INVALID, "\"%s\" is one argument too many", word);
            return usage(err, command);
        }
        if (argument->rest) {
            struct buf joined = {0};
            for (; i < reader->plain_count; i++)
                buf_addf(&joined, "%s%s", joined.len ? " " : "", reader->words[reader->plain[i]]);
            word = out->joined = buf_take(&joined);
        }
        out->arguments[out->argument_count++] = word;
        argument++;
    }
    if (argument->name && !argument->optional && !out->given[OPTION_HELP]) {
        error_set(err, ERROR_INVALID, "%s is missing: %s", argument->name, argument->meaning);
        return usage(err, command);
    }
    return 0;
}

static int check_options(const struct invocation *out, struct error *err)
{
    for (int id = 0; id < OPTION_COUNT; id++) {
        if (!out->given[id] || ((out->command->options | options_common) & OPTION_BIT(id)))
            continue;
        char line[160];
        error_set(err, ERROR_INVALID, "--%s means nothing to `signalbox %s`", command_options[id].name,
                  command_usage(line, sizeof(line), out->command));
        return error_todo(err, "`signalbox %s%s%s --help` shows its options", out->command->group,
                          out->command->verb ? " " : "", out->command->verb ? out->command->verb : "");
    }
    return 0;
}

static int check_step(const struct invocation *out, struct error *err)
{
    for (int i = 0; i < out->argument_count; i++) {
        const char *word = out->arguments[i];
        if (out->command->arguments[i].type != ARGUMENT_STEP || strcmp(word, "major") == 0 ||
            strcmp(word, "minor") == 0 || strcmp(word, "patch") == 0)
            continue;
        error_set(err, ERROR_INVALID, "\"%s\" is no step of a version", word);
        return error_todo(err, "It is major, minor or patch");
    }
    return 0;
}

int command_parse(struct invocation *out, int count, const char *const *words, struct error *err)
{
    *out = (struct invocation){0};
    struct reader reader = {.words = words, .count = count, .out = out};
    reader.plain = mem_array((size_t)count + 1, sizeof(*reader.plain));
    int used = 0;
    int result = read_words(&reader, err);
    /* Known however far it got: how the error is to be printed depends on it. */
    for (int i = 0; i < count && result < 0; i++)
        if (strcmp(words[i], "--json") == 0)
            out->given[OPTION_JSON] = true;
    if (result == 0)
        result = choose(&reader, &used, err);
    if (result == 0 && out->command)
        result = take_arguments(&reader, used, err);
    if (result == 0 && out->command)
        result = check_options(out, err);
    if (result == 0 && out->command)
        result = check_step(out, err);
    free(reader.plain);
    return result;
}

void invocation_clear(struct invocation *invocation)
{
    free(invocation->joined);
    *invocation = (struct invocation){0};
}
