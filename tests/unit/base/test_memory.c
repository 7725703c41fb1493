#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "base/memory.h"

static void zeroed_and_never_null(void **state)
{
    (void)state;
    char *bytes = mem_alloc(0);
    assert_non_null(bytes);
    free(bytes);
    int *numbers = mem_array(100, sizeof(*numbers));
    for (int i = 0; i < 100; i++)
        assert_int_equal(numbers[i], 0);
    numbers = mem_resize(numbers, 200, sizeof(*numbers));
    numbers[199] = 1;
    free(numbers);
}

static void copies(void **state)
{
    (void)state;
    assert_null(mem_string(NULL));
    CLEANUP(free_string) char *string = mem_string("abc");
    assert_string_equal(string, "abc");
    CLEANUP(free_string) char *bytes = mem_bytes("a\0b", 3);
    assert_memory_equal(bytes, "a\0b", 4);
    CLEANUP(free_string) char *none = mem_bytes(NULL, 0);
    assert_string_equal(none, "");
    free_string(&string);
    assert_null(string);
}

static void grows_and_keeps(void **state)
{
    (void)state;
    int *items = NULL;
    size_t cap = 0, moves = 0;
    for (size_t count = 0; count < 10000; count++) {
        size_t before = cap;
        ARRAY_GROW(&items, &cap, count + 1);
        assert_true(cap > count);
        moves += before != cap;
        items[count] = (int)count;
    }
    /* By a factor, not by a step. */
    assert_true(moves < 40);
    for (size_t i = 0; i < 10000; i++)
        assert_int_equal(items[i], i);
    ARRAY_GROW(&items, &cap, 50000);
    assert_true(cap >= 50000);
    free(items);
}

/* A product that overflows ends the process instead of giving too little. */
static void overflow_aborts(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        close(STDERR_FILENO);
        void *p = mem_resize(NULL, SIZE_MAX / 2, 4);
        _exit(p ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_and_never_null),
        cmocka_unit_test(copies),
        cmocka_unit_test(grows_and_keeps),
        cmocka_unit_test(overflow_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
