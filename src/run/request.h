/*
 * Requests: how everybody who does not drive a run speaks to it. They are entries of the log "request/RUN", which the
 * holder reads before every step; what it obeyed stands in the journal. Asking needs no lease.
 */
#ifndef SIGNALBOX_RUN_REQUEST_H
#define SIGNALBOX_RUN_REQUEST_H

#include <signalbox/store.h>

enum request_kind {
    REQUEST_HOLD,   /* do nothing more until a resume */
    REQUEST_RESUME, /* go on */
    REQUEST_ABORT,  /* end it; what was done stays */
};

const char *request_kind_name(enum request_kind kind);

struct request {
    int64_t seq, at_ms;
    enum request_kind kind;
    char *actor, *reason; /* raw bytes, never NULL */
};

struct requests {
    struct request *items;
    size_t count, cap;
};

void requests_clear(struct requests *requests);

/* Posts it, with an audit event. ERROR_NOT_FOUND: no such run; ERROR_REFUSED: the run has ended. */
int request_post(struct store store, const char *run, enum request_kind kind, const char *actor, const char *reason,
                 const struct call *call, struct error *err) MUST_CHECK;

/* Those after `after`, oldest first. ERROR_FAILED when one cannot be read. */
int request_read(struct requests *out, struct store store, const char *run, int64_t after, const struct call *call,
                 struct error *err) MUST_CHECK;

#endif
