/*
 * What every blocking call is given: how long it may take, a way to give it up, and somebody to tell how far it is.
 * Commands and the console's workers use the same calls; only the `struct call` differs.
 */
#ifndef SIGNALBOX_BASE_CALL_H
#define SIGNALBOX_BASE_CALL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/*
 * A cancellation token. One thread sets it, any number look; `fd` becomes readable when it is set, for those that
 * wait in poll. Made by cancel_init(), released by cancel_clear(), never reset.
 */
struct cancel {
    atomic_bool set;
    int fd;
};

void cancel_init(struct cancel *cancel);
void cancel_set(struct cancel *cancel); /* async-signal-safe */
void cancel_clear(struct cancel *cancel);

/* Tells how far a call is: done of total (total 0: unknown), in units the words name. Called on the caller's thread. */
typedef void progress_fn(void *context, struct text words, uint64_t done, uint64_t total);

/* Passed by pointer, const, and outlives the call. {0} means: no deadline, cannot be cancelled, nobody watches. */
struct call {
    int64_t deadline_ms; /* clock_boot_ms() at which to give up; 0: never */
    struct cancel *cancel;
    progress_fn *progress;
    void *progress_context;
};

/* Milliseconds left for poll(): -1 without a deadline, 0 when it has passed. */
int call_left_ms(const struct call *call);

/* 0 while the call may go on; -1 with ERROR_CANCELLED or ERROR_UNAVAILABLE (deadline) otherwise. `what` is the verb
 * phrase of the message: "read tags". */
int call_check(const struct call *call, const char *what, struct error *err) MUST_CHECK;

void call_progress(const struct call *call, struct text words, uint64_t done, uint64_t total);

/*
 * Tells what is being waited for, where no number tells how far it is: progress 0 of 0. Whoever waits says it once, after
 * CALL_WAITS_MS, so that what is quick stays quiet.
 */
enum { CALL_WAITS_MS = 1000 };
void call_waits(const struct call *call, struct text words);

/* A copy of the call whose deadline is at most `ms` from now. */
struct call call_within(const struct call *call, int64_t ms);

#endif
