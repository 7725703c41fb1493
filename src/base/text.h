/*
 * Text that is safe to show. Nothing else reaches a terminal or stdout: screens, widgets and command output take
 * `struct text`, and only the functions here make one, so a raw char * cannot be drawn or printed by mistake.
 *
 * Safe means: valid UTF-8, one line, no control, format, bidirectional, zero-width, private or unassigned code point
 * (Unicode categories Cc Cf Cs Co Cn Zl Zp, variation selectors apart), at most MARKS_MAX combining marks on a base.
 * What is not safe stays visible: bytes as \xHH, code points as \u{HHHH}; \n \r \t as these two letters.
 * A variation selector is dropped where it only chooses how a symbol looks.
 */
#ifndef SIGNALBOX_BASE_TEXT_H
#define SIGNALBOX_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/compiler.h"

/* A view of safe bytes; not NUL-terminated, owned by whoever made them. {0} is the empty text. */
struct text {
    const char *safe;
    size_t len;
};

/* A text from a string literal of our own (the "" refuses anything else at compile time). */
#define TEXT(literal) ((struct text){"" literal "", sizeof(literal) - 1})

/* A text under construction; owns its bytes. Whatever is added is made safe first. */
struct text_buf {
    struct buf raw;
};

void text_add(struct text_buf *b, struct text text);
void text_add_raw(struct text_buf *b, const char *bytes, size_t len);
void text_adds(struct text_buf *b, const char *string);
void text_addf(struct text_buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void text_addv(struct text_buf *b, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
void text_truncate(struct text_buf *b, size_t len);

/* What has been built; valid until the buffer changes. */
struct text text_of(const struct text_buf *b);
void text_buf_clear(struct text_buf *b);

/*
 * Makes bytes safe into out[size], NUL-terminated; returns the text in out. What does not fit is left off, never half a
 * character or half an escape. No memory is allocated; size 0 writes nothing and gives the empty text.
 */
struct text text_into(char *out, size_t size, const char *bytes, size_t len);

/* The same, formatted. For short labels on the stack: char b[64]; draw(text_fmt(b, sizeof(b), "%d of %d", i, n)); */
struct text text_fmt(char *out, size_t size, const char *fmt, ...) PRINTF_LIKE(3, 4);
struct text text_fmtv(char *out, size_t size, const char *fmt, va_list ap) PRINTF_LIKE(3, 0);

/* An owned copy (free ->safe with text_free); and a view of bytes known to have come from one. */
struct text text_copy(struct text text);
struct text text_copy_raw(const char *bytes, size_t len);
void text_free(struct text *text);

/* A part of a text by byte offsets; both are moved back to a character boundary. */
struct text text_slice(struct text text, size_t start, size_t end);

/* Bytes of the character at byte `at` (a boundary, before the end) with the marks on it; *width gets its columns. */
size_t text_character(struct text text, size_t at, int *width);

/* Columns the text takes on a terminal. */
int text_width(struct text text);

/* The longest start of the text that fits in `columns`; *width (may be NULL) gets the columns it takes. */
struct text text_fit(struct text text, int columns, int *width);

/*
 * The same into out, with "…" for what was cut ("~" where ascii is set), also when it was cut because out is small.
 * Never wider than `columns`; empty when columns < 1 or size is 0.
 */
struct text text_ellipsis(char *out, size_t size, struct text text, int columns, bool ascii);

bool text_equal(struct text a, struct text b);

/* Is every byte of the text ASCII? (for screens without UTF-8) */
bool text_is_ascii(struct text text);

#endif
