/* What two changelogs have in common. */
#include <string.h>

#include "base/memory.h"
#include "version/changelog.h"

static bool is_unreleased_reference(const struct changelog *log, const struct changelog_reference *reference)
{
    const struct changelog_section *unreleased = changelog_unreleased(log);
    struct span label = changelog_span(log, reference->label);
    if (unreleased && unreleased->label.end > unreleased->label.start)
        return span_same_case(label, changelog_span(log, unreleased->label));
    return span_equal_case(label, "unreleased");
}

/* Appends a range without the references of what is unreleased, and without blanks around. */
static void add_range(struct buf *out, const struct changelog *log, struct range range)
{
    CLEANUP(buf_clear) struct buf kept = {0};
    size_t at = range.start;
    for (size_t i = 0; i < log->reference_count; i++) {
        const struct changelog_reference *reference = &log->references[i];
        if (reference->range.start < at || reference->range.end > range.end ||
            !is_unreleased_reference(log, reference))
            continue;
        buf_add(&kept, log->bytes + at, reference->range.start - at);
        at = reference->range.end;
    }
    buf_add(&kept, log->bytes + at, range.end - at);
    struct span trimmed = span_trim((struct span){buf_string(&kept), kept.len});
    buf_add(out, trimmed.bytes, trimmed.len);
    buf_addc(out, '\n');
}

static void add_releases(struct buf *out, const struct changelog *log)
{
    const struct changelog_section *unreleased = changelog_unreleased(log);
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *section = &log->sections[i];
        if (section == unreleased)
            continue;
        add_range(out, log, section->heading);
        add_range(out, log, section->body);
    }
}

bool changelog_same_releases(const struct changelog *a, const struct changelog *b)
{
    CLEANUP(buf_clear) struct buf left = {0};
    CLEANUP(buf_clear) struct buf right = {0};
    /* A file that is only begun has no preamble to compare. */
    if (a->len && b->len) {
        add_range(&left, a, a->preamble);
        add_range(&right, b, b->preamble);
    }
    add_releases(&left, a);
    add_releases(&right, b);
    return left.len == right.len && (!left.len || memcmp(left.bytes, right.bytes, left.len) == 0);
}
