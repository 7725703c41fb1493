#include "base/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/memory.h"

static void new_line(struct json_writer *w)
{
    if (w->compact)
        return;
    buf_addc(w->out, '\n');
    for (int i = 0; i < w->depth; i++)
        buf_adds(w->out, "  ");
}

/* What a terminal must not see raw, and what would make two strings look alike. */
static bool is_escaped(int32_t c)
{
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CS:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return false;
    }
}

static void add_escape(struct buf *out, int32_t c)
{
    static const char letters[] = "\b\t\n\f\r", names[] = "btnfr";
    const char *letter = c ? memchr(letters, (int)c, sizeof(letters) - 1) : NULL;
    if (letter && c < 0x80)
        buf_addf(out, "\\%c", names[letter - letters]);
    else if (c < 0x10000)
        buf_addf(out, "\\u%04x", (unsigned)c);
    else
        buf_addf(out, "\\u%04x\\u%04x", 0xD800u + (((unsigned)c - 0x10000) >> 10),
                 0xDC00u + (((unsigned)c - 0x10000) & 0x3FF));
}

static void add_quoted(struct buf *out, const char *bytes, size_t len)
{
    buf_addc(out, '"');
    for (size_t at = 0; at < len;) {
        unsigned char byte = (unsigned char)bytes[at];
        int32_t c = byte;
        utf8proc_ssize_t used = 1;
        if (byte >= 0x80)
            used = utf8proc_iterate((const utf8proc_uint8_t *)bytes + at, (utf8proc_ssize_t)(len - at), &c);
        if (used <= 0) {
            buf_adds(out, "\xEF\xBF\xBD");
            at++;
            continue;
        }
        if (c == '"' || c == '\\')
            buf_addf(out, "\\%c", (char)c);
        else if (c < 0x20 || c == 0x7F || (c >= 0x80 && is_escaped(c)))
            add_escape(out, c);
        else
            buf_add(out, bytes + at, (size_t)used);
        at += (size_t)used;
    }
    buf_addc(out, '"');
}

/* The comma, the line and the name that come before a value. */
static void before_value(struct json_writer *w, const char *name)
{
    if (w->depth) {
        if (!w->first)
            buf_addc(w->out, ',');
        new_line(w);
    }
    w->first = false;
    if (!name)
        return;
    add_quoted(w->out, name, strlen(name));
    buf_adds(w->out, w->compact ? ":" : ": ");
}

static void begin(struct json_writer *w, const char *name, char bracket)
{
    before_value(w, name);
    buf_addc(w->out, bracket);
    w->depth++;
    w->first = true;
}

static void end(struct json_writer *w, char bracket)
{
    bool empty = w->first;
    w->depth--;
    w->first = false;
    if (!empty)
        new_line(w);
    buf_addc(w->out, bracket);
}

void json_begin_object(struct json_writer *w, const char *name)
{
    begin(w, name, '{');
}

void json_end_object(struct json_writer *w)
{
    end(w, '}');
}

void json_begin_array(struct json_writer *w, const char *name)
{
    begin(w, name, '[');
}

void json_end_array(struct json_writer *w)
{
    end(w, ']');
}

void json_put_string(struct json_writer *w, const char *name, const char *value)
{
    if (value)
        json_put_bytes(w, name, value, strlen(value));
    else
        json_put_null(w, name);
}

void json_put_bytes(struct json_writer *w, const char *name, const char *bytes, size_t len)
{
    before_value(w, name);
    add_quoted(w->out, bytes, len);
}

void json_put_int(struct json_writer *w, const char *name, int64_t value)
{
    before_value(w, name);
    buf_addf(w->out, "%lld", (long long)value);
}

void json_put_bool(struct json_writer *w, const char *name, bool value)
{
    before_value(w, name);
    buf_adds(w->out, value ? "true" : "false");
}

void json_put_null(struct json_writer *w, const char *name)
{
    before_value(w, name);
    buf_adds(w->out, "null");
}

/* Where a field stands in its struct. */
static void *at(void *base, size_t offset)
{
    return (char *)base + offset;
}

static const void *at_const(const void *base, size_t offset)
{
    return (const char *)base + offset;
}

static int wrong(struct error *err, const struct json_field *field, const char *expected)
{
    error_set(err, ERROR_INVALID, "Cannot read the JSON");
    return error_why(err, "\"%s\" is not %s", field->name, expected);
}

static int decode_object(void *out, const struct json_field *fields, json_t *object, struct error *err);

static int decode_strings(char ***out, const struct json_field *field, json_t *value, struct error *err)
{
    size_t count = json_array_size(value);
    char **strings = mem_array(count + 1, sizeof(*strings));
    *out = strings;
    for (size_t i = 0; i < count; i++) {
        json_t *element = json_array_get(value, i);
        if (!json_is_string(element))
            return wrong(err, field, "a list of strings");
        strings[i] = mem_string(json_string_value(element));
    }
    return 0;
}

static int decode_objects(void *out, const struct json_field *field, json_t *value, struct error *err)
{
    size_t count = json_array_size(value);
    char *items = mem_array(count, field->size);
    *(void **)at(out, field->offset) = items;
    for (size_t i = 0; i < count; i++) {
        json_t *element = json_array_get(value, i);
        if (!json_is_object(element))
            return wrong(err, field, "a list of objects");
        *(size_t *)at(out, field->count_offset) = i + 1;
        if (decode_object(items + i * field->size, field->fields, element, err) < 0)
            return -1;
    }
    return 0;
}

static int decode_field(void *out, const struct json_field *field, json_t *value, struct error *err)
{
    switch (field->kind) {
    case JSON_FIELD_STRING:
        if (!json_is_string(value))
            return wrong(err, field, "a string");
        *(char **)at(out, field->offset) = mem_string(json_string_value(value));
        return 0;
    case JSON_FIELD_INT:
        if (!json_is_integer(value))
            return wrong(err, field, "a whole number");
        *(int64_t *)at(out, field->offset) = json_integer_value(value);
        return 0;
    case JSON_FIELD_BOOL:
        if (!json_is_boolean(value))
            return wrong(err, field, "true or false");
        *(bool *)at(out, field->offset) = json_is_true(value);
        return 0;
    case JSON_FIELD_STRINGS:
        if (!json_is_array(value))
            return wrong(err, field, "a list of strings");
        return decode_strings(at(out, field->offset), field, value, err);
    case JSON_FIELD_OBJECTS:
        if (!json_is_array(value))
            return wrong(err, field, "a list of objects");
        return decode_objects(out, field, value, err);
    case JSON_FIELD_END:
        break;
    }
    return 0;
}

static int decode_object(void *out, const struct json_field *fields, json_t *object, struct error *err)
{
    for (const struct json_field *field = fields; field->kind != JSON_FIELD_END; field++) {
        json_t *value = json_object_get(object, field->name);
        if (value && !json_is_null(value)) {
            if (decode_field(out, field, value, err) < 0)
                return -1;
        } else if (field->required) {
            error_set(err, ERROR_INVALID, "Cannot read the JSON");
            return error_why(err, "\"%s\" is missing", field->name);
        }
    }
    return 0;
}

int json_decode(void *out, const struct json_field *fields, const char *bytes, size_t len, struct error *err)
{
    json_error_t fault;
    json_t *root = json_loadb(bytes ? bytes : "", len, JSON_REJECT_DUPLICATES, &fault);
    if (!root) {
        error_set(err, ERROR_INVALID, "Cannot read the JSON");
        return error_why(err, "line %d, column %d: %s", fault.line, fault.column, fault.text);
    }
    int result;
    if (json_is_object(root)) {
        result = decode_object(out, fields, root, err);
    } else {
        error_set(err, ERROR_INVALID, "Cannot read the JSON");
        result = error_why(err, "it is not an object");
    }
    json_decref(root);
    if (result < 0)
        json_fields_clear(out, fields);
    return result;
}

static void encode_strings(struct json_writer *w, const char *name, char *const *strings)
{
    if (!strings) {
        json_put_null(w, name);
        return;
    }
    json_begin_array(w, name);
    for (size_t i = 0; strings[i]; i++)
        json_put_string(w, NULL, strings[i]);
    json_end_array(w);
}

static void encode_objects(struct json_writer *w, const struct json_field *field, const void *in)
{
    const char *items = *(const char *const *)at_const(in, field->offset);
    size_t count = *(const size_t *)at_const(in, field->count_offset);
    json_begin_array(w, field->name);
    for (size_t i = 0; i < count; i++) {
        json_begin_object(w, NULL);
        json_encode_members(w, field->fields, items + i * field->size);
        json_end_object(w);
    }
    json_end_array(w);
}

void json_encode_members(struct json_writer *w, const struct json_field *fields, const void *in)
{
    for (const struct json_field *field = fields; field->kind != JSON_FIELD_END; field++) {
        const void *value = at_const(in, field->offset);
        switch (field->kind) {
        case JSON_FIELD_STRING:
            json_put_string(w, field->name, *(const char *const *)value);
            break;
        case JSON_FIELD_INT:
            json_put_int(w, field->name, *(const int64_t *)value);
            break;
        case JSON_FIELD_BOOL:
            json_put_bool(w, field->name, *(const bool *)value);
            break;
        case JSON_FIELD_STRINGS:
            encode_strings(w, field->name, *(char *const *const *)value);
            break;
        case JSON_FIELD_OBJECTS:
            encode_objects(w, field, in);
            break;
        case JSON_FIELD_END:
            break;
        }
    }
}

static void clear_objects(void *in, const struct json_field *field)
{
    char **items = at(in, field->offset);
    size_t *count = at(in, field->count_offset);
    for (size_t i = 0; i < *count; i++)
        json_fields_clear(*items + i * field->size, field->fields);
    free(*items);
    *items = NULL;
    *count = 0;
}

void json_fields_clear(void *in, const struct json_field *fields)
{
    for (const struct json_field *field = fields; field->kind != JSON_FIELD_END; field++) {
        void *value = at(in, field->offset);
        char **strings;
        switch (field->kind) {
        case JSON_FIELD_STRING:
            free_string(value);
            break;
        case JSON_FIELD_INT:
            *(int64_t *)value = 0;
            break;
        case JSON_FIELD_BOOL:
            *(bool *)value = false;
            break;
        case JSON_FIELD_STRINGS:
            strings = *(char ***)value;
            for (size_t i = 0; strings && strings[i]; i++)
                free(strings[i]);
            free(strings);
            *(char ***)value = NULL;
            break;
        case JSON_FIELD_OBJECTS:
            clear_objects(in, field);
            break;
        case JSON_FIELD_END:
            break;
        }
    }
}
