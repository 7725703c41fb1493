#include "version/changelog_line.h"

#include <stdint.h>
#include <string.h>

static int refuse(struct error *err, size_t line, const char *why, const char *todo)
{
    error_set(err, ERROR_INVALID, "The changelog is not understood");
    error_why(err, "line %zu: %s", line, why);
    return error_todo(err, "%s", todo);
}

int lines_begin(struct lines *lines, const char *bytes, size_t len, struct error *err)
{
    size_t number = 1;
    for (size_t i = 0; i < len;) {
        if (bytes[i] == '\n')
            number++;
        if (bytes[i] == 0)
            return refuse(err, number, "a NUL byte", "Is this a text file? Remove the byte");
        if (bytes[i] == '\r' && (i + 1 == len || bytes[i + 1] != '\n'))
            return refuse(err, number, "a carriage return that ends no line", "Let its lines end in \\n or \\r\\n");
        size_t step = span_utf8_step((struct span){bytes + i, len - i});
        if (!step)
            return refuse(err, number, "bytes that are not UTF-8", "Convert the file to UTF-8");
        i += step;
    }
    *lines = (struct lines){.bytes = bytes, .len = len};
    /* A byte order mark belongs to no line. */
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        lines->at = 3;
    return 0;
}

static void measure(struct line *line, const char *bytes)
{
    size_t at = line->text.start;
    for (; at < line->text.end && (bytes[at] == ' ' || bytes[at] == '\t'); at++)
        line->indent = bytes[at] == '\t' ? line->indent / 4 * 4 + 4 : line->indent + 1;
    line->text.start = at;
    while (line->text.end > at && (bytes[line->text.end - 1] == ' ' || bytes[line->text.end - 1] == '\t'))
        line->text.end--;
}

static size_t run_of(const char *bytes, struct range in, char c)
{
    size_t n = 0;
    while (in.start + n < in.end && bytes[in.start + n] == c)
        n++;
    return n;
}

/* After the marker of a bullet or number and the blanks behind it; in.start when there is no marker. */
static size_t after_marker(const char *bytes, struct range in)
{
    size_t at = in.start;
    if (at < in.end && (bytes[at] == '-' || bytes[at] == '*' || bytes[at] == '+'))
        at++;
    else {
        while (at < in.end && at - in.start < 9 && bytes[at] >= '0' && bytes[at] <= '9')
            at++;
        if (at == in.start || at >= in.end || (bytes[at] != '.' && bytes[at] != ')'))
            return in.start;
        at++;
    }
    if (at < in.end && bytes[at] != ' ' && bytes[at] != '\t')
        return in.start;
    while (at < in.end && (bytes[at] == ' ' || bytes[at] == '\t'))
        at++;
    return at;
}

/* Three or more of - * _ with blanks between, or = for an underline. */
static bool is_rule(const char *bytes, struct range in, const char *of)
{
    size_t n = 0;
    if (in.start == in.end || !strchr(of, bytes[in.start]))
        return false;
    for (size_t i = in.start; i < in.end; i++) {
        if (bytes[i] == bytes[in.start])
            n++;
        else if (bytes[i] != ' ' && bytes[i] != '\t')
            return false;
    }
    return n >= 3 || (n >= 1 && bytes[in.start] == '=');
}

static bool opens_fence(struct lines *lines, struct line *line)
{
    struct range in = line->text;
    size_t marker = after_marker(lines->bytes, in);
    in.start = marker;
    if (in.start == in.end)
        return false;
    char c = lines->bytes[in.start];
    size_t n = c == '`' || c == '~' ? run_of(lines->bytes, in, c) : 0;
    if (n < 3 || (c == '`' && memchr(lines->bytes + in.start + n, '`', in.end - in.start - n)))
        return false;
    lines->fence = c;
    lines->fence_len = n;
    lines->fence_indent = line->indent + (marker - line->text.start);
    lines->opened = line->number;
    return true;
}

static bool closes_fence(const struct lines *lines, const struct line *line)
{
    size_t n = run_of(lines->bytes, line->text, lines->fence);
    return n >= lines->fence_len && line->text.start + n == line->text.end;
}

/* What ends the HTML that begins with this line (CommonMark 4.6, those kinds that changelogs have); NULL: none begins. */
static const char *html_start(struct span text)
{
    static const char *const verbatim[][2] = {
        {"<!--", "-->"}, {"<pre", "</pre>"}, {"<script", "</script>"}, {"<style", "</style>"}};
    static const char *const blocks[] = {"details", "summary", "div",        "p",       "table", "tr",
                                         "td",      "ul",      "ol",         "li",      "h1",    "h2",
                                         "h3",      "center",  "blockquote", "section", "br"};
    for (size_t i = 0; i < COUNT(verbatim); i++)
        if (span_starts_case(text, verbatim[i][0]))
            return verbatim[i][1];
    if (text.len < 2 || text.bytes[0] != '<')
        return NULL;
    struct span name = span_from(text, text.bytes[1] == '/' ? 2 : 1);
    for (size_t i = 0; i < COUNT(blocks); i++) {
        size_t len = strlen(blocks[i]);
        if (span_starts_case(name, blocks[i]) && (name.len == len || strchr(" \t>/", name.bytes[len])))
            return "";
    }
    return NULL;
}

static bool ends_html(struct span text, const char *end)
{
    size_t len = strlen(end);
    if (!len)
        return text.len == 0;
    for (size_t i = 0; i + len <= text.len; i++)
        if (span_starts_case(span_from(text, i), end))
            return true;
    return false;
}

static bool is_heading(struct line *line, const char *bytes, bool in_list)
{
    size_t level = run_of(bytes, line->text, '#');
    size_t at = line->text.start + level;
    /* Inside a list item it is the item's own heading. */
    if (line->indent > 3 || (in_list && line->indent >= 2) || level < 1 || level > 6 ||
        (at < line->text.end && bytes[at] != ' ' && bytes[at] != '\t'))
        return false;
    struct range text = {at, line->text.end};
    while (text.start < text.end && (bytes[text.start] == ' ' || bytes[text.start] == '\t'))
        text.start++;
    /* "## 1.2.0 ##": hashes at the end count when a blank stands before them. */
    size_t end = text.end;
    while (end > text.start && bytes[end - 1] == '#')
        end--;
    if (end < text.end && (end == text.start || bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
        text.end = end;
    while (text.end > text.start && (bytes[text.end - 1] == ' ' || bytes[text.end - 1] == '\t'))
        text.end--;
    line->level = (int)level;
    line->text = text;
    return true;
}

static bool is_reference(const struct line *line, const char *bytes)
{
    struct span text = {bytes + line->text.start, line->text.end - line->text.start};
    const char *colon = text.len && text.bytes[0] == '[' ? memmem(text.bytes, text.len, "]:", 2) : NULL;
    return line->indent <= 3 && colon && colon > text.bytes + 1 && text.bytes[1] != '^' &&
           span_trim(span_from(text, (size_t)(colon - text.bytes) + 2)).len > 0;
}

static void classify(struct lines *lines, struct line *line)
{
    const char *bytes = lines->bytes;
    struct span text = {bytes + line->text.start, line->text.end - line->text.start};
    size_t marker;
    if (!text.len) {
        line->kind = LINE_BLANK;
        return;
    }
    bool code = line->indent > 3 && !lines->in_list;
    const char *html = line->indent <= 3 ? html_start(text) : NULL;
    line->kind = LINE_TEXT;
    if (!code && opens_fence(lines, line)) {
        line->kind = LINE_CODE;
    } else if (html) {
        line->kind = *html == '-' ? LINE_COMMENT : LINE_CODE;
        lines->opened = line->number;
        if (!*html || !ends_html(span_from(text, *html == '-' ? 4 : 0), html))
            lines->html_end = html;
    } else if (is_heading(line, bytes, lines->in_list)) {
        line->kind = LINE_HEADING;
        lines->in_list = false;
    } else if (line->indent <= 3 && is_rule(bytes, line->text, "-=*_")) {
        line->kind = LINE_UNDERLINE;
        lines->in_list = false;
    } else if (!code && (marker = after_marker(bytes, line->text)) > line->text.start) {
        line->kind = LINE_BULLET;
        line->text.start = marker;
        lines->in_list = true;
    } else if (is_reference(line, bytes)) {
        line->kind = LINE_REFERENCE;
    } else if (line->indent == 0) {
        lines->in_list = false;
    }
}

int lines_next(struct line *out, struct lines *lines, struct error *err)
{
    if (lines->at >= lines->len) {
        if (lines->fence)
            return refuse(err, lines->opened, "a fence that never ends", "Close it with the same marks");
        if (lines->html_end && *lines->html_end)
            return refuse(err, lines->opened, "a comment or HTML that never ends", "Close it");
        return 0;
    }
    const char *start = lines->bytes + lines->at, *end = memchr(start, '\n', lines->len - lines->at);
    size_t stop = end ? (size_t)(end - lines->bytes) + 1 : lines->len;
    *out = (struct line){.kind = LINE_CODE, .range = {lines->at, stop}, .number = ++lines->number};
    out->text = (struct range){lines->at, stop - (end != NULL)};
    if (out->text.end > out->text.start && lines->bytes[out->text.end - 1] == '\r') {
        out->text.end--;
        out->crlf = true;
    }
    lines->at = stop;
    measure(out, lines->bytes);
    struct span text = {lines->bytes + out->text.start, out->text.end - out->text.start};
    if (lines->fence) {
        /* A fence inside a list item ends with the item; a heading at the margin shows that it did. */
        if (closes_fence(lines, out))
            lines->fence = 0;
        else if (lines->fence_indent >= 2 && out->indent == 0 && text.len > 2 && text.bytes[0] == '#' &&
                 is_heading(out, lines->bytes, false))
            return refuse(err, lines->opened, "a fence in a list that is not closed before the next heading",
                          "Close it with the same marks");
    } else if (lines->html_end) {
        if (*lines->html_end == '-')
            out->kind = LINE_COMMENT;
        if (ends_html(text, lines->html_end)) {
            lines->html_end = NULL;
            if (!text.len)
                out->kind = LINE_BLANK;
        }
    } else {
        classify(lines, out);
    }
    return 1;
}
