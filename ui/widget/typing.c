#include "ui/widget/typing.h"

#include <string.h>
#include <utf8proc.h>

static int32_t point_at(const struct buf *value, size_t at, size_t *len)
{
    int32_t point;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)value->bytes + at, (utf8proc_ssize_t)(value->len - at), &point);
    *len = used > 0 ? (size_t)used : 1;
    return used > 0 ? point : -1;
}

static bool is_mark(int32_t point)
{
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
}

size_t typing_before(const struct buf *value, size_t at)
{
    size_t len;
    while (at > 0) {
        do
            at--;
        while (at > 0 && ((unsigned char)value->bytes[at] & 0xC0) == 0x80);
        if (!is_mark(point_at(value, at, &len)))
            break;
    }
    return at;
}

size_t typing_after(const struct buf *value, size_t at)
{
    size_t len;
    if (at >= value->len)
        return value->len;
    point_at(value, at, &len);
    at += len;
    while (at < value->len && is_mark(point_at(value, at, &len)))
        at += len;
    return at;
}

static bool is_word(const struct buf *value, size_t at)
{
    unsigned char c = (unsigned char)value->bytes[at];
    return c >= 0x80 || c == '_' || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

size_t typing_word_before(const struct buf *value, size_t at)
{
    while (at > 0 && !is_word(value, typing_before(value, at)))
        at = typing_before(value, at);
    while (at > 0 && is_word(value, typing_before(value, at)))
        at = typing_before(value, at);
    return at;
}

size_t typing_word_after(const struct buf *value, size_t at)
{
    while (at < value->len && !is_word(value, at))
        at = typing_after(value, at);
    while (at < value->len && is_word(value, at))
        at = typing_after(value, at);
    return at;
}

void typing_insert(struct buf *value, size_t *at, const char *bytes, size_t len)
{
    if (len == 0)
        return;
    size_t tail = value->len - *at;
    buf_reserve(value, len);
    memmove(value->bytes + *at + len, value->bytes + *at, tail + 1);
    memcpy(value->bytes + *at, bytes, len);
    value->len += len;
    *at += len;
}

void typing_remove(struct buf *value, size_t from, size_t to)
{
    if (from >= to)
        return;
    memmove(value->bytes + from, value->bytes + to, value->len - to + 1);
    value->len -= to - from;
}

void typing_clean(struct buf *out, const char *bytes, size_t len, bool lines)
{
    struct buf in = {.bytes = (char *)bytes, .len = len};
    for (size_t at = 0; at < len;) {
        size_t used;
        int32_t point = point_at(&in, at, &used);
        if (point == '\r' || point == '\n') {
            if (point == '\r' && at + 1 < len && bytes[at + 1] == '\n')
                used = 2;
            buf_addc(out, lines ? '\n' : ' ');
        } else if (point == '\t') {
            buf_adds(out, lines ? "    " : " ");
        } else if (point >= ' ' && point != 0x7F && !(point >= 0x80 && point < 0xA0)) {
            buf_add(out, bytes + at, used);
        }
        at += used;
    }
}

static bool insert_character(struct buf *value, size_t *cursor, size_t limit, uint32_t code)
{
    char bytes[4];
    size_t len = (size_t)utf8proc_encode_char((int32_t)code, (utf8proc_uint8_t *)bytes);
    if (value->len + len > limit || (code >= 0x80 && code < 0xA0))
        return false;
    typing_insert(value, cursor, bytes, len);
    return true;
}

static bool remove_span(struct buf *value, size_t *cursor, size_t from, size_t to)
{
    if (from >= to)
        return false;
    typing_remove(value, from, to);
    *cursor = from;
    return true;
}

static bool control_key(struct buf *value, size_t *cursor, size_t start, size_t end, uint32_t code, bool *changed)
{
    size_t at = *cursor;
    switch (code) {
    case 'a':
        *cursor = start;
        return true;
    case 'e':
        *cursor = end;
        return true;
    case 'b':
        *cursor = typing_before(value, at);
        return true;
    case 'f':
        *cursor = typing_after(value, at);
        return true;
    case 'h':
        *changed = remove_span(value, cursor, typing_before(value, at), at);
        return true;
    case 'd':
        *changed = remove_span(value, cursor, at, typing_after(value, at));
        return true;
    case 'w':
        *changed = remove_span(value, cursor, typing_word_before(value, at), at);
        return true;
    case 'u':
        *changed = remove_span(value, cursor, start, at);
        return true;
    case 'k':
        *changed = remove_span(value, cursor, at, end > at ? end : typing_after(value, at));
        return true;
    case CODE_LEFT:
        *cursor = typing_word_before(value, at);
        return true;
    case CODE_RIGHT:
        *cursor = typing_word_after(value, at);
        return true;
    default:
        return false;
    }
}

static bool alt_key(struct buf *value, size_t *cursor, uint32_t code, bool *changed)
{
    size_t at = *cursor;
    switch (code) {
    case 'b':
    case CODE_LEFT:
        *cursor = typing_word_before(value, at);
        return true;
    case 'f':
    case CODE_RIGHT:
        *cursor = typing_word_after(value, at);
        return true;
    case 'd':
        *changed = remove_span(value, cursor, at, typing_word_after(value, at));
        return true;
    case CODE_BACKSPACE:
        *changed = remove_span(value, cursor, typing_word_before(value, at), at);
        return true;
    default:
        return false;
    }
}

bool typing_key(struct buf *value, size_t *cursor, size_t start, size_t end, size_t limit, struct key key,
                bool *changed)
{
    *changed = false;
    if (key_is_character(key)) {
        *changed = insert_character(value, cursor, limit, key.code);
        return true;
    }
    if (key.modifiers == MODIFIER_CTRL)
        return control_key(value, cursor, start, end, key.code, changed);
    if (key.modifiers == MODIFIER_ALT)
        return alt_key(value, cursor, key.code, changed);
    static const struct {
        uint32_t code, control;
    } same[] = {{CODE_LEFT, 'b'}, {CODE_RIGHT, 'f'},     {CODE_HOME, 'a'},
                {CODE_END, 'e'},  {CODE_BACKSPACE, 'h'}, {CODE_DELETE, 'd'}};
    for (size_t i = 0; i < COUNT(same) && !(key.modifiers & ~MODIFIER_SHIFT); i++)
        if (same[i].code == key.code)
            return control_key(value, cursor, start, end, same[i].control, changed);
    return false;
}
