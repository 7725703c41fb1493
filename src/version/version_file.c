#include "version/version_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "version/semver.h"
#include "version/version_target.h"

static const struct {
    const char *name;
    enum version_file_kind kind;
    bool any_case;
} names[] = {
    {"package.json", VERSION_FILE_PACKAGE_JSON, false},
    {"package-lock.json", VERSION_FILE_PACKAGE_LOCK, false},
    {"npm-shrinkwrap.json", VERSION_FILE_PACKAGE_LOCK, false},
    {"app.json", VERSION_FILE_APP_JSON, false},
    {"Cargo.toml", VERSION_FILE_CARGO_TOML, false},
    {"pyproject.toml", VERSION_FILE_PYPROJECT_TOML, false},
    {"VERSION", VERSION_FILE_PLAIN, true},
    {"VERSION.txt", VERSION_FILE_PLAIN, true},
};

static int (*const finders[])(struct targets *out, const char *bytes, size_t len, struct error *err) = {
    [VERSION_FILE_PACKAGE_JSON] = target_package_json,
    [VERSION_FILE_PACKAGE_LOCK] = target_package_lock,
    [VERSION_FILE_APP_JSON] = target_app_json,
    [VERSION_FILE_CARGO_TOML] = target_cargo_toml,
    [VERSION_FILE_PYPROJECT_TOML] = target_pyproject_toml,
    [VERSION_FILE_PLAIN] = target_plain,
};

static size_t path_len(const char *spec)
{
    return strcspn(spec, ":");
}

void version_file_path(struct buf *out, const char *spec)
{
    buf_add(out, spec, path_len(spec));
}

int version_file_kind(enum version_file_kind *out, const char *spec, struct error *err)
{
    size_t len = path_len(spec);
    if (spec[len] == ':') {
        const char *pattern = spec + len + 1, *star = strchr(pattern, '*');
        if (len && star && !strchr(star + 1, '*') && (star > pattern || star[1])) {
            *out = VERSION_FILE_PATTERN;
            return 0;
        }
        error_set(err, ERROR_INVALID, "“%.120s” is no version file", spec);
        error_why(err, "the pattern after the colon needs exactly one * and text around it");
        return error_todo(err, "Write path:text * text, with the * where the version stands");
    }
    const char *slash = memrchr(spec, '/', len);
    struct span base = {slash ? slash + 1 : spec, slash ? strlen(slash + 1) : len};
    for (size_t i = 0; i < COUNT(names); i++)
        if (names[i].any_case ? span_equal_case(base, names[i].name) : span_equal(base, names[i].name)) {
            *out = names[i].kind;
            return 0;
        }
    error_set(err, ERROR_INVALID, "“%.120s” is no version file that is known", spec);
    error_why(err, "known are package.json, package-lock.json, app.json, Cargo.toml, pyproject.toml and VERSION");
    return error_todo(err, "Write path:text * text, with the * where the version stands");
}

/* The targets, with the file's name in front of every error. */
static int find(struct targets *out, const char *spec, const char *bytes, size_t len, struct error *err)
{
    enum version_file_kind kind = VERSION_FILE_PLAIN;
    *out = (struct targets){0};
    if (version_file_kind(&kind, spec, err))
        return -1;
    int result = kind == VERSION_FILE_PATTERN ? target_pattern(out, spec + path_len(spec) + 1, bytes, len, err)
                                              : finders[kind](out, bytes, len, err);
    if (result)
        return error_wrap(err, "Cannot find the version in %.*s", (int)path_len(spec), spec);
    return 0;
}

int version_file_read(struct buf *out, const char *spec, const char *bytes, size_t len, struct error *err)
{
    struct targets targets;
    if (find(&targets, spec, bytes, len, err))
        return -1;
    struct range at = targets.items[0].at;
    buf_add(out, bytes + at.start, at.end - at.start);
    return 0;
}

static void add_edit(struct version_edits *out, const struct target *target, const char *bytes, struct buf *to)
{
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    out->items[out->count++] = (struct version_edit){
        .name = target->name,
        .at = target->at,
        .from = mem_bytes(bytes + target->at.start, target->at.end - target->at.start),
        .to = buf_take(to),
    };
}

static int by_place(const void *a, const void *b)
{
    const struct version_edit *x = a, *y = b;
    return (x->at.start > y->at.start) - (x->at.start < y->at.start);
}

int version_file_plan(struct version_edits *out, const char *spec, const char *bytes, size_t len, const char *version,
                      struct error *err)
{
    struct targets targets;
    struct semver v;
    *out = (struct version_edits){0};
    if (semver_read(&v, version, strlen(version), err) || find(&targets, spec, bytes, len, err))
        return -1;
    bool changes = false;
    for (size_t i = 0; i < targets.count; i++) {
        const struct target *target = &targets.items[i];
        struct span now = {bytes + target->at.start, target->at.end - target->at.start};
        struct buf to = {0};
        if (target->kind == TARGET_VERSION && span_equal(now, version))
            continue;
        /* Counters belong to a version: a file that says it already is not counted up again. */
        if (target->kind == TARGET_COUNTER && !changes)
            continue;
        changes = true;
        if (target->kind == TARGET_VERSION)
            buf_adds(&to, version);
        else
            semver_add_plus_one(&to, now.bytes, now.len);
        add_edit(out, target, bytes, &to);
    }
    if (out->count)
        qsort(out->items, out->count, sizeof(*out->items), by_place);
    return 0;
}

void version_edits_apply(struct buf *out, const struct version_edits *edits, const char *bytes, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < edits->count; i++) {
        const struct version_edit *edit = &edits->items[i];
        buf_add(out, bytes + at, edit->at.start - at);
        buf_adds(out, edit->to);
        at = edit->at.end;
    }
    buf_add(out, bytes + at, len - at);
}

void version_edits_clear(struct version_edits *edits)
{
    for (size_t i = 0; i < edits->count; i++) {
        free(edits->items[i].from);
        free(edits->items[i].to);
    }
    free(edits->items);
    *edits = (struct version_edits){0};
}

int version_file_write(struct buf *out, const char *spec, const char *bytes, size_t len, const char *version,
                       struct error *err)
{
    struct version_edits edits;
    if (version_file_plan(&edits, spec, bytes, len, version, err))
        return -1;
    version_edits_apply(out, &edits, bytes, len);
    version_edits_clear(&edits);
    return 0;
}
