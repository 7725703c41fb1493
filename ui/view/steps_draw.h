/* The drawing of the step-by-step view: choose, changelog, check, run, undo. */
#ifndef SIGNALBOX_UI_VIEW_STEPS_DRAW_H
#define SIGNALBOX_UI_VIEW_STEPS_DRAW_H

#include "ui/scene.h"

extern const struct table choices_table, offers_table;

/* How the changelog page is shared. */
struct notes_layout {
    struct rect section, offers;
};
struct notes_layout notes_layout(struct rect rect, const struct scene *scene);

void steps_draw(struct canvas *canvas, struct rect rect, struct scene *scene);

/* The part below the heading: what the pages get, and what clicks are counted in. */
struct rect steps_page_rect(struct rect rect);

#endif
