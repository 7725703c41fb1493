/* One section as release notes. */
#include "version/changelog.h"

#include <string.h>

static struct range trimmed(const struct changelog *log, struct range body)
{
    while (body.start < body.end && strchr("\r\n", log->bytes[body.start]))
        body.start++;
    while (body.end > body.start && strchr(" \t\r\n", log->bytes[body.end - 1]))
        body.end--;
    return body;
}

static const struct changelog_reference *reference_at(const struct changelog *log, size_t offset)
{
    for (size_t i = 0; i < log->reference_count; i++)
        if (log->references[i].range.start == offset)
            return &log->references[i];
    return NULL;
}

/* Does the text use the reference: [label], without case? */
static bool uses(struct span text, struct span label)
{
    for (size_t i = 0; i + label.len + 2 <= text.len; i++)
        if (text.bytes[i] == '[' && text.bytes[i + 1 + label.len] == ']' &&
            span_same_case((struct span){text.bytes + i + 1, label.len}, label))
            return true;
    return false;
}

/* The references of the last section are the file's: left out, and those in use added again. */
static void add_lines(struct buf *out, const struct changelog *log, struct range body)
{
    for (size_t at = body.start; at < body.end;) {
        const char *end = memchr(log->bytes + at, '\n', body.end - at);
        size_t stop = end ? (size_t)(end - log->bytes) : body.end;
        size_t text_end = stop > at && log->bytes[stop - 1] == '\r' ? stop - 1 : stop;
        if (!reference_at(log, at)) {
            buf_add(out, log->bytes + at, text_end - at);
            buf_addc(out, '\n');
        }
        at = stop + 1;
    }
}

static bool is_first_of_its_label(const struct changelog *log, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (span_same_case(changelog_span(log, log->references[i].label),
                           changelog_span(log, log->references[index].label)))
            return false;
    return true;
}

void changelog_notes(struct buf *out, const struct changelog *log, const struct changelog_section *section)
{
    struct buf notes = {0};
    add_lines(&notes, log, trimmed(log, section->body));
    while (notes.len && strchr("\n ", notes.bytes[notes.len - 1]))
        buf_truncate(&notes, notes.len - 1);
    if (notes.len)
        buf_addc(&notes, '\n');
    size_t text_len = notes.len;
    for (size_t i = 0; i < log->reference_count && text_len; i++) {
        struct span label = changelog_span(log, log->references[i].label),
                    url = changelog_span(log, log->references[i].url);
        if (!uses((struct span){notes.bytes, text_len}, label) || !is_first_of_its_label(log, i))
            continue;
        buf_addf(&notes, "%s[%.*s]: %.*s\n", notes.len == text_len ? "\n" : "", (int)label.len, label.bytes,
                 (int)url.len, url.bytes);
    }
    if (notes.len)
        buf_add(out, notes.bytes, notes.len);
    buf_clear(&notes);
}
