/* What a commit means for the version number and for the changelog. */
#include "version/conventional.h"

#include <string.h>

#include "base/compiler.h"

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

static struct change *named(struct change *changes, size_t count, struct span id)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(changes[i].id) >= id.len && span_same_case(id, (struct span){changes[i].id, id.len}))
            return &changes[i];
    return NULL;
}

/* Is the change reverted by something that itself stands? A revert of a revert brings the first one back. */
void changes_settle(struct change *changes, size_t count)
{
    /* Reverts are few; of a revert's revert the outer one is met first when the newest comes first, and the other way
     * round when the oldest does, so a revert that is taken back itself is looked for before it counts. */
    for (bool again = true; again;) {
        again = false;
        for (size_t i = 0; i < count; i++) {
            struct change *revert = &changes[i];
            if (revert->commit.shape != COMMIT_REVERT || !revert->commit.reverts.len || revert->taken_back)
                continue;
            bool reverted_itself = false;
            for (size_t j = 0; j < count && !reverted_itself; j++)
                reverted_itself = j != i && changes[j].commit.shape == COMMIT_REVERT && !changes[j].taken_back &&
                                  changes[j].commit.reverts.len &&
                                  named(revert, 1, changes[j].commit.reverts) == revert;
            struct change *target = named(changes, count, revert->commit.reverts);
            if (reverted_itself || !target || target == revert || target->taken_back)
                continue;
            take_back(target);
            take_back(revert);
            again = true;
        }
    }
}
