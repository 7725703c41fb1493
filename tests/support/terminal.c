#include "tests/support/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#include "base/memory.h"

struct terminal {
    VTerm *vterm;
    VTermScreen *screen;
    struct terminal_modes modes;
    int rows, cols;
    struct buf answers;
    size_t frames;
    struct buf escape; /* a private mode sequence in the making, which libvterm does not report */
};

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct terminal *terminal = user;
    if (property == VTERM_PROP_ALTSCREEN)
        terminal->modes.alternate = value->boolean;
    else if (property == VTERM_PROP_CURSORVISIBLE)
        terminal->modes.cursor_hidden = !value->boolean;
    else if (property == VTERM_PROP_MOUSE)
        terminal->modes.mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void on_output(const char *bytes, size_t len, void *user)
{
    struct terminal *terminal = user;
    buf_add(&terminal->answers, bytes, len);
}

struct terminal *terminal_new(int rows, int cols)
{
    struct terminal *terminal = mem_alloc(sizeof(*terminal));
    terminal->rows = rows;
    terminal->cols = cols;
    terminal->vterm = vterm_new(rows, cols);
    vterm_set_utf8(terminal->vterm, 1);
    vterm_output_set_callback(terminal->vterm, on_output, terminal);
    terminal->screen = vterm_obtain_screen(terminal->vterm);
    vterm_screen_enable_altscreen(terminal->screen, 1);
    vterm_screen_set_callbacks(terminal->screen, &callbacks, terminal);
    vterm_screen_reset(terminal->screen, 1);
    terminal->modes = (struct terminal_modes){0};
    return terminal;
}

void terminal_free(struct terminal *terminal)
{
    vterm_free(terminal->vterm);
    buf_clear(&terminal->answers);
    buf_clear(&terminal->escape);
    free(terminal);
}

static void set_mode(struct terminal *terminal, int mode, bool on)
{
    struct terminal_modes *modes = &terminal->modes;
    if (mode == 2004)
        modes->paste = on;
    else if (mode == 1004)
        modes->focus = on;
    else if (mode == 1006)
        modes->sgr_mouse = on;
    else if (mode == 2026) {
        terminal->frames += modes->synchronized && !on;
        modes->synchronized = on;
    }
}

/* Follows `CSI ? n ; n h|l` on its own, for the modes libvterm keeps to itself or does not know. */
static void watch_modes(struct terminal *terminal, char c)
{
    struct buf *escape = &terminal->escape;
    if (c == '\x1b') {
        buf_truncate(escape, 0);
        buf_addc(escape, c);
        return;
    }
    if (escape->len == 0)
        return;
    bool fits = escape->len == 1   ? c == '['
                : escape->len == 2 ? c == '?'
                                   : ((c >= '0' && c <= '9') || c == ';') && escape->len < 64;
    if (fits) {
        buf_addc(escape, c);
        return;
    }
    if ((c == 'h' || c == 'l') && escape->len > 3) {
        char *at = escape->bytes + 3;
        while (at && *at) {
            set_mode(terminal, atoi(at), c == 'h');
            at = strchr(at, ';');
            at = at ? at + 1 : NULL;
        }
    }
    buf_truncate(escape, 0);
}

void terminal_feed(struct terminal *terminal, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        watch_modes(terminal, bytes[i]);
    vterm_input_write(terminal->vterm, bytes, len);
}

void terminal_resize(struct terminal *terminal, int rows, int cols)
{
    terminal->rows = rows;
    terminal->cols = cols;
    vterm_set_size(terminal->vterm, rows, cols);
}

void terminal_size(const struct terminal *terminal, int *rows, int *cols)
{
    *rows = terminal->rows;
    *cols = terminal->cols;
}

static void add_utf8(char *out, size_t size, uint32_t c)
{
    size_t len = strlen(out);
    if (len + 5 > size)
        return;
    if (c < 0x80) {
        out[len++] = (char)c;
    } else if (c < 0x800) {
        out[len++] = (char)(0xC0 | c >> 6);
    } else if (c < 0x10000) {
        out[len++] = (char)(0xE0 | c >> 12);
        out[len++] = (char)(0x80 | (c >> 6 & 0x3F));
    } else {
        out[len++] = (char)(0xF0 | c >> 18);
        out[len++] = (char)(0x80 | (c >> 12 & 0x3F));
        out[len++] = (char)(0x80 | (c >> 6 & 0x3F));
    }
    if (c >= 0x80)
        out[len++] = (char)(0x80 | (c & 0x3F));
    out[len] = 0;
}

static int32_t colour_of(VTermColor colour)
{
    if (colour.type & (VTERM_COLOR_DEFAULT_FG | VTERM_COLOR_DEFAULT_BG))
        return -1;
    if (VTERM_COLOR_IS_INDEXED(&colour))
        return 0x1000000 + colour.indexed.idx;
    return colour.rgb.red << 16 | colour.rgb.green << 8 | colour.rgb.blue;
}

struct terminal_cell terminal_cell(const struct terminal *terminal, int row, int col)
{
    VTermScreenCell cell = {0};
    struct terminal_cell out = {.width = 1};
    vterm_screen_get_cell(terminal->screen, (VTermPos){row, col}, &cell);
    out.fore = colour_of(cell.fg);
    out.back = colour_of(cell.bg);
    out.bold = cell.attrs.bold;
    out.underline = cell.attrs.underline != 0;
    out.reverse = cell.attrs.reverse;
    out.italic = cell.attrs.italic;
    if (cell.chars[0] == (uint32_t)-1) {
        out.width = 0;
        return out;
    }
    out.width = cell.width;
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
        add_utf8(out.bytes, sizeof(out.bytes), cell.chars[i]);
    if (!out.bytes[0])
        out.bytes[0] = ' ';
    return out;
}

void terminal_cursor(const struct terminal *terminal, int *row, int *col, bool *shown)
{
    VTermPos at;
    vterm_state_get_cursorpos(vterm_obtain_state(terminal->vterm), &at);
    *row = at.row;
    *col = at.col;
    *shown = !terminal->modes.cursor_hidden;
}

struct terminal_modes terminal_modes(const struct terminal *terminal)
{
    return terminal->modes;
}

void terminal_answers(struct terminal *terminal, struct buf *out)
{
    buf_add(out, terminal->answers.bytes, terminal->answers.len);
    buf_truncate(&terminal->answers, 0);
}

size_t terminal_frames(const struct terminal *terminal)
{
    return terminal->frames;
}

static void trim(struct buf *out, size_t start, char c)
{
    size_t end = out->len;
    while (end > start && out->bytes[end - 1] == c)
        end--;
    buf_truncate(out, end);
}

void terminal_text(const struct terminal *terminal, struct buf *out)
{
    for (int row = 0; row < terminal->rows; row++) {
        size_t start = out->len;
        for (int col = 0; col < terminal->cols; col++)
            buf_adds(out, terminal_cell(terminal, row, col).bytes);
        trim(out, start, ' ');
        buf_addc(out, '\n');
    }
}

static void add_colour(struct buf *out, const char *name, int32_t colour)
{
    if (colour >= 0x1000000)
        buf_addf(out, " %s=%d", name, colour - 0x1000000);
    else if (colour >= 0)
        buf_addf(out, " %s=#%06x", name, (unsigned)colour);
}

static void describe(const struct terminal_cell *cell, struct buf *out)
{
    add_colour(out, "fg", cell->fore);
    add_colour(out, "bg", cell->back);
    buf_addf(out, "%s%s%s%s%s", cell->bold ? " bold" : "", cell->dim ? " dim" : "",
             cell->underline ? " underline" : "", cell->reverse ? " reverse" : "", cell->italic ? " italic" : "");
    if (out->len == 0)
        buf_adds(out, " plain");
}

void terminal_golden(const struct terminal *terminal, struct buf *out)
{
    static const char letters[] = ".abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    char *looks[sizeof(letters)] = {0};
    size_t count = 0;
    int row, col;
    bool shown;
    terminal_cursor(terminal, &row, &col, &shown);
    buf_addf(out, "%dx%d ", terminal->cols, terminal->rows);
    if (shown)
        buf_addf(out, "cursor at row %d, column %d\n", row, col);
    else
        buf_adds(out, "no cursor\n");
    terminal_text(terminal, out);
    buf_adds(out, "--- looks\n");
    for (row = 0; row < terminal->rows; row++) {
        size_t start = out->len;
        for (col = 0; col < terminal->cols; col++) {
            struct terminal_cell cell = terminal_cell(terminal, row, col);
            struct buf look = {0};
            describe(&cell, &look);
            size_t i = 0;
            while (i < count && strcmp(looks[i], buf_string(&look)) != 0)
                i++;
            if (i == count && count < sizeof(letters) - 1)
                looks[count++] = buf_take(&look);
            buf_addc(out, i < sizeof(letters) - 1 ? letters[i] : '?');
            buf_clear(&look);
        }
        trim(out, start, '.');
        buf_addc(out, '\n');
    }
    for (size_t i = 0; i < count; i++) {
        buf_addf(out, "%c%s\n", letters[i], looks[i]);
        free(looks[i]);
    }
}
