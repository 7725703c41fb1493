/* The words of a heading: does it name a version or what is unreleased, and how is it written? */
#ifndef SIGNALBOX_VERSION_CHANGELOG_HEADING_H
#define SIGNALBOX_VERSION_CHANGELOG_HEADING_H

#include "version/changelog.h"

/*
 * Fills in kind, version, label, date, yanked, struck, bracketed, linked and text of *out; the rest stays. False when the
 * words name neither a version nor what is unreleased; *plain (may be NULL) tells whether nothing but a date or a
 * mark follows the version.
 */
bool changelog_heading_read(struct changelog_section *out, bool *plain, const char *bytes, struct range text);

#endif
