/* What the SQLite driver promises beyond the role: modes, locks, damage, a full disk. */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "store/sqlite_store.h"
#include "tests/support/scratch.h"

static const struct call no_call = {0};
static char *parent, *directory, *path;
static struct error err;

static int begin(void **state UNUSED)
{
    parent = scratch_make();
    directory = path_join(parent, "state/signalbox/api");
    path = path_join(directory, "store.db");
    err = (struct error){0};
    return 0;
}

static int end(void **state UNUSED)
{
    free(path);
    free(directory);
    scratch_remove(parent);
    return 0;
}

static struct store opened(void)
{
    struct store store;
    if (sqlite_store_open(&store, directory, &no_call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    return store;
}

static int put(struct store store, const char *key, int64_t version, const char *bytes, size_t len,
               const struct call *call)
{
    struct store_op op = {STORE_PUT, key, version, 0, bytes, len};
    return store.ops->apply(store.self, &op, 1, NULL, call, &err);
}

static int64_t version_of(struct store store, const char *key)
{
    struct store_document document;
    if (store.ops->get(store.self, &document, key, &no_call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    int64_t version = document.version;
    store_document_clear(&document);
    return version;
}

static void sql(const char *statement)
{
    sqlite3 *db;
    char *said = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, statement, NULL, NULL, &said) != SQLITE_OK)
        fail_msg("%s: %s", statement, said);
    sqlite3_close(db);
}

static mode_t mode_of(const char *file)
{
    struct stat st;
    assert_int_equal(lstat(file, &st), 0);
    return st.st_mode & 07777;
}

static void files_are_ours_alone(void **state UNUSED)
{
    mode_t old = umask(0);
    struct store store = opened();
    assert_int_equal(put(store, "a", 0, "x", 1, &no_call), 0);
    CLEANUP(free_string)
    char *wal = path_join(directory, "store.db-wal"), *shm = path_join(directory, "store.db-shm");
    assert_int_equal(mode_of(directory), 0700);
    assert_int_equal(mode_of(path), 0600);
    assert_int_equal(mode_of(wal), 0600);
    assert_int_equal(mode_of(shm), 0600);
    store.ops->close(store.self);
    umask(old);
    assert_int_equal(chmod(path, 0644), 0);
    store = opened();
    assert_int_equal(mode_of(path), 0600);
    store.ops->close(store.self);
}

static void it_is_wal_and_syncs_fully(void **state UNUSED)
{
    struct store store = opened();
    sqlite3 *db;
    sqlite3_stmt *query;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA journal_mode", -1, &query, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(query), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(query, 0), "wal");
    sqlite3_finalize(query);
    sqlite3_close(db);
    store.ops->close(store.self);
}

/* Holds the write lock until the descriptor it was given is closed. */
static pid_t hold_lock(int *release)
{
    int ready[2], over[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(over), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        sqlite3 *db;
        close(over[1]);
        int failed = sqlite3_open(path, &db) || sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
        if (write(ready[1], failed ? "n" : "y", 1) != 1)
            _exit(1);
        while (read(over[0], &byte, 1) > 0)
            ;
        _exit(0);
    }
    close(over[0]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    close(ready[0]);
    close(ready[1]);
    *release = over[1];
    return child;
}

static void a_locked_store_gives_up_in_the_time_of_the_call(void **state UNUSED)
{
    struct store store = opened();
    assert_int_equal(put(store, "a", 0, "x", 1, &no_call), 0);
    int release;
    pid_t child = hold_lock(&release);
    struct call call = call_within(&no_call, 300);
    int64_t before = clock_boot_ms();
    assert_int_equal(put(store, "a", 1, "y", 1, &call), -1);
    int64_t took = clock_boot_ms() - before;
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_non_null(strstr(err.what, "locked"));
    assert_true(took >= 250 && took < 5000);
    /* Reading goes on all the while, and so does opening. */
    assert_int_equal(version_of(store, "a"), 1);
    struct store second = opened();
    assert_int_equal(version_of(second, "a"), 1);
    second.ops->close(second.self);
    close(release);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(put(store, "a", 1, "y", 1, &no_call), 0);
    store.ops->close(store.self);
}

static void *cancel_soon(void *cancel)
{
    usleep(200000);
    cancel_set(cancel);
    return NULL;
}

static void waiting_for_a_lock_can_be_cancelled(void **state UNUSED)
{
    struct store store = opened();
    int release;
    pid_t child = hold_lock(&release);
    pthread_t canceller;
    struct cancel cancel;
    cancel_init(&cancel);
    struct call call = {.cancel = &cancel};
    int64_t before = clock_boot_ms();
    assert_int_equal(pthread_create(&canceller, NULL, cancel_soon, &cancel), 0);
    assert_int_equal(put(store, "a", 0, "y", 1, &call), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    assert_true(clock_boot_ms() - before < SQLITE_STORE_PATIENCE_MS / 2);
    assert_int_equal(pthread_join(canceller, NULL), 0);
    close(release);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(version_of(store, "a"), 0);
    cancel_clear(&cancel);
    store.ops->close(store.self);
}

static void a_damaged_file_is_refused_and_left_as_it_is(void **state UNUSED)
{
    struct store store = opened();
    for (char key[] = "a"; key[0] <= 'z'; key[0]++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        for (int i = 0; i < 2000; i++)
            buf_addc(&bytes, key[0]);
        assert_int_equal(put(store, key, 0, bytes.bytes, bytes.len, &no_call), 0);
    }
    store.ops->close(store.self);
    CLEANUP(buf_clear) struct buf whole = {0};
    assert_int_equal(file_read(&whole, path, 1 << 20, &err), 0);
    assert_true(whole.len > 30000);
    static const struct {
        size_t at, len;
    } damages[] = {{0, 100}, {100, 400}, {4096, 12 * 4096}};
    for (size_t i = 0; i < COUNT(damages); i++) {
        CLEANUP(buf_clear) struct buf damaged = {0};
        CLEANUP(buf_clear) struct buf after = {0};
        buf_add(&damaged, whole.bytes, whole.len);
        memset(damaged.bytes + damages[i].at, 0xA5, damages[i].len);
        assert_int_equal(file_write(path, damaged.bytes, damaged.len, 0600, &err), 0);
        bool noticed = sqlite_store_open(&store, directory, &no_call, &err) < 0;
        if (!noticed) {
            struct store_documents all;
            noticed = store.ops->list(store.self, &all, "", &no_call, &err) < 0;
            store.ops->close(store.self);
        }
        assert_true(noticed);
        assert_int_equal(err.kind, ERROR_FAILED);
        assert_non_null(strstr(err.what, path));
        assert_non_null(strstr(err.todo, "Nothing was changed"));
        assert_int_equal(file_read(&after, path, 1 << 20, &err), 0);
        assert_int_equal(after.len, damaged.len);
        assert_memory_equal(after.bytes, damaged.bytes, damaged.len);
    }
}

static void files_of_others_and_of_the_future_are_refused(void **state UNUSED)
{
    struct store store;
    assert_int_equal(file_make_dirs(directory, &err), 0);
    sql("CREATE TABLE other (a)");
    assert_int_equal(sqlite_store_open(&store, directory, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.what, "is no store"));
    assert_int_equal(unlink(path), 0);
    store = opened();
    store.ops->close(store.self);
    sql("PRAGMA user_version = 99");
    assert_int_equal(sqlite_store_open(&store, directory, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_non_null(strstr(err.what, "newer"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/dev/null", path), 0);
    assert_int_equal(sqlite_store_open(&store, directory, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
}

/* A disk without room, as far as SQLite can tell: writes beyond a size fail. */
static int fill_up(void)
{
    struct store store = opened();
    CLEANUP(buf_clear) struct buf big = {0};
    for (int i = 0; i < 100000; i++)
        buf_addc(&big, 'x');
    struct rlimit little = {.rlim_cur = 300000, .rlim_max = RLIM_INFINITY}, none = {RLIM_INFINITY, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    if (put(store, "kept", 0, "kept", 4, &no_call) < 0 || setrlimit(RLIMIT_FSIZE, &little) < 0)
        return 1;
    char key[] = "a";
    while (key[0] < 'z' && put(store, key, 0, big.bytes, big.len, &no_call) == 0)
        key[0]++;
    if (key[0] < 'b' || key[0] == 'z' || err.kind != ERROR_FAILED || !err.why[0])
        return 2;
    if (version_of(store, "kept") != 1 || version_of(store, "a") != 1 || version_of(store, key) != 0)
        return 3;
    if (setrlimit(RLIMIT_FSIZE, &none) < 0 || put(store, key, 0, big.bytes, big.len, &no_call) < 0)
        return 4;
    store.ops->close(store.self);
    return 0;
}

static void a_full_disk_loses_nothing(void **state UNUSED)
{
    pid_t child = fork();
    if (child == 0)
        _exit(fill_up());
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct store store = opened();
    assert_int_equal(version_of(store, "kept"), 1);
    store.ops->close(store.self);
}

static void eight_processes_may_make_it_at_once(void **state UNUSED)
{
    pid_t children[8];
    for (int i = 0; i < 8; i++) {
        children[i] = fork();
        if (children[i])
            continue;
        struct store store;
        char key[2] = {(char)('a' + i), 0};
        int failed =
            sqlite_store_open(&store, directory, &no_call, &err) < 0 || put(store, key, 0, "x", 1, &no_call) < 0;
        _exit(failed ? 1 : 0);
    }
    for (int i = 0; i < 8; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    struct store store = opened();
    struct store_documents all;
    assert_int_equal(store.ops->list(store.self, &all, "", &no_call, &err), 0);
    assert_int_equal(all.count, 8);
    store_documents_clear(&all);
    store.ops->close(store.self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define SQLITE(test) cmocka_unit_test_setup_teardown(test, begin, end)
        SQLITE(files_are_ours_alone),
        SQLITE(it_is_wal_and_syncs_fully),
        SQLITE(a_locked_store_gives_up_in_the_time_of_the_call),
        SQLITE(waiting_for_a_lock_can_be_cancelled),
        SQLITE(a_damaged_file_is_refused_and_left_as_it_is),
        SQLITE(files_of_others_and_of_the_future_are_refused),
        SQLITE(a_full_disk_loses_nothing),
        SQLITE(eight_processes_may_make_it_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
