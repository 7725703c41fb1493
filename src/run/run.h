/*
 * The run engine. A run is a pure function decide(plan, progress, requests, now) -> what next; the engine does the
 * rest: lease, journal before and after each act, looking before acting, requests, audit. kill -9 anywhere and start
 * again: the run resumes, nothing twice, nothing lost.
 *
 * A kind of run (release, undo, later canary) is one `const struct run_kind`.
 */
#ifndef SIGNALBOX_RUN_RUN_H
#define SIGNALBOX_RUN_RUN_H

#include "run/effect.h"
#include <signalbox/permit.h>
#include <signalbox/store.h>

enum run_status {
    RUN_OPEN,     /* going on, or to be resumed */
    RUN_WAITING,  /* for something outside: a merge, a person */
    RUN_HELD,     /* somebody or the interlocking said hold: a person must look */
    RUN_FINISHED, /* everything done */
    RUN_UNDONE,   /* taken back */
    RUN_FAILED,   /* given up; what was done stays, see its journal */
};

const char *run_status_name(enum run_status status);

/* How far one effect is, folded from the journal. */
enum effect_status { EFFECT_BEGUN, EFFECT_DONE, EFFECT_FAILED };

struct effect_progress {
    struct effect effect; /* as it was journaled */
    enum effect_status status;
    int64_t begun_ms, ended_ms;
    struct evidence evidence;
    struct error error; /* of the last try, when failed */
};

/* Everything the journal says of a run. Owned by whoever folded it; run_progress_clear(). */
struct run_progress {
    enum run_status status;
    struct text reason;              /* why it waits, holds or failed; owned */
    struct effect_progress *effects; /* in the order they were first begun */
    size_t count, cap;
    int64_t last_seq;
    int64_t requests_seen;                /* seq of the last request that was obeyed (run/request.h) */
    bool hold_requested, abort_requested; /* a hold stays until a resume is requested */
    struct text request;                  /* who asked for what, and why: "maria@ops1 asked to hold: …"; owned */
};

const struct effect_progress *run_progress_of(const struct run_progress *progress, const char *effect_id);
/* Evidence `name` of a done effect; NULL when there is none. */
const char *run_evidence(const struct run_progress *progress, const char *effect_id, const char *name);

enum decision_kind {
    DECIDE_ACT,    /* do `effect` next */
    DECIDE_WAIT,   /* nothing to do before `until_ms`, for the reason in `words`. When `effect` has an id it is looked
                    * at first: OBSERVED_DONE journals it as done with its evidence and decides again; foreign holds */
    DECIDE_HOLD,   /* a person must look, for the reason in `words` */
    DECIDE_FINISH, /* all done; status is the one the run ends with */
};

struct decision {
    enum decision_kind kind;
    struct effect effect; /* owned by the decision; decision_clear() */
    int64_t until_ms;
    enum run_status status;
    struct text_buf words;
};

void decision_clear(struct decision *decision);

struct run_kind {
    const char *name; /* "release" */
    /* An abort is obeyed by decide(), which sees progress->abort_requested; otherwise it ends the run as failed. */
    bool handles_abort;
    /* The plan from its stored bytes, and its release. A plan never changes once a run has begun. */
    int (*load)(void **plan, const char *bytes, size_t len, struct error *err);
    void (*unload)(void *plan);
    /* Pure: no clock, no file, no network. */
    void (*decide)(struct decision *out, const void *plan, const struct run_progress *progress, int64_t now_ms);
    /* Looks at the world; must not change it. What it finds may be added to evidence. */
    int (*observe)(enum observed *out, struct evidence *evidence, void *world, const void *plan,
                   const struct effect *effect, const struct call *call, struct error *err);
    /* Changes it. Repeating a finished act must be harmless. */
    int (*act)(struct evidence *evidence, void *world, const void *plan, const struct effect *effect,
               const struct permit *permit, const struct call *call, struct error *err);
    /* For a dry run: the evidence the effect will bring, in words ("commit" = "(the new commit)"). May be NULL. */
    void (*promise)(struct evidence *evidence, const void *plan, const struct effect *effect);
};

/* What a run is, apart from its plan. Owned; run_info_clear(). */
struct run_info {
    char *id;      /* "r-0042" */
    char *kind;    /* "release" */
    char *subject; /* "1.4.0" */
    char *scope;   /* what its lease belongs to: "SERVICE/ENVIRONMENT" */
    char *actor;   /* who began it */
    char *reason;
    int64_t begun_ms, changed_ms;
    enum run_status status;
};

struct run_infos {
    struct run_info *items;
    size_t count, cap;
};

void run_info_clear(struct run_info *info);
void run_infos_clear(struct run_infos *infos);

/* A run to be made; borrowed. */
struct run_start {
    const struct run_kind *kind;
    const char *subject, *scope;
    const char *plan;
    size_t plan_len;
    const char *actor, *reason;
    const char *replaces;        /* the run whose place it takes, "r-0041", as its undo does; NULL: none */
    enum run_status replaced_as; /* how that one ends, whether it was open or not */
};

/*
 * Makes a run in the store, with its plan; does nothing else. The run it replaces is ended in the same transaction.
 * Errors: ERROR_EXISTS when its scope has another open run, ERROR_CONFLICT when somebody drives the run to be replaced.
 */
int run_create(struct run_info *out, struct store store, const struct run_start *start, const struct call *call,
               struct error *err) MUST_CHECK;

/* Newest first. */
int run_list(struct run_infos *out, struct store store, const struct call *call, struct error *err) MUST_CHECK;
int run_find(struct run_info *out, struct store store, const char *id, const struct call *call,
             struct error *err) MUST_CHECK;
/* The plan's bytes and the journal folded. */
int run_read(struct buf *plan, struct run_progress *progress, struct store store, const char *id,
             const struct call *call, struct error *err) MUST_CHECK;
void run_progress_clear(struct run_progress *progress);

/* Told what happens, on the thread that drives; for progress on the screen and on stderr. */
enum run_event {
    RUN_EVENT_BEGIN,
    RUN_EVENT_DONE,
    RUN_EVENT_FOUND_DONE,
    RUN_EVENT_FAILED,
    RUN_EVENT_WAIT,
    RUN_EVENT_HOLD,
    RUN_EVENT_FINISH
};
typedef void run_event_fn(void *context, enum run_event event, const struct effect *effect, struct text words);

struct run_driver {
    struct store store;
    const struct run_kind *kind;
    void *world;       /* given to observe and act: the roles the kind needs */
    const char *actor; /* "maria@ops1" */
    bool read_only;    /* every act is refused */
    bool step;         /* stop after one effect (the step-by-step view) */
    bool keep_waiting; /* on DECIDE_WAIT sleep and look again; otherwise return */
    bool take_over;    /* wait for a silent holder's lease to lapse (run/lease.h); otherwise ERROR_CONFLICT at once */
    bool protected;    /* a run taken over from a holder that did not give it back is held until a resume is asked */
    int64_t lease_ms;  /* how long the lease lasts between acts; 0: LEASE_MS */
    run_event_fn *on_event;
    void *event_context;
};

/*
 * Takes the lease and drives the run until it finishes, waits, holds or fails; gives the lease back. *status is how it
 * stands, set on failure too once the run was read. 0 also when it waits or holds. Errors: ERROR_CONFLICT (somebody else
 * drives it, or took over), ERROR_REFUSED (read only), what an act failed with, and those of the store.
 *
 * A run that holds because of what was seen is looked at anew by each drive; one that holds because somebody asked
 * (run/request.h) stays held until somebody asks it to resume. After a failed act the world is looked at: still as
 * before, and the run stays open, so that the next drive tries again; anything else holds it.
 */
int run_drive(enum run_status *status, const struct run_driver *driver, const char *id, const struct call *call,
              struct error *err) MUST_CHECK;

/*
 * Every effect that the run would do from here, in order, without doing any: decide() fed with its own effects, each
 * taken for done with the evidence it promises. Waits are taken for over, and those for an effect listed with it. The
 * list ends where the run would finish or hold. `progress` may be NULL. Free with run_effects_free().
 */
int run_dry(struct effect **effects, size_t *count, const struct run_kind *kind, const void *plan,
            const struct run_progress *progress, int64_t now_ms, struct error *err) MUST_CHECK;
void run_effects_free(struct effect *effects, size_t count);

#endif
