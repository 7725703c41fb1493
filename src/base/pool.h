/*
 * One pool of worker threads for everything that may block. The console's thread submits jobs and collects finished
 * ones; it never waits. A job belongs to a backend ("git", "store", "origin", …): at most two of one backend run at a
 * time, the rest queue, and one worker is kept free for stops (abort, kill, hold), so that a hanging backend delays
 * nothing but itself.
 *
 * Threads: every function is called from the owner's thread only; `run` runs on a worker, `done` on the owner's.
 */
#ifndef SIGNALBOX_BASE_POOL_H
#define SIGNALBOX_BASE_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/call.h"

struct pool;

struct job {
    const char *backend; /* static string */
    struct text label;   /* what the status line shows while it runs; static */
    bool stop;           /* may use the worker kept for stops */
    int64_t timeout_ms;  /* 0: none */
    int (*run)(void *work, const struct call *call, struct error *err); /* on a worker */
    void (*done)(void *work, int result, const struct error *err);      /* on the owner's thread, exactly once */
    void *work; /* owned by the submitter until done() has been called */
};

/* `workers` threads at most (started as needed), at least 2. */
struct pool *pool_new(int workers);

/* Readable when pool_collect() has something to do, or a job has reported progress (collect then returns 0). Owned by the pool. */
int pool_fd(const struct pool *pool);

/* Copies *job. Returns an id for pool_cancel(), never 0. */
uint64_t pool_submit(struct pool *pool, const struct job *job);

/* Sets the job's cancellation token; done() still comes, with ERROR_CANCELLED unless the job was faster and ended as it
 * says. An unknown id is no error. */
void pool_cancel(struct pool *pool, uint64_t id);

/* Calls done() of every job that has finished; returns how many. */
int pool_collect(struct pool *pool);

/* The job that has run longest: its label, backend and age. False when none runs. For the status line. */
bool pool_oldest(const struct pool *pool, struct job *out, int64_t *age_ms);

/* The progress the job last reported, into words[size]; false when none. */
bool pool_progress(struct pool *pool, uint64_t id, char *words, int size, uint64_t *done, uint64_t *total);

/*
 * Cancels everything, waits at most wait_ms for the workers, and frees the pool. Workers that still hang are left
 * behind (their memory with them): the process is about to end. done() is not called any more for those; for the others it
 * is, with ERROR_CANCELLED where the job did not end otherwise. False when some were left behind.
 */
bool pool_close(struct pool *pool, int64_t wait_ms);

#endif
