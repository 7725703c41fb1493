/*
 * The versions of one service as a release manager sees them, and what has happened since the last one.
 *
 * It comes in parts, so that a screen has something to show at once: history_glance() reads the names of the tags and the
 * newest dates; history_load() all tags, and finds the current version; history_since() walks the commits since the last
 * release and suggests the next. Strings are owned by the history and raw bytes of strangers unless they are struct text:
 * show them through base/text.h.
 */
#ifndef SIGNALBOX_RELEASE_HISTORY_H
#define SIGNALBOX_RELEASE_HISTORY_H

#include "base/buf.h"
#include "config/settings.h"
#include "version/category.h"
#include "version/next_version.h"
#include <signalbox/source.h>
#include <signalbox/store.h>

enum history_reach {
    HISTORY_REACH_UNKNOWN, /* not asked yet: see history_reach() */
    HISTORY_REACHABLE,     /* HEAD contains it */
    HISTORY_ELSEWHERE,     /* on another line: a maintenance branch, a hotfix not merged forward */
};

struct history_version {
    char *version; /* "1.4.0-rc.1+b5", as SemVer writes it */
    char *tag;     /* "api-v1.4.0-rc.1+b5" */
    char commit[OID_HEX];
    int64_t when_ms;
    bool annotated, prerelease;
    bool yanked; /* by the changelog; set by history_mark() */
    bool burned; /* its tag was public once and was taken away; set by history_mark() */
    enum history_reach reach;
};

/* A tag that is none of the service's versions, and why. */
struct history_foreign {
    char *tag;
    struct text why; /* owned: "does not match v*", "not a version: 1.2 lacks the patch number" */
};

/* What a commit means for the next version. */
enum history_class { HISTORY_OTHER, HISTORY_FIX, HISTORY_FEATURE, HISTORY_BREAKING, HISTORY_CLASSES };

const char *history_class_name(enum history_class class); /* "other", "fix", "feature", "breaking" */

struct history_commit {
    char id[OID_HEX];
    char *author;
    char *subject;          /* the first line, raw */
    char *type;             /* "feat"; "" when it is no conventional commit */
    char *scope;            /* "odds", or "" */
    char *summary;          /* the subject without type and scope; the subject where it is none */
    enum category category; /* where it would stand in a changelog; CATEGORY_NONE: it is not offered */
    bool taken_back;        /* it and its revert are both among these commits: neither counts */
    int64_t when_ms;
    enum history_class class;
};

struct history_commits {
    struct history_commit *items; /* newest first */
    size_t count, cap;
    int counts[HISTORY_CLASSES];
};

/*
 * Invariant: versions are sorted newest first by SemVer precedence; current, base and latest are indices into them or -1.
 */
struct history {
    char *service, *tag_pattern;
    char head[OID_HEX]; /* "" in a repository without a commit */
    struct history_version *versions;
    size_t count, cap;
    struct history_foreign *foreign;
    size_t foreign_count, foreign_cap;
    int current;   /* the highest version that HEAD contains */
    int base;      /* the same without pre-releases, unless there are only those: what is unreleased counts from it */
    int latest;    /* the highest of all */
    char **burned; /* numbers that are used up; NULL-terminated; NULL before history_mark() */

    bool is_glance; /* from history_glance(): current and base are not known, nor all dates */

    /* The second part; has_since tells whether it is there. */
    bool has_since;
    struct history_commits since; /* commits since `base`; all of them where there is none */
    struct change_counts changes; /* the same as the version room counts them */
    char *suggestion;             /* "1.4.0"; NULL when nothing has happened since */
    struct text suggestion_why;   /* owned: "minor: 2 features, 5 fixes since v1.3.0" */
};

/*
 * A glance: the versions in order, the newest `dated` of them with commit and date. Of the others when_ms is 0 and commit may
 * be "", and one that is on no commit at all still stands among them. For showing only.
 */
int history_glance(struct history *out, struct source source, const struct service_settings *service, size_t dated,
                   const struct call *call, struct error *err) MUST_CHECK;

/* The first part. Only tags are read, and as few questions about ancestry as it takes to find the current version. */
int history_load(struct history *out, struct source source, const struct service_settings *service,
                 const struct call *call, struct error *err) MUST_CHECK;

/*
 * Marks yanked versions (from the changelog as HEAD has it) and burned ones (ops of the store NULL: none): those that are
 * recorded, and those that a release pushed and whose tag is gone from here, whoever took it away.
 */
int history_mark(struct history *history, struct source source, struct store store,
                 const struct service_settings *service, const struct call *call, struct error *err) MUST_CHECK;

/* The second part: commits since `base` that touch the service's path, and the suggestion. */
int history_since(struct history *history, struct source source, const struct settings *settings,
                  const struct service_settings *service, const struct call *call, struct error *err) MUST_CHECK;

/*
 * What the pure version room counts from: base, the numbers that are taken and the changes since. `versions` (with room
 * for history->count plus the burned ones) is filled and must outlive the input. Needs history_since().
 */
void history_next_input(struct next_input *out, struct semver *versions, const struct history *history,
                        const struct settings *settings);
size_t history_taken(const struct history *history); /* how many versions that needs room for */

/* Sets every version's reach. One walk over all of HEAD's history. */
int history_reach(struct history *history, struct source source, const struct call *call,
                  struct error *err) MUST_CHECK;

void history_clear(struct history *history);

/* By version ("1.3.0") or tag ("v1.3.0"); NULL when there is none. */
const struct history_version *history_find(const struct history *history, const char *name);

/* The highest version below `version` on its own line (an ancestor of it); NULL for the first. */
const struct history_version *history_before(const struct history *history, const struct history_version *version,
                                             struct source source, const struct call *call);

/* Commits of `version`: since the version before it. `limit` 0: all. */
int history_commits_of(struct history_commits *out, const struct history *history,
                       const struct history_version *version, struct source source,
                       const struct service_settings *service, size_t limit, const struct call *call,
                       struct error *err) MUST_CHECK;
void history_commits_clear(struct history_commits *commits);

/*
 * What a version brings, in Markdown without its heading: the changelog's section as the tag has it, else as HEAD has
 * it, else made from its commits. `version` NULL: what is unreleased. Raw bytes.
 */
int history_notes(struct buf *out, bool *from_commits, const struct history *history,
                  const struct history_version *version, struct source source, const struct service_settings *service,
                  const struct call *call, struct error *err) MUST_CHECK;

/*
 * Burned versions: their tag was public when they were taken back, so the number is never used again. Kept in the
 * store under "burned/SERVICE". Burning twice is harmless.
 */
int history_burn(struct store store, const char *service, const char *version, const char *actor,
                 const struct call *call, struct error *err) MUST_CHECK;
int history_burned(char ***versions, struct store store, const char *service, const struct call *call,
                   struct error *err) MUST_CHECK; /* NULL-terminated; history_burned_free() */
void history_burned_free(char **versions);

/* Adds the versions that runs of the store pushed and `history` has no tag of. */
int history_burned_by_runs(char ***versions, const struct history *history, struct store store,
                           const struct call *call, struct error *err) MUST_CHECK;

/* What the runs of a service's releases belong to: "api/release". One at a time, whatever environment it goes to later. */
void release_scope(struct buf *out, const char *service);

#endif
