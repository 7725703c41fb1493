/* json_decode() accepts an object just where jansson does, and what it read it writes so that it reads the same. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct item {
    char *name;
};

struct sample {
    char *s;
    int64_t i;
    bool b;
    char **l;
    struct item *o;
    size_t count;
};

static const struct json_field item_fields[] = {{"name", JSON_FIELD_STRING, offsetof(struct item, name)}, {0}};

static const struct json_field fields[] = {
    {"s", JSON_FIELD_STRING, offsetof(struct sample, s)},
    {"i", JSON_FIELD_INT, offsetof(struct sample, i)},
    {"b", JSON_FIELD_BOOL, offsetof(struct sample, b)},
    {"l", JSON_FIELD_STRINGS, offsetof(struct sample, l)},
    {"o", JSON_FIELD_OBJECTS, offsetof(struct sample, o), .fields = item_fields, .size = sizeof(struct item),
     .count_offset = offsetof(struct sample, count)},
    {0},
};

static const struct json_field none[] = {{0}};

static void encode(struct buf *out, const struct sample *sample)
{
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, fields, sample);
    json_end_object(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sample sample = {0}, again = {0};
    struct error err;
    char empty = 0;
    json_t *root = json_loadb(size ? (const char *)data : "", size, JSON_REJECT_DUPLICATES, NULL);
    bool expected = json_is_object(root);
    json_decref(root);
    if ((json_decode(&empty, none, (const char *)data, size, &err) == 0) != expected)
        abort();
    if (json_decode(&sample, fields, (const char *)data, size, &err) < 0)
        return 0;
    struct buf once = {0}, twice = {0};
    encode(&once, &sample);
    if (json_decode(&again, fields, once.bytes, once.len, &err) < 0)
        abort();
    encode(&twice, &again);
    if (once.len != twice.len || memcmp(once.bytes, twice.bytes, once.len) != 0)
        abort();
    buf_clear(&once);
    buf_clear(&twice);
    json_fields_clear(&sample, fields);
    json_fields_clear(&again, fields);
    return 0;
}
