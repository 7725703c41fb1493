/* Texts of one row while it is drawn: formatted one behind the other into the scratch a table gives. */
#ifndef SIGNALBOX_UI_VIEW_SCRATCH_H
#define SIGNALBOX_UI_VIEW_SCRATCH_H

#include "ui/canvas.h"

struct scratch {
    char *at;
    size_t left;
};

struct text scratch_fmt(struct scratch *scratch, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "1,040" */
struct text scratch_count(struct scratch *scratch, uint64_t number);

/* "1 commit", "12 commits" */
struct text scratch_many(struct scratch *scratch, uint64_t number, const char *one, const char *many);

/* "3 min", "2 h", "now" */
struct text scratch_age(struct scratch *scratch, int64_t then_ms, int64_t now_ms);

/* A piece after another on one line: draws at *col and moves it behind. Nothing is drawn for an empty text. */
void put(struct canvas *canvas, int row, int *col, struct text text, struct style style);

/* A sign of glyphs.h, as a text. */
#define SIGN(canvas, name) glyph_text((canvas)->glyphs, GLYPH_##name)

#endif
