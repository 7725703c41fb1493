/* The program as git and ssh call it to ask: on the terminal of the command without echo, over a socket, or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/support/command.h"
#include "tests/support/pty.h"

static struct repository repository;
static struct ran ran;
static char link_path[512];

static int setup(void **state)
{
    (void)state;
    const char *named = getenv("SIGNALBOX");
    char *program = realpath(named ? named : "build/asan/signalbox", NULL);
    repository_new(&repository);
    snprintf(link_path, sizeof(link_path), "%s/signalbox-askpass", repository.sandbox);
    assert_int_equal(symlink(program, link_path), 0);
    free(program);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    unsetenv("SIGNALBOX_ASKPASS_SOCKET");
    unsetenv("SIGNALBOX_ASKPASS_TTY");
    repository_free(&repository);
    return 0;
}

static void nobody_to_ask_fails_at_once(void **state)
{
    (void)state;
    char line[600];
    snprintf(line, sizeof(line), "'%s' 'Password:'", link_path);
    command_shell(&ran, &repository, line);
    ran_expect(&ran, 1);
    assert_string_equal(ran.out, "");
}

/* In a session without a terminal, as git's children are; the terminal is known by its name. */
static void asks_on_the_terminal_without_echo(void **state)
{
    (void)state;
    char line[1200];
    snprintf(line, sizeof(line),
             "export SIGNALBOX_ASKPASS_TTY=$(tty); setsid -w '%s' \"$(printf 'Pass\\033[31mphrase:')\" >answer; "
             "echo \"status $?\"; stty -a | grep -q ' echo ' && echo echo is back; read more; echo \"got $more\"",
             link_path);
    const char *const argv[] = {"sh", "-c", line, NULL};
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 24, .cols = 100};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "Pass\\x1b[31mphrase:");
    pty_type(pty, "hunter2\r");
    pty_expect(pty, "status 0");
    pty_expect(pty, "echo is back");
    assert_false(pty_has(pty, "hunter2"));
    pty_type(pty, "x\r");
    pty_expect(pty, "got x");
    pty_stop(pty);
    char *answer = repository_read(&repository, "answer");
    assert_string_equal(answer, "hunter2\n");
    free(answer);
}

static char asked[64];

/* Plays the console for one question. */
static void *answer_one(void *context)
{
    int fd = accept(*(int *)context, NULL, NULL);
    ssize_t got = read(fd, asked, sizeof(asked) - 1);
    asked[got < 0 ? 0 : got] = 0;
    if (write(fd, "secret\n", 7) != 7)
        asked[0] = 0;
    close(fd);
    return NULL;
}

static void asks_the_console_over_its_socket(void **state)
{
    (void)state;
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/ask", repository.sandbox);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    setenv("SIGNALBOX_ASKPASS_SOCKET", address.sun_path, 1);
    pthread_t console;
    assert_int_equal(pthread_create(&console, NULL, answer_one, &listener), 0);
    char line[600];
    snprintf(line, sizeof(line), "'%s' 'Token?' | cat", link_path);
    command_shell(&ran, &repository, line);
    pthread_join(console, NULL);
    close(listener);
    assert_string_equal(asked, "Token? \n");
    assert_string_equal(ran.out, "secret\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nobody_to_ask_fails_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(asks_on_the_terminal_without_echo, setup, teardown),
        cmocka_unit_test_setup_teardown(asks_the_console_over_its_socket, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
