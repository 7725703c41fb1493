/* Which of the two faces is shown: the console to a person at a terminal, a command to anybody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/command.h"
#include "tests/support/pty.h"

static struct repository repository;
static char *program;

static int setup(void **state)
{
    (void)state;
    const char *named = getenv("SIGNALBOX");
    program = realpath(named ? named : "build/asan/signalbox", NULL);
    repository_new(&repository);
    repository_commit(&repository, "a.txt", "one\n", "feat: one");
    repository_tag(&repository, "v1.0.0", "first");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free(program);
    repository_free(&repository);
    return 0;
}

static void a_terminal_gets_the_console(void **state)
{
    (void)state;
    const char *const argv[] = {program, "--read-only", NULL};
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 30, .cols = 110};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "1.0.0");
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void a_mistake_on_a_terminal_is_told(void **state)
{
    (void)state;
    const char *const argv[] = {program, "-C", "/", NULL};
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 30, .cols = 110};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "is in no git repository");
    assert_int_equal(pty_wait_exit(pty), 3);
    pty_stop(pty);
}

static void raw_bytes_are_refused_on_a_terminal(void **state)
{
    (void)state;
    const char *const argv[] = {program, "changelog", "show", "1.0.0", "--raw", NULL};
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 30, .cols = 110};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "Raw bytes are not printed on a terminal");
    assert_int_equal(pty_wait_exit(pty), 6);
    pty_stop(pty);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_terminal_gets_the_console, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mistake_on_a_terminal_is_told, setup, teardown),
        cmocka_unit_test_setup_teardown(raw_bytes_are_refused_on_a_terminal, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
