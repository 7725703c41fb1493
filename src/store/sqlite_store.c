#include "store/sqlite_store.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

enum {
    APPLICATION_ID = 0x53424f58, /* "SBOX", in the file's header */
    SCHEMA_VERSION = 1,
    PROGRESS_STEPS = 20000, /* virtual machine steps between two looks at the call */
};

enum statement {
    BEGIN,
    COMMIT,
    GET,
    LIST,
    READ_OLDEST,
    READ_NEWEST,
    LAST_SEQ,
    INSERT,
    UPDATE,
    DELETE,
    APPEND,
    STATEMENT_COUNT
};

/* gone = 1 keeps the version of a deleted document, so that versions never repeat. */
static const char schema[] = "CREATE TABLE documents (key TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch INTEGER "
                             "NOT NULL, changed_ms INTEGER NOT NULL, gone INTEGER NOT NULL, bytes BLOB NOT NULL) "
                             "WITHOUT ROWID;"
                             "CREATE TABLE entries (log TEXT NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, "
                             "bytes BLOB NOT NULL, PRIMARY KEY (log, seq)) WITHOUT ROWID;"
                             "PRAGMA application_id = 1396854616;"
                             "PRAGMA user_version = 1;";

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

struct sqlite_store {
    sqlite3 *db;
    char *path;
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    /* The call being served, for the busy and progress handlers; and until when to be patient with a lock. */
    const struct call *call;
    int64_t patience_until;
};

static int64_t earlier(int64_t a, int64_t b)
{
    return a && a < b ? a : b;
}

static void enter(struct sqlite_store *self, const struct call *call)
{
    self->call = call;
    self->patience_until = earlier(call->deadline_ms, clock_boot_ms() + SQLITE_STORE_PATIENCE_MS);
}

static bool is_cancelled(const struct sqlite_store *self)
{
    return self->call->cancel && atomic_load(&self->call->cancel->set);
}

/*
 * SQLite asks what to do about a lock for the `tries`-th time. We sleep in poll, so that cancelling takes no time, and
 * never past the deadline. The pauses differ from process to process, or they would all come back at once.
 */
static int on_busy(void *context, int tries)
{
    struct sqlite_store *self = context;
    int64_t left = self->patience_until - clock_boot_ms();
    if (left <= 0 || is_cancelled(self))
        return 0;
    int64_t pause = 1 + (tries < 5 ? tries : 5) * 2 + getpid() % 4;
    struct pollfd cancel = {.fd = self->call->cancel ? self->call->cancel->fd : -1, .events = POLLIN};
    poll(&cancel, 1, (int)(pause < left ? pause : left));
    return !is_cancelled(self);
}

/* Long reads look at the call now and then. */
static int on_progress(void *context)
{
    struct sqlite_store *self = context;
    return is_cancelled(self) || call_left_ms(self->call) == 0;
}

/* Turns SQLite's result into an error a person can act on. Returns -1. */
static int fail(struct sqlite_store *self, int rc, struct error *err)
{
    const char *said = self->db ? sqlite3_errmsg(self->db) : sqlite3_errstr(rc);
    switch (rc & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
    case SQLITE_INTERRUPT:
        if (is_cancelled(self))
            return error_set(err, ERROR_CANCELLED, "Gave up waiting for the store");
        error_set(err, ERROR_UNAVAILABLE, "The store %s is locked", self->path);
        error_why(err, "another process held it for longer than this may take");
        return error_todo(err, "Try again; `fuser %s` lists who has it open", self->path);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        error_set(err, ERROR_FAILED, "The store %s is damaged", self->path);
        error_why(err, "%s", said);
        return error_todo(err, "Nothing was changed. Move it away together with its -wal, or restore a copy of it");
    case SQLITE_FULL:
        error_set(err, ERROR_FAILED, "Cannot write the store %s", self->path);
        error_why(err, "%s", said);
        return error_todo(err, "Nothing was lost. Make room on the disk and try again");
    default:
        error_set(err, ERROR_FAILED, "The store %s does not work", self->path);
        return error_why(err, "%s (%s)", said, sqlite3_errstr(sqlite3_extended_errcode(self->db)));
    }
}

/* Runs SQL without results, waiting for locks also where SQLite would not ask on_busy (the change to WAL). */
static int execute(struct sqlite_store *self, const char *sql, struct error *err)
{
    for (int tries = 0;; tries++) {
        int rc = sqlite3_exec(self->db, sql, NULL, NULL, NULL);
        if (rc == SQLITE_OK)
            return 0;
        if ((rc & 0xFF) != SQLITE_BUSY || !on_busy(self, tries))
            return fail(self, rc, err);
    }
}

static int query_int(struct sqlite_store *self, int64_t *out, const char *sql, struct error *err)
{
    sqlite3_stmt *query = NULL;
    int rc = sqlite3_prepare_v2(self->db, sql, -1, &query, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(query);
    if (rc == SQLITE_ROW)
        *out = sqlite3_column_int64(query, 0);
    int result = rc == SQLITE_ROW ? 0 : fail(self, rc, err);
    sqlite3_finalize(query);
    return result;
}

static sqlite3_stmt *prepare(struct sqlite_store *self, enum statement which, struct error *err)
{
    if (!self->prepared[which]) {
        int rc = sqlite3_prepare_v3(self->db, statements[which], -1, SQLITE_PREPARE_PERSISTENT,
                                    &self->prepared[which], NULL);
        if (rc != SQLITE_OK) {
            fail(self, rc, err);
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
    int result = rc == SQLITE_DONE ? 0 : fail(self, rc, err);
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
    enter(self, call);
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
        result = fail(self, rc, err);
    }
    finish(get);
    return result;
}

static int store_list(void *context, struct store_documents *out, const char *prefix, const struct call *call,
                      struct error *err)
{
    struct sqlite_store *self = context;
    enter(self, call);
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
    int result = rc == SQLITE_DONE ? 0 : fail(self, rc, err);
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
    enter(self, call);
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
    int result = rc == SQLITE_DONE ? 0 : fail(self, rc, err);
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
    int result = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : fail(self, rc, err);
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
    int failed = rc == SQLITE_ROW ? 0 : fail(self, rc, err);
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

/* Also after a COMMIT that failed: what it left open must not be committed by the next one. */
static void roll_back(struct sqlite_store *self)
{
    if (!sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
}

static int store_apply(void *context, const struct store_op *ops, size_t count, size_t *failed,
                       const struct call *call, struct error *err)
{
    struct sqlite_store *self = context;
    enter(self, call);
    if (call_check(call, "write the store", err) < 0 || run_statement(self, BEGIN, err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (apply_one(self, &ops[i], err) < 0) {
            if (failed)
                *failed = i;
            roll_back(self);
            return -1;
        }
    }
    if (run_statement(self, COMMIT, err) == 0)
        return 0;
    roll_back(self);
    return -1;
}

static void store_close(void *context)
{
    static const struct call no_call = {0};
    struct sqlite_store *self = context;
    if (!self)
        return;
    /* Closing the last connection writes the WAL back; nobody waits for that beyond a moment. */
    struct call moment = call_within(&no_call, 200);
    enter(self, &moment);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->prepared[i]);
    sqlite3_close(self->db);
    free(self->path);
    free(self);
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

/*
 * Makes an empty file of mode 0600 where there is none. It is made under another name and linked: opening and closing
 * the file itself would drop the locks that another thread of ours holds on it (POSIX locks belong to the process).
 */
static int make_file(const char *path, struct error *err)
{
    struct stat st;
    if (lstat(path, &st) == 0) {
        if (!S_ISREG(st.st_mode)) {
            error_set(err, ERROR_FAILED, "Cannot open the store %s", path);
            return error_why(err, "it is not a regular file");
        }
        if ((st.st_mode & 077) && chmod(path, 0600) < 0)
            return error_errno(err, ERROR_FAILED, "Cannot make the store %s private", path);
        return 0;
    }
    CLEANUP(buf_clear) struct buf temporary = {0};
    buf_addf(&temporary, "%s.XXXXXX", path);
    int fd = mkostemp(temporary.bytes, O_CLOEXEC);
    if (fd < 0)
        return error_errno(err, ERROR_FAILED, "Cannot make the store %s", path);
    close(fd);
    int linked = link(temporary.bytes, path);
    int saved = errno;
    unlink(temporary.bytes);
    errno = saved;
    return linked < 0 && errno != EEXIST ? error_errno(err, ERROR_FAILED, "Cannot make the store %s", path) : 0;
}

/* WAL needs memory shared by all who write, and "this process is gone" needs one machine. */
static int check_file_system(const char *directory, struct error *err)
{
    static const long remote[] = {NFS_SUPER_MAGIC, 0x517B /* SMB */, 0xFF534D42 /* CIFS */, 0xFE534D42 /* SMB2 */};
    struct statfs fs;
    if (statfs(directory, &fs) < 0)
        return error_errno(err, ERROR_FAILED, "Cannot look at %s", directory);
    for (size_t i = 0; i < COUNT(remote); i++) {
        if ((long)(fs.f_type & 0xFFFFFFFF) != remote[i])
            continue;
        error_set(err, ERROR_REFUSED, "The store cannot live in %s", directory);
        error_why(err, "it is on a network file system, where two machines would not see each other's locks");
        return error_todo(err, "Set XDG_STATE_HOME to a directory on this machine's own disk");
    }
    return 0;
}

/* Whoever is first makes the tables; the others find them made. */
static int make_schema(struct sqlite_store *self, struct error *err)
{
    int64_t version = 0, tables = 0;
    if (execute(self, "BEGIN IMMEDIATE", err) < 0)
        return -1;
    int result = query_int(self, &version, "PRAGMA user_version", err);
    if (result == 0 && version == 0)
        result = query_int(self, &tables, "SELECT count(*) FROM sqlite_schema", err);
    if (result == 0 && version == 0 && tables > 0) {
        error_set(err, ERROR_FAILED, "%s is no store", self->path);
        error_why(err, "it is a database of something else");
        result = error_todo(err, "Move it away; nothing in it was changed");
    }
    if (result == 0 && version == 0)
        result = execute(self, schema, err);
    if (result == 0)
        result = execute(self, "COMMIT", err);
    if (result < 0)
        roll_back(self);
    return result;
}

static int check_schema(struct sqlite_store *self, struct error *err)
{
    int64_t version, application;
    if (query_int(self, &version, "PRAGMA user_version", err) < 0)
        return -1;
    if (version == 0 && make_schema(self, err) < 0)
        return -1;
    if (query_int(self, &version, "PRAGMA user_version", err) < 0 ||
        query_int(self, &application, "PRAGMA application_id", err) < 0)
        return -1;
    if (application != APPLICATION_ID) {
        error_set(err, ERROR_FAILED, "%s is no store", self->path);
        error_why(err, "it is a database of something else");
        return error_todo(err, "Move it away; nothing in it was changed");
    }
    if (version != SCHEMA_VERSION) {
        error_set(err, ERROR_REFUSED, "The store %s is of a newer signalbox", self->path);
        error_why(err, "its schema is version %lld, this signalbox knows %d", (long long)version, SCHEMA_VERSION);
        return error_todo(err, "Install that signalbox or a newer one");
    }
    return 0;
}

static int configure(struct sqlite_store *self, struct error *err)
{
    sqlite3_extended_result_codes(self->db, 1);
    sqlite3_busy_handler(self->db, on_busy, self);
    sqlite3_progress_handler(self->db, PROGRESS_STEPS, on_progress, self);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(self->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (execute(self, "PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL", err) < 0)
        return -1;
    /* Looked at before WAL is chosen, which would write to a database that may not be ours. */
    if (check_schema(self, err) < 0)
        return -1;
    return execute(self, "PRAGMA journal_mode = WAL", err);
}

int sqlite_store_open(struct store *out, const char *directory, const struct call *call, struct error *err)
{
    if (file_make_dirs(directory, err) < 0 || check_file_system(directory, err) < 0)
        return -1;
    struct sqlite_store *self = mem_alloc(sizeof(*self));
    self->path = path_join(directory, "store.db");
    enter(self, call);
    if (make_file(self->path, err) < 0) {
        store_close(self);
        return -1;
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int rc = sqlite3_open_v2(self->path, &self->db, flags, NULL);
    int result = rc == SQLITE_OK ? configure(self, err) : fail(self, rc, err);
    if (result < 0) {
        store_close(self);
        return -1;
    }
    *out = (struct store){.ops = &sqlite_ops, .self = self};
    return 0;
}
