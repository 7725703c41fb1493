#include "judge/series.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static const double FIRST_EDGE_MS = 1.0 / 16;

static uint64_t add_saturating(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

double histogram_edge(int bucket)
{
    return bucket >= HISTOGRAM_BUCKETS - 1 ? INFINITY : FIRST_EDGE_MS * exp2((double)bucket / HISTOGRAM_STEPS);
}

int histogram_bucket(double ms)
{
    if (!isfinite(ms) || ms < 0)
        return -1;
    if (ms <= FIRST_EDGE_MS)
        return 0;
    double guess = ceil(log2(ms / FIRST_EDGE_MS) * HISTOGRAM_STEPS);
    int bucket = guess >= HISTOGRAM_BUCKETS - 1 ? HISTOGRAM_BUCKETS - 1 : (int)guess;
    /* The logarithm may be off by one unit in the last place: an edge itself belongs to the bucket it closes. */
    if (bucket > 0 && ms <= histogram_edge(bucket - 1))
        bucket--;
    else if (ms > histogram_edge(bucket))
        bucket++;
    return bucket;
}

bool histogram_add(struct histogram *h, double ms, uint64_t count)
{
    int bucket = histogram_bucket(ms);
    if (bucket < 0)
        return false;
    h->counts[bucket] = add_saturating(h->counts[bucket], count);
    h->total = add_saturating(h->total, count);
    return true;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->counts[i] = add_saturating(into->counts[i], from->counts[i]);
    into->total = add_saturating(into->total, from->total);
}

uint64_t histogram_beyond(const struct histogram *h, int bucket)
{
    uint64_t beyond = 0;
    for (int i = bucket < -1 ? 0 : bucket + 1; i < HISTOGRAM_BUCKETS; i++)
        beyond = add_saturating(beyond, h->counts[i]);
    return beyond;
}

int histogram_quantile_bucket(const struct histogram *h, double p)
{
    if (h->total == 0 || !(p > 0 && p < 1))
        return -1;
    double wanted = p * (double)h->total, sum = 0;
    int last = -1;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        if (h->counts[i] == 0)
            continue;
        last = i;
        sum += (double)h->counts[i];
        if (sum >= wanted)
            break;
    }
    return last;
}

double histogram_quantile(const struct histogram *h, double p)
{
    int bucket = histogram_quantile_bucket(h, p);
    if (bucket < 0)
        return NAN;
    if (bucket == 0 || bucket == HISTOGRAM_BUCKETS - 1)
        return histogram_edge(bucket);
    double before = 0;
    for (int i = 0; i < bucket; i++)
        before += (double)h->counts[i];
    double part = (p * (double)h->total - before) / (double)h->counts[bucket];
    part = fmin(1, fmax(0, part));
    return FIRST_EDGE_MS * exp2((bucket - 1 + part) / HISTOGRAM_STEPS);
}

enum counter_step counter_read(uint64_t *delta, struct counter *counter, int64_t at, uint64_t value)
{
    struct counter before = *counter;
    if (before.known && at <= before.at)
        return COUNTER_REPEATED;
    *counter = (struct counter){.known = true, .value = value, .at = at};
    if (!before.known)
        return COUNTER_FIRST;
    if (value < before.value)
        return COUNTER_BACK;
    if ((uint64_t)at - (uint64_t)before.at > SERIES_PAUSE_MAX)
        return COUNTER_PAUSE;
    *delta = value - before.value;
    return COUNTER_DELTA;
}

void series_init(struct series *series, size_t capacity)
{
    *series = (struct series){.capacity = capacity > 0 ? capacity : 1, .warm_until = INT64_MIN};
    series->ring = mem_array(series->capacity, sizeof(*series->ring));
}

void series_clear(struct series *series)
{
    free(series->ring);
    *series = (struct series){0};
}

const struct series_second *series_get(const struct series *series, size_t i)
{
    return &series->ring[(series->first + i) % series->capacity];
}

static struct series_second *newest(struct series *series)
{
    return series->count == 0 ? NULL : &series->ring[(series->first + series->count - 1) % series->capacity];
}

static struct series_second *begin_second(struct series *series, int64_t at)
{
    struct series_second *last = newest(series);
    if (last) {
        uint64_t skipped = (uint64_t)at - (uint64_t)last->at - 1;
        series->gaps = add_saturating(series->gaps, skipped);
    }
    /* Until the other side has reported it, the new second is a gap. */
    series->gaps = add_saturating(series->gaps, 1);
    if (series->count == series->capacity)
        series->first = (series->first + 1) % series->capacity;
    else
        series->count++;
    struct series_second *second = newest(series);
    *second = (struct series_second){.at = at};
    return second;
}

bool series_add(struct series *series, enum side side, int64_t at, const struct tally *tally)
{
    if (series->capacity == 0 || tally->errors > tally->requests)
        return false;
    struct series_second *second = newest(series);
    if (second && (at < second->at || (at == second->at && second->present[side])))
        return false;
    if (!second || at > second->at)
        second = begin_second(series, at);
    second->present[side] = true;
    second->side[side] = *tally;
    series->total[side].requests = add_saturating(series->total[side].requests, tally->requests);
    series->total[side].errors = add_saturating(series->total[side].errors, tally->errors);
    if (second->present[SIDE_CANARY] && second->present[SIDE_STABLE]) {
        series->observed++;
        series->gaps--;
    }
    return true;
}

bool series_comparable(const struct series *series, const struct series_second *second)
{
    return second->present[SIDE_CANARY] && second->present[SIDE_STABLE] && second->at >= series->warm_until;
}

struct tally series_sum(const struct series *series, enum side side, int64_t from, int64_t to, size_t *present)
{
    struct tally sum = {0};
    *present = 0;
    for (size_t i = series->count; i-- > 0;) {
        const struct series_second *second = series_get(series, i);
        if (second->at < from)
            break;
        if (second->at >= to || !second->present[side])
            continue;
        sum.requests = add_saturating(sum.requests, second->side[side].requests);
        sum.errors = add_saturating(sum.errors, second->side[side].errors);
        ++*present;
    }
    return sum;
}

bool series_append(struct series *series, const struct series *later)
{
    if (later->count == 0)
        return true;
    const struct series_second *last = newest(series);
    if (last && series_get(later, 0)->at <= last->at)
        return false;
    for (size_t i = 0; i < later->count; i++) {
        const struct series_second *second = series_get(later, i);
        for (int side = 0; side < SIDES; side++)
            if (second->present[side] && !series_add(series, (enum side)side, second->at, &second->side[side]))
                return false;
    }
    return true;
}
