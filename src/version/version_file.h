/*
 * The files that repeat the version, edited by byte range: what is not the version keeps its bytes.
 *
 * A spec is what the configuration lists: a path, whose last part says the kind, or "path:text * text", a pattern of the
 * user's own with one star for the version.
 *
 * | last part of the path            | what is edited                                                            |
 * | package.json                     | "version" at the top                                                      |
 * | package-lock.json,               |                                                                           |
 * | npm-shrinkwrap.json              | "version" at the top, packages[""].version                                |
 * | app.json                         | expo.version, expo.ios.buildNumber and expo.android.versionCode (both +1) |
 * | Cargo.toml                       | package.version, or workspace.package.version                             |
 * | pyproject.toml                   | project.version, or tool.poetry.version                                   |
 * | VERSION, VERSION.txt (any case)  | its only line                                                             |
 */
#ifndef SIGNALBOX_VERSION_VERSION_FILE_H
#define SIGNALBOX_VERSION_VERSION_FILE_H

#include "base/buf.h"
#include "base/error.h"
#include "version/span.h"

enum version_file_kind {
    VERSION_FILE_PACKAGE_JSON,
    VERSION_FILE_PACKAGE_LOCK,
    VERSION_FILE_APP_JSON,
    VERSION_FILE_CARGO_TOML,
    VERSION_FILE_PYPROJECT_TOML,
    VERSION_FILE_PLAIN,
    VERSION_FILE_PATTERN,
};

/* The kind of a spec. ERROR_INVALID: a path of no known kind, or a pattern without exactly one star. */
int version_file_kind(enum version_file_kind *out, const char *spec, struct error *err) MUST_CHECK;

/* Appends the path of a spec. */
void version_file_path(struct buf *out, const char *spec);

/* One value that changes, as data: words and act come from it. Owns from and to. */
struct version_edit {
    const char *name; /* "expo.ios.buildNumber"; static */
    struct range at;  /* the bytes that are replaced */
    char *from, *to;  /* as bytes of the file, without quotes */
};

struct version_edits {
    struct version_edit *items; /* by their place in the file */
    size_t count, cap;
};

/* Appends the version that the file has now. ERROR_INVALID: not understood, with the line; ERROR_NOT_FOUND: has none. */
int version_file_read(struct buf *out, const char *spec, const char *bytes, size_t len, struct error *err) MUST_CHECK;

/* What has to change for the file to say `version`; nothing when it says so already. Errors as above. */
int version_file_plan(struct version_edits *out, const char *spec, const char *bytes, size_t len, const char *version,
                      struct error *err) MUST_CHECK;

/* Appends the file with the edits made. */
void version_edits_apply(struct buf *out, const struct version_edits *edits, const char *bytes, size_t len);
void version_edits_clear(struct version_edits *edits);

/* Plan and apply in one. */
int version_file_write(struct buf *out, const char *spec, const char *bytes, size_t len, const char *version,
                       struct error *err) MUST_CHECK;

#endif
