/*
 * The versions of the service, loaded in parts so that the screen has something at once: tags first, then the commits
 * since the current version with the suggestion, then which versions HEAD contains and which are burned.
 */
#ifndef SIGNALBOX_UI_MODEL_RELEASES_MODEL_H
#define SIGNALBOX_UI_MODEL_RELEASES_MODEL_H

#include "release/history.h"
#include "ui/model/load.h"

/*
 * A history as one load brought it. It never changes afterwards, so that jobs on workers may read it while the console
 * draws it; whoever releases it last frees it.
 */
struct snapshot;
const struct history *snapshot_history(const struct snapshot *snapshot); /* NULL for NULL */
struct snapshot *snapshot_hold(struct snapshot *snapshot);
void snapshot_release(struct snapshot *snapshot);

/* Takes over the history. */
struct snapshot *snapshot_new(struct history *history);

struct releases_model {
    struct work *work;
    struct snapshot *snapshot; /* NULL before the first part is there */
    uint64_t generation;       /* counts the snapshots: what was made from an older one is old */
    struct load load;          /* part one: tags */
    struct load since;         /* part two: commits, marks and the suggestion */
    struct load reach;         /* part three */
    uint8_t *reached; /* by index into the versions, NULL until known: enum history_reach, and whether burned */
};

void releases_load(struct releases_model *model);
void releases_clear(struct releases_model *model);

const struct history *releases_history(const struct releases_model *model);
bool releases_burned(const struct releases_model *model, size_t version);
enum history_reach releases_reach(const struct releases_model *model, size_t version);

#endif
