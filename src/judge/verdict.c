#include "judge/verdict.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const char *verdict_name(enum verdict_kind kind)
{
    static const char *const names[] = {
        [VERDICT_NO_DATA] = "no-data", [VERDICT_ERROR] = "error", [VERDICT_FAIL] = "fail", [VERDICT_PASS] = "pass"};
    return names[kind];
}

const char *on_failure_name(enum on_failure what)
{
    static const char *const names[] = {[ON_FAILURE_WAIT] = "wait",
                                        [ON_FAILURE_HOLD] = "hold",
                                        [ON_FAILURE_STEP_BACK] = "step-back",
                                        [ON_FAILURE_ABORT] = "abort"};
    return names[what];
}

const char *judge_rule_name(enum judge_rule rule)
{
    static const char *const names[] = {
        [RULE_LIMIT] = "limit", [RULE_MANN_WHITNEY] = "mann-whitney", [RULE_SEQUENTIAL] = "sequential"};
    return names[rule];
}

struct text verdict_sentence(const struct verdict *verdict)
{
    return (struct text){verdict->sentence, strlen(verdict->sentence)};
}

struct text verdicts_sentence(const struct verdicts *verdicts)
{
    return (struct text){verdicts->sentence, strlen(verdicts->sentence)};
}

static struct verdict begin(const struct metric *metric, enum judge_rule rule)
{
    return (struct verdict){
        .kind = VERDICT_NO_DATA,
        .rule = rule,
        .value = NAN,
        .baseline = NAN,
        .limit = NAN,
        .interval = {1, -1},
        .minimum = metric->minimum,
        .critical = metric->critical,
        .dry_run = metric->dry_run,
        .on_failure = metric->on_failure,
    };
}

static void say(struct verdict *v, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void say(struct verdict *v, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_fmtv(v->sentence, sizeof(v->sentence), fmt, ap);
    va_end(ap);
}

/* A number with its unit, as people write it. */
struct number {
    char text[48];
};

static double shown(const struct metric *metric, double value)
{
    return value * (metric->shown != 0 ? metric->shown : 1);
}

static struct number number(const struct metric *metric, double value)
{
    struct number n;
    bool attached = metric->unit.len == 0;
    snprintf(n.text, sizeof(n.text), "%.3g%s%.*s", shown(metric, value), attached ? "" : " ",
             (int)(metric->unit.len < 16 ? metric->unit.len : 16), metric->unit.safe ? metric->unit.safe : "");
    return n;
}

/* A difference of percentages is one of points. */
static struct number difference(const struct metric *metric, double value)
{
    if (!(metric->unit.len == 1 && metric->unit.safe[0] == '%'))
        return number(metric, value);
    struct number n;
    double points = shown(metric, value);
    snprintf(n.text, sizeof(n.text), "%.3g %s", points, fabs(points) == 1 ? "point" : "points");
    return n;
}

static const char *name_of(const struct metric *metric, char out[64])
{
    snprintf(out, 64, "%.*s", (int)(metric->name.len < 60 ? metric->name.len : 60),
             metric->name.safe ? metric->name.safe : "");
    return out;
}

/*
 * The minimum of samples binds pass only. True when the verdict has been said: too few, or more than one reading in
 * twenty nonsense (a single one is passed over).
 */
static bool not_ready(struct verdict *v, const struct metric *metric, uint64_t seconds, uint64_t nonsense)
{
    char name[64];
    name_of(metric, name);
    unsigned long long canary = v->samples[SIDE_CANARY], minimum = v->minimum;
    if (nonsense > 0 && nonsense >= (seconds + nonsense) / 20) {
        v->kind = VERDICT_ERROR;
        say(v, "%s: %llu readings make no sense; not judged", name, (unsigned long long)nonsense);
    } else if (canary == 0 || v->samples[SIDE_STABLE] == 0) {
        const char *who = canary > 0 ? "stable" : v->samples[SIDE_STABLE] > 0 ? "the canary" : "either side";
        say(v, "%s: no data of %s", name, who);
    } else if (canary < minimum) {
        say(v, "%s: no worse so far; %llu of %llu samples", name, canary, minimum);
    } else {
        return false;
    }
    return true;
}

/* What the screen must add where an assumption fails. */
static const char *remark(enum sequential_assumption assumption)
{
    static const char *const words[] = {
        [ASSUMPTION_HOLDS] = "",
        [ASSUMPTION_UNKNOWN] = "; assumes no bursts (too little history)",
        [ASSUMPTION_BURSTS] = "; comes in bursts, so this takes longer",
    };
    return words[assumption];
}

struct verdict verdict_of_limit(const struct metric *metric, const struct limit *limit, uint64_t samples)
{
    struct verdict v = begin(metric, RULE_LIMIT);
    char name[64];
    int breaching, points = limit_points(limit, &breaching);
    v.value = limit->last;
    v.limit = limit->bound;
    v.samples[SIDE_CANARY] = samples;
    struct number value = number(metric, limit->last), bound = number(metric, limit->bound);
    const char *side = limit->below ? "below" : "above";
    name_of(metric, name);
    switch (limit_state(limit)) {
    case LIMIT_INSUFFICIENT:
        say(&v, "%s: no data in the last %d points", name, limit->n + LIMIT_RANGE);
        break;
    case LIMIT_ALARM:
        v.kind = VERDICT_FAIL;
        say(&v, "%s: %d of the last %d points %s %s; now %s", name, breaching, points, side, bound.text, value.text);
        break;
    case LIMIT_OK:
        if (samples == 0 || samples < metric->minimum) {
            say(&v, "%s: not %s %s so far; %llu of %llu samples", name, side, bound.text, (unsigned long long)samples,
                (unsigned long long)metric->minimum);
            break;
        }
        v.kind = VERDICT_PASS;
        say(&v, "%s: %s, not %s %s; %d of %d points breach", name, value.text, side, bound.text, breaching, points);
        break;
    }
    return v;
}

static double rate(const struct tally *tally)
{
    return tally->requests > 0 ? (double)tally->errors / (double)tally->requests : NAN;
}

struct verdict verdict_of_proportion(const struct metric *metric, const struct sequential_proportion *test)
{
    struct verdict v = begin(metric, RULE_SEQUENTIAL);
    char name[64];
    v.value = rate(&test->total[SIDE_CANARY]);
    v.baseline = rate(&test->total[SIDE_STABLE]);
    v.limit = v.baseline + test->tolerated;
    v.interval = sequential_difference_interval(test);
    v.assumption = sequential_assumption(test);
    for (int side = 0; side < SIDES; side++)
        v.samples[side] = test->total[side].requests;
    struct number canary = number(metric, v.value), stable = number(metric, v.baseline);
    struct number tolerated = difference(metric, test->tolerated);
    if (test->failed) {
        v.kind = VERDICT_FAIL;
        say(&v, "%s: %s, stable %s: worse beyond %s%s", name_of(metric, name), canary.text, stable.text,
            tolerated.text, remark(v.assumption));
    } else if (!not_ready(&v, metric, test->seconds, test->nonsense)) {
        if (test->seconds < 2) {
            say(&v, "%s: nothing is known of stable before its first second", name_of(metric, name));
            return v;
        }
        v.kind = VERDICT_PASS;
        say(&v, "%s: no worse than stable beyond %s; %s, stable %s%s", name_of(metric, name), tolerated.text,
            canary.text, stable.text, remark(v.assumption));
    }
    return v;
}

struct verdict verdict_of_quantile(const struct metric *metric, const struct sequential_quantile *test)
{
    struct verdict v = begin(metric, RULE_SEQUENTIAL);
    char name[64];
    double tolerated = exp2((double)test->steps / HISTOGRAM_STEPS);
    v.value = histogram_quantile(&test->total[SIDE_CANARY], test->quantile);
    v.baseline = histogram_quantile(&test->total[SIDE_STABLE], test->quantile);
    v.limit = v.baseline * tolerated;
    struct interval canary = sequential_quantile_interval(test, SIDE_CANARY);
    struct interval stable = sequential_quantile_interval(test, SIDE_STABLE);
    if (canary.low <= canary.high && stable.low <= stable.high)
        v.interval = (struct interval){canary.low - stable.high, canary.high - stable.low};
    v.assumption = sequential_assumption(&test->proportion);
    for (int side = 0; side < SIDES; side++)
        v.samples[side] = test->total[side].total;
    struct number here = number(metric, v.value), there = number(metric, v.baseline);
    double percent = (tolerated - 1) * 100;
    if (test->proportion.failed) {
        v.kind = VERDICT_FAIL;
        say(&v, "%s: %s, stable %s: slower beyond %.0f %%%s", name_of(metric, name), here.text, there.text, percent,
            remark(v.assumption));
    } else if (!not_ready(&v, metric, test->proportion.seconds, test->proportion.nonsense)) {
        /* Without a known quantile of the stable side nothing has been compared yet. */
        if (test->proportion.seconds < 2) {
            say(&v, "%s: too little of stable to know its quantile", name_of(metric, name));
            return v;
        }
        v.kind = VERDICT_PASS;
        say(&v, "%s: no slower than stable beyond %.0f %%; %s, stable %s%s", name_of(metric, name), percent,
            here.text, there.text, remark(v.assumption));
    }
    return v;
}

struct verdict verdict_of_mean(const struct metric *metric, const struct sequential_mean *test)
{
    struct verdict v = begin(metric, RULE_SEQUENTIAL);
    char name[64];
    if (test->seconds > 0) {
        v.value = test->total[SIDE_CANARY] / (double)test->seconds;
        v.baseline = test->total[SIDE_STABLE] / (double)test->seconds;
        v.limit = v.baseline + (test->less_is_worse ? -1 : 1) * test->tolerated * fabs(v.baseline);
    }
    v.interval = sequential_mean_interval(test);
    v.samples[SIDE_CANARY] = v.samples[SIDE_STABLE] = test->seconds;
    struct number here = number(metric, v.value), there = number(metric, v.baseline);
    const char *worse = test->less_is_worse ? "less" : "more";
    if (test->failed) {
        v.kind = VERDICT_FAIL;
        say(&v, "%s: %s, stable %s: %s beyond %.0f %%", name_of(metric, name), here.text, there.text, worse,
            test->tolerated * 100);
    } else if (!not_ready(&v, metric, test->seconds, test->nonsense)) {
        if (test->blocks < 2) {
            say(&v, "%s: %d of %d seconds before the first comparison", name_of(metric, name), (int)test->seconds,
                2 * MEAN_BLOCK);
            return v;
        }
        v.kind = VERDICT_PASS;
        say(&v, "%s: no %s than stable beyond %.0f %%; %s, stable %s", name_of(metric, name), worse,
            test->tolerated * 100, here.text, there.text);
    }
    return v;
}

struct verdict verdict_of_mann_whitney(const struct metric *metric, const struct mann_whitney_result *result,
                                       size_t canary, size_t stable)
{
    struct verdict v = begin(metric, RULE_MANN_WHITNEY);
    char name[64];
    v.value = result->ratio;
    v.baseline = 1;
    v.samples[SIDE_CANARY] = canary;
    v.samples[SIDE_STABLE] = stable;
    if (!isnan(result->low))
        v.interval = (struct interval){result->low, result->high};
    name_of(metric, name);
    switch (result->class) {
    case MANN_WHITNEY_HIGH:
    case MANN_WHITNEY_LOW:
        v.kind = VERDICT_FAIL;
        say(&v, "%s: %s by Mann-Whitney, %.3g times stable", name, mann_whitney_class_name(result->class),
            result->ratio);
        break;
    case MANN_WHITNEY_NO_DATA_FAIL:
        v.kind = VERDICT_FAIL;
        say(&v, "%s: must have data and has none", name);
        break;
    case MANN_WHITNEY_ERROR:
        v.kind = VERDICT_ERROR;
        say(&v, "%s: these values cannot be ranked against each other", name);
        break;
    case MANN_WHITNEY_NO_DATA:
        say(&v, "%s: no data", name);
        break;
    case MANN_WHITNEY_PASS:
        /* The original passes empty samples where NaN is replaced; here no data is never green. */
        if (not_ready(&v, metric, 0, 0))
            break;
        v.kind = VERDICT_PASS;
        say(&v, "%s: not told from stable by Mann-Whitney, %.3g times stable", name, result->ratio);
        break;
    }
    return v;
}

struct verdict verdict_error(const struct metric *metric, const char *why)
{
    struct verdict v = begin(metric, metric->rule);
    char name[64];
    v.kind = VERDICT_ERROR;
    say(&v, "%s: %s", name_of(metric, name), why);
    return v;
}

static void sum_up(struct verdicts *all)
{
    static const char *const words[] = {[VERDICT_NO_DATA] = "Not yet known. ",
                                        [VERDICT_ERROR] = "Cannot judge. ",
                                        [VERDICT_FAIL] = "Worse. ",
                                        [VERDICT_PASS] = ""};
    if (!all->first)
        text_fmt(all->sentence, sizeof(all->sentence), "No metric is judged");
    else if (all->kind == VERDICT_PASS)
        text_fmt(all->sentence, sizeof(all->sentence), "No metric is worse than stable beyond what is tolerated");
    else
        text_fmt(all->sentence, sizeof(all->sentence), "%s%s", words[all->kind], all->first->sentence);
}

struct verdicts verdicts_of(const struct verdict *verdicts, size_t count)
{
    /* How bad each kind is: fail decides over error, error over no data, no data over pass. */
    static const int weight[] = {[VERDICT_PASS] = 0, [VERDICT_NO_DATA] = 1, [VERDICT_ERROR] = 2, [VERDICT_FAIL] = 3};
    struct verdicts all = {.kind = VERDICT_NO_DATA};
    bool some_critical = false;
    for (size_t i = 0; i < count; i++)
        some_critical |= verdicts[i].critical && !verdicts[i].dry_run;
    for (size_t i = 0; i < count; i++) {
        const struct verdict *v = &verdicts[i];
        if (v->dry_run)
            continue;
        all.count[v->kind]++;
        if (v->kind == VERDICT_FAIL && v->on_failure > all.action)
            all.action = v->on_failure;
        if (some_critical && !v->critical)
            continue;
        if (!all.first || weight[v->kind] > weight[all.first->kind])
            all.first = v;
    }
    if (all.first)
        all.kind = all.first->kind;
    sum_up(&all);
    return all;
}
