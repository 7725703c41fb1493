/* Which version it is going to be. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/plan_parts.h"
#include "version/next_version.h"
#include "version/tag_pattern.h"

/* What is chosen, before it goes into the plan. */
struct choice {
    struct buf version;
    struct text_buf why;
};

static void choice_clear(struct choice *choice)
{
    buf_clear(&choice->version);
    text_buf_clear(&choice->why);
}

static const char *since(const struct planning *p)
{
    return p->history.base >= 0 ? p->history.versions[p->history.base].tag : "the beginning";
}

/* The suggestion, or a bump asked for by hand (level other than none). */
static int choose_next(struct choice *choice, struct planning *p, enum change_level level)
{
    struct semver *versions = mem_array(history_taken(&p->history), sizeof(*versions));
    struct next_input input;
    struct next_version next = {0};
    history_next_input(&input, versions, &p->history, p->settings);
    int result =
        level == LEVEL_NONE ? next_version(&next, &input, p->err) : next_version_bump(&next, &input, level, p->err);
    if (result == 0) {
        buf_add(&choice->version, buf_string(&next.version), next.version.len);
        text_add(&choice->why, text_of(&next.why));
        if (next.cramped)
            plan_find(p, FINDING_NOTE, "cramped", NULL, "%s is the next free version on this line",
                      buf_string(&next.version));
    }
    next_version_clear(&next);
    free(versions);
    return result;
}

static bool is_taken(const struct history *h, const struct semver *v)
{
    struct semver other;
    for (size_t i = 0; i < h->count; i++)
        if (semver_parse_string(&other, h->versions[i].version) && semver_compare(&other, v) == 0)
            return true;
    for (char **burned = h->burned; burned && *burned; burned++)
        if (semver_parse_string(&other, *burned) && semver_compare(&other, v) == 0)
            return true;
    return false;
}

/* Counts a pre-release up until it is free. */
static int next_free_prerelease(struct buf *version, struct planning *p)
{
    struct semver v;
    while (semver_parse(&v, buf_string(version), version->len) && is_taken(&p->history, &v)) {
        struct buf next = {0};
        if (semver_increment(&next, &v, p->err) < 0) {
            buf_clear(&next);
            return -1;
        }
        buf_clear(version);
        *version = next;
    }
    return 0;
}

static const char *current_of(const struct planning *p)
{
    return p->history.current >= 0 ? p->history.versions[p->history.current].version : NULL;
}

static enum semver_bump bump_of(const struct change_counts *counts, bool zero_minor)
{
    if (counts->breaking)
        return zero_minor ? SEMVER_MINOR : SEMVER_MAJOR;
    if (counts->features)
        return zero_minor ? SEMVER_PATCH : SEMVER_MINOR;
    return SEMVER_PATCH;
}

/* The next of the pre-releases at hand, or the first of the version that the changes ask for. */
static int choose_prerelease(struct choice *choice, struct planning *p, int bump)
{
    const char *id = p->options->pre_id && *p->options->pre_id ? p->options->pre_id : "rc";
    const char *current = current_of(p);
    struct semver v, base;
    if (!current) {
        buf_addf(&choice->version, "%s-%s.1", p->settings->release.initial, id);
        text_addf(&choice->why, "the first %s", id);
        return next_free_prerelease(&choice->version, p);
    }
    if (!semver_parse_string(&v, current))
        abort();
    base = v;
    if (bump < 0) {
        bool zero = p->settings->release.zero_minor && semver_is_zero_major(&base);
        bump = (int)bump_of(&p->history.changes, zero);
    }
    /* A pre-release at hand stays on its version: its number counts up, or its name changes. */
    int result = semver_start(&choice->version, &v, (enum semver_bump)bump, id, p->err);
    if (result < 0 && semver_is_prerelease(&v)) {
        buf_truncate(&choice->version, 0);
        result = semver_increment(&choice->version, &v, p->err);
    }
    if (result < 0)
        return -1;
    text_addf(&choice->why, "pre-release after %s", current);
    return next_free_prerelease(&choice->version, p);
}

static int choose_final(struct choice *choice, struct planning *p)
{
    const char *current = current_of(p);
    struct semver v;
    if (!current || !semver_parse_string(&v, current)) {
        error_set(p->err, ERROR_INVALID, "There is nothing to finalize");
        return error_why(p->err, "no version is reachable from here");
    }
    if (semver_bump(&choice->version, &v, SEMVER_RELEASE, NULL, SEMVER_FROM_1, p->err) < 0)
        return -1;
    text_addf(&choice->why, "finalizes %s", current);
    return 0;
}

static int choose_given(struct choice *choice, struct planning *p, const char *given)
{
    struct semver v;
    if (tag_pattern_match(&v, p->service->tag_pattern, given) != TAG_VERSION &&
        semver_read(&v, given, strlen(given), p->err) < 0)
        return error_todo(p->err, "Write major, minor, patch, or a version such as 1.4.0");
    buf_add(&choice->version, v.text, v.len);
    text_adds(&choice->why, "as given");
    return 0;
}

static int choose_suggested(struct choice *choice, struct planning *p)
{
    if (choose_next(choice, p, LEVEL_NONE) < 0)
        return -1;
    if (choice->version.len)
        return 0;
    text_truncate(&choice->why, 0);
    plan_find(p, FINDING_WARN, "empty", NULL, "Nothing since %s asks for a release", since(p));
    return choose_next(choice, p, LEVEL_PATCH);
}

static int choose(struct choice *choice, struct planning *p)
{
    static const struct {
        const char *word;
        enum change_level level;
    } levels[] = {{"major", LEVEL_MAJOR}, {"minor", LEVEL_MINOR}, {"patch", LEVEL_PATCH}};
    static const struct {
        const char *word;
        int bump;
    } starts[] = {
        {"prerelease", -1}, {"premajor", SEMVER_MAJOR}, {"preminor", SEMVER_MINOR}, {"prepatch", SEMVER_PATCH}};
    const char *wanted = p->options->wanted ? p->options->wanted : "";
    if (p->options->from && (!*wanted || strcmp(wanted, "suggested") == 0))
        return choose_next(choice, p, LEVEL_PATCH); /* a hotfix */
    if (!*wanted || strcmp(wanted, "suggested") == 0)
        return choose_suggested(choice, p);
    for (size_t i = 0; i < COUNT(levels); i++)
        if (strcmp(wanted, levels[i].word) == 0)
            return choose_next(choice, p, levels[i].level);
    for (size_t i = 0; i < COUNT(starts); i++)
        if (strcmp(wanted, starts[i].word) == 0)
            return choose_prerelease(choice, p, starts[i].bump);
    if (strcmp(wanted, "finalize") == 0)
        return choose_final(choice, p);
    return choose_given(choice, p, wanted);
}

/* Is the version greater than the one here, free and not burned? */
static void check_version(struct planning *p)
{
    const struct history *h = &p->history;
    const struct release_plan *plan = &p->out->plan;
    struct semver v, current;
    if (!semver_parse_string(&v, plan->version))
        abort();
    for (char **burned = h->burned; burned && *burned; burned++)
        if (strcmp(*burned, plan->version) == 0)
            plan_find(p, FINDING_REFUSE, "burned", "Take the next version: signalbox version next",
                      "%s is used up: its tag was public once", plan->version);
    for (size_t i = 0; i < h->count; i++) {
        struct semver other;
        if (!semver_parse_string(&other, h->versions[i].version) || semver_compare(&other, &v) != 0)
            continue;
        plan_find(p, FINDING_REFUSE, "version-taken", "Take another version: signalbox version next shows the next",
                  "%s is released already, as %s", plan->version, h->versions[i].tag);
        return;
    }
    if (current_of(p) && semver_parse_string(&current, current_of(p)) && semver_compare(&v, &current) < 0)
        plan_find(p, FINDING_REFUSE, "version-lower",
                  "Take a higher version, or check out the line it belongs to (--from TAG)",
                  "%s is lower than %s, which is released from here", plan->version, current_of(p));
    else if (h->latest >= 0 && h->latest != h->current &&
             semver_parse_string(&current, h->versions[h->latest].version) && semver_compare(&v, &current) < 0)
        plan_find(p, FINDING_NOTE, "other-line", NULL, "%s is the highest version of all, on another line",
                  h->versions[h->latest].version);
}

int plan_choose_version(bool *found, struct planning *p)
{
    CLEANUP(choice_clear) struct choice choice = {0};
    struct release_plan *plan = &p->out->plan;
    CLEANUP(buf_clear) struct buf tag = {0};
    *found = false;
    if (choose(&choice, p) < 0)
        return -1;
    if (!choice.version.len)
        return 0;
    *found = true;
    tag_pattern_name(&tag, p->service->tag_pattern, buf_string(&choice.version));
    plan_set(&plan->version, buf_string(&choice.version));
    plan_set(&plan->tag, buf_string(&tag));
    plan_set(&plan->why, buf_string(&choice.why.raw));
    int base = p->history.base;
    plan_set(&plan->previous, base >= 0 ? p->history.versions[base].version : "");
    plan_set(&plan->previous_tag, base >= 0 ? p->history.versions[base].tag : "");
    check_version(p);
    return 0;
}
