/* The sequential tests: what must never alarm, what must, and in what order. The measured rates are in the bench. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge/sequential.h"
#include "tests/unit/judge/random.h"

static const double LEVEL = 0.002;

static void learn_hour(struct sequential_proportion *test, uint64_t *seed, double rate)
{
    for (int i = 0; i < 3600; i++) {
        struct tally stable = {270, random_count(seed, 270, rate)};
        sequential_proportion_learn(test, &stable);
    }
}

/* Seconds until failure with 30 requests beside 270; 0: never. */
static int failed_after(double tolerated, double canary_rate, double stable_rate, int seconds, uint64_t seed)
{
    struct sequential_proportion test;
    assert_true(sequential_proportion_init(&test, LEVEL, tolerated));
    learn_hour(&test, &seed, stable_rate);
    for (int i = 1; i <= seconds; i++) {
        struct tally canary = {30, random_count(&seed, 30, canary_rate)};
        struct tally stable = {270, random_count(&seed, 270, stable_rate)};
        if (sequential_proportion_add(&test, &canary, &stable))
            return i;
    }
    return 0;
}

static void test_regressions(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        int five = failed_after(0, 0.055, 0.005, 60, seed), all = failed_after(0, 1, 0.005, 60, seed);
        assert_true(five > 0 && five <= 20);
        assert_int_equal(all, 1);
        assert_int_equal(failed_after(0, 0.005, 0.005, 600, seed), 0);
        assert_int_equal(failed_after(0, 0.001, 0.005, 600, seed), 0);
        /* An effect below the tolerated one is none; beyond it, it is. */
        assert_int_equal(failed_after(0.01, 0.013, 0.005, 600, seed), 0);
        assert_true(failed_after(0.01, 0.055, 0.005, 100, seed) > 0);
        assert_true(failed_after(0.01, 0.055, 0, 100, seed) > 0);
    }
}

/* No second of data, whatever it is, multiplies the wealth by more than 1 on average under the null: summed exactly. */
static void test_e_value(void **state)
{
    (void)state;
    const double tolerances[] = {0, 0.01, 0.2};
    for (int t = 0; t < 3; t++)
        for (double p = 0.01; p < 0.75; p += 0.12) {
            struct sequential_proportion test;
            assert_true(sequential_proportion_init(&test, LEVEL, tolerances[t]));
            struct tally before = {20, 3}, canary = {4, 0}, stable = {9, 0};
            sequential_proportion_learn(&test, &before);
            double q = p + tolerances[t], expected = 0;
            for (canary.errors = 0; canary.errors <= 4; canary.errors++)
                for (stable.errors = 0; stable.errors <= 9; stable.errors++) {
                    struct sequential_proportion copy = test;
                    sequential_proportion_add(&copy, &canary, &stable);
                    double c = (double)canary.errors, s = (double)stable.errors;
                    double chance =
                        exp(lgamma(5) - lgamma(c + 1) - lgamma(5 - c) + c * log(q) + (4 - c) * log(1 - q) +
                            lgamma(10) - lgamma(s + 1) - lgamma(10 - s) + s * log(p) + (9 - s) * log(1 - p));
                    expected += chance * exp(copy.evidence);
                }
            if (!(expected <= 1 + 1e-9))
                fail_msg("tolerated %g, rate %g: %.12g", tolerances[t], p, expected);
        }
}

/* One more error on the canary is more evidence, one more on stable less; more tolerance is less. */
static void test_monotonous(void **state)
{
    (void)state;
    uint64_t seed = 5;
    struct sequential_proportion test;
    assert_true(sequential_proportion_init(&test, LEVEL, 0));
    learn_hour(&test, &seed, 0.01);
    for (uint64_t errors = 0; errors < 30; errors++) {
        double evidence[4];
        for (int i = 0; i < 4; i++) {
            struct sequential_proportion copy = test;
            copy.tolerated = i == 3 ? 0.02 : 0;
            struct tally canary = {30, errors + (i == 1)}, stable = {270, 3 + (i == 2)};
            sequential_proportion_add(&copy, &canary, &stable);
            evidence[i] = copy.evidence;
        }
        assert_true(evidence[1] >= evidence[0] || errors < 1);
        assert_true(evidence[2] <= evidence[0] || errors < 1);
        assert_true(evidence[3] <= evidence[0] + 1e-12 || errors < 1);
    }
}

static void test_failure_stays(void **state)
{
    (void)state;
    struct sequential_proportion test;
    assert_true(sequential_proportion_init(&test, LEVEL, 0));
    struct tally good = {1000, 5}, bad = {100, 100}, well = {100, 0};
    for (int i = 0; i < 5; i++)
        sequential_proportion_add(&test, i < 2 ? &well : &bad, &good);
    assert_true(test.failed);
    for (int i = 0; i < 1000; i++)
        assert_true(sequential_proportion_add(&test, &well, &good));
    assert_true(test.most >= -log(LEVEL));
}

/* A shock to both sides, however large, is no failure of the canary. */
static void test_common_shock(void **state)
{
    (void)state;
    struct sequential_proportion test;
    uint64_t seed = 9;
    assert_true(sequential_proportion_init(&test, LEVEL, 0));
    learn_hour(&test, &seed, 0.005);
    for (int i = 0; i < 600; i++) {
        double rate = i % 100 < 20 ? 0.5 : 0.005;
        struct tally canary = {30, random_count(&seed, 30, rate)}, stable = {270, random_count(&seed, 270, rate)};
        assert_false(sequential_proportion_add(&test, &canary, &stable));
    }
}

/* A late regression is found in spite of the good hour before. */
static void test_late(void **state)
{
    (void)state;
    struct sequential_proportion test;
    uint64_t seed = 10;
    assert_true(sequential_proportion_init(&test, LEVEL, 0));
    int failed = 0;
    for (int i = 0; i < 3700 && !failed; i++) {
        struct tally canary = {30, random_count(&seed, 30, i < 3600 ? 0.005 : 0.055)};
        struct tally stable = {270, random_count(&seed, 270, 0.005)};
        if (sequential_proportion_add(&test, &canary, &stable))
            failed = i;
    }
    assert_true(failed >= 3600 && failed < 3640);
}

static void test_bursts(void **state)
{
    (void)state;
    struct bursts plain = {0}, bursty = {0};
    uint64_t seed = 12;
    bool on = false;
    for (int i = 0; i < 3600; i++) {
        on = random_part(&seed) < (on ? 0.8 : 0.01);
        bursts_add(&plain, 270, random_count(&seed, 270, 0.005));
        bursts_add(&bursty, 270, random_count(&seed, 270, on ? 0.08 : 0.002));
    }
    double dispersion;
    assert_true(bursts_divisor(&plain, &dispersion) == 1 && dispersion == 1);
    assert_true(bursts_divisor(&bursty, &dispersion) > 20);
    assert_true(dispersion > 5);
    assert_true(bursts_divisor(&bursty, &dispersion) >= 3 * dispersion);
    struct sequential_proportion test;
    sequential_proportion_init(&test, LEVEL, 0);
    assert_int_equal(sequential_assumption(&test), ASSUMPTION_UNKNOWN);
    learn_hour(&test, &seed, 0.005);
    assert_int_equal(sequential_assumption(&test), ASSUMPTION_HOLDS);
    test.bursts = bursty;
    struct tally stable = {270, 1};
    for (int i = 0; i < 64; i++)
        sequential_proportion_learn(&test, &stable);
    assert_int_equal(sequential_assumption(&test), ASSUMPTION_BURSTS);
}

static void test_intervals(void **state)
{
    (void)state;
    struct sequential_proportion test;
    uint64_t seed = 20;
    assert_true(sequential_proportion_init(&test, LEVEL, 0));
    struct interval i = sequential_difference_interval(&test);
    assert_true(i.low > i.high);
    double width = 2;
    for (int second = 1; second <= 2000; second++) {
        struct tally canary = {30, random_count(&seed, 30, 0.02)}, stable = {270, random_count(&seed, 270, 0.01)};
        sequential_proportion_add(&test, &canary, &stable);
        i = sequential_difference_interval(&test);
        assert_true(i.low <= 0.01 && i.high >= 0.01);
        struct interval rate = sequential_rate_interval(&test, SIDE_STABLE);
        assert_true(rate.low <= 0.01 && rate.high >= 0.01);
    }
    width = i.high - i.low;
    assert_true(width > 0.001 && width < 0.02);
}

static void fill(struct histogram *h, uint64_t *seed, int count, double times)
{
    *h = (struct histogram){0};
    for (int i = 0; i < count; i++)
        histogram_add(h, times * 20 / (1 - 0.99 * random_part(seed)), 1);
}

static int quantile_failed_after(double tolerated, double times, uint64_t seed)
{
    static struct sequential_quantile test;
    static struct histogram canary, stable;
    assert_true(sequential_quantile_init(&test, LEVEL, 0.95, tolerated));
    for (int i = 0; i < 400; i++) {
        fill(&stable, &seed, 90, 1);
        sequential_quantile_learn(&test, &stable);
    }
    for (int i = 1; i <= 300; i++) {
        fill(&canary, &seed, 10, times);
        fill(&stable, &seed, 90, 1);
        if (sequential_quantile_add(&test, &canary, &stable))
            return i;
    }
    struct interval q = sequential_quantile_interval(&test, SIDE_STABLE);
    double truth = 20 / (1 - 0.99 * 0.95);
    assert_true(q.low <= truth && q.high >= truth && q.high < 1.4 * truth);
    return 0;
}

static void test_quantiles(void **state)
{
    (void)state;
    assert_int_equal(quantile_failed_after(0, 1, 1), 0);
    assert_int_equal(quantile_failed_after(0.25, 1.2, 2), 0);
    int fast = quantile_failed_after(0, 3, 3), slow = quantile_failed_after(0.25, 3, 3);
    assert_true(fast > 0 && fast < 30);
    assert_true(slow >= fast && slow < 60);
}

static int mean_failed_after(double tolerated, bool less_is_worse, double canary, double stable, uint64_t seed)
{
    struct sequential_mean test;
    assert_true(sequential_mean_init(&test, LEVEL, tolerated, less_is_worse));
    for (int i = 1; i <= 3600; i++)
        if (sequential_mean_add(&test, canary * (0.8 + 0.4 * random_part(&seed)), stable))
            return i;
    struct interval d = sequential_mean_interval(&test);
    assert_true(d.low <= canary - stable && d.high >= canary - stable);
    return 0;
}

static void test_means(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        assert_int_equal(mean_failed_after(0, false, 100, 100.5, seed), 0);
        assert_int_equal(mean_failed_after(0.1, false, 105, 100, seed), 0);
        assert_int_equal(mean_failed_after(0.1, true, 200, 100, seed), 0);
        int more = mean_failed_after(0.1, false, 150, 100, seed), less = mean_failed_after(0.1, true, 50, 100, seed);
        assert_true(more > 0 && more <= 200);
        assert_true(less > 0 && less <= 200);
    }
}

static void test_nonsense(void **state)
{
    (void)state;
    struct sequential_proportion p;
    assert_false(sequential_proportion_init(&p, 0, 0));
    assert_false(sequential_proportion_init(&p, 1, 0));
    assert_false(sequential_proportion_init(&p, NAN, 0));
    assert_false(sequential_proportion_init(&p, 0.01, -1));
    assert_false(sequential_proportion_init(&p, 0.01, NAN));
    assert_true(sequential_proportion_init(&p, 0.01, 0));
    const struct tally odd[] = {{0, 0}, {0, 1}, {UINT64_MAX, UINT64_MAX}, {UINT64_MAX, 0}, {1ull << 40, 0}, {5, 5}};
    for (int i = 0; i < 36 * 20; i++) {
        sequential_proportion_add(&p, &odd[i % 6], &odd[i / 6 % 6]);
        assert_false(isnan(p.evidence));
    }
    assert_true(p.nonsense > 0);
    struct sequential_mean m;
    assert_false(sequential_mean_init(&m, 0.01, NAN, false));
    assert_true(sequential_mean_init(&m, 0.01, 0, false));
    const double values[] = {0, NAN, INFINITY, -INFINITY, 1e308, 1e99, -1e99, 5e-324};
    for (int i = 0; i < 64 * 10; i++) {
        sequential_mean_add(&m, values[i % 8], values[i / 8 % 8]);
        assert_false(isnan(m.evidence));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_regressions),   cmocka_unit_test(test_e_value),      cmocka_unit_test(test_monotonous),
        cmocka_unit_test(test_failure_stays), cmocka_unit_test(test_common_shock), cmocka_unit_test(test_late),
        cmocka_unit_test(test_bursts),        cmocka_unit_test(test_intervals),    cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_means),         cmocka_unit_test(test_nonsense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
