#include "ui/view/scratch.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"

static struct text took(struct scratch *scratch, struct text text)
{
    size_t used = text.len + 1;
    if (used > scratch->left)
        used = scratch->left;
    scratch->at += used;
    scratch->left -= used;
    return text;
}

struct text scratch_fmt(struct scratch *scratch, const char *fmt, ...)
{
    if (scratch->left < 2)
        return (struct text){0};
    struct text_buf words = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&words, fmt, ap);
    va_end(ap);
    struct text made = text_of(&words);
    struct text copy = text_into(scratch->at, scratch->left, made.safe, made.len);
    text_buf_clear(&words);
    return took(scratch, copy);
}

struct text scratch_count(struct scratch *scratch, uint64_t number)
{
    char digits[32], out[48];
    int len = snprintf(digits, sizeof(digits), "%" PRIu64, number);
    int to = 0;
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            out[to++] = ',';
        out[to++] = digits[i];
    }
    out[to] = 0;
    return scratch_fmt(scratch, "%s", out);
}

struct text scratch_many(struct scratch *scratch, uint64_t number, const char *one, const char *many)
{
    struct text count = scratch_count(scratch, number);
    return scratch_fmt(scratch, "%.*s %s", (int)count.len, count.safe, number == 1 ? one : many);
}

struct text scratch_age(struct scratch *scratch, int64_t then_ms, int64_t now_ms)
{
    if (scratch->left < 2)
        return (struct text){0};
    return took(scratch, clock_age(scratch->at, scratch->left, then_ms, now_ms));
}

void put(struct canvas *canvas, int row, int *col, struct text text, struct style style)
{
    if (text.len > 0)
        *col += canvas_text(canvas, row, *col, text, style);
}
