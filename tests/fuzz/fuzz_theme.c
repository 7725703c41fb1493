/* A theme file of anybody: parsed whole or refused with a reason. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "ui/theme.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct theme theme;
    struct error err = {0};
    if (theme_parse(&theme, "fuzz", (const char *)data, size, &err) < 0) {
        if (err.kind != ERROR_INVALID || !err.what[0] || !err.why[0])
            abort();
        return 0;
    }
    for (int m = 0; m < MEANING_COUNT; m++)
        if (theme.meaning[m].rgb < COLOUR_DEFAULT || theme.meaning[m].rgb > 0xffffff || theme.meaning[m].basic > 15)
            abort();
    return 0;
}
