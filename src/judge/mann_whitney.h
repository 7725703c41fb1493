/*
 * The judge of Kayenta (NetflixACAJudge-v1.0), exactly as published: the Mann-Whitney U test with the confidence interval
 * and the Hodges-Lehmann estimate by R's asymptotic wilcox.test (continuity correction, ties), its roots found by the
 * same Brent search to 1e-4; a metric is High when the lower end of the interval is above tolerance * |estimate| and the
 * effect size at least what is allowed, Low the other way about; a score is the share of metrics that pass, by group.
 *
 * Assumes samples that are independent of each other and looked at once: watching it again and again is not accounted
 * for. Its known flaws are those of the original: the tolerance scales the difference, not the baseline, so with few
 * and close points nearly everything is High; two points a side are not Pass in 22 % of A/A.
 */
#ifndef SIGNALBOX_JUDGE_MANN_WHITNEY_H
#define SIGNALBOX_JUDGE_MANN_WHITNEY_H

#include <stdbool.h>
#include <stddef.h>

enum mann_whitney_class {
    MANN_WHITNEY_NO_DATA,
    MANN_WHITNEY_NO_DATA_FAIL, /* the metric must have data, and has none; counts as a failure in scores */
    MANN_WHITNEY_ERROR,
    MANN_WHITNEY_HIGH,
    MANN_WHITNEY_LOW,
    MANN_WHITNEY_PASS,
};

enum mann_whitney_direction { MANN_WHITNEY_EITHER, MANN_WHITNEY_INCREASE, MANN_WHITNEY_DECREASE };
enum mann_whitney_nan { MANN_WHITNEY_REMOVE, MANN_WHITNEY_REPLACE }; /* NaN left out, or taken as 0 */
enum mann_whitney_effect { MANN_WHITNEY_MEAN_RATIO, MANN_WHITNEY_CLES };

struct mann_whitney_options {
    double tolerance, confidence; /* .25 and .98 in production */
    enum mann_whitney_direction direction;
    enum mann_whitney_nan nan;
    bool remove_outliers;  /* beyond outlier_factor interquartile ranges, and beyond p1 or p99 */
    double outlier_factor; /* 3 */
    enum mann_whitney_effect effect;
    double allowed_decrease, allowed_increase;   /* effect sizes; 1 and 1 (mean ratio), .5 and .5 (CLES) */
    double critical_decrease, critical_increase; /* the same, for `critical` */
    bool critical, must_have_data;
};

/* The defaults of production, for the effect measure. */
struct mann_whitney_options mann_whitney_defaults(enum mann_whitney_effect effect);

struct mann_whitney_result {
    enum mann_whitney_class class;
    bool critical;    /* fails the canary as a whole */
    double low, high; /* interval of the shift canary - baseline; NAN when it was not needed */
    double estimate;  /* Hodges-Lehmann; NAN likewise */
    double ratio;     /* of the means; NAN when one is zero */
    double effect;
    size_t canary, stable; /* values that were used */
};

/*
 * Judges canary against stable. Values may be in any order; infinite ones give ERROR. Works on copies; O(m log m) a step of
 * the root search, at most a few hundred steps.
 */
struct mann_whitney_result mann_whitney(const double *canary, size_t canary_count, const double *stable,
                                        size_t stable_count, const struct mann_whitney_options *options);

/* The interval and the estimate alone. False: all values are tied, or there are none. */
bool mann_whitney_interval(double *low, double *high, double *estimate, const double *x, size_t m, const double *y,
                           size_t n, double confidence);

/* Quantile p of values by R's type 7; NAN when there are none. */
double mann_whitney_quantile(const double *values, size_t count, double p);

/* Drops outliers in place and returns how many are left. `gently`: what lies within p1 and p99 stays in any case. */
size_t mann_whitney_drop_outliers(double *values, size_t count, double factor, bool gently);

/* A metric in the score: it may stand in several groups, by number below groups. */
struct mann_whitney_scored {
    enum mann_whitney_class class;
    bool critical;
    const int *groups;
    size_t group_count;
};

/*
 * 0 to 100, rounded to two places. weights[i] is the weight of group i in percent, negative: not given, it shares what is
 * left. A group without data counts as 100, half of the metrics or more without data, or a critical one that
 * does not pass: 0.
 */
double mann_whitney_score(const struct mann_whitney_scored *metrics, size_t count, const double *weights,
                          size_t groups);

const char *mann_whitney_class_name(enum mann_whitney_class class);

#endif
