#include "ui/view/choices.h"

#include <string.h>

#include "version/semver.h"

static void add(struct steps_place *at, const char *name, const char *wanted, const char *version, struct text why)
{
    if (at->choice_count == CHOICES_MAX)
        return;
    at->choices[at->choice_count++] = (struct choice){.name = text_copy_raw(name, strlen(name)),
                                                      .wanted = wanted,
                                                      .version = text_copy_raw(version, strlen(version)),
                                                      .why = text_copy(why)};
}

static bool is_there(const struct steps_place *at, const char *version)
{
    for (size_t i = 0; i < at->choice_count; i++) {
        if (strcmp(at->choices[i].version.safe, version) == 0)
            return true;
    }
    return false;
}

/* The bump of the current version; of a pre-release, where most lead to the same, only what is not there yet. */
static void add_bump(struct steps_place *at, const struct semver *from, enum semver_bump bump, const char *name,
                     const char *wanted, struct text why)
{
    struct error err;
    CLEANUP(buf_clear) struct buf version = {0};
    if (semver_bump(&version, from, bump, bump == SEMVER_PREMINOR || bump == SEMVER_PRERELEASE ? "rc" : NULL,
                    SEMVER_FROM_1, &err) == 0 &&
        !(semver_is_prerelease(from) && is_there(at, buf_string(&version))))
        add(at, name, wanted, buf_string(&version), why);
}

static bool is_free(const struct history *history, const char *version)
{
    for (size_t i = 0; i < history->count; i++) {
        if (strcmp(history->versions[i].version, version) == 0)
            return false;
    }
    for (char *const *burned = history->burned; burned && *burned; burned++) {
        if (strcmp(*burned, version) == 0)
            return false;
    }
    return true;
}

/* The next free patch of the line the hotfix starts from; what has happened elsewhere since says nothing about it. */
static void add_hotfix(struct steps_place *at, const struct history *history)
{
    enum { TRIES = 1000 };
    const struct history_version *from = history_find(history, at->from);
    struct error err;
    CLEANUP(buf_clear) struct buf version = {0};
    buf_adds(&version, from ? from->version : "");
    for (int i = 0; i < TRIES; i++) {
        struct semver now;
        CLEANUP(buf_clear) struct buf next = {0};
        if (!semver_parse_string(&now, buf_string(&version)) ||
            semver_bump(&next, &now, SEMVER_PATCH, NULL, SEMVER_FROM_1, &err) < 0)
            return;
        buf_truncate(&version, 0);
        buf_add(&version, next.bytes, next.len);
        if (is_free(history, buf_string(&version))) {
            add(at, "hotfix", "patch", buf_string(&version), TEXT("the next free patch of that line"));
            return;
        }
    }
}

void choices_make(struct steps_place *at, const struct history *history)
{
    choices_clear(at);
    at->choice = (struct table_place){0};
    if (at->from) {
        add_hotfix(at, history);
        add(at, "another", NULL, "", TEXT("typed by you"));
        return;
    }
    struct semver current;
    bool has = history->current >= 0 && semver_parse_string(&current, history->versions[history->current].version);
    if (history->suggestion)
        add(at, "suggested", "suggested", history->suggestion, history->suggestion_why);
    if (has && semver_is_prerelease(&current)) {
        add_bump(at, &current, SEMVER_RELEASE, "finalize", "finalize", TEXT("the pre-release becomes the release"));
        add_bump(at, &current, SEMVER_PRERELEASE, "next pre-release", "prerelease", TEXT("one more to try"));
    }
    if (has) {
        add_bump(at, &current, SEMVER_PATCH, "patch", "patch", TEXT("fixes only; nothing new, nothing breaks"));
        add_bump(at, &current, SEMVER_MINOR, "minor", "minor", TEXT("something new; what was there still works"));
        add_bump(at, &current, SEMVER_MAJOR, "major", "major", TEXT("something breaks for those who use it"));
    }
    if (history->suggestion && !strchr(history->suggestion, '-') && !(has && semver_is_prerelease(&current))) {
        CLEANUP(buf_clear) struct buf version = {0};
        buf_addf(&version, "%s-rc.1", history->suggestion);
        add(at, "pre-release", "prerelease", buf_string(&version), TEXT("to try it first; the release follows"));
    }
    add(at, "another", NULL, "", TEXT("typed by you"));
}

void choices_clear(struct steps_place *at)
{
    for (size_t i = 0; i < at->choice_count; i++) {
        text_free(&at->choices[i].name);
        text_free(&at->choices[i].version);
        text_free(&at->choices[i].why);
    }
    at->choice_count = 0;
}
