#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/memory.h"

struct arg {
    char *name, *value;
};

struct sample {
    char *holder;
    int64_t epoch;
    bool live;
    char **tags;
    struct arg *args;
    size_t arg_count;
};

static const struct json_field arg_fields[] = {
    {"name", JSON_FIELD_STRING, offsetof(struct arg, name), .required = true},
    {"value", JSON_FIELD_STRING, offsetof(struct arg, value)},
    {0},
};

static const struct json_field fields[] = {
    {"holder", JSON_FIELD_STRING, offsetof(struct sample, holder), .required = true},
    {"epoch", JSON_FIELD_INT, offsetof(struct sample, epoch)},
    {"live", JSON_FIELD_BOOL, offsetof(struct sample, live)},
    {"tags", JSON_FIELD_STRINGS, offsetof(struct sample, tags)},
    {"args", JSON_FIELD_OBJECTS, offsetof(struct sample, args), .fields = arg_fields, .size = sizeof(struct arg),
     .count_offset = offsetof(struct sample, arg_count)},
    {0},
};

static int decode(struct sample *out, const char *json, struct error *err)
{
    *out = (struct sample){0};
    return json_decode(out, fields, json, strlen(json), err);
}

static void refused(const char *json, const char *why)
{
    struct sample sample, empty;
    struct error err = {0};
    memset(&empty, 0, sizeof(empty));
    assert_int_equal(decode(&sample, json, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    if (!strstr(err.why, why))
        fail_msg("%s: the reason \"%s\" does not say \"%s\"", json, err.why, why);
    assert_memory_equal(&sample, &empty, sizeof(sample));
}

static void writer_indents_and_separates(void **state UNUSED)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out};
    json_begin_object(&w, NULL);
    json_put_string(&w, "a", "x");
    json_begin_array(&w, "list");
    json_put_int(&w, NULL, INT64_MIN);
    json_put_bool(&w, NULL, true);
    json_put_null(&w, NULL);
    json_end_array(&w);
    json_begin_object(&w, "none");
    json_end_object(&w);
    json_put_string(&w, "absent", NULL);
    json_end_object(&w);
    assert_string_equal(out.bytes, "{\n  \"a\": \"x\",\n  \"list\": [\n    -9223372036854775808,\n    true,\n"
                                   "    null\n  ],\n  \"none\": {},\n  \"absent\": null\n}");
}

static void writer_makes_hostile_bytes_harmless(void **state UNUSED)
{
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain \"quote\" \\", "\"plain \\\"quote\\\" \\\\\""},
        {"\x1b[31m\n\t\x7f", "\"\\u001b[31m\\n\\t\\u007f\""},
        {"\xC2\x9B", "\"\\u009b\""},
        {"a\xE2\x80\xAE"
         "b\xE2\x80\x8B",
         "\"a\\u202eb\\u200b\""},
        {"\xFF\xC3", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xED\xA0\x80", "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\""},
        {"\xF3\xA0\x80\x81", "\"\\udb40\\udc01\""},
        {"gr\xC3\xBC\xC3\x9F", "\"gr\xC3\xBC\xC3\x9F\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct json_writer w = {.out = &out, .compact = true};
        json_put_string(&w, NULL, cases[i].in);
        assert_string_equal(out.bytes, cases[i].out);
    }
    CLEANUP(buf_clear) struct buf out = {0};
    struct json_writer w = {.out = &out, .compact = true};
    json_put_bytes(&w, NULL, "a\0b", 3);
    assert_string_equal(out.bytes, "\"a\\u0000b\"");
}

static void what_is_written_reads_back(void **state UNUSED)
{
    char *tags[] = {"one", "tw\xE2\x80\xAEo", NULL};
    struct arg args[] = {{"commit", "abc\n"}, {"empty", NULL}};
    struct sample in = {.holder = "maria@\"ops\"\x1b",
                        .epoch = INT64_MAX,
                        .live = true,
                        .tags = tags,
                        .args = args,
                        .arg_count = 2},
                  back;
    for (int compact = 0; compact < 2; compact++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct json_writer w = {.out = &out, .compact = compact};
        struct error err = {0};
        json_begin_object(&w, NULL);
        json_encode_members(&w, fields, &in);
        json_end_object(&w);
        assert_int_equal(decode(&back, out.bytes, &err), 0);
        assert_string_equal(back.holder, in.holder);
        assert_int_equal(back.epoch, INT64_MAX);
        assert_true(back.live);
        assert_string_equal(back.tags[1], tags[1]);
        assert_null(back.tags[2]);
        assert_int_equal(back.arg_count, 2);
        assert_string_equal(back.args[0].value, "abc\n");
        assert_null(back.args[1].value);
        json_fields_clear(&back, fields);
        assert_null(back.holder);
        assert_int_equal(back.arg_count, 0);
    }
}

static void what_is_not_meant_is_refused_by_name(void **state UNUSED)
{
    refused("", "line");
    refused("[]", "not an object");
    refused("{}", "\"holder\" is missing");
    refused("{\"holder\":null}", "\"holder\" is missing");
    refused("{\"holder\":1}", "\"holder\" is not a string");
    refused("{\"holder\":\"a\",\"holder\":\"b\"}", "holder");
    refused("{\"holder\":\"a\",\"epoch\":1.0}", "\"epoch\" is not a whole number");
    refused("{\"holder\":\"a\",\"epoch\":9223372036854775808}", "line 1");
    refused("{\"holder\":\"a\",\"live\":0}", "\"live\" is not true or false");
    refused("{\"holder\":\"a\",\"tags\":[\"a\",2]}", "\"tags\" is not a list of strings");
    refused("{\"holder\":\"a\",\"args\":[{\"name\":\"n\"},{}]}", "\"name\" is missing");
    refused("{\"holder\":\"a\",\"args\":[{\"name\":\"n\"},7]}", "\"args\" is not a list of objects");
    refused("{\"holder\":\"a\"} x", "line 1");
    refused("{\"holder\":\"a\\u0000b\"}", "line 1");
    refused("{\"holder\":\"\xFF\"}", "line 1");
}

static void unknown_keys_and_nulls_are_passed_over(void **state UNUSED)
{
    struct sample sample;
    struct error err = {0};
    assert_int_equal(decode(&sample, "{\"new\":{\"a\":[1]},\"holder\":\"\",\"tags\":null,\"epoch\":null}", &err), 0);
    assert_string_equal(sample.holder, "");
    assert_null(sample.tags);
    json_fields_clear(&sample, fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writer_indents_and_separates),
        cmocka_unit_test(writer_makes_hostile_bytes_harmless),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(what_is_not_meant_is_refused_by_name),
        cmocka_unit_test(unknown_keys_and_nulls_are_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
