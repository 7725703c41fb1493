#include "judge/limits.h"

#include <math.h>

bool limit_init(struct limit *limit, double bound, bool below, int k, int n)
{
    if (!isfinite(bound) || k < 1 || n < k || n > LIMIT_POINTS_MAX)
        return false;
    *limit = (struct limit){.bound = bound, .below = below, .k = k, .n = n, .last = NAN};
    return true;
}

void limit_add_missing(struct limit *limit)
{
    limit->present <<= 1;
    limit->breach <<= 1;
}

void limit_add(struct limit *limit, double value)
{
    limit_add_missing(limit);
    if (!isfinite(value))
        return;
    limit->last = value;
    limit->present |= 1;
    limit->breach |= limit->below ? value < limit->bound : value > limit->bound;
}

/* The real points that count; *oldest gets how many periods ago the oldest of them ended, the newest period being 1. */
static int count_points(const struct limit *limit, int *breaching, int *oldest)
{
    int real = 0;
    *breaching = *oldest = 0;
    for (int age = 0; age < limit->n + LIMIT_RANGE && real < limit->n; age++) {
        if (!(limit->present >> age & 1))
            continue;
        real++;
        *breaching += limit->breach >> age & 1;
        *oldest = age + 1;
    }
    return real;
}

int limit_points(const struct limit *limit, int *breaching)
{
    int oldest;
    return count_points(limit, breaching, &oldest);
}

enum limit_state limit_state(const struct limit *limit)
{
    int breaching, oldest, real = count_points(limit, &breaching, &oldest);
    if (real == 0)
        return LIMIT_INSUFFICIENT;
    bool cut_short = real < limit->n && breaching == real && oldest >= limit->k;
    return breaching >= limit->k || cut_short ? LIMIT_ALARM : LIMIT_OK;
}

const char *limit_state_name(enum limit_state state)
{
    static const char *const names[] = {
        [LIMIT_INSUFFICIENT] = "insufficient-data", [LIMIT_OK] = "ok", [LIMIT_ALARM] = "alarm"};
    return names[state];
}
