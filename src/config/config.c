#include "config/config.h"

#include <errno.h>
#include <git2.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/libgit2.h"
#include "config/scan.h"
#include "config/trust.h"

enum { FILE_LIMIT = 1024 * 1024 };

static struct config_problem *add_problem(struct config *config, enum config_severity severity, const char *file,
                                          int line)
{
    ARRAY_GROW(&config->problems, &config->problem_cap, config->problem_count + 1);
    struct config_problem *problem = &config->problems[config->problem_count++];
    *problem = (struct config_problem){.severity = severity, .file = mem_string(file), .line = line};
    return problem;
}

static struct text words(const char *fmt, ...) PRINTF_LIKE(1, 2);
static struct text words(const char *fmt, ...)
{
    struct buf formatted = {0};
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&formatted, fmt, ap);
    va_end(ap);
    struct text text = text_copy_raw(buf_string(&formatted), formatted.len);
    buf_clear(&formatted);
    return text;
}

/* The name with the table's spelling of section and key, so that lists and messages read as the manual does. */
static char *spelled(const struct config_key *key, const char *name)
{
    const char *star = strchr(key->name, '*');
    if (!star)
        return mem_string(key->name);
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    struct buf whole = {0};
    buf_add(&whole, key->name, (size_t)(star - key->name));
    buf_add(&whole, first + 1, (size_t)(last - first - 1));
    buf_adds(&whole, star + 1);
    return buf_take(&whole);
}

/* By name and value; by name alone where the two readers differ in a blank. */
static int line_of(const struct scan *scan, const char *name, const char *value)
{
    int line = 0, named = 0;
    for (size_t i = 0; i < scan->count; i++) {
        if (strcmp(scan->items[i].name, name) != 0)
            continue;
        named = scan->items[i].line;
        if (strcmp(scan->items[i].value, value) == 0)
            line = named;
    }
    return line ? line : named;
}

/* A service's or environment's name becomes part of tags, keys and file names. */
static bool plain_subsection(const char *name)
{
    const char *first = strchr(name, '.'), *last = strrchr(name, '.');
    for (const char *c = first + 1; c < last; c++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *c) &&
            (c == first + 1 || !strchr("-.", *c)))
            return false;
    return true;
}

static void judge_entry(struct config *config, const struct config_entry *entry)
{
    struct error err;
    if (!entry->key) {
        struct config_problem *problem = add_problem(config, CONFIG_ERROR, entry->file, entry->line);
        problem->words = words("there is no key %s", entry->name);
        char near[128];
        if (*config_key_suggest(near, sizeof(near), entry->name))
            problem->todo = words("Did you mean %s?", near);
        else
            problem->todo = words("`signalbox config list` shows every key");
    } else if (!plain_subsection(entry->name)) {
        struct config_problem *problem = add_problem(config, CONFIG_ERROR, entry->file, entry->line);
        problem->words = words("the name in %s is not plain", entry->name);
        problem->todo = words("Use letters, digits, _ - and . and begin with none of the last two");
    } else if (config_check_value(entry->key, entry->value, &err) < 0) {
        struct config_problem *problem = add_problem(config, CONFIG_ERROR, entry->file, entry->line);
        problem->words = words("%s: %s", err.what, err.why);
        problem->todo = words("%s", err.todo);
    }
}

static void add_entry(struct config *config, enum config_level level, const char *file, int line, const char *name,
                      const char *value)
{
    const struct config_key *key = config_key_find(name);
    ARRAY_GROW(&config->entries, &config->cap, config->count + 1);
    struct config_entry *entry = &config->entries[config->count++];
    *entry = (struct config_entry){.key = key, .level = level, .line = line};
    entry->name = key ? spelled(key, name) : mem_string(name);
    entry->value = mem_string(value);
    entry->file = mem_string(file);
    judge_entry(config, entry);
}

/* libgit2's message ends with "(in FILE:LINE)" or the like; the scanner's line is the one shown. */
static void add_syntax_problem(struct config *config, const char *file, const struct scan *scan)
{
    const git_error *last = git_error_last();
    struct config_problem *problem = add_problem(config, CONFIG_ERROR, file, scan->error_line);
    problem->words = words("the file cannot be understood (%s)", last ? last->message : "no reason given");
    problem->todo = words("It has the form of a git configuration: [section] and key = value");
}

static void warn_of_cuts(struct config *config, const char *file, const struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        if (!scan->items[i].cut)
            continue;
        struct config_problem *problem = add_problem(config, CONFIG_WARNING, file, scan->items[i].line);
        problem->words = words("the value of %s ends at an unquoted # or ;", scan->items[i].name);
        problem->todo = words("Put the value in quotation marks, or a blank before and after the comment sign");
    }
}

static bool is_include(const char *name)
{
    return strncmp(name, "include.", 8) == 0 || strncmp(name, "includeif.", 10) == 0;
}

/* What libgit2 makes of one level, the lines found by the scanner. */
static int take_entries(struct config *config, enum config_level level, const char *file, const struct scan *scan)
{
    git_config *git = NULL;
    git_config_iterator *iterator = NULL;
    int failed = git_config_new(&git);
    if (!failed)
        failed = git_config_add_file_ondisk(git, file, GIT_CONFIG_LEVEL_LOCAL, NULL, 0);
    if (!failed)
        failed = git_config_iterator_new(&iterator, git);
    git_config_entry *entry;
    while (!failed && (failed = git_config_next(&entry, iterator)) == 0) {
        const char *value = entry->value ? entry->value : "true";
        int line = entry->include_depth ? 0 : line_of(scan, entry->name, entry->value ? entry->value : "");
        if (!is_include(entry->name))
            add_entry(config, level, file, line, entry->name, value);
    }
    git_config_iterator_free(iterator);
    git_config_free(git);
    return failed == GIT_ITEROVER ? 0 : failed;
}

static int read_level(struct config *config, enum config_level level, const char *file, struct error *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    if (file_read(&bytes, file, FILE_LIMIT, err) < 0)
        return err->kind == ERROR_NOT_FOUND ? 0 : error_wrap(err, "Cannot read the configuration");
    struct scan scan;
    scan_config(&scan, buf_string(&bytes), bytes.len);
    libgit2_begin();
    if (take_entries(config, level, file, &scan) < 0)
        add_syntax_problem(config, file, &scan);
    warn_of_cuts(config, file, &scan);
    scan_clear(&scan);
    return 0;
}

static bool has_dangerous(const struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        if (entry->level == CONFIG_REPOSITORY && entry->key && entry->key->danger != CONFIG_HARMLESS)
            return true;
    }
    return false;
}

static void note_untrusted(struct config *config, struct config_entry *entry, enum trust trust)
{
    entry->untrusted = true;
    struct config_problem *problem = add_problem(config, CONFIG_NOTE, entry->file, entry->line);
    problem->words = words(
        "%s does not count, because it %s and %s", entry->name,
        entry->key->danger == CONFIG_EXECUTES ? "decides what is carried out" : "decides what is connected to",
        trust == TRUST_CHANGED ? "the file has changed since it was trusted" : "this repository is not trusted");
    problem->todo = words("Read the file, then `signalbox trust`");
}

/* Asked only where it matters, so that a repository without such keys costs no look. */
static int apply_trust(struct config *config, const struct config_place *place, const char *before, struct error *err)
{
    config->trusted = true;
    if (!has_dangerous(config))
        return 0;
    enum trust trust;
    char after[HASH_HEX];
    const char *file = place->files[CONFIG_REPOSITORY];
    if (trust_look(&trust, place->root, file, err) < 0 || trust_fingerprint(after, file, err) < 0)
        return -1;
    /* What was read must be what the hash speaks of. */
    if (strcmp(before, after) != 0)
        trust = TRUST_CHANGED;
    config->trusted = trust == TRUST_GIVEN;
    for (size_t i = 0; i < config->count && !config->trusted; i++) {
        struct config_entry *entry = &config->entries[i];
        if (entry->level == CONFIG_REPOSITORY && entry->key && entry->key->danger != CONFIG_HARMLESS)
            note_untrusted(config, entry, trust);
    }
    return 0;
}

static void decide_what_counts(struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        struct config_entry *entry = &config->entries[i];
        entry->counts = entry->key && !entry->untrusted;
        for (size_t j = i + 1; j < config->count && entry->counts; j++)
            entry->counts = config->entries[j].untrusted || strcmp(config->entries[j].name, entry->name) != 0;
    }
}

int config_read(struct config *out, const struct config_place *place, struct error *err)
{
    *out = (struct config){.trusted = true};
    char before[HASH_HEX] = "";
    const char *repository = place->files[CONFIG_REPOSITORY];
    int result = 0;
    if (repository && trust_fingerprint(before, repository, err) < 0 && err->kind != ERROR_NOT_FOUND)
        result = -1;
    for (int level = CONFIG_SYSTEM; level < CONFIG_LEVELS && result == 0; level++)
        if (place->files[level])
            result = read_level(out, level, place->files[level], err);
    if (result == 0)
        result = apply_trust(out, place, before, err);
    if (result < 0) {
        config_clear(out);
        return -1;
    }
    decide_what_counts(out);
    CLEANUP(free_string) char *root = mem_string(place->root);
    out->project = mem_string(basename(root));
    return 0;
}

void config_clear(struct config *config)
{
    for (size_t i = 0; i < config->count; i++) {
        free(config->entries[i].name);
        free(config->entries[i].value);
        free(config->entries[i].file);
    }
    for (size_t i = 0; i < config->problem_count; i++) {
        free(config->problems[i].file);
        text_free(&config->problems[i].words);
        text_free(&config->problems[i].todo);
    }
    free(config->entries);
    free(config->problems);
    free(config->project);
    *config = (struct config){0};
}

const struct config_entry *config_entry(const struct config *config, const char *name)
{
    const struct config_key *key = config_key_find(name);
    if (!key)
        return NULL;
    CLEANUP(free_string) char *whole = spelled(key, name);
    for (size_t i = 0; i < config->count; i++)
        if (config->entries[i].counts && strcmp(config->entries[i].name, whole) == 0)
            return &config->entries[i];
    return NULL;
}

const char *config_value(const struct config *config, const char *name)
{
    const struct config_key *key = config_key_find(name);
    const struct config_entry *entry = config_entry(config, name);
    return entry ? entry->value : key ? key->fallback : NULL;
}
