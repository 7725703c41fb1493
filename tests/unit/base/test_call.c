#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/call.h"
#include "base/clock.h"

static void empty_call_goes_on(void **state)
{
    (void)state;
    struct call call = {0};
    struct error err = {0};
    assert_int_equal(call_left_ms(&call), -1);
    assert_int_equal(call_check(&call, "read tags", &err), 0);
    assert_int_equal(err.kind, ERROR_NONE);
    call_progress(&call, TEXT("tags"), 1, 2);
}

static void cancelling_wakes_and_stays(void **state)
{
    (void)state;
    struct cancel cancel;
    cancel_init(&cancel);
    struct call call = {.cancel = &cancel};
    struct error err = {0};
    struct pollfd fd = {.fd = cancel.fd, .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 0), 0);
    assert_int_equal(call_check(&call, "read tags", &err), 0);
    errno = ENOSPC;
    cancel_set(&cancel);
    cancel_set(&cancel);
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(poll(&fd, 1, 0), 1);
    assert_int_equal(call_check(&call, "read tags", &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    assert_int_equal(call_check(&call, "read tags", &err), -1);
    cancel_clear(&cancel);
    cancel_clear(&cancel);
    assert_int_equal(cancel.fd, -1);
}

static void deadlines_pass(void **state)
{
    (void)state;
    struct error err = {0};
    struct call call = {.deadline_ms = clock_boot_ms() - 1};
    assert_int_equal(call_left_ms(&call), 0);
    assert_int_equal(call_check(&call, "read tags", &err), -1);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    call.deadline_ms = INT64_MAX;
    assert_int_equal(call_left_ms(&call), INT32_MAX);
    assert_int_equal(call_check(&call, "read tags", &err), 0);
}

static void within_only_shortens(void **state)
{
    (void)state;
    struct call open = {0};
    struct call within = call_within(&open, 60000);
    assert_in_range(call_left_ms(&within), 1, 60000);
    struct call shorter = call_within(&within, 1000);
    assert_in_range(call_left_ms(&shorter), 0, 1000);
    struct call same = call_within(&shorter, 60000);
    assert_int_equal(same.deadline_ms, shorter.deadline_ms);
    assert_int_equal(call_within(&open, INT64_MAX).deadline_ms, 0);
}

static void note(void *context, struct text words, uint64_t done, uint64_t total)
{
    assert_true(text_equal(words, TEXT("tags")));
    *(uint64_t *)context = done * 100 + total;
}

static void progress_is_told(void **state)
{
    (void)state;
    uint64_t seen = 0;
    struct call call = {.progress = note, .progress_context = &seen};
    call_progress(&call, TEXT("tags"), 3, 7);
    assert_int_equal(seen, 307);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_call_goes_on), cmocka_unit_test(cancelling_wakes_and_stays),
        cmocka_unit_test(deadlines_pass),     cmocka_unit_test(within_only_shortens),
        cmocka_unit_test(progress_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
