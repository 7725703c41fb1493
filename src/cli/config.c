/* config list, get, set, check; trust. They work on a configuration that is wrong, too: they are how it is mended. */
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "cli/cli.h"
#include "config/trust.h"

struct reading {
    struct config_place place;
    struct config config;
};

static int read_config(struct reading *out, struct cli *cli, struct error *err)
{
    *out = (struct reading){0};
    if (config_place_find(&out->place, cli->given.values[OPTION_DIRECTORY], err) < 0)
        return -1;
    if (config_read(&out->config, &out->place, err) == 0)
        return 0;
    config_place_clear(&out->place);
    return -1;
}

static void reading_clear(struct reading *reading)
{
    config_clear(&reading->config);
    config_place_clear(&reading->place);
}

static void entry_json(struct json_writer *w, const char *name, const struct config_key *key,
                       const struct config_entry *entry)
{
    json_begin_object(w, NULL);
    json_put_string(w, "key", name);
    json_put_string(w, "value", entry ? entry->value : key->fallback);
    json_put_string(w, "level", config_level_name(entry ? entry->level : CONFIG_DEFAULT));
    json_put_string(w, "file", entry ? entry->file : NULL);
    if (entry && entry->line)
        json_put_int(w, "line", entry->line);
    else
        json_put_null(w, "line");
    json_put_bool(w, "counts", !entry || entry->counts);
    json_put_bool(w, "untrusted", entry && entry->untrusted);
    json_end_object(w);
}

/* By what is shown: a line break is one byte here and two characters there. */
static void add_padded(struct text_buf *out, const char *value, int columns)
{
    struct text_buf safe = {0};
    text_adds(&safe, value);
    text_add(out, text_of(&safe));
    for (int at = text_width(text_of(&safe)); at < columns; at++)
        text_add(out, TEXT(" "));
    text_buf_clear(&safe);
}

static void print_entry(struct cli *cli, const char *name, const struct config_key *key,
                        const struct config_entry *entry)
{
    if (cli->out.json) {
        entry_json(&cli->out.writer, name, key, entry);
        return;
    }
    char line[16] = "";
    if (entry && entry->line)
        snprintf(line, sizeof(line), ":%d", entry->line);
    const char *value = entry ? entry->value : *key->fallback ? key->fallback : "-";
    struct text_buf words = {0};
    text_addf(&words, "%-24s ", name);
    add_padded(&words, value, 34);
    text_addf(&words, " %s%s%s", entry && entry->file ? entry->file : "default", line,
              entry && entry->untrusted ? "  (does not count: not trusted)" : "");
    output_text(&cli->out, text_of(&words));
    text_buf_clear(&words);
}

/* Keys of the table in its order, each with what is in force; then what of a subsection or ignored stands in files. */
int cli_config_list(struct cli *cli, struct error *err)
{
    struct reading reading;
    if (read_config(&reading, cli, err) < 0)
        return -1;
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_bool(&cli->out.writer, "trusted", reading.config.trusted);
        json_begin_array(&cli->out.writer, "entries");
    }
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        if (!strchr(key->name, '*') && !config_entry(&reading.config, key->name))
            print_entry(cli, key->name, key, NULL);
        for (size_t j = 0; j < reading.config.count; j++) {
            const struct config_entry *entry = &reading.config.entries[j];
            if (entry->key == key && (entry->counts || entry->untrusted))
                print_entry(cli, entry->name, key, entry);
        }
    }
    if (cli->out.json) {
        json_end_array(&cli->out.writer);
        json_end_object(&cli->out.writer);
    }
    reading_clear(&reading);
    return 0;
}

static int unknown_key(struct error *err, const char *name)
{
    char near[128];
    error_set(err, ERROR_INVALID, "There is no key %s", name);
    if (*config_key_suggest(near, sizeof(near), name))
        return error_todo(err, "Did you mean %s?", near);
    return error_todo(err, "`signalbox config list` shows every key");
}

int cli_config_get(struct cli *cli, struct error *err)
{
    const char *name = cli_argument(cli, 0);
    const struct config_key *key = config_key_find(name);
    if (!key)
        return unknown_key(err, name);
    struct reading reading;
    if (read_config(&reading, cli, err) < 0)
        return -1;
    const struct config_entry *entry = config_entry(&reading.config, name);
    if (cli->out.json)
        entry_json(&cli->out.writer, name, key, entry);
    else
        output_line(&cli->out, "%s", entry ? entry->value : key->fallback);
    reading_clear(&reading);
    return 0;
}

static enum config_level level_of(const struct cli *cli)
{
    const char *wanted = cli->given.values[OPTION_LEVEL];
    for (int level = CONFIG_SYSTEM; wanted && level < CONFIG_LEVELS; level++)
        if (strcmp(config_level_name(level), wanted) == 0)
            return level;
    return CONFIG_REPOSITORY;
}

/* By the table first, then by whoever uses the value: see cli_value_check. */
static int check_value(const struct cli *cli, const char *name, const char *value, struct error *err)
{
    const struct config_key *key = config_key_find(name);
    if (!key || !value || !cli->check)
        return 0; /* config_set() says what is wrong with the name */
    if (config_check_value(key, value, err) == 0 && cli->check(key, value, err) == 0)
        return 0;
    err->kind = ERROR_INVALID; /* also where a theme was not found: it is the value that is wrong */
    return -1;
}

int cli_config_set(struct cli *cli, struct error *err)
{
    const char *name = cli_argument(cli, 0), *value = cli_argument(cli, 1);
    bool unset = cli_given(cli, OPTION_UNSET);
    if (unset == (value != NULL)) {
        error_set(err, ERROR_INVALID, unset ? "--unset takes no value" : "VALUE is missing");
        return error_todo(err, "Write `signalbox config set KEY VALUE`, or `signalbox config set KEY --unset`");
    }
    struct config_place place;
    if (check_value(cli, name, value, err) < 0 ||
        config_place_find(&place, cli->given.values[OPTION_DIRECTORY], err) < 0)
        return -1;
    enum config_level level = level_of(cli);
    int result = config_set(&place, level, name, value, err);
    if (result == 0)
        output_line(&cli->out, "%s: %s %s%s", place.files[level], name, unset ? "removed" : "= ", unset ? "" : value);
    if (result == 0 && cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_string(&cli->out.writer, "key", name);
        json_put_string(&cli->out.writer, "value", value);
        json_put_string(&cli->out.writer, "level", config_level_name(level));
        json_put_string(&cli->out.writer, "file", place.files[level]);
        json_end_object(&cli->out.writer);
    }
    config_place_clear(&place);
    return result;
}

static const char *const severities[] = {
    [CONFIG_ERROR] = "error", [CONFIG_WARNING] = "warning", [CONFIG_NOTE] = "note"};

static void show_problem(struct cli *cli, enum config_severity severity, const char *file, int line,
                         struct text words, struct text todo)
{
    struct json_writer *w = &cli->out.writer;
    if (severity == CONFIG_ERROR)
        cli->code = error_exit_code(ERROR_FAILED);
    output_line(&cli->out, "%s:%d: %s: %.*s", file, line, severities[severity], (int)words.len, words.safe);
    if (todo.len)
        output_line(&cli->out, "  %.*s", (int)todo.len, todo.safe);
    if (!cli->out.json)
        return;
    json_begin_object(w, NULL);
    json_put_string(w, "severity", severities[severity]);
    json_put_string(w, "file", file);
    json_put_int(w, "line", line);
    cli_json_text(w, "what", words);
    cli_json_text(w, "todo", todo);
    json_end_object(w);
}

/* What fits its key and still does not work; the table's own problems are in the configuration already. */
static size_t show_unfit(struct cli *cli, const struct config *config)
{
    size_t found = 0;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        struct error why = {0};
        if (!entry->key || !cli->check || config_check_value(entry->key, entry->value, &why) < 0 ||
            cli->check(entry->key, entry->value, &why) == 0)
            continue;
        struct text_buf words = {0};
        text_addf(&words, "%s%s%s", why.what, why.why[0] ? ": " : "", why.why);
        show_problem(cli, CONFIG_ERROR, entry->file, entry->line, text_of(&words), error_advice(&why));
        text_buf_clear(&words);
        found++;
    }
    return found;
}

int cli_config_check(struct cli *cli, struct error *err)
{
    struct reading reading;
    if (read_config(&reading, cli, err) < 0)
        return -1;
    const struct config *config = &reading.config;
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_begin_array(&cli->out.writer, "problems");
    }
    for (size_t i = 0; i < config->problem_count; i++) {
        const struct config_problem *problem = &config->problems[i];
        show_problem(cli, problem->severity, problem->file, problem->line, problem->words, problem->todo);
    }
    size_t unfit = show_unfit(cli, config);
    if (cli->out.json) {
        json_end_array(&cli->out.writer);
        json_put_bool(&cli->out.writer, "fine", cli->code == 0);
        json_end_object(&cli->out.writer);
    } else if (config->problem_count + unfit == 0) {
        output_line(&cli->out, "The configuration is fine.");
    }
    reading_clear(&reading);
    return 0;
}

static void show_dangerous(struct cli *cli, const struct config *config)
{
    size_t found = 0;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        if (entry->level != CONFIG_REPOSITORY || !entry->key || entry->key->danger == CONFIG_HARMLESS)
            continue;
        output_line(&cli->out, "  %s = %s  (%s)", entry->name, entry->value,
                    entry->key->danger == CONFIG_EXECUTES ? "decides what is carried out"
                                                          : "decides what is connected to");
        found++;
    }
    if (!found)
        output_line(&cli->out, "  nothing at present");
}

static int trust_reading(struct cli *cli, const struct reading *reading, struct error *err)
{
    const char *root = reading->place.root, *file = reading->place.files[CONFIG_REPOSITORY];
    bool revoke = cli_given(cli, OPTION_REVOKE);
    char fingerprint[HASH_HEX];
    if (revoke) {
        if (trust_revoke(root, err) < 0)
            return -1;
    } else {
        if (!file)
            return error_set(err, ERROR_NOT_FOUND, "A bare repository has no .signalbox to trust");
        if (trust_fingerprint(fingerprint, file, err) < 0) {
            if (err->kind == ERROR_NOT_FOUND)
                error_todo(err, "There is nothing to trust; `signalbox init` writes one");
            return -1;
        }
        output_line(&cli->out, "%s decides:", file);
        show_dangerous(cli, &reading->config);
        if (cli_confirm(cli, err, "Trust this file as it is now?") < 0 || trust_give(root, fingerprint, err) < 0)
            return -1;
    }
    output_line(&cli->out, revoke ? "%s is not trusted any more." : "%s is trusted as it is now.", root);
    if (cli->out.json) {
        json_begin_object(&cli->out.writer, NULL);
        json_put_string(&cli->out.writer, "repository", root);
        json_put_bool(&cli->out.writer, "trusted", !revoke);
        json_end_object(&cli->out.writer);
    }
    return 0;
}

int cli_trust(struct cli *cli, struct error *err)
{
    struct reading reading;
    if (read_config(&reading, cli, err) < 0)
        return -1;
    int result = trust_reading(cli, &reading, err);
    reading_clear(&reading);
    return result;
}
