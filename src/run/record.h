/* A run whole: its document and its journal folded, and writing to both at once. For src/run only. */
#ifndef SIGNALBOX_RUN_RECORD_H
#define SIGNALBOX_RUN_RECORD_H

#include "run/lease.h"
#include "run/run.h"
#include "store/audit.h"

/* Owned; record_clear(). */
struct record {
    struct run_info info;
    int64_t version; /* of its document */
    struct run_progress progress;
};

void record_clear(struct record *record);

/* The run and its journal folded. ERROR_NOT_FOUND; ERROR_FAILED: the journal is damaged. */
int record_read(struct record *out, struct store store, const char *id, const struct call *call,
                struct error *err) MUST_CHECK;

/* What is written at once; borrowed. */
struct record_change {
    const struct buf *entries; /* for the journal, at most RECORD_ENTRIES_MAX */
    size_t entry_count;
    const struct audit_event *events;
    size_t event_count;
};

enum { RECORD_ENTRIES_MAX = 8 };

/*
 * Writes the entries and events, under the lease and only under it, and folds the entries into the progress; the run's
 * document follows the progress, and the scope is free again when the run has ended. ERROR_CONFLICT: the lease is lost.
 */
int record_write(struct record *record, struct store store, const struct lease *lease,
                 const struct record_change *change, const struct call *call, struct error *err) MUST_CHECK;

#endif
