#include "version/span.h"

#include <string.h>
#include <strings.h>

bool span_equal(struct span a, const char *string)
{
    return a.len == strlen(string) && (!a.len || memcmp(a.bytes, string, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool span_same_case(struct span a, struct span b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.bytes[i]) != lower(b.bytes[i]))
            return false;
    return true;
}

bool span_equal_case(struct span a, const char *string)
{
    return span_same_case(a, (struct span){string, strlen(string)});
}

bool span_starts_case(struct span a, const char *string)
{
    size_t len = strlen(string);
    return a.len >= len && span_same_case((struct span){a.bytes, len}, (struct span){string, len});
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct span span_trim(struct span a)
{
    while (a.len && is_blank(a.bytes[a.len - 1]))
        a.len--;
    while (a.len && is_blank(a.bytes[0])) {
        a.bytes++;
        a.len--;
    }
    return a;
}

struct span span_from(struct span a, size_t offset)
{
    if (offset >= a.len)
        return (struct span){a.bytes ? a.bytes + a.len : NULL, 0};
    return (struct span){a.bytes + offset, a.len - offset};
}

size_t span_utf8_step(struct span a)
{
    const unsigned char *s = (const unsigned char *)a.bytes;
    if (!a.len)
        return 0;
    if (s[0] < 0x80)
        return 1;
    size_t len = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
    if (s[0] < 0xc2 || s[0] > 0xf4 || a.len < len)
        return 0;
    for (size_t i = 1; i < len; i++)
        if ((s[i] & 0xc0) != 0x80)
            return 0;
    if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) || (s[0] == 0xf0 && s[1] < 0x90) ||
        (s[0] == 0xf4 && s[1] > 0x8f))
        return 0;
    return len;
}
