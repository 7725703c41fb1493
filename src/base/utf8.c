#include "base/utf8.h"

#include <utf8proc.h>

size_t utf8_decode(int32_t *out, const char *bytes, size_t len)
{
    utf8proc_int32_t c;
    /* A negative length would mean a NUL-terminated string; nothing has more bytes than four. */
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)bytes, len < 4 ? (utf8proc_ssize_t)len : 4, &c);
    if (used <= 0)
        return 0;
    *out = c;
    return (size_t)used;
}

size_t utf8_encode(char out[4], int32_t code_point)
{
    if (!utf8proc_codepoint_valid(code_point))
        return 0;
    return (size_t)utf8proc_encode_char(code_point, (utf8proc_uint8_t *)out);
}

bool utf8_valid(const char *bytes, size_t len)
{
    int32_t c;
    for (size_t at = 0, used; at < len; at += used) {
        used = utf8_decode(&c, bytes + at, len - at);
        if (!used)
            return false;
    }
    return true;
}
