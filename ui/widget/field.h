/*
 * One line to type in. Holds what was typed as valid UTF-8 without control characters; it is the user's own bytes, so
 * field_value() is what to use and field_draw() what makes it safe to show.
 */
#ifndef SIGNALBOX_UI_WIDGET_FIELD_H
#define SIGNALBOX_UI_WIDGET_FIELD_H

#include "ui/canvas.h"
#include "ui/input.h"

/* Invariant: cursor <= value.len, at the start of a character; limit bytes at most. {0} is an empty field of 1024. */
struct field {
    struct buf value;
    size_t cursor;
    size_t limit;  /* 0: 1024 */
    bool secret;   /* drawn as dots */
    int first_col; /* how far it is scrolled, kept by field_draw() */
};

void field_set(struct field *field, const char *value);
const char *field_value(const struct field *field);
void field_clear(struct field *field); /* frees; a secret is overwritten first */

/* Characters, arrows, home end backspace delete, ctrl-a e b f h d k u w, alt-b f d, ctrl-arrows. True when it was for it.
 * Enter, Esc, Tab, up and down never are. */
bool field_key(struct field *field, struct key key);

/* Pasted bytes: line ends become spaces, other control characters and invalid bytes are left out. */
void field_paste(struct field *field, const char *bytes, size_t len);

/* Draws it on GROUND_FIELD with `hint` in MUTED while empty; with `focused` it shows the cursor. */
void field_draw(struct canvas *canvas, int row, int col, int cols, struct field *field, struct text hint,
                bool focused);

/* A click at that column of the field. */
void field_click(struct field *field, int col);

#endif
