/*
 * What every store must do, written against the role alone. A driver is put through it by a line in `drivers`: how to
 * open the store of a directory, as often as wanted, from several processes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "store/sqlite_store.h"
#include "tests/support/scratch.h"

static const struct {
    const char *name;
    int (*open)(struct store *out, const char *directory, const struct call *call, struct error *err);
} drivers[] = {
    {"sqlite", sqlite_store_open},
};

static size_t driver;
static const struct call no_call = {0};
static char *directory;
static struct store store;
static struct error err;

static struct store open_store(void)
{
    struct store opened;
    struct error failure;
    if (drivers[driver].open(&opened, directory, &no_call, &failure) < 0)
        fail_msg("%s: %s: %s", drivers[driver].name, failure.what, failure.why);
    return opened;
}

static int begin(void **state UNUSED)
{
    directory = scratch_make();
    store = open_store();
    err = (struct error){0};
    return 0;
}

static int end(void **state UNUSED)
{
    store.ops->close(store.self);
    scratch_remove(directory);
    return 0;
}

static int apply(const struct store_op *ops, size_t count, size_t *failed)
{
    return store.ops->apply(store.self, ops, count, failed, &no_call, &err);
}

static int put(const char *key, int64_t version, int64_t epoch, const char *bytes)
{
    struct store_op op = {STORE_PUT, key, version, epoch, bytes, strlen(bytes)};
    return apply(&op, 1, NULL);
}

static int delete (const char *key, int64_t version)
{
    struct store_op op = {.kind = STORE_DELETE, .key = key, .version = version};
    return apply(&op, 1, NULL);
}

static int append(const char *log, int64_t seq, const char *bytes)
{
    struct store_op op = {STORE_APPEND, log, seq, 0, bytes, strlen(bytes)};
    return apply(&op, 1, NULL);
}

static void has(const char *key, int64_t version, int64_t epoch, const char *bytes)
{
    struct store_document document;
    assert_int_equal(store.ops->get(store.self, &document, key, &no_call, &err), 0);
    assert_string_equal(document.key, key);
    assert_int_equal(document.version, version);
    if (version) {
        assert_int_equal(document.epoch, epoch);
        assert_int_equal(document.len, strlen(bytes));
        assert_string_equal(document.bytes, bytes);
        assert_true(document.changed_ms > 0);
    }
    store_document_clear(&document);
}

static void log_has(const char *log, int64_t after, int64_t limit, const char *expected)
{
    struct store_entries entries = {0};
    assert_int_equal(store.ops->read(store.self, &entries, log, after, limit, &no_call, &err), 0);
    CLEANUP(buf_clear) struct buf found = {0};
    for (size_t i = 0; i < entries.count; i++)
        buf_addf(&found, "%lld%s ", (long long)entries.items[i].seq, entries.items[i].bytes);
    assert_string_equal(buf_string(&found), expected);
    store_entries_clear(&entries);
}

static void a_document_is_written_by_compare_and_swap(void **state UNUSED)
{
    has("a", 0, 0, "");
    assert_int_equal(put("a", 0, 0, "one"), 0);
    has("a", 1, 0, "one");
    assert_int_equal(put("a", 0, 0, "two"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(put("a", 2, 0, "two"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    has("a", 1, 0, "one");
    assert_int_equal(put("a", 1, 7, ""), 0);
    has("a", 2, 7, "");
    assert_int_equal(put("b", 3, 0, "x"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
}

static void a_version_never_comes_back(void **state UNUSED)
{
    assert_int_equal(put("a", 0, 5, "one"), 0);
    assert_int_equal(delete ("a", 2), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(delete ("a", 1), 0);
    has("a", 0, 0, "");
    assert_int_equal(delete ("a", 1), -1);
    assert_int_equal(delete ("a", 0), -1);
    assert_int_equal(put("a", 1, 0, "stale"), -1);
    assert_int_equal(put("a", 0, 0, "new"), 0);
    struct store_document document;
    assert_int_equal(store.ops->get(store.self, &document, "a", &no_call, &err), 0);
    assert_true(document.version > 1);
    assert_int_equal(document.epoch, 0);
    store_document_clear(&document);
    assert_int_equal(put("a", 1, 0, "stale"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
}

static void bytes_are_kept_as_they_are(void **state UNUSED)
{
    static const char bytes[] = "a\0b\xFF\xFE\n";
    struct store_op ops[] = {
        {STORE_PUT, "k\xC3\xA9y/'\"%_", 0, 0, bytes, sizeof(bytes) - 1},
        {STORE_APPEND, "log", 0, 0, bytes, sizeof(bytes) - 1},
        {STORE_APPEND, "log", 0, 0, NULL, 0},
    };
    assert_int_equal(apply(ops, 3, NULL), 0);
    struct store_document document;
    struct store_entries entries;
    assert_int_equal(store.ops->get(store.self, &document, ops[0].key, &no_call, &err), 0);
    assert_int_equal(document.len, sizeof(bytes) - 1);
    assert_memory_equal(document.bytes, bytes, sizeof(bytes));
    assert_int_equal(store.ops->read(store.self, &entries, "log", 0, 0, &no_call, &err), 0);
    assert_int_equal(entries.count, 2);
    assert_memory_equal(entries.items[0].bytes, bytes, sizeof(bytes));
    assert_int_equal(entries.items[1].len, 0);
    assert_string_equal(entries.items[1].bytes, "");
    store_document_clear(&document);
    store_entries_clear(&entries);
}

static void a_list_has_the_prefix_and_nothing_else(void **state UNUSED)
{
    static const char *const keys[] = {"run/b", "run/a", "run", "runs/c", "run/\xF4\x8F\xBF\xBF", "ru", "run/_"};
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_int_equal(put(keys[i], 0, 0, keys[i]), 0);
    assert_int_equal(put("run/gone", 0, 0, ""), 0);
    assert_int_equal(delete ("run/gone", 1), 0);
    struct store_documents documents;
    CLEANUP(buf_clear) struct buf found = {0};
    assert_int_equal(store.ops->list(store.self, &documents, "run/", &no_call, &err), 0);
    for (size_t i = 0; i < documents.count; i++) {
        assert_string_equal(documents.items[i].key, documents.items[i].bytes);
        buf_addf(&found, "%s ", documents.items[i].key);
    }
    assert_string_equal(found.bytes, "run/_ run/a run/b run/\xF4\x8F\xBF\xBF ");
    store_documents_clear(&documents);
    assert_int_equal(store.ops->list(store.self, &documents, "", &no_call, &err), 0);
    assert_int_equal(documents.count, COUNT(keys));
    store_documents_clear(&documents);
}

static void a_log_counts_without_gaps_and_reads_by_page(void **state UNUSED)
{
    log_has("log", 0, 0, "");
    assert_int_equal(append("log", 0, "a"), 0);
    assert_int_equal(append("log", 2, "b"), 0);
    assert_int_equal(append("log", 2, "x"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(append("log", 4, "x"), -1);
    assert_int_equal(append("log", 0, "c"), 0);
    assert_int_equal(append("other", 1, "o"), 0);
    log_has("log", 0, 0, "1a 2b 3c ");
    log_has("log", 1, 0, "2b 3c ");
    log_has("log", 0, 2, "1a 2b ");
    log_has("log", 0, -2, "2b 3c ");
    log_has("log", 2, -2, "3c ");
    log_has("log", 3, 5, "");
}

static void all_of_an_apply_happens_or_none(void **state UNUSED)
{
    assert_int_equal(put("lease", 0, 4, "mine"), 0);
    struct store_op ops[] = {
        {.kind = STORE_CHECK_EPOCH, .key = "lease", .epoch = 4},
        {STORE_APPEND, "journal", 1, 0, "begin", 5},
        {STORE_PUT, "run", 0, 0, "open", 4},
        {STORE_PUT, "lease", 9, 4, "x", 1},
        {STORE_APPEND, "journal", 2, 0, "done", 4},
    };
    size_t failed = 99;
    assert_int_equal(apply(ops, COUNT(ops), &failed), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(failed, 3);
    log_has("journal", 0, 0, "");
    has("run", 0, 0, "");
    ops[3].version = 1;
    assert_int_equal(apply(ops, COUNT(ops), &failed), 0);
    log_has("journal", 0, 0, "1begin 2done ");
    has("lease", 2, 4, "x");
}

static void a_check_holds_only_for_that_epoch(void **state UNUSED)
{
    struct store_op ops[] = {
        {.kind = STORE_CHECK_EPOCH, .key = "lease", .epoch = 0},
        {STORE_APPEND, "journal", 0, 0, "x", 1},
    };
    size_t failed = 99;
    assert_int_equal(apply(ops, 2, &failed), -1); /* no such document is not epoch 0 */
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(failed, 0);
    assert_int_equal(put("lease", 0, 2, ""), 0);
    ops[0].epoch = 1;
    assert_int_equal(apply(ops, 2, &failed), -1);
    ops[0].epoch = 3;
    assert_int_equal(apply(ops, 2, &failed), -1);
    log_has("journal", 0, 0, "");
    ops[0].epoch = 2;
    assert_int_equal(apply(ops, 2, &failed), 0);
    log_has("journal", 0, 0, "1x ");
}

static void operations_of_one_apply_see_each_other(void **state UNUSED)
{
    struct store_op ops[] = {
        {STORE_PUT, "a", 0, 1, "one", 3},    {.kind = STORE_CHECK_EPOCH, .key = "a", .epoch = 1},
        {STORE_PUT, "a", 1, 2, "two", 3},    {STORE_APPEND, "log", 1, 0, "x", 1},
        {STORE_APPEND, "log", 2, 0, "y", 1},
    };
    assert_int_equal(apply(ops, COUNT(ops), NULL), 0);
    has("a", 2, 2, "two");
    log_has("log", 0, 0, "1x 2y ");
}

static void it_is_there_for_the_next_who_opens_it(void **state UNUSED)
{
    assert_int_equal(put("a", 0, 3, "kept"), 0);
    assert_int_equal(append("log", 0, "kept"), 0);
    store.ops->close(store.self);
    store = open_store();
    has("a", 1, 3, "kept");
    log_has("log", 0, 0, "1kept ");
    struct store second = open_store();
    struct store_op op = {STORE_PUT, "a", 1, 0, "second", 6};
    assert_int_equal(second.ops->apply(second.self, &op, 1, NULL, &no_call, &err), 0);
    second.ops->close(second.self);
    has("a", 2, 0, "second");
}

static void a_call_that_is_over_does_nothing(void **state UNUSED)
{
    struct cancel cancel;
    cancel_init(&cancel);
    cancel_set(&cancel);
    struct call cancelled = {.cancel = &cancel}, late = {.deadline_ms = clock_boot_ms() - 1};
    struct store_op op = {STORE_PUT, "a", 0, 0, "x", 1};
    struct store_document document;
    assert_int_equal(store.ops->apply(store.self, &op, 1, NULL, &cancelled, &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    assert_int_equal(store.ops->get(store.self, &document, "a", &cancelled, &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    assert_int_equal(store.ops->apply(store.self, &op, 1, NULL, &late, &err), -1);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    has("a", 0, 0, "");
    cancel_clear(&cancel);
}

enum { RACERS = 8, ROUNDS = 40 };

/* Adds one to a number, again and again, losing nothing; and signs each addition into a log in the same apply(). */
static int race(int racer)
{
    struct store mine = open_store();
    struct error failure;
    for (int done = 0; done < ROUNDS;) {
        struct store_document document;
        if (mine.ops->get(mine.self, &document, "counter", &no_call, &failure) < 0)
            return 1;
        CLEANUP(buf_clear) struct buf next = {0};
        CLEANUP(buf_clear) struct buf sign = {0};
        buf_addf(&next, "%ld", (document.bytes ? strtol(document.bytes, NULL, 10) : 0) + 1);
        buf_addf(&sign, "%d:%d", racer, done);
        struct store_op ops[] = {
            {STORE_PUT, "counter", document.version, 0, next.bytes, next.len},
            {STORE_APPEND, "signed", 0, 0, sign.bytes, sign.len},
        };
        int result = mine.ops->apply(mine.self, ops, 2, NULL, &no_call, &failure);
        store_document_clear(&document);
        if (result < 0 && failure.kind != ERROR_CONFLICT) {
            fprintf(stderr, "racer %d: %s: %s\n", racer, failure.what, failure.why);
            return 1;
        }
        done += result == 0;
    }
    mine.ops->close(mine.self);
    return 0;
}

static void eight_processes_racing_lose_no_update(void **state UNUSED)
{
    pid_t racers[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = fork();
        assert_true(racers[i] >= 0);
        if (racers[i] == 0)
            _exit(race(i));
    }
    for (int i = 0; i < RACERS; i++) {
        int status;
        assert_int_equal(waitpid(racers[i], &status, 0), racers[i]);
        assert_int_equal(status, 0);
    }
    has("counter", RACERS * ROUNDS, 0, "320");
    struct store_entries entries;
    bool seen[RACERS][ROUNDS] = {0};
    assert_int_equal(store.ops->read(store.self, &entries, "signed", 0, 0, &no_call, &err), 0);
    assert_int_equal(entries.count, RACERS * ROUNDS);
    for (size_t i = 0; i < entries.count; i++) {
        int racer, round;
        assert_int_equal(entries.items[i].seq, (int64_t)i + 1);
        assert_int_equal(sscanf(entries.items[i].bytes, "%d:%d", &racer, &round), 2);
        assert_false(seen[racer][round]);
        seen[racer][round] = true;
    }
    store_entries_clear(&entries);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CONTRACT(test) cmocka_unit_test_setup_teardown(test, begin, end)
        CONTRACT(a_document_is_written_by_compare_and_swap),
        CONTRACT(a_version_never_comes_back),
        CONTRACT(bytes_are_kept_as_they_are),
        CONTRACT(a_list_has_the_prefix_and_nothing_else),
        CONTRACT(a_log_counts_without_gaps_and_reads_by_page),
        CONTRACT(all_of_an_apply_happens_or_none),
        CONTRACT(a_check_holds_only_for_that_epoch),
        CONTRACT(operations_of_one_apply_see_each_other),
        CONTRACT(it_is_there_for_the_next_who_opens_it),
        CONTRACT(a_call_that_is_over_does_nothing),
        CONTRACT(eight_processes_racing_lose_no_update),
    };
    int failed = 0;
    for (driver = 0; driver < COUNT(drivers); driver++)
        failed += cmocka_run_group_tests_name(drivers[driver].name, tests, NULL, NULL);
    return failed;
}
