#include "run/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/document.h"
#include "run/journal.h"

void record_clear(struct record *record)
{
    run_info_clear(&record->info);
    run_progress_clear(&record->progress);
    record->version = 0;
}

static bool is_final(enum run_status status)
{
    return status == RUN_FINISHED || status == RUN_UNDONE || status == RUN_FAILED;
}

static int read_journal(struct run_progress *out, struct store store, const char *id, const struct call *call,
                        struct error *err)
{
    CLEANUP(free_string) char *log = document_key("run", id);
    struct store_entries entries;
    if (store.ops->read(store.self, &entries, log, 0, 0, call, err) < 0)
        return -1;
    struct run_progress progress = {0};
    int result = 0;
    for (size_t i = 0; i < entries.count && result == 0; i++)
        result = journal_fold(&progress, &entries.items[i], err);
    store_entries_clear(&entries);
    if (result == 0)
        *out = progress;
    else
        run_progress_clear(&progress);
    return result;
}

int record_read(struct record *out, struct store store, const char *id, const struct call *call, struct error *err)
{
    struct record record = {0};
    if (document_find(&record.info, &record.version, store, id, call, err) < 0)
        return -1;
    if (read_journal(&record.progress, store, id, call, err) < 0) {
        record_clear(&record);
        return -1;
    }
    *out = record;
    return 0;
}

int run_read(struct buf *plan, struct run_progress *progress, struct store store, const char *id,
             const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *key = document_key("plan", id);
    struct store_document document;
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result = 0;
    if (!document.version) {
        error_set(err, ERROR_NOT_FOUND, "There is no run %s", id);
        result = error_todo(err, "`signalbox release list` shows the runs there are");
    }
    if (result == 0)
        result = read_journal(progress, store, id, call, err);
    if (result == 0)
        buf_add(plan, document.bytes, document.len);
    store_document_clear(&document);
    return result;
}

/* The progress after the entries, through the same reading as any later start. */
static int fold_new(struct run_progress *progress, const struct buf *entries, size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct store_entry entry = {
            .seq = progress->last_seq + 1,
            .at_ms = clock_now_ms(),
            .bytes = entries[i].bytes,
            .len = entries[i].len,
        };
        if (journal_fold(progress, &entry, err) < 0)
            return -1;
    }
    return 0;
}

int record_write(struct record *record, struct store store, const struct lease *lease,
                 const struct record_change *change, const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *key = document_key("run", record->info.id);
    CLEANUP(free_string) char *open_key = document_key("open", record->info.scope);
    CLEANUP(free_string) char *open_run = NULL;
    CLEANUP(buf_clear) struct buf info = {0};
    int64_t seq = record->progress.last_seq, open_version = 0;
    /* Folded first: an entry that could not be read back must not be written. A write that then fails ends the drive,
     * and the next one folds what is there. */
    if (fold_new(&record->progress, change->entries, change->entry_count, err) < 0)
        return -1;
    enum run_status before = record->info.status;
    record->info.status = record->progress.status;
    document_encode_info(&info, &record->info);
    bool ends = is_final(record->info.status);
    record->info.status = before;
    struct store_op ops[RECORD_ENTRIES_MAX + 3] = {lease_condition(lease)};
    size_t n = 1, failed = 0;
    for (size_t i = 0; i < change->entry_count; i++)
        ops[n++] = (struct store_op){STORE_APPEND,          key, seq + 1 + (int64_t)i, 0, change->entries[i].bytes,
                                     change->entries[i].len};
    ops[n++] = (struct store_op){STORE_PUT, key, record->version, 0, info.bytes, info.len};
    if (ends) {
        if (document_read_open(&open_run, &open_version, store, record->info.scope, call, err) < 0)
            return -1;
        if (open_version && strcmp(open_run, record->info.id) == 0)
            ops[n++] = (struct store_op){.kind = STORE_DELETE, .key = open_key, .version = open_version};
    }
    if (audit_apply(store, ops, n, change->events, change->event_count, &failed, call, err) < 0) {
        if (err->kind == ERROR_CONFLICT) {
            error_set(err, ERROR_CONFLICT, "%s is driven by somebody else now", record->info.id);
            error_why(err, "the lease with epoch %lld was taken over, so nothing was written",
                      (long long)lease->epoch);
            error_todo(err, "Look at the run before resuming it");
        }
        return -1;
    }
    record->version++;
    record->info.status = record->progress.status;
    return 0;
}
