/* UTF-8 to code points and back, strictly: no overlong forms, no surrogates, nothing beyond U+10FFFF. */
#ifndef SIGNALBOX_BASE_UTF8_H
#define SIGNALBOX_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The bytes of the first code point, which goes to *out; 0 when they are not UTF-8 or there are none. */
size_t utf8_decode(int32_t *out, const char *bytes, size_t len);

/* Writes the code point and returns its bytes; 0 when it is none. */
size_t utf8_encode(char out[4], int32_t code_point);

bool utf8_valid(const char *bytes, size_t len);

#endif
