/* Version files: what is edited, what keeps its bytes, what is refused. The JSON scanner beside jansson. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "version/json_scan.h"
#include "version/version_file.h"

static const struct {
    const char *spec, *before, *after, *version; /* after: with 2.0.0 */
} good[] = {
    {"package.json", "{ \"name\": \"a\",\n\t\"dep\": {\"version\": \"1.2.3\"}, \"version\" : \"1.2.3\"}\r\n",
     "{ \"name\": \"a\",\n\t\"dep\": {\"version\": \"1.2.3\"}, \"version\" : \"2.0.0\"}\r\n", "1.2.3"},
    {"a/package.json", "\xef\xbb\xbf{\"version\":\"\"}", "\xef\xbb\xbf{\"version\":\"2.0.0\"}", ""},
    {"package.json", "{\"v\\u0065rsion\":\"1.0.0\",\"big\":12345678901234567890,\"f\":25.50}",
     "{\"v\\u0065rsion\":\"2.0.0\",\"big\":12345678901234567890,\"f\":25.50}", "1.0.0"},
    {"package-lock.json",
     "{\"version\":\"1.0.0\",\"packages\":{\"\":{\"version\":\"1.0.0\"},\"node_modules/x\":{\"version\":\"1.0.0\"}}}",
     "{\"version\":\"2.0.0\",\"packages\":{\"\":{\"version\":\"2.0.0\"},\"node_modules/x\":{\"version\":\"1.0.0\"}}}",
     "1.0.0"},
    {"npm-shrinkwrap.json", "{\"version\":\"1.0.0\",\"dependencies\":{\"x\":{\"version\":\"1.0.0\"}}}",
     "{\"version\":\"2.0.0\",\"dependencies\":{\"x\":{\"version\":\"1.0.0\"}}}", "1.0.0"},
    {"app.json",
     "{\"expo\":{\"android\":{\"versionCode\": 99 "
     "},\"ios\":{\"buildNumber\":\"9\"},\"version\":\"1.0.0\"},\"version\":\"7\"}",
     "{\"expo\":{\"android\":{\"versionCode\": 100 "
     "},\"ios\":{\"buildNumber\":\"10\"},\"version\":\"2.0.0\"},\"version\":\"7\"}",
     "1.0.0"},
    {"app.json", "{\"expo\":{\"version\":\"1.0.0\",\"ios\":{\"buildNumber\":\"1.0.9\"}}}",
     "{\"expo\":{\"version\":\"2.0.0\",\"ios\":{\"buildNumber\":\"1.0.10\"}}}", "1.0.0"},
    {"Cargo.toml",
     "[package]\nname = \"a\" # version = \"9\"\nversion = \"1.0.0\" # ours\n[dependencies]\nx = { version = "
     "\"1.0.0\" }\n",
     "[package]\nname = \"a\" # version = \"9\"\nversion = \"2.0.0\" # ours\n[dependencies]\nx = { version = "
     "\"1.0.0\" }\n",
     "1.0.0"},
    {"Cargo.toml", "[workspace]\nmembers = [\n  \"a\", # ]\n]\n[workspace.package]\r\nversion='1.0.0'\r\n",
     "[workspace]\nmembers = [\n  \"a\", # ]\n]\n[workspace.package]\r\nversion='2.0.0'\r\n", "1.0.0"},
    {"Cargo.toml", "[package]\nversion.workspace = true\n[workspace.package]\nversion = \"1.0.0\"\n",
     "[package]\nversion.workspace = true\n[workspace.package]\nversion = \"2.0.0\"\n", "1.0.0"},
    {"Cargo.toml", "package = { name = \"a\", version = \"1.0.0\" }\n",
     "package = { name = \"a\", version = \"2.0.0\" }\n", "1.0.0"},
    {"Cargo.toml", "[package]\ndescription = \"\"\"\nversion = \"9.9.9\"\n\"\"\"\nversion = \"1.0.0\"",
     "[package]\ndescription = \"\"\"\nversion = \"9.9.9\"\n\"\"\"\nversion = \"2.0.0\"", "1.0.0"},
    {"pyproject.toml", "[project]\nname = \"a\"\nversion = \"1.0.0b1\"\n[tool.x]\nversion = \"1\"\n",
     "[project]\nname = \"a\"\nversion = \"2.0.0\"\n[tool.x]\nversion = \"1\"\n", "1.0.0b1"},
    {"pyproject.toml", "[project]\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"1.0.0\"\n",
     "[project]\ndynamic = [\"version\"]\n[tool.poetry]\nversion = \"2.0.0\"\n", "1.0.0"},
    {"VERSION", "1.0.0\n", "2.0.0\n", "1.0.0"},
    {"lib/version.txt", "v1.0.0-rc.1\r\n", "v2.0.0\r\n", "1.0.0-rc.1"},
    {"VERSION", "1.0.0", "2.0.0", "1.0.0"},
    {"src/version.h:#define VERSION \"*\"", "#define VERSION \"1.0.0\"\n#define VERSION_MAJOR 1\n",
     "#define VERSION \"2.0.0\"\n#define VERSION_MAJOR 1\n", "1.0.0"},
    {"a.txt:v*-final", "this is v1.0.0-final.\n", "this is v2.0.0-final.\n", "1.0.0"},
    {"docs/conf.py:release = '*'", "release = '1.0.0-rc.1'\n", "release = '2.0.0'\n", "1.0.0-rc.1"},
};

static void test_good(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct error err;
        CLEANUP(buf_clear) struct buf now = {0};
        CLEANUP(buf_clear) struct buf after = {0};
        CLEANUP(buf_clear) struct buf again = {0};
        size_t len = strlen(good[i].before);
        if (version_file_read(&now, good[i].spec, good[i].before, len, &err))
            fail_msg("%zu %s: %s: %s", i, good[i].spec, err.what, err.why);
        assert_string_equal(buf_string(&now), good[i].version);
        assert_int_equal(version_file_write(&after, good[i].spec, good[i].before, len, "2.0.0", &err), 0);
        assert_string_equal(buf_string(&after), good[i].after);
        /* Done twice is done once, counters too. */
        assert_int_equal(version_file_write(&again, good[i].spec, after.bytes, after.len, "2.0.0", &err), 0);
        assert_string_equal(buf_string(&again), good[i].after);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const struct {
        const char *spec, *bytes, *why;
        enum error_kind kind;
    } bad[] = {
        {"package.json", "{\"name\":\"a\"}", "", ERROR_NOT_FOUND},
        {"package.json", "{\"x\":{\"version\":\"1.0.0\"}}", "", ERROR_NOT_FOUND},
        {"package.json", "{\"version\":\"1\",\n\"version\":\"2\"}", "line 2", ERROR_INVALID},
        {"package.json", "{\"version\":\"1\",\"v\\u0065rsion\":\"2\"}", "line 1", ERROR_INVALID},
        {"package.json", "{\"version\":1}", "line 1", ERROR_INVALID},
        {"package.json", "{\"version\":\"1\",}", "line 1", ERROR_INVALID},
        {"package.json", "[\"version\"]", "", ERROR_NOT_FOUND},
        {"package.json", "{\"\":0}", "", ERROR_NOT_FOUND},
        {"package.json", "{\n// x\n}", "line 2", ERROR_INVALID},
        {"package.json", "", "line 1", ERROR_INVALID},
        {"app.json", "{\"name\":\"a\"}", "", ERROR_NOT_FOUND},
        {"app.json", "{\"expo\":{\"version\":\"1\",\"ios\":{\"buildNumber\":9}}}", "line 1", ERROR_INVALID},
        {"app.json", "{\"expo\":{\"version\":\"1\",\"ios\":{\"buildNumber\":\"a\"}}}", "line 1", ERROR_INVALID},
        {"app.json", "{\"expo\":{\"version\":\"1\",\"android\":{\"versionCode\":\"9\"}}}", "line 1", ERROR_INVALID},
        {"app.json", "{\"expo\":{\"version\":\"1\",\"android\":{\"versionCode\":2100000000}}}", "line 1",
         ERROR_INVALID},
        {"app.json", "{\"expo\":{\"version\":\"1\",\"android\":{\"versionCode\":9.0}}}", "line 1", ERROR_INVALID},
        {"Cargo.toml", "[package]\nname=\"a\"\n", "", ERROR_NOT_FOUND},
        {"Cargo.toml", "[package]\nversion.workspace = true\n", "workspace", ERROR_NOT_FOUND},
        {"Cargo.toml", "[[package]]\nversion = \"1.0.0\"\n", "", ERROR_NOT_FOUND},
        {"Cargo.toml", "[package]\nversion = \"1\"\nversion = \"2\"\n", "line 3", ERROR_INVALID},
        {"Cargo.toml", "[package]\nversion = \"\"\"1.0.0\"\"\"\n", "line 2", ERROR_INVALID},
        {"Cargo.toml", "[package]\nversion = \"1.0.0\n", "line 2", ERROR_INVALID},
        {"Cargo.toml", "[package]\nx = [1, 2\nversion = \"1.0.0\"\n", "line 3", ERROR_INVALID},
        {"Cargo.toml", "[package\n", "line 1", ERROR_INVALID},
        {"Cargo.toml", "[package]\nversion = 1.0\n", "line 2", ERROR_INVALID},
        {"pyproject.toml", "[project]\ndynamic = [\"x\", \"version\"]\n", "dynamic", ERROR_INVALID},
        {"pyproject.toml", "[tool.ruff]\nversion = \"1\"\n", "", ERROR_NOT_FOUND},
        {"VERSION", "", "", ERROR_NOT_FOUND},
        {"VERSION", "1.0.0\n2.0.0\n", "line 2", ERROR_INVALID},
        {"VERSION", "one\n", "line 1", ERROR_INVALID},
        {"x:V=*;", "V=1.0.0;\nV=1.0.1;\n", "line 2", ERROR_INVALID},
        {"x:V=*;", "V=1.0;\n", "", ERROR_NOT_FOUND},
        {"x:V=*;", "", "", ERROR_NOT_FOUND},
        {"unknown.txt", "1.0.0\n", "known are", ERROR_INVALID},
        {"x:no star", "1.0.0\n", "exactly one", ERROR_INVALID},
        {"x:*", "1.0.0\n", "exactly one", ERROR_INVALID},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct error err;
        CLEANUP(buf_clear) struct buf out = {0};
        if (version_file_write(&out, bad[i].spec, bad[i].bytes, strlen(bad[i].bytes), "2.0.0", &err) == 0)
            fail_msg("taken: %s with %s", bad[i].spec, bad[i].bytes);
        if (err.kind != bad[i].kind || !strstr(err.why, bad[i].why) || !err.todo[0])
            fail_msg("%zu %s: %s: %s: %s", i, bad[i].spec, error_kind_name(err.kind), err.what, err.why);
        assert_int_equal(out.len, 0);
    }
    struct error err;
    CLEANUP(buf_clear) struct buf out = {0};
    assert_int_equal(version_file_write(&out, "VERSION", "1.0.0", 5, "2.0\"", &err), -1);
}

static void test_words_of_edits(void **state)
{
    (void)state;
    static const char text[] = "{\"expo\":{\"ios\":{\"buildNumber\":\"41\"},\"version\":\"1.0.0\"}}";
    struct version_edits edits;
    struct error err;
    assert_int_equal(version_file_plan(&edits, "app.json", text, strlen(text), "1.1.0", &err), 0);
    assert_int_equal(edits.count, 2);
    assert_string_equal(edits.items[0].name, "expo.ios.buildNumber");
    assert_string_equal(edits.items[0].from, "41");
    assert_string_equal(edits.items[0].to, "42");
    assert_string_equal(edits.items[1].name, "expo.version");
    assert_string_equal(edits.items[1].to, "1.1.0");
    version_edits_clear(&edits);
}

/* jansson takes what the scanner takes, and nothing else: texts made by breaking a good one at random, the same each time. */
static void test_scanner_beside_jansson(void **state)
{
    (void)state;
    static const char seed[] = "{\"a\": [1, -0.5e+10, true, false, null, {}, []], \"b\\u00e9\\ud83d\\ude00\": "
                               "\"\xc3\xa9 \\\" \\\\ \\n\", \"c\": {\"d\": [[[0]]], \"e\": \"\"}}";
    static const char bits[] = "{}[],:\"\\ eE+-.0123456789tfnu\n\t\xc3\xa9\x01\xff"
                               "ab";
    unsigned random = 1;
    int taken = 0, refused = 0;
    for (int i = 0; i < 20000; i++) {
        char text[256];
        size_t len = strlen(seed);
        memcpy(text, seed, len);
        for (int n = i % 4; n > 0; n--) {
            random = random * 1103515245 + 12345;
            size_t at = (random >> 8) % len;
            random = random * 1103515245 + 12345;
            char c = bits[(random >> 8) % (sizeof(bits) - 1)];
            if (random >> 30 == 0) {
                memmove(text + at, text + at + 1, len - at - 1);
                len--;
            } else if (random >> 30 == 1 && len < sizeof(text)) {
                memmove(text + at + 1, text + at, len - at);
                text[at] = c;
                len++;
            } else {
                text[at] = c;
            }
        }
        struct json_scan scan;
        struct error err;
        json_error_t why;
        json_t *tree = json_loadb(text, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
        int result = json_scan(&scan, text, len, &err);
        json_scan_clear(&scan);
        /* A number out of jansson's range is a number all the same, and so is a key with a NUL a key. */
        bool range = !tree && (json_error_code(&why) == json_error_numeric_overflow ||
                               json_error_code(&why) == json_error_null_byte_in_key);
        if (!range && (tree != NULL) != (result == 0))
            fail_msg("jansson %s (%s), the scanner %s: %.*s", tree ? "takes" : "refuses", why.text,
                     result ? err.why : "takes", (int)len, text);
        taken += tree != NULL;
        refused += !tree;
        json_decref(tree);
    }
    assert_true(taken > 1000 && refused > 1000);
}

static void test_scanner_depth(void **state)
{
    (void)state;
    struct error err;
    struct json_scan scan;
    CLEANUP(buf_clear) struct buf deep = {0};
    for (int i = 0; i < 100000; i++)
        buf_addc(&deep, '[');
    assert_int_equal(json_scan(&scan, deep.bytes, deep.len, &err), -1);
    assert_non_null(strstr(err.why, "deep"));
    buf_truncate(&deep, 0);
    buf_adds(&deep, "x = ");
    for (int i = 0; i < 100000; i++)
        buf_addc(&deep, '[');
    CLEANUP(buf_clear) struct buf out = {0};
    assert_int_equal(version_file_read(&out, "Cargo.toml", deep.bytes, deep.len, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),           cmocka_unit_test(test_bad),
        cmocka_unit_test(test_words_of_edits), cmocka_unit_test(test_scanner_beside_jansson),
        cmocka_unit_test(test_scanner_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
