/* Where permits are made: for one effect, under a lease we hold. Nobody else makes one. */
#ifndef SIGNALBOX_RUN_PERMIT_H
#define SIGNALBOX_RUN_PERMIT_H

#include "run/lease.h"
#include <signalbox/permit.h>

/* What a permit asks when it is asked whether it still holds; outlives the permit. */
struct permit_ground {
    struct store store;
    const struct lease *lease;
    const struct call *call;
};

/* Borrows everything. */
struct permit permit_make(struct permit_ground *ground, const char *run, const char *effect, const char *actor,
                          const char *reason);

#endif
