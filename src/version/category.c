#include "version/category.h"

#include <string.h>

#include "base/compiler.h"

static const char *const names[] = {
    [CATEGORY_NONE] = "",
    [CATEGORY_ADDED] = "Added",
    [CATEGORY_CHANGED] = "Changed",
    [CATEGORY_DEPRECATED] = "Deprecated",
    [CATEGORY_REMOVED] = "Removed",
    [CATEGORY_FIXED] = "Fixed",
    [CATEGORY_SECURITY] = "Security",
    [CATEGORY_OTHER] = "",
};

static const struct {
    const char *heading;
    enum category category;
} aliases[] = {
    {"features", CATEGORY_ADDED},
    {"new", CATEGORY_ADDED},
    {"new features", CATEGORY_ADDED},
    {"additions", CATEGORY_ADDED},
    {"feature", CATEGORY_ADDED},
    {"changes", CATEGORY_CHANGED},
    {"change", CATEGORY_CHANGED},
    {"deprecations", CATEGORY_DEPRECATED},
    {"deprecation", CATEGORY_DEPRECATED},
    {"remove", CATEGORY_REMOVED},
    {"removals", CATEGORY_REMOVED},
    {"fixes", CATEGORY_FIXED},
    {"fix", CATEGORY_FIXED},
    {"bug fixes", CATEGORY_FIXED},
    {"bugfixes", CATEGORY_FIXED},
    {"security fixes", CATEGORY_SECURITY},
};

const char *category_name(enum category category)
{
    return names[category];
}

enum category category_of_word(const char *word)
{
    for (int i = CATEGORY_ADDED; i <= CATEGORY_SECURITY; i++)
        if (span_equal_case((struct span){names[i], strlen(names[i])}, word))
            return (enum category)i;
    return CATEGORY_NONE;
}

enum category category_of(struct span heading)
{
    for (int i = CATEGORY_ADDED; i <= CATEGORY_SECURITY; i++)
        if (span_equal_case(heading, names[i]))
            return (enum category)i;
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (span_equal_case(heading, aliases[i].heading))
            return aliases[i].category;
    return CATEGORY_OTHER;
}
