/* The frame's first line: what is released, where, from which branch, what is current, what is under way, the time. */
#ifndef SIGNALBOX_UI_VIEW_TOP_LINE_H
#define SIGNALBOX_UI_VIEW_TOP_LINE_H

#include "ui/scene.h"

void top_line_draw(struct canvas *canvas, struct rect rect, const struct scene *scene);

#endif
