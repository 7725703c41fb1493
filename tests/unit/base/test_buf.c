#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"

static void empty_is_a_string(void **state)
{
    (void)state;
    struct buf b = {0};
    assert_string_equal(buf_string(&b), "");
    buf_truncate(&b, 0);
    buf_truncate(&b, 7);
    assert_null(b.bytes);
    char *taken = buf_take(&b);
    assert_string_equal(taken, "");
    free(taken);
    buf_clear(&b);
}

static void keeps_its_invariant(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    for (int i = 0; i < 5000; i++) {
        buf_addc(&b, (char)('a' + i % 26));
        assert_true(b.cap > b.len);
        assert_int_equal(b.bytes[b.len], 0);
    }
    assert_int_equal(b.len, 5000);
    assert_memory_equal(b.bytes + 26, "abc", 3);
    buf_truncate(&b, 6000);
    assert_int_equal(b.len, 5000);
    buf_truncate(&b, 3);
    assert_string_equal(b.bytes, "abc");
}

static void holds_any_bytes(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    buf_add(&b, "a\0b", 3);
    buf_add(&b, NULL, 0);
    buf_adds(&b, "");
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.bytes, "a\0b", 4);
}

static void formats_of_any_length(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    buf_adds(&b, "<");
    buf_addf(&b, "%s", "");
    buf_addf(&b, "%d,%c", -7, 'x');
    buf_addf(&b, "%0*d", 4096, 5);
    assert_int_equal(b.len, 1 + 4 + 4096);
    assert_memory_equal(b.bytes, "<-7,x000", 8);
    assert_int_equal(b.bytes[b.len - 1], '5');
    assert_int_equal(b.bytes[b.len], 0);
}

static void may_add_a_part_of_itself(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    buf_adds(&b, "0123456");
    for (int i = 0; i < 8; i++)
        buf_add(&b, b.bytes, b.len);
    assert_int_equal(b.len, 7 * 256);
    for (size_t i = 0; i < b.len; i++)
        assert_int_equal(b.bytes[i], '0' + (char)(i % 7));
}

static void reserve_leaves_the_length(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    char *room = buf_reserve(&b, 100);
    memset(room, 'x', 100);
    assert_int_equal(b.len, 0);
    assert_true(b.cap > 100);
    buf_adds(&b, "ab");
    assert_string_equal(buf_string(&b), "ab");
}

static void taken_bytes_are_the_callers(void **state)
{
    (void)state;
    struct buf b = {0};
    buf_adds(&b, "mine");
    char *taken = buf_take(&b);
    assert_string_equal(taken, "mine");
    assert_null(b.bytes);
    assert_int_equal(b.len, 0);
    buf_adds(&b, "next");
    assert_string_equal(taken, "mine");
    free(taken);
    buf_clear(&b);
    buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_is_a_string),
        cmocka_unit_test(keeps_its_invariant),
        cmocka_unit_test(holds_any_bytes),
        cmocka_unit_test(formats_of_any_length),
        cmocka_unit_test(may_add_a_part_of_itself),
        cmocka_unit_test(reserve_leaves_the_length),
        cmocka_unit_test(taken_bytes_are_the_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
