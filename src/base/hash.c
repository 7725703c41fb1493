#include "base/hash.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

void hash_sha256(char out[HASH_HEX], const void *bytes, size_t len)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    /* Only a broken OpenSSL can fail here, and a chain without hashes must not be written. */
    if (EVP_Digest(bytes, len, digest, &size, EVP_sha256(), NULL) != 1 || size != 32)
        abort();
    for (unsigned int i = 0; i < size; i++)
        snprintf(out + (size_t)i * 2, 3, "%02x", digest[i]);
}
