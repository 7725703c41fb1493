/*
 * A run as it stands in the store, and writing to it. Documents: "run/ID" (what it is and how it stands), "plan/ID" (the
 * plan's bytes, written once), "open/SCOPE" (the one open run of a scope), "count/run" (the last number given). Log:
 * "run/ID", the journal. For src/run only.
 */
#ifndef SIGNALBOX_RUN_RECORD_H
#define SIGNALBOX_RUN_RECORD_H

#include "base/json.h"
#include "run/lease.h"
#include "run/run.h"
#include "store/audit.h"

/* How the documents stand in the store, for the two files that write them. */
struct record_open {
    char *run; /* "r-0042" */
};
extern const struct json_field record_open_fields[];
void record_encode(struct buf *out, const struct json_field *table, const void *in);
void record_encode_info(struct buf *out, const struct run_info *info);
/* "run/r-0042"; caller frees. */
char *record_key(const char *room, const char *id);
/* The open run of a scope; *version 0 when there is none. Caller frees *run. */
int record_read_open(char **run, int64_t *version, struct store store, const char *scope, const struct call *call,
                     struct error *err) MUST_CHECK;

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
