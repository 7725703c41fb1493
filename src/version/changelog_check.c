#include "version/changelog_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/semver.h"

const char *finding_name(enum finding_kind kind)
{
    static const char *const names[] = {
        [FINDING_DUPLICATE] = "duplicate",   [FINDING_ORDER] = "order",
        [FINDING_NO_DATE] = "no-date",       [FINDING_BAD_DATE] = "bad-date",
        [FINDING_EMPTY] = "empty",           [FINDING_NO_REFERENCE] = "no-reference",
        [FINDING_UNRELEASED] = "unreleased", [FINDING_NO_SEMVER] = "no-semver",
        [FINDING_CATEGORY] = "category",
    };
    return names[kind];
}

static struct text_buf *found(struct changelog_findings *out, enum finding_kind kind, size_t line)
{
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    out->items[out->count] = (struct changelog_finding){.kind = kind, .line = line};
    return &out->items[out->count++].words;
}

static void say(struct changelog_findings *out, enum finding_kind kind, const struct changelog *log,
                const struct changelog_section *s, const char *before, const char *after)
{
    struct span version = changelog_span(log, s->version);
    struct text_buf *words = found(out, kind, s->line);
    text_adds(words, before);
    text_add_raw(words, version.bytes, version.len);
    text_adds(words, after);
}

static bool is_calendar_date(struct span date)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (date.len != 10 || date.bytes[4] != '-' || date.bytes[7] != '-')
        return false;
    int part[3] = {0};
    for (size_t i = 0, p = 0; i < 10; i++) {
        if (i == 4 || i == 7) {
            p++;
            continue;
        }
        if (date.bytes[i] < '0' || date.bytes[i] > '9')
            return false;
        part[p] = part[p] * 10 + (date.bytes[i] - '0');
    }
    bool leap = part[0] % 4 == 0 && (part[0] % 100 != 0 || part[0] % 400 == 0);
    return part[1] >= 1 && part[1] <= 12 && part[2] >= 1 && part[2] <= days[part[1] - 1] &&
           (part[1] != 2 || part[2] < 29 || leap);
}

static bool has_reference(const struct changelog *log, struct span label)
{
    for (size_t i = 0; i < log->reference_count; i++)
        if (span_same_case(changelog_span(log, log->references[i].label), label))
            return true;
    return false;
}

/* What the file does as a rule: only then is a missing one worth a word. */
struct habits {
    bool dates, references;
};

static struct habits habits_of(const struct changelog *log)
{
    struct habits habits = {0};
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *s = &log->sections[i];
        habits.dates = habits.dates || (s->kind == SECTION_RELEASE && s->date.end > s->date.start);
        habits.references = habits.references || (s->kind == SECTION_RELEASE && s->bracketed && !s->linked &&
                                                  has_reference(log, changelog_span(log, s->label)));
    }
    return habits;
}

static void check_release(struct changelog_findings *out, const struct changelog *log,
                          const struct changelog_section *s, struct habits habits)
{
    struct span date = changelog_span(log, s->date), version = changelog_span(log, s->version);
    struct semver ignored;
    if (!semver_parse(&ignored, version.bytes, version.len))
        say(out, FINDING_NO_SEMVER, log, s, "", " is no SemVer version");
    if (!date.len && habits.dates)
        say(out, FINDING_NO_DATE, log, s, "", " has no date");
    if (date.len && !is_calendar_date(date))
        say(out, FINDING_BAD_DATE, log, s, "the date of ", " is not a day written as 2026-01-31");
    struct span body = span_trim(changelog_span(log, s->body));
    if (!body.len)
        say(out, FINDING_EMPTY, log, s, "", " has nothing in it");
    if (habits.references && s->bracketed && !s->linked && !has_reference(log, changelog_span(log, s->label)))
        say(out, FINDING_NO_REFERENCE, log, s, "[", "] has no link at the end of the file");
}

static void check_categories(struct changelog_findings *out, const struct changelog *log,
                             const struct changelog_section *s)
{
    for (size_t i = 1; i < s->part_count; i++) {
        const struct changelog_part *part = &log->parts[s->first_part + i];
        struct span name = changelog_span(log, part->name);
        if (part->category == CATEGORY_OTHER)
            continue;
        const char *wrong = part->level <= s->level ? " is a heading of the same level as the versions" : NULL;
        for (size_t j = 1; j < i && !wrong; j++)
            if (log->parts[s->first_part + j].category == part->category &&
                log->parts[s->first_part + j].level == part->level)
                wrong = " stands twice in this section";
        if (!wrong)
            continue;
        struct text_buf *words = found(out, FINDING_CATEGORY, part->line);
        text_add_raw(words, name.bytes, name.len);
        text_adds(words, wrong);
    }
}

struct known {
    struct span version;
    size_t line;
};

static int by_version(const void *a, const void *b)
{
    const struct known *x = a, *y = b;
    size_t len = x->version.len < y->version.len ? x->version.len : y->version.len;
    int order = len ? memcmp(x->version.bytes, y->version.bytes, len) : 0;
    if (order)
        return order;
    if (x->version.len != y->version.len)
        return x->version.len < y->version.len ? -1 : 1;
    return (x->line > y->line) - (x->line < y->line);
}

static void check_duplicates(struct changelog_findings *out, const struct changelog *log)
{
    struct known *known = mem_array(log->section_count + 1, sizeof(*known));
    size_t count = 0;
    for (size_t i = 0; i < log->section_count; i++)
        if (log->sections[i].kind == SECTION_RELEASE || log->sections[i].kind == SECTION_PENDING)
            known[count++] = (struct known){changelog_span(log, log->sections[i].version), log->sections[i].line};
    qsort(known, count, sizeof(*known), by_version);
    for (size_t i = 1; i < count; i++) {
        struct span version = known[i].version;
        if (known[i - 1].version.len != version.len ||
            memcmp(known[i - 1].version.bytes, version.bytes, version.len) != 0)
            continue;
        struct text_buf *words = found(out, FINDING_DUPLICATE, known[i].line);
        text_add_raw(words, version.bytes, version.len);
        text_addf(words, " stands on line %zu already", known[i - 1].line);
    }
    free(known);
}

/*
 * Newest first. A patch of an older line may stand by its date between newer versions, so only a version that is newer than the
 * one before it and not older by date is out of order.
 */
static void check_order(struct changelog_findings *out, const struct changelog *log)
{
    const struct changelog_section *before = NULL;
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *s = &log->sections[i];
        struct semver a, b;
        struct span now = changelog_span(log, s->version);
        if (s->kind != SECTION_RELEASE || !semver_parse(&b, now.bytes, now.len))
            continue;
        const struct changelog_section *previous = before;
        before = s;
        if (!previous)
            continue;
        struct span then = changelog_span(log, previous->version);
        struct span newer = changelog_span(log, previous->date), older = changelog_span(log, s->date);
        semver_parse(&a, then.bytes, then.len);
        bool by_date = is_calendar_date(newer) && is_calendar_date(older);
        int dates = by_date ? memcmp(newer.bytes, older.bytes, 10) : 0;
        if (semver_compare(&a, &b) < 0 && dates <= 0)
            say(out, FINDING_ORDER, log, s, "", " is newer than the version above it");
        else if (dates < 0)
            say(out, FINDING_ORDER, log, s, "the date of ", " is later than that of the version above it");
    }
}

static void check_unreleased(struct changelog_findings *out, const struct changelog *log)
{
    const struct changelog_section *first = changelog_unreleased(log);
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *s = &log->sections[i];
        if (s->kind == SECTION_UNRELEASED && s != first)
            say(out, FINDING_UNRELEASED, log, s, "",
                first && first->kind == SECTION_UNRELEASED ? " stands twice" : " stands below a release");
    }
}

static int by_line(const void *a, const void *b)
{
    const struct changelog_finding *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (int)x->kind - (int)y->kind;
}

void changelog_check(struct changelog_findings *out, const struct changelog *log)
{
    *out = (struct changelog_findings){0};
    struct habits habits = habits_of(log);
    check_duplicates(out, log);
    check_order(out, log);
    check_unreleased(out, log);
    for (size_t i = 0; i < log->section_count; i++) {
        if (log->sections[i].kind == SECTION_RELEASE)
            check_release(out, log, &log->sections[i], habits);
        check_categories(out, log, &log->sections[i]);
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_line);
}

void changelog_findings_clear(struct changelog_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++)
        text_buf_clear(&findings->items[i].words);
    free(findings->items);
    *findings = (struct changelog_findings){0};
}
