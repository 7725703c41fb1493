#include <math.h>

#include "judge/sequential.h"

static double log_beta(double a, double b)
{
    int sign;
    return lgamma_r(a, &sign) + lgamma_r(b, &sign) - lgamma_r(a + b, &sign);
}

/* log of the likelihood of k of n under a Beta(1/2, 1/2) mixture over that under p; marginal is its first part. */
static double mixture(double marginal, double k, double n, double p)
{
    double with = k > 0 ? k * log(p) : 0, without = n - k > 0 ? (n - k) * log1p(-p) : 0;
    return marginal - with - without;
}

/* The rates that k of n have not refuted at this level. */
static struct interval rates(double k, double n, double level)
{
    struct interval result = {0, 1};
    if (!(n > 0))
        return (struct interval){1, -1};
    double marginal = log_beta(k + 0.5, n - k + 0.5) - log_beta(0.5, 0.5), bound = -log(level), middle = k / n;
    double *const ends[] = {&result.low, &result.high};
    for (int end = 0; end < 2; end++) {
        double out = end, in = middle;
        for (int i = 0; i < 60 && in != out; i++) {
            double p = (out + in) / 2;
            if (mixture(marginal, k, n, p) >= bound)
                out = p;
            else
                in = p;
        }
        *ends[end] = out;
    }
    return result;
}

static struct interval side_rates(const struct sequential_proportion *test, enum side side, double level)
{
    const struct tally *total = &test->total[side];
    return rates((double)total->errors / test->divisor, (double)total->requests / test->divisor, level);
}

struct interval sequential_rate_interval(const struct sequential_proportion *test, enum side side)
{
    return side_rates(test, side, test->level);
}

struct interval sequential_difference_interval(const struct sequential_proportion *test)
{
    struct interval canary = side_rates(test, SIDE_CANARY, test->level / 2);
    struct interval stable = side_rates(test, SIDE_STABLE, test->level / 2);
    if (canary.low > canary.high || stable.low > stable.high)
        return (struct interval){1, -1};
    return (struct interval){canary.low - stable.high, canary.high - stable.low};
}

/* An edge is below the quantile when it is refuted that so many as p lie up to it, too few of them having done so. */
struct interval sequential_quantile_interval(const struct sequential_quantile *test, enum side side)
{
    const struct histogram *h = &test->total[side];
    double n = (double)h->total / test->proportion.divisor, upto = 0, bound = -log(test->proportion.level);
    if (h->total == 0)
        return (struct interval){1, -1};
    struct interval result = {0, INFINITY};
    for (int i = 0; i < HISTOGRAM_BUCKETS - 1; i++) {
        upto += (double)h->counts[i] / test->proportion.divisor;
        double k = fmin(upto, n);
        if (h->counts[i] == 0 && i + 1 < HISTOGRAM_BUCKETS - 1)
            continue;
        double marginal = log_beta(k + 0.5, n - k + 0.5) - log_beta(0.5, 0.5);
        if (mixture(marginal, k, n, test->quantile) < bound)
            continue;
        if (k < test->quantile * n) {
            result.low = histogram_edge(i);
        } else {
            result.high = histogram_edge(i);
            break;
        }
    }
    return result;
}
