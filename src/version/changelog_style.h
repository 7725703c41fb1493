/* How a file writes things, so that what is added looks like what is there. Used by the edits. */
#ifndef SIGNALBOX_VERSION_CHANGELOG_STYLE_H
#define SIGNALBOX_VERSION_CHANGELOG_STYLE_H

#include "version/changelog.h"

struct changelog_style {
    const struct changelog *log;
    const struct changelog_section *model; /* the release whose heading is copied; NULL: none to copy */
    const char *eol;
    char bullet;
    bool flat;        /* entries stand without category headings */
    bool loose;       /* a blank line between entries */
    bool blank_after; /* a blank line after a category's heading */
    int category_level;
};

void changelog_style_of(struct changelog_style *out, const struct changelog *log);

/* Appends "## [1.3.0] - 2026-11-22" without a line end. `url` (may be NULL) is for headings that are links. */
void changelog_style_heading(struct buf *out, const struct changelog_style *style, const char *version,
                             const char *date, const char *url);
/* Appends "## [Unreleased]". */
void changelog_style_unreleased(struct buf *out, const struct changelog_style *style);

/* Appends "### Added" as the file calls it, with its line end and blank line. */
void changelog_style_category(struct buf *out, const struct changelog_style *style, enum category category);

/* Appends one entry: bullet, text, further lines indented, line end. */
void changelog_style_entry(struct buf *out, const struct changelog_style *style, struct span text);

#endif
