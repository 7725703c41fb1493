/*
 * Several lines to type in: release notes, a changelog section, a reason. Lines are wrapped on the screen only; the value
 * keeps the line ends that were typed. No undo beyond one step; $EDITOR is a key away.
 */
#ifndef SIGNALBOX_UI_WIDGET_EDITOR_H
#define SIGNALBOX_UI_WIDGET_EDITOR_H

#include "ui/canvas.h"
#include "ui/input.h"

/* Invariant: value is valid UTF-8 whose only control character is \n; cursor <= value.len, at the start of a character. */
struct editor {
    struct buf value;
    size_t cursor;
    int want_col;      /* the column up and down aim for; -1: where the cursor is */
    int top;           /* first line of the screen, kept by editor_draw() */
    int cols;          /* of the last drawing, for up and down */
    int lines;         /* of the last drawing, for page up and down */
    bool changed;      /* since editor_set() */
    struct buf before; /* for ctrl-z/ctrl-_: the value before the last key that changed it by more than typing on */
    size_t before_cursor;
    bool typing;
};

enum { EDITOR_LIMIT = 256 * 1024 };

void editor_set(struct editor *editor, const char *value, size_t len);
const char *editor_value(const struct editor *editor);
void editor_clear(struct editor *editor);

/* As field_key(), and Enter, up, down, page up, page down, ctrl-_ (undo). Esc and Tab never are for it. */
bool editor_key(struct editor *editor, struct key key);

/* Pasted bytes: \r\n and \r become \n, tabs four spaces, other control characters are left out. */
void editor_paste(struct editor *editor, const char *bytes, size_t len);

void editor_draw(struct canvas *canvas, struct rect rect, struct editor *editor, bool focused);
void editor_click(struct editor *editor, int row, int col); /* relative to the rectangle */

#endif
