/* Entries of a changelog section, put in and taken out under their category's heading; everything else stays byte for byte. */
#ifndef SIGNALBOX_UI_VIEW_SECTION_H
#define SIGNALBOX_UI_VIEW_SECTION_H

#include <stdbool.h>

#include "base/buf.h"

/* The section with the entry ("- Live odds") at the end of its category, whose heading is made where it is missing. */
void section_put(struct buf *out, const char *section, const char *category, const char *entry);

/* The section without the entry's line, and without its category's heading where nothing is left below it. False when the
 * entry is not there. */
bool section_take_out(struct buf *out, const char *section, const char *entry);

/* Is there a line that is the entry? */
bool section_has(const char *section, const char *entry);

#endif
