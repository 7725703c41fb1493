/* A pattern, a line end and a tag: what matches makes the same tag again. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/tag_pattern.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    char *pattern = mem_bytes(data, size), *tag = strchr(pattern, '\n');
    if (tag) {
        *tag++ = 0;
        struct semver v;
        struct error err;
        struct text_buf why = {0};
        enum tag_fit fit = tag_pattern_match(&v, pattern, tag);
        tag_pattern_why(&why, pattern, tag);
        if ((text_of(&why).len == 0) != (fit == TAG_VERSION))
            abort();
        if (fit == TAG_VERSION) {
            struct buf back = {0};
            char *version = mem_bytes(v.text, v.len);
            tag_pattern_name(&back, pattern, version);
            if (strcmp(buf_string(&back), tag) != 0)
                abort();
            free(version);
            buf_clear(&back);
        }
        if (tag_pattern_check(pattern, &err) && err.kind != ERROR_INVALID)
            abort();
        text_buf_clear(&why);
    }
    free(pattern);
    return 0;
}
