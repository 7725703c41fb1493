#include "environment.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "git/git_source.h"
#include "store/sqlite_store.h"

static char *who(void)
{
    char host[256] = "";
    if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
        snprintf(host, sizeof(host), "localhost");
    /* The account that runs this, not what USER claims: the name goes into the audit log. */
    struct passwd account, *entry = NULL;
    char room[4096];
    struct buf name = {0};
    if (getpwuid_r(geteuid(), &account, room, sizeof(room), &entry) == 0 && entry)
        buf_addf(&name, "%s@%s", entry->pw_name, host);
    else
        buf_addf(&name, "%ld@%s", (long)geteuid(), host);
    return buf_take(&name);
}

/* One directory a repository, shared by its work trees; the name in front is for people who look. */
static char *state_of(const struct config_place *place, const char *project)
{
    char hash[HASH_HEX];
    hash_sha256(hash, place->git_dir, strlen(place->git_dir));
    struct buf name = {0};
    for (const char *c = project; *c && name.len < 40; c++)
        buf_addc(&name, (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ? *c : '-');
    buf_addf(&name, "-%.16s", hash);
    CLEANUP(free_string) char *state = path_xdg("XDG_STATE_HOME", ".local/state");
    char *whole = path_join(state, buf_string(&name));
    buf_clear(&name);
    return whole;
}

static int choose_service(struct environment *env, const char *name, struct error *err)
{
    env->service = settings_service(&env->settings, name);
    if (env->service)
        return 0;
    struct buf all = {0};
    for (size_t i = 0; i < env->settings.service_count; i++)
        buf_addf(&all, "%s%s", i ? ", " : "", env->settings.services[i].name);
    error_set(err, ERROR_NOT_FOUND, "There is no service %s", name);
    error_todo(err, "There is: %s", buf_string(&all));
    buf_clear(&all);
    return -1;
}

int environment_open(struct environment *out, const struct environment_request *request, struct error *err)
{
    *out = (struct environment){.read_only = request->read_only};
    if (config_place_find(&out->place, request->directory, err) < 0)
        return -1;
    if (config_read(&out->config, &out->place, err) < 0 || config_settings(&out->settings, &out->config, err) < 0 ||
        choose_service(out, request->service, err) < 0) {
        environment_close(out);
        return -1;
    }
    struct buf title = {0}, scope = {0};
    buf_adds(&title, out->settings.project);
    if (out->settings.service_count > 1)
        buf_addf(&title, "/%s", out->service->name);
    out->title = buf_take(&title);
    buf_addf(&scope, "%s/%s", out->service->name, out->settings.environment);
    out->scope = buf_take(&scope);
    out->actor = who();
    /* The directory's own name, which does not change with project.name: that must not lose the history. */
    out->state_directory = state_of(&out->place, out->config.project);
    return 0;
}

void environment_close(struct environment *environment)
{
    config_place_clear(&environment->place);
    config_clear(&environment->config);
    settings_clear(&environment->settings);
    free(environment->title);
    free(environment->actor);
    free(environment->scope);
    free(environment->state_directory);
    *environment = (struct environment){0};
}

int environment_source(struct source *out, const struct environment *environment, const struct call *call,
                       struct error *err)
{
    return git_source_open(out, environment->place.root, call, err);
}

int environment_store(struct store *out, const struct environment *environment, const struct call *call,
                      struct error *err)
{
    return sqlite_store_open(out, environment->state_directory, call, err);
}

bool environment_has_store(const struct environment *environment)
{
    CLEANUP(free_string) char *file = path_join(environment->state_directory, "store.db");
    return file_exists(file);
}
