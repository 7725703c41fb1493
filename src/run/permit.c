#include "run/permit.h"

static int still_valid(const struct permit *permit, struct error *err)
{
    const struct permit_ground *ground = permit->context;
    if (call_check(ground->call, permit->effect, err) < 0)
        return -1;
    return lease_check(ground->lease, ground->store, ground->call, err);
}

struct permit permit_make(struct permit_ground *ground, const char *run, const char *effect, const char *actor,
                          const char *reason)
{
    return (struct permit){
        .run = run,
        .effect = effect,
        .epoch = ground->lease->epoch,
        .actor = actor,
        .reason = reason ? reason : "",
        .still_valid = still_valid,
        .context = ground,
    };
}
