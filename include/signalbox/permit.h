/*
 * The permission to change something outside. Every function of a role that changes the world takes one, and only
 * src/run makes them: so read-only mode, dry run, audit and the lease cannot be bypassed. (The layering check refuses
 * any other file that builds a struct permit; tests/support/permit.h is the one exception.)
 */
#ifndef SIGNALBOX_PERMIT_H
#define SIGNALBOX_PERMIT_H

#include <stdint.h>

#include "base/error.h"

struct permit {
    const char *run;    /* "r-0042" */
    const char *effect; /* the effect this permit is for, "tag" */
    int64_t epoch;      /* of the lease under which it was given */
    const char *actor;  /* "maria@ops1" */
    const char *reason; /* "" when none was needed */
    /* Asks again, as late as possible before the act, whether the lease still holds. 0, or -1 with ERROR_CONFLICT (it
     * does not), or with what the store failed with. To be called on the thread that was given the permit. */
    int (*still_valid)(const struct permit *permit, struct error *err);
    void *context;
};

#endif
