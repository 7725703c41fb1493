#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/utf8.h"

static void every_code_point_comes_back(void **state)
{
    (void)state;
    for (int32_t c = 0; c < 0x110000; c++) {
        char bytes[4];
        int32_t again = -1;
        size_t len = utf8_encode(bytes, c);
        if (c >= 0xD800 && c < 0xE000) {
            assert_int_equal(len, 0);
            continue;
        }
        assert_in_range(len, 1, 4);
        assert_int_equal(utf8_decode(&again, bytes, len), len);
        assert_int_equal(again, c);
        /* Cut short it is nothing. */
        assert_int_equal(utf8_decode(&again, bytes, len - 1), 0);
    }
    char bytes[4];
    assert_int_equal(utf8_encode(bytes, -1), 0);
    assert_int_equal(utf8_encode(bytes, 0x110000), 0);
}

static void bad_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        int32_t c = 7;
        assert_int_equal(utf8_decode(&c, bad[i], strlen(bad[i])), 0);
        assert_int_equal(c, 7);
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
    assert_true(utf8_valid("", 0));
    assert_true(utf8_valid("a\0日本", 8));
    assert_false(utf8_valid("日本", 5));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_point_comes_back),
        cmocka_unit_test(bad_bytes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
