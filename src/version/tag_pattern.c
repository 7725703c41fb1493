#include "version/tag_pattern.h"

#include <string.h>

static const char *star_of(const char *pattern)
{
    const char *star = strchr(pattern, '*');
    return star && !strchr(star + 1, '*') ? star : NULL;
}

/* git's rules for names (git check-ref-format), for what stands around the version. */
static bool git_takes(const char *pattern)
{
    if (*pattern == '-' || *pattern == '/' || *pattern == '.' || strstr(pattern, "..") || strstr(pattern, "//") ||
        strstr(pattern, "/.") || strstr(pattern, "@{") || strstr(pattern, ".lock/"))
        return false;
    for (const unsigned char *c = (const unsigned char *)pattern; *c; c++)
        if (*c <= ' ' || *c == 0x7f || strchr("~^:?[\\", *c))
            return false;
    size_t len = strlen(pattern);
    return pattern[len - 1] != '/' && pattern[len - 1] != '.' &&
           !(len > 5 && strcmp(pattern + len - 5, ".lock") == 0);
}

int tag_pattern_check(const char *pattern, struct error *err)
{
    if (!star_of(pattern)) {
        error_set(err, ERROR_INVALID, "“%.100s” is no pattern for tags", pattern);
        error_why(err, "it needs exactly one *, which stands for the version");
        return error_todo(err, "Write v* or name-v*");
    }
    if (git_takes(pattern))
        return 0;
    error_set(err, ERROR_INVALID, "“%.100s” is no pattern for tags", pattern);
    error_why(err, "git takes no tag of such a name");
    return error_todo(err, "Write v* or name-v*");
}

/* What the star stands for in the tag; {0} when the tag does not match. */
static struct span starred(const char *pattern, const char *tag)
{
    const char *star = star_of(pattern);
    if (!star)
        return (struct span){0};
    size_t before = (size_t)(star - pattern), after = strlen(star + 1), len = strlen(tag);
    if (len < before + after || memcmp(tag, pattern, before) != 0 || memcmp(tag + len - after, star + 1, after) != 0)
        return (struct span){0};
    return (struct span){tag + before, len - before - after};
}

enum tag_fit tag_pattern_match(struct semver *out, const char *pattern, const char *tag)
{
    struct span version = starred(pattern, tag);
    if (!version.bytes)
        return TAG_OTHER_PATTERN;
    return semver_parse(out, version.bytes, version.len) ? TAG_VERSION : TAG_NOT_A_VERSION;
}

void tag_pattern_why(struct text_buf *out, const char *pattern, const char *tag)
{
    struct span version = starred(pattern, tag);
    struct semver ignored;
    struct error err;
    if (!version.bytes) {
        text_addf(out, "does not match %s", pattern);
    } else if (semver_read(&ignored, version.bytes, version.len, &err)) {
        text_add(out, error_what(&err));
        text_adds(out, ": ");
        text_add(out, error_reason(&err));
    }
}

void tag_pattern_name(struct buf *out, const char *pattern, const char *version)
{
    const char *star = star_of(pattern);
    if (!star) {
        buf_adds(out, version);
        return;
    }
    buf_add(out, pattern, (size_t)(star - pattern));
    buf_adds(out, version);
    buf_adds(out, star + 1);
}
