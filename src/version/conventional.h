/*
 * Commit messages as Conventional Commits 1.0.0 reads them. Messages are the raw bytes of strangers: any bytes are
 * parsed, nothing fails; what is not conventional is said to be so.
 */
#ifndef SIGNALBOX_VERSION_CONVENTIONAL_H
#define SIGNALBOX_VERSION_CONVENTIONAL_H

#include <stdbool.h>
#include <stddef.h>

#include "version/category.h"
#include "version/span.h"

enum commit_shape {
    COMMIT_PLAIN,        /* "Update README" */
    COMMIT_CONVENTIONAL, /* "feat(api): …" */
    COMMIT_REVERT,       /* `Revert "…"` as git writes it, or the type revert */
    COMMIT_MERGE,        /* "Merge branch …", "Merge pull request …": says nothing of its own */
};

/* How much a change asks of the version number. */
enum change_level { LEVEL_NONE, LEVEL_PATCH, LEVEL_MINOR, LEVEL_MAJOR };

struct commit_footer {
    struct span token; /* "Reviewed-by", "BREAKING CHANGE" */
    struct span value; /* may run over several lines */
};

/* Every span views the message. Owns only the array of footers; conventional_clear(). */
struct conventional {
    enum commit_shape shape;
    struct span subject;     /* the first line, whole */
    struct span type;        /* "feat"; not there unless conventional */
    struct span scope;       /* "api" of feat(api): */
    struct span description; /* after the colon; otherwise the subject; of a merged pull request its title */
    struct span body;        /* between subject and footers */
    struct commit_footer *footers;
    size_t footer_count, footer_cap;
    bool bang;                  /* the ! before the colon */
    bool breaking;              /* by ! or by a footer */
    struct span breaking_words; /* the footer's, else the description */
    struct span reverts;        /* the commit named by "This reverts commit …"; hex digits */
};

void conventional_parse(struct conventional *out, const char *message, size_t len);
void conventional_clear(struct conventional *commit);

/* breaking: major; feat: minor; fix, perf, revert, security, deprecate, remove: patch; anything else: none. */
enum change_level conventional_level(const struct conventional *commit);

/* Says nothing of its level: a plain subject, or a type that is none of those everybody uses ("odb: …"). */
bool conventional_is_untold(const struct conventional *commit);

/*
 * Where it would stand in a changelog. feat -> Added; fix -> Fixed; perf, refactor with breaking, and any other type that
 * is breaking -> Changed; scope or type security -> Security; deprecate -> Deprecated; remove -> Removed; revert ->
 * Removed when it takes back a feat, else Changed. CATEGORY_NONE: not offered.
 */
enum category conventional_category(const struct conventional *commit);

/* "major", "minor", "patch", "none". */
const char *change_level_name(enum change_level level);

/* One commit of a range, classified. */
struct change {
    const char *id; /* borrowed; "" when unknown */
    struct conventional commit;
    enum change_level level;
    enum category category;
    bool taken_back; /* it and its revert are both in the range: neither counts */
};

/* Parses and classifies; id and message must outlive the change. Released by change_clear(). */
void change_read(struct change *out, const char *id, const char *message, size_t len);
void change_clear(struct change *change);

/* Finds commits that a later one of the same range reverts: both get taken_back, no level and no category. */
void changes_settle(struct change *changes, size_t count);

#endif
