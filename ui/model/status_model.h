/*
 * How the repository stands, for the frame's first line; and whether it has changed since we looked, so that everything
 * read from it is read again.
 */
#ifndef SIGNALBOX_UI_MODEL_STATUS_MODEL_H
#define SIGNALBOX_UI_MODEL_STATUS_MODEL_H

#include "ui/model/load.h"

struct status_model {
    struct work *work;
    struct load load;
    struct source_state state;

    struct load watch;
    uint64_t signature; /* of the repository's files as last seen; 0: not yet */
    bool changed;       /* the repository is another than before; whoever reloads clears it */
};

void status_load(struct status_model *model);

/* Looks whether references, HEAD, index or changelog changed: times of files only, on a worker. */
void status_watch(struct status_model *model);
void status_clear(struct status_model *model);

#endif
