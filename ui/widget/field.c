#include "ui/widget/field.h"

#include <string.h>

#include "ui/widget/typing.h"

enum { FIELD_LIMIT = 1024 };

static size_t limit_of(const struct field *field)
{
    return field->limit ? field->limit : FIELD_LIMIT;
}

void field_set(struct field *field, const char *value)
{
    buf_truncate(&field->value, 0);
    field->cursor = 0;
    field_paste(field, value, strlen(value));
}

const char *field_value(const struct field *field)
{
    return buf_string(&field->value);
}

void field_clear(struct field *field)
{
    if (field->secret && field->value.bytes)
        explicit_bzero(field->value.bytes, field->value.cap);
    buf_clear(&field->value);
    *field = (struct field){.limit = field->limit, .secret = field->secret};
}

/* A secret must not be left behind in memory that realloc gave back. */
static void make_room(struct field *field)
{
    if (field->secret && !field->value.bytes)
        buf_reserve(&field->value, limit_of(field) + 1);
}

bool field_key(struct field *field, struct key key)
{
    bool changed;
    make_room(field);
    if (!field->value.bytes)
        buf_reserve(&field->value, 16);
    return typing_key(&field->value, &field->cursor, 0, field->value.len, limit_of(field), key, &changed);
}

void field_paste(struct field *field, const char *bytes, size_t len)
{
    struct buf clean = {0};
    make_room(field);
    typing_clean(&clean, bytes, len, false);
    size_t room = limit_of(field) - field->value.len;
    while (clean.len > room)
        buf_truncate(&clean, typing_before(&clean, clean.len));
    typing_insert(&field->value, &field->cursor, clean.bytes, clean.len);
    if (field->secret && clean.bytes)
        explicit_bzero(clean.bytes, clean.cap);
    buf_clear(&clean);
}

/* What is drawn for the first `len` bytes. */
static struct text shown(const struct field *field, struct text_buf *out, size_t len)
{
    text_truncate(out, 0);
    if (!field->secret) {
        text_add_raw(out, field_value(field), len);
        return text_of(out);
    }
    for (size_t at = 0; at < len; at = typing_after(&field->value, at))
        text_add(out, TEXT("*"));
    return text_of(out);
}

void field_draw(struct canvas *canvas, int row, int col, int cols, struct field *field, struct text hint,
                bool focused)
{
    struct text_buf text = {0};
    struct style style = STYLE_ON(TEXT, FIELD);
    struct rect rect = {row, col, 1, cols};
    int cursor_col = text_width(shown(field, &text, field->cursor));
    if (cursor_col < field->first_col)
        field->first_col = cursor_col;
    if (cursor_col >= field->first_col + cols)
        field->first_col = cursor_col - cols + 1;
    struct rect old = canvas_clip(canvas, rect);
    canvas_fill(canvas, rect, style);
    if (field->value.len == 0)
        canvas_text_in(canvas, row, col, cols, hint, STYLE(MUTED), ALIGN_LEFT);
    else
        canvas_text(canvas, row, col - field->first_col, shown(field, &text, field->value.len), style);
    if (focused)
        canvas_cursor(canvas, row, col + cursor_col - field->first_col);
    canvas_unclip(canvas, old);
    text_buf_clear(&text);
}

void field_click(struct field *field, int col)
{
    struct text_buf text = {0};
    size_t at = 0;
    int want = col + field->first_col;
    while (at < field->value.len) {
        size_t next = typing_after(&field->value, at);
        if (text_width(shown(field, &text, next)) > want)
            break;
        at = next;
    }
    field->cursor = at;
    text_buf_clear(&text);
}
