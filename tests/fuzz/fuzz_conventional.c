/* Any bytes as a commit message: every part lies inside it. */
#include <stdlib.h>

#include "version/conventional.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require_inside(struct span part, const unsigned char *data, size_t size)
{
    const unsigned char *start = (const unsigned char *)part.bytes;
    if (start && (start < data || start > data + size || part.len > (size_t)(data + size - start)))
        abort();
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    struct change change;
    change_read(&change, "0123456789", (const char *)data, size);
    const struct conventional *c = &change.commit;
    const struct span parts[] = {c->subject, c->type,    c->scope,         c->description,
                                 c->body,    c->reverts, c->breaking_words};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        require_inside(parts[i], data, size);
    for (size_t i = 0; i < c->footer_count; i++) {
        require_inside(c->footers[i].token, data, size);
        require_inside(c->footers[i].value, data, size);
        if (!c->footers[i].token.len)
            abort();
    }
    if (c->breaking && change.level != LEVEL_MAJOR && c->shape != COMMIT_MERGE)
        abort();
    changes_settle(&change, 1);
    change_clear(&change);
    return 0;
}
