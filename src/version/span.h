/* Parts of somebody else's bytes: as a view, and as offsets. Neither owns anything. */
#ifndef SIGNALBOX_VERSION_SPAN_H
#define SIGNALBOX_VERSION_SPAN_H

#include <stdbool.h>
#include <stddef.h>

/* A view; {0} is "not there", which differs from an empty one by its NULL. */
struct span {
    const char *bytes;
    size_t len;
};

/* Bytes [start, end) of a buffer that is named elsewhere. */
struct range {
    size_t start, end;
};

bool span_equal(struct span a, const char *string);
bool span_equal_case(struct span a, const char *string);  /* ASCII letters without case */
bool span_starts_case(struct span a, const char *string); /* the same, at the start */
bool span_same_case(struct span a, struct span b);
struct span span_trim(struct span a);                /* without blanks, tabs and line ends around */
struct span span_from(struct span a, size_t offset); /* the rest; empty beyond the end */

/* Length of the UTF-8 sequence at the start, 1 to 4; 0 when there is none (RFC 3629: no surrogates, no overlong forms). */
size_t span_utf8_step(struct span a);

#endif
