#include "version/changelog.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"
#include "version/changelog_heading.h"
#include "version/changelog_line.h"

/* What the lines so far have made. */
struct parse {
    struct changelog *log;
    bool seen_heading; /* the first H1 is the title */
    bool entry_open;   /* a bullet that may go on */
    size_t entry_indent;
    bool blank_before, code_before;
    struct line before;
};

struct span changelog_span(const struct changelog *log, struct range range)
{
    return (struct span){log->bytes + range.start, range.end - range.start};
}

static void begin_part(struct changelog *log, enum category category, struct range name, struct range heading,
                       size_t line, int level)
{
    ARRAY_GROW(&log->parts, &log->part_cap, log->part_count + 1);
    log->parts[log->part_count++] = (struct changelog_part){
        .category = category,
        .name = name,
        .heading = heading,
        .body = {heading.end, heading.end},
        .content_end = heading.end,
        .line = line,
        .level = level,
        .first_entry = log->entry_count,
    };
    log->sections[log->section_count - 1].part_count++;
}

static void begin_section(struct changelog *log, const struct changelog_section *section)
{
    ARRAY_GROW(&log->sections, &log->section_cap, log->section_count + 1);
    struct changelog_section *s = &log->sections[log->section_count++];
    *s = *section;
    s->body = (struct range){section->heading.end, section->heading.end};
    s->first_part = log->part_count;
    s->part_count = 0;
    begin_part(log, CATEGORY_NONE, (struct range){s->body.start, s->body.start},
               (struct range){s->body.start, s->body.start}, section->line, 0);
}

static void heading(struct parse *p, const struct line *line)
{
    struct changelog *log = p->log;
    struct changelog_section section = {.kind = SECTION_OTHER,
                                        .heading = line->range,
                                        .text = line->text,
                                        .line = line->number,
                                        .level = line->level};
    bool plain = false, first = !p->seen_heading;
    p->seen_heading = true;
    p->entry_open = false;
    if (line->level <= 3) {
        bool names = changelog_heading_read(&section, &plain, log->bytes, line->text);
        /* A third level may hold "2.0 migration"; only a version by itself is a release there. */
        if (names && (line->level < 3 || (plain && section.kind != SECTION_UNRELEASED))) {
            begin_section(log, &section);
            return;
        }
        section = (struct changelog_section){.kind = SECTION_OTHER,
                                             .heading = line->range,
                                             .text = line->text,
                                             .line = line->number,
                                             .level = line->level};
    }
    enum category category = category_of(changelog_span(log, line->text));
    bool misplaced_category = category != CATEGORY_OTHER && log->section_count;
    if (line->level <= 2 && !misplaced_category) {
        if (line->level == 2 || !first)
            begin_section(log, &section);
    } else if (log->section_count) {
        begin_part(log, category, line->text, line->range, line->number, line->level);
    }
}

static bool next_is_blank(const struct changelog *log, size_t at)
{
    return at == log->len || log->bytes[at] == '\n' || log->bytes[at] == '\r';
}

/* Some write "[Unreleased]" as a paragraph; only by itself and before any section. */
static bool paragraph_unreleased(struct parse *p, const struct line *line)
{
    static const char *const words[] = {"[unreleased]", "unreleased", "**unreleased**", "**[unreleased]**"};
    struct changelog *log = p->log;
    if (log->section_count || !p->blank_before || !next_is_blank(log, line->range.end))
        return false;
    for (size_t i = 0; i < COUNT(words); i++) {
        if (!span_equal_case(changelog_span(log, line->text), words[i]))
            continue;
        size_t start = line->text.start + strcspn(words[i], "u");
        struct changelog_section section = {.kind = SECTION_UNRELEASED,
                                            .version = {start, start + strlen("unreleased")},
                                            .text = line->text,
                                            .heading = line->range,
                                            .line = line->number,
                                            .bracketed = strchr(words[i], '[') != NULL};
        if (section.bracketed)
            section.label = section.version;
        begin_section(log, &section);
        return true;
    }
    return false;
}

static void bullet(struct parse *p, const struct line *line)
{
    struct changelog *log = p->log;
    bool nested = p->entry_open && line->indent >= p->entry_indent + 2;
    if (nested) {
        log->entries[log->entry_count - 1].range.end = line->range.end;
        return;
    }
    ARRAY_GROW(&log->entries, &log->entry_cap, log->entry_count + 1);
    log->entries[log->entry_count++] = (struct changelog_entry){line->range, line->number};
    log->parts[log->part_count - 1].entry_count++;
    p->entry_open = true;
    p->entry_indent = line->indent;
}

static void reference(struct changelog *log, const struct line *line)
{
    const char *bytes = log->bytes;
    const char *colon = memmem(bytes + line->text.start, line->text.end - line->text.start, "]:", 2);
    struct range label = {line->text.start + 1, (size_t)(colon - bytes)}, url = {label.end + 2, line->text.end};
    while (url.start < url.end && (bytes[url.start] == ' ' || bytes[url.start] == '\t'))
        url.start++;
    size_t end = url.start;
    while (end < url.end && bytes[end] != ' ' && bytes[end] != '\t')
        end++;
    url.end = end;
    ARRAY_GROW(&log->references, &log->reference_cap, log->reference_count + 1);
    log->references[log->reference_count++] = (struct changelog_reference){label, url, line->range, line->number};
}

/* Any line that is neither heading nor bullet: does it belong to the open entry? */
static void other(struct parse *p, const struct line *line)
{
    struct changelog *log = p->log;
    if (line->kind == LINE_BLANK)
        return;
    bool goes_on =
        p->entry_open && line->kind != LINE_UNDERLINE && line->kind != LINE_REFERENCE &&
        (!p->blank_before || line->indent >= p->entry_indent + 2 || (line->kind == LINE_CODE && p->code_before));
    if (goes_on)
        log->entries[log->entry_count - 1].range.end = line->range.end;
    else
        p->entry_open = false;
}

/* A version underlined instead of marked with #: it could be read, but an edit would have to invent its style. */
static int underlined(struct parse *p, const struct line *line, struct error *err)
{
    struct changelog_section ignored = {0};
    if (p->before.kind != LINE_TEXT || !changelog_heading_read(&ignored, NULL, p->log->bytes, p->before.text))
        return 0;
    char c = p->log->bytes[line->text.start];
    for (size_t i = line->text.start; i < line->text.end; i++)
        if ((c != '-' && c != '=') || p->log->bytes[i] != c)
            return 0;
    error_set(err, ERROR_INVALID, "The changelog is not understood");
    error_why(err, "line %zu: a version underlined instead of marked with #", p->before.number);
    return error_todo(err, "Write it as ## [1.2.0] - 2026-01-31");
}

static int take(struct parse *p, const struct line *line, struct error *err)
{
    struct changelog *log = p->log;
    switch (line->kind) {
    case LINE_HEADING:
        heading(p, line);
        break;
    case LINE_BULLET:
        if (log->section_count)
            bullet(p, line);
        break;
    case LINE_REFERENCE:
        reference(log, line);
        other(p, line);
        break;
    case LINE_UNDERLINE:
        if (underlined(p, line, err))
            return -1;
        other(p, line);
        break;
    case LINE_TEXT:
        if (!paragraph_unreleased(p, line))
            other(p, line);
        break;
    case LINE_BLANK:
    case LINE_CODE:
    case LINE_COMMENT:
        other(p, line);
        break;
    }
    if (log->section_count && line->range.end > log->parts[log->part_count - 1].body.end)
        log->parts[log->part_count - 1].body.end = line->range.end;
    if (line->kind != LINE_BLANK && line->kind != LINE_REFERENCE && line->kind != LINE_COMMENT)
        *(log->section_count ? &log->parts[log->part_count - 1].content_end : &log->preamble_content_end) =
            line->range.end;
    p->blank_before = line->kind == LINE_BLANK;
    p->code_before = (line->kind == LINE_CODE || line->kind == LINE_COMMENT) && p->entry_open;
    p->before = *line;
    return 0;
}

int changelog_parse(struct changelog *out, const char *bytes, size_t len, struct error *err)
{
    struct changelog log = {.bytes = bytes, .len = len};
    struct parse p = {.log = &log, .blank_before = true};
    struct lines lines;
    struct line line;
    size_t crlf = 0;
    *out = (struct changelog){0};
    int result = lines_begin(&lines, bytes, len, err);
    while (result == 0 && (result = lines_next(&line, &lines, err)) == 1) {
        crlf += line.crlf;
        result = take(&p, &line, err);
    }
    if (result) {
        changelog_clear(&log);
        return -1;
    }
    log.crlf = crlf * 2 > lines.number;
    log.preamble = (struct range){0, log.section_count ? log.sections[0].heading.start : len};
    for (size_t i = 0; i < log.section_count; i++)
        log.sections[i].body.end = i + 1 < log.section_count ? log.sections[i + 1].heading.start : len;
    *out = log;
    return 0;
}

void changelog_clear(struct changelog *log)
{
    free(log->sections);
    free(log->parts);
    free(log->entries);
    free(log->references);
    *log = (struct changelog){0};
}

const struct changelog_section *changelog_unreleased(const struct changelog *log)
{
    const struct changelog_section *pending = NULL;
    for (size_t i = 0; i < log->section_count && log->sections[i].kind != SECTION_RELEASE; i++) {
        if (log->sections[i].kind == SECTION_UNRELEASED)
            return &log->sections[i];
        if (log->sections[i].kind == SECTION_PENDING && !pending)
            pending = &log->sections[i];
    }
    return pending;
}

const struct changelog_section *changelog_find(const struct changelog *log, const char *version)
{
    for (size_t i = 0; i < log->section_count; i++)
        if ((log->sections[i].kind == SECTION_RELEASE || log->sections[i].kind == SECTION_PENDING) &&
            span_equal(changelog_span(log, log->sections[i].version), version))
            return &log->sections[i];
    return NULL;
}

const struct changelog_section *changelog_latest(const struct changelog *log)
{
    for (size_t i = 0; i < log->section_count; i++)
        if (log->sections[i].kind == SECTION_RELEASE)
            return &log->sections[i];
    return NULL;
}

bool changelog_is_placeholder(struct span entry)
{
    static const char *const words[] = {"nothing", "nothing yet", "none", "n/a", "tbd", "your contribution here"};
    entry = span_trim(entry);
    if (entry.len && strchr("-*+", entry.bytes[0]))
        entry = span_trim(span_from(entry, 1));
    while (entry.len && strchr("*_.!", entry.bytes[0]))
        entry = span_from(entry, 1);
    while (entry.len && strchr("*_.!", entry.bytes[entry.len - 1]))
        entry.len--;
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_equal_case(entry, words[i]))
            return true;
    return false;
}

bool changelog_invites(struct span entry)
{
    return changelog_is_placeholder(entry) && memmem(entry.bytes, entry.len, "ontribution", strlen("ontribution"));
}

size_t changelog_count_entries(const struct changelog *log, const struct changelog_section *section)
{
    size_t count = 0;
    for (size_t i = 0; i < section->part_count; i++) {
        const struct changelog_part *part = &log->parts[section->first_part + i];
        for (size_t j = 0; j < part->entry_count; j++)
            count += !changelog_is_placeholder(changelog_span(log, log->entries[part->first_entry + j].range));
    }
    return count;
}

size_t changelog_line(const struct changelog *log, size_t offset)
{
    size_t line = 1;
    for (const char *at = log->bytes, *end = log->bytes + (offset < log->len ? offset : log->len);
         at && at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        line++;
    return line;
}
