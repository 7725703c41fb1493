/* The first pages of the step-by-step view: choosing the version, and its changelog section with what the commits offer. */
#ifndef SIGNALBOX_UI_VIEW_NOTES_DRAW_H
#define SIGNALBOX_UI_VIEW_NOTES_DRAW_H

#include "ui/scene.h"

extern const struct table choices_table, offers_table;

/* How the changelog page is shared. A part that is not shown has no rows. */
struct notes_layout {
    struct rect section, heading, offers;
};
struct notes_layout notes_layout(struct rect rect, const struct scene *scene);

void choose_draw(struct canvas *canvas, struct rect rect, struct scene *scene);
void notes_draw(struct canvas *canvas, struct rect rect, struct scene *scene);

#endif
