#include "version/changelog_edit.h"

#include <stdio.h>
#include <string.h>

#include "version/changelog_links.h"
#include "version/changelog_patch.h"
#include "version/semver.h"

void changelog_fresh(struct buf *out)
{
    buf_adds(out, "# Changelog\n\n"
                  "All notable changes to this project will be documented in this file.\n\n"
                  "The format is based on [Keep a Changelog](https://keepachangelog.com/en/1.1.0/),\n"
                  "and this project adheres to [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n\n"
                  "## [Unreleased]\n");
}

/* Nothing but blanks is as good as no file. */
static bool is_empty(const char *bytes, size_t len)
{
    return span_trim((struct span){bytes, len}).len == 0;
}

/*
 * Headings that name no version, and none that does: what an edit would do here would be a guess.
 */
static int check_understood(const struct changelog *log, struct error *err)
{
    const struct changelog_section *odd = NULL;
    size_t unreleased = 0;
    for (size_t i = 0; i < log->section_count && log->sections[i].kind != SECTION_RELEASE; i++) {
        const struct changelog_section *s = &log->sections[i];
        if (s->kind == SECTION_UNRELEASED && unreleased++) {
            error_set(err, ERROR_INVALID, "The changelog is not understood");
            error_why(err, "line %zu: a second section for what is unreleased", s->line);
            return error_todo(err, "Join it with the one on line %zu", changelog_unreleased(log)->line);
        }
        if (s->kind == SECTION_OTHER && !odd)
            odd = s;
    }
    if (!odd || changelog_latest(log) || unreleased)
        return 0;
    error_set(err, ERROR_INVALID, "The changelog is not understood");
    error_why(err, "line %zu: a heading that names no version, and no other heading does", odd->line);
    return error_todo(err, "Write versions as ## [1.2.0] - 2026-01-31");
}

/*
 * The last word on every edit: the new bytes are read again, and must have the sections the edit meant, so that no entry
 * (an open fence, a comment) hides what comes after it.
 */
static int finish(struct buf *out, struct patch *patch, size_t sections, struct error *err)
{
    size_t start = out->len;
    struct changelog after;
    patch_apply(out, patch);
    int result = changelog_parse(&after, out->bytes + start, out->len - start, err);
    if (result == 0 && after.section_count != sections) {
        error_set(err, ERROR_INVALID, "The entry would change how the changelog is read");
        error_why(err, "it opens a fence, a comment or a heading");
        result = error_todo(err, "Write the entry as plain text");
    }
    changelog_clear(&after);
    if (result)
        buf_truncate(out, start);
    return result;
}

/* Where a section goes when there is none to follow: before the first release, else after everything but the links. */
static size_t place_of_section(const struct changelog *log, bool *at_end)
{
    const struct changelog_section *latest = changelog_latest(log);
    *at_end = !latest;
    return latest ? latest->heading.start : patch_content_end(log, 0, log->len);
}

/* A heading with a body, blank lines around as the place wants them. */
static void insert_section(struct patch *patch, const struct buf *heading, const struct buf *body)
{
    bool at_end;
    size_t at = place_of_section(patch->log, &at_end);
    struct buf *text = patch_at(patch, at, at);
    const char *eol = patch->style.eol;
    if (at_end)
        buf_adds(text, eol);
    buf_add(text, heading->bytes, heading->len);
    buf_adds(text, eol);
    if (body->len) {
        buf_adds(text, eol);
        buf_add(text, body->bytes, body->len);
    }
    /* Comments and links may follow, and must not become part of the last entry. */
    if (at < patch->log->len && patch->log->bytes[at] != '\n' && patch->log->bytes[at] != '\r')
        buf_adds(text, eol);
}

int changelog_add(struct buf *out, const char *bytes, size_t len, const struct changelog_addition *additions,
                  size_t count, struct error *err)
{
    CLEANUP(buf_clear) struct buf fresh = {0};
    CLEANUP(buf_clear) struct buf heading = {0};
    CLEANUP(buf_clear) struct buf body = {0};
    struct changelog log;
    if (patch_check_additions(additions, count, err))
        return -1;
    if (is_empty(bytes, len)) {
        changelog_fresh(&fresh);
        bytes = fresh.bytes;
        len = fresh.len;
    }
    if (changelog_parse(&log, bytes, len, err))
        return -1;
    struct patch patch;
    patch_init(&patch, &log);
    const struct changelog_section *unreleased = changelog_unreleased(&log);
    int result = check_understood(&log, err);
    if (result == 0 && unreleased) {
        patch_place(&patch, unreleased, unreleased->body.start, additions, count);
    } else if (result == 0 && count) {
        changelog_style_unreleased(&heading, &patch.style);
        patch_write_body(&body, &patch, additions, count);
        insert_section(&patch, &heading, &body);
    }
    if (result == 0)
        result = finish(out, &patch, log.section_count + (!unreleased && count), err);
    patch_clear(&patch);
    changelog_clear(&log);
    return result;
}

static int check_cut(const struct changelog *log, const struct changelog_cut *cut, struct error *err)
{
    struct semver version;
    int year, month, day, end = 0;
    if (semver_read(&version, cut->version, strlen(cut->version), err))
        return -1;
    if (sscanf(cut->date, "%4d-%2d-%2d%n", &year, &month, &day, &end) != 3 || end != 10 || cut->date[end]) {
        error_set(err, ERROR_INVALID, "“%.40s” is no date", cut->date);
        return error_todo(err, "Write it as 2026-01-31");
    }
    const struct changelog_section *there = changelog_find(log, cut->version);
    const struct changelog_section *unreleased = changelog_unreleased(log);
    if (there && there != unreleased) {
        error_set(err, ERROR_EXISTS, "The changelog has a section for %.100s already", cut->version);
        error_why(err, "line %zu", there->line);
        return error_todo(err, "Choose another version, or edit that section by hand");
    }
    if (!unreleased || unreleased->kind != SECTION_PENDING)
        return 0;
    /* "5.0.0 - TBD" may become 5.0.0 or, estimates being what they are, more; but 4.6.7 is not it. */
    struct semver coming;
    struct span text = changelog_span(log, unreleased->version);
    if (!semver_parse(&coming, text.bytes, text.len) || semver_compare(&coming, &version) <= 0)
        return 0;
    error_set(err, ERROR_REFUSED, "The changelog is collecting for %.*s, not for %.100s",
              (int)(text.len > 100 ? 100 : text.len), text.bytes, cut->version);
    error_why(err, "line %zu", unreleased->line);
    return error_todo(err, "Add a section ## [Unreleased] above it, or release that version");
}

/* Unreleased stays where it is, empty, and the new heading goes under it; so what was written by hand keeps its bytes. */
static void cut_unreleased(struct patch *patch, const struct changelog_section *u, const struct buf *heading,
                           const struct changelog_cut *cut)
{
    const struct changelog *log = patch->log;
    const struct changelog_part *first = &log->parts[u->first_part];
    const char *eol = patch->style.eol;
    size_t from = u->body.start;
    bool kept = false;
    /* "- **Your contribution here**" on top invites to the next release, so it stays. */
    if (first->entry_count) {
        struct range entry = log->entries[first->first_entry].range;
        struct span words = changelog_span(log, entry);
        kept =
            changelog_is_placeholder(words) && memmem(words.bytes, words.len, "ontribution", strlen("ontribution"));
        if (kept)
            from = entry.end;
    }
    struct buf *text = patch_at(patch, from, from);
    buf_adds(text, eol);
    buf_add(text, heading->bytes, heading->len);
    buf_adds(text, eol);
    if (kept && from < log->len && log->bytes[from] != '\n' && log->bytes[from] != '\r')
        buf_adds(text, eol);
    patch_place(patch, u, from, cut->additions, cut->count);
}

/* "2.12.2 - TBD" and "0.18.0-dev" become the release themselves; a new Unreleased goes above. */
static void cut_pending(struct patch *patch, const struct changelog_section *u, const struct buf *heading,
                        const struct changelog_cut *cut)
{
    const struct changelog *log = patch->log;
    const char *eol = patch->style.eol;
    struct buf *above = patch_at(patch, u->heading.start, u->heading.start);
    changelog_style_unreleased(above, &patch->style);
    buf_adds(above, eol);
    buf_adds(above, eol);
    size_t end = u->heading.end;
    while (end > u->heading.start && (log->bytes[end - 1] == '\n' || log->bytes[end - 1] == '\r'))
        end--;
    buf_add(patch_at(patch, u->heading.start, end), heading->bytes, heading->len);
    patch_place(patch, u, u->body.start, cut->additions, cut->count);
}

static int cut_parsed(struct buf *out, const struct changelog *log, const struct changelog_cut *cut,
                      struct error *err)
{
    CLEANUP(buf_clear) struct buf heading = {0};
    CLEANUP(buf_clear) struct buf url = {0};
    CLEANUP(buf_clear) struct buf body = {0};
    if (check_understood(log, err) || check_cut(log, cut, err))
        return -1;
    struct patch patch;
    patch_init(&patch, log);
    const struct changelog_section *u = changelog_unreleased(log);
    changelog_links_heading(&url, &patch, cut);
    changelog_style_heading(&heading, &patch.style, cut->version, cut->date, url.len ? url.bytes : NULL);
    if (u && u->kind == SECTION_PENDING) {
        cut_pending(&patch, u, &heading, cut);
    } else if (u) {
        cut_unreleased(&patch, u, &heading, cut);
    } else {
        patch_write_body(&body, &patch, cut->additions, cut->count);
        insert_section(&patch, &heading, &body);
    }
    changelog_links_cut(&patch, cut);
    int result = finish(out, &patch, log->section_count + 1, err);
    patch_clear(&patch);
    return result;
}

int changelog_cut(struct buf *out, const char *bytes, size_t len, const struct changelog_cut *cut, struct error *err)
{
    CLEANUP(buf_clear) struct buf fresh = {0};
    struct changelog log;
    if (patch_check_additions(cut->additions, cut->count, err))
        return -1;
    if (is_empty(bytes, len)) {
        changelog_fresh(&fresh);
        bytes = fresh.bytes;
        len = fresh.len;
    }
    if (changelog_parse(&log, bytes, len, err))
        return -1;
    int result = cut_parsed(out, &log, cut, err);
    changelog_clear(&log);
    return result;
}

/* As the file marks others: struck through and "(yanked)", or [YANKED]. */
static void mark_yanked(struct patch *patch, const struct changelog_section *s)
{
    const struct changelog *log = patch->log;
    const struct changelog_section *other = NULL;
    for (size_t i = 0; i < log->section_count && !other; i++)
        if (log->sections[i].yanked)
            other = &log->sections[i];
    if (other && other->struck) {
        struct span words = changelog_span(log, other->text);
        const char *close = memrchr(words.bytes, '~', words.len);
        buf_adds(patch_at(patch, s->text.start, s->text.start), "~~");
        struct buf *end = patch_at(patch, s->text.end, s->text.end);
        buf_adds(end, "~~");
        buf_add(end, close + 1, (size_t)(words.bytes + words.len - close) - 1);
        return;
    }
    buf_adds(patch_at(patch, s->text.end, s->text.end), " [YANKED]");
}

static int yank_parsed(struct buf *out, const struct changelog *log, const char *version, struct error *err)
{
    const struct changelog_section *s = changelog_find(log, version);
    if (!s || s->kind != SECTION_RELEASE) {
        error_set(err, ERROR_NOT_FOUND, "The changelog has no release %.100s", version);
        if (s)
            error_why(err, "line %zu: it is not released yet", s->line);
        return error_todo(err, "Give a version as its heading has it");
    }
    for (const struct changelog_section *other = s + 1; other < log->sections + log->section_count; other++)
        if (other->kind == SECTION_RELEASE && span_equal(changelog_span(log, other->version), version)) {
            error_set(err, ERROR_INVALID, "The changelog has two sections for %.100s", version);
            error_why(err, "lines %zu and %zu", s->line, other->line);
            return error_todo(err, "Correct one of them first");
        }
    struct patch patch;
    patch_init(&patch, log);
    if (!s->yanked)
        mark_yanked(&patch, s);
    int result = finish(out, &patch, log->section_count, err);
    patch_clear(&patch);
    return result;
}

int changelog_yank(struct buf *out, const char *bytes, size_t len, const char *version, struct error *err)
{
    struct changelog log;
    if (changelog_parse(&log, bytes, len, err))
        return -1;
    int result = yank_parsed(out, &log, version, err);
    changelog_clear(&log);
    return result;
}
