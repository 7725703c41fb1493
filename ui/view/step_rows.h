/*
 * The steps of a release or an undo, a line each: sign, number, name, what it does or did with its evidence, when, the way
 * back. What does not fit its line is cut: the step's detail (step_detail.h) has it whole.
 */
#ifndef SIGNALBOX_UI_VIEW_STEP_ROWS_H
#define SIGNALBOX_UI_VIEW_STEP_ROWS_H

#include "ui/scene.h"

enum { STEP_NONE = -1 };

/* `selected`: an index, or STEP_NONE. `is_public`: what is done cannot be taken back, so no way back is claimed. */
void step_rows_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                    const struct release_steps *steps, int selected, bool is_public);

/* The index of the step that comes next, or that was begun; of the last one when all are done. */
int step_next(const struct release_steps *steps);

/* Have others seen it: was the tag pushed, or its commit merged? */
bool steps_public(const struct release_view *view);

#endif
