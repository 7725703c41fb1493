#include <math.h>

#include "judge/sequential.h"

/* How often the stable side's quantile is looked up, and by how many steps it must have moved to be followed: each move
 * makes the counts scatter, which looks like bursts. */
enum { LOOK_EVERY = 60, MOVED = 2, FORGET_EVERY = 15 };

bool sequential_quantile_init(struct sequential_quantile *test, double level, double quantile, double tolerated)
{
    if (!(quantile > 0 && quantile < 1) || !(tolerated >= 0 && tolerated <= 100))
        return false;
    *test = (struct sequential_quantile){.quantile = quantile, .edge = -1};
    test->steps = (int)ceil(log2(1 + tolerated) * HISTOGRAM_STEPS - 1e-9);
    return sequential_proportion_init(&test->proportion, level, 0);
}

static void halve(struct histogram *h)
{
    h->total = 0;
    for (int i = 0; i < HISTOGRAM_BUCKETS; i++) {
        h->counts[i] /= 2;
        h->total += h->counts[i];
    }
}

static void follow(struct sequential_quantile *test)
{
    if (test->edge >= 0 && ++test->since % LOOK_EVERY != 0)
        return;
    if ((double)test->recent.total * (1 - test->quantile) < 20)
        return;
    int edge = histogram_quantile_bucket(&test->recent, test->quantile);
    if (test->edge >= 0 && test->since % (LOOK_EVERY * FORGET_EVERY) == 0)
        halve(&test->recent);
    if (test->edge >= 0 && edge - test->edge < MOVED && test->edge - edge < MOVED)
        return;
    struct sequential_proportion *p = &test->proportion;
    test->edge = edge;
    p->stable_n = fmin((double)test->recent.total, 1e6);
    p->stable_k = (double)histogram_beyond(&test->recent, edge) * (p->stable_n / (double)test->recent.total);
    p->bursts = (struct bursts){0};
}

static struct tally slower(const struct histogram *h, int edge)
{
    int last = HISTOGRAM_BUCKETS - 1;
    return (struct tally){h->total, histogram_beyond(h, edge > last ? last : edge)};
}

void sequential_quantile_learn(struct sequential_quantile *test, const struct histogram *stable)
{
    if (test->edge >= 0) {
        struct tally s = slower(stable, test->edge);
        sequential_proportion_learn(&test->proportion, &s);
    }
    histogram_merge(&test->recent, stable);
    follow(test);
}

bool sequential_quantile_add(struct sequential_quantile *test, const struct histogram *canary,
                             const struct histogram *stable)
{
    if (canary->total > 0 && stable->total > 0) {
        histogram_merge(&test->total[SIDE_CANARY], canary);
        histogram_merge(&test->total[SIDE_STABLE], stable);
    }
    if (test->edge >= 0) {
        struct tally c = slower(canary, test->edge + test->steps), s = slower(stable, test->edge);
        sequential_proportion_add(&test->proportion, &c, &s);
    }
    histogram_merge(&test->recent, stable);
    follow(test);
    return test->proportion.failed;
}
