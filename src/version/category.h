/*
 * The six kinds of change of Keep a Changelog. Other headings are "other": real files have "Packaging", "Performance".
 */
#ifndef SIGNALBOX_VERSION_CATEGORY_H
#define SIGNALBOX_VERSION_CATEGORY_H

#include "version/span.h"

enum category {
    CATEGORY_NONE, /* no heading, or not for the changelog */
    CATEGORY_ADDED,
    CATEGORY_CHANGED,
    CATEGORY_DEPRECATED,
    CATEGORY_REMOVED,
    CATEGORY_FIXED,
    CATEGORY_SECURITY,
    CATEGORY_OTHER, /* a heading of the file's own */
};

/* "Added", …; "" for none and other. */
const char *category_name(enum category category);

/* By heading, without case; also as files in the wild write it ("Fixes", "Bug Fixes", "Features", "Deprecations"). */
enum category category_of(struct span heading);

/* By the exact word of a command line ("added", "Fixed"); CATEGORY_NONE when it is none of the six. */
enum category category_of_word(const char *word);

#endif
