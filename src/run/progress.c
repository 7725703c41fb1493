#include <stdlib.h>
#include <string.h>

#include "run/run.h"

static const char *const status_names[] = {
    [RUN_OPEN] = "open",         [RUN_WAITING] = "waiting", [RUN_HELD] = "held",
    [RUN_FINISHED] = "finished", [RUN_UNDONE] = "undone",   [RUN_FAILED] = "failed",
};

const char *run_status_name(enum run_status status)
{
    return status_names[status];
}

const struct effect_progress *run_progress_of(const struct run_progress *progress, const char *effect_id)
{
    for (size_t i = 0; i < progress->count; i++)
        if (strcmp(progress->effects[i].effect.id, effect_id) == 0)
            return &progress->effects[i];
    return NULL;
}

const char *run_evidence(const struct run_progress *progress, const char *effect_id, const char *name)
{
    const struct effect_progress *of = run_progress_of(progress, effect_id);
    return of && of->status == EFFECT_DONE ? evidence_get(&of->evidence, name) : NULL;
}

void run_progress_clear(struct run_progress *progress)
{
    for (size_t i = 0; i < progress->count; i++) {
        effect_clear(&progress->effects[i].effect);
        evidence_clear(&progress->effects[i].evidence);
    }
    free(progress->effects);
    text_free(&progress->reason);
    text_free(&progress->request);
    *progress = (struct run_progress){0};
}

void decision_clear(struct decision *decision)
{
    effect_clear(&decision->effect);
    text_buf_clear(&decision->words);
    *decision = (struct decision){0};
}
