/* Carrying out commands: the view's own first, then what holds everywhere. */
#ifndef SIGNALBOX_UI_ACT_H
#define SIGNALBOX_UI_ACT_H

#include "ui/scene.h"

void act(struct scene *scene, enum command_id id, bool ascii);

/* Reads everything from the repository and the store again. */
void act_refresh(struct scene *scene);

#endif
