/* Boxes and rules. All in MEANING_BORDER unless told; titles in the style given. */
#ifndef SIGNALBOX_UI_WIDGET_FRAME_H
#define SIGNALBOX_UI_WIDGET_FRAME_H

#include "ui/canvas.h"

/* A line across `cols` columns. With a title: "─── title ───", the title in MUTED, in the middle. */
void frame_rule(struct canvas *canvas, int row, int col, int cols, struct text title);

/* A box with its title in the top line, and a second text behind it in MUTED. Returns the inside, one column of air left
 * and right. */
struct rect frame_box(struct canvas *canvas, struct rect rect, struct style border, struct text title,
                      struct text beside);

/* A vertical line through a box from its top to its bottom line, with joints. */
void frame_divide(struct canvas *canvas, struct rect box, int col, struct style border);

/* A label and its value, "commit  9a8b7c6": label in MUTED, value in `style`, value at col + label_cols. */
void frame_pair(struct canvas *canvas, int row, int col, int label_cols, struct text label, struct text value,
                struct style style);

#endif
