/* A plan is kept and read back whole, and a damaged one is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "release/undo.h"
#include "tests/unit/release/sample_plan.h"

static void test_round_trip(void **state)
{
    (void)state;
    struct release_plan plan = {0}, back;
    struct buf bytes = {0};
    struct buf again = {0};
    struct error err;
    sample_plan(&plan, RELEASE_PULL_REQUEST, true, 2);
    release_plan_encode(&bytes, &plan);
    assert_int_equal(release_plan_decode(&back, bytes.bytes, bytes.len, &err), 0);
    release_plan_encode(&again, &back);
    assert_string_equal(bytes.bytes, again.bytes);
    assert_int_equal(back.mode, RELEASE_PULL_REQUEST);
    assert_string_equal(back.candidate, "release/1.4.0");
    assert_int_equal(back.file_count, 2);
    assert_string_equal(back.files[0].old_bytes, "old 0\n");
    assert_null(back.files[1].old_bytes);
    assert_string_equal(back.files[1].before, "");
    assert_true(back.push);
    buf_clear(&bytes);
    buf_clear(&again);
    release_plan_clear(&plan);
    release_plan_clear(&back);
}

static void refuse(const char *bytes)
{
    struct release_plan plan;
    struct error err;
    assert_int_equal(release_plan_decode(&plan, bytes, strlen(bytes), &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_true(err.todo[0]);
}

/* The text with the first `from` changed into `to`, which has the same length. */
static void refuse_changed(const char *bytes, const char *from, const char *to)
{
    CLEANUP(free_string) char *changed = mem_string(bytes);
    char *at = strstr(changed, from);
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    refuse(changed);
}

static void test_damaged(void **state)
{
    (void)state;
    struct release_plan plan = {0};
    struct buf bytes = {0};
    sample_plan(&plan, RELEASE_DIRECT, true, 2);
    release_plan_encode(&bytes, &plan);
    refuse("");
    refuse("{}");
    refuse_changed(bytes.bytes, "new 1", "evil1");
    refuse_changed(bytes.bytes, "old 0", "evil0");
    refuse_changed(bytes.bytes, "\"direct\"", "\"dirext\"");
    refuse_changed(bytes.bytes, "\"base\"", "\"bose\"");
    refuse_changed(bytes.bytes, SAMPLE_BASE, "../../../x");
    buf_clear(&bytes);
    release_plan_clear(&plan);
}

static void test_undo_round_trip(void **state)
{
    (void)state;
    struct undo_plan undo = {.of = mem_string("r-0001"),
                             .commit = mem_string(SAMPLE_COMMIT),
                             .tag_object = mem_string(""),
                             .candidate = mem_string(""),
                             .remote_candidate = mem_string(""),
                             .restore = true};
    struct undo_plan back;
    struct buf bytes = {0};
    struct error err;
    sample_plan(&undo.release, RELEASE_DIRECT, false, 1);
    undo_plan_encode(&bytes, &undo);
    assert_int_equal(undo_plan_decode(&back, bytes.bytes, bytes.len, &err), 0);
    assert_string_equal(back.of, "r-0001");
    assert_string_equal(back.commit, SAMPLE_COMMIT);
    assert_true(back.restore);
    assert_false(back.attached);
    assert_string_equal(back.release.files[0].new_bytes, "new 0\n");
    assert_int_equal(undo_plan_decode(&back, "{}", 2, &err), -1);
    undo_plan_clear(&undo);
    undo_plan_clear(&back);
    buf_clear(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_undo_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
