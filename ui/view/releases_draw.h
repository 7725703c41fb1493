/* The drawing of the view of releases: the table of versions, the tags that are none, and the detail below. */
#ifndef SIGNALBOX_UI_VIEW_RELEASES_DRAW_H
#define SIGNALBOX_UI_VIEW_RELEASES_DRAW_H

#include "ui/scene.h"

extern const struct table releases_table, foreign_table;

/* How the rectangle is shared. A part that is not shown has no rows. */
struct releases_layout {
    struct rect list, detail;
    bool wide; /* notes and commits side by side */
};
struct releases_layout releases_layout(struct rect rect, const struct scene *scene);

void releases_draw(struct canvas *canvas, struct rect rect, struct scene *scene);

#endif
