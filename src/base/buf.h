/*
 * A growable string of bytes, always NUL-terminated when bytes is not NULL; it may hold NUL bytes inside.
 *
 * Invariant: bytes == NULL with len == cap == 0, or cap > len and bytes[len] == 0. `struct buf b = {0}` is a valid
 * empty one. The buffer owns bytes; buf_clear() frees it. Running out of memory ends the process (base/memory.h).
 */
#ifndef SIGNALBOX_BASE_BUF_H
#define SIGNALBOX_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

#include "base/compiler.h"

struct buf {
    char *bytes;
    size_t len, cap;
};

/* The bytes may be a part of the buffer itself; NULL when len is 0. */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_adds(struct buf *b, const char *string);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_addv(struct buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* Makes room for at least `more` bytes after len and returns where they start; len is not changed. */
char *buf_reserve(struct buf *b, size_t more);

/* Sets the length back to len (at most the present one). */
void buf_truncate(struct buf *b, size_t len);

/* The string, "" when empty; owned by the buffer and valid until it changes. */
const char *buf_string(const struct buf *b);

/* Hands the bytes to the caller, who frees them; the buffer is empty afterwards. Never NULL. */
char *buf_take(struct buf *b);

void buf_clear(struct buf *b);

#endif
