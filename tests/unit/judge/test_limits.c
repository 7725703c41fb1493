/* k of the last n, and what CloudWatch makes of missing points. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge/limits.h"

/* "0" within, "X" breaching, "-" missing; the newest last, as in the tables of the CloudWatch manual. */
static enum limit_state after(int k, int n, const char *points)
{
    struct limit limit;
    assert_true(limit_init(&limit, 10, false, k, n));
    for (; *points; points++)
        limit_add(&limit, *points == '0' ? 5 : *points == 'X' ? 15 : NAN);
    return limit_state(&limit);
}

static void test_tables(void **state)
{
    (void)state;
    static const struct {
        int k, n;
        const char *points;
        enum limit_state expected;
    } rows[] = {
        {3, 3, "0-X-X", LIMIT_OK},     {3, 3, "----0", LIMIT_OK},    {3, 3, "-----", LIMIT_INSUFFICIENT},
        {3, 3, "0XX-X", LIMIT_ALARM},  {3, 3, "--X--", LIMIT_ALARM}, {3, 3, "----X", LIMIT_OK},
        {2, 3, "0-X-X", LIMIT_ALARM},  {2, 3, "00X0X", LIMIT_ALARM}, {2, 3, "0-X--", LIMIT_OK},
        {2, 3, "----0", LIMIT_OK},     {2, 3, "---X-", LIMIT_ALARM}, {2, 3, "", LIMIT_INSUFFICIENT},
        {1, 1, "0X", LIMIT_ALARM},     {1, 1, "X0", LIMIT_OK},       {3, 5, "XXX000", LIMIT_OK},
        {3, 5, "0XXX00", LIMIT_ALARM},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
        if (after(rows[i].k, rows[i].n, rows[i].points) != rows[i].expected)
            fail_msg("%d of %d, %s: %s", rows[i].k, rows[i].n, rows[i].points,
                     limit_state_name(after(rows[i].k, rows[i].n, rows[i].points)));
}

static void test_bounds(void **state)
{
    (void)state;
    struct limit limit;
    assert_false(limit_init(&limit, NAN, false, 1, 1));
    assert_false(limit_init(&limit, INFINITY, false, 1, 1));
    assert_false(limit_init(&limit, 1, false, 0, 1));
    assert_false(limit_init(&limit, 1, false, 3, 2));
    assert_false(limit_init(&limit, 1, false, 1, LIMIT_POINTS_MAX + 1));
    assert_true(limit_init(&limit, 10, false, 1, 1));
    limit_add(&limit, 10);
    assert_int_equal(limit_state(&limit), LIMIT_OK);
    limit_add(&limit, INFINITY);
    assert_int_equal(limit_state(&limit), LIMIT_OK);
    limit_add(&limit, nextafter(10, 11));
    assert_int_equal(limit_state(&limit), LIMIT_ALARM);
    assert_true(limit_init(&limit, 10, true, 1, LIMIT_POINTS_MAX));
    limit_add(&limit, 9);
    for (int i = 0; i < LIMIT_POINTS_MAX - 1; i++)
        limit_add(&limit, 11);
    assert_int_equal(limit_state(&limit), LIMIT_ALARM);
    limit_add(&limit, 11);
    assert_int_equal(limit_state(&limit), LIMIT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tables), cmocka_unit_test(test_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
