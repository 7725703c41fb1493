/*
 * What a frame is drawn on: a grid of cells. Drawing is pure: it changes the canvas and nothing else; screen.c paints the
 * result. Only `struct text` can be drawn, and styles name meanings, never colours (theme.h gives those).
 *
 * Rows and columns count from 0 at the top left. Whatever falls outside the clipping rectangle is left out, quietly and
 * safely: any number may be passed, negative ones too. A character of two columns is drawn whole or as spaces.
 */
#ifndef SIGNALBOX_UI_CANVAS_H
#define SIGNALBOX_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/text.h"
#include "ui/glyphs.h"

/* What a piece of text means. A theme gives each a colour and attributes; theme.c holds the names. */
enum meaning {
    MEANING_TEXT,       /* what one reads */
    MEANING_MUTED,      /* labels, units, ages, what can wait */
    MEANING_STRONG,     /* the fact itself: a version, a number */
    MEANING_TITLE,      /* headings, the project, the active view */
    MEANING_ACCENT,     /* ours: the selection sign, the digit of the active view */
    MEANING_KEY,        /* a key to press */
    MEANING_DANGER,     /* failed, stops, what destroys */
    MEANING_WARNING,    /* waits for somebody, stale, soon */
    MEANING_SUCCESS,    /* passes, on, done */
    MEANING_STABLE,     /* the version in service */
    MEANING_CANARY,     /* the version on trial */
    MEANING_PRODUCTION, /* a protected environment */
    MEANING_LINK,       /* an address, a reference to elsewhere */
    MEANING_ADDED,      /* lines that come */
    MEANING_REMOVED,    /* lines that go */
    MEANING_BORDER,     /* rules, boxes, scroll bars: no text */
    MEANING_COUNT,
};

/* What lies under the text. */
enum ground {
    GROUND_KEEP,     /* whatever is there already */
    GROUND_SCREEN,   /* the plain background */
    GROUND_BAR,      /* the frame's first line */
    GROUND_SELECTED, /* the selected row */
    GROUND_PANEL,    /* dialogs, menus */
    GROUND_FIELD,    /* where one types */
    GROUND_GOOD,     /* a verdict or notice: well */
    GROUND_CAUTION,  /* … look here */
    GROUND_ALARM,    /* … something is wrong */
    GROUND_COUNT,
};

/* The names themes use: "danger", "selected". */
const char *meaning_name(enum meaning meaning);
const char *ground_name(enum ground ground);

/* Attributes drawing adds to those of the theme; rarely needed. */
enum attribute {
    ATTRIBUTE_BOLD = 1,
    ATTRIBUTE_DIM = 2,
    ATTRIBUTE_UNDERLINE = 4,
    ATTRIBUTE_REVERSE = 8,
    ATTRIBUTE_ITALIC = 16,
};

/* {0} is plain text on whatever is there. */
struct style {
    uint8_t meaning;    /* enum meaning */
    uint8_t ground;     /* enum ground */
    uint8_t attributes; /* enum attribute, or-ed */
};

/* STYLE(DANGER), STYLE_ON(TEXT, SELECTED) */
#define STYLE(name)            ((struct style){.meaning = MEANING_##name})
#define STYLE_ON(name, behind) ((struct style){.meaning = MEANING_##name, .ground = GROUND_##behind})

/* A base character of at most four bytes and three combining marks (base/text.h keeps to that). */
enum { CELL_BYTES = 16 };

/*
 * One position. Invariant: width 1 or 2 with len bytes of one safe character, or width 0 and len 0 for the right half of
 * the wide character to its left. bytes after len are zero, so that cells compare by memcmp. The ground is never KEEP.
 */
struct cell {
    char bytes[CELL_BYTES];
    uint8_t len, width;
    struct style style;
};

struct rect {
    int row, col, rows, cols;
};

struct canvas {
    int rows, cols;
    struct cell *cells; /* rows * cols, row by row */
    struct rect clip;   /* always within the canvas */
    int cursor_row, cursor_col;
    bool cursor_shown;
    enum glyph_set glyphs;
};

/* An empty canvas of that size (at least 1x1), all spaces on GROUND_SCREEN, the clip everything, the cursor hidden. */
void canvas_init(struct canvas *canvas, int rows, int cols, enum glyph_set glyphs);
void canvas_clear(struct canvas *canvas); /* frees */

/* Makes it as canvas_init() would, at a new size; reuses the memory where it can. */
void canvas_reset(struct canvas *canvas, int rows, int cols);

/* Everything, as a rectangle. */
struct rect canvas_rect(const struct canvas *canvas);

/* Narrows drawing to the part of `to` that lies in the present clip; returns the old clip for canvas_unclip(). */
struct rect canvas_clip(struct canvas *canvas, struct rect to);
void canvas_unclip(struct canvas *canvas, struct rect old);

/* The text at row, col; returns the columns it took or would have taken. What does not fit in the clip is cut. */
int canvas_text(struct canvas *canvas, int row, int col, struct text text, struct style style);

enum align { ALIGN_LEFT, ALIGN_RIGHT, ALIGN_CENTER };

/* The text within `cols` columns, cut with an ellipsis where it is longer. Columns it does not use are left as they are. */
void canvas_text_in(struct canvas *canvas, int row, int col, int cols, struct text text, struct style style,
                    enum align align);

/* canvas_text() of printf's words, made safe; for short ones (up to 512 bytes). */
int canvas_printf(struct canvas *canvas, int row, int col, struct style style, const char *fmt, ...)
    PRINTF_LIKE(5, 6);

int canvas_glyph(struct canvas *canvas, int row, int col, enum glyph glyph, struct style style);

/* The sign, repeated: rows of rules, tracks, bars. */
void canvas_run(struct canvas *canvas, int row, int col, int count, enum glyph glyph, struct style style);

/* Spaces of that style all over the rectangle. */
void canvas_fill(struct canvas *canvas, struct rect rect, struct style style);

/* Changes the ground under what is already drawn. */
void canvas_ground(struct canvas *canvas, struct rect rect, enum ground ground);

/* Adds attributes to what is already drawn: old data turns dim. */
void canvas_attribute(struct canvas *canvas, struct rect rect, uint8_t attributes);

/* Shows the terminal's cursor there (a text field wants it); outside the clip it stays hidden. */
void canvas_cursor(struct canvas *canvas, int row, int col);

const struct cell *canvas_at(const struct canvas *canvas, int row, int col);

/* The rows as plain text, each ended by \n, without spaces at the end: for golden tests. */
void canvas_dump(const struct canvas *canvas, struct buf *out);

/* The rows as meanings: one letter a cell, then a legend ("d danger on selected bold"). For golden tests. */
void canvas_dump_styles(const struct canvas *canvas, struct buf *out);

/* Geometry for layouts. `rect_inside` takes `by` off every side; cut functions take lines off and return them. */
struct rect rect_inside(struct rect rect, int by);
struct rect rect_meet(struct rect a, struct rect b);
struct rect rect_cut_top(struct rect *rect, int rows);
struct rect rect_cut_bottom(struct rect *rect, int rows);
struct rect rect_cut_left(struct rect *rect, int cols);
struct rect rect_cut_right(struct rect *rect, int cols);
struct rect rect_center(struct rect within, int rows, int cols);
bool rect_has(struct rect rect, int row, int col);

#endif
