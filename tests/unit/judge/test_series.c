/* Seconds, gaps, counters that jump back, and histograms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge/series.h"
#include "tests/unit/judge/random.h"

static void test_buckets(void **state)
{
    (void)state;
    for (int i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        double edge = histogram_edge(i);
        assert_int_equal(histogram_bucket(edge), i);
        assert_int_equal(histogram_bucket(nextafter(edge, INFINITY)), i + 1);
        assert_true(histogram_edge(i + 1) > edge);
    }
    assert_int_equal(histogram_bucket(0), 0);
    assert_int_equal(histogram_bucket(1e300), HISTOGRAM_BUCKETS - 1);
    assert_int_equal(histogram_bucket(NAN), -1);
    assert_int_equal(histogram_bucket(INFINITY), -1);
    assert_int_equal(histogram_bucket(-1), -1);
    struct histogram h = {0};
    assert_false(histogram_add(&h, NAN, 1));
    assert_int_equal(h.total, 0);
}

static void test_quantiles(void **state)
{
    (void)state;
    struct histogram h = {0};
    assert_true(isnan(histogram_quantile(&h, 0.5)));
    assert_int_equal(histogram_quantile_bucket(&h, 0.5), -1);
    for (int i = 1; i <= 1000; i++)
        assert_true(histogram_add(&h, i, 1));
    const double quantiles[] = {0.01, 0.1, 0.5, 0.9, 0.95, 0.99, 0.999};
    double before = 0;
    for (size_t i = 0; i < sizeof(quantiles) / sizeof(*quantiles); i++) {
        double q = histogram_quantile(&h, quantiles[i]);
        assert_true(fabs(q / (quantiles[i] * 1000) - 1) < 0.045);
        assert_true(q >= before);
        before = q;
    }
    assert_int_equal(histogram_beyond(&h, -1), 1000);
    assert_int_equal(histogram_beyond(&h, HISTOGRAM_BUCKETS - 1), 0);
    int bucket = histogram_bucket(500);
    assert_int_equal(histogram_beyond(&h, bucket), 1000 - (int)histogram_edge(bucket));
    histogram_add(&h, 1e9, 100000);
    assert_true(isinf(histogram_quantile(&h, 0.99)));
}

static void test_merge_is_concatenation(void **state)
{
    (void)state;
    uint64_t seed = 3;
    struct histogram a = {0}, b = {0}, both = {0};
    for (int i = 0; i < 5000; i++) {
        double ms = exp(10 * random_part(&seed));
        histogram_add(i % 3 ? &a : &b, ms, 1);
        histogram_add(&both, ms, 1);
    }
    histogram_merge(&a, &b);
    assert_memory_equal(&a, &both, sizeof(a));
    a.total = a.counts[5] = UINT64_MAX;
    histogram_merge(&a, &b);
    assert_true(a.total == UINT64_MAX && a.counts[5] == UINT64_MAX);
}

static void test_counters(void **state)
{
    (void)state;
    struct counter c = {0};
    uint64_t delta = 7;
    assert_int_equal(counter_read(&delta, &c, 100, 50), COUNTER_FIRST);
    assert_int_equal(counter_read(&delta, &c, 100, 60), COUNTER_REPEATED);
    assert_int_equal(counter_read(&delta, &c, 99, 60), COUNTER_REPEATED);
    assert_int_equal(delta, 7);
    assert_int_equal(counter_read(&delta, &c, 101, 55), COUNTER_DELTA);
    assert_int_equal(delta, 5);
    assert_int_equal(counter_read(&delta, &c, 102, 3), COUNTER_BACK);
    assert_int_equal(delta, 5);
    assert_int_equal(counter_read(&delta, &c, 103, 4), COUNTER_DELTA);
    assert_int_equal(delta, 1);
    /* Asleep for a minute: what was counted meanwhile belongs to no second. */
    assert_int_equal(counter_read(&delta, &c, 163, 900), COUNTER_PAUSE);
    assert_int_equal(delta, 1);
    assert_int_equal(counter_read(&delta, &c, 163 + SERIES_PAUSE_MAX, 901), COUNTER_DELTA);
    struct counter far = {.known = true, .value = 0, .at = INT64_MIN};
    assert_int_equal(counter_read(&delta, &far, INT64_MAX, 1), COUNTER_PAUSE);
}

static void test_gaps(void **state)
{
    (void)state;
    struct series s;
    series_init(&s, 100);
    struct tally t = {10, 1}, wrong = {1, 2};
    size_t present;
    assert_true(series_add(&s, SIDE_STABLE, 5, &t));
    assert_int_equal(s.gaps, 1);
    assert_true(series_add(&s, SIDE_CANARY, 5, &t));
    assert_int_equal(s.gaps, 0);
    assert_int_equal(s.observed, 1);
    assert_false(series_add(&s, SIDE_CANARY, 5, &t));
    assert_false(series_add(&s, SIDE_CANARY, 4, &t));
    assert_false(series_add(&s, SIDE_CANARY, 6, &wrong));
    assert_true(series_add(&s, SIDE_CANARY, 9, &t));
    assert_int_equal(s.gaps, 4);
    assert_int_equal(series_sum(&s, SIDE_CANARY, 0, 9, &present).requests, 10);
    assert_int_equal(present, 1);
    assert_int_equal(series_sum(&s, SIDE_STABLE, 0, 100, &present).errors, 1);
    assert_int_equal(present, 1);
    assert_true(series_comparable(&s, series_get(&s, 0)));
    assert_false(series_comparable(&s, series_get(&s, 1)));
    s.warm_until = 6;
    assert_false(series_comparable(&s, series_get(&s, 0)));
    series_clear(&s);
}

static void test_append_is_concatenation(void **state)
{
    (void)state;
    uint64_t seed = 11;
    for (int run = 0; run < 50; run++) {
        struct series whole, first, second;
        series_init(&whole, 40);
        series_init(&first, 40);
        series_init(&second, 40);
        for (int at = 0; at < 60; at++)
            for (int side = 0; side < SIDES; side++) {
                struct tally t = {(uint64_t)(random_part(&seed) * 100) + 10, (uint64_t)(random_part(&seed) * 10)};
                if (random_part(&seed) < 0.3)
                    continue;
                assert_true(series_add(&whole, (enum side)side, at, &t));
                assert_true(series_add(at < 30 ? &first : &second, (enum side)side, at, &t));
            }
        assert_true(series_append(&first, &second));
        assert_int_equal(first.count, whole.count);
        assert_int_equal(first.observed, whole.observed);
        assert_int_equal(first.gaps, whole.gaps);
        assert_memory_equal(first.total, whole.total, sizeof(first.total));
        for (size_t i = 0; i < whole.count; i++)
            assert_memory_equal(series_get(&first, i), series_get(&whole, i), sizeof(struct series_second));
        assert_false(series_append(&first, &second));
        series_clear(&whole);
        series_clear(&first);
        series_clear(&second);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_merge_is_concatenation),
        cmocka_unit_test(test_counters),
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_append_is_concatenation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
