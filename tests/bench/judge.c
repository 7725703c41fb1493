/*
 * The three kinds of judge on the same made-up series: how often each raises a false alarm, what share of real regressions
 * it catches, and after how many seconds (median). Everything comes from a generator of our own, so that two runs with the
 * same seed print the same.
 *
 *   judge [--runs N] [--seed N] [--only WORD] [--no-history] [--json]      the simulation
 *   judge --speed [--json]                                  50 metrics over a day of seconds
 *
 * A series: an hour of the stable side alone, then a warm-up of a minute, then 3,600 seconds that are judged, after each
 * of them. Nine tenths of the traffic are on stable: nine instances beside one. Base error rate 0.5 %. Five metrics share
 * a level of 1 %: errors, p50, p99, processor, memory. Times count from the first second that is compared.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "judge/limits.h"
#include "judge/mann_whitney.h"
#include "judge/sequential.h"

enum { HISTORY = 3600, WARM_UP = 60, LOOKS = 3600, METRICS = 5, INSTANCES = 10, MINUTES = LOOKS / 60 };
enum { KIND_LIMIT, KIND_MANN_WHITNEY, KIND_SEQUENTIAL, KINDS };
static const double BASE = 0.005, LEVEL = 0.01;
static int history = HISTORY;

/* Random numbers: splitmix64. */

static uint64_t state;

static double uniform(void)
{
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double normal(void)
{
    return sqrt(-2 * log(1 - uniform())) * cos(2 * M_PI * uniform());
}

static uint64_t poisson(double mean)
{
    if (mean > 500)
        return (uint64_t)fmax(0, round(mean + sqrt(mean) * normal()));
    if (mean > 20)
        return poisson(mean / 2) + poisson(mean / 2);
    uint64_t k = 0;
    for (double term = exp(-mean), u = uniform(); u > term && k < 200; u -= term, term *= mean / (double)k)
        k++;
    return k;
}

static uint64_t binomial(uint64_t n, double p)
{
    double mean = (double)n * p;
    if (mean > 30) {
        double k = round(mean + sqrt(mean * (1 - p)) * normal());
        return (uint64_t)fmin((double)n, fmax(0, k));
    }
    uint64_t k = 0;
    double term = exp((double)n * log1p(-p)), u = uniform();
    for (; u > term && k < n; k++) {
        u -= term;
        term *= (double)(n - k) / (double)(k + 1) * p / (1 - p);
    }
    return k;
}

/* The world. */

enum trouble { PLAIN, BURSTS, SHOCK, COLD_START };

struct scenario {
    const char *name;
    enum trouble trouble;
    double rate;        /* requests a second to the canary */
    double more_errors; /* a proportion */
    double slower;      /* p99, relative */
};

/* Latency: log-normal around 40 ms. Every fourth bucket of the grid is enough here; a regression stretches what is slower
 * than p95, so that p99 rises by what is asked. */
enum { CELLS = 64, STRIDE = 2, FIRST_CELL = 84 };
static double cells[2][CELLS];

static void make_cells(double slower)
{
    const double middle = 150, spread = 0.5 / M_LN2 * HISTOGRAM_STEPS, z95 = 1.6449, z99 = 2.3263;
    double stretch = 1 + log2(1 + slower) * HISTOGRAM_STEPS / ((z99 - z95) * spread);
    for (int side = 0; side < SIDES; side++) {
        double before = 0, factor = side == SIDE_CANARY ? stretch : 1;
        for (int i = 0; i < CELLS; i++) {
            double z = (FIRST_CELL + STRIDE * (i + 1) - middle) / spread;
            if (z > z95)
                z = z95 + (z - z95) / factor;
            double upto = i == CELLS - 1 ? 1 : erfc(-z / M_SQRT2) / 2;
            cells[side][i] = upto - before;
            before = upto;
        }
    }
}

struct world {
    const struct scenario *scenario;
    bool bursting[INSTANCES];
    double wander[2 * SIDES]; /* processor and memory of both, correlated in time */
    int shock_at[3];
};

struct reading {
    struct tally tally[SIDES];
    struct histogram latency[SIDES];
    double processor[SIDES], memory[SIDES];
};

static double error_rate(struct world *w, int instance, int second)
{
    const struct scenario *s = w->scenario;
    double rate = BASE;
    if (s->trouble == BURSTS) {
        bool *on = &w->bursting[instance];
        *on = *on ? uniform() >= 0.2 : uniform() < 0.00889;
        rate = *on ? 0.05 : 0.003;
    }
    for (int i = 0; i < 3 && s->trouble == SHOCK; i++)
        if (second >= w->shock_at[i] && second < w->shock_at[i] + 30)
            rate = BASE * 20;
    if (instance == 0 && second >= WARM_UP)
        rate += s->more_errors;
    if (instance == 0 && s->trouble == COLD_START)
        rate += 0.1 * exp(-second / 10.0);
    return rate;
}

static int shifted(const struct world *w, enum side side, int second)
{
    int shift = 0;
    for (int i = 0; i < 3 && w->scenario->trouble == SHOCK; i++)
        if (second >= w->shock_at[i] && second < w->shock_at[i] + 30)
            shift = 16;
    if (w->scenario->trouble == COLD_START && side == SIDE_CANARY)
        shift += (int)(32 * exp(-second / 10.0));
    return shift;
}

static double wander(double *state_of, double correlation, double deviation)
{
    *state_of = correlation * *state_of + sqrt(1 - correlation * correlation) * normal();
    return 1 + deviation * *state_of;
}

static void read_side(struct reading *r, struct world *w, enum side side, int second)
{
    int from = side == SIDE_CANARY ? 0 : 1, to = side == SIDE_CANARY ? 1 : INSTANCES,
        shift = shifted(w, side, second);
    struct histogram *h = &r->latency[side];
    const double *cell = cells[second >= WARM_UP ? side : SIDE_STABLE];
    memset(h, 0, sizeof(*h));
    for (int i = 0; i < CELLS; i++) {
        uint64_t count = poisson(w->scenario->rate * (to - from) * cell[i]);
        h->counts[FIRST_CELL + STRIDE * i + shift] += count;
        h->total += count;
    }
    r->tally[side] = (struct tally){h->total, 0};
    uint64_t left = h->total;
    for (int i = from; i < to; i++) {
        uint64_t share = left / (uint64_t)(to - i);
        left -= share;
        r->tally[side].errors += binomial(share, error_rate(w, i, second));
    }
    double few = side == SIDE_CANARY ? 1 : 1.0 / 3;
    r->processor[side] = 30 * wander(&w->wander[side], 0.8, 0.1 * few);
    r->memory[side] = 200 * wander(&w->wander[SIDES + side], 0.99, 0.02 * few);
}

/* The judges: the second, counted from the first comparison, in which each aborts; -1: never. */

struct judges {
    struct sequential_proportion errors;
    struct sequential_quantile p50, p99;
    struct sequential_mean processor, memory;
    struct limit limits[METRICS];
    struct tally window[SIDES];
    struct histogram slow[SIDES];
    double minutes[METRICS][SIDES][MINUTES + 1], sum[METRICS][SIDES];
    int minute;
    int caught[KINDS];
};

static void init_judges(struct judges *j)
{
    memset(j, 0, sizeof(*j));
    double level = sequential_split(LEVEL, METRICS);
    bool good =
        sequential_proportion_init(&j->errors, level, 0) && sequential_quantile_init(&j->p50, level, 0.5, 0) &&
        sequential_quantile_init(&j->p99, level, 0.99, 0) && sequential_mean_init(&j->processor, level, 0.1, false) &&
        sequential_mean_init(&j->memory, level, 0.1, false);
    /* Twice the base rate, a quarter over the usual latency, half as much again of processor and memory: 3 of 5. */
    const double bounds[METRICS] = {2 * BASE, 52, 160, 45, 300};
    for (int i = 0; i < METRICS; i++)
        good = good && limit_init(&j->limits[i], bounds[i], false, 3, 5);
    if (!good)
        abort();
    for (int i = 0; i < KINDS; i++)
        j->caught[i] = -1;
}

static void measure(double values[METRICS], const struct tally *tally, const struct histogram *h)
{
    values[0] = tally->requests > 0 ? (double)tally->errors / (double)tally->requests : NAN;
    values[1] = histogram_quantile(h, 0.5);
    values[2] = histogram_quantile(h, 0.99);
}

/* Points of ten seconds. */
static void look_limits(struct judges *j, const struct reading *r, int second)
{
    if (second % 10 != 9)
        return;
    double values[METRICS];
    measure(values, &j->window[SIDE_CANARY], &j->slow[SIDE_CANARY]);
    values[3] = r->processor[SIDE_CANARY];
    values[4] = r->memory[SIDE_CANARY];
    for (int i = 0; i < METRICS; i++) {
        limit_add(&j->limits[i], values[i]);
        if (limit_state(&j->limits[i]) == LIMIT_ALARM && j->caught[KIND_LIMIT] < 0)
            j->caught[KIND_LIMIT] = second >= WARM_UP ? second - WARM_UP + 1 : 0;
    }
    memset(&j->window[SIDE_CANARY], 0, sizeof(j->window[0]));
    memset(&j->slow[SIDE_CANARY], 0, sizeof(j->slow[0]));
}

/* Points of a minute, looked at every minute from five on, with the thresholds of production. */
static void look_mann_whitney(struct judges *j, int second)
{
    if ((second - WARM_UP) % 60 != 59)
        return;
    struct mann_whitney_options o = mann_whitney_defaults(MANN_WHITNEY_MEAN_RATIO);
    o.direction = MANN_WHITNEY_INCREASE;
    for (int i = 0; i < METRICS; i++)
        for (int side = 0; side < SIDES; side++) {
            j->minutes[i][side][j->minute] = j->sum[i][side] / 60;
            j->sum[i][side] = 0;
        }
    j->minute++;
    for (int i = 0; i < METRICS && j->minute >= 5 && j->caught[KIND_MANN_WHITNEY] < 0; i++) {
        size_t points = (size_t)j->minute;
        if (mann_whitney(j->minutes[i][0], points, j->minutes[i][1], points, &o).class == MANN_WHITNEY_HIGH)
            j->caught[KIND_MANN_WHITNEY] = second - WARM_UP + 1;
    }
}

static void look(struct judges *j, const struct reading *r, int second)
{
    struct tally *t = &j->window[SIDE_CANARY];
    t->requests += r->tally[SIDE_CANARY].requests;
    t->errors += r->tally[SIDE_CANARY].errors;
    histogram_merge(&j->slow[SIDE_CANARY], &r->latency[SIDE_CANARY]);
    look_limits(j, r, second);
    if (second < WARM_UP)
        return;
    for (int side = 0; side < SIDES; side++) {
        double values[METRICS];
        measure(values, &r->tally[side], &r->latency[side]);
        values[3] = r->processor[side];
        values[4] = r->memory[side];
        for (int i = 0; i < METRICS; i++)
            j->sum[i][side] += isfinite(values[i]) ? values[i] : 0;
    }
    look_mann_whitney(j, second);
    bool failed = sequential_proportion_add(&j->errors, &r->tally[0], &r->tally[1]);
    failed |= sequential_quantile_add(&j->p50, &r->latency[0], &r->latency[1]);
    failed |= sequential_quantile_add(&j->p99, &r->latency[0], &r->latency[1]);
    failed |= sequential_mean_add(&j->processor, r->processor[0], r->processor[1]);
    failed |= sequential_mean_add(&j->memory, r->memory[0], r->memory[1]);
    if (failed && j->caught[KIND_SEQUENTIAL] < 0)
        j->caught[KIND_SEQUENTIAL] = second - WARM_UP + 1;
}

static bool all_caught(const struct judges *j)
{
    for (int i = 0; i < KINDS; i++)
        if (j->caught[i] < 0)
            return false;
    return true;
}

static void simulate(struct judges *j, const struct scenario *s)
{
    static struct reading r;
    struct world w = {.scenario = s};
    for (int i = 0; i < 3; i++)
        w.shock_at[i] = WARM_UP + (int)(uniform() * LOOKS);
    init_judges(j);
    for (int second = 0; second < history; second++) {
        read_side(&r, &w, SIDE_STABLE, -HISTORY - 1000 + second);
        sequential_proportion_learn(&j->errors, &r.tally[SIDE_STABLE]);
        sequential_quantile_learn(&j->p50, &r.latency[SIDE_STABLE]);
        sequential_quantile_learn(&j->p99, &r.latency[SIDE_STABLE]);
    }
    for (int second = 0; second < WARM_UP + LOOKS && !all_caught(j); second++) {
        read_side(&r, &w, SIDE_CANARY, second);
        read_side(&r, &w, SIDE_STABLE, second);
        look(j, &r, second);
    }
}

/* The tables. */

static int ascending(const void *a, const void *b)
{
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

struct outcome {
    double share[KINDS], median[KINDS];
    int which[METRICS]; /* metrics by which the sequential judge failed the canary */
};

static struct outcome repeat(const struct scenario *s, int runs, uint64_t seed)
{
    static struct judges j;
    struct outcome out = {0};
    int *times = calloc((size_t)runs * KINDS, sizeof(*times)), found[KINDS] = {0};
    make_cells(s->slower);
    for (int run = 0; run < runs && times; run++) {
        state = seed + (uint64_t)run * 1000003;
        simulate(&j, s);
        for (int i = 0; i < KINDS; i++)
            if (j.caught[i] >= 0)
                times[i * runs + found[i]++] = j.caught[i];
        const bool failed[METRICS] = {j.errors.failed, j.p50.proportion.failed, j.p99.proportion.failed,
                                      j.processor.failed, j.memory.failed};
        for (int i = 0; i < METRICS; i++)
            out.which[i] += failed[i];
    }
    for (int i = 0; i < KINDS && times; i++) {
        qsort(times + i * runs, (size_t)found[i], sizeof(*times), ascending);
        out.share[i] = 100.0 * found[i] / runs;
        /* The median over all runs: infinite when fewer than half were caught. */
        out.median[i] = found[i] * 2 > runs ? times[i * runs + runs / 2] : INFINITY;
    }
    free(times);
    return out;
}

static void print_cell(double share, double median, bool aborts)
{
    if (aborts)
        printf("  %9.1f %%     ", share);
    else if (isinf(median))
        printf("  %5.0f %%       –", share);
    else
        printf("  %5.0f %% %6.0f s", share, median);
}

static void print_row(const struct scenario *s, const struct outcome *o, bool json)
{
    bool aborts = s->more_errors == 0 && s->slower == 0;
    if (json) {
        printf("{\"name\": \"%s\", \"rate\": %g, \"false\": %s, \"share\": [%g, %g, %g], \"median\": [", s->name,
               s->rate, aborts ? "true" : "false", o->share[0], o->share[1], o->share[2]);
        for (int i = 0; i < KINDS; i++)
            printf(isinf(o->median[i]) ? "%snull" : "%s%g", i ? ", " : "", o->median[i]);
        printf("]}\n");
    } else {
        printf("%-34s %4g/s", s->name, s->rate);
        for (int i = 0; i < KINDS; i++)
            print_cell(o->share[i], o->median[i], aborts);
        if (aborts)
            printf("  by errors %d p50 %d p99 %d cpu %d memory %d", o->which[0], o->which[1], o->which[2],
                   o->which[3], o->which[4]);
        printf("\n");
    }
    fflush(stdout);
}

static double seconds_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int speed(bool json)
{
    enum { DAY = 86400, COUNT = 50 };
    static struct sequential_proportion tests[COUNT];
    state = 1;
    for (int i = 0; i < COUNT; i++)
        if (!sequential_proportion_init(&tests[i], LEVEL / COUNT, i % 2 ? 0.005 : 0))
            return 1;
    double took = 0;
    for (int second = 0; second < DAY; second++) {
        struct tally canary = {300, binomial(300, BASE)}, stable = {2700, binomial(2700, BASE)};
        double began = seconds_now();
        for (int i = 0; i < COUNT; i++)
            sequential_proportion_add(&tests[i], &canary, &stable);
        took += seconds_now() - began;
    }
    printf(json ? "{\"day_s\": %.3f, \"evaluation_us\": %.3f}\n"
                : "50 metrics, a day of seconds: %.2f s; one second of all 50: %.1f us\n",
           took, took / DAY * 1e6);
    return 0;
}

static const struct scenario scenarios[] = {
    {"A/A plain", PLAIN, 1, 0, 0},
    {"A/A plain", PLAIN, 10, 0, 0},
    {"A/A plain", PLAIN, 30, 0, 0},
    {"A/A plain", PLAIN, 300, 0, 0},
    {"A/A bursts on each instance", BURSTS, 1, 0, 0},
    {"A/A bursts on each instance", BURSTS, 10, 0, 0},
    {"A/A bursts on each instance", BURSTS, 30, 0, 0},
    {"A/A bursts on each instance", BURSTS, 300, 0, 0},
    {"A/A shocks common to both", SHOCK, 1, 0, 0},
    {"A/A shocks common to both", SHOCK, 10, 0, 0},
    {"A/A shocks common to both", SHOCK, 30, 0, 0},
    {"A/A shocks common to both", SHOCK, 300, 0, 0},
    {"A/A cold start", COLD_START, 1, 0, 0},
    {"A/A cold start", COLD_START, 10, 0, 0},
    {"A/A cold start", COLD_START, 30, 0, 0},
    {"A/A cold start", COLD_START, 300, 0, 0},
    {"errors +0.5 points", PLAIN, 1, 0.005, 0},
    {"errors +0.5 points", PLAIN, 10, 0.005, 0},
    {"errors +0.5 points", PLAIN, 30, 0.005, 0},
    {"errors +0.5 points", PLAIN, 300, 0.005, 0},
    {"errors +1 point", PLAIN, 1, 0.01, 0},
    {"errors +1 point", PLAIN, 10, 0.01, 0},
    {"errors +1 point", PLAIN, 30, 0.01, 0},
    {"errors +1 point", PLAIN, 300, 0.01, 0},
    {"errors +2 points", PLAIN, 1, 0.02, 0},
    {"errors +2 points", PLAIN, 10, 0.02, 0},
    {"errors +2 points", PLAIN, 30, 0.02, 0},
    {"errors +2 points", PLAIN, 300, 0.02, 0},
    {"errors +5 points", PLAIN, 1, 0.05, 0},
    {"errors +5 points", PLAIN, 10, 0.05, 0},
    {"errors +5 points", PLAIN, 30, 0.05, 0},
    {"errors +5 points", PLAIN, 300, 0.05, 0},
    {"errors +5 points among bursts", BURSTS, 30, 0.05, 0},
    {"errors +5 points among bursts", BURSTS, 300, 0.05, 0},
    {"p99 +10 %", PLAIN, 1, 0, 0.10},
    {"p99 +10 %", PLAIN, 10, 0, 0.10},
    {"p99 +10 %", PLAIN, 300, 0, 0.10},
    {"p99 +25 %", PLAIN, 1, 0, 0.25},
    {"p99 +25 %", PLAIN, 10, 0, 0.25},
    {"p99 +25 %", PLAIN, 300, 0, 0.25},
    {"p99 +50 %", PLAIN, 1, 0, 0.50},
    {"p99 +50 %", PLAIN, 10, 0, 0.50},
    {"p99 +50 %", PLAIN, 300, 0, 0.50},
};

int main(int argc, char **argv)
{
    int runs = 100;
    uint64_t seed = 20260101;
    const char *only = "";
    bool json = false, fast = false;
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--json") == 0)
            json = true;
        else if (strcmp(argv[i], "--speed") == 0)
            fast = true;
        else if (strcmp(argv[i], "--no-history") == 0)
            history = 0;
        else if (strcmp(argv[i], "--runs") == 0)
            runs = atoi(value), i++;
        else if (strcmp(argv[i], "--seed") == 0)
            seed = strtoull(value, NULL, 10), i++;
        else if (strcmp(argv[i], "--only") == 0)
            only = value, i++;
        else
            return 2;
    }
    if (runs < 1)
        return 2;
    if (fast)
        return speed(json);
    if (!json)
        printf("%-34s %6s  %14s  %14s  %14s\n", "", "canary", "limits", "Mann-Whitney", "sequential");
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(*scenarios); i++) {
        char name[80];
        snprintf(name, sizeof(name), "%s %g/s", scenarios[i].name, scenarios[i].rate);
        if (!strstr(name, only))
            continue;
        struct outcome o = repeat(&scenarios[i], runs, seed);
        print_row(&scenarios[i], &o, json);
    }
    return 0;
}
