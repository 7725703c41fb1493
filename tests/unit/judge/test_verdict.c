/* Four verdicts that never merge, and what is said of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge/verdict.h"

static struct metric metric(void)
{
    return (struct metric){.name = TEXT("error rate"),
                           .unit = TEXT("%"),
                           .shown = 100,
                           .rule = RULE_SEQUENTIAL,
                           .minimum = 200,
                           .tolerated = 0.005,
                           .critical = true,
                           .on_failure = ON_FAILURE_ABORT};
}

static struct sequential_proportion after(int seconds, struct tally canary, struct tally stable)
{
    struct sequential_proportion test;
    assert_true(sequential_proportion_init(&test, 0.002, 0.005));
    for (int i = 0; i < seconds; i++)
        sequential_proportion_add(&test, &canary, &stable);
    return test;
}

static void says(const struct verdict *v, const char *words)
{
    if (!strstr(v->sentence, words))
        fail_msg("\"%s\" does not say \"%s\"", v->sentence, words);
}

static void test_minimum_binds_pass_only(void **state)
{
    (void)state;
    struct metric m = metric();
    struct sequential_proportion test = after(19, (struct tally){10, 0}, (struct tally){100, 1});
    struct verdict v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_NO_DATA);
    says(&v, "190 of 200 samples");
    test = after(20, (struct tally){10, 0}, (struct tally){100, 1});
    v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_PASS);
    says(&v, "no worse than stable beyond 0.5 points");
    assert_true(v.value == 0 && v.baseline == 0.01 && v.limit == 0.015);
    assert_true(v.interval.low < 0 && v.interval.high > 0);
    assert_int_equal(v.samples[SIDE_STABLE], 2000);
    /* With far fewer samples than the minimum it fails. */
    test = after(4, (struct tally){10, 9}, (struct tally){100, 1});
    v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_FAIL);
    says(&v, "90 %, stable 1 %: worse beyond 0.5 points");
}

static void test_no_data_and_error(void **state)
{
    (void)state;
    struct metric m = metric();
    m.minimum = 0;
    struct sequential_proportion test = after(0, (struct tally){0}, (struct tally){0});
    struct verdict v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_NO_DATA);
    test = after(50, (struct tally){0, 0}, (struct tally){100, 1});
    v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_NO_DATA);
    test = after(1, (struct tally){10, 0}, (struct tally){100, 1});
    assert_int_equal(verdict_of_proportion(&m, &test).kind, VERDICT_NO_DATA);
    test = after(50, (struct tally){1, 2}, (struct tally){100, 1});
    v = verdict_of_proportion(&m, &test);
    assert_int_equal(v.kind, VERDICT_ERROR);
    says(&v, "make no sense");
    v = verdict_error(&m, "cannot read\x1b[31m it");
    assert_int_equal(v.kind, VERDICT_ERROR);
    says(&v, "cannot read\\x1b[31m it");
    assert_null(strchr(v.sentence, 27));
}

/* Whatever nonsense comes in, nothing green comes out. */
static void test_nonsense_never_passes(void **state)
{
    (void)state;
    struct metric m = metric();
    m.minimum = 0;
    const double odd[] = {NAN, INFINITY, -INFINITY, 1e308};
    for (int i = 0; i < 16; i++) {
        struct sequential_mean test;
        assert_true(sequential_mean_init(&test, 0.01, 0.1, false));
        for (int j = 0; j < 100; j++)
            sequential_mean_add(&test, odd[i % 4], odd[i / 4]);
        assert_int_equal(verdict_of_mean(&m, &test).kind, VERDICT_ERROR);
        struct limit limit;
        limit_init(&limit, 1, false, 1, 1);
        limit_add(&limit, odd[i % 4]);
        assert_int_not_equal(verdict_of_limit(&m, &limit, 0).kind, VERDICT_PASS);
    }
    struct mann_whitney_options o = mann_whitney_defaults(MANN_WHITNEY_MEAN_RATIO);
    o.nan = MANN_WHITNEY_REPLACE;
    struct mann_whitney_result r = mann_whitney(NULL, 0, odd, 0, &o);
    assert_int_equal(r.class, MANN_WHITNEY_PASS);
    assert_int_equal(verdict_of_mann_whitney(&m, &r, 0, 0).kind, VERDICT_NO_DATA);
    static struct sequential_quantile q;
    static const struct histogram empty;
    sequential_quantile_init(&q, 0.01, 0.99, 0);
    sequential_quantile_add(&q, &empty, &empty);
    assert_int_equal(verdict_of_quantile(&m, &q).kind, VERDICT_NO_DATA);
    struct verdict zero = {0};
    assert_int_not_equal(zero.kind, VERDICT_PASS);
}

static void test_limits(void **state)
{
    (void)state;
    struct metric m = metric();
    m.unit = TEXT("MB");
    m.shown = 0;
    struct limit limit;
    limit_init(&limit, 300, false, 2, 3);
    assert_int_equal(verdict_of_limit(&m, &limit, 500).kind, VERDICT_NO_DATA);
    limit_add(&limit, 200);
    struct verdict v = verdict_of_limit(&m, &limit, 500);
    assert_int_equal(v.kind, VERDICT_PASS);
    says(&v, "200 MB, not above 300 MB");
    assert_int_equal(verdict_of_limit(&m, &limit, 199).kind, VERDICT_NO_DATA);
    limit_add(&limit, 400);
    limit_add(&limit, 410);
    v = verdict_of_limit(&m, &limit, 1);
    assert_int_equal(v.kind, VERDICT_FAIL);
    says(&v, "2 of the last 3 points above 300 MB; now 410 MB");
}

static struct verdict of(enum verdict_kind kind, bool critical, enum on_failure action)
{
    return (struct verdict){.kind = kind, .critical = critical, .on_failure = action, .sentence = "x"};
}

static void test_together(void **state)
{
    (void)state;
    struct verdicts all = verdicts_of(NULL, 0);
    assert_int_equal(all.kind, VERDICT_NO_DATA);
    struct verdict v[4];
    for (int a = 0; a < 4; a++)
        for (int b = 0; b < 4; b++) {
            v[0] = of((enum verdict_kind)a, true, ON_FAILURE_HOLD);
            v[1] = of((enum verdict_kind)b, true, ON_FAILURE_ABORT);
            all = verdicts_of(v, 2);
            bool fail = a == VERDICT_FAIL || b == VERDICT_FAIL, error = a == VERDICT_ERROR || b == VERDICT_ERROR;
            bool none = a == VERDICT_NO_DATA || b == VERDICT_NO_DATA;
            assert_int_equal(all.kind, fail    ? VERDICT_FAIL
                                       : error ? VERDICT_ERROR
                                       : none  ? VERDICT_NO_DATA
                                               : VERDICT_PASS);
            assert_int_equal(all.action, b == VERDICT_FAIL   ? ON_FAILURE_ABORT
                                         : a == VERDICT_FAIL ? ON_FAILURE_HOLD
                                                             : ON_FAILURE_WAIT);
        }
    /* What is not critical does not decide, but its own action stands. */
    v[0] = of(VERDICT_PASS, true, ON_FAILURE_ABORT);
    v[1] = of(VERDICT_FAIL, false, ON_FAILURE_STEP_BACK);
    v[2] = of(VERDICT_FAIL, true, ON_FAILURE_ABORT);
    v[2].dry_run = true;
    all = verdicts_of(v, 3);
    assert_int_equal(all.kind, VERDICT_PASS);
    assert_int_equal(all.action, ON_FAILURE_STEP_BACK);
    assert_int_equal(all.count[VERDICT_FAIL], 1);
    /* Only dry runs: nothing is judged, nothing is green. */
    all = verdicts_of(v + 2, 1);
    assert_int_equal(all.kind, VERDICT_NO_DATA);
    assert_null(all.first);
    /* All in error is not green, and none of them critical neither. */
    for (int i = 0; i < 4; i++)
        v[i] = of(VERDICT_ERROR, i % 2, ON_FAILURE_ABORT);
    all = verdicts_of(v, 4);
    assert_int_equal(all.kind, VERDICT_ERROR);
    assert_int_equal(all.action, ON_FAILURE_WAIT);
    v[0].critical = false;
    assert_int_equal(verdicts_of(v, 1).kind, VERDICT_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_minimum_binds_pass_only),
        cmocka_unit_test(test_no_data_and_error),
        cmocka_unit_test(test_nonsense_never_passes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
