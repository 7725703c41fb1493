#include "store/sqlite_store.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/sqlite_private.h"

static const char *const statements[STATEMENT_COUNT] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [GET] = "SELECT version, epoch, changed_ms, gone, bytes FROM documents WHERE key = ?1",
    [LIST] = "SELECT key, version, epoch, changed_ms, bytes FROM documents WHERE key >= ?1 AND "
             "substr(key, 1, length(?1)) = ?1 AND key < ?2 AND NOT gone ORDER BY key",
    [READ_OLDEST] = "SELECT seq, at_ms, bytes FROM entries WHERE log = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    [READ_NEWEST] = "SELECT seq, at_ms, bytes FROM (SELECT * FROM entries WHERE log = ?1 AND seq > ?2 "
                    "ORDER BY seq DESC LIMIT ?3) ORDER BY seq",
    [LAST_SEQ] = "SELECT coalesce(max(seq), 0) FROM entries WHERE log = ?1",
    [INSERT] = "INSERT INTO documents (key, version, epoch, changed_ms, gone, bytes) VALUES (?1, ?2, ?3, ?4, 0, ?5)",
    [UPDATE] = "UPDATE documents SET version = ?2, epoch = ?3, changed_ms = ?4, gone = 0, bytes = ?5 WHERE key = ?1",
    [DELETE] = "UPDATE documents SET version = version + 1, epoch = 0, changed_ms = ?2, gone = 1, bytes = x'' "
               "WHERE key = ?1",
    [APPEND] = "INSERT INTO entries (log, seq, at_ms, bytes) VALUES (?1, ?2, ?3, ?4)",
};

static sqlite3_stmt *prepare(struct sqlite_store *self, enum statement which, struct error *err)
{
    if (!self->prepared[which]) {
        int rc = sqlite3_prepare_v3(self->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                    &self->prepared[which], NULL);
        if (rc != SQLITE_OK) {
            sqlite_fail(self, rc, err);
            return NULL;
        }
    }
    return self->prepared[which];
}

/* A statement is always left reset: an open one would hold its lock or its snapshot. */
static void finish(sqlite3_stmt *statement)
{
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
}

/* Steps a statement that gives no rows. */
static int run(struct sqlite_store *self, sqlite3_stmt *statement, struct error *err)
{
    int rc = sqlite3_step(statement);
    int result = rc == SQLITE_DONE ? 0 : sqlite_fail(self, rc, err);
    finish(statement);
    return result;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *statement, int at, const char *bytes, size_t len)
{
    /* A NULL pointer would bind NULL, not the empty blob. */
    sqlite3_bind_blob64(statement, at, len ? bytes : "", len, SQLITE_STATIC);
}

static char *column_bytes(sqlite3_stmt *statement, int column, size_t *len)
{
    const void *bytes = sqlite3_column_blob(statement, column);
    *len = (size_t)sqlite3_column_bytes(statement, column);
    return mem_bytes(bytes, *len);
}

static int store_get(void *context, struct store_document *out, const char *key, const struct call *call,
                     struct error *err)
{
    struct sqlite_store *self = context;
    sqlite_enter(self, call);
    sqlite3_stmt *get = call_check(call, "read the store", err) < 0 ? NULL : prepare(self, GET, err);
    if (!get)
        return -1;
    bind_text(get, 1, key);
    int rc = sqlite3_step(get);
    int result = 0;
    if (rc == SQLITE_ROW && !sqlite3_column_int(get, 3)) {
        *out = (struct store_document){
            .key = mem_string(key),
            .version = sqlite3_column_int64(get, 0),
            .epoch = sqlite3_column_int64(get, 1),
            .changed_ms = sqlite3_column_int64(get, 2),
        };
        out->bytes = column_bytes(get, 4, &out->len);
    } else if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
        *out = (struct store_document){.key = mem_string(key)};
    } else {
        result = sqlite_fail(self, rc, err);
    }
    finish(get);
    return result;
}

static int store_list(void *context, struct store_documents *out, const char *prefix, const struct call *call,
                      struct error *err)
{
    struct sqlite_store *self = context;
    sqlite_enter(self, call);
    sqlite3_stmt *list = call_check(call, "list the store", err) < 0 ? NULL : prepare(self, LIST, err);
    if (!list)
        return -1;
    /* No UTF-8 has the byte FF, so this sorts after every key with the prefix. */
    CLEANUP(buf_clear) struct buf after = {0};
    buf_addf(&after, "%s\xFF", prefix);
    bind_text(list, 1, prefix);
    bind_text(list, 2, after.bytes);
    struct store_documents found = {0};
    int rc;
    while ((rc = sqlite3_step(list)) == SQLITE_ROW) {
        ARRAY_GROW(&found.items, &found.cap, found.count + 1);
        struct store_document *document = &found.items[found.count++];
        *document = (struct store_document){
            .key = mem_string((const char *)sqlite3_column_text(list, 0)),
            .version = sqlite3_column_int64(list, 1),
            .epoch = sqlite3_column_int64(list, 2),
            .changed_ms = sqlite3_column_int64(list, 3),
        };
        document->bytes = column_bytes(list, 4, &document->len);
    }
    int result = rc == SQLITE_DONE ? 0 : sqlite_fail(self, rc, err);
    finish(list);
    if (result == 0)
        *out = found;
    else
        store_documents_clear(&found);
    return result;
}

static int store_read(void *context, struct store_entries *out, const char *log, int64_t after, int64_t limit,
                      const struct call *call, struct error *err)
{
    struct sqlite_store *self = context;
    sqlite_enter(self, call);
    enum statement which = limit < 0 ? READ_NEWEST : READ_OLDEST;
    sqlite3_stmt *read = call_check(call, "read the store", err) < 0 ? NULL : prepare(self, which, err);
    if (!read)
        return -1;
    bind_text(read, 1, log);
    sqlite3_bind_int64(read, 2, after);
    sqlite3_bind_int64(read, 3, limit < 0 ? -limit : limit ? limit : -1);
    struct store_entries found = {0};
    int rc;
    while ((rc = sqlite3_step(read)) == SQLITE_ROW) {
        ARRAY_GROW(&found.items, &found.cap, found.count + 1);
        struct store_entry *entry = &found.items[found.count++];
        *entry = (struct store_entry){.seq = sqlite3_column_int64(read, 0), .at_ms = sqlite3_column_int64(read, 1)};
        entry->bytes = column_bytes(read, 2, &entry->len);
    }
    int result = rc == SQLITE_DONE ? 0 : sqlite_fail(self, rc, err);
    finish(read);
    if (result == 0)
        *out = found;
    else
        store_entries_clear(&found);
    return result;
}

/* What the transaction sees of a key: the version counts on where the document is gone. */
struct standing {
    int64_t version, epoch;
    bool known, exists;
};

static int look(struct sqlite_store *self, struct standing *out, const char *key, struct error *err)
{
    sqlite3_stmt *get = prepare(self, GET, err);
    if (!get)
        return -1;
    bind_text(get, 1, key);
    int rc = sqlite3_step(get);
    *out = (struct standing){0};
    if (rc == SQLITE_ROW)
        *out = (struct standing){
            .version = sqlite3_column_int64(get, 0),
            .epoch = sqlite3_column_int64(get, 1),
            .known = true,
            .exists = !sqlite3_column_int(get, 3),
        };
    int result = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : sqlite_fail(self, rc, err);
    finish(get);
    return result;
}

static int conflict(const struct store_op *op, const char *expected, int64_t wanted, int64_t found, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "Somebody else changed %s meanwhile", op->key);
    return error_why(err, "expected %s %lld, found %lld", expected, (long long)wanted, (long long)found);
}

static int apply_put(struct sqlite_store *self, const struct store_op *op, struct error *err)
{
    struct standing now;
    if (look(self, &now, op->key, err) < 0)
        return -1;
    int64_t version = now.exists ? now.version : 0;
    if (version != op->version)
        return conflict(op, "version", op->version, version, err);
    sqlite3_stmt *put = prepare(self, now.known ? UPDATE : INSERT, err);
    if (!put)
        return -1;
    bind_text(put, 1, op->key);
    sqlite3_bind_int64(put, 2, now.version + 1);
    sqlite3_bind_int64(put, 3, op->epoch);
    sqlite3_bind_int64(put, 4, clock_now_ms());
    bind_bytes(put, 5, op->bytes, op->len);
    return run(self, put, err);
}

static int apply_delete(struct sqlite_store *self, const struct store_op *op, struct error *err)
{
    struct standing now;
    if (look(self, &now, op->key, err) < 0)
        return -1;
    int64_t version = now.exists ? now.version : 0;
    if (!version || version != op->version)
        return conflict(op, "version", op->version, version, err);
    sqlite3_stmt *delete = prepare(self, DELETE, err);
    if (!delete)
        return -1;
    bind_text(delete, 1, op->key);
    sqlite3_bind_int64(delete, 2, clock_now_ms());
    return run(self, delete, err);
}

static int apply_check_epoch(struct sqlite_store *self, const struct store_op *op, struct error *err)
{
    struct standing now;
    if (look(self, &now, op->key, err) < 0)
        return -1;
    if (!now.exists || now.epoch != op->epoch)
        return conflict(op, "epoch", op->epoch, now.epoch, err);
    return 0;
}

static int apply_append(struct sqlite_store *self, const struct store_op *op, struct error *err)
{
    sqlite3_stmt *last = prepare(self, LAST_SEQ, err), *append = last ? prepare(self, APPEND, err) : NULL;
    if (!append)
        return -1;
    bind_text(last, 1, op->key);
    int rc = sqlite3_step(last);
    int64_t seq = rc == SQLITE_ROW ? sqlite3_column_int64(last, 0) + 1 : 0;
    int failed = rc == SQLITE_ROW ? 0 : sqlite_fail(self, rc, err);
    finish(last);
    if (failed)
        return -1;
    if (op->version && op->version != seq)
        return conflict(op, "its next entry to be", op->version, seq, err);
    bind_text(append, 1, op->key);
    sqlite3_bind_int64(append, 2, seq);
    sqlite3_bind_int64(append, 3, clock_now_ms());
    bind_bytes(append, 4, op->bytes, op->len);
    return run(self, append, err);
}

static int apply_one(struct sqlite_store *self, const struct store_op *op, struct error *err)
{
    switch (op->kind) {
    case STORE_PUT:
        return apply_put(self, op, err);
    case STORE_DELETE:
        return apply_delete(self, op, err);
    case STORE_CHECK_EPOCH:
        return apply_check_epoch(self, op, err);
    case STORE_APPEND:
        return apply_append(self, op, err);
    }
    return error_set(err, ERROR_INVALID, "Unknown store operation %d", (int)op->kind);
}

static int run_statement(struct sqlite_store *self, enum statement which, struct error *err)
{
    sqlite3_stmt *statement = prepare(self, which, err);
    return statement ? run(self, statement, err) : -1;
}

static int store_apply(void *context, const struct store_op *ops, size_t count, size_t *failed,
                       const struct call *call, struct error *err)
{
    struct sqlite_store *self = context;
    sqlite_enter(self, call);
    if (call_check(call, "write the store", err) < 0 || run_statement(self, BEGIN, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (apply_one(self, &ops[i], err) < 0) {
            if (failed)
                *failed = i;
            sqlite_roll_back(self);
            return -1;
        }
    }
    if (run_statement(self, COMMIT, err) == 0)
        return 0;
    sqlite_roll_back(self);
    return -1;
}

static void store_close(void *context)
{
    sqlite_disconnect(context);
}

static const struct store_ops sqlite_ops = {
    .name = "sqlite",
    .machine_local = true,
    .close = store_close,
    .get = store_get,
    .list = store_list,
    .read = store_read,
    .apply = store_apply,
};

int sqlite_store_open(struct store *out, const char *directory, const struct call *call, struct error *err)
{
    if (file_make_dirs(directory, err) < 0)
        return -1;
    struct sqlite_store *self = mem_alloc(sizeof(*self));
    self->directory = mem_string(directory);
    self->path = path_join(directory, "store.db");
    sqlite_enter(self, call);
    if (sqlite_connect(self, err) < 0) {
        sqlite_disconnect(self);
        return -1;
    }
    *out = (struct store){.ops = &sqlite_ops, .self = self};
    return 0;
}
