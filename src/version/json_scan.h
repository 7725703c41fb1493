/*
 * JSON (RFC 8259) read into byte ranges, so that one value can be replaced and all other bytes stay. Strict: no comments, no
 * trailing commas, no duplicate keys, valid UTF-8, an object or array at the top, at most 512 levels.
 */
#ifndef SIGNALBOX_VERSION_JSON_SCAN_H
#define SIGNALBOX_VERSION_JSON_SCAN_H

#include "base/buf.h"
#include "base/error.h"
#include "version/span.h"

enum json_scan_kind { SCAN_OBJECT, SCAN_ARRAY, SCAN_STRING, SCAN_NUMBER, SCAN_WORD };

struct json_node {
    enum json_scan_kind kind;
    struct range at;  /* the value; of a string without its quotes */
    struct range key; /* in keys, decoded; empty in arrays and at the top */
    size_t parent;    /* index in nodes; its own for the top */
    size_t line;
};

/* Nodes stand in the order of the file; nodes[0] is the top. The bytes must outlive it. */
struct json_scan {
    const char *bytes;
    size_t len;
    struct buf keys;
    struct json_node *nodes;
    size_t count, cap;
};

/* ERROR_INVALID with the line. On failure *out is empty. */
int json_scan(struct json_scan *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;
void json_scan_clear(struct json_scan *scan);

/* The member of an object; NULL when parent is NULL, no object, or has none. */
const struct json_node *json_scan_member(const struct json_scan *scan, const struct json_node *parent,
                                         const char *key);

#endif
