#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

char *buf_reserve(struct buf *b, size_t more)
{
    ARRAY_GROW(&b->bytes, &b->cap, b->len + more + 1);
    b->bytes[b->len] = 0;
    return b->bytes + b->len;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
    if (!len)
        return;
    /* Growing may move the buffer, and with it a part of itself that is being added. */
    uintptr_t from = (uintptr_t)bytes, own = (uintptr_t)b->bytes;
    bool inside = b->bytes && from >= own && from < own + b->cap;
    char *end = buf_reserve(b, len);
    memcpy(end, inside ? b->bytes + (from - own) : bytes, len);
    b->len += len;
    b->bytes[b->len] = 0;
}

void buf_adds(struct buf *b, const char *string)
{
    buf_add(b, string, strlen(string));
}

void buf_addc(struct buf *b, char c)
{
    buf_add(b, &c, 1);
}

void buf_addv(struct buf *b, const char *fmt, va_list ap)
{
    va_list measure;
    va_copy(measure, ap);
    int len = vsnprintf(NULL, 0, fmt, measure);
    va_end(measure);
    if (len <= 0)
        return;
    char *end = buf_reserve(b, (size_t)len);
    vsnprintf(end, (size_t)len + 1, fmt, ap);
    b->len += (size_t)len;
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    buf_addv(b, fmt, ap);
    va_end(ap);
}

void buf_truncate(struct buf *b, size_t len)
{
    if (len >= b->len)
        return;
    b->len = len;
    b->bytes[len] = 0;
}

const char *buf_string(const struct buf *b)
{
    return b->bytes ? b->bytes : "";
}

char *buf_take(struct buf *b)
{
    char *bytes = b->bytes ? b->bytes : mem_bytes("", 0);
    *b = (struct buf){0};
    return bytes;
}

void buf_clear(struct buf *b)
{
    free(b->bytes);
    *b = (struct buf){0};
}
