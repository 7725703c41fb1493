#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/memory.h"

/* Enough for every living script; more is someone painting over the lines above and below. */
enum { MARKS_MAX = 3 };

static bool is_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

/* Korean vowels and finals written apart: terminals draw them into the cell of the initial, as they do marks. */
static bool is_joined_jamo(int32_t c)
{
    return (c > 0x1160 && c <= 0x11FF) || (c >= 0xD7B0 && c <= 0xD7FF);
}

/* Takes no cell of its own. */
static bool is_mark(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME || is_joined_jamo(c);
}

/* Characters that are drawn as nothing although their category is a letter, a mark or a symbol: fillers, joiners. */
static bool is_invisible(int32_t c)
{
    return c == 0x034F || c == 0x115F || c == 0x1160 || c == 0x17B4 || c == 0x17B5 || (c >= 0x180B && c <= 0x180F) ||
           c == 0x2800 || c == 0x3164 || c == 0xFFA0 || c == 0x1D159;
}

static bool is_showable(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return false;
    case UTF8PROC_CATEGORY_ZS:
        return c == ' ' || c == 0xA0 || c == 0x3000;
    default:
        return !is_invisible(c);
    }
}

/* Symbols that a variation selector turns into a picture or back. */
static bool is_symbol(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_SO || category == UTF8PROC_CATEGORY_SM;
}

/* Where safe bytes go: a buffer that grows, or a place of fixed size that takes nothing more once it is full. */
struct sink {
    struct buf *grows;
    char *place;
    size_t room, len;
    bool full;
};

/* All of the bytes or none: neither a character nor an escape is ever cut in two. */
static void put(struct sink *sink, const char *bytes, size_t len)
{
    if (sink->grows) {
        buf_add(sink->grows, bytes, len);
        return;
    }
    sink->full = sink->full || len > sink->room - sink->len;
    if (sink->full)
        return;
    memcpy(sink->place + sink->len, bytes, len);
    sink->len += len;
}

static void put_ascii(struct sink *sink, const char *bytes, size_t len)
{
    size_t left = sink->room - sink->len;
    bool cut = !sink->grows && len > left;
    put(sink, bytes, cut ? left : len);
    sink->full = sink->full || cut;
}

static void put_escaped(struct sink *sink, int32_t c)
{
    char escape[16];
    int len;
    if (c == '\n' || c == '\r' || c == '\t')
        len = snprintf(escape, sizeof(escape), "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
    else if (c < 0x80)
        len = snprintf(escape, sizeof(escape), "\\x%02x", (unsigned)c);
    else
        len = snprintf(escape, sizeof(escape), "\\u{%x}", (unsigned)c);
    put(sink, escape, (size_t)len);
}

static void put_byte_escaped(struct sink *sink, unsigned char byte)
{
    char escape[8];
    put(sink, escape, (size_t)snprintf(escape, sizeof(escape), "\\x%02x", byte));
}

/* What the last code points were, which decides whether a mark may follow. */
struct context {
    int32_t base; /* 0: none yet */
    int marks;
};

static void put_code_point(struct sink *sink, struct context *context, const char *bytes, size_t len, int32_t c)
{
    if (is_selector(c) && context->base && is_symbol(context->base))
        return;
    bool mark = is_mark(c);
    if (!is_showable(c) || is_selector(c) || (mark && (!context->base || context->marks == MARKS_MAX))) {
        put_escaped(sink, c);
        *context = (struct context){0};
        return;
    }
    put(sink, bytes, len);
    if (mark)
        context->marks++;
    else
        *context = (struct context){.base = c};
}

static void put_safe(struct sink *sink, const char *bytes, size_t len)
{
    struct context context = {0};
    size_t at = 0;
    while (at < len && !sink->full) {
        /* The long runs of plain ASCII in real text go over in one piece. */
        size_t plain = at;
        while (plain < len && bytes[plain] >= 0x20 && bytes[plain] < 0x7F)
            plain++;
        if (plain > at) {
            put_ascii(sink, bytes + at, plain - at);
            context = (struct context){.base = bytes[plain - 1]};
            at = plain;
            continue;
        }
        int32_t c;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at), &c);
        if (used <= 0) {
            put_byte_escaped(sink, (unsigned char)bytes[at]);
            context = (struct context){0};
            at++;
            continue;
        }
        put_code_point(sink, &context, bytes + at, (size_t)used, c);
        at += (size_t)used;
    }
}

static void add_safe(struct buf *out, const char *bytes, size_t len)
{
    put_safe(&(struct sink){.grows = out}, bytes, len);
}

void text_add(struct text_buf *b, struct text text)
{
    buf_add(&b->raw, text.safe, text.len);
}

void text_add_raw(struct text_buf *b, const char *bytes, size_t len)
{
    add_safe(&b->raw, bytes, len);
}

void text_adds(struct text_buf *b, const char *string)
{
    add_safe(&b->raw, string, strlen(string));
}

void text_addv(struct text_buf *b, const char *fmt, va_list ap)
{
    struct buf formatted = {0};
    buf_addv(&formatted, fmt, ap);
    add_safe(&b->raw, buf_string(&formatted), formatted.len);
    buf_clear(&formatted);
}

void text_addf(struct text_buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_addv(b, fmt, ap);
    va_end(ap);
}

void text_truncate(struct text_buf *b, size_t len)
{
    buf_truncate(&b->raw, text_slice(text_of(b), 0, len).len);
}

struct text text_of(const struct text_buf *b)
{
    return (struct text){buf_string(&b->raw), b->raw.len};
}

void text_buf_clear(struct text_buf *b)
{
    buf_clear(&b->raw);
}

static size_t boundary(struct text text, size_t at)
{
    if (at >= text.len)
        return text.len;
    while (at > 0 && ((unsigned char)text.safe[at] & 0xC0) == 0x80)
        at--;
    return at;
}

struct text text_slice(struct text text, size_t start, size_t end)
{
    if (!text.len)
        return text;
    start = boundary(text, start);
    end = boundary(text, end);
    return (struct text){text.safe + start, end > start ? end - start : 0};
}

struct text text_into(char *out, size_t size, const char *bytes, size_t len)
{
    if (!size)
        return (struct text){0};
    struct sink sink = {.place = out, .room = size - 1};
    put_safe(&sink, bytes, len);
    out[sink.len] = 0;
    return (struct text){out, sink.len};
}

struct text text_fmtv(char *out, size_t size, const char *fmt, va_list ap)
{
    char formatted[1024];
    va_list again;
    va_copy(again, ap);
    int len = vsnprintf(formatted, sizeof(formatted), fmt, ap);
    struct text text;
    if (len < (int)sizeof(formatted)) {
        text = text_into(out, size, formatted, len > 0 ? (size_t)len : 0);
    } else {
        struct buf all = {0};
        buf_addv(&all, fmt, again);
        text = text_into(out, size, buf_string(&all), all.len);
        buf_clear(&all);
    }
    va_end(again);
    return text;
}

struct text text_fmt(char *out, size_t size, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct text text = text_fmtv(out, size, fmt, ap);
    va_end(ap);
    return text;
}

struct text text_copy(struct text text)
{
    return (struct text){mem_bytes(text.safe, text.len), text.len};
}

struct text text_copy_raw(const char *bytes, size_t len)
{
    struct text_buf safe = {0};
    text_add_raw(&safe, bytes, len);
    size_t safe_len = safe.raw.len;
    return (struct text){buf_take(&safe.raw), safe_len};
}

void text_free(struct text *text)
{
    free((char *)text->safe);
    *text = (struct text){0};
}

/* As terminals count: a spacing mark has a cell, whatever Unicode's tables say, a joined letter has none. */
static int columns_of(int32_t c)
{
    if (c < 0x80)
        return 1;
    if ((c >= 0x302E && c <= 0x302F) || (c >= 0x16FF0 && c <= 0x16FF1))
        return 2; /* the spacing marks of East Asia are as wide as its letters */
    if (utf8proc_category(c) == UTF8PROC_CATEGORY_MC)
        return 1;
    return is_mark(c) ? 0 : utf8proc_charwidth(c);
}

size_t text_character(struct text text, size_t at, int *width)
{
    int32_t c;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text.safe + at, (utf8proc_ssize_t)(text.len - at), &c);
    if (used <= 0) {
        *width = 1;
        return 1;
    }
    *width = columns_of(c);
    size_t end = at + (size_t)used;
    while (end < text.len && (unsigned char)text.safe[end] >= 0x80) {
        used = utf8proc_iterate((const utf8proc_uint8_t *)text.safe + end, (utf8proc_ssize_t)(text.len - end), &c);
        if (used <= 0 || !is_mark(c))
            break;
        end += (size_t)used;
    }
    return end - at;
}

struct text text_fit(struct text text, int columns, int *width)
{
    size_t at = 0;
    int total = 0;
    while (at < text.len) {
        int one;
        size_t len = text_character(text, at, &one);
        if (total + one > columns)
            break;
        total += one;
        at += len;
    }
    if (width)
        *width = total;
    return (struct text){text.safe, at};
}

int text_width(struct text text)
{
    int width;
    text_fit(text, INT32_MAX / 2, &width);
    return width;
}

struct text text_ellipsis(char *out, size_t size, struct text text, int columns, bool ascii)
{
    if (!size)
        return (struct text){0};
    const struct text dots = ascii ? TEXT("~") : TEXT("…");
    struct text kept = text_fit(text, columns, NULL), end = {0};
    if (kept.len < text.len || kept.len >= size) {
        bool marked = columns > 0 && size > dots.len;
        if (marked)
            end = dots;
        kept = text_slice(text_fit(text, columns - marked, NULL), 0, size - 1 - end.len);
    }
    if (kept.len)
        memcpy(out, kept.safe, kept.len);
    if (end.len)
        memcpy(out + kept.len, end.safe, end.len);
    out[kept.len + end.len] = 0;
    return (struct text){out, kept.len + end.len};
}

bool text_equal(struct text a, struct text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.safe, b.safe, a.len) == 0);
}

bool text_is_ascii(struct text text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.safe[i] >= 0x80)
            return false;
    return true;
}
