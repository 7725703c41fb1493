/* Changing versions. Numbers are counted up as text, since they may be of any length. */
#include "version/semver.h"

#include <string.h>

static const char *const bump_names[] = {
    [SEMVER_MAJOR] = "major",           [SEMVER_MINOR] = "minor",       [SEMVER_PATCH] = "patch",
    [SEMVER_PREMAJOR] = "premajor",     [SEMVER_PREMINOR] = "preminor", [SEMVER_PREPATCH] = "prepatch",
    [SEMVER_PRERELEASE] = "prerelease", [SEMVER_RELEASE] = "release",
};

int semver_bump_of(const char *word)
{
    for (size_t i = 0; i < COUNT(bump_names); i++)
        if (strcmp(word, bump_names[i]) == 0)
            return (int)i;
    return -1;
}

const char *semver_bump_name(enum semver_bump bump)
{
    return bump_names[bump];
}

void semver_add_plus_one(struct buf *out, const char *digits, size_t len)
{
    size_t at = out->len;
    buf_add(out, digits, len);
    for (size_t i = at + len; i > at; i--) {
        if (out->bytes[i - 1] != '9') {
            out->bytes[i - 1]++;
            return;
        }
        out->bytes[i - 1] = '0';
    }
    buf_addc(out, '0');
    out->bytes[at] = '1';
}

/* Appends the core with the parts after `part` set to 0 and, when `up`, the part itself counted up. */
static void add_core(struct buf *out, const struct semver *v, int part, bool up)
{
    const size_t starts[3] = {0, v->minor_at, v->patch_at};
    const size_t ends[3] = {v->minor_at - 1, v->patch_at - 1, v->core_len};
    for (int i = 0; i < 3; i++) {
        if (i)
            buf_addc(out, '.');
        if (i > part)
            buf_addc(out, '0');
        else if (i == part && up)
            semver_add_plus_one(out, v->text + starts[i], ends[i] - starts[i]);
        else
            buf_add(out, v->text + starts[i], ends[i] - starts[i]);
    }
}

/* Does a prerelease stand before a release that this bump would make anyway? 1.3.0-1 for minor. */
static bool already_ahead(const struct semver *v, int part)
{
    if (!semver_is_prerelease(v))
        return false;
    for (int i = part + 1; i < 3; i++)
        if (v->number[i] != 0)
            return false;
    return true;
}

static int check_id(const char *id, enum semver_base base, struct error *err)
{
    if (!*id) {
        if (base != SEMVER_NO_NUMBER)
            return 0;
        error_set(err, ERROR_INVALID, "A prerelease needs a name or a number");
        return error_todo(err, "Give a name such as beta");
    }
    struct semver ignored;
    CLEANUP(buf_clear) struct buf probe = {0};
    buf_addf(&probe, "0.0.0-%s", id);
    if (semver_parse(&ignored, probe.bytes, probe.len) && ignored.pre_end == ignored.len)
        return 0;
    error_set(err, ERROR_INVALID, "“%.100s” cannot name a prerelease", id);
    error_why(err, "only letters, digits, - and dots between, no number with a leading zero");
    return error_todo(err, "Give a name such as beta or rc");
}

static void add_first(struct buf *out, const char *id, enum semver_base base)
{
    buf_addc(out, '-');
    buf_adds(out, id);
    if (base != SEMVER_NO_NUMBER)
        buf_addf(out, "%s%d", *id ? "." : "", base == SEMVER_FROM_1);
}

static bool is_number(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (text[i] < '0' || text[i] > '9')
            return false;
    return len > 0;
}

/* Appends the prerelease with its last number counted up; without one, `base` follows. */
static void add_counted_up(struct buf *out, const char *pre, size_t len, enum semver_base base)
{
    size_t end = len;
    for (;;) {
        size_t start = end;
        while (start && pre[start - 1] != '.')
            start--;
        if (is_number(pre + start, end - start)) {
            buf_add(out, pre, start);
            semver_add_plus_one(out, pre + start, end - start);
            buf_add(out, pre + end, len - end);
            return;
        }
        if (!start)
            break;
        end = start - 1;
    }
    buf_add(out, pre, len);
    buf_adds(out, base == SEMVER_FROM_1 ? ".1" : ".0");
}

/* Is `id` the prerelease's beginning, up to a dot or its end, with a number right after it? */
static bool continues(const char *pre, size_t len, const char *id)
{
    size_t id_len = strlen(id);
    if (len <= id_len || memcmp(pre, id, id_len) != 0 || pre[id_len] != '.')
        return false;
    size_t end = ++id_len;
    while (end < len && pre[end] != '.')
        end++;
    return is_number(pre + id_len, end - id_len);
}

static int bump_prerelease(struct buf *out, const struct semver *v, const char *id, enum semver_base base,
                           struct error *err)
{
    const char *pre = v->text + v->core_len + 1;
    size_t len = v->pre_end - v->core_len - 1;
    if (base == SEMVER_NO_NUMBER && strlen(id) == len && memcmp(pre, id, len) == 0) {
        error_set(err, ERROR_INVALID, "%.*s is that prerelease already", (int)(v->len > 200 ? 200 : v->len), v->text);
        return error_todo(err, "Give another name, or count it up");
    }
    add_core(out, v, 2, false);
    CLEANUP(buf_clear) struct buf next = {0};
    add_counted_up(&next, pre, len, base);
    if (*id && !continues(next.bytes, next.len, id)) {
        add_first(out, id, base);
        return 0;
    }
    buf_addc(out, '-');
    buf_add(out, next.bytes, next.len);
    return 0;
}

int semver_bump(struct buf *out, const struct semver *from, enum semver_bump bump, const char *id,
                enum semver_base base, struct error *err)
{
    if (!id)
        id = "";
    if (bump >= SEMVER_PREMAJOR && bump <= SEMVER_PRERELEASE && check_id(id, base, err))
        return -1;
    if (bump == SEMVER_PRERELEASE && semver_is_prerelease(from))
        return bump_prerelease(out, from, id, base, err);
    switch (bump) {
    case SEMVER_MAJOR:
    case SEMVER_MINOR:
    case SEMVER_PATCH:
        add_core(out, from, (int)bump, !already_ahead(from, (int)bump));
        return 0;
    case SEMVER_PREMAJOR:
    case SEMVER_PREMINOR:
        add_core(out, from, bump == SEMVER_PREMAJOR ? 0 : 1, true);
        add_first(out, id, base);
        return 0;
    case SEMVER_PRERELEASE: /* of a release it starts with the next patch */
    case SEMVER_PREPATCH:
        add_core(out, from, 2, true);
        add_first(out, id, base);
        return 0;
    case SEMVER_RELEASE:
        break;
    }
    if (semver_is_prerelease(from)) {
        add_core(out, from, 2, false);
        return 0;
    }
    error_set(err, ERROR_INVALID, "%.*s is no prerelease", (int)(from->len > 200 ? 200 : from->len), from->text);
    return error_todo(err, "Only a prerelease such as 1.3.0-beta.1 can be finalized or counted up");
}

int semver_start(struct buf *out, const struct semver *from, enum semver_bump bump, const char *id, struct error *err)
{
    if (!id)
        id = "";
    if (check_id(id, SEMVER_FROM_1, err))
        return -1;
    size_t start = out->len;
    int part = bump == SEMVER_MAJOR || bump == SEMVER_PREMAJOR   ? 0
               : bump == SEMVER_MINOR || bump == SEMVER_PREMINOR ? 1
                                                                 : 2;
    add_core(out, from, part, !already_ahead(from, part));
    add_first(out, id, SEMVER_FROM_1);
    struct semver made;
    if (semver_parse(&made, out->bytes + start, out->len - start) && semver_compare(&made, from) > 0)
        return 0;
    error_set(err, ERROR_INVALID, "%.100s would not be newer than %.*s", out->bytes + start,
              (int)(from->len > 100 ? 100 : from->len), from->text);
    buf_truncate(out, start);
    return error_todo(err, "Count it up instead (increment-prerelease), or give a later name: alpha, beta, rc");
}

int semver_increment(struct buf *out, const struct semver *from, struct error *err)
{
    if (!semver_is_prerelease(from))
        return semver_bump(out, from, SEMVER_RELEASE, "", SEMVER_FROM_1, err);
    return semver_bump(out, from, SEMVER_PRERELEASE, "", SEMVER_FROM_1, err);
}

void semver_truncate(struct buf *out, const struct semver *from, enum semver_bump part)
{
    if (part <= SEMVER_PATCH)
        add_core(out, from, (int)part, false);
    else
        buf_add(out, from->text, part == SEMVER_RELEASE ? from->core_len : from->pre_end);
}
