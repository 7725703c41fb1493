/*
 * A changelog read into byte ranges of its own text, as Keep a Changelog describes it and as real files are: without
 * brackets, with odd dates, fences, comments, CRLF, four-part versions. Nothing is ever written from this structure; edits
 * (version/changelog_edit.h) insert or replace ranges, so that every other byte stays.
 *
 * The bytes must outlive the struct. Lines count from 1. Ranges of lines include their line ends.
 */
#ifndef SIGNALBOX_VERSION_CHANGELOG_H
#define SIGNALBOX_VERSION_CHANGELOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/error.h"
#include "version/category.h"
#include "version/span.h"

/* One bullet with everything that belongs to it: continuation lines and nested bullets, no blank lines at its end. */
struct changelog_entry {
    struct range range;
    size_t line;
};

/* A heading inside a section and what is under it, up to the next heading of any level. */
struct changelog_part {
    enum category category; /* CATEGORY_NONE: what stands before the first heading; heading is empty then */
    struct range name;      /* "Added" */
    struct range heading;   /* its line */
    struct range body;
    size_t content_end; /* after the last line that is neither blank, link reference nor comment; body.start: none */
    size_t line;
    int level;
    size_t first_entry, entry_count; /* in changelog.entries */
};

enum section_kind {
    SECTION_UNRELEASED, /* "[Unreleased]", "Next Release", … */
    SECTION_PENDING,    /* a version to come: "2.12.2 - TBD", "0.18.0-dev" on top */
    SECTION_RELEASE,
    SECTION_OTHER, /* a heading of the releases' level that names no version: "Pre-0.2.7" */
};

struct changelog_section {
    enum section_kind kind;
    struct range version; /* "1.2.3", "0.20", "1.2.3.4", "Unreleased": without v and brackets */
    struct range date;    /* "2026-01-31", "TBD", "ReleaseDate"; empty when there is none */
    struct range label;   /* between the brackets, when it is in brackets */
    struct range text;    /* the heading's words, without # and blanks around */
    struct range heading; /* its line */
    struct range body;    /* up to the next section */
    size_t line;
    int level;                     /* 1 to 3; 0 when the heading is a paragraph */
    bool yanked;                   /* "[YANKED]" or "(yanked)" */
    bool struck;                   /* ~~ ~~ */
    bool bracketed;                /* [1.2.3] */
    bool linked;                   /* [1.2.3](https://…) */
    size_t first_part, part_count; /* in changelog.parts; the first one is always what stands before a heading */
};

/* "[label]: url" at the start of a line, outside of fences and comments. */
struct changelog_reference {
    struct range label, url, range;
    size_t line;
};

struct changelog {
    const char *bytes;
    size_t len;
    struct range preamble; /* before the first section */
    size_t preamble_content_end;
    bool crlf; /* most lines end so */
    struct changelog_section *sections;
    size_t section_count, section_cap;
    struct changelog_part *parts;
    size_t part_count, part_cap;
    struct changelog_entry *entries;
    size_t entry_count, entry_cap;
    struct changelog_reference *references;
    size_t reference_count, reference_cap;
};

/*
 * An empty file is a valid changelog without sections. ERROR_INVALID, with the line in why, for what is not understood: bytes
 * that are not UTF-8, NUL, a bare carriage return, a fence or comment that never ends, a version underlined instead of
 * marked with #. On failure *out is empty.
 */
int changelog_parse(struct changelog *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
void changelog_clear(struct changelog *log);

/* A range as a view. */
struct span changelog_span(const struct changelog *log, struct range range);

/*
 * The section that collects what is not released yet: among those above the first release the one called unreleased,
 * else the first pending one; NULL when there is none. A second "Unreleased" further down is not it.
 */
const struct changelog_section *changelog_unreleased(const struct changelog *log);

/* The section of a version (text without v, exactly); NULL when there is none. */
const struct changelog_section *changelog_find(const struct changelog *log, const char *version);

/* The first release of the file that is not pending; NULL when there is none. */
const struct changelog_section *changelog_latest(const struct changelog *log);

/* Entries under the section's headings that are real ones (not "Nothing.", not "Your contribution here"). */
size_t changelog_count_entries(const struct changelog *log, const struct changelog_section *section);
bool changelog_is_placeholder(struct span entry);
/* Is it a placeholder that invites to the next release ("Your contribution here") and so stays in Unreleased? */
bool changelog_invites(struct span entry);

/*
 * Appends a section's body as release notes: without blank lines around, with \n line ends, and with the references it
 * uses after it.
 */
void changelog_notes(struct buf *out, const struct changelog *log, const struct changelog_section *section);

/* Do two changelogs differ in nothing but what is unreleased? Link references of that section are part of it. */
bool changelog_same_releases(const struct changelog *a, const struct changelog *b);

/* The line (from 1) a byte is on. */
size_t changelog_line(const struct changelog *log, size_t offset);

#endif
