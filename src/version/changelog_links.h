/* The compare links at the end of a changelog, when a version is cut. Used by changelog_cut(). */
#ifndef SIGNALBOX_VERSION_CHANGELOG_LINKS_H
#define SIGNALBOX_VERSION_CHANGELOG_LINKS_H

#include "version/changelog_patch.h"

/* Updates and adds references for the cut; nothing where the file has no such links. */
void changelog_links_cut(struct patch *patch, const struct changelog_cut *cut);

/* Appends the URL a heading that is itself a link gets, made like the model's; nothing when that cannot be done. */
void changelog_links_heading(struct buf *out, const struct patch *patch, const struct changelog_cut *cut);

#endif
