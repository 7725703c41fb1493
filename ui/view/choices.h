/* The versions a release may have: what each is called, what it becomes and why. Pure text over the history. */
#ifndef SIGNALBOX_UI_VIEW_CHOICES_H
#define SIGNALBOX_UI_VIEW_CHOICES_H

#include "ui/scene.h"

/* Fills the choices of the step-by-step view; the suggested one first and selected. */
void choices_make(struct steps_place *at, const struct history *history);
void choices_clear(struct steps_place *at);

#endif
