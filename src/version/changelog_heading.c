#include "version/changelog_heading.h"

#include <string.h>

#include "base/compiler.h"

static struct span view(const char *bytes, struct range r)
{
    return (struct span){bytes + r.start, r.end - r.start};
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_version_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '+';
}

/* "1.2", "1.2.3.4", "0.26.0+1", after a v or not; *out without the v. Ends where such characters end. */
static size_t read_version(struct range *out, const char *bytes, struct range in)
{
    size_t at = in.start;
    if (at + 1 < in.end && (bytes[at] == 'v' || bytes[at] == 'V') && is_digit(bytes[at + 1]))
        at++;
    size_t start = at;
    while (at < in.end && is_digit(bytes[at]))
        at++;
    if (at == start || at + 1 >= in.end || bytes[at] != '.' || !is_digit(bytes[at + 1]))
        return 0;
    while (at < in.end && is_version_char(bytes[at]))
        at++;
    *out = (struct range){start, at};
    return at;
}

/* "Unreleased", "Next Release": its end, when nothing but a separator follows. */
static size_t read_unreleased(struct range *out, const char *bytes, struct range in)
{
    static const char *const names[] = {"unreleased changes", "unreleased", "next release", "next version",
                                        "upcoming release",   "upcoming",   "next",         "coming soon"};
    struct span text = view(bytes, in);
    for (size_t i = 0; i < COUNT(names); i++) {
        size_t len = strlen(names[i]);
        if (!span_starts_case(text, names[i]))
            continue;
        struct span rest = span_trim(span_from(text, len));
        if (rest.len && !strchr("-([/:~\xe2", rest.bytes[0]))
            continue;
        *out = (struct range){in.start, in.start + len};
        return in.start + len;
    }
    return 0;
}

static bool is_pending_date(struct span date)
{
    static const char *const words[] = {"tbd",
                                        "tba",
                                        "releasedate",
                                        "unreleased",
                                        "xxxx-xx-xx",
                                        "yyyy-mm-dd",
                                        "in development",
                                        "wip",
                                        "not yet released",
                                        "not released"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_equal_case(date, words[i]))
            return true;
    return false;
}

/* Digits in it and nothing but what dates are made of, or a word for a date to come. */
static bool is_date(struct span date)
{
    size_t digits = 0;
    for (size_t i = 0; i < date.len; i++)
        digits += is_digit(date.bytes[i]);
    return is_pending_date(date) || (digits >= 5 && date.len <= 32);
}

/* A version that is made from a coming one: 0.18.0-dev, 2.0.0-SNAPSHOT, 1.0.0.dev0. */
static bool is_dev(struct span version)
{
    static const char *const ends[] = {"-dev", "-snapshot", ".dev0", "-unreleased", ".dev"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        size_t len = strlen(ends[i]);
        if (version.len > len && span_equal_case(span_from(version, version.len - len), ends[i]))
            return true;
    }
    return false;
}

/* Past blanks and one or several separators: - – — / : , and the end of a strike. */
static size_t skip_separators(const char *bytes, size_t at, size_t end)
{
    for (;;) {
        if (at < end && strchr(" \t-/:,~", bytes[at]))
            at++;
        else if (end - at >= 3 &&
                 (memcmp(bytes + at, "\xe2\x80\x93", 3) == 0 || memcmp(bytes + at, "\xe2\x80\x94", 3) == 0))
            at += 3;
        else
            return at;
    }
}

/* What follows the version: dates and marks in any order; true when that is all. */
static bool read_rest(struct changelog_section *out, const char *bytes, size_t at, size_t end)
{
    while ((at = skip_separators(bytes, at, end)) < end) {
        char close = bytes[at] == '[' ? ']' : bytes[at] == '(' ? ')' : 0;
        struct range word = {at + (close != 0), end};
        size_t stop = word.start;
        if (close) {
            while (stop < end && bytes[stop] != close)
                stop++;
            if (stop == end)
                return false;
        } else {
            while (stop < end && bytes[stop] != ' ' && bytes[stop] != '\t' && bytes[stop] != '~')
                stop++;
        }
        word.end = stop;
        struct span text = view(bytes, word);
        if (span_equal_case(text, "yanked"))
            out->yanked = true;
        else if (out->date.end == out->date.start && is_date(text))
            out->date = word;
        else
            return false;
        at = stop + (close != 0);
    }
    return true;
}

static size_t skip_word(const char *bytes, struct range in)
{
    static const char *const words[] = {"version ", "release "};
    for (size_t i = 0; i < COUNT(words); i++)
        if (span_starts_case(view(bytes, in), words[i]))
            return in.start + strlen(words[i]);
    return in.start;
}

bool changelog_heading_read(struct changelog_section *out, bool *plain, const char *bytes, struct range text)
{
    struct changelog_section s = *out;
    struct range in = text;
    s.text = text;
    if (in.end - in.start > 2 && memcmp(bytes + in.start, "~~", 2) == 0) {
        s.struck = true;
        in.start += 2;
    }
    in.start = skip_word(bytes, in);
    size_t after;
    if (in.start < in.end && bytes[in.start] == '[') {
        size_t close = in.start + 1;
        while (close < in.end && bytes[close] != ']')
            close++;
        if (close == in.end)
            return false;
        s.bracketed = true;
        s.label = (struct range){in.start + 1, close};
        struct range inside = s.label;
        if (read_version(&s.version, bytes, inside) == close)
            s.kind = SECTION_RELEASE;
        else if (read_unreleased(&s.version, bytes, inside) == close)
            s.kind = SECTION_UNRELEASED;
        else
            return false;
        after = close + 1;
        if (after < in.end && bytes[after] == '(') {
            while (after < in.end && bytes[after] != ')')
                after++;
            if (after == in.end)
                return false;
            after++;
            s.linked = true;
        }
    } else if ((after = read_version(&s.version, bytes, in))) {
        if (after < in.end && !strchr(" \t:,(~", bytes[after]))
            return false;
        s.kind = SECTION_RELEASE;
    } else if ((after = read_unreleased(&s.version, bytes, in))) {
        s.kind = SECTION_UNRELEASED;
    } else {
        return false;
    }
    bool only = read_rest(&s, bytes, after, in.end);
    /* A title may stand between: "1.2.0 - 2026-01-31 - The Loud One [YANKED]". */
    for (size_t at = after; !s.yanked && at < in.end; at++) {
        struct span rest = view(bytes, (struct range){at, in.end});
        s.yanked = span_starts_case(rest, "[yanked]") || span_starts_case(rest, "(yanked)");
    }
    if (plain)
        *plain = only;
    struct span date = view(bytes, s.date);
    if (s.kind == SECTION_RELEASE && (date.len ? is_pending_date(date) : is_dev(view(bytes, s.version))))
        s.kind = SECTION_PENDING;
    *out = s;
    return true;
}
