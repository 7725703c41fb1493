#include "version/changelog_style.h"

#include <string.h>

static bool has_date(const struct changelog_section *s)
{
    return s->date.end > s->date.start;
}

/* The newest plain release; one with a date when most have one, so that a forgotten date is not copied. */
static const struct changelog_section *find_model(const struct changelog *log)
{
    size_t dated = 0, releases = 0;
    const struct changelog_section *first = NULL, *best = NULL;
    for (size_t i = 0; i < log->section_count; i++) {
        const struct changelog_section *s = &log->sections[i];
        releases += s->kind == SECTION_RELEASE;
        dated += s->kind == SECTION_RELEASE && has_date(s);
    }
    for (size_t i = 0; i < log->section_count && !best; i++) {
        const struct changelog_section *s = &log->sections[i];
        if (s->kind != SECTION_RELEASE)
            continue;
        if (!first)
            first = s;
        if (!s->struck && has_date(s) == (dated * 2 > releases))
            best = s;
    }
    return best ? best : first && !first->struck ? first : NULL;
}

static bool starts_blank(const struct changelog *log, size_t at)
{
    return at < log->len && (log->bytes[at] == '\n' || log->bytes[at] == '\r');
}

static void look_at_entries(struct changelog_style *out, const struct changelog *log)
{
    if (log->entry_count) {
        struct range range = log->entries[0].range;
        struct span first = span_trim((struct span){log->bytes + range.start, range.end - range.start});
        if (first.len && strchr("-*+", first.bytes[0]))
            out->bullet = first.bytes[0];
    }
    for (size_t i = 0; i < log->part_count; i++)
        if (log->parts[i].entry_count > 1) {
            const struct changelog_entry *two = &log->entries[log->parts[i].first_entry];
            out->loose = two[1].range.start > two[0].range.end;
            break;
        }
}

void changelog_style_of(struct changelog_style *out, const struct changelog *log)
{
    *out = (struct changelog_style){.log = log,
                                    .model = find_model(log),
                                    .eol = log->crlf ? "\r\n" : "\n",
                                    .bullet = '-',
                                    .blank_after = true,
                                    .category_level = 3};
    look_at_entries(out, log);
    bool categories = false;
    for (size_t i = 0; i < log->part_count && !categories; i++) {
        const struct changelog_part *part = &log->parts[i];
        if (part->category == CATEGORY_NONE || part->level != 3)
            continue;
        categories = true;
        out->blank_after = starts_blank(log, part->heading.end) || part->heading.end == log->len;
    }
    out->flat = !categories && log->entry_count > 0 && changelog_latest(log);
}

static void add_range(struct buf *out, const struct changelog *log, size_t start, size_t end)
{
    if (end > start)
        buf_add(out, log->bytes + start, end - start);
}

void changelog_style_heading(struct buf *out, const struct changelog_style *style, const char *version,
                             const char *date, const char *url)
{
    const struct changelog *log = style->log;
    const struct changelog_section *m = style->model;
    if (!m) {
        /* Without a release to copy, brackets are for files whose Unreleased has them. */
        const struct changelog_section *u = changelog_unreleased(log);
        bool brackets = !u || u->bracketed;
        buf_addf(out, "## %s%s%s - %s", brackets ? "[" : "", version, brackets ? "]" : "", date);
        return;
    }
    bool bare = m->linked && !url;
    add_range(out, log, m->heading.start, bare ? m->label.start - 1 : m->version.start);
    if (bare)
        add_range(out, log, m->label.start, m->version.start);
    buf_adds(out, version);
    size_t after = m->version.end;
    if (m->bracketed) {
        if (!bare)
            buf_addc(out, ']');
        after = m->label.end + 1;
    }
    if (m->linked) {
        const char *close = memchr(log->bytes + after, ')', m->heading.end - after);
        if (close)
            after = (size_t)(close - log->bytes) + 1;
        if (url)
            buf_addf(out, "(%s)", url);
    }
    if (!has_date(m))
        return;
    /* Marks such as [YANKED] between version and date are the model's own. */
    size_t from = m->yanked && m->date.start - after > 4 ? m->date.start - 1 : after;
    if (from != after)
        buf_addc(out, ' ');
    add_range(out, log, from, m->date.start);
    buf_adds(out, date);
    if (m->date.end < m->heading.end && strchr(")]", log->bytes[m->date.end]))
        buf_addc(out, log->bytes[m->date.end]);
}

void changelog_style_unreleased(struct buf *out, const struct changelog_style *style)
{
    const struct changelog_section *m = style->model;
    bool brackets = !m || (m->bracketed && !m->linked);
    for (int i = 0; i < (m && m->level ? m->level : 2); i++)
        buf_addc(out, '#');
    buf_adds(out, brackets ? " [Unreleased]" : " Unreleased");
}

void changelog_style_category(struct buf *out, const struct changelog_style *style, enum category category)
{
    const struct changelog *log = style->log;
    struct span name = {category_name(category), strlen(category_name(category))};
    for (size_t i = 0; i < log->part_count; i++)
        if (log->parts[i].category == category && log->parts[i].level == style->category_level) {
            name = changelog_span(log, log->parts[i].name);
            break;
        }
    buf_adds(out, "### ");
    buf_add(out, name.bytes, name.len);
    buf_adds(out, style->eol);
    if (style->blank_after)
        buf_adds(out, style->eol);
}

void changelog_style_entry(struct buf *out, const struct changelog_style *style, struct span text)
{
    text = span_trim(text);
    buf_addc(out, style->bullet);
    buf_addc(out, ' ');
    for (size_t i = 0; i < text.len; i++) {
        if (text.bytes[i] == '\r')
            continue;
        if (text.bytes[i] != '\n') {
            buf_addc(out, text.bytes[i]);
            continue;
        }
        buf_adds(out, style->eol);
        if (i + 1 < text.len && text.bytes[i + 1] != '\n' && text.bytes[i + 1] != '\r')
            buf_adds(out, "  ");
    }
    buf_adds(out, style->eol);
}
