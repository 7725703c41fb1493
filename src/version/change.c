/* What a commit means for the version number and for the changelog. */
#include "version/conventional.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/compiler.h"
#include "base/memory.h"

static const struct {
    const char *type;
    enum change_level level;
    enum category category;
} types[] = {
    {"feat", LEVEL_MINOR, CATEGORY_ADDED},
    {"feature", LEVEL_MINOR, CATEGORY_ADDED},
    {"fix", LEVEL_PATCH, CATEGORY_FIXED},
    {"bugfix", LEVEL_PATCH, CATEGORY_FIXED},
    {"hotfix", LEVEL_PATCH, CATEGORY_FIXED},
    {"perf", LEVEL_PATCH, CATEGORY_CHANGED},
    {"security", LEVEL_PATCH, CATEGORY_SECURITY},
    {"sec", LEVEL_PATCH, CATEGORY_SECURITY},
    {"deprecate", LEVEL_PATCH, CATEGORY_DEPRECATED},
    {"deprecated", LEVEL_PATCH, CATEGORY_DEPRECATED},
    {"remove", LEVEL_PATCH, CATEGORY_REMOVED},
    {"removed", LEVEL_PATCH, CATEGORY_REMOVED},
    {"removal", LEVEL_PATCH, CATEGORY_REMOVED},
};

const char *change_level_name(enum change_level level)
{
    static const char *const names[] = {"none", "patch", "minor", "major"};
    return names[level];
}

static int find_type(struct span type)
{
    for (size_t i = 0; type.bytes && i < COUNT(types); i++)
        if (span_equal_case(type, types[i].type))
            return (int)i;
    return -1;
}

enum change_level conventional_level(const struct conventional *commit)
{
    if (commit->shape == COMMIT_MERGE)
        return LEVEL_NONE;
    if (commit->breaking)
        return LEVEL_MAJOR;
    if (commit->shape == COMMIT_REVERT)
        return LEVEL_PATCH;
    int type = find_type(commit->type);
    return type < 0 ? LEVEL_NONE : types[type].level;
}

bool conventional_is_untold(const struct conventional *commit)
{
    static const char *const quiet[] = {"build",    "chore", "ci",    "docs", "doc",    "style",
                                        "refactor", "test",  "tests", "wip",  "release"};
    if (commit->shape == COMMIT_MERGE || conventional_level(commit) != LEVEL_NONE)
        return false;
    for (size_t i = 0; commit->type.bytes && i < COUNT(quiet); i++)
        if (span_equal_case(commit->type, quiet[i]))
            return false;
    return true;
}

/* Revert "feat: …", or revert: feat: … */
static bool reverts_feature(const struct conventional *commit)
{
    struct span words = commit->type.bytes ? commit->description : span_from(commit->subject, strlen("Revert \""));
    return span_starts_case(words, "feat:") || span_starts_case(words, "feat(") || span_starts_case(words, "feat!");
}

enum category conventional_category(const struct conventional *commit)
{
    if (conventional_level(commit) == LEVEL_NONE)
        return CATEGORY_NONE;
    if (commit->shape == COMMIT_REVERT)
        return reverts_feature(commit) ? CATEGORY_REMOVED : CATEGORY_CHANGED;
    if (commit->scope.bytes && span_equal_case(commit->scope, "security"))
        return CATEGORY_SECURITY;
    int type = find_type(commit->type);
    return type < 0 ? CATEGORY_CHANGED : types[type].category;
}

void change_read(struct change *out, const char *id, const char *message, size_t len)
{
    *out = (struct change){.id = id ? id : ""};
    conventional_parse(&out->commit, message, len);
    out->level = conventional_level(&out->commit);
    out->category = conventional_category(&out->commit);
}

void change_clear(struct change *change)
{
    conventional_clear(&change->commit);
    *change = (struct change){.id = ""};
}

static void take_back(struct change *change)
{
    change->taken_back = true;
    change->level = LEVEL_NONE;
    change->category = CATEGORY_NONE;
}

static int by_id(const void *a, const void *b)
{
    const struct change *const *x = a, *const *y = b;
    return strcasecmp((*x)->id, (*y)->id);
}

/* The change whose id begins so, among pointers sorted by id. */
static struct change *named(struct change **sorted, size_t count, struct span id)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strncasecmp(sorted[middle]->id, id.bytes, id.len) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && strncasecmp(sorted[low]->id, id.bytes, id.len) == 0 ? sorted[low] : NULL;
}

struct revert {
    struct change *change, *target;
};

/* Is it reverted itself, by a revert that stands? */
static bool is_reverted(const struct revert *reverts, size_t count, const struct change *change)
{
    for (size_t i = 0; i < count; i++)
        if (reverts[i].target == change && reverts[i].change != change && !reverts[i].change->taken_back)
            return true;
    return false;
}

void changes_settle(struct change *changes, size_t count)
{
    struct revert *reverts = NULL;
    size_t revert_count = 0, cap = 0;
    for (size_t i = 0; i < count; i++)
        if (changes[i].commit.shape == COMMIT_REVERT && changes[i].commit.reverts.len) {
            ARRAY_GROW(&reverts, &cap, revert_count + 1);
            reverts[revert_count++] = (struct revert){.change = &changes[i]};
        }
    if (!revert_count)
        return;
    struct change **sorted = mem_array(count, sizeof(struct change *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &changes[i];
    qsort(sorted, count, sizeof(struct change *), by_id);
    for (size_t i = 0; i < revert_count; i++)
        reverts[i].target = named(sorted, count, reverts[i].change->commit.reverts);
    free(sorted);
    /* A revert of a revert brings the first commit back, so the outermost reverts go first. */
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < revert_count; i++) {
            struct change *revert = reverts[i].change, *target = reverts[i].target;
            if (!target || target == revert || target->taken_back || revert->taken_back ||
                is_reverted(reverts, revert_count, revert))
                continue;
            take_back(target);
            take_back(revert);
            again = true;
        }
    }
    free(reverts);
}
