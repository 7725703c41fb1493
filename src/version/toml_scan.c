#include "version/toml_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LEVELS_MAX = 100 };

struct scanner {
    struct toml_scan *scan;
    const char *bytes;
    size_t len, at, line;
    struct buf path;
    const char *why;
};

static bool fail(struct scanner *s, const char *why)
{
    if (!s->why)
        s->why = why;
    return false;
}

static char peek(const struct scanner *s)
{
    return s->at < s->len ? s->bytes[s->at] : 0;
}

static bool take(struct scanner *s, const char *what)
{
    size_t len = strlen(what);
    if (s->len - s->at < len || memcmp(s->bytes + s->at, what, len) != 0)
        return false;
    s->at += len;
    return true;
}

static void skip_blanks(struct scanner *s)
{
    while (peek(s) == ' ' || peek(s) == '\t')
        s->at++;
}

/* A comment, if one begins here, up to the line's end. */
static void skip_comment(struct scanner *s)
{
    if (peek(s) == '#')
        while (s->at < s->len && s->bytes[s->at] != '\n')
            s->at++;
}

static bool take_line_end(struct scanner *s)
{
    if (!take(s, "\r\n") && !take(s, "\n"))
        return false;
    s->line++;
    return true;
}

/* Blanks, comments and line ends. */
static void skip_all(struct scanner *s)
{
    do {
        skip_blanks(s);
        skip_comment(s);
    } while (take_line_end(s));
}

static bool is_bare(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* A string that begins here; the range without its quotes. */
static bool take_string(struct scanner *s, struct range *out, enum toml_kind *kind)
{
    const char *multi = take(s, "\"\"\"") ? "\"\"\"" : take(s, "'''") ? "'''" : NULL;
    char quote = multi ? multi[0] : s->bytes[s->at++];
    *kind = multi ? TOML_MULTILINE : quote == '"' ? TOML_STRING : TOML_LITERAL;
    out->start = s->at;
    while (s->at < s->len) {
        out->end = s->at;
        if (multi && take(s, multi)) {
            /* Up to two quotes more belong to the text. */
            while (peek(s) == quote)
                out->end++, s->at++;
            return true;
        }
        if (!multi && peek(s) == quote) {
            s->at++;
            return true;
        }
        if (peek(s) == '\n') {
            if (!multi)
                break;
            s->line++;
        }
        s->at += quote == '"' && peek(s) == '\\' && s->at + 1 < s->len && s->bytes[s->at + 1] != '\n' ? 2 : 1;
        if (s->at > s->len)
            s->at = s->len;
    }
    return fail(s, "a string that never ends");
}

/* Appends one part of a path; a dot inside it becomes \x1e. Escapes in keys are not decoded: such a key is none we look for. */
static bool take_key_part(struct scanner *s)
{
    struct range part = {s->at, s->at};
    enum toml_kind kind;
    if (peek(s) == '"' || peek(s) == '\'') {
        if (!take_string(s, &part, &kind))
            return false;
        if (kind == TOML_MULTILINE)
            return fail(s, "a key of several lines");
    } else {
        while (is_bare(peek(s)))
            s->at++;
        part.end = s->at;
        if (part.end == part.start)
            return fail(s, "a key is missing");
    }
    if (s->path.len)
        buf_addc(&s->path, '.');
    for (size_t i = part.start; i < part.end; i++)
        buf_addc(&s->path, s->bytes[i] == '.' ? '\x1e' : s->bytes[i]);
    return true;
}

static bool take_key(struct scanner *s)
{
    do {
        skip_blanks(s);
        if (!take_key_part(s))
            return false;
        skip_blanks(s);
    } while (take(s, "."));
    return true;
}

static void add_value(struct scanner *s, enum toml_kind kind, struct range at, size_t line)
{
    struct toml_scan *scan = s->scan;
    ARRAY_GROW(&scan->values, &scan->cap, scan->count + 1);
    scan->values[scan->count++] = (struct toml_value){mem_string(buf_string(&s->path)), kind, at, line};
}

static bool take_value(struct scanner *s, int level);

static bool take_array(struct scanner *s, int level)
{
    size_t base = s->path.len;
    buf_adds(&s->path, "[]");
    for (;;) {
        skip_all(s);
        if (take(s, "]"))
            break;
        if (!take_value(s, level + 1))
            return false;
        skip_all(s);
        if (take(s, ","))
            continue;
        if (!take(s, "]"))
            return fail(s, "a comma or ] is missing");
        break;
    }
    buf_truncate(&s->path, base);
    return true;
}

static bool take_pair(struct scanner *s, int level)
{
    size_t base = s->path.len;
    if (!take_key(s))
        return false;
    if (!take(s, "="))
        return fail(s, "an = is missing");
    skip_blanks(s);
    if (!take_value(s, level))
        return false;
    buf_truncate(&s->path, base);
    return true;
}

static bool take_inline_table(struct scanner *s, int level)
{
    skip_blanks(s);
    if (take(s, "}"))
        return true;
    do {
        skip_blanks(s);
        if (!take_pair(s, level + 1))
            return false;
        skip_blanks(s);
    } while (take(s, ","));
    return take(s, "}") || fail(s, "a comma or } is missing");
}

static bool take_value(struct scanner *s, int level)
{
    size_t line = s->line;
    struct range at = {s->at, s->at};
    enum toml_kind kind = TOML_OTHER;
    if (level > LEVELS_MAX)
        return fail(s, "it is nested too deep");
    if (take(s, "["))
        return take_array(s, level);
    if (take(s, "{"))
        return take_inline_table(s, level);
    if (peek(s) == '"' || peek(s) == '\'') {
        if (!take_string(s, &at, &kind))
            return false;
    } else {
        while (s->at < s->len && !strchr(",]}#\r\n", s->bytes[s->at]) && s->bytes[s->at])
            s->at++;
        at.end = s->at;
        while (at.end > at.start && (s->bytes[at.end - 1] == ' ' || s->bytes[at.end - 1] == '\t'))
            at.end--;
        if (at.end == at.start)
            return fail(s, "a value is missing");
    }
    add_value(s, kind, at, line);
    return true;
}

/* [table] and [[table]]: the path of what follows. */
static bool take_header(struct scanner *s)
{
    bool array = take(s, "[[");
    if (!array)
        s->at++;
    buf_truncate(&s->path, 0);
    if (!take_key(s))
        return false;
    if (array)
        buf_adds(&s->path, "[]");
    return take(s, array ? "]]" : "]") || fail(s, "a ] is missing");
}

static bool take_lines(struct scanner *s)
{
    for (;;) {
        skip_all(s);
        if (s->at >= s->len)
            return true;
        if (peek(s) == '[' ? !take_header(s) : !take_pair(s, 1))
            return false;
        skip_blanks(s);
        skip_comment(s);
        if (s->at < s->len && !take_line_end(s))
            return fail(s, "something follows the value");
    }
}

int toml_scan(struct toml_scan *out, const char *bytes, size_t len, struct error *err)
{
    struct toml_scan scan = {.bytes = bytes, .len = len};
    struct scanner s = {.scan = &scan, .bytes = bytes, .len = len, .line = 1};
    *out = (struct toml_scan){0};
    bool ok = true;
    for (size_t i = 0; i < len && ok;) {
        size_t step = bytes[i] ? span_utf8_step((struct span){bytes + i, len - i}) : 0;
        if (!step)
            ok = fail(&s, "bytes that are not UTF-8");
        s.line += bytes[i] == '\n';
        i += step;
    }
    if (ok) {
        s.line = 1;
        ok = take_lines(&s);
    }
    buf_clear(&s.path);
    if (ok) {
        *out = scan;
        return 0;
    }
    toml_scan_clear(&scan);
    error_set(err, ERROR_INVALID, "It is no TOML that can be edited");
    error_why(err, "line %zu: %s", s.line, s.why);
    return error_todo(err, "Correct the file");
}

void toml_scan_clear(struct toml_scan *scan)
{
    for (size_t i = 0; i < scan->count; i++)
        free(scan->values[i].path);
    free(scan->values);
    *scan = (struct toml_scan){0};
}
