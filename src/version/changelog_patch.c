#include "version/changelog_patch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/changelog_line.h"

void patch_init(struct patch *patch, const struct changelog *log)
{
    *patch = (struct patch){.log = log};
    changelog_style_of(&patch->style, log);
}

void patch_clear(struct patch *patch)
{
    for (size_t i = 0; i < patch->count; i++)
        buf_clear(&patch->items[i].text);
    free(patch->items);
    *patch = (struct patch){0};
}

struct buf *patch_at(struct patch *patch, size_t start, size_t end)
{
    ARRAY_GROW(&patch->items, &patch->cap, patch->count + 1);
    patch->items[patch->count] = (struct patch_edit){.at = {start, end}, .order = patch->count};
    return &patch->items[patch->count++].text;
}

static int by_place(const void *a, const void *b)
{
    const struct patch_edit *x = a, *y = b;
    if (x->at.start != y->at.start)
        return x->at.start < y->at.start ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

void patch_apply(struct buf *out, struct patch *patch)
{
    size_t at = 0;
    if (patch->count)
        qsort(patch->items, patch->count, sizeof(*patch->items), by_place);
    for (size_t i = 0; i < patch->count; i++) {
        const struct patch_edit *edit = &patch->items[i];
        /* A last line without its end gets one before anything follows it. */
        buf_add(out, patch->log->bytes + at, edit->at.start - at);
        if (edit->at.start && edit->at.start == patch->log->len && edit->text.len && out->len &&
            out->bytes[out->len - 1] != '\n')
            buf_adds(out, patch->style.eol);
        buf_add(out, edit->text.bytes, edit->text.len);
        at = edit->at.end;
    }
    if (patch->log->len > at)
        buf_add(out, patch->log->bytes + at, patch->log->len - at);
}

size_t patch_content_end(const struct changelog *log, size_t start, size_t end)
{
    size_t found = start;
    if (log->preamble_content_end > found && log->preamble_content_end <= end)
        found = log->preamble_content_end;
    for (size_t i = 0; i < log->part_count; i++)
        if (log->parts[i].content_end > found && log->parts[i].content_end <= end)
            found = log->parts[i].content_end;
    return found;
}

static bool blank_at(const struct changelog *log, size_t at)
{
    return at >= log->len || log->bytes[at] == '\n' || log->bytes[at] == '\r';
}

static bool stands_already(const struct patch *patch, const struct changelog_part *part, struct span text)
{
    CLEANUP(buf_clear) struct buf wanted = {0};
    changelog_style_entry(&wanted, &patch->style, text);
    struct span words = span_trim(span_from((struct span){wanted.bytes, wanted.len}, 1));
    for (size_t i = 0; part && i < part->entry_count; i++) {
        struct span there = span_trim(changelog_span(patch->log, patch->log->entries[part->first_entry + i].range));
        there = span_trim(span_from(there, 1));
        if (there.len == words.len && memcmp(there.bytes, words.bytes, words.len) == 0)
            return true;
    }
    return false;
}

/* Appends the entries of one category (any: CATEGORY_NONE); how many. */
static size_t write_entries(struct buf *out, const struct patch *patch, const struct changelog_part *part,
                            enum category category, const struct changelog_addition *additions, size_t count)
{
    size_t written = 0;
    for (size_t i = 0; i < count; i++) {
        struct span text = {additions[i].text, additions[i].len};
        if (category != CATEGORY_NONE && additions[i].category != category)
            continue;
        if (stands_already(patch, part, text))
            continue;
        if (written++ && patch->style.loose)
            buf_adds(out, patch->style.eol);
        changelog_style_entry(out, &patch->style, text);
    }
    return written;
}

/* Into a part that is there: after its last entry, instead of its "Nothing.", or as its first. */
static void place_in_part(struct patch *patch, const struct changelog_part *part, size_t from, struct buf *entries)
{
    const struct changelog *log = patch->log;
    const struct changelog_entry *last = NULL;
    for (size_t i = 0; i < part->entry_count; i++)
        if (log->entries[part->first_entry + i].range.start >= from)
            last = &log->entries[part->first_entry + i];
    if (last && changelog_is_placeholder(changelog_span(log, last->range)) &&
        !changelog_invites(changelog_span(log, last->range))) {
        buf_add(patch_at(patch, last->range.start, last->range.end), entries->bytes, entries->len);
        return;
    }
    if (last) {
        struct buf *text = patch_at(patch, last->range.end, last->range.end);
        if (patch->style.loose)
            buf_adds(text, patch->style.eol);
        buf_add(text, entries->bytes, entries->len);
        if (patch->style.loose && !blank_at(log, last->range.end))
            buf_adds(text, patch->style.eol);
        return;
    }
    size_t start = part->body.start > from ? part->body.start : from;
    size_t end = start < part->body.end ? patch_content_end(log, start, part->body.end) : start;
    struct buf *text = patch_at(patch, end, end);
    if (end > start || part->category == CATEGORY_NONE || patch->style.blank_after)
        buf_adds(text, patch->style.eol);
    buf_add(text, entries->bytes, entries->len);
    if (!blank_at(log, end))
        buf_adds(text, patch->style.eol);
}

/* End of a category with what is nested in it. */
static size_t group_end(const struct changelog *log, const struct changelog_section *section, size_t index)
{
    size_t i = index + 1;
    int level = log->parts[section->first_part + index].level;
    while (i < section->part_count && log->parts[section->first_part + i].level > level)
        i++;
    const struct changelog_part *last = &log->parts[section->first_part + i - 1];
    return patch_content_end(log, last->body.start, last->body.end);
}

/* A category that is not there yet, where Keep a Changelog's order wants it. */
static void place_category(struct patch *patch, const struct changelog_section *section, size_t from,
                           enum category category, struct buf *entries)
{
    const struct changelog *log = patch->log;
    const struct changelog_part *parts = &log->parts[section->first_part];
    size_t before = SIZE_MAX, after = SIZE_MAX;
    for (size_t i = 1; i < section->part_count; i++) {
        if (parts[i].category == CATEGORY_OTHER || parts[i].category == CATEGORY_NONE)
            continue;
        if (parts[i].category < category)
            after = i;
        else if (before == SIZE_MAX)
            before = i;
    }
    if (after == SIZE_MAX && before != SIZE_MAX) {
        struct buf *text = patch_at(patch, parts[before].heading.start, parts[before].heading.start);
        changelog_style_category(text, &patch->style, category);
        buf_add(text, entries->bytes, entries->len);
        buf_adds(text, patch->style.eol);
        return;
    }
    size_t at = after != SIZE_MAX ? group_end(log, section, after) : patch_content_end(log, from, section->body.end);
    struct buf *text = patch_at(patch, at, at);
    buf_adds(text, patch->style.eol);
    changelog_style_category(text, &patch->style, category);
    buf_add(text, entries->bytes, entries->len);
    if (!blank_at(log, at))
        buf_adds(text, patch->style.eol);
}

void patch_place(struct patch *patch, const struct changelog_section *section, size_t from,
                 const struct changelog_addition *additions, size_t count)
{
    const struct changelog *log = patch->log;
    const struct changelog_part *parts = &log->parts[section->first_part];
    if (patch->style.flat) {
        CLEANUP(buf_clear) struct buf entries = {0};
        if (write_entries(&entries, patch, &parts[0], CATEGORY_NONE, additions, count))
            place_in_part(patch, &parts[0], from, &entries);
        return;
    }
    for (int c = CATEGORY_ADDED; c <= CATEGORY_SECURITY; c++) {
        const struct changelog_part *part = NULL;
        for (size_t i = 1; i < section->part_count && !part; i++)
            if ((int)parts[i].category == c)
                part = &parts[i];
        CLEANUP(buf_clear) struct buf entries = {0};
        if (!write_entries(&entries, patch, part, (enum category)c, additions, count))
            continue;
        if (part)
            place_in_part(patch, part, from, &entries);
        else
            place_category(patch, section, from, (enum category)c, &entries);
    }
}

void patch_write_body(struct buf *out, const struct patch *patch, const struct changelog_addition *additions,
                      size_t count)
{
    if (patch->style.flat) {
        write_entries(out, patch, NULL, CATEGORY_NONE, additions, count);
        return;
    }
    bool first = true;
    for (int c = CATEGORY_ADDED; c <= CATEGORY_SECURITY; c++) {
        CLEANUP(buf_clear) struct buf entries = {0};
        if (!write_entries(&entries, patch, NULL, (enum category)c, additions, count))
            continue;
        if (!first)
            buf_adds(out, patch->style.eol);
        first = false;
        changelog_style_category(out, &patch->style, (enum category)c);
        buf_add(out, entries.bytes, entries.len);
    }
}

int patch_check_additions(const struct changelog_addition *additions, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct changelog_addition *a = &additions[i];
        struct span text = span_trim((struct span){a->text, a->len});
        struct lines lines;
        bool clean = text.len > 0 && lines_begin(&lines, text.bytes, text.len, err) == 0;
        for (size_t j = 0; clean && j < text.len; j++)
            clean = (unsigned char)text.bytes[j] >= ' ' || strchr("\n\r\t", text.bytes[j]);
        if (!clean) {
            error_set(err, ERROR_INVALID, "This cannot be an entry of a changelog: “%.*s”",
                      (int)(a->len > 60 ? 60 : a->len), a->text ? a->text : "");
            error_why(err, text.len ? "it has control characters or is not UTF-8" : "it is empty");
            return error_todo(err, "Give the entry as plain text");
        }
        if (a->category < CATEGORY_ADDED || a->category > CATEGORY_SECURITY) {
            error_set(err, ERROR_INVALID, "An entry needs its category");
            return error_todo(err, "Give one of Added, Changed, Deprecated, Removed, Fixed, Security");
        }
    }
    return 0;
}
