/*
 * The journal of a run: the log "run/ID" of the store, which holds everything that was meant, done and asked, in order.
 * An effect is written whole before its act. Progress is nothing but the journal folded.
 */
#ifndef SIGNALBOX_RUN_JOURNAL_H
#define SIGNALBOX_RUN_JOURNAL_H

#include "run/request.h"
#include "run/run.h"

/* Who writes: stands in each entry. */
struct journal_writer {
    const char *actor;
    int64_t epoch;
};

/* Each appends the bytes of one entry to *out. */
void journal_begin(struct buf *out, const struct journal_writer *by, const struct effect *effect);
/* `found`: it was seen to be done; nobody acted just before. */
void journal_done(struct buf *out, const struct journal_writer *by, const char *effect_id,
                  const struct evidence *evidence, bool found);
void journal_failed(struct buf *out, const struct journal_writer *by, const char *effect_id,
                    const struct error *error);
void journal_status(struct buf *out, const struct journal_writer *by, enum run_status status, struct text reason);
void journal_request(struct buf *out, const struct journal_writer *by, const struct request *request);

/*
 * Folds one more entry into the progress, which starts as {0}. ERROR_FAILED with the entry's number when it cannot be
 * read, is out of order, or cannot follow what came before it; the progress is then as before.
 */
int journal_fold(struct run_progress *progress, const struct store_entry *entry, struct error *err) MUST_CHECK;

#endif
