/*
 * Releases, as the command line and the console use them: propose, begin, drive, look, take back.
 */
#ifndef SIGNALBOX_RELEASE_RELEASE_H
#define SIGNALBOX_RELEASE_RELEASE_H

#include "release/plan.h"
#include "run/run.h"

/* Where releases are made: the roles, the settings and who sits there. Borrowed; used by one thread at a time. */
struct release_desk {
    struct source source;
    struct store store;
    const struct settings *settings;
    const struct service_settings *service;
    const char *actor;      /* "maria@ops1" */
    bool read_only;         /* begin, drive and undo are refused */
    bool step;              /* drive one effect at a time */
    bool keep_waiting;      /* wait for the merge instead of returning */
    bool take_over;         /* wait until a silent holder's lease may be taken */
    bool resume;            /* a person says go on: a hold that was asked for ends */
    run_event_fn *on_event; /* may be NULL */
    void *event_context;
};

/* Plan and findings; changes nothing (see release_propose). */
int release_prepare(struct release_proposal *out, const struct release_desk *desk,
                    const struct release_options *options, const struct call *call, struct error *err) MUST_CHECK;

/*
 * Makes the run of a proposal; nothing but the store changes. ERROR_REFUSED with the first refusal when the proposal is
 * not ready or the desk is read-only; ERROR_EXISTS when a release of this service is open (its id is in why).
 */
int release_begin(struct run_info *out, const struct release_desk *desk, const struct release_proposal *proposal,
                  const char *reason, const struct call *call, struct error *err) MUST_CHECK;

/*
 * Before a run that commits or tags: can be signed what the configuration wants signed (source_ops.signing), and the key
 * unlocked, so that nobody is asked in the middle (source_ops.unlock: `terminal` is free for the agent to draw on, or NULL).
 */
int release_signing(enum source_signing *out, const struct release_desk *desk, const struct call *call,
                    struct error *err) MUST_CHECK;
int release_unlock(const struct release_desk *desk, const char *terminal, const struct call *call,
                   struct error *err) MUST_CHECK;

/* Drives a release or an undo until it ends, waits, holds or, with desk->step, has done one effect. See run_drive(). */
int release_drive(enum run_status *status, const struct release_desk *desk, const char *id, const struct call *call,
                  struct error *err) MUST_CHECK;

enum release_step_status {
    RELEASE_STEP_TODO,
    RELEASE_STEP_NEXT, /* the first that is not done */
    RELEASE_STEP_WAITING,
    RELEASE_STEP_BEGUN, /* begun and not known to have ended: a crash, or under way */
    RELEASE_STEP_DONE,
    RELEASE_STEP_FAILED,
};

const char *release_step_status_name(enum release_step_status status); /* "todo", "next", "waiting", "begun", … */

/* One line of the step-by-step view. All texts owned. */
struct release_step {
    char *id;          /* of its effect: "file:CHANGELOG.md", "commit", "tag", "push", … */
    struct text title; /* short: "changelog", "commit", "tag", "push" */
    struct text words; /* exactly what it changes */
    struct text undo;  /* the way back, or empty */
    enum release_step_status status;
    int64_t begun_ms, ended_ms; /* 0: not */
    struct text evidence;       /* "77aa12b on main", or empty */
    struct error error;         /* when failed; kind ERROR_NONE otherwise */
};

struct release_steps {
    struct release_step *items;
    size_t count, cap;
    size_t done;
};

void release_steps_clear(struct release_steps *steps);

/* Every step of a plan before anything is begun: the dry run. */
int release_preview(struct release_steps *out, const struct release_plan *plan, struct error *err) MUST_CHECK;

/* A run as it stands. Owned; release_view_clear(). */
struct release_view {
    struct run_info info;
    bool is_undo;
    struct release_plan plan; /* of an undo: the plan of the release it takes back */
    char *of;                 /* of an undo: the id of that release; else NULL */
    struct release_steps steps;
    struct text reason; /* why it waits or holds */
};

/* `id` NULL or "": the newest run of the service. ERROR_NOT_FOUND. */
int release_look(struct release_view *out, const struct release_desk *desk, const char *id, const struct call *call,
                 struct error *err) MUST_CHECK;
void release_view_clear(struct release_view *view);

/* Releases and undos of the desk's service, newest first. */
int release_list(struct run_infos *out, const struct release_desk *desk, const struct call *call,
                 struct error *err) MUST_CHECK;

/* The open run of the service into *out; out->id stays NULL when there is none. */
int release_open(struct run_info *out, const struct release_desk *desk, const struct call *call,
                 struct error *err) MUST_CHECK;

/* ERROR_EXISTS when a release of the service is open, 0 when none is. */
int release_check_free(const struct release_desk *desk, const struct call *call, struct error *err) MUST_CHECK;

/*
 * Undo: takes back exactly what the release `id` (NULL: the newest) did, newest first, while nothing is public.
 * release_undo_preview() shows the steps; release_undo() makes the run that takes the release's place, to be driven with
 * release_drive(). Both fail with ERROR_REFUSED when the tag or the commit is public: then the version is burned
 * (recorded) and the advice names the next; or when there is nothing to take back.
 */
int release_undo_preview(struct release_steps *out, const struct release_desk *desk, const char *id,
                         const struct call *call, struct error *err) MUST_CHECK;
int release_undo(struct run_info *out, const struct release_desk *desk, const char *id, const char *reason,
                 const struct call *call, struct error *err) MUST_CHECK;

#endif
