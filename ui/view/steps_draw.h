/* The drawing of the step-by-step view: choose, changelog, check, run, undo. */
#ifndef SIGNALBOX_UI_VIEW_STEPS_DRAW_H
#define SIGNALBOX_UI_VIEW_STEPS_DRAW_H

#include "ui/scene.h"

void steps_draw(struct canvas *canvas, struct rect rect, struct scene *scene);

/* The part below the heading: what the pages get, and what clicks are counted in. */
struct rect steps_page_rect(struct rect rect);

/* The steps of the page that is open; NULL where it shows none. */
const struct release_steps *steps_shown(const struct scene *scene);

/* The selected one: where the reader moved it, else the one that comes next. */
int steps_selected(const struct scene *scene);

/* The step at that line of the screen, or STEP_NONE. For the mouse. */
int steps_at_row(const struct scene *scene, int row);

#endif
