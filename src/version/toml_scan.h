/*
 * TOML 1.0 read into byte ranges: every value with its whole path, whether it was written under a [table], with dots, or in an
 * inline table. Strict in what decides where a value ends (strings, brackets, comments); numbers and dates are passed over
 * unread.
 */
#ifndef SIGNALBOX_VERSION_TOML_SCAN_H
#define SIGNALBOX_VERSION_TOML_SCAN_H

#include "base/buf.h"
#include "base/error.h"
#include "version/span.h"

enum toml_kind { TOML_STRING, TOML_LITERAL, TOML_MULTILINE, TOML_OTHER };

struct toml_value {
    char *path; /* "tool.poetry.version"; elements of arrays and [[tables]] have [] in it; a dot in a key is \x1e */
    enum toml_kind kind;
    struct range at; /* of a string without its quotes */
    size_t line;
};

struct toml_scan {
    const char *bytes;
    size_t len;
    struct toml_value *values;
    size_t count, cap;
};

/* ERROR_INVALID with the line. On failure *out is empty. The bytes must outlive it. */
int toml_scan(struct toml_scan *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
void toml_scan_clear(struct toml_scan *scan);

#endif
