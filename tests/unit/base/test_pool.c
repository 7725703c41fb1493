/* Runs under TSan too. The pool: limits of a backend, the worker kept for stops, cancelling, closing while somebody hangs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <poll.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pool.h"

struct work {
    atomic_int *running;
    atomic_int *most;
    atomic_bool *gate; /* waits until it is set; NULL: ends at once */
    bool deaf;         /* hears no cancellation */
    int done, result;
    enum error_kind kind;
    atomic_bool began;
};

static int work_run(void *context, const struct call *call, struct error *err)
{
    struct work *work = context;
    atomic_store(&work->began, true);
    if (work->running) {
        int now = atomic_fetch_add(work->running, 1) + 1;
        if (now > atomic_load(work->most))
            atomic_store(work->most, now);
    }
    int result = 0;
    call_progress(call, TEXT("counting"), 3, 7);
    while (work->gate && !atomic_load(work->gate)) {
        if (!work->deaf && call_check(call, "work", err) < 0) {
            result = -1;
            break;
        }
        usleep(1000);
    }
    if (work->running)
        atomic_fetch_sub(work->running, 1);
    return result;
}

static void work_done(void *context, int result, const struct error *err)
{
    struct work *work = context;
    work->done++;
    work->result = result;
    work->kind = err->kind;
}

static uint64_t submit(struct pool *pool, struct work *work, const char *backend, bool stop, int64_t timeout_ms)
{
    return pool_submit(pool, &(struct job){.backend = backend,
                                           .label = TEXT("work"),
                                           .stop = stop,
                                           .timeout_ms = timeout_ms,
                                           .run = work_run,
                                           .done = work_done,
                                           .work = work});
}

static void wait_done(struct pool *pool, const struct work *work)
{
    int64_t until = clock_boot_ms() + 30000;
    while (!work->done && clock_boot_ms() < until) {
        struct pollfd fd = {.fd = pool_fd(pool), .events = POLLIN};
        poll(&fd, 1, 1000);
        pool_collect(pool);
    }
    assert_int_equal(work->done, 1);
}

static void wait_began(const struct work *work)
{
    int64_t until = clock_boot_ms() + 30000;
    while (!atomic_load(&work->began) && clock_boot_ms() < until)
        usleep(1000);
    assert_true(atomic_load(&work->began));
}

static void test_runs_and_reports(void **state)
{
    (void)state;
    struct pool *pool = pool_new(4);
    atomic_bool gate = false;
    struct work work = {.gate = &gate};
    uint64_t id = submit(pool, &work, "git", false, 0);
    wait_began(&work);
    struct job job;
    int64_t age;
    assert_true(pool_oldest(pool, &job, &age));
    assert_string_equal(job.backend, "git");
    char words[32];
    uint64_t done = 0, total = 0;
    for (int i = 0; i < 30000 && !pool_progress(pool, id, words, sizeof(words), &done, &total); i++)
        usleep(1000);
    assert_string_equal(words, "counting");
    assert_int_equal(done, 3);
    assert_int_equal(total, 7);
    assert_int_equal(work.done, 0);
    atomic_store(&gate, true);
    wait_done(pool, &work);
    assert_int_equal(work.result, 0);
    assert_false(pool_oldest(pool, &job, &age));
    assert_true(pool_close(pool, 30000));
}

static void test_two_of_a_backend(void **state)
{
    (void)state;
    struct pool *pool = pool_new(8);
    atomic_int running = 0, most = 0;
    atomic_bool gate = false;
    struct work works[6] = {0};
    for (int i = 0; i < 6; i++) {
        works[i] = (struct work){.running = &running, .most = &most, .gate = &gate};
        submit(pool, &works[i], "git", false, 0);
    }
    wait_began(&works[1]);
    /* Another backend is not delayed by them. */
    struct work other = {0};
    submit(pool, &other, "store", false, 0);
    wait_done(pool, &other);
    assert_int_equal(atomic_load(&running), 2);
    atomic_store(&gate, true);
    for (int i = 0; i < 6; i++)
        wait_done(pool, &works[i]);
    assert_int_equal(atomic_load(&most), 2);
    assert_true(pool_close(pool, 30000));
}

static void test_stops_have_a_worker(void **state)
{
    (void)state;
    struct pool *pool = pool_new(3);
    atomic_bool gate = false;
    struct work a = {.gate = &gate}, b = {.gate = &gate}, c = {.gate = &gate}, stop = {0};
    submit(pool, &a, "one", false, 0);
    submit(pool, &b, "two", false, 0);
    submit(pool, &c, "three", false, 0);
    submit(pool, &stop, "one", true, 0);
    wait_done(pool, &stop);
    assert_false(atomic_load(&c.began));
    atomic_store(&gate, true);
    wait_done(pool, &c);
    assert_true(pool_close(pool, 30000));
    assert_int_equal(a.done + b.done, 2);
}

static void test_cancel_and_deadline(void **state)
{
    (void)state;
    struct pool *pool = pool_new(4);
    atomic_bool gate = false;
    struct work a = {.gate = &gate}, b = {.gate = &gate}, queued = {.gate = &gate}, late = {.gate = &gate};
    uint64_t first = submit(pool, &a, "git", false, 0);
    submit(pool, &b, "git", false, 0);
    uint64_t third = submit(pool, &queued, "git", false, 0);
    submit(pool, &late, "store", false, 20);
    wait_began(&a);
    pool_cancel(pool, third);
    wait_done(pool, &queued);
    assert_int_equal(queued.kind, ERROR_CANCELLED);
    assert_false(atomic_load(&queued.began));
    pool_cancel(pool, first);
    wait_done(pool, &a);
    assert_int_equal(a.kind, ERROR_CANCELLED);
    wait_done(pool, &late);
    assert_int_equal(late.kind, ERROR_UNAVAILABLE);
    pool_cancel(pool, 4711);
    assert_true(pool_close(pool, 30000));
    assert_int_equal(b.done, 1);
    assert_int_equal(b.kind, ERROR_CANCELLED);
}

static void test_close_leaves_who_hangs(void **state)
{
    (void)state;
    struct pool *pool = pool_new(4);
    atomic_bool gate = false;
    static struct work hangs, queued;
    hangs = (struct work){.gate = &gate, .deaf = true};
    struct work hears = {.gate = &gate};
    submit(pool, &hangs, "git", false, 0);
    submit(pool, &hears, "store", false, 0);
    wait_began(&hangs);
    wait_began(&hears);
    struct work third = {.gate = &gate, .deaf = true};
    submit(pool, &third, "git", false, 0);
    wait_began(&third);
    submit(pool, &queued, "git", false, 0);
    int64_t before = clock_boot_ms();
    assert_false(pool_close(pool, 200));
    assert_in_range(clock_boot_ms() - before, 190, 20000);
    assert_int_equal(hears.done, 1);
    assert_int_equal(hears.kind, ERROR_CANCELLED);
    assert_int_equal(queued.done, 1);
    assert_int_equal(hangs.done, 0);
    /* They end before the test does, so that they do not use memory of a test that is over. */
    atomic_store(&gate, true);
    usleep(100000);
}

/* pool_close() promises to leave behind the memory of workers that hang. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:pool_new\nleak:pool_submit\n";
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_and_reports),       cmocka_unit_test(test_two_of_a_backend),
        cmocka_unit_test(test_stops_have_a_worker),    cmocka_unit_test(test_cancel_and_deadline),
        cmocka_unit_test(test_close_leaves_who_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
