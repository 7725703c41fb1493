#include <stdlib.h>

#include "base/memory.h"
#include "run/run.h"

/* More effects than any run has; a decide() that never ends is a fault, not a reason to hang. */
enum { EFFECTS_MAX = 10000 };

static void copy_progress(struct run_progress *out, const struct run_progress *in)
{
    *out = *in;
    out->reason = text_copy(in->reason);
    out->request = text_copy(in->request);
    out->effects = NULL;
    out->cap = 0;
    ARRAY_GROW(&out->effects, &out->cap, in->count);
    for (size_t i = 0; i < in->count; i++) {
        struct effect_progress *to = &out->effects[i];
        *to = in->effects[i];
        effect_copy(&to->effect, &in->effects[i].effect);
        to->evidence = (struct evidence){0};
        for (int j = 0; j < in->effects[i].evidence.count; j++)
            evidence_set(&to->evidence, in->effects[i].evidence.items[j].name,
                         in->effects[i].evidence.items[j].value);
    }
}

/* The effect as done, with what it promises. */
static void imagine(struct run_progress *progress, const struct run_kind *kind, const void *plan,
                    const struct effect *effect, int64_t now_ms)
{
    struct effect_progress *of = (struct effect_progress *)run_progress_of(progress, effect->id);
    if (!of) {
        ARRAY_GROW(&progress->effects, &progress->cap, progress->count + 1);
        of = &progress->effects[progress->count++];
        *of = (struct effect_progress){.begun_ms = now_ms};
        effect_copy(&of->effect, effect);
    }
    of->status = EFFECT_DONE;
    of->ended_ms = now_ms;
    evidence_clear(&of->evidence);
    if (kind->promise)
        kind->promise(&of->evidence, plan, effect);
}

static bool is_done(const struct run_progress *progress, const char *id)
{
    const struct effect_progress *of = run_progress_of(progress, id);
    return of && of->status == EFFECT_DONE;
}

/* One decision; 1 goes on, 0 is the end. */
static int step(struct effect **effects, size_t *count, size_t *cap, struct run_progress *progress,
                const struct run_kind *kind, const void *plan, int64_t *now_ms, struct error *err)
{
    struct decision decision = {0};
    kind->decide(&decision, plan, progress, *now_ms);
    int result = 0;
    bool has_effect = decision.effect.id != NULL;
    if (decision.kind == DECIDE_ACT || (decision.kind == DECIDE_WAIT && has_effect)) {
        if (is_done(progress, decision.effect.id) || *count == EFFECTS_MAX) {
            error_set(err, ERROR_FAILED, "Cannot list what the %s would do", kind->name);
            result = error_why(err, "it asks for \"%s\" a second time", decision.effect.id);
        } else {
            ARRAY_GROW(effects, cap, *count + 1);
            effect_copy(&(*effects)[(*count)++], &decision.effect);
            imagine(progress, kind, plan, &decision.effect, *now_ms);
            result = 1;
        }
    } else if (decision.kind == DECIDE_WAIT && decision.until_ms > *now_ms) {
        *now_ms = decision.until_ms;
        result = 1;
    }
    decision_clear(&decision);
    return result;
}

int run_dry(struct effect **effects, size_t *count, const struct run_kind *kind, const void *plan,
            const struct run_progress *progress, int64_t now_ms, struct error *err)
{
    static const struct run_progress nothing = {0};
    struct run_progress imagined;
    struct effect *list = NULL;
    size_t listed = 0, cap = 0;
    copy_progress(&imagined, progress ? progress : &nothing);
    int going = 1;
    /* Waits without an effect are bounded too: each lets time pass, and a kind may wait for ever. */
    for (int steps = 0; going > 0 && steps < 2 * EFFECTS_MAX; steps++)
        going = step(&list, &listed, &cap, &imagined, kind, plan, &now_ms, err);
    run_progress_clear(&imagined);
    if (going < 0) {
        run_effects_free(list, listed);
        return -1;
    }
    *effects = list;
    *count = listed;
    return 0;
}

void run_effects_free(struct effect *effects, size_t count)
{
    for (size_t i = 0; i < count; i++)
        effect_clear(&effects[i]);
    free(effects);
}
