/*
 * What the list of versions says of each beside its tag: how many commits of which kind it brought, who tagged it, whether
 * it is signed. Read one version at a time, for those on the screen, when the reader rests there.
 */
#ifndef SIGNALBOX_UI_MODEL_FACTS_MODEL_H
#define SIGNALBOX_UI_MODEL_FACTS_MODEL_H

#include "ui/model/releases_model.h"

struct fact {
    bool known, has_signature;
    int counts[HISTORY_CLASSES];
    struct text tagger; /* owned; empty for a lightweight tag */
};

/* Invariant: items[i] tells of versions[i] of the history of `generation`. */
struct facts_model {
    struct work *work;
    struct load load;
    struct fact *items;
    size_t count;
    uint64_t generation;
};

/* What is known of a version; NULL while it is not. */
const struct fact *facts_of(const struct facts_model *model, uint64_t generation, size_t version);

/* Reads it unless another one is being read. What cannot be read stays unknown, and is not tried again. */
void facts_want(struct facts_model *model, struct snapshot *snapshot, uint64_t generation, size_t version);

/* Was it asked for already, whatever came of it? */
bool facts_asked(const struct facts_model *model, uint64_t generation, size_t version);
void facts_clear(struct facts_model *model);

#endif
