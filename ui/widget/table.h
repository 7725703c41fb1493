/*
 * A list of rows in columns. It asks for the visible rows only, by callback, so ten or a million rows cost the same.
 *
 * Columns have a wish and a least width. When the table is narrow, first the columns that may grow give back, then columns
 * shrink to their least width, those of the highest number in `drop` first, then these are left out; drop 0 never is.
 * When it is wide, columns with `grow` share what is over.
 */
#ifndef SIGNALBOX_UI_WIDGET_TABLE_H
#define SIGNALBOX_UI_WIDGET_TABLE_H

#include "ui/canvas.h"
#include "ui/input.h"

struct column {
    struct text title; /* of the heading; {0} for none */
    int wish, least;   /* columns of the screen */
    int grow;          /* share of what is over; 0: none */
    int drop;          /* 0: always shown; the highest is left out first */
    enum align align;
};

struct table_cell {
    struct text text; /* {0}: empty */
    struct style style;
};

/*
 * Fills cells[column_count] for one row. Texts may lie in scratch, which holds `size` bytes that live until the row is
 * drawn (text_fmt and friends write there), or anywhere that lives as long.
 */
typedef void table_row_fn(void *context, size_t row, struct table_cell *cells, char *scratch, size_t size);

enum { TABLE_COLUMNS = 16, TABLE_SCRATCH = 4096 };

/* A table's look: const, made once. */
struct table {
    const struct column *columns;
    size_t column_count; /* at most TABLE_COLUMNS */
    bool heading;        /* the titles above, in MUTED */
    int gap;             /* columns between two; 0 counts as 2 */
    table_row_fn *row;
};

/* Where the reader is. {0} is the top. Invariant after table_keep(): selected < rows (or 0), and in view. */
struct table_place {
    size_t selected, top;
};

/*
 * Draws it: the selected row with GROUND_SELECTED and the selection sign in the first column, a scroll bar at the right
 * where there are more rows than lines. Moves place->top so that the selection is in view. Without rows nothing but the
 * heading is drawn.
 */
void table_draw(struct canvas *canvas, struct rect rect, const struct table *table, struct table_place *place,
                size_t rows, void *context);

/* The lines for rows that a rectangle has. */
int table_lines(const struct table *table, struct rect rect);

/* Keeps the place valid for so many rows and lines. */
void table_keep(struct table_place *place, size_t rows, int lines);

/* j k arrows g G Home End PgUp PgDn ctrl-d ctrl-u ctrl-f ctrl-b. True when the key was one of these. */
bool table_key(struct table_place *place, struct key key, size_t rows, int lines);

/* The row at that line of the screen; false when there is none (heading, border). For the mouse. */
bool table_row_at(const struct table *table, const struct table_place *place, struct rect rect, size_t rows, int row,
                  int col, size_t *out);

/* The widths columns get in `cols`: 0 for one left out. Exposed for its tests. */
void table_widths(const struct table *table, int cols, int widths[TABLE_COLUMNS]);

#endif
