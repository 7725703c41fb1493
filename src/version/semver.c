#include "version/semver.h"

#include <stdlib.h>
#include <string.h>

enum { DIGITS_CACHED = 19 }; /* any number of 19 digits fits in 64 bits and is below UINT64_MAX */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}

/* A number without leading zeros at text[at]; its end, or 0 when there is none. */
static size_t scan_number(uint64_t *out, const char *text, size_t len, size_t at)
{
    size_t end = at;
    uint64_t value = 0;
    for (; end < len && is_digit(text[end]); end++)
        if (end - at < DIGITS_CACHED)
            value = value * 10 + (uint64_t)(text[end] - '0');
    if (end == at || (text[at] == '0' && end - at > 1))
        return 0;
    *out = end - at > DIGITS_CACHED ? UINT64_MAX : value;
    return end;
}

/* Identifiers with dots between, from `at`; the end, or 0. Leading zeros of numbers are refused when `strict`. */
static size_t scan_identifiers(const char *text, size_t len, size_t at, bool strict)
{
    for (;;) {
        size_t start = at;
        bool number = true;
        for (; at < len && is_word(text[at]); at++)
            number = number && is_digit(text[at]);
        if (at == start || (strict && number && text[start] == '0' && at - start > 1))
            return 0;
        if (at >= len || text[at] != '.')
            return at;
        at++;
    }
}

/* Where parsing stopped being possible comes back in *wrong, with a reason. */
static const char *parse(struct semver *out, const char *text, size_t len, size_t *wrong)
{
    static const char *const names[3] = {"the major number", "the minor number", "the patch number"};
    struct semver v = {.text = text, .len = (uint32_t)len};
    size_t at = 0;
    *wrong = 0;
    if (len > (size_t)1 << 31)
        return "it is too long";
    for (int i = 0; i < 3; i++) {
        *wrong = at;
        if (i == 1)
            v.minor_at = (uint32_t)at;
        if (i == 2)
            v.patch_at = (uint32_t)at;
        size_t end = scan_number(&v.number[i], text, len, at);
        if (!end)
            return names[i];
        at = *wrong = end;
        if (i < 2 && (at >= len || text[at++] != '.'))
            return "three numbers with dots between are needed";
    }
    v.core_len = v.pre_end = (uint32_t)at;
    if (at < len && text[at] == '-') {
        *wrong = at + 1;
        at = scan_identifiers(text, len, at + 1, true);
        if (!at)
            return "the prerelease";
        v.pre_end = (uint32_t)at;
    }
    if (at < len && text[at] == '+') {
        *wrong = at + 1;
        at = scan_identifiers(text, len, at + 1, false);
        if (!at)
            return "the build metadata";
    }
    *wrong = at;
    if (at != len)
        return "nothing may follow";
    *out = v;
    return NULL;
}

bool semver_parse(struct semver *out, const char *text, size_t len)
{
    size_t wrong;
    return parse(out, text, len, &wrong) == NULL;
}

bool semver_parse_string(struct semver *out, const char *string)
{
    return semver_parse(out, string, strlen(string));
}

int semver_read(struct semver *out, const char *text, size_t len, struct error *err)
{
    size_t wrong;
    const char *why = parse(out, text, len, &wrong);
    if (!why)
        return 0;
    int shown = len > 80 ? 80 : (int)len;
    error_set(err, ERROR_INVALID, "“%.*s%s” is no version", shown, text, len > 80 ? "…" : "");
    error_why(err, "at character %zu: %s%s", wrong + 1, why,
              wrong < len && is_digit(text[wrong]) && text[wrong] == '0' ? " has a leading zero" : "");
    return error_todo(err, "Write it as SemVer does: 1.2.3 or 1.3.0-beta.1");
}

/* Two numbers without leading zeros, of any length. */
static int compare_numbers(const char *a, size_t a_len, const char *b, size_t b_len)
{
    if (a_len != b_len)
        return a_len < b_len ? -1 : 1;
    return memcmp(a, b, a_len);
}

static size_t number_end(const struct semver *v, int i)
{
    return i == 0 ? v->minor_at - 1 : i == 1 ? v->patch_at - 1 : v->core_len;
}

static size_t number_start(const struct semver *v, int i)
{
    return i == 0 ? 0 : i == 1 ? v->minor_at : v->patch_at;
}

static size_t identifier_end(const char *text, size_t at, size_t end, bool *number)
{
    *number = true;
    for (; at < end && text[at] != '.'; at++)
        *number = *number && is_digit(text[at]);
    return at;
}

static int compare_prereleases(const struct semver *a, const struct semver *b)
{
    size_t i = a->core_len + 1, j = b->core_len + 1;
    for (;;) {
        bool a_number, b_number;
        size_t a_end = identifier_end(a->text, i, a->pre_end, &a_number);
        size_t b_end = identifier_end(b->text, j, b->pre_end, &b_number);
        size_t a_len = a_end - i, b_len = b_end - j;
        int order;
        if (a_number && b_number) {
            order = compare_numbers(a->text + i, a_len, b->text + j, b_len);
        } else if (a_number != b_number) {
            order = a_number ? -1 : 1;
        } else {
            order = memcmp(a->text + i, b->text + j, a_len < b_len ? a_len : b_len);
            if (!order && a_len != b_len)
                order = a_len < b_len ? -1 : 1;
        }
        if (order)
            return order;
        if (a_end == a->pre_end || b_end == b->pre_end)
            return (b_end == b->pre_end) - (a_end == a->pre_end);
        i = a_end + 1;
        j = b_end + 1;
    }
}

int semver_compare(const struct semver *a, const struct semver *b)
{
    for (int i = 0; i < 3; i++) {
        if (a->number[i] != b->number[i])
            return a->number[i] < b->number[i] ? -1 : 1;
        if (a->number[i] == UINT64_MAX) {
            size_t a_at = number_start(a, i), b_at = number_start(b, i);
            int order =
                compare_numbers(a->text + a_at, number_end(a, i) - a_at, b->text + b_at, number_end(b, i) - b_at);
            if (order)
                return order;
        }
    }
    bool a_pre = semver_is_prerelease(a), b_pre = semver_is_prerelease(b);
    if (a_pre && b_pre)
        return compare_prereleases(a, b);
    return b_pre - a_pre;
}

int semver_order(const struct semver *a, const struct semver *b)
{
    int order = semver_compare(a, b);
    if (order)
        return order;
    order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return order ? order : (a->len > b->len) - (a->len < b->len);
}

static int order_pointers(const void *a, const void *b)
{
    return semver_order(a, b);
}

void semver_sort(struct semver *items, size_t count)
{
    if (count > 1)
        qsort(items, count, sizeof(*items), order_pointers);
}

bool semver_is_prerelease(const struct semver *v)
{
    return v->pre_end > v->core_len;
}

bool semver_is_zero_major(const struct semver *v)
{
    return v->number[0] == 0;
}
