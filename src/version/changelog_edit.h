/*
 * Edits of a changelog. Each takes the present bytes and appends the new ones to *out: the old bytes with a few lines
 * inserted or changed, in the file's own style (headings, brackets, dates, bullets, blank lines, line ends). Nothing is
 * appended on failure. Errors of all: ERROR_INVALID with the line that was not understood.
 */
#ifndef SIGNALBOX_VERSION_CHANGELOG_EDIT_H
#define SIGNALBOX_VERSION_CHANGELOG_EDIT_H

#include "version/changelog.h"

/* One entry to write: plain text without the bullet; further lines are indented under it. Control bytes are refused. */
struct changelog_addition {
    enum category category; /* one of the six */
    const char *text;
    size_t len;
};

/*
 * Adds entries to the unreleased section, making it, the category, or the whole file (len 0) where they are missing. An
 * entry that stands there already is not added again.
 */
int changelog_add(struct buf *out, const char *bytes, size_t len, const struct changelog_addition *additions,
                  size_t count, struct error *err) MUST_CHECK;

struct changelog_cut {
    const char *version;  /* "1.3.0" */
    const char *date;     /* "2026-11-22"; left out where the file has no dates */
    const char *tag;      /* "v1.3.0", for compare links; NULL: made like the tags in the links there are */
    const char *previous; /* the tag before it; NULL: from the links there are, or the first release of all */
    const char *base_url; /* "https://github.com/o/r", when no link tells; NULL: then no links are made */
    const struct changelog_addition *additions; /* generated entries that go into the new section too */
    size_t count;
};

/*
 * Turns what is unreleased into the section of a version: its entries move intact, an empty unreleased section stays on top,
 * and the links follow where the file has such links (or has no release yet and base_url is given). A file without
 * an unreleased section gets the new one above the latest release. ERROR_EXISTS when the version has a section already.
 */
int changelog_cut(struct buf *out, const char *bytes, size_t len, const struct changelog_cut *cut,
                  struct error *err) MUST_CHECK;

/* Marks a version as yanked, as the file marks others, else by [YANKED]; already yanked: no change. ERROR_NOT_FOUND. */
int changelog_yank(struct buf *out, const char *bytes, size_t len, const char *version, struct error *err) MUST_CHECK;

/* A new Keep a Changelog file with an empty Unreleased section. */
void changelog_fresh(struct buf *out);

#endif
