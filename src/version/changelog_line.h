/*
 * The lines of a changelog as Markdown sees them, one after another: which are headings, bullets, references, and which
 * only look so because they stand in a fence, a comment or other HTML. Used by version/changelog.c.
 */
#ifndef SIGNALBOX_VERSION_CHANGELOG_LINE_H
#define SIGNALBOX_VERSION_CHANGELOG_LINE_H

#include "base/error.h"
#include "version/span.h"

enum line_kind {
    LINE_BLANK,
    LINE_TEXT,
    LINE_HEADING,
    LINE_UNDERLINE, /* --- or ===, which makes a heading of a paragraph before it */
    LINE_BULLET,
    LINE_REFERENCE,
    LINE_CODE,    /* in a fence or HTML block, its first and last lines too */
    LINE_COMMENT, /* in <!-- -->, its first and last lines too */
};

struct line {
    enum line_kind kind;
    struct range range; /* with the line end */
    struct range text;  /* of a heading or bullet: what it says; else the line without its end and indentation */
    size_t number;
    size_t indent; /* columns before the first character; a tab counts to the next multiple of 4 */
    int level;     /* of a heading */
    bool crlf;
};

struct lines {
    const char *bytes;
    size_t len, at, number;
    /* What the next line stands in. */
    char fence;                             /* '`' or '~', 0: none */
    size_t fence_len, fence_indent, opened; /* opened: the line where fence or HTML began */
    const char *html_end;                   /* the text that ends it; "" a blank line; NULL: none */
    bool in_list;
};

/* Checks the bytes (UTF-8, no NUL, no bare carriage return) and starts before the first line. */
int lines_begin(struct lines *lines, const char *bytes, size_t len, struct error *err) MUST_CHECK;

/* 1 with the next line, 0 at the end, -1 when a fence or comment never ends. */
int lines_next(struct line *out, struct lines *lines, struct error *err) MUST_CHECK;

#endif
