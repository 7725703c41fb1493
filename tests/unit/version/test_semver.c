/* SemVer against the published vectors, and what they do not cover. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/memory.h"
#include "tests/unit/version/shared_data.h"
#include "version/semver.h"

static json_t *vectors;

static bool have_vectors(void)
{
    static bool looked;
    if (!looked) {
        looked = true;
        CLEANUP(free_string) char *path = shared_data("version-data/semver-vectors.json");
        if (path)
            vectors = json_load_file(path, JSON_ALLOW_NUL, NULL);
        if (path && !vectors)
            fail_msg("%s is not JSON", path);
    }
    return vectors != NULL;
}

static struct semver of(json_t *value)
{
    struct semver v;
    if (!semver_parse(&v, json_string_value(value), json_string_length(value)))
        fail_msg("not taken as a version: %s", json_string_value(value));
    return v;
}

static struct semver version(const char *text)
{
    struct semver v;
    if (!semver_parse_string(&v, text))
        fail_msg("not taken as a version: %s", text);
    return v;
}

static void test_valid_and_invalid(void **state)
{
    (void)state;
    if (!have_vectors())
        return;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(vectors, "valid"), i, item) of(json_object_get(item, "v"));
    assert_true(i > 50);
    json_array_foreach(json_object_get(vectors, "invalid"), i, item)
    {
        json_t *text = json_object_get(item, "v");
        struct semver v;
        struct error err;
        if (semver_parse(&v, json_string_value(text), json_string_length(text)))
            fail_msg("taken as a version: %s", json_string_value(text));
        assert_int_equal(semver_read(&v, json_string_value(text), json_string_length(text), &err), -1);
        assert_true(err.kind == ERROR_INVALID && err.why[0] && err.todo[0]);
    }
    assert_true(i > 50);
    /* What others take for a version with decoration around is refused, and the version itself taken. */
    json_array_foreach(json_object_get(vectors, "loose_equal_prefix"), i, item)
    {
        struct semver v;
        of(json_array_get(item, 0));
        assert_false(semver_parse_string(&v, json_string_value(json_array_get(item, 1))));
    }
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void test_order(void **state)
{
    (void)state;
    if (!have_vectors())
        return;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(vectors, "ordering_chains_ascending"), i, item)
    {
        json_t *chain = json_object_get(item, "chain");
        for (size_t a = 0; a < json_array_size(chain); a++)
            for (size_t b = 0; b < json_array_size(chain); b++) {
                struct semver x = of(json_array_get(chain, a)), y = of(json_array_get(chain, b));
                assert_int_equal(sign(semver_compare(&x, &y)), (a > b) - (a < b));
            }
    }
    assert_true(i > 5);
    json_array_foreach(json_object_get(vectors, "compare_pairs"), i, item)
    {
        struct semver a = of(json_object_get(item, "a")), b = of(json_object_get(item, "b"));
        json_t *cmp = json_object_get(item, "cmp"), *gt = json_object_get(item, "gt");
        if (cmp) {
            assert_int_equal(sign(semver_compare(&a, &b)), json_integer_value(cmp));
            assert_int_equal(sign(semver_compare(&b, &a)), -json_integer_value(cmp));
        } else {
            assert_true(json_is_boolean(gt));
            assert_int_equal(semver_compare(&a, &b) > 0, json_is_true(gt));
        }
    }
    json_array_foreach(json_object_get(vectors, "precedence_equal_pairs"), i, item)
    {
        struct semver a = of(json_array_get(item, 0)), b = of(json_array_get(item, 1));
        assert_int_equal(semver_compare(&a, &b), 0);
        assert_int_not_equal(semver_order(&a, &b), 0);
        assert_int_equal(sign(semver_order(&a, &b)), -sign(semver_order(&b, &a)));
    }
}

/* NULL when the bump is refused; the caller frees. */
static char *bumped(const char *from, const char *word, json_t *preid, json_t *base_json)
{
    struct semver v;
    int bump = semver_bump_of(word);
    if (bump < 0 || !semver_parse_string(&v, from))
        return NULL;
    enum semver_base base = json_is_false(base_json) ? SEMVER_NO_NUMBER
                            : json_string_value(base_json) && strcmp(json_string_value(base_json), "1") == 0
                                ? SEMVER_FROM_1
                                : SEMVER_FROM_0;
    if (json_integer_value(base_json) == 1)
        base = SEMVER_FROM_1;
    struct buf out = {0};
    struct error err;
    if (semver_bump(&out, &v, (enum semver_bump)bump, json_string_value(preid), base, &err)) {
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_int_equal(out.len, 0);
        return NULL;
    }
    return buf_take(&out);
}

static void expect(const char *from, const char *bump, const char *got, const char *want)
{
    if ((!got != !want) || (got && strcmp(got, want) != 0))
        fail_msg("%s %s: got %s, not %s", from, bump, got ? got : "a refusal", want ? want : "a refusal");
}

static void test_increments(void **state)
{
    (void)state;
    if (!have_vectors())
        return;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(vectors, "increments_node_semver"), i, item)
    {
        const char *from = json_string_value(json_object_get(item, "from"));
        const char *bump = json_string_value(json_object_get(item, "bump"));
        CLEANUP(free_string)
        char *got = bumped(from, bump, json_object_get(item, "preid"), json_object_get(item, "base"));
        expect(from, bump, got, json_string_value(json_object_get(item, "to")));
    }
    assert_true(i > 100);
    json_array_foreach(json_object_get(vectors, "increments_masterminds"), i, item)
    {
        const char *from = json_string_value(json_object_get(item, "from"));
        const char *bump = json_string_value(json_object_get(item, "bump"));
        /* There a leading v belongs to the version; here it belongs to the tag. */
        CLEANUP(free_string) char *got = bumped(from + (*from == 'v'), bump, NULL, NULL);
        expect(from, bump, got, json_string_value(json_object_get(item, "to")));
    }
    json_array_foreach(json_object_get(vectors, "truncations_node_semver"), i, item)
    {
        const char *from = json_string_value(json_array_get(item, 0));
        const char *word = json_string_value(json_array_get(item, 1));
        CLEANUP(buf_clear) struct buf out = {0};
        struct semver v;
        int part = semver_bump_of(word);
        if (part >= 0 && semver_parse_string(&v, from))
            semver_truncate(&out, &v, (enum semver_bump)part);
        expect(from, word, out.len ? buf_string(&out) : NULL, json_string_value(json_array_get(item, 2)));
    }
}

static void test_known_disagreements(void **state)
{
    (void)state;
    if (!have_vectors())
        return;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(vectors, "known_disagreements"), i, item)
    {
        const char *text = json_string_value(json_object_get(item, "v"));
        json_t *expected = json_object_get(item, "expected");
        struct semver v;
        if (text && !strstr(text, "...")) /* "..." : the list cut it short */
            assert_int_equal(semver_parse_string(&v, text), strcmp(json_string_value(expected), "valid") == 0);
        if (!text) {
            struct semver a = of(json_object_get(item, "a")), b = of(json_object_get(item, "b"));
            int want = json_is_integer(expected) ? (int)json_integer_value(expected) : 0;
            assert_int_equal(sign(semver_compare(&a, &b)), want);
        }
    }
    assert_true(i > 10);
}

static void test_any_length(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf text = {0}, next = {0};
    struct error err;
    for (int i = 0; i < 1000; i++)
        buf_addc(&text, '9');
    buf_adds(&text, ".0.18446744073709551615");
    struct semver v, w;
    assert_true(semver_parse(&v, text.bytes, text.len));
    assert_int_equal(semver_bump(&next, &v, SEMVER_MAJOR, NULL, SEMVER_FROM_0, &err), 0);
    assert_int_equal(next.len, 1001 + 4);
    assert_true(next.bytes[0] == '1' && next.bytes[1] == '0');
    assert_true(semver_parse(&w, next.bytes, next.len));
    assert_true(semver_compare(&v, &w) < 0);
    buf_truncate(&next, 0);
    assert_int_equal(semver_bump(&next, &v, SEMVER_PATCH, NULL, SEMVER_FROM_0, &err), 0);
    assert_string_equal(next.bytes + 1000, ".0.18446744073709551616");
    /* 19 digits are cached, 20 are not: the border is seamless. */
    struct semver a = version("9999999999999999999.0.0"), b = version("10000000000000000000.0.0"),
                  c = version("10000000000000000001.0.0");
    assert_true(semver_compare(&a, &b) < 0 && semver_compare(&b, &c) < 0 && semver_compare(&a, &c) < 0);
}

static void test_start_and_increment(void **state)
{
    (void)state;
    static const struct {
        const char *from, *id, *want;
        enum semver_bump bump;
    } starts[] = {
        {"1.2.3", "beta", "1.3.0-beta.1", SEMVER_MINOR},
        {"1.2.3", "beta", "2.0.0-beta.1", SEMVER_MAJOR},
        {"1.2.3", "rc", "1.2.4-rc.1", SEMVER_PATCH},
        {"1.3.0-beta.2", "rc", "1.3.0-rc.1", SEMVER_MINOR},
        {"1.3.0-beta.2", "beta", NULL, SEMVER_MINOR},
        {"1.3.0-rc.1", "beta", NULL, SEMVER_MINOR},
        {"1.3.0-beta.2", "beta", "2.0.0-beta.1", SEMVER_MAJOR},
        {"1.2.3", "be ta", NULL, SEMVER_MINOR},
        {"1.2.3+b.7", "", "1.3.0-1", SEMVER_MINOR},
        {"1.2.3", "a+b", NULL, SEMVER_MINOR},
    };
    struct error err;
    for (size_t i = 0; i < COUNT(starts); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct semver v = version(starts[i].from);
        int result = semver_start(&out, &v, starts[i].bump, starts[i].id, &err);
        expect(starts[i].from, starts[i].id, result ? NULL : buf_string(&out), starts[i].want);
        assert_true(result == 0 || (out.len == 0 && err.kind == ERROR_INVALID));
    }
    static const char *const ups[][2] = {{"1.3.0-beta.1", "1.3.0-beta.2"},
                                         {"1.3.0-beta", "1.3.0-beta.1"},
                                         {"1.3.0-beta.9+x", "1.3.0-beta.10"},
                                         {"1.3.0", NULL}};
    for (size_t i = 0; i < COUNT(ups); i++) {
        CLEANUP(buf_clear) struct buf out = {0};
        struct semver v = version(ups[i][0]);
        int result = semver_increment(&out, &v, &err);
        expect(ups[i][0], "increment", result ? NULL : buf_string(&out), ups[i][1]);
    }
}

static void test_sort(void **state)
{
    (void)state;
    const char *texts[] = {"1.0.0-rc2", "1.0.0",     "0.9.0",   "1.0.0-rc10", "1.0.0+b",
                           "10.0.0",    "1.0.0-rc1", "1.0.0+a", "2.0.0"};
    const char *sorted[] = {"0.9.0",   "1.0.0-rc1", "1.0.0-rc10", "1.0.0-rc2", "1.0.0",
                            "1.0.0+a", "1.0.0+b",   "2.0.0",      "10.0.0"};
    struct semver items[COUNT(texts)];
    for (size_t i = 0; i < COUNT(texts); i++)
        items[i] = version(texts[i]);
    semver_sort(items, COUNT(texts));
    for (size_t i = 0; i < COUNT(texts); i++)
        assert_string_equal(items[i].text, sorted[i]);
}

static void test_errors_say_where(void **state)
{
    (void)state;
    struct semver v;
    struct error err;
    assert_int_equal(semver_read(&v, "1.02.3", 6, &err), -1);
    assert_non_null(strstr(err.why, "character 3"));
    assert_non_null(strstr(err.why, "leading zero"));
    assert_int_equal(semver_read(&v, "1.2.3 ", 6, &err), -1);
    assert_non_null(strstr(err.why, "character 6"));
    assert_int_equal(semver_read(&v, "\x1b[2J", 4, &err), -1);
    assert_null(strchr(err.what, 0x1b));
}

static int forget(void **state)
{
    (void)state;
    json_decref(vectors);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid_and_invalid),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_increments),
        cmocka_unit_test(test_known_disagreements),
        cmocka_unit_test(test_any_length),
        cmocka_unit_test(test_start_and_increment),
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_errors_say_where),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
