#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/pool.h"

enum { WAIT_MS = 30000 };

/* A job of the tests: waits until it is let go or cancelled. `deaf` ones do not hear of cancelling. */
struct work {
    atomic_bool started, go;
    bool deaf;
    atomic_int *running, *most;
    int done, result;
    enum error_kind kind;
};

static int run(void *context, const struct call *call, struct error *err)
{
    struct work *work = context;
    atomic_store(&work->started, true);
    if (work->running) {
        int now = atomic_fetch_add(work->running, 1) + 1, most = atomic_load(work->most);
        while (now > most && !atomic_compare_exchange_weak(work->most, &most, now))
            continue;
    }
    call_progress(call, TEXT("waiting"), 3, 7);
    int result = 0;
    while (!atomic_load(&work->go) && result == 0) {
        usleep(200);
        if (!work->deaf)
            result = call_check(call, "wait", err);
    }
    if (work->running)
        atomic_fetch_sub(work->running, 1);
    return result;
}

static void done(void *context, int result, const struct error *err)
{
    struct work *work = context;
    work->done++;
    work->result = result;
    work->kind = result < 0 ? err->kind : ERROR_NONE;
}

static struct job job_of(struct work *work, const char *backend)
{
    return (struct job){.backend = backend, .label = TEXT("test"), .run = run, .done = done, .work = work};
}

static void wait_started(struct work *work)
{
    int64_t until = clock_boot_ms() + WAIT_MS;
    while (!atomic_load(&work->started)) {
        assert_true(clock_boot_ms() < until);
        usleep(200);
    }
}

static void wait_done(struct pool *pool, const struct work *work)
{
    int64_t until = clock_boot_ms() + WAIT_MS;
    while (!work->done) {
        struct pollfd wait = {.fd = pool_fd(pool), .events = POLLIN};
        assert_true(clock_boot_ms() < until);
        poll(&wait, 1, 1000);
        pool_collect(pool);
    }
}

static void test_two_of_a_backend(void **state UNUSED)
{
    struct pool *pool = pool_new(8);
    struct work works[6] = {0}, other = {0};
    atomic_int running = 0, most = 0;
    for (int i = 0; i < 6; i++) {
        works[i].running = &running;
        works[i].most = &most;
        struct job job = job_of(&works[i], "git");
        assert_int_not_equal(pool_submit(pool, &job), 0);
    }
    struct job job = job_of(&other, "store");
    pool_submit(pool, &job);
    wait_started(&other); /* though four of git wait before it */
    wait_started(&works[0]);
    wait_started(&works[1]);
    assert_false(atomic_load(&works[2].started));
    for (int i = 0; i < 6; i++)
        atomic_store(&works[i].go, true);
    atomic_store(&other.go, true);
    for (int i = 0; i < 6; i++)
        wait_done(pool, &works[i]);
    wait_done(pool, &other);
    assert_int_equal(atomic_load(&most), 2);
    assert_true(pool_close(pool, WAIT_MS));
    for (int i = 0; i < 6; i++) {
        assert_int_equal(works[i].done, 1);
        assert_int_equal(works[i].result, 0);
    }
}

/* Every worker but one hangs in several backends, two of them in the stop's own. */
static void test_stops_always_run(void **state UNUSED)
{
    struct pool *pool = pool_new(3);
    struct work hung[4] = {0}, stop = {.go = true};
    static const char *const backends[] = {"origin", "origin", "store", "git"};
    for (int i = 0; i < 4; i++) {
        struct job job = job_of(&hung[i], backends[i]);
        pool_submit(pool, &job);
    }
    wait_started(&hung[0]);
    wait_started(&hung[1]);
    assert_false(atomic_load(&hung[2].started));
    struct job job = job_of(&stop, "origin");
    job.stop = true;
    pool_submit(pool, &job);
    wait_done(pool, &stop);
    assert_int_equal(stop.result, 0);
    assert_true(pool_close(pool, WAIT_MS));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(hung[i].done, 1);
        assert_int_equal(hung[i].kind, ERROR_CANCELLED);
    }
}

static void test_cancel(void **state UNUSED)
{
    struct pool *pool = pool_new(2);
    struct work running = {0}, queued = {0};
    struct job first = job_of(&running, "git"), second = job_of(&queued, "git");
    uint64_t first_id = pool_submit(pool, &first), second_id = pool_submit(pool, &second);
    wait_started(&running);
    pool_cancel(pool, second_id);
    wait_done(pool, &queued);
    assert_false(atomic_load(&queued.started));
    assert_int_equal(queued.kind, ERROR_CANCELLED);
    assert_int_equal(running.done, 0);
    pool_cancel(pool, first_id);
    pool_cancel(pool, first_id);
    pool_cancel(pool, 12345);
    wait_done(pool, &running);
    assert_int_equal(running.kind, ERROR_CANCELLED);
    pool_cancel(pool, first_id);
    assert_int_equal(pool_collect(pool), 0);
    assert_true(pool_close(pool, WAIT_MS));
    assert_int_equal(running.done, 1);
    assert_int_equal(queued.done, 1);
}

static void test_timeout(void **state UNUSED)
{
    struct pool *pool = pool_new(2);
    struct work work = {0};
    struct job job = job_of(&work, "git");
    job.timeout_ms = 20;
    pool_submit(pool, &job);
    wait_done(pool, &work);
    assert_int_equal(work.kind, ERROR_UNAVAILABLE);
    assert_true(pool_close(pool, WAIT_MS));
}

static void test_what_runs(void **state UNUSED)
{
    struct pool *pool = pool_new(4);
    struct work work = {0};
    struct job job = job_of(&work, "store"), oldest;
    char words[64];
    int64_t age;
    uint64_t so_far, total;
    assert_false(pool_oldest(pool, &oldest, &age));
    uint64_t id = pool_submit(pool, &job);
    int64_t until = clock_boot_ms() + WAIT_MS;
    while (!pool_progress(pool, id, words, sizeof(words), &so_far, &total)) {
        assert_true(clock_boot_ms() < until);
        usleep(200);
    }
    assert_string_equal(words, "waiting");
    assert_int_equal(so_far, 3);
    assert_int_equal(total, 7);
    assert_true(pool_oldest(pool, &oldest, &age));
    assert_string_equal(oldest.backend, "store");
    assert_true(age >= 0);
    atomic_store(&work.go, true);
    wait_done(pool, &work);
    assert_false(pool_oldest(pool, &oldest, &age));
    assert_false(pool_progress(pool, id, words, sizeof(words), &so_far, &total));
    assert_true(pool_close(pool, WAIT_MS));
}

/* One that hears nothing is left behind within the time given; nobody is told of it; later it ends without harm. */
static void test_close_leaves_the_deaf_behind(void **state UNUSED)
{
    static struct work deaf = {.deaf = true}, hears, queued;
    struct pool *pool = pool_new(4);
    struct job a = job_of(&deaf, "git"), b = job_of(&hears, "git"), c = job_of(&queued, "git");
    pool_submit(pool, &a);
    pool_submit(pool, &b);
    pool_submit(pool, &c);
    wait_started(&deaf);
    wait_started(&hears);
    int64_t before = clock_boot_ms();
    assert_false(pool_close(pool, 200));
    assert_in_range(clock_boot_ms() - before, 150, WAIT_MS);
    assert_int_equal(deaf.done, 0);
    assert_int_equal(hears.done, 1);
    assert_int_equal(hears.kind, ERROR_CANCELLED);
    assert_int_equal(queued.done, 1);
    assert_int_equal(queued.kind, ERROR_CANCELLED);
    assert_false(atomic_load(&queued.started));
    atomic_store(&deaf.go, true);
    usleep(100000); /* so that the thread is gone before the leak check looks */
    assert_int_equal(deaf.done, 0);
}

/* One worker is idle when two jobs come: the second must not wait behind the first. */
static void test_idle_worker_takes_one(void **state UNUSED)
{
    for (int round = 0; round < 50; round++) {
        struct pool *pool = pool_new(4);
        struct work quick = {.go = true}, a = {0}, b = {0};
        struct job first = job_of(&quick, "git"), second = job_of(&a, "git"), third = job_of(&b, "store");
        pool_submit(pool, &first);
        wait_done(pool, &quick);
        pool_submit(pool, &second);
        pool_submit(pool, &third);
        wait_started(&a);
        wait_started(&b);
        assert_true(pool_close(pool, WAIT_MS));
    }
}

static void test_finished_before_close(void **state UNUSED)
{
    struct pool *pool = pool_new(2);
    struct work work = {.go = true};
    struct job job = job_of(&work, "git");
    pool_submit(pool, &job);
    struct pollfd wait = {.fd = pool_fd(pool), .events = POLLIN};
    wait_started(&work);
    poll(&wait, 1, WAIT_MS);
    assert_true(pool_close(pool, WAIT_MS));
    assert_int_equal(work.done, 1);
    assert_int_equal(work.result, 0);
}

static int run_blocked_mask(void *context, const struct call *call UNUSED, struct error *err UNUSED)
{
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    *(bool *)context = sigismember(&mask, SIGTERM) && sigismember(&mask, SIGTSTP) && sigismember(&mask, SIGWINCH) &&
                       !sigismember(&mask, SIGSEGV);
    return 0;
}

static void done_nothing(void *context UNUSED, int result UNUSED, const struct error *err UNUSED)
{
}

static void test_signals_are_the_owners(void **state UNUSED)
{
    struct pool *pool = pool_new(2);
    bool blocked = false;
    struct job job = {
        .backend = "x", .label = TEXT("x"), .run = run_blocked_mask, .done = done_nothing, .work = &blocked};
    pool_submit(pool, &job);
    struct pollfd wait = {.fd = pool_fd(pool), .events = POLLIN};
    poll(&wait, 1, WAIT_MS);
    assert_true(pool_close(pool, WAIT_MS));
    assert_true(blocked);
}

static void test_many(void **state UNUSED)
{
    enum { MANY = 400 };
    static struct work works[MANY];
    static const char *const backends[] = {"git", "store", "origin", "registry"};
    struct pool *pool = pool_new(6);
    for (int i = 0; i < MANY; i++) {
        atomic_store(&works[i].go, true);
        struct job job = job_of(&works[i], backends[i % 4]);
        job.stop = i % 17 == 0;
        uint64_t id = pool_submit(pool, &job);
        if (i % 5 == 0)
            pool_cancel(pool, id);
        if (i % 50 == 0)
            pool_collect(pool);
    }
    for (int i = 0; i < MANY; i++)
        wait_done(pool, &works[i]);
    assert_true(pool_close(pool, WAIT_MS));
    for (int i = 0; i < MANY; i++)
        assert_int_equal(works[i].done, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_of_a_backend),
        cmocka_unit_test(test_stops_always_run),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_timeout),
        cmocka_unit_test(test_what_runs),
        cmocka_unit_test(test_close_leaves_the_deaf_behind),
        cmocka_unit_test(test_idle_worker_takes_one),
        cmocka_unit_test(test_finished_before_close),
        cmocka_unit_test(test_signals_are_the_owners),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
