/* A list of byte range edits, and placing entries by them. Used by the edits of a changelog. */
#ifndef SIGNALBOX_VERSION_CHANGELOG_PATCH_H
#define SIGNALBOX_VERSION_CHANGELOG_PATCH_H

#include "version/changelog_edit.h"
#include "version/changelog_style.h"

struct patch_edit {
    struct range at; /* replaced; empty: inserted there */
    struct buf text;
    size_t order; /* edits at the same place come in the order they were made */
};

struct patch {
    const struct changelog *log;
    struct changelog_style style;
    struct patch_edit *items;
    size_t count, cap;
};

void patch_init(struct patch *patch, const struct changelog *log);
void patch_clear(struct patch *patch);

/* The text of a new edit, to be filled; valid until the next edit. */
struct buf *patch_at(struct patch *patch, size_t start, size_t end);

/* Appends the bytes with all edits made. */
void patch_apply(struct buf *out, struct patch *patch);

/*
 * Places entries into a section whose body counts from `from`; blank lines as the file has them. Those already there are left
 * out.
 */
void patch_place(struct patch *patch, const struct changelog_section *section, size_t from,
                 const struct changelog_addition *additions, size_t count);

/* Appends the entries as a new section's body: categories with their entries, no blank line around. */
void patch_write_body(struct buf *out, const struct patch *patch, const struct changelog_addition *additions,
                      size_t count);

/* End of the last line in [start, end) that is neither blank, link reference nor comment; start when there is none. */
size_t patch_content_end(const struct changelog *log, size_t start, size_t end);

/* ERROR_INVALID unless every addition has a category and text of one or more printable lines. */
int patch_check_additions(const struct changelog_addition *additions, size_t count, struct error *err) MUST_CHECK;

#endif
