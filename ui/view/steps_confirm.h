/* The questions of the step-by-step view: what will happen, whole, before it does; and what happens after yes. */
#ifndef SIGNALBOX_UI_VIEW_STEPS_CONFIRM_H
#define SIGNALBOX_UI_VIEW_STEPS_CONFIRM_H

#include "ui/scene.h"

/* `all`: every step that is left, else the next one only. */
void confirm_begin(struct scene *scene, bool all);

/* One step of a run that is open needs no question where the environment is not protected: its words stand on the page. */
void confirm_resume(struct scene *scene, bool all);
void confirm_undo(struct scene *scene);

#endif
