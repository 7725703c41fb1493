/*
 * A lease: at most one holder drives a scope ("SERVICE/ENVIRONMENT"). It is the document "lease/SCOPE"; its epoch counts
 * up at each taking, and everything a holder writes is conditional on that epoch (STORE_CHECK_EPOCH), so a holder that
 * was stopped, suspended or cut off and has lost its lease writes nothing any more.
 *
 * Time is CLOCK_BOOTTIME of the holder. A lease is renewed between acts, before each act for at least as long as the act
 * may take; there is no thread that renews, so an act that hangs loses the lease by itself.
 *
 * Who may take it from its holder:
 * - at once, when it was given back, or the holder is known to be gone: a process of this boot of this machine, seen in
 *   our process table, that is not there or is another one; or one of an earlier boot in a store only we can reach;
 * - on the same boot clock, when the lease has run out and its grace (the longest an act may take) has passed too;
 * - elsewhere, when it was seen not to be renewed for its whole duration and grace. One renewal seen means: alive.
 */
#ifndef SIGNALBOX_RUN_LEASE_H
#define SIGNALBOX_RUN_LEASE_H

#include <stdbool.h>

#include <signalbox/store.h>

enum { LEASE_MS = 20000 };

/* Which process this is, so that others can tell whether it is alive. Owned; lease_identity_clear(). */
struct lease_identity {
    char *machine; /* its name, for people */
    char *boot;    /* the kernel's boot id; "" where unknown */
    char *spaces;  /* its pid and time namespaces */
    int64_t pid;
    int64_t start; /* of the process, in clock ticks since boot */
};

void lease_identity_self(struct lease_identity *out);
void lease_identity_clear(struct lease_identity *identity);

/* When the process was started, in clock ticks since boot; 0 when none of that number lives. */
int64_t lease_process_start(int64_t pid);

/* The lease as somebody else sees it. Owned; lease_holder_clear(). */
struct lease_holder {
    char *actor; /* "maria@ops1" */
    char *run;   /* "r-0042" */
    char *machine, *boot, *spaces;
    int64_t pid, start;
    int64_t duration_ms, grace_ms;
    int64_t until_boot_ms; /* on the holder's boot clock */
    int64_t renewals;
    int64_t taken_ms, renewed_ms; /* UTC */
    bool released;
    int64_t epoch, version; /* of the document; version 0: never taken */
};

void lease_holder_clear(struct lease_holder *holder);

/* version 0 when nobody ever took it. Errors: those of the store, ERROR_FAILED when the document is damaged. */
int lease_look(struct lease_holder *out, struct store store, const char *scope, const struct call *call,
               struct error *err) MUST_CHECK;

/* Is somebody holding it who is not known to be gone or to have let it lapse? */
bool lease_is_live(const struct lease_holder *holder, struct store store, const struct lease_identity *self);

/* Held by us. Owned; lease_clear() (which does not give it back). */
struct lease {
    char *scope, *key;
    int64_t epoch, version;
    int64_t duration_ms;
    int64_t until_boot_ms;
    struct lease_holder document;
    char *taken_from; /* "maria@ops1" when it was taken from a holder that had not given it back; else NULL */
};

void lease_clear(struct lease *lease);

struct lease_request {
    const char *scope, *run, *actor;
    int64_t duration_ms;               /* 0: LEASE_MS */
    const struct lease_identity *self; /* NULL: this process */
    bool wait_for_silence;             /* watch a holder elsewhere until it may be taken; else ERROR_CONFLICT */
};

/* Errors: ERROR_CONFLICT (somebody holds it; who, and for how long, in why), and those of the store. */
int lease_take(struct lease *out, struct store store, const struct lease_request *request, const struct call *call,
               struct error *err) MUST_CHECK;

/* Milliseconds left on our clock, 0 when it has run out. */
int64_t lease_left_ms(const struct lease *lease);

/*
 * Makes sure that an act of at most `act_ms` may start now: writes the lease anew when less than that and half its
 * duration is left. ERROR_CONFLICT: it is lost.
 */
int lease_renew(struct lease *lease, struct store store, int64_t act_ms, const struct call *call,
                struct error *err) MUST_CHECK;

/* Reads the store: still ours, and not run out? ERROR_CONFLICT: no. */
int lease_check(const struct lease *lease, struct store store, const struct call *call, struct error *err) MUST_CHECK;

/* The operation that makes an apply() conditional on the lease; borrows from it. */
struct store_op lease_condition(const struct lease *lease);

/* Gives it back, so that the next holder need not wait. That it cannot be is no error: it will lapse. */
void lease_release(struct lease *lease, struct store store);

#endif
