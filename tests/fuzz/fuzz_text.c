/*
 * Any bytes become safe text: valid UTF-8 without a control character, the same when made safe once more, the same in a
 * place of any size up to where it is cut, and never wider than asked for.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_safe(struct text text)
{
    size_t at = 0;
    while (at < text.len) {
        int32_t c;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.safe + at, (utf8proc_ssize_t)(text.len - at), &c);
        require(used > 0);
        require(c >= 0x20 && !(c >= 0x7F && c < 0xA0) && !(c >= 0x200B && c <= 0x200F) &&
                !(c >= 0x2028 && c <= 0x202E) && !(c >= 0x2060 && c <= 0x206F) && c != 0xFEFF);
        at += (size_t)used;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    size_t room = data[0];
    int columns = data[1] - 128;
    const char *bytes = (const char *)data + 2;
    size_t len = size - 2;

    struct text whole = text_copy_raw(bytes, len);
    check_safe(whole);
    struct text again = text_copy_raw(whole.safe, whole.len);
    require(text_equal(whole, again));

    char *small = malloc(room ? room : 1);
    struct text cut = text_into(small, room, bytes, len);
    require(cut.len <= (room ? room - 1 : 0) && (!cut.len || memcmp(cut.safe, whole.safe, cut.len) == 0));
    check_safe(cut);
    struct text dotted = text_ellipsis(small, room, whole, columns, data[0] & 1);
    check_safe(dotted);
    require(text_width(dotted) <= (columns < 0 ? 0 : columns));
    int width;
    struct text fits = text_fit(whole, columns, &width);
    require(width == text_width(fits));

    free(small);
    text_free(&again);
    text_free(&whole);
    return 0;
}
