/*
 * Plain limits: in alarm when k of the last n points are beyond a bound. The three states and what is made of missing
 * points are those of CloudWatch alarms with "missing data is treated as missing":
 *
 *   - Points that are missing are passed over: the n newest real points among the last n + LIMIT_RANGE are used.
 *   - None there at all: insufficient data.
 *   - Fewer than n there, all of them breaching, the oldest at least k periods old: alarm, so that an outage right after
 *     a first breach does not hide it.
 *   - Otherwise alarm when at least k of those used breach, else ok.
 *
 * Assumes nothing about the distribution, and says nothing about chance: a limit that is often touched alarms often.
 */
#ifndef SIGNALBOX_JUDGE_LIMITS_H
#define SIGNALBOX_JUDGE_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

enum { LIMIT_POINTS_MAX = 58, LIMIT_RANGE = 2 };

enum limit_state { LIMIT_INSUFFICIENT, LIMIT_OK, LIMIT_ALARM };

struct limit {
    double bound;
    bool below; /* breaches when less than the bound; otherwise when greater */
    int k, n;   /* 1 <= k <= n <= LIMIT_POINTS_MAX */

    uint64_t present, breach; /* bit 0 is the newest point */
    double last;              /* the newest real value; NAN before one */
};

/* False when k, n or the bound make no sense. */
bool limit_init(struct limit *limit, double bound, bool below, int k, int n);

/* One period has passed: with a value, or (NAN, infinite) without. */
void limit_add(struct limit *limit, double value);
void limit_add_missing(struct limit *limit);

enum limit_state limit_state(const struct limit *limit);

/* How many of the points that count are there, and how many of those breach. */
int limit_points(const struct limit *limit, int *breaching);

const char *limit_state_name(enum limit_state state);

#endif
