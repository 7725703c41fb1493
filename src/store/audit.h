/*
 * The audit log: who did what, when and why, and what was there before and after. It is the log "audit" of the store,
 * each entry chained to the one before by its hash:
 *
 *     entry = hash " " previous "\n" event          hash = SHA-256(previous "\n" event), lower-case hex
 *
 * event is one compact JSON object that carries its own number; the first previous is 64 zeros. The document "audit/head"
 * keeps the number and hash of the newest entry, so that a tail cut off is noticed. An entry is written in the same
 * apply() as the change it tells of. Whoever can write to the store can also forge the whole chain anew: keep the head's
 * hash elsewhere (audit_verify() gives it) to notice that.
 */
#ifndef SIGNALBOX_STORE_AUDIT_H
#define SIGNALBOX_STORE_AUDIT_H

#include "base/hash.h"
#include <signalbox/store.h>

/* What happened; strings are raw bytes, NULL where there is none. Never a secret. */
struct audit_event {
    const char *who;  /* "maria@ops1" */
    const char *what; /* "pushes main and v1.4.0 to origin in one push" */
    const char *why;  /* the reason given */
    const char *before, *after;
    const char *run; /* "r-0042" */
};

/* An event as it was read; owned. Strings are raw bytes and never NULL ("" where there was none). */
struct audit_entry {
    int64_t seq, at_ms;
    char *who, *what, *why, *before, *after, *run;
    char *machine; /* the name of the machine that wrote it */
    char hash[HASH_HEX];
};

struct audit_entries {
    struct audit_entry *items;
    size_t count, cap;
};

void audit_entries_clear(struct audit_entries *entries);

enum { AUDIT_OPS_MAX = 16, AUDIT_EVENTS_MAX = 4 };

/*
 * apply() of the operations (at most AUDIT_OPS_MAX) together with the events that tell of them (at most
 * AUDIT_EVENTS_MAX). Somebody else's entry getting in between is tried again; *failed counts in `ops` only.
 * The errors of apply(), and ERROR_FAILED when the audit log itself is damaged.
 */
int audit_apply(struct store store, const struct store_op *ops, size_t count, const struct audit_event *events,
                size_t event_count, size_t *failed, const struct call *call, struct error *err) MUST_CHECK;

/*
 * At most `limit` entries older than `before` (0: from the newest), newest first. An entry that cannot be read is
 * ERROR_FAILED with its number.
 */
int audit_list(struct audit_entries *out, struct store store, int64_t before, int64_t limit, const struct call *call,
               struct error *err) MUST_CHECK;

enum audit_fault { AUDIT_WHOLE, AUDIT_CHANGED, AUDIT_MISSING, AUDIT_REORDERED, AUDIT_CUT };

struct audit_report {
    enum audit_fault fault;
    int64_t broken;      /* number of the first broken entry; 0 when whole */
    int64_t count;       /* entries that were read */
    char head[HASH_HEX]; /* hash of the newest entry that fits the chain */
    char why[256];       /* one clause, safe to show; "" when whole */
};

const char *audit_fault_name(enum audit_fault fault);

/* Reads the whole log. 0 also when it is broken: the report says so. */
int audit_verify(struct audit_report *out, struct store store, const struct call *call, struct error *err) MUST_CHECK;

#endif
