/*
 * The next version: the last release, the changes since, and the versions that are taken already.
 */
#ifndef SIGNALBOX_VERSION_NEXT_VERSION_H
#define SIGNALBOX_VERSION_NEXT_VERSION_H

#include "version/conventional.h"
#include "version/semver.h"

/* Of changes that were settled (changes_settle). */
struct change_counts {
    size_t breaking, features, fixes;
    size_t others;     /* count for a patch too: perf, revert, security, … */
    size_t untold;     /* say nothing of the version: plain subjects, types nobody has agreed on */
    size_t irrelevant; /* say that they are none: chore, docs, test, …; merges */
    size_t taken_back;
};

void change_counts_of(struct change_counts *out, const struct change *changes, size_t count);

struct next_input {
    const struct semver *base;     /* the last release reachable from where the next is cut; NULL: none yet */
    const char *initial;           /* the first version: "0.1.0" */
    bool zero_minor;               /* below 1.0.0: breaking -> minor, feat -> patch */
    const struct semver *existing; /* every version there is, in any order */
    size_t existing_count;
    const struct semver
        *burned; /* numbers that were public once and belong to no release any more: only they are taken */
    size_t burned_count;
    struct change_counts counts;
};

/* Owned; next_version_clear(). */
struct next_version {
    enum change_level asked; /* what the changes ask for; untold ones alone a patch; LEVEL_NONE: nothing to release */
    enum change_level level; /* what the version does: less than asked where the line leaves no room */
    struct buf version;      /* "" when there is nothing to release */
    struct text_buf why;     /* "minor: 2 feat, 4 fix, nothing breaking" */
    bool cramped;            /* level is less than asked, or a number was passed over as taken */
};

/*
 * A version counts as taken when one of equal precedence exists; a minor or major is also taken when any release of
 * that line exists, since a branch cut from before it must not overtake it: then the next smaller level is tried.
 * ERROR_INVALID: `initial` is no version.
 */
int next_version(struct next_version *out, const struct next_input *input, struct error *err) MUST_CHECK;
void next_version_clear(struct next_version *next);

/* Does this change belong to those that decide the suggestion? (level equal to what was asked) */
bool next_version_says(const struct next_version *next, const struct change *change);

/* The given bump of a base, passing over what is taken: for `release create minor` by hand. Same rules. */
int next_version_bump(struct next_version *out, const struct next_input *input, enum change_level level,
                      struct error *err) MUST_CHECK;

#endif
