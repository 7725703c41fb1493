#include "version/json_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { LEVELS_MAX = 512 };

struct scanner {
    struct json_scan *scan;
    const char *bytes;
    size_t len, at, line;
    const char *why;
};

static bool fail(struct scanner *s, const char *why)
{
    if (!s->why)
        s->why = why;
    return false;
}

static void skip_blanks(struct scanner *s)
{
    for (; s->at < s->len && memchr(" \t\r\n", s->bytes[s->at], 4); s->at++)
        s->line += s->bytes[s->at] == '\n';
}

static bool take(struct scanner *s, char c)
{
    if (s->at >= s->len || s->bytes[s->at] != c)
        return false;
    s->at++;
    return true;
}

/* Four hex digits. */
static bool take_hex(struct scanner *s, unsigned *out)
{
    *out = 0;
    if (s->len - s->at < 4)
        return fail(s, "an escape that is cut off");
    for (int i = 0; i < 4; i++) {
        char c = s->bytes[s->at++];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                         : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                                : 16;
        if (digit > 15)
            return fail(s, "an escape that is none");
        *out = *out * 16 + digit;
    }
    return true;
}

static void add_utf8(struct buf *out, unsigned c)
{
    if (c < 0x80) {
        buf_addc(out, (char)c);
    } else if (c < 0x800) {
        buf_addc(out, (char)(0xc0 | c >> 6));
        buf_addc(out, (char)(0x80 | (c & 0x3f)));
    } else {
        buf_addc(out, (char)(c < 0x10000 ? 0xe0 | c >> 12 : 0xf0 | c >> 18));
        if (c >= 0x10000)
            buf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
        buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_addc(out, (char)(0x80 | (c & 0x3f)));
    }
}

static bool take_escape(struct scanner *s, struct buf *decoded)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char c = s->at < s->len ? s->bytes[s->at++] : 0;
    const char *name = c ? strchr(names, c) : NULL;
    unsigned code, low;
    if (name) {
        if (decoded)
            buf_addc(decoded, values[name - names]);
        return true;
    }
    if (c != 'u')
        return fail(s, "an escape that is none");
    if (!take_hex(s, &code))
        return false;
    if (code >= 0xd800 && code < 0xe000) {
        if (code >= 0xdc00 || !take(s, '\\') || !take(s, 'u') || !take_hex(s, &low) || low < 0xdc00 || low > 0xdfff)
            return fail(s, "half of a surrogate pair");
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
    }
    if (decoded)
        add_utf8(decoded, code);
    return true;
}

/* After the opening quote; the range is without quotes. What it says is appended to `decoded`, unless NULL. */
static bool take_string(struct scanner *s, struct range *out, struct buf *decoded)
{
    out->start = s->at;
    while (s->at < s->len && s->bytes[s->at] != '"') {
        if ((unsigned char)s->bytes[s->at] < ' ')
            return fail(s, "a control character or line end in a string");
        if (s->bytes[s->at] == '\\') {
            s->at++;
            if (!take_escape(s, decoded))
                return false;
            continue;
        }
        size_t step = span_utf8_step((struct span){s->bytes + s->at, s->len - s->at});
        if (!step)
            return fail(s, "bytes that are not UTF-8");
        if (decoded)
            buf_add(decoded, s->bytes + s->at, step);
        s->at += step;
    }
    out->end = s->at;
    return take(s, '"') || fail(s, "a string that never ends");
}

static size_t digits(struct scanner *s)
{
    size_t start = s->at;
    while (s->at < s->len && s->bytes[s->at] >= '0' && s->bytes[s->at] <= '9')
        s->at++;
    return s->at - start;
}

static bool take_number(struct scanner *s)
{
    take(s, '-');
    bool zero = s->at < s->len && s->bytes[s->at] == '0';
    size_t n = digits(s);
    if (!n || (zero && n > 1))
        return fail(s, "a value that is none");
    if (take(s, '.') && !digits(s))
        return fail(s, "a number without digits after its point");
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+'))
            take(s, '-');
        if (!digits(s))
            return fail(s, "a number without digits in its exponent");
    }
    return true;
}

static bool take_word(struct scanner *s)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < COUNT(words); i++) {
        size_t len = strlen(words[i]);
        if (s->len - s->at >= len && memcmp(s->bytes + s->at, words[i], len) == 0) {
            s->at += len;
            return true;
        }
    }
    return fail(s, "a value that is none");
}

static bool take_value(struct scanner *s, struct range key, size_t parent, int level);

static bool take_members(struct scanner *s, size_t self, bool object, int level)
{
    char close = object ? '}' : ']';
    skip_blanks(s);
    if (take(s, close))
        return true;
    do {
        struct range key = {s->scan->keys.len, s->scan->keys.len}, raw;
        skip_blanks(s);
        if (object) {
            if (!take(s, '"'))
                return fail(s, "a key in quotes is missing");
            if (!take_string(s, &raw, &s->scan->keys))
                return false;
            key.end = s->scan->keys.len;
            skip_blanks(s);
            if (!take(s, ':'))
                return fail(s, "a colon is missing");
            skip_blanks(s);
        }
        if (!take_value(s, key, self, level + 1))
            return false;
        skip_blanks(s);
    } while (take(s, ','));
    return take(s, close) || fail(s, object ? "a comma or } is missing" : "a comma or ] is missing");
}

static bool take_value(struct scanner *s, struct range key, size_t parent, int level)
{
    struct json_scan *scan = s->scan;
    if (level > LEVELS_MAX)
        return fail(s, "it is nested too deep");
    ARRAY_GROW(&scan->nodes, &scan->cap, scan->count + 1);
    size_t self = scan->count++;
    struct json_node node = {.key = key, .parent = parent, .line = s->line, .at = {s->at, s->at}};
    char c = s->at < s->len ? s->bytes[s->at] : 0;
    scan->nodes[self] = node;
    bool ok;
    if (c == '{' || c == '[') {
        node.kind = c == '{' ? SCAN_OBJECT : SCAN_ARRAY;
        s->at++;
        ok = take_members(s, self, c == '{', level);
        node.at.end = s->at;
    } else if (c == '"') {
        node.kind = SCAN_STRING;
        s->at++;
        ok = take_string(s, &node.at, NULL);
    } else {
        bool number = c == '-' || (c >= '0' && c <= '9');
        node.kind = number ? SCAN_NUMBER : SCAN_WORD;
        ok = number ? take_number(s) : take_word(s);
        node.at.end = s->at;
    }
    scan->nodes[self] = node;
    return ok;
}

static int compare_keys(const struct json_scan *scan, size_t i, size_t j)
{
    const struct json_node *a = &scan->nodes[i], *b = &scan->nodes[j];
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    size_t a_len = a->key.end - a->key.start, b_len = b->key.end - b->key.start;
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    return a_len ? memcmp(scan->keys.bytes + a->key.start, scan->keys.bytes + b->key.start, a_len) : 0;
}

static int by_key(const void *a, const void *b, void *scan)
{
    const size_t *i = a, *j = b;
    int order = compare_keys(scan, *i, *j);
    return order ? order : (*i > *j) - (*i < *j);
}

/* The line of the second of two equal keys of an object; 0 when there are none. */
static size_t find_duplicate(struct json_scan *scan)
{
    size_t *order = mem_array(scan->count, sizeof(*order)), count = 0, line = 0;
    for (size_t i = 1; i < scan->count; i++)
        if (scan->nodes[scan->nodes[i].parent].kind == SCAN_OBJECT)
            order[count++] = i;
    if (count)
        qsort_r(order, count, sizeof(*order), by_key, scan);
    for (size_t i = 1; i < count && !line; i++)
        if (compare_keys(scan, order[i - 1], order[i]) == 0)
            line = scan->nodes[order[i]].line;
    free(order);
    return line;
}

int json_scan(struct json_scan *out, const char *bytes, size_t len, struct error *err)
{
    struct json_scan scan = {.bytes = bytes, .len = len};
    struct scanner s = {.scan = &scan, .bytes = bytes, .len = len, .line = 1};
    *out = (struct json_scan){0};
    skip_blanks(&s);
    bool ok = s.at < len && (bytes[s.at] == '{' || bytes[s.at] == '[') ? take_value(&s, (struct range){0, 0}, 0, 1)
                                                                       : fail(&s, "no object or array begins here");
    skip_blanks(&s);
    if (ok && s.at < len)
        ok = fail(&s, "something follows the end");
    size_t duplicate = ok ? find_duplicate(&scan) : 0;
    if (ok && !duplicate) {
        *out = scan;
        return 0;
    }
    json_scan_clear(&scan);
    error_set(err, ERROR_INVALID, "It is no JSON that can be edited");
    error_why(err, "line %zu: %s", duplicate ? duplicate : s.line,
              duplicate ? "a key that stood there already" : s.why);
    return error_todo(err, "Correct the file");
}

void json_scan_clear(struct json_scan *scan)
{
    buf_clear(&scan->keys);
    free(scan->nodes);
    *scan = (struct json_scan){0};
}

const struct json_node *json_scan_member(const struct json_scan *scan, const struct json_node *parent,
                                         const char *key)
{
    if (!parent || parent->kind != SCAN_OBJECT)
        return NULL;
    size_t self = (size_t)(parent - scan->nodes);
    for (size_t i = self + 1; i < scan->count && scan->nodes[i].at.start < parent->at.end; i++) {
        const struct json_node *node = &scan->nodes[i];
        struct span name = {buf_string(&scan->keys) + node->key.start, node->key.end - node->key.start};
        if (node->parent == self && span_equal(name, key))
            return node;
    }
    return NULL;
}
