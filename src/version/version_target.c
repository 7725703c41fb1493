#include "version/version_target.h"

#include <string.h>

#include "version/json_scan.h"
#include "version/semver.h"
#include "version/toml_scan.h"

static void add(struct targets *out, const char *name, enum target_kind kind, struct range at, size_t line)
{
    out->items[out->count++] = (struct target){name, kind, at, line};
}

static int not_found(struct error *err, const char *what)
{
    error_set(err, ERROR_NOT_FOUND, "It has no %s", what);
    return error_todo(err, "Add it, or take the file off the list of version files");
}

static int refuse(struct error *err, size_t line, const char *what, const char *why)
{
    error_set(err, ERROR_INVALID, "Cannot edit %s", what);
    error_why(err, "line %zu: %s", line, why);
    return error_todo(err, "Correct the file, or take it off the list of version files");
}

/* npm reads a file with a byte order mark; the scanner need not know. */
static size_t mark_len(const char *bytes, size_t len)
{
    return len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

static int add_json_version(struct targets *out, const struct json_node *node, const char *name, size_t shift,
                            struct error *err)
{
    if (!node)
        return not_found(err, name);
    if (node->kind != SCAN_STRING)
        return refuse(err, node->line, name, "it is no string");
    add(out, name, TARGET_VERSION, (struct range){node->at.start + shift, node->at.end + shift}, node->line);
    return 0;
}

int target_package_json(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    struct json_scan scan;
    size_t shift = mark_len(bytes, len);
    if (json_scan(&scan, bytes + shift, len - shift, err))
        return -1;
    int result = add_json_version(out, json_scan_member(&scan, scan.nodes, "version"), "version", shift, err);
    json_scan_clear(&scan);
    return result;
}

int target_package_lock(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    struct json_scan scan;
    size_t shift = mark_len(bytes, len);
    if (json_scan(&scan, bytes + shift, len - shift, err))
        return -1;
    int result = add_json_version(out, json_scan_member(&scan, scan.nodes, "version"), "version", shift, err);
    const struct json_node *packages = json_scan_member(&scan, scan.nodes, "packages");
    const struct json_node *root = json_scan_member(&scan, packages, "");
    const struct json_node *version = json_scan_member(&scan, root, "version");
    if (result == 0 && version) /* absent in files of the first format */
        result = add_json_version(out, version, "packages[\"\"].version", shift, err);
    json_scan_clear(&scan);
    return result;
}

static bool is_made_of(struct span text, const char *set)
{
    for (size_t i = 0; i < text.len; i++)
        if (!memchr(set, text.bytes[i], strlen(set)))
            return false;
    return text.len > 0;
}

static bool is_digits(struct span text)
{
    return is_made_of(text, "0123456789");
}

/* A build number of iOS is a string of one to three numbers with dots; the last one counts. */
static int add_build_number(struct targets *out, const char *bytes, const struct json_node *node, size_t shift,
                            struct error *err)
{
    static const char name[] = "expo.ios.buildNumber";
    if (!node)
        return 0;
    struct span text = {bytes + shift + node->at.start, node->at.end - node->at.start};
    size_t start = text.len;
    while (start && text.bytes[start - 1] != '.')
        start--;
    if (node->kind != SCAN_STRING || !is_digits(span_from(text, start)) || !is_made_of(text, "0123456789."))
        return refuse(err, node->line, name, "it is no string of numbers such as \"42\"");
    add(out, name, TARGET_COUNTER, (struct range){node->at.start + shift + start, node->at.end + shift}, node->line);
    return 0;
}

/* The shop takes no versionCode above this, and none twice, so one that cannot be counted up is said now. */
static int add_version_code(struct targets *out, const char *bytes, const struct json_node *node, size_t shift,
                            struct error *err)
{
    static const char name[] = "expo.android.versionCode", most[] = "2100000000";
    if (!node)
        return 0;
    struct span text = {bytes + shift + node->at.start, node->at.end - node->at.start};
    if (node->kind != SCAN_NUMBER || !is_digits(text))
        return refuse(err, node->line, name, "it is no whole number such as 42");
    if (text.len > strlen(most) || (text.len == strlen(most) && memcmp(text.bytes, most, text.len) >= 0))
        return refuse(err, node->line, name, "it cannot be counted up: 2100000000 is the most");
    add(out, name, TARGET_COUNTER, (struct range){node->at.start + shift, node->at.end + shift}, node->line);
    return 0;
}

int target_app_json(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    struct json_scan scan;
    size_t shift = mark_len(bytes, len);
    if (json_scan(&scan, bytes + shift, len - shift, err))
        return -1;
    const struct json_node *expo = json_scan_member(&scan, scan.nodes, "expo");
    const struct json_node *ios = json_scan_member(&scan, expo, "ios");
    const struct json_node *android = json_scan_member(&scan, expo, "android");
    int result = add_json_version(out, json_scan_member(&scan, expo, "version"), "expo.version", shift, err);
    if (result == 0)
        result = add_build_number(out, bytes, json_scan_member(&scan, ios, "buildNumber"), shift, err);
    if (result == 0)
        result = add_version_code(out, bytes, json_scan_member(&scan, android, "versionCode"), shift, err);
    json_scan_clear(&scan);
    return result;
}

/* 1: added, 0: there is no such value, -1: it cannot be edited. */
static int add_toml_version(struct targets *out, const struct toml_scan *scan, const char *path, struct error *err)
{
    const struct toml_value *found = NULL;
    for (size_t i = 0; i < scan->count; i++) {
        const struct toml_value *value = &scan->values[i];
        if (strcmp(value->path, path) != 0)
            continue;
        if (found)
            return refuse(err, value->line, path, "it stands there twice");
        found = value;
    }
    if (!found)
        return 0;
    if (found->kind != TOML_STRING && found->kind != TOML_LITERAL)
        return refuse(err, found->line, path, "it is no string of one line");
    add(out, path, TARGET_VERSION, found->at, found->line);
    return 1;
}

static bool toml_says(const struct toml_scan *scan, const char *path, const char *text)
{
    for (size_t i = 0; i < scan->count; i++) {
        struct range at = scan->values[i].at;
        if (strcmp(scan->values[i].path, path) == 0 &&
            span_equal((struct span){scan->bytes + at.start, at.end - at.start}, text))
            return true;
    }
    return false;
}

/* The first of two places that there is. */
static int either(struct targets *out, const struct toml_scan *scan, const char *one, const char *other,
                  struct error *err)
{
    int result = add_toml_version(out, scan, one, err);
    return result == 0 ? add_toml_version(out, scan, other, err) : result;
}

int target_cargo_toml(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    struct toml_scan scan;
    size_t shift = mark_len(bytes, len);
    if (toml_scan(&scan, bytes + shift, len - shift, err))
        return -1;
    int result = either(out, &scan, "package.version", "workspace.package.version", err);
    if (result == 0) {
        not_found(err, "package.version and no workspace.package.version");
        if (toml_says(&scan, "package.version.workspace", "true")) {
            error_why(err, "it takes the version of its workspace");
            error_todo(err, "List the Cargo.toml of the workspace instead");
        }
    }
    toml_scan_clear(&scan);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].at = (struct range){out->items[i].at.start + shift, out->items[i].at.end + shift};
    return result == 1 ? 0 : -1;
}

int target_pyproject_toml(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    struct toml_scan scan;
    size_t shift = mark_len(bytes, len);
    if (toml_scan(&scan, bytes + shift, len - shift, err))
        return -1;
    int result = either(out, &scan, "project.version", "tool.poetry.version", err);
    if (result == 0 && toml_says(&scan, "project.dynamic[]", "version")) {
        error_set(err, ERROR_INVALID, "Cannot edit project.version");
        error_why(err, "project.dynamic says that the version is computed when the package is built");
        error_todo(err, "List the file that it is read from instead, with a pattern");
    } else if (result == 0) {
        not_found(err, "project.version and no tool.poetry.version");
    }
    toml_scan_clear(&scan);
    for (size_t i = 0; i < out->count; i++)
        out->items[i].at = (struct range){out->items[i].at.start + shift, out->items[i].at.end + shift};
    return result == 1 ? 0 : -1;
}

int target_plain(struct targets *out, const char *bytes, size_t len, struct error *err)
{
    size_t shift = mark_len(bytes, len);
    struct span text = span_trim((struct span){bytes + shift, len - shift});
    struct semver ignored;
    if (!text.len)
        return not_found(err, "version: it is empty");
    if (memchr(text.bytes, '\n', text.len))
        return refuse(err, 2, "the file", "it has more than one line");
    size_t v = text.bytes[0] == 'v' || text.bytes[0] == 'V';
    if (!semver_parse(&ignored, text.bytes + v, text.len - v))
        return refuse(err, 1, "the file", "its line is no version");
    size_t start = (size_t)(text.bytes - bytes) + v;
    add(out, "version", TARGET_VERSION, (struct range){start, start + text.len - v}, 1);
    return 0;
}

static bool is_version_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
           c == '+';
}

static size_t line_of(const char *bytes, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n';
    return line;
}

/*
 * The version between the pattern's two texts. It has to be one place exactly: with several, which one is meant would be a
 * guess.
 */
int target_pattern(struct targets *out, const char *pattern, const char *bytes, size_t len, struct error *err)
{
    const char *star = strchr(pattern, '*');
    struct span before = {pattern, (size_t)(star - pattern)}, after = {star + 1, strlen(star + 1)};
    for (size_t at = 0; at < len;) {
        const char *hit = before.len ? memmem(bytes + at, len - at, before.bytes, before.len) : bytes + at;
        if (!hit)
            break;
        size_t start = (size_t)(hit - bytes) + before.len, end = start;
        while (end < len && is_version_char(bytes[end]))
            end++;
        /* The text after the star may itself begin with letters, so the version gives back what it must. */
        struct semver ignored;
        size_t stop = end;
        while (stop > start && !(len - stop >= after.len && memcmp(bytes + stop, after.bytes, after.len) == 0 &&
                                 semver_parse(&ignored, bytes + start, stop - start)))
            stop--;
        if (stop == start) {
            at = (size_t)(hit - bytes) + 1;
            continue;
        }
        if (out->count)
            return refuse(err, line_of(bytes, start), "the file", "the pattern matches a second time");
        add(out, "version", TARGET_VERSION, (struct range){start, stop}, line_of(bytes, start));
        at = stop + after.len;
    }
    return out->count ? 0 : not_found(err, "place that the pattern matches with a version in it");
}
