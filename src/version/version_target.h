/* Where the values stand that a release changes in a version file. Used by version/version_file.c. */
#ifndef SIGNALBOX_VERSION_VERSION_TARGET_H
#define SIGNALBOX_VERSION_VERSION_TARGET_H

#include "base/error.h"
#include "version/span.h"

enum target_kind { TARGET_VERSION, TARGET_COUNTER };

struct target {
    const char *name; /* static */
    enum target_kind kind;
    struct range at;
    size_t line;
};

enum { TARGETS_MAX = 4 };

struct targets {
    struct target items[TARGETS_MAX];
    size_t count;
};

/*
 * Each finds the targets in a file of its kind, the version first. ERROR_INVALID: not understood; ERROR_NOT_FOUND: no version.
 */
int target_package_json(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_package_lock(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_app_json(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_cargo_toml(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_pyproject_toml(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_plain(struct targets *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
int target_pattern(struct targets *out, const char *pattern, const char *bytes, size_t len,
                   struct error *err) MUST_CHECK;

#endif
