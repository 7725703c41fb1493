/*
 * How the data of a model stands: being loaded since, loaded at, failed with. And what a job needs to open its own
 * source and store. Every model is a plain struct that jobs fill: a job works on memory of its own, and its done() moves
 * the result into the model on the console's thread.
 */
#ifndef SIGNALBOX_UI_MODEL_LOAD_H
#define SIGNALBOX_UI_MODEL_LOAD_H

#include "base/pool.h"
#include "environment.h"

/* Where jobs run and for what. Shared by all models; `changed` is set whenever one of them has something new. */
struct work {
    struct pool *pool;
    const struct environment *environment;
    bool changed;
};

/*
 * Invariant: job != 0 exactly while a job is under way. Data may be there (loaded_ms != 0) while it is loaded anew and
 * after a later load failed: the old stays on the screen, dimmed. Times are clock_boot_ms().
 */
struct load {
    uint64_t job;
    int64_t since_ms;
    int64_t loaded_ms;
    bool again; /* asked for while it was loading: it will be loaded once more */
    struct error error;
};

void load_begin(struct load *load, uint64_t job);

/* Takes a job's end into account. True when it went well. A cancelled job is no error. */
bool load_end(struct load *load, int result, const struct error *err);

bool load_under_way(const struct load *load);
bool load_failed(const struct load *load);

enum { DESK_SOURCE = 1, DESK_STORE = 2, DESK_STORE_IF_THERE = 4 };

/* What one job opens. {0} is closed. */
struct desk {
    struct source source;
    struct store store; /* ops NULL: there is none yet */
};

int desk_open(struct desk *out, const struct environment *environment, int what, const struct call *call,
              struct error *err) MUST_CHECK;
void desk_close(struct desk *desk);

#endif
