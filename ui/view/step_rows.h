/* The steps of a release or an undo, one below the other: sign, number, name, what it does or did, when, the way back. */
#ifndef SIGNALBOX_UI_VIEW_STEP_ROWS_H
#define SIGNALBOX_UI_VIEW_STEP_ROWS_H

#include "ui/scene.h"

/* Draws from the rectangle's top on, rows above it left out by clipping; returns the rows it takes. */
int step_rows_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                   const struct release_steps *steps);

/* The step that comes next, or that was begun; NULL when all are done. */
const struct release_step *step_next(const struct release_steps *steps);

/* What steps will do, as sentences: "Writes …. Then commits …. Nothing else." All that are left, or the next one only. */
void steps_say(struct text_buf *out, const struct release_steps *steps, bool all);

/* "What the next step does:" and its words. "Nothing else." Returns the rows it took. */
int step_next_draw(struct canvas *canvas, struct rect rect, const struct release_step *step);

#endif
