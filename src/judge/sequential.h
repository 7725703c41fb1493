/*
 * The default judge: tests that may be read after every second, for as long as one likes, and still raise a false alarm
 * with at most the configured probability over the whole watch ("anytime-valid").
 *
 * All three tests here are e-processes: a wealth that starts at 1 and, as long as the canary is no worse than tolerated,
 * is not expected to grow, whatever was seen before. By Ville's inequality it then ever reaches 1/level with probability
 * at most `level`. Wealth of at least 1/level is a failure, and stays one.
 *
 * Proportions (errors; requests slower than a quantile). Given the requests of a second on both sides, the null is
 *     P(canary) <= P(stable) + tolerated,  in each second anew,
 * so whatever hits both sides alike (a shock, a drift, a busy hour) does no harm. A second multiplies the wealth by the
 * likelihood of an alternative over that of the nearest point of the null (the Kullback-Leibler projection, weighted by
 * the requests), which is an e-value for convex nulls: Turner, Ly, Gruenwald, "Generic E-variables for exact sequential
 * k-sample tests that allow for optional stopping" (2024). With nothing tolerated and small rates this is the test given
 * the total errors of the second (how many of them are the canary's?) of Lindon, Sanden, Shirikian, "Rapid regression
 * detection in software deployments through sequential testing" (KDD 2022). As there, the alternative is a mixture over
 * effects, here on a grid between a little and all, around the stable rate estimated from seconds before this one; and a
 * mixture over the second in which the effect began, so that a late one is found as well.
 *
 * Latency quantiles. With x the stable side's quantile as known before the second: are more of the canary's requests
 * slower than (1 + tolerated) x than of the stable side's slower than x? That is the proportion test above, exact for
 * whatever x, under the null that the canary's time is stochastically no more than (1 + tolerated) of the stable side's.
 * The interval for display is that of Howard, Ramdas, "Sequential estimation of quantiles with applications to A/B
 * testing" (Bernoulli 2022) on the edges of the histogram; tolerated is taken up to the next bucket step (4.4 %).
 *
 * Means (processor, memory, custom numbers) of blocks of MEAN_BLOCK seconds: the difference canary - (1 + tolerated)
 * stable, divided by its own earlier mean size and cut to [-1, 1], bet on as a bounded mean (Waudby-Smith, Ramdas,
 * "Estimating means of bounded random variables by betting", JRSS B 2024).
 *
 * Intervals are confidence sequences (Howard, Ramdas, McAuliffe, Sekhon, "Time-uniform, nonparametric, nonasymptotic
 * confidence sequences", Annals of Statistics 2021): beta-binomial mixture for proportions. They are for display.
 *
 * What is assumed, and said on the screen by sequential_assumption() when it does not hold or cannot be known:
 *   - Given the past, requests fail independently. Errors in bursts on one side break this. What holds there: the stable
 *     side, before the canary and beside it, is watched in blocks of 1, 4, 16 and 64 seconds; where its counts scatter
 *     more than chance allows, all evidence is divided (the wealth taken to the power 1/d) by d = the larger of three
 *     times the index of dispersion and the size of a burst by the third over the second cumulant, and no error weighs
 *     more than log(10)/d. For bursts whose sizes have an exponential tail this restores the
 *     level; it costs time. It assumes that the canary's bursts are no larger than the stable side's. Without
 *     SEQUENTIAL_HISTORY seconds of the stable side before the start it is not known whether errors come in bursts.
 *   - Means: that a block's cut difference is not expected to be above zero given the blocks before it. Load that is
 *     correlated longer than a block must be inside what is tolerated.
 *
 * State is O(1) a metric, a second costs about a microsecond. Not thread-safe; no allocation.
 */
#ifndef SIGNALBOX_JUDGE_SEQUENTIAL_H
#define SIGNALBOX_JUDGE_SEQUENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "judge/series.h"

enum {
    SEQUENTIAL_EFFECTS = 10,   /* alternatives on the grid */
    SEQUENTIAL_SCALES = 4,     /* blocks of 1, 4, 16, 64 seconds */
    SEQUENTIAL_HISTORY = 1800, /* seconds of the stable side before the start, for bursts to be known */
    MEAN_BLOCK = 10,           /* seconds */
    MEAN_BETS = 6,
};

/* Sums over blocks of one length, from which mean, dispersion and third cumulant of the counts follow. */
struct burst_scale {
    double n, k; /* the block under way */
    int filled;  /* its seconds */
    double blocks;
    double sn, sk, snn, snk, skk; /* over finished blocks: sums of n, k, n*n, n*k, k*k */
    double snnn, snnk, snkk, skkk;
};

/* Do the counts of a side come in bursts? {0} has seen nothing. */
struct bursts {
    struct burst_scale scale[SEQUENTIAL_SCALES];
    uint64_t seconds;
};

void bursts_add(struct bursts *bursts, uint64_t requests, uint64_t errors);

/*
 * By how much evidence must be divided: 1 when the counts scatter no more than chance allows. *dispersion gets the
 * largest index of dispersion, 1 when none is beyond chance.
 */
double bursts_divisor(const struct bursts *bursts, double *dispersion);

/* An interval that holds at all times together with probability 1 - level. low > high: nothing is known yet. */
struct interval {
    double low, high;
};

/* Canary against stable: how many of how many, second by second. */
struct sequential_proportion {
    double level, tolerated;
    double wealth[SEQUENTIAL_EFFECTS];
    double evidence; /* logarithm of the wealth now */
    double most;     /* the largest it was */
    bool failed;
    uint64_t seconds;  /* that were compared */
    uint64_t history;  /* of the stable side before the first */
    uint64_t nonsense; /* seconds passed over: more errors than requests, or more than 2^40 */
    struct tally total[SIDES];
    double stable_n, stable_k; /* the stable side's rate, forgetting slowly */
    struct bursts bursts;
    double divisor, dispersion;
};

/* level in (0, 1): the chance of a false alarm over the whole watch. tolerated in [0, 1): a difference of proportions. */
bool sequential_proportion_init(struct sequential_proportion *test, double level, double tolerated);

/* A second of the stable side from before the canary took traffic: teaches its rate and its bursts. */
void sequential_proportion_learn(struct sequential_proportion *test, const struct tally *stable);

/* One second of both. Returns whether the canary has failed, now or before. */
bool sequential_proportion_add(struct sequential_proportion *test, const struct tally *canary,
                               const struct tally *stable);

/* Of the rate of a side, and of the difference canary - stable, in proportions. */
struct interval sequential_rate_interval(const struct sequential_proportion *test, enum side side);
struct interval sequential_difference_interval(const struct sequential_proportion *test);

/* A latency quantile. 2.6 KB a side of histogram inside. */
struct sequential_quantile {
    struct sequential_proportion proportion; /* "errors" are the slower ones */
    double quantile;
    int steps;                     /* of the grid that are tolerated */
    int edge;                      /* the stable side's quantile as known before this second; -1: not yet */
    int since;                     /* seconds since it was looked up */
    struct histogram recent;       /* the stable side, forgetting */
    struct histogram total[SIDES]; /* since the start */
};

/* quantile in (0, 1); tolerated >= 0 relative: 0.10 lets p99 be a tenth more. */
bool sequential_quantile_init(struct sequential_quantile *test, double level, double quantile, double tolerated);
void sequential_quantile_learn(struct sequential_quantile *test, const struct histogram *stable);
bool sequential_quantile_add(struct sequential_quantile *test, const struct histogram *canary,
                             const struct histogram *stable);

/* In milliseconds, of a side's quantile since the start. */
struct interval sequential_quantile_interval(const struct sequential_quantile *test, enum side side);

/* A number a second on each side. */
struct sequential_mean {
    double level, tolerated;
    bool less_is_worse;
    double wealth[MEAN_BETS];
    double evidence, most;
    bool failed;
    uint64_t seconds, blocks, nonsense;
    double sum[SIDES]; /* of the block under way */
    int filled;
    double total[SIDES];             /* over seconds */
    double scale;                    /* mean size of the difference so far, forgetting */
    double mean_difference, squares; /* of block differences, for the interval (Welford) */
};

/* tolerated >= 0, relative to the stable side's value. */
bool sequential_mean_init(struct sequential_mean *test, double level, double tolerated, bool less_is_worse);
bool sequential_mean_add(struct sequential_mean *test, double canary, double stable);

/* Of the difference canary - stable of the means; asymptotic (Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas 2024). */
struct interval sequential_mean_interval(const struct sequential_mean *test);

/* The level of one metric of several: they share it (union bound), so that all together keep it. */
double sequential_split(double level, int metrics);

enum sequential_assumption {
    ASSUMPTION_HOLDS,
    ASSUMPTION_UNKNOWN, /* too little of the stable side before the start to know whether errors come in bursts */
    ASSUMPTION_BURSTS,  /* they do: the evidence is divided, which takes longer */
};
enum sequential_assumption sequential_assumption(const struct sequential_proportion *test);

#endif
