#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/sqlite_private.h"
#include "store/sqlite_store.h"

enum {
    APPLICATION_ID = 0x53424f58, /* "SBOX", in the file's header */
    SCHEMA_VERSION = 1,
    PROGRESS_STEPS = 20000, /* virtual machine steps between two looks at the call */
};

/* gone = 1 keeps the version of a deleted document, so that versions never repeat. */
static const char schema[] = "CREATE TABLE documents (key TEXT PRIMARY KEY, version INTEGER NOT NULL, epoch INTEGER "
                             "NOT NULL, changed_ms INTEGER NOT NULL, gone INTEGER NOT NULL, bytes BLOB NOT NULL) "
                             "WITHOUT ROWID;"
                             "CREATE TABLE entries (log TEXT NOT NULL, seq INTEGER NOT NULL, at_ms INTEGER NOT NULL, "
                             "bytes BLOB NOT NULL, PRIMARY KEY (log, seq)) WITHOUT ROWID;"
                             "PRAGMA application_id = 1396854616;"
                             "PRAGMA user_version = 1;";

void sqlite_enter(struct sqlite_store *self, const struct call *call)
{
    self->call = call;
    self->patience_until = call->deadline_ms ? call->deadline_ms : clock_boot_ms() + SQLITE_STORE_PATIENCE_MS;
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
    int64_t now = clock_boot_ms();
    if (tries == 0)
        self->waits_since = now;
    if (self->waits_since && now - self->waits_since >= CALL_WAITS_MS) {
        call_waits(self->call, TEXT("waiting for the store, which another process holds"));
        self->waits_since = 0;
    }
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

int sqlite_fail(struct sqlite_store *self, int rc, struct error *err)
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
    case SQLITE_IOERR:
        error_set(err, ERROR_FAILED, "Cannot read or write the store %s", self->path);
        error_why(err, "%s",
                  self->db && sqlite3_system_errno(self->db) ? strerror(sqlite3_system_errno(self->db)) : said);
        return error_todo(err, "Nothing was lost. Look at the disk and try again");
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
            return sqlite_fail(self, rc, err);
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
    int result = rc == SQLITE_ROW ? 0 : sqlite_fail(self, rc, err);
    sqlite3_finalize(query);
    return result;
}

/* Also after a COMMIT that failed: what it left open must not be committed by the next one. */
void sqlite_roll_back(struct sqlite_store *self)
{
    if (!sqlite3_get_autocommit(self->db))
        sqlite3_exec(self->db, "ROLLBACK", NULL, NULL, NULL);
}

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
        sqlite_roll_back(self);
    return result;
}

static int check_schema(struct sqlite_store *self, struct error *err)
{
    int64_t version = 0, application = 0;
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

int sqlite_connect(struct sqlite_store *self, struct error *err)
{
    if (check_file_system(self->directory, err) < 0 || make_file(self->path, err) < 0)
        return -1;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    int rc = sqlite3_open_v2(self->path, &self->db, flags, NULL);
    return rc == SQLITE_OK ? configure(self, err) : sqlite_fail(self, rc, err);
}

void sqlite_disconnect(struct sqlite_store *self)
{
    static const struct call no_call = {0};
    if (!self)
        return;
    /* Closing the last connection writes the WAL back; nobody waits for that beyond a moment. */
    struct call moment = call_within(&no_call, 200);
    sqlite_enter(self, &moment);
    for (int i = 0; i < STATEMENT_COUNT; i++)
        sqlite3_finalize(self->prepared[i]);
    sqlite3_close(self->db);
    free(self->directory);
    free(self->path);
    free(self);
}
