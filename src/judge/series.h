/*
 * What was measured, second by second: requests and errors of canary and stable, and how long requests took, as
 * histograms. No clock here: seconds are numbers that the caller gives (any epoch, whole seconds, growing).
 *
 * No data is not zero. A second nobody reported, a counter that jumped back (its process began anew) and a pause longer
 * than SERIES_PAUSE_MAX are gaps: they add no requests, no errors and no observed time, and are never judged.
 */
#ifndef SIGNALBOX_JUDGE_SERIES_H
#define SIGNALBOX_JUDGE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Buckets of a fixed grid, so that any two histograms merge exactly: bucket 0 holds what took at most 1/16 ms, bucket i
 * what took more than edge i-1 and at most edge i, edge i = 1/16 ms * 2^(i/16) (steps of 4.4 %), and the last bucket
 * everything beyond 65.5 s.
 */
enum { HISTOGRAM_STEPS = 16, HISTOGRAM_OCTAVES = 20, HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * HISTOGRAM_OCTAVES + 2 };

struct histogram {
    uint64_t counts[HISTOGRAM_BUCKETS];
    uint64_t total; /* their sum; all of them stay at UINT64_MAX instead of wrapping */
};

/* The bucket of a duration; -1 for what is no duration (NaN, negative, infinite). */
int histogram_bucket(double ms);

/* The upper edge of a bucket in milliseconds; INFINITY for the last. */
double histogram_edge(int bucket);

/* Adds `count` durations of ms; false, and nothing is added, when ms is no duration. */
bool histogram_add(struct histogram *h, double ms, uint64_t count);
void histogram_merge(struct histogram *into, const struct histogram *from);

/* How many lie beyond the upper edge of the bucket. */
uint64_t histogram_beyond(const struct histogram *h, int bucket);

/*
 * The bucket in which the quantile p (0 < p < 1) lies: the first one whose cumulative count reaches p of the total; -1
 * when empty. histogram_quantile() gives milliseconds, by geometric interpolation inside the bucket, off by less than
 * 4.4 %; NAN when empty, INFINITY when it lies beyond the last edge.
 */
int histogram_quantile_bucket(const struct histogram *h, double p);
double histogram_quantile(const struct histogram *h, double p);

enum side { SIDE_CANARY, SIDE_STABLE };
enum { SIDES = 2 };

struct tally {
    uint64_t requests, errors;
};

/* A counter that only grows, as proxies and processes give it. {0} has not been seen yet. */
struct counter {
    bool known;
    uint64_t value;
    int64_t at;
};

enum { SERIES_PAUSE_MAX = 5 }; /* seconds between two readings that still belong together */

enum counter_step {
    COUNTER_FIRST,   /* the first reading: nothing to compare with */
    COUNTER_DELTA,   /* *delta was added since the last reading */
    COUNTER_BACK,    /* it jumped back: what happened in between is not known */
    COUNTER_PAUSE,   /* the last reading is too old to say when it happened */
    COUNTER_REPEATED /* not later than the last reading: passed over */
};

enum counter_step counter_read(uint64_t *delta, struct counter *counter, int64_t at, uint64_t value);

struct series_second {
    int64_t at;
    bool present[SIDES];
    struct tally side[SIDES];
};

/*
 * The last `capacity` seconds, oldest first from series_get(0). Invariant: seconds grow strictly; count <= capacity. A
 * day takes 4.8 MB. Totals cover everything that was ever added, what has left the ring too.
 */
struct series {
    struct series_second *ring; /* owned */
    size_t capacity, first, count;
    int64_t warm_until; /* comparisons leave out seconds before this one; limits do not */
    struct tally total[SIDES];
    uint64_t observed; /* seconds in which both sides were present */
    uint64_t gaps;     /* seconds between the first and the last in which one of them was not */
};

void series_init(struct series *series, size_t capacity);
void series_clear(struct series *series);

/*
 * Adds the tally of one side in a second. The two sides of a second may come in either order. False, and nothing
 * changes: the second lies before the newest, this side has it already, it makes no sense (more errors than requests), or the series was cleared.
 */
bool series_add(struct series *series, enum side side, int64_t at, const struct tally *tally);

const struct series_second *series_get(const struct series *series, size_t i);

/* Both sides present and after the warm-up: may be compared. */
bool series_comparable(const struct series *series, const struct series_second *second);

/* The sum of a side over from <= at < to, among what the ring still holds; *present gets the seconds that were there. */
struct tally series_sum(const struct series *series, enum side side, int64_t from, int64_t to, size_t *present);

/* Adds everything of `later`, whose first second lies after the last of `series`: the same as adding each second. */
bool series_append(struct series *series, const struct series *later);

#endif
