/* Tag names to versions and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "version/tag_pattern.h"

static void test_fit(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *tag, *version;
        enum tag_fit fit;
    } cases[] = {
        {"v*", "v1.2.3", "1.2.3", TAG_VERSION},
        {"v*", "v1.2.3-rc.1+b", "1.2.3-rc.1+b", TAG_VERSION},
        {"v*", "1.2.3", NULL, TAG_OTHER_PATTERN},
        {"v*", "v1.2", NULL, TAG_NOT_A_VERSION},
        {"v*", "vendor-import", NULL, TAG_NOT_A_VERSION},
        {"v*", "nightly-2024", NULL, TAG_OTHER_PATTERN},
        {"v*", "v", NULL, TAG_NOT_A_VERSION},
        {"*", "1.2.3", "1.2.3", TAG_VERSION},
        {"api-v*", "api-v0.1.0", "0.1.0", TAG_VERSION},
        {"api-v*", "web-v0.1.0", NULL, TAG_OTHER_PATTERN},
        {"r*-final", "r1.2.3-final", "1.2.3", TAG_VERSION},
        {"aa*aa", "aaa", NULL, TAG_OTHER_PATTERN},
        {"v*.*", "v1.2.3", NULL, TAG_OTHER_PATTERN},
        {"v", "v", NULL, TAG_OTHER_PATTERN},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct semver v;
        enum tag_fit fit = tag_pattern_match(&v, cases[i].pattern, cases[i].tag);
        assert_int_equal(fit, cases[i].fit);
        struct text_buf why = {0};
        tag_pattern_why(&why, cases[i].pattern, cases[i].tag);
        assert_int_equal(text_of(&why).len > 0, fit != TAG_VERSION);
        text_buf_clear(&why);
        if (fit != TAG_VERSION)
            continue;
        assert_int_equal(v.len, strlen(cases[i].version));
        assert_memory_equal(v.text, cases[i].version, v.len);
        CLEANUP(buf_clear) struct buf back = {0};
        tag_pattern_name(&back, cases[i].pattern, cases[i].version);
        assert_string_equal(buf_string(&back), cases[i].tag);
    }
}

static void test_check(void **state)
{
    (void)state;
    struct error err;
    static const char *const good[] = {"v*", "*", "api-v*", "team/api/v*", "release-*-final"};
    static const char *const bad[] = {"v",   "",    "v**",  "v *",   "-v*",     "a..*", "v*/",   "a\\*",
                                      "v*.", "~v*", "a//*", "a/.v*", "v*.lock", "x@{*", "v\x01*"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(tag_pattern_check(good[i], &err), 0);
    for (size_t i = 0; i < COUNT(bad); i++) {
        if (tag_pattern_check(bad[i], &err) == 0)
            fail_msg("taken: %s", bad[i]);
        assert_true(err.why[0] && err.todo[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fit), cmocka_unit_test(test_check)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
