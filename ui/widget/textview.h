/*
 * Text to read: lines, each with a style and an indent for what wraps, wrapped at words. Scrolls.
 */
#ifndef SIGNALBOX_UI_WIDGET_TEXTVIEW_H
#define SIGNALBOX_UI_WIDGET_TEXTVIEW_H

#include "ui/canvas.h"
#include "ui/input.h"

struct text_line {
    struct text text; /* owned */
    struct style style;
    int indent;  /* columns before the line */
    int hang;    /* more columns before what wraps */
    size_t lead; /* so many bytes at its start are drawn … */
    struct style lead_style;
};

/* {0} is empty. */
struct textview {
    struct text_line *lines;
    size_t count, cap;
    int top; /* first line of the screen, after wrapping */
};

void textview_add(struct textview *view, struct text text, struct style style, int indent, int hang);

/* The first bytes of the line added last in a style of their own: a key before what it does. */
void textview_lead(struct textview *view, size_t bytes, struct style style);

/* Bytes of strangers with line ends: one line each, made safe, tabs as spaces. */
void textview_add_raw(struct textview *view, const char *bytes, size_t len, struct style style);
void textview_clear(struct textview *view);

/* Lines of the screen it takes at that width. */
int textview_height(const struct textview *view, int cols);

/* Draws from top on, with a scroll bar where there is more. */
void textview_draw(struct canvas *canvas, struct rect rect, struct textview *view);

/* j k arrows space b g G PgUp PgDn ctrl-d ctrl-u. True when it was one. */
bool textview_key(struct textview *view, struct key key, struct rect rect);

/* One step of wrapping: the longest start of *rest that fits `cols`, cut after a word where it can; *rest moves past it
 * and the spaces there. False when rest is empty. */
bool text_wrap(struct text *rest, int cols, struct text *line);

/* Wraps `text` into the rectangle from its top; returns the rows it took. */
int text_draw_wrapped(struct canvas *canvas, struct rect rect, struct text text, struct style style);

#endif
