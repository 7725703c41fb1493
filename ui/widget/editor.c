#include "ui/widget/editor.h"

#include <string.h>

#include "ui/widget/line.h"
#include "ui/widget/typing.h"

void editor_set(struct editor *editor, const char *value, size_t len)
{
    struct buf clean = {0};
    typing_clean(&clean, value, len, true);
    buf_clear(&editor->before);
    buf_clear(&editor->value);
    *editor = (struct editor){.value = clean, .want_col = -1, .cols = editor->cols, .lines = editor->lines};
}

const char *editor_value(const struct editor *editor)
{
    return buf_string(&editor->value);
}

void editor_clear(struct editor *editor)
{
    buf_clear(&editor->value);
    buf_clear(&editor->before);
    *editor = (struct editor){0};
}

/* A line of the screen: bytes [start, end) of the value. The line end, or the space it was wrapped at, is not in it. */
struct line {
    size_t start, end, next;
};

/* Columns of bytes as drawn: what cannot be shown takes the columns of how it is written out. */
static int columns(const struct editor *editor, size_t start, size_t end)
{
    bool plain = true;
    for (size_t i = start; i < end && plain; i++)
        plain = editor->value.bytes[i] >= ' ' && editor->value.bytes[i] < 0x7F;
    if (plain)
        return (int)(end - start);
    struct text_buf text = {0};
    text_add_raw(&text, editor->value.bytes + start, end - start);
    int width = text_width(text_of(&text));
    text_buf_clear(&text);
    return width;
}

/* The line of the screen that starts at `start`. Wraps after a space where there is one, else anywhere. */
static struct line line_from(const struct editor *editor, size_t start)
{
    const struct buf *value = &editor->value;
    int cols = editor->cols > 1 ? editor->cols : 1, used = 0;
    size_t at = start, space = 0;
    while (at < value->len && value->bytes[at] != '\n') {
        size_t next = typing_after(value, at);
        if (next - at > 1 && memchr(value->bytes + at, '\n', next - at))
            next = at + 1; /* a mark after a line end belongs to the next line */
        used += columns(editor, at, next);
        if (used > cols && at > start) {
            size_t end = space ? space : at;
            return (struct line){start, end, end};
        }
        if (value->bytes[at] == ' ')
            space = next;
        at = next;
    }
    return (struct line){start, at, at < value->len ? at + 1 : at};
}

/* The lines up to the one the cursor is in; returns its number. */
static int cursor_line(const struct editor *editor, struct line *out)
{
    struct line line = line_from(editor, 0);
    int number = 0;
    while (true) {
        bool wrapped = line.next == line.end && line.end < editor->value.len;
        if (editor->cursor < line.end || (editor->cursor == line.end && !wrapped) || line.next == line.start)
            break;
        line = line_from(editor, line.next);
        number++;
    }
    *out = line;
    return number;
}

static bool last_line(const struct editor *editor, struct line line)
{
    return line.next >= editor->value.len && !(line.next > line.end);
}

static int count_lines(const struct editor *editor)
{
    struct line line = line_from(editor, 0);
    int count = 1;
    while (!last_line(editor, line)) {
        line = line_from(editor, line.next);
        count++;
    }
    return count;
}

static void place_in_line(struct editor *editor, struct line line, int col)
{
    size_t at = line.start;
    bool wrapped = line.next == line.end && line.end < editor->value.len;
    while (at < line.end) {
        size_t next = typing_after(&editor->value, at);
        if (columns(editor, line.start, next) > col || (wrapped && next >= line.end))
            break;
        at = next;
    }
    editor->cursor = at;
}

static void place(struct editor *editor, int number, int col)
{
    struct line line = line_from(editor, 0);
    for (int i = 0; i < number && !last_line(editor, line); i++)
        line = line_from(editor, line.next);
    place_in_line(editor, line, col);
}

/* Takes `old` as what undo brings back. A run of typed characters is one step. */
static void keep_before(struct editor *editor, struct buf *old, size_t cursor, bool typing)
{
    if (!(typing && editor->typing)) {
        buf_clear(&editor->before);
        editor->before = *old;
        editor->before_cursor = cursor;
        buf_reserve(&editor->before, 1);
        *old = (struct buf){0};
    }
    editor->typing = typing;
    editor->changed = true;
}

static void undo(struct editor *editor)
{
    if (!editor->before.bytes)
        return;
    struct buf now = editor->value;
    size_t cursor = editor->cursor;
    editor->value = editor->before;
    editor->cursor = editor->before_cursor;
    editor->before = now; /* undoing once more brings it back */
    editor->before_cursor = cursor;
    editor->typing = false;
    editor->changed = true;
}

static bool move_lines(struct editor *editor, int by)
{
    struct line line;
    int number = cursor_line(editor, &line);
    if (editor->want_col < 0)
        editor->want_col = columns(editor, line.start, editor->cursor);
    place(editor, number + by < 0 ? 0 : number + by, editor->want_col);
    return true;
}

static bool insert(struct editor *editor, const char *bytes, size_t len)
{
    if (editor->value.len + len > EDITOR_LIMIT)
        return true;
    struct buf old = {0};
    buf_add(&old, editor_value(editor), editor->value.len);
    keep_before(editor, &old, editor->cursor, false);
    typing_insert(&editor->value, &editor->cursor, bytes, len);
    return true;
}

/* Start and end of the true line the cursor is in. */
static void true_line(const struct editor *editor, size_t *start, size_t *end)
{
    const struct buf *value = &editor->value;
    *start = *end = editor->cursor;
    while (*start > 0 && value->bytes[*start - 1] != '\n')
        (*start)--;
    while (*end < value->len && value->bytes[*end] != '\n')
        (*end)++;
}

bool editor_key(struct editor *editor, struct key key)
{
    int page = editor->lines > 1 ? editor->lines - 1 : 1;
    bool plain = !key.modifiers, changed;
    if (!editor->value.bytes)
        buf_reserve(&editor->value, 16);
    if (plain && (key.code == CODE_UP || key.code == CODE_DOWN))
        return move_lines(editor, key.code == CODE_UP ? -1 : 1);
    if (plain && (key.code == CODE_PAGE_UP || key.code == CODE_PAGE_DOWN))
        return move_lines(editor, key.code == CODE_PAGE_UP ? -page : page);
    editor->want_col = -1;
    if (key.code == CODE_ENTER && plain)
        return insert(editor, "\n", 1);
    if (key.code == '_' && key.modifiers == MODIFIER_CTRL) {
        undo(editor);
        return true;
    }
    size_t start, end, cursor = editor->cursor;
    struct buf old = {0};
    true_line(editor, &start, &end);
    if (!key_is_character(key) || !editor->typing)
        buf_add(&old, editor_value(editor), editor->value.len);
    bool known = typing_key(&editor->value, &editor->cursor, start, end, EDITOR_LIMIT, key, &changed);
    if (changed) {
        keep_before(editor, &old, cursor, key_is_character(key));
    } else if (known) {
        editor->typing = false;
    }
    buf_clear(&old);
    return known;
}

void editor_paste(struct editor *editor, const char *bytes, size_t len)
{
    struct buf clean = {0};
    typing_clean(&clean, bytes, len, true);
    editor->want_col = -1;
    insert(editor, buf_string(&clean), clean.len);
    buf_clear(&clean);
}

void editor_draw(struct canvas *canvas, struct rect rect, struct editor *editor, bool focused)
{
    struct line at, line;
    editor->cols = rect.cols - 1; /* the last is the scroll bar's, and the cursor's at the end of a full line */
    editor->lines = rect.rows;
    int number = cursor_line(editor, &at), total = count_lines(editor);
    if (number < editor->top)
        editor->top = number;
    if (number >= editor->top + rect.rows)
        editor->top = number - rect.rows + 1;
    if (editor->top > total - 1)
        editor->top = total - 1;
    struct rect old = canvas_clip(canvas, rect);
    canvas_fill(canvas, rect, STYLE_ON(TEXT, FIELD));
    struct text_buf text = {0};
    line = line_from(editor, 0);
    for (int i = 0; i < editor->top + rect.rows; i++) {
        if (i >= editor->top) {
            text_truncate(&text, 0);
            text_add_raw(&text, editor_value(editor) + line.start, line.end - line.start);
            canvas_text(canvas, rect.row + i - editor->top, rect.col, text_of(&text), STYLE_ON(TEXT, FIELD));
        }
        if (last_line(editor, line))
            break;
        line = line_from(editor, line.next);
    }
    text_buf_clear(&text);
    scrollbar_draw(canvas, rect.row, rect.col + rect.cols - 1, rect.rows, (size_t)editor->top, (size_t)rect.rows,
                   (size_t)total);
    if (focused)
        canvas_cursor(canvas, rect.row + number - editor->top, rect.col + columns(editor, at.start, editor->cursor));
    canvas_unclip(canvas, old);
}

void editor_click(struct editor *editor, int row, int col)
{
    place(editor, editor->top + row, col);
    editor->want_col = -1;
}
