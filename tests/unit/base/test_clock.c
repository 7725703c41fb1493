#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/clock.h"

static const int64_t AT = 1795356429000; /* 2026-11-22T14:07:09Z */

static void writes_instants(void **state)
{
    (void)state;
    char out[32];
    assert_string_equal(clock_iso(out, sizeof(out), AT).safe, "2026-11-22T14:07:09Z");
    assert_string_equal(clock_iso(out, sizeof(out), AT + 7).safe, "2026-11-22T14:07:09.007Z");
    assert_string_equal(clock_iso(out, sizeof(out), 0).safe, "1970-01-01T00:00:00Z");
    assert_string_equal(clock_iso(out, sizeof(out), -1).safe, "1969-12-31T23:59:59.999Z");
    assert_string_equal(clock_date(out, sizeof(out), AT).safe, "2026-11-22");
    assert_true(clock_iso(out, sizeof(out), INT64_MAX).len < sizeof(out));
    assert_true(clock_iso(out, sizeof(out), INT64_MIN).len < sizeof(out));
}

static void reads_what_it_wrote(void **state)
{
    (void)state;
    static const int64_t instants[] = {0, -1, -86400000, 1, 999, 951782400000, 253402300799999};
    for (size_t i = 0; i < COUNT(instants); i++) {
        char out[32];
        int64_t again = 42;
        clock_iso(out, sizeof(out), instants[i]);
        assert_true(clock_parse_iso(&again, out));
        assert_int_equal(again, instants[i]);
    }
}

static void refuses_what_it_did_not_write(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "2026-11-22",
        "2026-11-22T14:07:09",
        "2026-11-22T14:07:09+01:00",
        "2026-11-22T14:07:09.7Z",
        "2026-11-22T14:07:09.0077Z",
        "2026-11-22T14:07:09.Z",
        "2026-11-22T14:07:09Z ",
        " 2026-11-22T14:07:09Z",
        "2026-1-22T14:07:09Z",
        "2026-11-22T4:07:09Z",
        "2026-02-30T14:07:09Z",
        "2026-11-22 14:07:09Z",
        "2026-11-22T14:07:60Z",
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        int64_t out = 42;
        if (clock_parse_iso(&out, others[i]) || out != 42)
            fail_msg("took \"%s\"", others[i]);
    }
}

static void ages(void **state)
{
    (void)state;
    static const struct {
        int64_t seconds;
        const char *words;
    } cases[] = {
        {0, "now"},
        {12, "12 s"},
        {59, "59 s"},
        {60, "1 min"},
        {3599, "59 min"},
        {3600, "1 h"},
        {2 * 86400, "2 d"},
        {13 * 86400, "13 d"},
        {14 * 86400, "2 w"},
        {69 * 86400, "9 w"},
        {70 * 86400, "2 mo"},
        {729 * 86400, "23 mo"},
        {4LL * 366 * 86400, "4 y"},
        {-300, "in 5 min"},
    };
    char out[32];
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_string_equal(clock_age(out, sizeof(out), AT - cases[i].seconds * 1000, AT).safe, cases[i].words);
    assert_string_equal(clock_age(out, sizeof(out), AT, AT + 999).safe, "now");
    assert_true(clock_age(out, sizeof(out), INT64_MIN, INT64_MAX).len > 0);
    assert_true(clock_age(out, sizeof(out), INT64_MAX, INT64_MIN).len > 0);
}

static void durations(void **state)
{
    (void)state;
    char out[32];
    assert_string_equal(clock_duration(out, sizeof(out), 449).safe, "0.4 s");
    assert_string_equal(clock_duration(out, sizeof(out), 12345).safe, "12 s");
    assert_string_equal(clock_duration(out, sizeof(out), 192000).safe, "3m12s");
    assert_string_equal(clock_duration(out, sizeof(out), 7500000).safe, "2h05m");
    assert_string_equal(clock_duration(out, sizeof(out), -5).safe, "0.0 s");
}

static void can_be_fixed(void **state)
{
    (void)state;
    setenv("SOURCE_DATE_EPOCH", "1795356429", 1);
    assert_int_equal(clock_now_ms(), AT);
    static const char *const bad[] = {"", "soon", "12x", "-5", "99999999999999999999"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        setenv("SOURCE_DATE_EPOCH", bad[i], 1);
        assert_true(clock_now_ms() / 1000 >= (int64_t)time(NULL) - 5);
    }
    unsetenv("SOURCE_DATE_EPOCH");
    int64_t before = clock_boot_ms();
    assert_true(clock_boot_ms() >= before);
}

static void wall_shows_the_zone(void **state)
{
    (void)state;
    char out[32];
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    assert_string_equal(clock_wall(out, sizeof(out), AT).safe, "15:07 CET");
    setenv("TZ", "UTC", 1);
    tzset();
    assert_string_equal(clock_wall(out, sizeof(out), AT).safe, "14:07 UTC");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_instants),
        cmocka_unit_test(reads_what_it_wrote),
        cmocka_unit_test(refuses_what_it_did_not_write),
        cmocka_unit_test(ages),
        cmocka_unit_test(durations),
        cmocka_unit_test(can_be_fixed),
        cmocka_unit_test(wall_shows_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
