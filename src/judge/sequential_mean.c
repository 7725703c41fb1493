#include <math.h>

#include "judge/sequential.h"

/* Parts of the wealth that are staked; the last one wins fastest when every block is bad. */
static const double stakes[MEAN_BETS] = {0.1, 0.2, 0.4, 0.6, 0.8, 0.95};
static const double SCALE_MEMORY = 30; /* blocks */
static const double FROM_THE_START = 0.6;
/* Larger numbers are nonsense for whatever is measured, and their squares would not fit. */
static const double VALUE_MAX = 1e100;

bool sequential_mean_init(struct sequential_mean *test, double level, double tolerated, bool less_is_worse)
{
    if (!(level > 0 && level < 1) || !(tolerated >= 0 && tolerated <= 100))
        return false;
    *test = (struct sequential_mean){.level = level, .tolerated = tolerated, .less_is_worse = less_is_worse};
    return true;
}

static void bet(struct sequential_mean *test, double cut)
{
    double t = (double)test->blocks - 1; /* the first block only gives the scale */
    double begins = t == 0 ? FROM_THE_START : 2 * (1 - FROM_THE_START) / ((t + 1) * (t + 2));
    double sum = 2 * (1 - FROM_THE_START) / (t + 2);
    for (int i = 0; i < MEAN_BETS; i++) {
        test->wealth[i] = fmin((test->wealth[i] + begins / MEAN_BETS) * (1 + stakes[i] * cut), 1e100);
        sum += test->wealth[i];
    }
    test->evidence = log(sum);
    test->most = fmax(test->most, test->evidence);
    test->failed |= test->evidence >= -log(test->level);
}

static void finish_block(struct sequential_mean *test)
{
    double canary = test->sum[SIDE_CANARY] / test->filled, stable = test->sum[SIDE_STABLE] / test->filled;
    double difference = canary - stable;
    double worse = (test->less_is_worse ? -difference : difference) - test->tolerated * fabs(stable);
    if (test->blocks > 0) {
        double cut = test->scale > 0 ? worse / test->scale : worse > 0 ? 1 : worse < 0 ? -1 : 0;
        bet(test, fmin(1, fmax(-1, cut)));
    }
    double memory = fmin((double)test->blocks + 1, SCALE_MEMORY);
    test->scale += (fabs(worse) - test->scale) / memory;
    test->blocks++;
    double away = difference - test->mean_difference;
    test->mean_difference += away / (double)test->blocks;
    test->squares += away * (difference - test->mean_difference);
    test->sum[SIDE_CANARY] = test->sum[SIDE_STABLE] = 0;
    test->filled = 0;
}

bool sequential_mean_add(struct sequential_mean *test, double canary, double stable)
{
    if (!(fabs(canary) <= VALUE_MAX) || !(fabs(stable) <= VALUE_MAX)) {
        test->nonsense++;
        return test->failed;
    }
    test->seconds++;
    const double values[SIDES] = {canary, stable};
    for (int side = 0; side < SIDES; side++) {
        test->sum[side] += values[side];
        test->total[side] += values[side];
    }
    if (++test->filled == MEAN_BLOCK)
        finish_block(test);
    return test->failed;
}

struct interval sequential_mean_interval(const struct sequential_mean *test)
{
    double t = (double)test->blocks;
    if (t < 4)
        return (struct interval){1, -1};
    /* Narrowest after some 30 blocks. */
    double wide = -2 * log(test->level), rho = (wide + log(wide + 1) + 1) / 30;
    double half = sqrt(test->squares / (t - 1)) *
                  sqrt(2 * (t * rho + 1) / (t * t * rho) * log(sqrt(t * rho + 1) / test->level));
    return (struct interval){test->mean_difference - half, test->mean_difference + half};
}
