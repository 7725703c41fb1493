/* From the configuration as it was read to the plain structs that the rest of the house uses. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"

static char *copy_value(const struct config *config, const char *name)
{
    return mem_string(config_value(config, name));
}

static bool bool_value(const struct config *config, const char *name)
{
    return config_bool(config_value(config, name));
}

/* The value's place among the choices of its key, which stand in the order of the enum. */
static int choice_value(const struct config *config, const char *name)
{
    const char *const *choices = config_key_find(name)->choices;
    const char *value = config_value(config, name);
    for (int i = 0; choices[i]; i++)
        if (strcmp(choices[i], value) == 0)
            return i;
    return 0;
}

static const struct config_entry *of_service(const struct config *config, const char *service, const char *key)
{
    CLEANUP(buf_clear) struct buf name = {0};
    buf_addf(&name, "service.%s.%s", service, key);
    return config_entry(config, name.bytes);
}

static struct service_settings named_service(const struct config *config, const char *name)
{
    const struct config_entry *path = of_service(config, name, "path");
    const struct config_entry *pattern = of_service(config, name, "tagPattern");
    const struct config_entry *changelog = of_service(config, name, "changelog");
    const struct config_entry *files = of_service(config, name, "versionFiles");
    struct buf own_pattern = {0};
    buf_addf(&own_pattern, "%s-v*", name);
    struct service_settings service = {
        .name = mem_string(name),
        .path = mem_string(path ? path->value : ""),
        .tag_pattern = pattern ? mem_string(pattern->value) : mem_string(own_pattern.bytes),
        .version_files = config_split(files ? files->value : ""),
    };
    service.changelog = changelog ? mem_string(changelog->value) : path_join(service.path, "CHANGELOG.md");
    buf_clear(&own_pattern);
    return service;
}

static struct service_settings whole_repository(const struct config *config, const char *project)
{
    return (struct service_settings){
        .name = mem_string(project),
        .path = mem_string(""),
        .tag_pattern = copy_value(config, "release.tagPattern"),
        .changelog = copy_value(config, "release.changelog"),
        .version_files = config_split(config_value(config, "release.versionFiles")),
    };
}

/* The services in the order in which the files first name them; the repository itself when they name none. */
static void take_services(struct settings *out, const struct config *config)
{
    size_t cap = 0;
    for (size_t i = 0; i < config->count; i++) {
        const struct config_entry *entry = &config->entries[i];
        if (!entry->counts || strncmp(entry->name, "service.", 8) != 0)
            continue;
        const char *from = entry->name + 8;
        CLEANUP(free_string) char *name = mem_bytes(from, (size_t)(strrchr(entry->name, '.') - from));
        if (out->service_count && settings_service(out, name))
            continue;
        ARRAY_GROW(&out->services, &cap, out->service_count + 1);
        out->services[out->service_count++] = named_service(config, name);
    }
    if (out->service_count)
        return;
    out->services = mem_alloc(sizeof(*out->services));
    out->services[0] = whole_repository(config, out->project);
    out->service_count = 1;
}

static int first_problem(const struct config *config, struct error *err)
{
    for (size_t i = 0; i < config->problem_count; i++) {
        const struct config_problem *problem = &config->problems[i];
        if (problem->severity != CONFIG_ERROR)
            continue;
        error_set(err, ERROR_INVALID, "The configuration is wrong");
        if (problem->line)
            error_why(err, "%s:%d: %.*s", problem->file, problem->line, (int)problem->words.len, problem->words.safe);
        else
            error_why(err, "%s: %.*s", problem->file, (int)problem->words.len, problem->words.safe);
        return error_todo(err, "%.*s", (int)problem->todo.len, problem->todo.len ? problem->todo.safe : "");
    }
    return 0;
}

int config_settings(struct settings *out, const struct config *config, struct error *err)
{
    if (first_problem(config, err) < 0)
        return -1;
    *out = (struct settings){0};
    const char *project = config_value(config, "project.name");
    out->project = mem_string(*project ? project : config->project);
    out->environment = copy_value(config, "project.environment");
    CLEANUP(buf_clear) struct buf guard = {0};
    buf_addf(&guard, "environment.%s.protected", out->environment);
    out->protected_environment = bool_value(config, guard.bytes);
    out->release = (struct release_settings){
        .mode = choice_value(config, "release.mode"),
        .branch = copy_value(config, "release.branch"),
        .remote = copy_value(config, "release.remote"),
        .candidate_prefix = copy_value(config, "release.candidatePrefix"),
        .commit_message = copy_value(config, "release.commitMessage"),
        .tag_message = copy_value(config, "release.tagMessage"),
        .zero_minor = bool_value(config, "release.zeroMinor"),
        .initial = copy_value(config, "release.initialVersion"),
        .push = bool_value(config, "release.push"),
    };
    out->ui = (struct ui_settings){
        .theme = copy_value(config, "ui.theme"),
        .glyphs = copy_value(config, "ui.glyphs"),
        .colour = copy_value(config, "ui.colour"),
        .mouse = bool_value(config, "ui.mouse"),
        .keys = config_split(config_value(config, "ui.keys")),
    };
    take_services(out, config);
    return 0;
}
