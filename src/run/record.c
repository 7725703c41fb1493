#include "run/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "run/journal.h"

struct stored {
    char *kind, *subject, *scope, *actor, *reason, *status;
    int64_t begun;
};

static const struct json_field fields[] = {
    {"kind", JSON_FIELD_STRING, offsetof(struct stored, kind), .required = true},
    {"subject", JSON_FIELD_STRING, offsetof(struct stored, subject), .required = true},
    {"scope", JSON_FIELD_STRING, offsetof(struct stored, scope), .required = true},
    {"actor", JSON_FIELD_STRING, offsetof(struct stored, actor), .required = true},
    {"reason", JSON_FIELD_STRING, offsetof(struct stored, reason), .required = true},
    {"status", JSON_FIELD_STRING, offsetof(struct stored, status), .required = true},
    {"begun", JSON_FIELD_INT, offsetof(struct stored, begun), .required = true},
    {0},
};

const struct json_field record_open_fields[] = {
    {"run", JSON_FIELD_STRING, offsetof(struct record_open, run), .required = true},
    {0},
};

void record_encode(struct buf *out, const struct json_field *table, const void *in)
{
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, table, in);
    json_end_object(&w);
}

void record_encode_info(struct buf *out, const struct run_info *info)
{
    struct stored stored = {
        .kind = info->kind,
        .subject = info->subject,
        .scope = info->scope,
        .actor = info->actor,
        .reason = info->reason,
        .status = (char *)run_status_name(info->status),
        .begun = info->begun_ms,
    };
    record_encode(out, fields, &stored);
}

static int decode_info(struct run_info *out, const struct store_document *document, struct error *err)
{
    struct stored stored = {0};
    const char *id = document->key + strlen("run/");
    int result = json_decode(&stored, fields, document->bytes, document->len, err);
    int status = RUN_OPEN;
    while (result == 0 && status <= RUN_FAILED &&
           strcmp(stored.status, run_status_name((enum run_status)status)) != 0)
        status++;
    if (result == 0 && status > RUN_FAILED)
        result = error_set(err, ERROR_FAILED, "there is no status \"%s\"", stored.status);
    if (result < 0) {
        json_fields_clear(&stored, fields);
        error_wrap(err, "The run %s is damaged", id);
        err->kind = ERROR_FAILED;
        return -1;
    }
    *out = (struct run_info){
        .id = mem_string(id),
        .kind = stored.kind,
        .subject = stored.subject,
        .scope = stored.scope,
        .actor = stored.actor,
        .reason = stored.reason,
        .begun_ms = stored.begun,
        .changed_ms = document->changed_ms,
        .status = (enum run_status)status,
    };
    free(stored.status);
    return 0;
}

void run_info_clear(struct run_info *info)
{
    free(info->id);
    free(info->kind);
    free(info->subject);
    free(info->scope);
    free(info->actor);
    free(info->reason);
    *info = (struct run_info){0};
}

void run_infos_clear(struct run_infos *infos)
{
    for (size_t i = 0; i < infos->count; i++)
        run_info_clear(&infos->items[i]);
    free(infos->items);
    *infos = (struct run_infos){0};
}

void record_clear(struct record *record)
{
    run_info_clear(&record->info);
    run_progress_clear(&record->progress);
    record->version = 0;
}

char *record_key(const char *room, const char *id)
{
    struct buf key = {0};
    buf_addf(&key, "%s/%s", room, id);
    return buf_take(&key);
}

static bool is_final(enum run_status status)
{
    return status == RUN_FINISHED || status == RUN_UNDONE || status == RUN_FAILED;
}

static int find(struct run_info *out, int64_t *version, struct store store, const char *id, const struct call *call,
                struct error *err)
{
    CLEANUP(free_string) char *key = record_key("run", id);
    struct store_document document;
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result;
    if (document.version) {
        *version = document.version;
        result = decode_info(out, &document, err);
    } else {
        result = error_set(err, ERROR_NOT_FOUND, "There is no run %s", id);
    }
    store_document_clear(&document);
    return result;
}

int run_find(struct run_info *out, struct store store, const char *id, const struct call *call, struct error *err)
{
    int64_t version;
    return find(out, &version, store, id, call, err);
}

/* "r-9999" before "r-10000": by the number, which is the same as by length and then by letters. */
static int newest_first(const void *a, const void *b)
{
    const struct run_info *left = a, *right = b;
    size_t left_len = strlen(left->id), right_len = strlen(right->id);
    if (left_len != right_len)
        return left_len < right_len ? 1 : -1;
    return strcmp(right->id, left->id);
}

int run_list(struct run_infos *out, struct store store, const struct call *call, struct error *err)
{
    struct store_documents documents;
    if (store.ops->list(store.self, &documents, "run/", call, err) < 0)
        return -1;
    struct run_infos found = {0};
    int result = 0;
    ARRAY_GROW(&found.items, &found.cap, documents.count);
    for (size_t i = 0; i < documents.count && result == 0; i++) {
        result = decode_info(&found.items[found.count], &documents.items[i], err);
        found.count += result == 0;
    }
    store_documents_clear(&documents);
    if (result < 0) {
        run_infos_clear(&found);
        return -1;
    }
    if (found.count)
        qsort(found.items, found.count, sizeof(*found.items), newest_first);
    *out = found;
    return 0;
}

static int read_journal(struct run_progress *out, struct store store, const char *id, const struct call *call,
                        struct error *err)
{
    CLEANUP(free_string) char *log = record_key("run", id);
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
    if (find(&record.info, &record.version, store, id, call, err) < 0)
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
    CLEANUP(free_string) char *key = record_key("plan", id);
    struct store_document document;
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result = 0;
    if (!document.version)
        result = error_set(err, ERROR_NOT_FOUND, "There is no run %s", id);
    if (result == 0)
        result = read_journal(progress, store, id, call, err);
    if (result == 0)
        buf_add(plan, document.bytes, document.len);
    store_document_clear(&document);
    return result;
}

int record_read_open(char **run, int64_t *version, struct store store, const char *scope, const struct call *call,
                     struct error *err)
{
    CLEANUP(free_string) char *key = record_key("open", scope);
    struct store_document document;
    struct record_open open = {0};
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result = document.version ? json_decode(&open, record_open_fields, document.bytes, document.len, err) : 0;
    if (result < 0) {
        error_wrap(err, "What runs in %s cannot be read", scope);
        err->kind = ERROR_FAILED;
    } else {
        *run = open.run;
        *version = document.version;
    }
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
    CLEANUP(free_string) char *key = record_key("run", record->info.id);
    CLEANUP(free_string) char *open_key = record_key("open", record->info.scope);
    CLEANUP(free_string) char *open_run = NULL;
    CLEANUP(buf_clear) struct buf info = {0};
    int64_t seq = record->progress.last_seq, open_version = 0;
    /* Folded first: an entry that could not be read back must not be written. A write that then fails ends the drive,
     * and the next one folds what is there. */
    if (fold_new(&record->progress, change->entries, change->entry_count, err) < 0)
        return -1;
    enum run_status before = record->info.status;
    record->info.status = record->progress.status;
    record_encode_info(&info, &record->info);
    bool ends = is_final(record->info.status);
    record->info.status = before;
    struct store_op ops[RECORD_ENTRIES_MAX + 3] = {lease_condition(lease)};
    size_t n = 1, failed = 0;
    for (size_t i = 0; i < change->entry_count; i++)
        ops[n++] = (struct store_op){STORE_APPEND,          key, seq + 1 + (int64_t)i, 0, change->entries[i].bytes,
                                     change->entries[i].len};
    ops[n++] = (struct store_op){STORE_PUT, key, record->version, 0, info.bytes, info.len};
    if (ends) {
        if (record_read_open(&open_run, &open_version, store, record->info.scope, call, err) < 0)
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
