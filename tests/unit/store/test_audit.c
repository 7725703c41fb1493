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
#include <sqlite3.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/audit.h"
#include "store/sqlite_store.h"
#include "tests/support/scratch.h"

static const struct call no_call = {0};
static char *directory;
static struct store store;
static struct error err;

static int begin(void **state UNUSED)
{
    directory = scratch_make();
    return sqlite_store_open(&store, directory, &no_call, &err);
}

static int end(void **state UNUSED)
{
    store.ops->close(store.self);
    scratch_remove(directory);
    return 0;
}

static void note(const char *what)
{
    struct audit_event event = {.who = "maria@ops1", .what = what, .why = "asked", .run = "r-0001"};
    if (audit_apply(store, NULL, 0, &event, 1, NULL, &no_call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void note_many(int count)
{
    for (int i = 1; i <= count; i++) {
        char what[32];
        snprintf(what, sizeof(what), "event %d", i);
        note(what);
    }
}

/* Somebody with sqlite3 and write access. */
static void tamper(const char *sql)
{
    CLEANUP(free_string) char *path = path_join(directory, "store.db");
    sqlite3 *db;
    char *said = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
        fail_msg("%s: %s", sql, said);
    sqlite3_close(db);
}

static void verifies(enum audit_fault fault, int64_t seq, const char *why)
{
    struct audit_report report;
    assert_int_equal(audit_verify(&report, store, &no_call, &err), 0);
    if (report.fault != fault || report.broken != seq || !strstr(report.why, why))
        fail_msg("found %s at %lld: %s", audit_fault_name(report.fault), (long long)report.broken, report.why);
}

static void an_empty_log_is_whole(void **state UNUSED)
{
    verifies(AUDIT_WHOLE, 0, "");
    struct audit_entries entries;
    assert_int_equal(audit_list(&entries, store, 0, 10, &no_call, &err), 0);
    assert_int_equal(entries.count, 0);
    audit_entries_clear(&entries);
}

static void an_event_comes_back_whole(void **state UNUSED)
{
    struct audit_event event = {"maria@ops1", "moves main\x1b[31m", "because \"so\"", "1.3.0", "1.4.0\n", "r-0042"};
    assert_int_equal(audit_apply(store, NULL, 0, &event, 1, NULL, &no_call, &err), 0);
    struct audit_entries entries;
    char machine[256] = "";
    gethostname(machine, sizeof(machine) - 1);
    assert_int_equal(audit_list(&entries, store, 0, 10, &no_call, &err), 0);
    assert_int_equal(entries.count, 1);
    assert_int_equal(entries.items[0].seq, 1);
    assert_true(entries.items[0].at_ms > 0);
    assert_string_equal(entries.items[0].who, event.who);
    assert_string_equal(entries.items[0].what, event.what);
    assert_string_equal(entries.items[0].why, event.why);
    assert_string_equal(entries.items[0].before, event.before);
    assert_string_equal(entries.items[0].after, event.after);
    assert_string_equal(entries.items[0].run, event.run);
    assert_string_equal(entries.items[0].machine, machine);
    audit_entries_clear(&entries);
    verifies(AUDIT_WHOLE, 0, "");
}

static void the_list_goes_back_by_page(void **state UNUSED)
{
    note_many(7);
    static const struct {
        int64_t before, limit;
        const char *expected;
    } cases[] = {
        {0, 3, "7 6 5 "}, {5, 3, "4 3 2 "}, {2, 3, "1 "}, {1, 3, ""}, {0, 100, "7 6 5 4 3 2 1 "}, {100, 3, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct audit_entries entries;
        CLEANUP(buf_clear) struct buf found = {0};
        assert_int_equal(audit_list(&entries, store, cases[i].before, cases[i].limit, &no_call, &err), 0);
        for (size_t j = 0; j < entries.count; j++)
            buf_addf(&found, "%lld ", (long long)entries.items[j].seq);
        assert_string_equal(buf_string(&found), cases[i].expected);
        audit_entries_clear(&entries);
    }
}

static void the_event_and_the_change_are_one(void **state UNUSED)
{
    struct audit_event events[] = {{.who = "a", .what = "one"}, {.who = "a", .what = "two"}};
    struct store_op ops[] = {{STORE_PUT, "k", 0, 0, "v", 1}, {STORE_PUT, "k", 9, 0, "w", 1}};
    size_t failed = 99;
    assert_int_equal(audit_apply(store, ops, 2, events, 2, &failed, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(failed, 1);
    struct store_document document;
    assert_int_equal(store.ops->get(store.self, &document, "k", &no_call, &err), 0);
    assert_int_equal(document.version, 0);
    store_document_clear(&document);
    ops[1].version = 1;
    assert_int_equal(audit_apply(store, ops, 2, events, 2, &failed, &no_call, &err), 0);
    struct audit_entries entries;
    assert_int_equal(audit_list(&entries, store, 0, 10, &no_call, &err), 0);
    assert_int_equal(entries.count, 2);
    audit_entries_clear(&entries);
    verifies(AUDIT_WHOLE, 0, "");
}

static void a_changed_entry_is_named(void **state UNUSED)
{
    note_many(5);
    tamper("UPDATE entries SET bytes = CAST(replace(CAST(bytes AS TEXT), 'event 3', 'event X') AS BLOB) "
           "WHERE log = 'audit' AND seq = 3");
    verifies(AUDIT_CHANGED, 3, "hash");
    tamper("UPDATE entries SET bytes = x'00' WHERE log = 'audit' AND seq = 2");
    verifies(AUDIT_CHANGED, 2, "two hashes");
    struct audit_entries entries;
    assert_int_equal(audit_list(&entries, store, 0, 2, &no_call, &err), 0);
    audit_entries_clear(&entries);
    assert_int_equal(audit_list(&entries, store, 0, 5, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.what, "Entry 2"));
}

/* The entry written anew with a hash that fits its bytes: the next one does not follow it any more. */
static void rewrite(int seq)
{
    struct store_entries entries;
    assert_int_equal(store.ops->read(store.self, &entries, "audit", seq - 1, 1, &no_call, &err), 0);
    char *bytes = entries.items[0].bytes, hash[HASH_HEX];
    memcpy(strstr(bytes, "maria"), "mario", 5);
    hash_sha256(hash, bytes + 65, entries.items[0].len - 65);
    memcpy(bytes, hash, 64);
    CLEANUP(buf_clear) struct buf sql = {0};
    buf_addf(&sql, "UPDATE entries SET bytes = CAST('%s' AS BLOB) WHERE log = 'audit' AND seq = %d", bytes, seq);
    tamper(sql.bytes);
    store_entries_clear(&entries);
}

static void an_entry_written_anew_is_noticed(void **state UNUSED)
{
    note_many(5);
    rewrite(3);
    verifies(AUDIT_CHANGED, 4, "does not follow");
}

static void the_newest_entry_written_anew_is_noticed(void **state UNUSED)
{
    note_many(5);
    rewrite(5);
    verifies(AUDIT_CHANGED, 5, "head");
}

static void a_missing_entry_is_named(void **state UNUSED)
{
    note_many(5);
    tamper("DELETE FROM entries WHERE log = 'audit' AND seq = 2");
    verifies(AUDIT_MISSING, 2, "the next one there is 3");
    tamper("UPDATE entries SET seq = 2 WHERE log = 'audit' AND seq = 3");
    verifies(AUDIT_REORDERED, 2, "entry 3");
}

static void entries_that_changed_places_are_named(void **state UNUSED)
{
    note_many(5);
    tamper("UPDATE entries SET seq = 99 WHERE log = 'audit' AND seq = 2;"
           "UPDATE entries SET seq = 2 WHERE log = 'audit' AND seq = 4;"
           "UPDATE entries SET seq = 4 WHERE log = 'audit' AND seq = 99;");
    verifies(AUDIT_REORDERED, 2, "written as entry 4");
}

static void a_tail_cut_off_is_noticed(void **state UNUSED)
{
    note_many(5);
    tamper("DELETE FROM entries WHERE log = 'audit' AND seq > 3");
    verifies(AUDIT_CUT, 4, "5 were written");
    tamper("DELETE FROM entries WHERE log = 'audit'");
    verifies(AUDIT_CUT, 1, "5 were written");
}

static void a_head_that_is_gone_or_behind_is_noticed(void **state UNUSED)
{
    note_many(3);
    tamper("UPDATE documents SET bytes = CAST('{\"seq\":2,\"hash\":\"' || printf('%064d', 0) || '\"}' AS BLOB) "
           "WHERE key = 'audit/head'");
    verifies(AUDIT_CHANGED, 3, "past the head");
    tamper("UPDATE documents SET bytes = CAST('{\"seq\":' AS BLOB) WHERE key = 'audit/head'");
    verifies(AUDIT_CHANGED, 3, "head of the log is damaged");
    tamper("DELETE FROM documents WHERE key = 'audit/head'");
    verifies(AUDIT_MISSING, 3, "head of the log is missing");
    /* And nothing is written over it: that would hide the fault. */
    struct audit_event event = {.who = "a", .what = "b"};
    assert_int_equal(audit_apply(store, NULL, 0, &event, 1, NULL, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.what, "damaged"));
    verifies(AUDIT_MISSING, 3, "head of the log is missing");
}

static void a_long_log_is_read_by_page(void **state UNUSED)
{
    struct audit_event events[AUDIT_EVENTS_MAX] = {{.what = "a"}, {.what = "b"}, {.what = "c"}, {.what = "d"}};
    for (int i = 0; i < 300; i++)
        assert_int_equal(audit_apply(store, NULL, 0, events, AUDIT_EVENTS_MAX, NULL, &no_call, &err), 0);
    struct audit_report report;
    assert_int_equal(audit_verify(&report, store, &no_call, &err), 0);
    assert_int_equal(report.fault, AUDIT_WHOLE);
    assert_int_equal(report.count, 1200);
    tamper("DELETE FROM entries WHERE log = 'audit' AND seq = 1001");
    verifies(AUDIT_MISSING, 1001, "");
}

enum { RACERS = 8, ROUNDS = 15 };

static void eight_processes_write_one_chain(void **state UNUSED)
{
    pid_t racers[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = fork();
        assert_true(racers[i] >= 0);
        if (racers[i])
            continue;
        struct store own;
        struct audit_event event = {.who = "racer", .what = "races"};
        int result = sqlite_store_open(&own, directory, &no_call, &err);
        for (int j = 0; j < ROUNDS && result == 0; j++)
            result = audit_apply(own, NULL, 0, &event, 1, NULL, &no_call, &err);
        _exit(result < 0 ? 1 : 0);
    }
    for (int i = 0; i < RACERS; i++) {
        struct audit_report report;
        int status;
        assert_int_equal(audit_verify(&report, store, &no_call, &err), 0); /* also while they write */
        assert_string_equal(report.why, "");
        assert_int_equal(waitpid(racers[i], &status, 0), racers[i]);
        assert_int_equal(status, 0);
    }
    struct audit_report report;
    assert_int_equal(audit_verify(&report, store, &no_call, &err), 0);
    assert_int_equal(report.fault, AUDIT_WHOLE);
    assert_int_equal(report.count, RACERS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define AUDIT(test) cmocka_unit_test_setup_teardown(test, begin, end)
        AUDIT(an_empty_log_is_whole),
        AUDIT(an_event_comes_back_whole),
        AUDIT(the_list_goes_back_by_page),
        AUDIT(the_event_and_the_change_are_one),
        AUDIT(a_changed_entry_is_named),
        AUDIT(an_entry_written_anew_is_noticed),
        AUDIT(the_newest_entry_written_anew_is_noticed),
        AUDIT(a_missing_entry_is_named),
        AUDIT(entries_that_changed_places_are_named),
        AUDIT(a_tail_cut_off_is_noticed),
        AUDIT(a_head_that_is_gone_or_behind_is_noticed),
        AUDIT(a_long_log_is_read_by_page),
        AUDIT(eight_processes_write_one_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
