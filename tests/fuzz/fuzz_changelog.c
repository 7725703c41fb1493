/* Any bytes as a changelog: ranges lie inside, and an edit changes no lines but the few it means. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/changelog_check.h"
#include "version/changelog_edit.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

enum { LINES_MAX = 120 };

/* The lines with their ends; how many, LINES_MAX + 1 for too many. */
static size_t lines_of(struct span *out, const char *bytes, size_t len)
{
    size_t count = 0;
    for (size_t at = 0; at < len && count <= LINES_MAX; count++) {
        const char *end = memchr(bytes + at, '\n', len - at);
        size_t stop = end ? (size_t)(end - bytes) + 1 : len;
        out[count] = (struct span){bytes + at, stop - at};
        at = stop;
    }
    return count;
}

/* Lines of the old bytes that are not, in their order, among the new ones: by the longest common subsequence. */
static size_t lost_lines(const char *old, size_t old_len, const char *new, size_t new_len)
{
    static struct span a[LINES_MAX + 1], b[LINES_MAX + 1];
    static size_t common[LINES_MAX + 2][LINES_MAX + 2];
    size_t n = lines_of(a, old, old_len), m = lines_of(b, new, new_len);
    if (n > LINES_MAX || m > LINES_MAX)
        return 0;
    memset(common, 0, sizeof(common));
    for (size_t i = n; i-- > 0;)
        for (size_t j = m; j-- > 0;) {
            size_t skip = common[i + 1][j] > common[i][j + 1] ? common[i + 1][j] : common[i][j + 1];
            bool same = a[i].len == b[j].len && memcmp(a[i].bytes, b[j].bytes, a[i].len) == 0;
            common[i][j] = same ? common[i + 1][j + 1] + 1 : skip;
        }
    return n - common[0][0];
}

static void require_inside(struct range r, size_t len)
{
    require(r.start <= r.end && r.end <= len);
}

static void look(const struct changelog *log)
{
    size_t at = log->preamble.end;
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *s = &log->sections[i];
        require(s->heading.start == at && s->body.start == s->heading.end);
        at = s->body.end;
        require_inside(s->version, log->len);
        require_inside(s->date, log->len);
        require_inside(s->text, log->len);
        require(s->part_count >= 1);
        struct buf notes = {0};
        changelog_notes(&notes, log, s);
        buf_clear(&notes);
        changelog_count_entries(log, s);
    }
    require(at == log->len);
    for (size_t i = 0; i < log->entry_count; i++)
        require_inside(log->entries[i].range, log->len);
    struct changelog_findings findings;
    changelog_check(&findings, log);
    changelog_findings_clear(&findings);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const struct changelog_addition additions[] = {{CATEGORY_FIXED, "fixed", 5},
                                                          {CATEGORY_ADDED, "new\nline", 8}};
    const struct changelog_cut cut = {.version = "99999999999999999999.0.0",
                                      .date = "2026-11-22",
                                      .base_url = "https://h/o/r",
                                      .additions = additions,
                                      .count = COUNT(additions)};
    const char *bytes = (const char *)data;
    struct changelog log;
    struct error err;
    struct buf added = {0}, again = {0}, made = {0}, yanked = {0};
    if (changelog_parse(&log, bytes, size, &err)) {
        require(err.kind == ERROR_INVALID && strstr(err.why, "line "));
        return 0;
    }
    look(&log);
    /* A "Nothing." for each entry, of up to a line; and the last line, which may have had no end. */
    if (changelog_add(&added, bytes, size, additions, COUNT(additions), &err) == 0) {
        require(added.len > size || lost_lines(bytes, size, added.bytes, added.len) > 0 || log.entry_count);
        require(lost_lines(bytes, size, added.bytes, added.len) <= 2 + 1);
        if (changelog_add(&again, added.bytes, added.len, additions, COUNT(additions), &err) == 0)
            require(again.len == added.len && memcmp(again.bytes, added.bytes, added.len) == 0);
    }
    /* The same, a pending heading, and the line of the compare link. */
    if (changelog_cut(&made, bytes, size, &cut, &err) == 0)
        require(lost_lines(bytes, size, made.bytes, made.len) <= 2 + 1 + 1 + 1);
    const struct changelog_section *latest = changelog_latest(&log);
    if (latest) {
        struct span text = changelog_span(&log, latest->version);
        char *version = mem_bytes(text.bytes, text.len);
        if (changelog_yank(&yanked, bytes, size, version, &err) == 0)
            require(lost_lines(bytes, size, yanked.bytes, yanked.len) <= 1);
        free(version);
    }
    buf_clear(&added);
    buf_clear(&again);
    buf_clear(&made);
    buf_clear(&yanked);
    changelog_clear(&log);
    return 0;
}
