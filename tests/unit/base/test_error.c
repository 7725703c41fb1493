#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"

static void sets_three_parts(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(error_set(&err, ERROR_INVALID, "Cannot read %s", "CHANGELOG.md"), -1);
    assert_int_equal(error_why(&err, "line %d", 12), -1);
    assert_int_equal(error_todo(&err, "Write it again"), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_string_equal(err.what, "Cannot read CHANGELOG.md");
    assert_string_equal(error_reason(&err).safe, "line 12");
    assert_string_equal(error_advice(&err).safe, "Write it again");
    error_set(&err, ERROR_FAILED, "Other");
    assert_string_equal(err.why, "");
    assert_string_equal(err.todo, "");
    assert_int_equal(error_reason(&err).len, 0);
}

static void hostile_values_are_safe(void **state)
{
    (void)state;
    struct error err;
    error_set(&err, ERROR_FAILED, "Cannot open %s", "\033]0;x\a\xff");
    error_why(&err, "%s", "a\u202eb");
    error_todo(&err, "%s", "a\nb");
    assert_string_equal(err.what, "Cannot open \\x1b]0;x\\x07\\xff");
    assert_string_equal(err.why, "a\\u{202e}b");
    assert_string_equal(err.todo, "a\\nb");
}

static void long_values_are_cut_whole(void **state)
{
    (void)state;
    char path[4096];
    memset(path, 'a', sizeof(path) - 1);
    path[sizeof(path) - 1] = 0;
    struct error err;
    error_set(&err, ERROR_FAILED, "%s", path);
    assert_int_equal(strlen(err.what), sizeof(err.what) - 1);
    for (size_t i = 0; i + 2 < sizeof(path); i += 2)
        memcpy(path + i, "é", 2);
    path[sizeof(path) - 2] = 0;
    error_why(&err, "%s", path);
    assert_int_equal(strlen(err.why), sizeof(err.why) - 2);
    assert_int_equal(error_reason(&err).len, sizeof(err.why) - 2);
}

static void may_quote_itself(void **state)
{
    (void)state;
    struct error err;
    error_set(&err, ERROR_FAILED, "first");
    error_set(&err, ERROR_FAILED, "again: %s", err.what);
    assert_string_equal(err.what, "again: first");
    error_why(&err, "because");
    error_why(&err, "%s, and %s", err.why, err.what);
    assert_string_equal(err.why, "because, and again: first");
}

static void takes_errno_first(void **state)
{
    (void)state;
    struct error err = {.todo = "old"};
    errno = ENOSPC;
    assert_int_equal(error_errno(&err, ERROR_FAILED, "Cannot write %s", "x"), -1);
    assert_string_equal(err.why, strerror(ENOSPC));
    assert_string_equal(err.todo, "");
}

static void wraps(void **state)
{
    (void)state;
    struct error err;
    error_set(&err, ERROR_CONFLICT, "The lease is another's");
    error_todo(&err, "Wait");
    assert_int_equal(error_wrap(&err, "Cannot go on with %s", "r-1"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_string_equal(err.what, "Cannot go on with r-1");
    assert_string_equal(err.why, "The lease is another's");
    assert_string_equal(err.todo, "Wait");
    error_wrap(&err, "Outer");
    assert_string_equal(err.why, "Cannot go on with r-1: The lease is another's");
}

static void every_kind_has_name_and_exit_code(void **state)
{
    (void)state;
    static const int codes[] = {0, 1, 2, 3, 4, 5, 6, 7, 130};
    for (int kind = ERROR_NONE; kind <= ERROR_CANCELLED; kind++) {
        assert_int_equal(error_exit_code((enum error_kind)kind), codes[kind]);
        assert_true(strlen(error_kind_name((enum error_kind)kind)) > 3);
        for (int other = 0; other < kind; other++)
            assert_string_not_equal(error_kind_name((enum error_kind)kind), error_kind_name((enum error_kind)other));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_three_parts),
        cmocka_unit_test(hostile_values_are_safe),
        cmocka_unit_test(long_values_are_cut_whole),
        cmocka_unit_test(may_quote_itself),
        cmocka_unit_test(takes_errno_first),
        cmocka_unit_test(wraps),
        cmocka_unit_test(every_kind_has_name_and_exit_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
