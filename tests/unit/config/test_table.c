#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "config/table.h"

static void names_are_found_as_git_compares_them(void **state)
{
    (void)state;
    assert_non_null(config_key_find("release.tagPattern"));
    assert_ptr_equal(config_key_find("RELEASE.TAGPATTERN"), config_key_find("release.tagPattern"));
    assert_string_equal(config_key_find("service.my.api.path")->name, "service.*.path");
    assert_string_equal(config_key_find("environment.production.protected")->name, "environment.*.protected");
    assert_null(config_key_find("service.path"));
    assert_null(config_key_find("service..path"));
    assert_null(config_key_find("release.x.mode"));
    assert_null(config_key_find("release"));
    assert_null(config_key_find(""));
}

static void every_key_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < config_key_count; i++) {
        const struct config_key *key = &config_keys[i];
        struct error err = {0};
        size_t len = strlen(key->meaning);
        assert_true(len > 10 && key->meaning[len - 1] == '.');
        assert_true(key->type != CONFIG_CHOICE || key->choices);
        /* A default that is not found out must be a value the key takes. */
        if (*key->fallback && config_check_value(key, key->fallback, &err) < 0)
            fail_msg("%s: %s: %s", key->name, err.what, err.why);
    }
}

static bool fits(const char *name, const char *value)
{
    struct error err = {0};
    int result = config_check_value(config_key_find(name), value, &err);
    if (result < 0) {
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_true(err.what[0]);
    }
    return result == 0;
}

static void values_are_checked(void **state)
{
    (void)state;
    assert_true(fits("release.push", "Yes"));
    assert_false(fits("release.push", "maybe"));
    assert_false(fits("release.push", ""));
    assert_true(fits("release.mode", "pull-request"));
    assert_false(fits("release.mode", "Direct"));
    assert_true(fits("release.tagPattern", "api/v*"));
    assert_false(fits("release.tagPattern", "v"));
    assert_false(fits("release.tagPattern", "v**"));
    assert_false(fits("release.tagPattern", "-v*"));
    assert_false(fits("release.tagPattern", "a b*"));
    assert_true(fits("release.remote", "origin"));
    assert_false(fits("release.remote", "--upload-pack=evil"));
    assert_false(fits("release.remote", "ext::sh -c evil"));
    assert_false(fits("release.branch", "a..b"));
    assert_true(fits("release.branch", ""));
    assert_true(fits("release.changelog", "docs/CHANGELOG.md"));
    assert_false(fits("release.changelog", "/etc/passwd"));
    assert_false(fits("release.changelog", "a/../../b"));
    assert_false(fits("release.changelog", ".git/config"));
    assert_false(fits("service.api.path", "x/.GIT/hooks"));
    assert_true(fits("release.versionFiles", "package.json, \"a, b.h:x *\""));
    assert_false(fits("release.versionFiles", "\"open"));
}

static void versions_are_checked_as_semver_says(void **state)
{
    (void)state;
    static const char *const good[] = {"0.1.0", "1.0.0-rc.1", "10.20.30", "1.0.0-0a.b-c", "99999999999999999999.0.0"};
    static const char *const bad[] = {"1",          "1.0",    "01.0.0", "1.0.0-", "1.0.0-01",
                                      "1.0.0-a..b", "v1.0.0", "1.0.0 ", "a.b.c"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_true(fits("release.initialVersion", good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        if (fits("release.initialVersion", bad[i]))
            fail_msg("%s is taken for a version", bad[i]);
}

static void lists_are_parted_by_commas(void **state)
{
    (void)state;
    static const char list[] = " a ,b c,, \"d, e\" f , v.h:#define V \"*\" , \"x:(\\\"*\\\", 1)\",w:\\\"*\\\"";
    static const char *const expected[] = {"a", "b c", "d, e f", "v.h:#define V \"*\"", "x:(\"*\", 1)", "w:\"*\""};
    assert_true(config_list_closed(list));
    char **parts = config_split(list);
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(parts[i], expected[i]);
    assert_null(parts[COUNT(expected)]);
    config_split_free(parts);
    assert_true(config_list_closed("a:5\" wide"));
    assert_false(config_list_closed("a, \"b, c"));
    parts = config_split("");
    assert_null(parts[0]);
    config_split_free(parts);
}

static void the_nearest_name_is_offered(void **state)
{
    (void)state;
    char near[128];
    assert_string_equal(config_key_suggest(near, sizeof(near), "release.tagpatern"), "release.tagPattern");
    assert_string_equal(config_key_suggest(near, sizeof(near), "something.else.entirely"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_as_git_compares_them),
        cmocka_unit_test(every_key_is_whole),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(versions_are_checked_as_semver_says),
        cmocka_unit_test(lists_are_parted_by_commas),
        cmocka_unit_test(the_nearest_name_is_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
