/* What stands in the way of a release, what to look at, and what to do about it. */
#ifndef SIGNALBOX_UI_VIEW_FINDINGS_H
#define SIGNALBOX_UI_VIEW_FINDINGS_H

#include "ui/scene.h"

/* Draws from the rectangle's top on and takes what it used off it. */
void findings_draw(struct canvas *canvas, struct rect *rect, const struct release_findings *findings);

#endif
