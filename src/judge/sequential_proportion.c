#include <math.h>

#include "judge/sequential.h"

/* The stable side's rate forgets with this time constant, in seconds: long enough to be exact, short enough to follow. */
static const double RATE_MEMORY = 432;
/* Bursts are looked up again after so many seconds. */
enum { BURSTS_EVERY = 64, BURSTS_ENOUGH = 600 };
/* Wealth beyond this changes nothing any more and must not overflow. */
static const double WEALTH_MAX = 1e100;
/* An effect that began with the first second has this share of the wealth; later ones have the rest. */
static const double FROM_THE_START = 0.6;

bool sequential_proportion_init(struct sequential_proportion *test, double level, double tolerated)
{
    if (!(level > 0 && level < 1) || !(tolerated >= 0 && tolerated < 1))
        return false;
    *test = (struct sequential_proportion){.level = level, .tolerated = tolerated, .divisor = 1, .dispersion = 1};
    return true;
}

/* More than this in a second is a fault of whoever counted. */
static const uint64_t REQUESTS_MAX = (uint64_t)1 << 40;

static bool sound(const struct tally *tally)
{
    return tally->errors <= tally->requests && tally->requests <= REQUESTS_MAX;
}

static void look_for_bursts(struct sequential_proportion *test)
{
    double dispersion, divisor = bursts_divisor(&test->bursts, &dispersion);
    /* What was known before a gap in knowledge stays, until there is as much again. */
    if (divisor < test->divisor && test->bursts.seconds < BURSTS_ENOUGH)
        return;
    test->divisor = divisor;
    test->dispersion = dispersion;
}

static void learn(struct sequential_proportion *test, const struct tally *stable)
{
    if (stable->requests == 0)
        return;
    test->stable_n += (double)stable->requests - test->stable_n / RATE_MEMORY;
    test->stable_k += (double)stable->errors - test->stable_k / RATE_MEMORY;
    bursts_add(&test->bursts, stable->requests, stable->errors);
    if (test->bursts.seconds % BURSTS_EVERY == 0)
        look_for_bursts(test);
}

void sequential_proportion_learn(struct sequential_proportion *test, const struct tally *stable)
{
    if (!sound(stable)) {
        test->nonsense++;
        return;
    }
    test->history += stable->requests > 0;
    learn(test, stable);
}

/* A second to be judged, and an alternative to the null. */
struct pair {
    double n[SIDES], k[SIDES];
    double rate[SIDES];
};

/*
 * The nearest point of the null, as the stable side's rate: where the weighted divergence from the alternative stands
 * still along canary = stable + tolerated. Without tolerance that is the common rate; otherwise Newton's method, kept
 * between the two ends where the derivative changes its sign.
 */
static double project(const struct pair *s, double tolerated)
{
    double weight = s->n[SIDE_CANARY] / (s->n[SIDE_CANARY] + s->n[SIDE_STABLE]);
    double low = s->rate[SIDE_STABLE], high = s->rate[SIDE_CANARY] - tolerated;
    double p = weight * high + (1 - weight) * low;
    for (int i = 0; tolerated > 0 && i < 60; i++) {
        double c = p + tolerated, vc = c * (1 - c), vs = p * (1 - p);
        double dc = s->rate[SIDE_CANARY] - c, ds = s->rate[SIDE_STABLE] - p;
        double slope = weight * dc / vc + (1 - weight) * ds / vs;
        double bend = -weight * (1 + dc * (1 - 2 * c) / vc) / vc - (1 - weight) * (1 + ds * (1 - 2 * p) / vs) / vs;
        if (slope > 0)
            low = p;
        else
            high = p;
        double next = p - slope / bend;
        if (!(next > low && next < high))
            next = (low + high) / 2;
        double moved = fabs(next - p);
        p = next;
        if (moved < 1e-13 * p || slope == 0)
            break;
    }
    return p;
}

/* The logarithm of what the second multiplies the wealth of this alternative by. */
static double weigh(const struct pair *s, double tolerated, double divisor)
{
    double stable = project(s, tolerated), canary = stable + tolerated;
    double heaviest = log(s->rate[SIDE_CANARY] / canary);
    if (divisor > 1 && heaviest > M_LN10)
        return 0;
    double sum = s->k[SIDE_CANARY] * heaviest +
                 (s->n[SIDE_CANARY] - s->k[SIDE_CANARY]) * log1p((canary - s->rate[SIDE_CANARY]) / (1 - canary)) +
                 s->k[SIDE_STABLE] * log(s->rate[SIDE_STABLE] / stable) +
                 (s->n[SIDE_STABLE] - s->k[SIDE_STABLE]) * log1p((stable - s->rate[SIDE_STABLE]) / (1 - stable));
    return sum / divisor;
}

/*
 * Effects between a small one and everything, in equal ratios: what matters at a rate of a thousandth is not what
 * matters at a half.
 */
static double effect(int i, double rate)
{
    double least = 0.4 * rate * (1 - rate), most = 0.8 * (1 - rate);
    return least * pow(most / least, (double)i / (SEQUENTIAL_EFFECTS - 1));
}

static void bet(struct sequential_proportion *test, struct pair *s)
{
    double t = (double)test->seconds; /* from 0 */
    double begins = t == 0 ? FROM_THE_START : 2 * (1 - FROM_THE_START) / ((t + 1) * (t + 2));
    double waiting = 2 * (1 - FROM_THE_START) / (t + 2), sum = 0;
    double known = (test->stable_k + 0.5) / (test->stable_n + 1);
    double floor = known + test->tolerated;
    s->rate[SIDE_STABLE] = known;
    for (int i = 0; i < SEQUENTIAL_EFFECTS; i++) {
        s->rate[SIDE_CANARY] = floor + effect(i, floor);
        double factor = floor < 1 ? weigh(s, test->tolerated, test->divisor) : 0;
        double wealth = (test->wealth[i] + begins / SEQUENTIAL_EFFECTS) * exp(fmin(factor, 500));
        test->wealth[i] = fmin(wealth, WEALTH_MAX);
        sum += test->wealth[i];
    }
    test->evidence = log(sum + waiting);
    test->most = fmax(test->most, test->evidence);
    test->failed |= test->evidence >= -log(test->level);
}

bool sequential_proportion_add(struct sequential_proportion *test, const struct tally *canary,
                               const struct tally *stable)
{
    if (!sound(canary) || !sound(stable)) {
        test->nonsense++;
        return test->failed;
    }
    const struct tally *const both[SIDES] = {canary, stable};
    struct pair s;
    for (int side = 0; side < SIDES; side++) {
        s.n[side] = (double)both[side]->requests;
        s.k[side] = (double)both[side]->errors;
    }
    /* One side alone says nothing of the difference; nothing is known of the stable side's rate before its first. */
    if (canary->requests > 0 && stable->requests > 0) {
        for (int side = 0; side < SIDES; side++) {
            test->total[side].requests += both[side]->requests;
            test->total[side].errors += both[side]->errors;
        }
        if (test->stable_n > 0)
            bet(test, &s);
        test->seconds++;
    }
    learn(test, stable);
    return test->failed;
}

enum sequential_assumption sequential_assumption(const struct sequential_proportion *test)
{
    if (test->divisor > 1)
        return ASSUMPTION_BURSTS;
    return test->history < SEQUENTIAL_HISTORY ? ASSUMPTION_UNKNOWN : ASSUMPTION_HOLDS;
}

double sequential_split(double level, int metrics)
{
    return metrics > 0 ? level / metrics : level;
}
