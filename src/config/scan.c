#include "config/scan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/memory.h"

/* Where the scanner stands. `section` is "release" or "service.api", without the final dot. */
struct scanner {
    const char *at, *end;
    int line;
    struct buf section;
    struct scan *out;
};

static int peek(const struct scanner *s)
{
    return s->at < s->end ? (unsigned char)*s->at : -1;
}

static int next(struct scanner *s)
{
    int c = peek(s);
    if (c < 0)
        return -1;
    s->at++;
    if (c == '\n')
        s->line++;
    return c;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_blanks(struct scanner *s)
{
    while (is_blank(peek(s)))
        next(s);
}

static void skip_line(struct scanner *s)
{
    while (peek(s) >= 0 && peek(s) != '\n')
        next(s);
}

/* The part in quotes of [section "sub"], after the opening quote. */
static bool subsection(struct scanner *s)
{
    buf_addc(&s->section, '.');
    for (;;) {
        int c = next(s);
        if (c == '"')
            return true;
        if (c == '\\')
            c = next(s);
        if (c < 0 || c == '\n' || c == 0)
            return false;
        buf_addc(&s->section, (char)c);
    }
}

static bool header(struct scanner *s)
{
    buf_truncate(&s->section, 0);
    for (;;) {
        int c = next(s);
        if (c == ']')
            return s->section.len > 0;
        if (is_blank(c)) {
            skip_blanks(s);
            return next(s) == '"' && subsection(s) && (skip_blanks(s), next(s) == ']');
        }
        if (c < 0 || (!isalnum(c) && c != '-' && c != '.'))
            return false;
        buf_addc(&s->section, (char)tolower(c));
    }
}

/* One escape inside a value; a newline goes on with the next line. False for one that git refuses. */
static bool escape(struct scanner *s, struct buf *value)
{
    int c = next(s);
    if (c == '\r' && peek(s) == '\n')
        c = next(s);
    switch (c) {
    case '\n':
        return true;
    case 'n':
        buf_addc(value, '\n');
        return true;
    case 't':
        buf_addc(value, '\t');
        return true;
    case 'b':
        buf_addc(value, '\b');
        return true;
    case '"':
    case '\\':
        buf_addc(value, (char)c);
        return true;
    default:
        return false;
    }
}

/* The value after the equals sign, up to the end of its last line. */
static bool read_value(struct scanner *s, struct buf *value, bool *cut)
{
    bool quoted = false;
    size_t keep = 0; /* blanks after this point are dropped unless something follows */
    skip_blanks(s);
    for (;;) {
        int c = peek(s);
        if (c == '\n' || c < 0) {
            buf_truncate(value, keep);
            return !quoted;
        }
        next(s);
        if (!quoted && (c == '#' || c == ';')) {
            /* "a # b" is a comment as people write one; "a#b" and "fixes #12" were most likely meant as they stand. */
            *cut = value->len == keep || (peek(s) >= 0 && peek(s) != '\n' && !is_blank(peek(s)));
            skip_line(s);
            buf_truncate(value, keep);
            return true;
        }
        if (c == '"') {
            quoted = !quoted;
            keep = value->len;
            continue;
        }
        if (c == '\\') {
            if (!escape(s, value))
                return false;
            keep = value->len;
            continue;
        }
        if (c == 0)
            return false;
        buf_addc(value, (char)c);
        if (quoted || !is_blank(c))
            keep = value->len;
    }
}

static bool entry(struct scanner *s)
{
    struct buf name = {0}, value = {0};
    bool cut = false, fine = s->section.len > 0;
    int line = s->line;
    if (fine)
        buf_addf(&name, "%s.", buf_string(&s->section));
    while (isalnum(peek(s)) || peek(s) == '-')
        buf_addc(&name, (char)tolower(next(s)));
    skip_blanks(s);
    int c = peek(s);
    if (c == '=') {
        next(s);
        fine = fine && read_value(s, &value, &cut);
    } else if (c == '#' || c == ';') {
        skip_line(s);
    } else if (c >= 0 && c != '\n') {
        fine = false;
    }
    if (fine) {
        ARRAY_GROW(&s->out->items, &s->out->cap, s->out->count + 1);
        s->out->items[s->out->count++] = (struct scan_item){buf_take(&name), buf_take(&value), line, cut};
    }
    buf_clear(&name);
    buf_clear(&value);
    return fine;
}

void scan_config(struct scan *out, const char *bytes, size_t len)
{
    *out = (struct scan){0};
    struct scanner s = {.at = bytes, .end = bytes + len, .line = 1, .out = out};
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        s.at += 3;
    while (peek(&s) >= 0) {
        int line = s.line, c = peek(&s);
        bool fine = true;
        if (c == '\n' || is_blank(c)) {
            next(&s);
        } else if (c == '#' || c == ';') {
            skip_line(&s);
        } else if (c == '[') {
            next(&s);
            fine = header(&s);
        } else {
            fine = isalpha(c) && entry(&s);
        }
        if (!fine) {
            out->error_line = line;
            break;
        }
    }
    buf_clear(&s.section);
}

void scan_clear(struct scan *scan)
{
    for (size_t i = 0; i < scan->count; i++) {
        free(scan->items[i].name);
        free(scan->items[i].value);
    }
    free(scan->items);
    *scan = (struct scan){0};
}
