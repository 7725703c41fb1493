/*
 * JSON, twice: a writer that cannot produce bad JSON, and tables that turn a jansson tree into plain structs and back.
 * No other room but the store and the drivers sees json_t.
 */
#ifndef SIGNALBOX_BASE_JSON_H
#define SIGNALBOX_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * The writer. Members and elements come in order; it puts the commas. Strings are any bytes: what is not UTF-8 is
 * written as U+FFFD, control characters and U+007F–9F, bidi and zero-width ones as \u escapes, so that the output can
 * go to a terminal. `name` is NULL inside an array. Indents by two unless `compact`. (Named
 * put, because jansson has a json_string and a json_null of its own.)
 */
struct json_writer {
    struct buf *out;
    bool compact;
    int depth;
    bool first;
};

void json_begin_object(struct json_writer *w, const char *name);
void json_end_object(struct json_writer *w);
void json_begin_array(struct json_writer *w, const char *name);
void json_end_array(struct json_writer *w);
void json_put_string(struct json_writer *w, const char *name, const char *value); /* NULL value: null */
void json_put_bytes(struct json_writer *w, const char *name, const char *bytes, size_t len);
void json_put_int(struct json_writer *w, const char *name, int64_t value);
void json_put_bool(struct json_writer *w, const char *name, bool value);
void json_put_null(struct json_writer *w, const char *name);

/*
 * A table that says how a struct stands in a JSON object. Example:
 *
 *     static const struct json_field lease_fields[] = {
 *         {"holder", JSON_FIELD_STRING, offsetof(struct lease, holder)},
 *         {"epoch", JSON_FIELD_INT, offsetof(struct lease, epoch)},
 *         {0},
 *     };
 *
 * STRING is a char * (owned, freed by json_fields_clear; absent: NULL), INT an int64_t, BOOL a bool, STRINGS a
 * NULL-terminated char ** (owned), OBJECTS an array of structs of `size` bytes (owned) that `fields` describes, with
 * their number in a size_t at `count_offset`. A field that is absent or null is zero, unless `required`.
 */
enum json_field_kind {
    JSON_FIELD_END,
    JSON_FIELD_STRING,
    JSON_FIELD_INT,
    JSON_FIELD_BOOL,
    JSON_FIELD_STRINGS,
    JSON_FIELD_OBJECTS
};

struct json_field {
    const char *name;
    enum json_field_kind kind;
    size_t offset;
    bool required;
    const struct json_field *fields;
    size_t size, count_offset;
};

/*
 * Decodes an object into the zeroed struct at `out`. Duplicate keys, a wrong type, a missing required field or text
 * after the object are ERROR_INVALID naming the key; unknown keys are passed over. On failure *out is zeroed again.
 */
int json_decode(void *out, const struct json_field *fields, const char *bytes, size_t len,
                struct error *err) MUST_CHECK;

/* The members of the struct, in table order, into an object that the caller has begun. */
void json_encode_members(struct json_writer *w, const struct json_field *fields, const void *in);

void json_fields_clear(void *in, const struct json_field *fields);

#endif
