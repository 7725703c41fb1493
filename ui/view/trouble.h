/* What stands where data would be: that it loads, or why it does not come and what to do. */
#ifndef SIGNALBOX_UI_VIEW_TROUBLE_H
#define SIGNALBOX_UI_VIEW_TROUBLE_H

#include "ui/scene.h"

/* An error with its reason and advice from the rectangle's top; returns the rows it took. */
int trouble_draw(struct canvas *canvas, struct rect rect, const struct error *error);

/*
 * For data that is not there: the error, or "reading tags … 3 s". Draws nothing and returns false when the load has
 * succeeded once.
 */
bool trouble_instead(struct canvas *canvas, struct rect rect, const struct scene *scene, const struct load *load,
                     struct text doing);

/* For old data after a failed load: one line with the error and the age of what is shown. */
bool trouble_beside(struct canvas *canvas, int row, int col, int cols, const struct scene *scene,
                    const struct load *load);

/* Words in the middle of a rectangle: what is empty, and what to do about it. */
void empty_draw(struct canvas *canvas, struct rect rect, struct text what, struct text todo);

#endif
