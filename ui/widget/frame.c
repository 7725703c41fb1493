#include "ui/widget/frame.h"

static bool empty(struct text text)
{
    return text.len == 0;
}

void frame_rule(struct canvas *canvas, int row, int col, int cols, struct text title)
{
    canvas_run(canvas, row, col, cols, GLYPH_RULE, STYLE(BORDER));
    int width = text_width(title);
    if (empty(title) || cols < width + 6)
        return;
    int at = col + (cols - width) / 2;
    canvas_text(canvas, row, at - 1, TEXT(" "), STYLE(MUTED));
    canvas_text(canvas, row, at, title, STYLE(MUTED));
    canvas_text(canvas, row, at + width, TEXT(" "), STYLE(MUTED));
}

/* Into the top line, with a space around; returns the column behind. */
static int top_text(struct canvas *canvas, struct rect rect, int col, struct text text, struct style style)
{
    int left = rect.col + rect.cols - 2 - col;
    if (empty(text) || left < 4)
        return col;
    int width = text_width(text), shown = width < left - 2 ? width : left - 2;
    canvas_text(canvas, rect.row, col, TEXT(" "), style);
    canvas_text_in(canvas, rect.row, col + 1, shown, text, style, ALIGN_LEFT);
    canvas_text(canvas, rect.row, col + 1 + shown, TEXT(" "), style);
    return col + shown + 2;
}

struct rect frame_box(struct canvas *canvas, struct rect rect, struct style border, struct text title,
                      struct text beside)
{
    int bottom = rect.row + rect.rows - 1, right = rect.col + rect.cols - 1;
    if (rect.rows < 2 || rect.cols < 4)
        return (struct rect){rect.row, rect.col, 0, 0};
    canvas_run(canvas, rect.row, rect.col + 1, rect.cols - 2, GLYPH_RULE, border);
    canvas_run(canvas, bottom, rect.col + 1, rect.cols - 2, GLYPH_RULE, border);
    for (int row = rect.row + 1; row < bottom; row++) {
        canvas_glyph(canvas, row, rect.col, GLYPH_BAR, border);
        canvas_glyph(canvas, row, right, GLYPH_BAR, border);
    }
    canvas_glyph(canvas, rect.row, rect.col, GLYPH_TOP_LEFT, border);
    canvas_glyph(canvas, rect.row, right, GLYPH_TOP_RIGHT, border);
    canvas_glyph(canvas, bottom, rect.col, GLYPH_BOTTOM_LEFT, border);
    canvas_glyph(canvas, bottom, right, GLYPH_BOTTOM_RIGHT, border);
    struct style named = {.meaning = MEANING_TITLE, .ground = border.ground};
    struct style muted = {.meaning = MEANING_MUTED, .ground = border.ground};
    int col = top_text(canvas, rect, rect.col + 1, title, named);
    top_text(canvas, rect, col, beside, muted);
    return (struct rect){rect.row + 1, rect.col + 2, rect.rows - 2, rect.cols - 4};
}

void frame_divide(struct canvas *canvas, struct rect box, int col, struct style border)
{
    if (box.rows < 2)
        return;
    canvas_glyph(canvas, box.row, col, GLYPH_TEE_DOWN, border);
    for (int row = box.row + 1; row < box.row + box.rows - 1; row++)
        canvas_glyph(canvas, row, col, GLYPH_BAR, border);
    canvas_glyph(canvas, box.row + box.rows - 1, col, GLYPH_TEE_UP, border);
}

void frame_pair(struct canvas *canvas, int row, int col, int label_cols, struct text label, struct text value,
                struct style style)
{
    canvas_text_in(canvas, row, col, label_cols - 1, label, STYLE(MUTED), ALIGN_LEFT);
    canvas_text(canvas, row, col + label_cols, value, style);
}
