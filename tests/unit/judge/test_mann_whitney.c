/* The Mann-Whitney judge against every published vector, and the properties the vectors do not show. */
#include <float.h>
#include <math.h>
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
#include "judge/mann_whitney.h"
#include "tests/unit/version/shared_data.h"

static json_t *vectors(void)
{
    static json_t *loaded;
    CLEANUP(free_string) char *path = loaded ? NULL : shared_data("judge-vectors/mann-whitney.json");
    if (path && !(loaded = json_load_file(path, 0, NULL)))
        fail_msg("%s is not JSON", path);
    return loaded;
}

struct sample {
    double values[64];
    size_t count;
};

static struct sample sample_of(json_t *array)
{
    struct sample s = {0};
    size_t i;
    json_t *item;
    json_array_foreach(array, i, item) s.values[s.count++] = json_number_value(item);
    return s;
}

static void near(const char *id, double got, double wanted, double by)
{
    if (!(fabs(got - wanted) <= by))
        fail_msg("%s: %.12g instead of %.12g", id, got, wanted);
}

static struct mann_whitney_options options_of(json_t *vector, json_t *special)
{
    struct mann_whitney_options o = mann_whitney_defaults(MANN_WHITNEY_MEAN_RATIO);
    o.tolerance = json_number_value(json_object_get(vector, "tolerance"));
    o.confidence = json_number_value(json_object_get(vector, "confidence"));
    o.critical = json_is_true(json_object_get(vector, "critical"));
    json_t *allowed = json_object_get(special, "allowed"), *critical = json_object_get(special, "criticalBounds");
    if (allowed) {
        o.allowed_decrease = json_number_value(json_array_get(allowed, 0));
        o.allowed_increase = json_number_value(json_array_get(allowed, 1));
    }
    if (critical) {
        o.critical_decrease = json_number_value(json_array_get(critical, 0));
        o.critical_increase = json_number_value(json_array_get(critical, 1));
    }
    return o;
}

static struct mann_whitney_result judge(const struct sample *x, const struct sample *y,
                                        const struct mann_whitney_options *o)
{
    return mann_whitney(x->values, x->count, y->values, y->count, o);
}

static int expect_class(const char *id, json_t *expected, const struct mann_whitney_result *r)
{
    json_t *class = json_object_get(expected, "class"), *critical = json_object_get(expected, "isCritical");
    if (class)
        assert_string_equal(mann_whitney_class_name(r->class), json_string_value(class));
    if (critical && r->critical != json_is_true(critical))
        fail_msg("%s: critical is %d", id, r->critical);
    return class != NULL;
}

static int expect_numbers(const char *id, json_t *expected, const struct mann_whitney_result *r, double by)
{
    json_t *ci = json_object_get(expected, "ci"), *estimate = json_object_get(expected, "estimate");
    json_t *ratio = json_object_get(expected, "ratio");
    if (ci) {
        near(id, r->low, json_number_value(json_array_get(ci, 0)), by);
        near(id, r->high, json_number_value(json_array_get(ci, 1)), by);
    }
    if (estimate)
        near(id, r->estimate, json_number_value(estimate), by);
    if (json_is_number(ratio))
        near(id, r->ratio, json_number_value(ratio), 1e-6);
    else if (ratio)
        assert_true(isnan(r->ratio));
    return ci != NULL;
}

/* "swapped", "withEightHundreds", "replaceNaN": the class under a change of the vector. */
static void expect_variants(json_t *vector, const struct sample *x, const struct sample *y)
{
    struct mann_whitney_options o = options_of(vector, vector);
    const char *swapped = json_string_value(json_object_get(vector, "swapped"));
    if (swapped)
        assert_string_equal(mann_whitney_class_name(judge(y, x, &o).class), swapped);
    const char *eight = json_string_value(json_object_get(vector, "withEightHundreds"));
    if (eight) {
        struct sample more = *x;
        more.values[7] = 100;
        assert_string_equal(mann_whitney_class_name(judge(&more, y, &o).class), eight);
    }
    const char *replace = json_string_value(json_object_get(vector, "replaceNaN"));
    o.nan = MANN_WHITNEY_REPLACE;
    if (replace)
        assert_string_equal(mann_whitney_class_name(judge(x, y, &o).class), replace);
}

static void test_vectors(void **state)
{
    (void)state;
    json_t *all = vectors(), *vector, *also;
    size_t i, j;
    int classes = 0, numbers = 0;
    json_array_foreach(json_object_get(all, "vectors"), i, vector)
    {
        const char *id = json_string_value(json_object_get(vector, "id"));
        struct sample x = sample_of(json_object_get(vector, "x")), y = sample_of(json_object_get(vector, "y"));
        struct mann_whitney_options o = options_of(vector, vector);
        struct mann_whitney_result r = judge(&x, &y, &o);
        classes += expect_class(id, vector, &r);
        numbers += expect_numbers(id, vector, &r, 1e-9);
        numbers += expect_numbers(id, json_object_get(vector, "derived"), &r, 1e-6);
        json_array_foreach(json_object_get(vector, "also"), j, also)
        {
            o = options_of(vector, also);
            r = judge(&x, &y, &o);
            classes += expect_class(id, also, &r);
        }
        expect_variants(vector, &x, &y);
    }
    if (all) {
        assert_int_equal(classes, 9);
        assert_int_equal(numbers, 4);
    }
}

static void test_outliers_and_quantiles(void **state)
{
    (void)state;
    json_t *all = vectors(), *vector;
    size_t i;
    json_array_foreach(json_object_get(all, "outliers"), i, vector)
    {
        struct sample s = sample_of(json_object_get(vector, "values"));
        size_t kept = mann_whitney_drop_outliers(s.values, s.count,
                                                 json_number_value(json_object_get(vector, "factor")), false);
        struct sample dropped = sample_of(json_object_get(vector, "dropped"));
        assert_int_equal(kept, s.count - dropped.count);
        for (size_t j = 0; j < kept; j++)
            for (size_t k = 0; k < dropped.count; k++)
                assert_true(s.values[j] != dropped.values[k]);
    }
    json_array_foreach(json_object_get(all, "quantileR7"), i, vector)
    {
        struct sample s = sample_of(json_object_get(vector, "values"));
        double p = json_number_value(json_object_get(vector, "p"));
        near("quantile", mann_whitney_quantile(s.values, s.count, p),
             json_number_value(json_object_get(vector, "result")), 1e-9);
    }
}

static enum mann_whitney_class class_of(const char *name)
{
    for (int class = MANN_WHITNEY_NO_DATA; class <= MANN_WHITNEY_PASS; class ++)
        if (strcmp(mann_whitney_class_name((enum mann_whitney_class) class), name) == 0)
            return (enum mann_whitney_class) class;
    fail_msg("no class %s", name);
    return MANN_WHITNEY_ERROR;
}

static void test_scores(void **state)
{
    (void)state;
    json_t *vector, *group, *name;
    size_t i, j;
    static const int numbers[] = {0, 1, 2, 3};
    json_array_foreach(json_object_get(vectors(), "scores"), i, vector)
    {
        struct mann_whitney_scored metrics[16];
        size_t count = 0, g;
        json_array_foreach(json_object_get(vector, "groups"), g, group)
        {
            json_array_foreach(group, j, name) metrics[count++] =
                (struct mann_whitney_scored){class_of(json_string_value(name)), false, &numbers[g], 1};
        }
        json_t *weights = json_object_get(vector, "weights");
        struct sample given = sample_of(weights);
        double score = mann_whitney_score(metrics, count, weights ? given.values : NULL, g);
        assert_true(score == json_number_value(json_object_get(vector, "score")));
    }
}

static void test_scores_without_data(void **state)
{
    (void)state;
    static const int first[] = {0}, second[] = {1};
    struct mann_whitney_scored metrics[] = {
        {MANN_WHITNEY_PASS, false, first, 1},
        {MANN_WHITNEY_PASS, false, first, 1},
        {MANN_WHITNEY_NO_DATA, false, second, 1},
    };
    assert_true(mann_whitney_score(metrics, 3, NULL, 2) == 100);
    metrics[2].class = MANN_WHITNEY_NO_DATA_FAIL;
    assert_true(mann_whitney_score(metrics, 3, NULL, 2) == 50);
    metrics[2].class = MANN_WHITNEY_NO_DATA;
    metrics[1].class = MANN_WHITNEY_NO_DATA;
    assert_true(mann_whitney_score(metrics, 3, NULL, 2) == 0);
    assert_true(mann_whitney_score(metrics, 0, NULL, 0) == 0);
    metrics[1] = (struct mann_whitney_scored){MANN_WHITNEY_HIGH, true, first, 1};
    assert_true(mann_whitney_score(metrics, 3, NULL, 2) == 0);
}

static double noise(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (double)(*seed >> 8) / (1 << 24);
}

/* Changing the sides turns the interval about, High into Low; a shift of the canary shifts the interval. */
static void test_symmetry(void **state)
{
    (void)state;
    uint32_t seed = 1;
    for (int run = 0; run < 200; run++) {
        double x[30], y[30], low, high, estimate, low2, high2, estimate2;
        size_t m = 4 + (size_t)(noise(&seed) * 26), n = 4 + (size_t)(noise(&seed) * 26);
        for (size_t i = 0; i < 30; i++) {
            x[i] = noise(&seed) * 10;
            y[i] = noise(&seed) * 10;
        }
        assert_true(mann_whitney_interval(&low, &high, &estimate, x, m, y, n, .98));
        assert_true(low <= estimate + 1e-3 && estimate <= high + 1e-3);
        assert_true(mann_whitney_interval(&low2, &high2, &estimate2, y, n, x, m, .98));
        near("swapped", low2, -high, 4e-4);
        near("swapped", high2, -low, 4e-4);
        for (size_t i = 0; i < m; i++)
            x[i] += 5;
        assert_true(mann_whitney_interval(&low2, &high2, &estimate2, x, m, y, n, .98));
        near("shifted", low2, low + 5, 4e-4);
        near("shifted", high2, high + 5, 4e-4);
    }
}

static void test_odd_values(void **state)
{
    (void)state;
    struct mann_whitney_options o = mann_whitney_defaults(MANN_WHITNEY_MEAN_RATIO);
    const double good[] = {1, 2, 3, 4, 5}, nans[] = {NAN, NAN, NAN}, infinite[] = {1, 2, INFINITY};
    const double huge[] = {DBL_MAX, DBL_MAX / 2, -DBL_MAX}, five[] = {5, 5, 5}, three[] = {3, 3, 3};
    assert_int_equal(mann_whitney(nans, 3, good, 5, &o).class, MANN_WHITNEY_NO_DATA);
    assert_int_equal(mann_whitney(good, 5, nans, 3, &o).class, MANN_WHITNEY_NO_DATA);
    assert_int_equal(mann_whitney(infinite, 3, good, 5, &o).class, MANN_WHITNEY_ERROR);
    assert_int_equal(mann_whitney(huge, 3, good, 5, &o).class, MANN_WHITNEY_ERROR);
    assert_int_equal(mann_whitney(five, 3, three, 3, &o).class, MANN_WHITNEY_HIGH);
    assert_int_equal(mann_whitney(three, 3, five, 3, &o).class, MANN_WHITNEY_LOW);
    assert_int_equal(mann_whitney(five, 3, five, 2, &o).class, MANN_WHITNEY_PASS);
    o.must_have_data = true;
    assert_int_equal(mann_whitney(nans, 3, good, 5, &o).class, MANN_WHITNEY_NO_DATA_FAIL);
    o.direction = MANN_WHITNEY_DECREASE;
    assert_int_equal(mann_whitney(five, 3, three, 3, &o).class, MANN_WHITNEY_PASS);
    /* The published flaw is kept: close points, far from each other only in ranks. */
    const double x[] = {103, 104, 105}, y[] = {100, 101, 102};
    o = mann_whitney_defaults(MANN_WHITNEY_MEAN_RATIO);
    assert_int_equal(mann_whitney(x, 3, y, 3, &o).class, MANN_WHITNEY_HIGH);
    const double one[] = {20}, two[] = {10, 11};
    assert_int_equal(mann_whitney(one, 1, two, 2, &o).class, MANN_WHITNEY_HIGH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),  cmocka_unit_test(test_outliers_and_quantiles),
        cmocka_unit_test(test_scores),   cmocka_unit_test(test_scores_without_data),
        cmocka_unit_test(test_symmetry), cmocka_unit_test(test_odd_values),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    json_decref(vectors());
    return failed;
}
