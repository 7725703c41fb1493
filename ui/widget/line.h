/*
 * Things of one line: tabs, key hints, progress, scroll bar, notice. Each draws itself into the columns it is given and
 * gives up what does not fit from the least important end.
 */
#ifndef SIGNALBOX_UI_WIDGET_LINE_H
#define SIGNALBOX_UI_WIDGET_LINE_H

#include <stdint.h>

#include "ui/canvas.h"
#include "ui/input.h"

/* "1 Releases  2 Images": names are cut to four letters, then all but the active to their digit, when it is narrow. */
struct tab {
    char digit;
    struct text name;
};
void tabs_draw(struct canvas *canvas, int row, int col, int cols, const struct tab *tabs, size_t count,
               size_t active);

/* The tab at that column, or -1. */
int tabs_at(int col, int cols, const struct tab *tabs, size_t count, size_t active, int at_col);

/* "a abort  ⏎ open": the key in KEY, in DANGER where it stops something. From the left; what does not fit is left out, the
 * last (help) stays. `right` stands at the end of the line in MUTED. */
struct hint {
    struct text key, words;
    bool stop;
};
void hints_draw(struct canvas *canvas, int row, int col, int cols, const struct hint *hints, size_t count,
                struct text right);

/* The hint at that column as hints_draw() places them, or -1. */
int hints_at(int col, int cols, const struct hint *hints, size_t count, struct text right, int at_col);

/* "▰▰▰▱▱▱", share from 0 to 1; below 0: unknown, it runs to and fro with `step`. */
void progress_draw(struct canvas *canvas, int row, int col, int cols, double share, unsigned step,
                   struct style style);

/* A scroll bar down the column for `shown` of `total` from `top`. Draws nothing when all is shown. */
void scrollbar_draw(struct canvas *canvas, int row, int col, int rows, size_t top, size_t shown, size_t total);

/* One line over the whole width: sign, bold word, sentence. The ground by kind. */
enum notice_kind { NOTICE_PLAIN, NOTICE_GOOD, NOTICE_CAUTION, NOTICE_ALARM };
void notice_draw(struct canvas *canvas, int row, int col, int cols, enum notice_kind kind, struct text word,
                 struct text sentence);

#endif
