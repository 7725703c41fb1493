/*
 * The release or undo on the table: the open run of the service, or the newest one; driven by us or by somebody else. It is
 * read from its journal, so what the screen says is what was written down.
 */
#ifndef SIGNALBOX_UI_MODEL_RUN_MODEL_H
#define SIGNALBOX_UI_MODEL_RUN_MODEL_H

#include "release/release.h"
#include "ui/model/load.h"

struct run_model {
    struct work *work;
    struct load load;
    bool has;                 /* is there any run? */
    struct release_view view; /* valid when has */
    int64_t seen_ms;          /* clock_now_ms() of the last look */

    struct load drive;        /* our own driving; its error is what the last act failed with */
    struct text doing;        /* static words of what we are doing: "begin", "release", "undo" */
    bool begun;               /* our last driving got as far as a run */
    bool ended;               /* our driving has ended; whoever tells of it clears it */
    struct drive_job *parked; /* waits for the signing key to be unlocked: run_unlock(). NULL: nothing does */

    struct load undo; /* of the preview below */
    struct release_steps undo_steps;
    bool has_undo;
};

/* Looks at the newest run. */
void run_look(struct run_model *model);

/* Is it neither finished nor undone nor given up? */
bool run_is_open(const struct run_model *model);
bool run_is_ours(const struct run_model *model); /* a job of ours drives it now */

/* Takes the proposal over, makes its run and drives it: one effect with `step`, else to its end. */
void run_begin(struct run_model *model, struct release_proposal *proposal, const char *reason, bool step);

/* Goes on with the run on the table. */
void run_resume(struct run_model *model, bool step);

/*
 * What was to be driven needs a key that is locked: asks for its passphrase on the terminal, which screen_suspend() has
 * given back, and blocks until that is answered. Then what was parked goes on, or ends with the error.
 */
void run_unlock(struct run_model *model, const struct call *call);

/* Stops our driving between two acts; what was done stays done and the run stays open. */
void run_stop(struct run_model *model);

void run_preview_undo(struct run_model *model);
void run_undo(struct run_model *model, const char *reason);
void run_clear(struct run_model *model);

#endif
