#include "judge/mann_whitney.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double *sorted_copy(const double *values, size_t count)
{
    double *copy = mem_array(count > 0 ? count : 1, sizeof(*copy));
    for (size_t i = 0; i < count; i++)
        copy[i] = values[i];
    qsort(copy, count, sizeof(*copy), by_value);
    return copy;
}

/* Two sorted samples. Shifting one of them keeps it sorted, so that ranking both is one merge. */
struct samples {
    const double *x, *y;
    size_t m, n;
};

/*
 * The sum of the ranks of x - shift among both (ties share the mean of theirs), and the sum over the ties of t^3 - t.
 */
static double rank_sum(const struct samples *s, double shift, double *ties)
{
    double sum = 0;
    size_t i = 0, j = 0;
    *ties = 0;
    while (i < s->m || j < s->n) {
        double value = i >= s->m ? s->y[j] : j >= s->n ? s->x[i] - shift : fmin(s->x[i] - shift, s->y[j]);
        size_t before = i + j, from = i;
        while (i < s->m && s->x[i] - shift == value)
            i++;
        while (j < s->n && s->y[j] == value)
            j++;
        double t = (double)(i + j - before);
        sum += (double)(i - from) * ((double)before + (t + 1) / 2);
        *ties += t * t * t - t;
    }
    return sum;
}

/* R's wdiff: the standardised statistic with continuity correction, less the wanted quantile. NAN: all are tied. */
static double statistic(const struct samples *s, double shift, double quantile)
{
    double m = (double)s->m, n = (double)s->n, ties;
    double d = rank_sum(s, shift, &ties) - m * (m + 1) / 2 - m * n / 2;
    double correction = d > 0 ? .5 : d < 0 ? -.5 : 0;
    double sigma = sqrt((m * n / 12) * ((m + n + 1) - ties / ((m + n) * (m + n - 1))));
    return sigma == 0 ? NAN : (d - correction) / sigma - quantile;
}

/* The next point of Brent's method (R's zeroin): interpolation where it is good enough, else bisection. */
static double brent_step(double a, double b, double c, double fa, double fb, double fc, double tolerance)
{
    double step = (c - b) / 2, before = b - a;
    if (fabs(before) >= tolerance && fabs(fa) > fabs(fb)) {
        double p, q, t1, cb = c - b;
        if (a == c) {
            t1 = fb / fa;
            p = cb * t1;
            q = 1 - t1;
        } else {
            double t2 = fb / fa;
            q = fa / fc;
            t1 = fb / fc;
            p = t2 * (cb * q * (q - t1) - (b - a) * (t1 - 1));
            q = (q - 1) * (t1 - 1) * (t2 - 1);
        }
        if (p > 0)
            q = -q;
        else
            p = -p;
        if (p < .75 * cb * q - fabs(tolerance * q) / 2 && p < fabs(before * q / 2))
            step = p / q;
    }
    return fabs(step) >= tolerance ? step : step > 0 ? tolerance : -tolerance;
}

/* The statistic falls in steps; what is found is a point within 1e-4 of the jump through zero, the same as R's. */
static double find_root(const struct samples *s, double quantile, double low, double high)
{
    double a = low, b = high, fa = statistic(s, a, quantile), fb = statistic(s, b, quantile);
    if (fa == 0)
        return a;
    if (fb == 0)
        return b;
    double c = a, fc = fa;
    for (int turn = 0; turn <= 1000; turn++) {
        if (fabs(fc) < fabs(fb)) {
            a = b, b = c, c = a;
            fa = fb, fb = fc, fc = fa;
        }
        double tolerance = 2 * DBL_EPSILON * fabs(b) + 1e-4 / 2;
        if (fabs(c - b) / 2 <= tolerance || fb == 0)
            return b;
        double step = brent_step(a, b, c, fa, fb, fc, tolerance);
        a = b;
        fa = fb;
        b += step;
        fb = statistic(s, b, quantile);
        if ((fb > 0 && fc > 0) || (fb < 0 && fc < 0)) {
            c = a;
            fc = fa;
        }
    }
    return b;
}

/* The quantile of the standard normal distribution: Newton's method on erfc, from a start that always converges. */
static double normal_quantile(double p)
{
    double z = 0;
    for (int i = 0; i < 100; i++) {
        double step = (erfc(-z / M_SQRT2) / 2 - p) / (exp(-z * z / 2) / sqrt(2 * M_PI));
        step = fmin(1, fmax(-1, step));
        z -= step;
        if (fabs(step) < 1e-15)
            break;
    }
    return z;
}

static double interval_end(const struct samples *s, double quantile, double low, double high)
{
    if (statistic(s, low, quantile) <= 0)
        return low;
    if (statistic(s, high, quantile) >= 0)
        return high;
    return find_root(s, quantile, low, high);
}

bool mann_whitney_interval(double *low, double *high, double *estimate, const double *x, size_t m, const double *y,
                           size_t n, double confidence)
{
    *low = *high = *estimate = NAN;
    if (m == 0 || n == 0 || !(confidence > 0 && confidence < 1))
        return false;
    double *xs = sorted_copy(x, m), *ys = sorted_copy(y, n);
    struct samples s = {xs, ys, m, n};
    double least = xs[0] - ys[n - 1], most = xs[m - 1] - ys[0];
    bool usable =
        isfinite(least) && isfinite(most) && !isnan(statistic(&s, least, 0)) && !isnan(statistic(&s, most, 0));
    if (usable) {
        double z = normal_quantile((1 - confidence) / 2);
        *low = interval_end(&s, -z, least, most);
        *high = interval_end(&s, z, least, most);
        *estimate = find_root(&s, 0, least, most);
    }
    free(xs);
    free(ys);
    return usable;
}

double mann_whitney_quantile(const double *values, size_t count, double p)
{
    if (count == 0)
        return NAN;
    double *sorted = sorted_copy(values, count);
    double at = (double)(count - 1) * fmin(1, fmax(0, p)), below = floor(at);
    size_t i = (size_t)below, next = i + 1 < count ? i + 1 : i;
    double result = sorted[i] + (at - below) * (sorted[next] - sorted[i]);
    free(sorted);
    return result;
}

size_t mann_whitney_drop_outliers(double *values, size_t count, double factor, bool gently)
{
    double p25 = mann_whitney_quantile(values, count, .25), p75 = mann_whitney_quantile(values, count, .75);
    double low = p25 - factor * (p75 - p25), high = p75 + factor * (p75 - p25);
    if (gently) {
        low = fmin(low, mann_whitney_quantile(values, count, .01));
        high = fmax(high, mann_whitney_quantile(values, count, .99));
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!(values[i] > high || values[i] < low))
            values[kept++] = values[i];
    return kept;
}

struct mann_whitney_options mann_whitney_defaults(enum mann_whitney_effect effect)
{
    double none = effect == MANN_WHITNEY_CLES ? .5 : 1;
    return (struct mann_whitney_options){
        .tolerance = .25,
        .confidence = .98,
        .outlier_factor = 3,
        .effect = effect,
        .allowed_decrease = none,
        .allowed_increase = none,
        .critical_decrease = none,
        .critical_increase = none,
    };
}

/* A copy as the options want it, sorted. */
static double *prepare(const double *values, size_t *count, const struct mann_whitney_options *options)
{
    double *copy = mem_array(*count > 0 ? *count : 1, sizeof(*copy));
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (!isnan(values[i]))
            copy[kept++] = values[i];
        else if (options->nan == MANN_WHITNEY_REPLACE)
            copy[kept++] = 0;
    }
    if (options->remove_outliers)
        kept = mann_whitney_drop_outliers(copy, kept, options->outlier_factor, true);
    qsort(copy, kept, sizeof(*copy), by_value);
    *count = kept;
    return copy;
}

static double mean(const double *values, size_t count)
{
    double sum = 0, rest = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    /* A second pass takes away what rounding left, as Commons Math does. */
    double first = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        rest += values[i] - first;
    return first + rest / (double)count;
}

static double effect_size(const struct samples *s, enum mann_whitney_effect effect, double ratio)
{
    if (effect == MANN_WHITNEY_MEAN_RATIO)
        return ratio;
    double m = (double)s->m, n = (double)s->n, ties;
    return (2 * rank_sum(s, 0, &ties) - m * (m + 1)) / (2 * n * m);
}

/*
 * When each side is one repeated value, the original adds Gaussian noise of 1e-5 of the value, so that not all are tied.
 * We spread them by the quantiles of that noise: the same picture, and the same answer every time.
 */
static void spread(double *values, size_t count)
{
    double scale = values[0] * 1e-5;
    for (size_t i = 0; i < count; i++)
        values[i] += scale * normal_quantile(((double)i + .5) / (double)count);
    qsort(values, count, sizeof(*values), by_value);
}

static bool beyond(double effect, double bound, bool high)
{
    return isnan(effect) || (high ? effect >= bound : effect <= bound);
}

static void classify(struct mann_whitney_result *r, const struct mann_whitney_options *o)
{
    double bound = o->tolerance * fabs(r->estimate);
    r->class = MANN_WHITNEY_PASS;
    if (o->direction != MANN_WHITNEY_DECREASE && r->low > bound && beyond(r->effect, o->allowed_increase, true)) {
        r->class = MANN_WHITNEY_HIGH;
        r->critical = o->critical && beyond(r->effect, o->critical_increase, true);
    } else if (o->direction != MANN_WHITNEY_INCREASE && r->high < -bound &&
               beyond(r->effect, o->allowed_decrease, false)) {
        r->class = MANN_WHITNEY_LOW;
        r->critical = o->critical && beyond(r->effect, o->critical_decrease, false);
    }
}

static void no_data(struct mann_whitney_result *r, const struct mann_whitney_options *o)
{
    if (o->nan == MANN_WHITNEY_REPLACE) {
        r->class = MANN_WHITNEY_PASS;
        return;
    }
    r->class = o->must_have_data && !o->critical ? MANN_WHITNEY_NO_DATA_FAIL : MANN_WHITNEY_NO_DATA;
    r->critical = o->critical;
}

static void compare(struct mann_whitney_result *r, double *x, double *y, const struct mann_whitney_options *o)
{
    struct samples s = {x, y, r->canary, r->stable};
    if (s.m == s.n && memcmp(x, y, s.m * sizeof(*x)) == 0) {
        r->class = MANN_WHITNEY_PASS;
        return;
    }
    bool flat = x[0] == x[s.m - 1] && y[0] == y[s.n - 1];
    if (flat && x[0] == y[0]) {
        r->class = MANN_WHITNEY_PASS;
        return;
    }
    if (flat) {
        spread(x, s.m);
        spread(y, s.n);
    }
    r->class = MANN_WHITNEY_ERROR;
    if (!mann_whitney_interval(&r->low, &r->high, &r->estimate, x, s.m, y, s.n, o->confidence))
        return;
    double canary = mean(x, s.m), stable = mean(y, s.n);
    if (!isfinite(canary) || !isfinite(stable))
        return;
    r->ratio = canary == 0 || stable == 0 ? NAN : canary / stable;
    r->effect = effect_size(&s, o->effect, r->ratio);
    classify(r, o);
}

struct mann_whitney_result mann_whitney(const double *canary, size_t canary_count, const double *stable,
                                        size_t stable_count, const struct mann_whitney_options *options)
{
    struct mann_whitney_result result = {.low = NAN, .high = NAN, .estimate = NAN, .ratio = 1, .effect = 1};
    double *x = prepare(canary, &canary_count, options), *y = prepare(stable, &stable_count, options);
    result.canary = canary_count;
    result.stable = stable_count;
    if (canary_count == 0 || stable_count == 0)
        no_data(&result, options);
    else if (!isfinite(x[0]) || !isfinite(y[0]) || !isfinite(x[canary_count - 1]) || !isfinite(y[stable_count - 1]))
        result.class = MANN_WHITNEY_ERROR;
    else
        compare(&result, x, y, options);
    free(x);
    free(y);
    return result;
}

/* A group's part of metrics that pass, in percent; 100 where no metric of it has data. False: no metric is in it. */
static bool group_score(double *score, const struct mann_whitney_scored *metrics, size_t count, int group)
{
    size_t passed = 0, judged = 0;
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t g = 0; g < metrics[i].group_count; g++) {
            if (metrics[i].groups[g] != group)
                continue;
            any = true;
            enum mann_whitney_class class = metrics[i].class;
            passed += class == MANN_WHITNEY_PASS;
            judged += class != MANN_WHITNEY_NO_DATA && class != MANN_WHITNEY_ERROR;
        }
    }
    *score = judged == 0 ? 100 : (double)passed / (double)judged * 100;
    return any;
}

static bool score_is_lost(const struct mann_whitney_scored *metrics, size_t count)
{
    size_t without = 0;
    for (size_t i = 0; i < count; i++) {
        if (metrics[i].critical && metrics[i].class != MANN_WHITNEY_PASS)
            return true;
        without += metrics[i].class == MANN_WHITNEY_NO_DATA;
    }
    return count == 0 || (double)without / (double)count * 100 >= 50;
}

double mann_whitney_score(const struct mann_whitney_scored *metrics, size_t count, const double *weights,
                          size_t groups)
{
    if (score_is_lost(metrics, count))
        return 0;
    double given = 0, score, sum = 0;
    int sharing = 0;
    for (size_t g = 0; g < groups; g++) {
        if (weights && weights[g] >= 0)
            given += weights[g];
        else
            sharing += group_score(&score, metrics, count, (int)g);
    }
    for (size_t g = 0; g < groups; g++) {
        if (!group_score(&score, metrics, count, (int)g))
            continue;
        double weight = weights && weights[g] >= 0 ? weights[g] : (100 - given) / sharing;
        sum += score * (weight / 100);
    }
    return round(sum * 100) / 100;
}

const char *mann_whitney_class_name(enum mann_whitney_class class)
{
    static const char *const names[] = {
        [MANN_WHITNEY_NO_DATA] = "Nodata", [MANN_WHITNEY_NO_DATA_FAIL] = "NodataFailMetric",
        [MANN_WHITNEY_ERROR] = "Error",    [MANN_WHITNEY_HIGH] = "High",
        [MANN_WHITNEY_LOW] = "Low",        [MANN_WHITNEY_PASS] = "Pass",
    };
    return names[class];
}
