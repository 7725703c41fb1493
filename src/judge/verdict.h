/*
 * What the judge says of a metric, and of all of them. Four verdicts that never merge:
 *
 *   no data   nothing came, or too few samples to pass; never green
 *   error     what came makes no sense, or the metric could not be read; never green
 *   fail      worse than allowed; may be said from the first sample on
 *   pass      no failure, and at least the minimum of samples
 *
 * A verdict owns nothing and may be copied; its sentence is safe to show.
 */
#ifndef SIGNALBOX_JUDGE_VERDICT_H
#define SIGNALBOX_JUDGE_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "judge/limits.h"
#include "judge/mann_whitney.h"
#include "judge/sequential.h"

/* The zero value must not be green. */
enum verdict_kind { VERDICT_NO_DATA, VERDICT_ERROR, VERDICT_FAIL, VERDICT_PASS };

/* In growing order of how much they do. */
enum on_failure { ON_FAILURE_WAIT, ON_FAILURE_HOLD, ON_FAILURE_STEP_BACK, ON_FAILURE_ABORT };

enum judge_rule { RULE_LIMIT, RULE_MANN_WHITNEY, RULE_SEQUENTIAL };

/* A metric as the configuration has it. Texts are borrowed. */
struct metric {
    struct text name; /* "error rate" */
    struct text unit; /* "%", "ms", "MB"; shown after numbers */
    double shown;     /* numbers are multiplied by this for showing: 100 for a proportion in %; 0 counts as 1 */
    enum judge_rule rule;
    uint64_t minimum; /* samples of the canary before it may pass */
    double tolerated; /* in the unit of the test: a proportion, or relative */
    bool critical, dry_run;
    enum on_failure on_failure;
};

enum { VERDICT_SENTENCE = 240 };

struct verdict {
    enum verdict_kind kind;
    enum judge_rule rule;
    double value, baseline;   /* canary and stable; NAN: not known */
    double limit;             /* what value must not pass; NAN: none */
    struct interval interval; /* of the difference, or of the ratio for Mann-Whitney */
    uint64_t samples[SIDES], minimum;
    bool critical, dry_run;
    enum on_failure on_failure;
    enum sequential_assumption assumption;
    char sentence[VERDICT_SENTENCE];
};

struct text verdict_sentence(const struct verdict *verdict);
const char *verdict_name(enum verdict_kind kind);  /* "pass", "fail", "no-data", "error" */
const char *on_failure_name(enum on_failure what); /* "wait", "hold", "step-back", "abort" */
const char *judge_rule_name(enum judge_rule rule);

/* From each kind of test. The value of a limit is of the canary alone. */
struct verdict verdict_of_limit(const struct metric *metric, const struct limit *limit, uint64_t samples);
struct verdict verdict_of_proportion(const struct metric *metric, const struct sequential_proportion *test);
struct verdict verdict_of_quantile(const struct metric *metric, const struct sequential_quantile *test);
struct verdict verdict_of_mean(const struct metric *metric, const struct sequential_mean *test);
struct verdict verdict_of_mann_whitney(const struct metric *metric, const struct mann_whitney_result *result,
                                       size_t canary, size_t stable);

/* The metric could not be read at all; `why` is bytes of a stranger and is made safe. */
struct verdict verdict_error(const struct metric *metric, const char *why);

/*
 * Together. Where some metrics are critical, only those decide `kind`; otherwise all do. Dry-run metrics never decide.
 * The worst counts: fail, then error, then no data; pass only when every one that decides passes and there is one.
 * `action` is the strongest on_failure of those that failed, critical or not, dry runs left out; WAIT when none did.
 */
struct verdicts {
    enum verdict_kind kind;
    enum on_failure action;
    size_t count[4];             /* of each verdict_kind, dry runs left out */
    const struct verdict *first; /* the one that decided; NULL when there is none. Borrowed from the array */
    char sentence[VERDICT_SENTENCE];
};

struct verdicts verdicts_of(const struct verdict *verdicts, size_t count);
struct text verdicts_sentence(const struct verdicts *verdicts);

#endif
