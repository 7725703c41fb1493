/* SHA-256 (FIPS 180-4) through OpenSSL, as lower-case hex. */
#ifndef SIGNALBOX_BASE_HASH_H
#define SIGNALBOX_BASE_HASH_H

#include <stddef.h>

enum { HASH_HEX = 65 }; /* 64 digits and the NUL */

void hash_sha256(char out[HASH_HEX], const void *bytes, size_t len);

#endif
