/* One step whole: what exactly it does or did, why it failed, its evidence, the way back. And steps as sentences. */
#ifndef SIGNALBOX_UI_VIEW_STEP_DETAIL_H
#define SIGNALBOX_UI_VIEW_STEP_DETAIL_H

#include "ui/scene.h"

enum { STEP_DETAIL_ROWS = 6 }; /* what it wants at 80 columns, its title included */

/* Returns the rows it took. `number` counts from 1. */
int step_detail_draw(struct canvas *canvas, struct rect rect, const struct scene *scene,
                     const struct release_step *step, int number, bool is_public);

/* What steps will do, as sentences: "Writes …. Then commits …. Nothing else." All that are left, or the next one only. */
void steps_say(struct text_buf *out, const struct release_steps *steps, bool all);

#endif
