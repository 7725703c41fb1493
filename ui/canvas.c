#include "ui/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const struct cell blank = {.bytes = " ", .len = 1, .width = 1, .style = {.ground = GROUND_SCREEN}};

static const char *const meaning_names[MEANING_COUNT] = {
    [MEANING_TEXT] = "text",     [MEANING_MUTED] = "muted",     [MEANING_STRONG] = "strong",
    [MEANING_TITLE] = "title",   [MEANING_ACCENT] = "accent",   [MEANING_KEY] = "key",
    [MEANING_DANGER] = "danger", [MEANING_WARNING] = "warning", [MEANING_SUCCESS] = "success",
    [MEANING_STABLE] = "stable", [MEANING_CANARY] = "canary",   [MEANING_PRODUCTION] = "production",
    [MEANING_LINK] = "link",     [MEANING_ADDED] = "added",     [MEANING_REMOVED] = "removed",
    [MEANING_BORDER] = "border",
};

static const char *const ground_names[GROUND_COUNT] = {
    [GROUND_KEEP] = "keep",         [GROUND_SCREEN] = "screen",   [GROUND_BAR] = "bar",
    [GROUND_SELECTED] = "selected", [GROUND_PANEL] = "panel",     [GROUND_FIELD] = "field",
    [GROUND_GOOD] = "good",         [GROUND_CAUTION] = "caution", [GROUND_ALARM] = "alarm",
};

const char *meaning_name(enum meaning meaning)
{
    return meaning_names[meaning];
}

const char *ground_name(enum ground ground)
{
    return ground_names[ground];
}

void canvas_init(struct canvas *canvas, int rows, int cols, enum glyph_set glyphs)
{
    *canvas = (struct canvas){.glyphs = glyphs};
    canvas_reset(canvas, rows, cols);
}

void canvas_clear(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){0};
}

void canvas_reset(struct canvas *canvas, int rows, int cols)
{
    rows = rows < 1 ? 1 : rows;
    cols = cols < 1 ? 1 : cols;
    if (!canvas->cells || rows != canvas->rows || cols != canvas->cols)
        canvas->cells = mem_resize(canvas->cells, (size_t)rows * (size_t)cols, sizeof(struct cell));
    canvas->rows = rows;
    canvas->cols = cols;
    canvas->clip = canvas_rect(canvas);
    canvas->cursor_shown = false;
    for (int i = 0; i < rows * cols; i++)
        canvas->cells[i] = blank;
}

struct rect canvas_rect(const struct canvas *canvas)
{
    return (struct rect){0, 0, canvas->rows, canvas->cols};
}

struct rect canvas_clip(struct canvas *canvas, struct rect to)
{
    struct rect old = canvas->clip;
    canvas->clip = rect_meet(old, to);
    return old;
}

void canvas_unclip(struct canvas *canvas, struct rect old)
{
    canvas->clip = old;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
    return &canvas->cells[row * canvas->cols + col];
}

const struct cell *canvas_at(const struct canvas *canvas, int row, int col)
{
    return cell_at(canvas, row, col);
}

static void make_space(struct cell *cell)
{
    memset(cell->bytes, 0, sizeof(cell->bytes));
    cell->bytes[0] = ' ';
    cell->len = cell->width = 1;
}

/* Before a cell is written: where it is one half of a wide character, the other half becomes a space. */
static void split(struct canvas *canvas, int row, int col)
{
    struct cell *cell = cell_at(canvas, row, col);
    if (cell->width == 0 && col > 0)
        make_space(cell - 1);
    if (cell->width == 2 && col + 1 < canvas->cols)
        make_space(cell + 1);
}

static struct style lay(struct style style, struct style beneath)
{
    if (style.ground == GROUND_KEEP)
        style.ground = beneath.ground;
    return style;
}

static void put(struct canvas *canvas, int row, int col, const char *bytes, size_t len, int width, struct style style)
{
    struct cell *cell = cell_at(canvas, row, col);
    split(canvas, row, col);
    memset(cell->bytes, 0, sizeof(cell->bytes));
    memcpy(cell->bytes, bytes, len);
    cell->len = (uint8_t)len;
    cell->width = (uint8_t)width;
    cell->style = lay(style, cell->style);
    if (width == 2) {
        split(canvas, row, col + 1);
        cell[1] = (struct cell){.style = cell->style};
    }
}

/* A character that takes no column of its own (a vowel of conjoining Hangul) joins the one before it, if it fits. */
static void join(struct canvas *canvas, int row, int col, const char *bytes, size_t len)
{
    struct cell *cell = cell_at(canvas, row, col - 1);
    if (cell->width == 0 && col - 1 > canvas->clip.col)
        cell--;
    if (cell->width == 0 || (size_t)cell->len + len > CELL_BYTES)
        return;
    memcpy(cell->bytes + cell->len, bytes, len);
    cell->len = (uint8_t)(cell->len + len);
}

int canvas_text(struct canvas *canvas, int row, int col, struct text text, struct style style)
{
    struct rect clip = canvas->clip;
    bool visible = row >= clip.row && row < clip.row + clip.rows && col < clip.col + clip.cols;
    int64_t at_col = col, left = clip.col, right = clip.col + clip.cols;
    for (size_t at = 0; at < text.len;) {
        int width;
        size_t len = text_character(text, at, &width);
        const char *bytes = text.safe + at;
        at += len;
        if (!visible || len > CELL_BYTES) {
            at_col += width;
            continue;
        }
        if (width == 0 && at_col > col && at_col > left && at_col <= right) {
            join(canvas, row, (int)at_col, bytes, len);
        } else if (width > 0 && at_col >= left && at_col + width <= right) {
            put(canvas, row, (int)at_col, bytes, len, width, style);
        } else {
            /* The half of a wide character that the clip leaves over. */
            for (int64_t i = at_col; i < at_col + width; i++)
                if (i >= left && i < right)
                    put(canvas, row, (int)i, " ", 1, 1, style);
        }
        at_col += width;
    }
    return (int)(at_col - col);
}

void canvas_text_in(struct canvas *canvas, int row, int col, int cols, struct text text, struct style style,
                    enum align align)
{
    if (cols <= 0)
        return;
    int width = text_width(text);
    if (width <= cols) {
        int over = cols - width;
        canvas_text(canvas, row,
                    col + (align == ALIGN_RIGHT    ? over
                           : align == ALIGN_CENTER ? over / 2
                                                   : 0),
                    text, style);
        return;
    }
    struct text kept = text_fit(text, cols - 1, &width);
    canvas_text(canvas, row, col, kept, style);
    canvas_glyph(canvas, row, col + width, GLYPH_ELLIPSIS, style);
}

int canvas_printf(struct canvas *canvas, int row, int col, struct style style, const char *fmt, ...)
{
    char bytes[512];
    struct buf formatted = {0};
    va_list ap;
    va_start(ap, fmt);
    buf_addv(&formatted, fmt, ap);
    va_end(ap);
    struct text text = text_into(bytes, sizeof(bytes), buf_string(&formatted), formatted.len);
    buf_clear(&formatted);
    return canvas_text(canvas, row, col, text, style);
}

int canvas_glyph(struct canvas *canvas, int row, int col, enum glyph glyph, struct style style)
{
    return canvas_text(canvas, row, col, glyph_text(canvas->glyphs, glyph), style);
}

void canvas_run(struct canvas *canvas, int row, int col, int count, enum glyph glyph, struct style style)
{
    for (int i = 0; i < count; i++)
        canvas_glyph(canvas, row, col + i, glyph, style);
}

void canvas_fill(struct canvas *canvas, struct rect rect, struct style style)
{
    rect = rect_meet(rect, canvas->clip);
    for (int row = rect.row; row < rect.row + rect.rows; row++)
        for (int col = rect.col; col < rect.col + rect.cols; col++)
            put(canvas, row, col, " ", 1, 1, style);
}

void canvas_ground(struct canvas *canvas, struct rect rect, enum ground ground)
{
    rect = rect_meet(rect, canvas->clip);
    for (int row = rect.row; row < rect.row + rect.rows && ground != GROUND_KEEP; row++)
        for (int col = rect.col; col < rect.col + rect.cols; col++)
            cell_at(canvas, row, col)->style.ground = (uint8_t)ground;
}

void canvas_attribute(struct canvas *canvas, struct rect rect, uint8_t attributes)
{
    rect = rect_meet(rect, canvas->clip);
    for (int row = rect.row; row < rect.row + rect.rows; row++)
        for (int col = rect.col; col < rect.col + rect.cols; col++)
            cell_at(canvas, row, col)->style.attributes |= attributes;
}

void canvas_cursor(struct canvas *canvas, int row, int col)
{
    canvas->cursor_shown = rect_has(canvas->clip, row, col);
    canvas->cursor_row = row;
    canvas->cursor_col = col;
}

static void trim_spaces(struct buf *out, size_t start)
{
    size_t end = out->len;
    while (end > start && out->bytes[end - 1] == ' ')
        end--;
    buf_truncate(out, end);
}

void canvas_dump(const struct canvas *canvas, struct buf *out)
{
    for (int row = 0; row < canvas->rows; row++) {
        size_t start = out->len;
        for (int col = 0; col < canvas->cols; col++)
            buf_add(out, cell_at(canvas, row, col)->bytes, cell_at(canvas, row, col)->len);
        trim_spaces(out, start);
        buf_addc(out, '\n');
    }
}

static const char style_letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/* Letters for the styles in the order they appear; '.' is plain text on the plain background. */
static char letter_of(struct style style, struct style *seen, size_t *count, size_t max)
{
    if (style.meaning == MEANING_TEXT && style.ground == GROUND_SCREEN && !style.attributes)
        return '.';
    size_t i = 0;
    while (i < *count && memcmp(&seen[i], &style, sizeof(style)) != 0)
        i++;
    if (i == *count && i < max)
        seen[(*count)++] = style;
    return i < max ? style_letters[i] : '?';
}

void canvas_dump_styles(const struct canvas *canvas, struct buf *out)
{
    static const char *const attribute_names[] = {"bold", "dim", "underline", "reverse", "italic"};
    struct style seen[sizeof(style_letters) - 1];
    size_t count = 0;
    for (int row = 0; row < canvas->rows; row++) {
        size_t start = out->len;
        for (int col = 0; col < canvas->cols; col++) {
            struct style style = cell_at(canvas, row, col)->style;
            buf_addc(out, letter_of(style, seen, &count, COUNT(seen)));
        }
        while (out->len > start && out->bytes[out->len - 1] == '.')
            buf_truncate(out, out->len - 1);
        buf_addc(out, '\n');
    }
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "%c %s on %s", style_letters[i], meaning_name(seen[i].meaning), ground_name(seen[i].ground));
        for (size_t a = 0; a < COUNT(attribute_names); a++)
            if (seen[i].attributes & 1u << a)
                buf_addf(out, " %s", attribute_names[a]);
        buf_addc(out, '\n');
    }
}

struct rect rect_inside(struct rect rect, int by)
{
    struct rect inside = {rect.row + by, rect.col + by, rect.rows - 2 * by, rect.cols - 2 * by};
    if (inside.rows < 0)
        inside.rows = 0;
    if (inside.cols < 0)
        inside.cols = 0;
    return inside;
}

static void meet_span(int a, int a_len, int b, int b_len, int *out, int *out_len)
{
    int start = a > b ? a : b;
    int64_t a_end = (int64_t)a + a_len, b_end = (int64_t)b + b_len;
    int64_t end = a_end < b_end ? a_end : b_end;
    *out = start;
    *out_len = end > start ? (int)(end - start) : 0;
}

struct rect rect_meet(struct rect a, struct rect b)
{
    struct rect met;
    meet_span(a.row, a.rows, b.row, b.rows, &met.row, &met.rows);
    meet_span(a.col, a.cols, b.col, b.cols, &met.col, &met.cols);
    return met;
}

static int at_most(int wish, int limit)
{
    return wish < 0 ? 0 : wish < limit ? wish : limit;
}

struct rect rect_cut_top(struct rect *rect, int rows)
{
    rows = at_most(rows, rect->rows);
    struct rect cut = {rect->row, rect->col, rows, rect->cols};
    rect->row += rows;
    rect->rows -= rows;
    return cut;
}

struct rect rect_cut_bottom(struct rect *rect, int rows)
{
    rows = at_most(rows, rect->rows);
    rect->rows -= rows;
    return (struct rect){rect->row + rect->rows, rect->col, rows, rect->cols};
}

struct rect rect_cut_left(struct rect *rect, int cols)
{
    cols = at_most(cols, rect->cols);
    struct rect cut = {rect->row, rect->col, rect->rows, cols};
    rect->col += cols;
    rect->cols -= cols;
    return cut;
}

struct rect rect_cut_right(struct rect *rect, int cols)
{
    cols = at_most(cols, rect->cols);
    rect->cols -= cols;
    return (struct rect){rect->row, rect->col + rect->cols, rect->rows, cols};
}

struct rect rect_center(struct rect within, int rows, int cols)
{
    rows = at_most(rows, within.rows);
    cols = at_most(cols, within.cols);
    return (struct rect){within.row + (within.rows - rows) / 2, within.col + (within.cols - cols) / 2, rows, cols};
}

bool rect_has(struct rect rect, int row, int col)
{
    return row >= rect.row && row < rect.row + rect.rows && col >= rect.col && col < rect.col + rect.cols;
}
