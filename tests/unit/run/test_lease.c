#include <fcntl.h>
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
#include "base/file.h"
#include "base/memory.h"
#include "run/lease.h"
#include "run/permit.h"
#include "store/sqlite_store.h"
#include "tests/support/scratch.h"

static const struct call no_call = {0};
static char *directory;
static struct store store, elsewhere;
static struct store_ops elsewhere_ops;
static struct error err;

static int begin(void **state UNUSED)
{
    directory = scratch_make();
    if (sqlite_store_open(&store, directory, &no_call, &err) < 0)
        return -1;
    /* The same store as if other machines could reach it too. */
    elsewhere_ops = *store.ops;
    elsewhere_ops.machine_local = false;
    elsewhere = (struct store){&elsewhere_ops, store.self};
    return 0;
}

static int end(void **state UNUSED)
{
    store.ops->close(store.self);
    scratch_remove(directory);
    return 0;
}

/* As from a process elsewhere; `self` may be NULL for this one. */
static int take_as(struct lease *out, struct store from, const struct lease_identity *self, int64_t ms, bool wait)
{
    struct lease_request request = {.scope = "api/local",
                                    .run = "r-0001",
                                    .actor = self ? "jon@laptop" : "maria@ops1",
                                    .duration_ms = ms,
                                    .self = self,
                                    .wait_for_silence = wait};
    return lease_take(out, from, &request, &no_call, &err);
}

static void taken(struct lease *out, struct store from, const struct lease_identity *self, int64_t ms, bool wait)
{
    if (take_as(out, from, self, ms, wait) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void refused(struct store from, const struct lease_identity *self, bool wait)
{
    struct lease lease;
    assert_int_equal(take_as(&lease, from, self, 300, wait), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
}

static void the_epoch_counts_up_at_each_taking_and_at_nothing_else(void **state UNUSED)
{
    for (int64_t epoch = 1; epoch <= 3; epoch++) {
        struct lease lease;
        taken(&lease, store, NULL, 300, false);
        assert_int_equal(lease.epoch, epoch);
        assert_null(lease.taken_from);
        assert_int_equal(lease_renew(&lease, store, 5000, &no_call, &err), 0);
        assert_int_equal(lease.epoch, epoch);
        assert_true(lease_left_ms(&lease) > 5000 - 1000);
        refused(store, NULL, false);
        assert_non_null(strstr(err.what, "maria@ops1"));
        lease_release(&lease, store);
        lease_clear(&lease);
    }
}

static void a_lease_that_lasts_is_not_written_again(void **state UNUSED)
{
    struct lease lease;
    taken(&lease, store, NULL, 60000, false);
    int64_t version = lease.version;
    assert_int_equal(lease_renew(&lease, store, 1000, &no_call, &err), 0);
    assert_int_equal(lease.version, version);
    assert_int_equal(lease_renew(&lease, store, 60000, &no_call, &err), 0);
    assert_int_equal(lease.version, version + 1);
    assert_true(lease_left_ms(&lease) > 100000);
    lease_clear(&lease);
}

static void what_is_written_under_an_old_epoch_is_refused(void **state UNUSED)
{
    struct lease old, new;
    taken(&old, store, NULL, 300, false);
    lease_release(&old, store);
    taken(&new, store, NULL, 60000, false);
    struct store_op stale[] = {lease_condition(&old), {STORE_APPEND, "journal", 0, 0, "stale", 5}};
    struct store_op fresh[] = {lease_condition(&new), {STORE_APPEND, "journal", 0, 0, "fresh", 5}};
    assert_int_equal(store.ops->apply(store.self, stale, 2, NULL, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(store.ops->apply(store.self, fresh, 2, NULL, &no_call, &err), 0);
    assert_int_equal(lease_renew(&old, store, 1000, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    old.until_boot_ms = clock_boot_ms() + 60000;
    assert_int_equal(lease_check(&old, store, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_int_equal(lease_check(&new, store, &no_call, &err), 0);
    /* A permit asks the same. */
    struct permit_ground ground = {store, &old, &no_call};
    struct permit permit = permit_make(&ground, "r-0001", "tag", "maria", NULL);
    assert_int_equal(permit.still_valid(&permit, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    ground.lease = &new;
    permit = permit_make(&ground, "r-0001", "tag", "maria", NULL);
    assert_int_equal(permit.still_valid(&permit, &err), 0);
    assert_int_equal(permit.epoch, 2);
    assert_string_equal(permit.reason, "");
    lease_clear(&old);
    lease_clear(&new);
}

static void a_lease_that_ran_out_on_our_clock_permits_nothing(void **state UNUSED)
{
    struct lease lease;
    taken(&lease, store, NULL, 60000, false);
    assert_int_equal(lease_check(&lease, store, &no_call, &err), 0);
    lease.until_boot_ms = clock_boot_ms() - 1;
    assert_int_equal(lease_check(&lease, store, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    /* Nobody took it: renewed it is ours again. */
    assert_int_equal(lease_renew(&lease, store, 1000, &no_call, &err), 0);
    assert_int_equal(lease_check(&lease, store, &no_call, &err), 0);
    lease_clear(&lease);
}

static void a_dead_process_of_this_boot_is_followed_at_once(void **state UNUSED)
{
    pid_t child = fork();
    if (child == 0) {
        struct store own;
        struct lease lease;
        if (sqlite_store_open(&own, directory, &no_call, &err) < 0)
            _exit(1);
        _exit(take_as(&lease, own, NULL, 3600000, false) < 0 ? 1 : 0);
    }
    int status;
    /* Not reaped yet: a zombie holds nothing either. */
    siginfo_t info;
    assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    struct lease lease;
    taken(&lease, store, NULL, 3600000, false);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(lease.epoch, 2);
    assert_string_equal(lease.taken_from, "maria@ops1");
    lease_clear(&lease);
}

static void another_process_of_the_same_number_is_not_the_holder(void **state UNUSED)
{
    struct lease_identity reborn;
    struct lease lease;
    lease_identity_self(&reborn);
    assert_true(reborn.start > 0);
    reborn.start--;
    taken(&lease, store, &reborn, 3600000, false);
    lease_clear(&lease);
    taken(&lease, store, NULL, 3600000, false);
    assert_int_equal(lease.epoch, 2);
    lease_clear(&lease);
    lease_identity_clear(&reborn);
}

static void an_earlier_boot_is_gone_where_only_this_machine_can_write(void **state UNUSED)
{
    struct lease_identity other;
    struct lease lease;
    lease_identity_self(&other);
    free(other.boot);
    other.boot = mem_string("another-boot");
    taken(&lease, store, &other, 3600000, false);
    lease_clear(&lease);
    refused(elsewhere, NULL, false);
    taken(&lease, store, NULL, 3600000, false);
    lease_clear(&lease);
    lease_identity_clear(&other);
}

static void a_holder_elsewhere_is_watched_for_its_whole_silence(void **state UNUSED)
{
    struct lease_identity other;
    struct lease theirs, ours;
    lease_identity_self(&other);
    free(other.boot);
    other.boot = mem_string("another-machine");
    taken(&theirs, elsewhere, &other, 300, false);
    /* What it says of its own clock does not matter to us. */
    theirs.document.until_boot_ms = 0;
    refused(elsewhere, NULL, false);
    int64_t before = clock_boot_ms();
    taken(&ours, elsewhere, NULL, 300, true);
    assert_true(clock_boot_ms() - before >= 600); /* its duration and its grace */
    assert_int_equal(ours.epoch, 2);
    assert_string_equal(ours.taken_from, "jon@laptop");
    assert_int_equal(lease_renew(&theirs, elsewhere, 1000, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    lease_clear(&theirs);
    lease_clear(&ours);
    lease_identity_clear(&other);
}

static void a_holder_that_renews_is_alive(void **state UNUSED)
{
    struct lease_identity other;
    struct lease theirs;
    lease_identity_self(&other);
    free(other.spaces);
    other.spaces = mem_string("another container");
    taken(&theirs, store, &other, 20000, false);
    pid_t child = fork();
    if (child == 0) {
        struct store own;
        if (sqlite_store_open(&own, directory, &no_call, &err) < 0)
            _exit(1);
        usleep(300000);
        _exit(lease_renew(&theirs, own, 60000, &no_call, &err) < 0 ? 1 : 0);
    }
    refused(store, NULL, true);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    lease_clear(&theirs);
    lease_identity_clear(&other);
}

static void watching_can_be_given_up(void **state UNUSED)
{
    struct lease_identity other;
    struct lease lease;
    lease_identity_self(&other);
    free(other.boot);
    other.boot = mem_string("another-machine");
    taken(&lease, elsewhere, &other, 3600000, false);
    lease_clear(&lease);
    struct call call = call_within(&no_call, 300);
    struct lease_request request = {.scope = "api/local", .run = "r", .actor = "a", .wait_for_silence = true};
    assert_int_equal(lease_take(&lease, elsewhere, &request, &call, &err), -1);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    lease_identity_clear(&other);
}

static void a_damaged_lease_is_an_error_and_stays(void **state UNUSED)
{
    struct lease lease;
    struct store_op op = {STORE_PUT, "lease/api/local", 0, 7, "{\"actor\":1}", 11};
    assert_int_equal(store.ops->apply(store.self, &op, 1, NULL, &no_call, &err), 0);
    assert_int_equal(take_as(&lease, store, NULL, 300, true), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.why, "actor"));
}

enum { RACERS = 8, ROUNDS = 12 };

/* Takes the lease again and again; while it is ours a file must be ours alone. */
static int race(void)
{
    CLEANUP(free_string) char *flag = path_join(directory, "held");
    struct store own;
    if (sqlite_store_open(&own, directory, &no_call, &err) < 0)
        return 1;
    for (int done = 0; done < ROUNDS;) {
        struct lease lease;
        if (take_as(&lease, own, NULL, 60000, false) < 0) {
            if (err.kind != ERROR_CONFLICT)
                return 2;
            usleep(500);
            continue;
        }
        int fd = open(flag, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
        if (fd < 0)
            return 3; /* two holders */
        char bytes[32];
        int len = snprintf(bytes, sizeof(bytes), "%lld\n", (long long)lease.epoch);
        struct store_op ops[] = {lease_condition(&lease), {STORE_APPEND, "epochs", 0, 0, bytes, (size_t)len}};
        if (own.ops->apply(own.self, ops, 2, NULL, &no_call, &err) < 0)
            return 4;
        close(fd);
        unlink(flag);
        lease_release(&lease, own);
        lease_clear(&lease);
        done++;
    }
    own.ops->close(own.self);
    return 0;
}

static void eight_processes_racing_are_never_two_holders(void **state UNUSED)
{
    pid_t racers[RACERS];
    for (int i = 0; i < RACERS; i++) {
        racers[i] = fork();
        assert_true(racers[i] >= 0);
        if (racers[i] == 0)
            _exit(race());
    }
    for (int i = 0; i < RACERS; i++) {
        int status;
        assert_int_equal(waitpid(racers[i], &status, 0), racers[i]);
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    struct store_entries epochs;
    assert_int_equal(store.ops->read(store.self, &epochs, "epochs", 0, 0, &no_call, &err), 0);
    assert_int_equal(epochs.count, RACERS * ROUNDS);
    for (size_t i = 0; i < epochs.count; i++)
        assert_int_equal(strtol(epochs.items[i].bytes, NULL, 10), (long)i + 1);
    store_entries_clear(&epochs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define LEASE(test) cmocka_unit_test_setup_teardown(test, begin, end)
        LEASE(the_epoch_counts_up_at_each_taking_and_at_nothing_else),
        LEASE(a_lease_that_lasts_is_not_written_again),
        LEASE(what_is_written_under_an_old_epoch_is_refused),
        LEASE(a_lease_that_ran_out_on_our_clock_permits_nothing),
        LEASE(a_dead_process_of_this_boot_is_followed_at_once),
        LEASE(another_process_of_the_same_number_is_not_the_holder),
        LEASE(an_earlier_boot_is_gone_where_only_this_machine_can_write),
        LEASE(a_holder_elsewhere_is_watched_for_its_whole_silence),
        LEASE(a_holder_that_renews_is_alive),
        LEASE(watching_can_be_given_up),
        LEASE(a_damaged_lease_is_an_error_and_stays),
        LEASE(eight_processes_racing_are_never_two_holders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
