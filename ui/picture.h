/* The whole screen from a scene: frame, view, and what lies over it. Pure. */
#ifndef SIGNALBOX_UI_PICTURE_H
#define SIGNALBOX_UI_PICTURE_H

#include "ui/view/view.h"

enum { PICTURE_LEAST_ROWS = 12, PICTURE_LEAST_COLS = 40, PICTURE_GOOD_ROWS = 24, PICTURE_GOOD_COLS = 80 };

void picture_draw(struct canvas *canvas, struct scene *scene);

/* The part of the screen that the view gets, and the one of the palette or the help. */
struct rect picture_view_rect(int rows, int cols);
struct rect picture_overlay_rect(int rows, int cols, const struct scene *scene);

/* The tabs, as many as there are; the digit of a click there. */
size_t picture_tabs(struct tab tabs[VIEW_COUNT], enum view_id ids[VIEW_COUNT]);

/* The command (enum command_id) of the hint at that column of the last line; -1: none. */
int picture_hint_at(const struct canvas *canvas, struct scene *scene, int col);

#endif
