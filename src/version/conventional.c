#include "version/conventional.h"

#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/memory.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_token(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '/' || c == '.';
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Cuts the first line off *rest, without its end; \r\n counts as \n. */
static struct span take_line(struct span *rest)
{
    const char *end = rest->len ? memchr(rest->bytes, '\n', rest->len) : NULL;
    struct span line = {rest->bytes, end ? (size_t)(end - rest->bytes) : rest->len};
    *rest = span_from(*rest, line.len + (end != NULL));
    if (line.len && line.bytes[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* type(scope)!: description. The space after the colon is asked for by the rules, but many leave it out. */
static bool parse_header(struct conventional *out, struct span line)
{
    size_t at = 0;
    while (at < line.len && is_token(line.bytes[at]))
        at++;
    struct span type = {line.bytes, at}, scope = {0};
    if (!at || !is_letter(line.bytes[0]))
        return false;
    if (at < line.len && line.bytes[at] == '(') {
        size_t start = ++at;
        while (at < line.len && line.bytes[at] != ')' && line.bytes[at] != '(')
            at++;
        if (at >= line.len || line.bytes[at] != ')' || at == start)
            return false;
        scope = (struct span){line.bytes + start, at - start};
        at++;
    }
    bool bang = at < line.len && line.bytes[at] == '!';
    at += bang;
    if (at >= line.len || line.bytes[at] != ':')
        return false;
    struct span description = span_trim(span_from(line, at + 1));
    bool spaced = at + 1 < line.len && (line.bytes[at + 1] == ' ' || line.bytes[at + 1] == '\t');
    /* "http://x" and "std::string" are no types. */
    if (!description.len || (!spaced && (description.bytes[0] == '/' || description.bytes[0] == ':')))
        return false;
    out->type = type;
    out->scope = scope;
    out->bang = bang;
    out->description = description;
    return true;
}

/* "Token: value" or "Token #value" at the start of a line; the offset of the value, 0 when it is no footer. */
static size_t footer_start(struct span line, struct span *token)
{
    static const char *const breaking[] = {"BREAKING CHANGE", "BREAKING-CHANGE"};
    size_t at = 0;
    for (size_t i = 0; i < COUNT(breaking) && !at; i++) {
        size_t len = strlen(breaking[i]);
        if (line.len > len && memcmp(line.bytes, breaking[i], len) == 0)
            at = len;
    }
    if (!at) {
        while (at < line.len && (is_letter(line.bytes[at]) || line.bytes[at] == '-' ||
                                 (line.bytes[at] >= '0' && line.bytes[at] <= '9')))
            at++;
        if (!at)
            return 0;
    }
    *token = (struct span){line.bytes, at};
    if (at + 1 < line.len && line.bytes[at] == ':' && (line.bytes[at + 1] == ' ' || line.bytes[at + 1] == '\t'))
        return at + 2;
    if (at + 1 == line.len && line.bytes[at] == ':' && span_starts_case(line, "BREAKING"))
        return at + 1;
    if (at + 2 < line.len && line.bytes[at] == ' ' && line.bytes[at + 1] == '#')
        return at + 1;
    return 0;
}

static bool is_breaking_token(struct span token)
{
    return span_equal(token, "BREAKING CHANGE") || span_equal(token, "BREAKING-CHANGE");
}

static void add_footer(struct conventional *out, struct span token, struct span value)
{
    ARRAY_GROW(&out->footers, &out->footer_cap, out->footer_count + 1);
    out->footers[out->footer_count++] = (struct commit_footer){token, value};
}

/*
 * Footers are the last paragraph when its first line is one; a breaking footer may stand in any paragraph, because people
 * put it there, and passing over one would release a broken promise as a patch.
 */
static void parse_footers(struct conventional *out, struct span rest)
{
    struct span body = rest, line, token;
    bool after_blank = true, inside = false;
    const char *body_end = NULL;
    for (struct span left = rest; left.len;) {
        line = take_line(&left);
        bool blank = span_trim(line).len == 0;
        size_t value = blank ? 0 : footer_start(line, &token);
        if (value && (inside || after_blank || is_breaking_token(token))) {
            if (!body_end)
                body_end = line.bytes;
            add_footer(out, token, span_from(line, value));
            inside = true;
        } else if (!blank && inside &&
                   (!after_blank || is_breaking_token(out->footers[out->footer_count - 1].token))) {
            struct commit_footer *last = &out->footers[out->footer_count - 1];
            last->value.len = (size_t)(line.bytes + line.len - last->value.bytes);
        } else if (!blank && inside) {
            /* Text goes on after what looked like footers: those paragraphs were body, a breaking one apart. */
            size_t kept = 0;
            for (size_t i = 0; i < out->footer_count; i++)
                if (is_breaking_token(out->footers[i].token))
                    out->footers[kept++] = out->footers[i];
            out->footer_count = kept;
            inside = false;
            if (!kept)
                body_end = NULL;
        }
        after_blank = blank;
    }
    if (body_end)
        body.len = (size_t)(body_end - body.bytes);
    out->body = span_trim(body);
    for (size_t i = 0; i < out->footer_count; i++)
        out->footers[i].value = span_trim(out->footers[i].value);
}

static const char *find(struct span in, const char *what)
{
    return in.len ? memmem(in.bytes, in.len, what, strlen(what)) : NULL;
}

static void find_reverted(struct conventional *out, struct span message)
{
    static const char words[] = "This reverts commit ";
    const char *at = find(message, words);
    if (!at)
        return;
    struct span id = {at + strlen(words), 0};
    const char *end = message.bytes + message.len;
    while (id.bytes + id.len < end && is_hex(id.bytes[id.len]) && id.len < 64)
        id.len++;
    if (id.len >= 7)
        out->reverts = id;
}

static bool is_merge(struct span subject)
{
    static const char *const starts[] = {"Merge branch ", "Merge branches ", "Merge pull request ",
                                         "Merge remote-", "Merge tag ",      "Merge commit ",
                                         "Merged in ",    "Merge remote ",   "Merge tags "};
    for (size_t i = 0; i < COUNT(starts); i++)
        if (span_starts_case(subject, starts[i]))
            return true;
    return false;
}

void conventional_parse(struct conventional *out, const char *message, size_t len)
{
    *out = (struct conventional){0};
    struct span rest = {message, len}, whole = rest;
    do
        out->subject = span_trim(take_line(&rest));
    while (!out->subject.len && rest.len);
    out->description = out->subject;
    if (is_merge(out->subject)) {
        out->shape = COMMIT_MERGE;
        out->body = span_trim(rest);
        struct span title = rest;
        for (struct span line = {0}; title.len && !line.len;)
            if ((line = span_trim(take_line(&title))).len)
                out->description = line;
        return;
    }
    if (parse_header(out, out->subject))
        out->shape = span_equal_case(out->type, "revert") ? COMMIT_REVERT : COMMIT_CONVENTIONAL;
    else if (span_starts_case(out->subject, "Revert \""))
        out->shape = COMMIT_REVERT;
    parse_footers(out, rest);
    find_reverted(out, whole);
    out->breaking = out->bang;
    if (out->bang)
        out->breaking_words = out->description;
    for (size_t i = 0; i < out->footer_count; i++)
        if (is_breaking_token(out->footers[i].token)) {
            out->breaking = true;
            if (out->footers[i].value.len)
                out->breaking_words = out->footers[i].value;
        }
    if (out->breaking && !out->breaking_words.bytes)
        out->breaking_words = out->description;
}

void conventional_clear(struct conventional *commit)
{
    free(commit->footers);
    *commit = (struct conventional){0};
}
