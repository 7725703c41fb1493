#include "tests/support/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"

struct pty {
    struct terminal *terminal;
    int master, slave; /* the slave stays open here, so that its modes can be read afterwards */
    pid_t pid;
    struct termios before;
    size_t bytes;
    int status;
    bool ended;
};

static void apply_environment(const char *const *env)
{
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    unsetenv("COLORTERM");
    unsetenv("NO_COLOR");
    unsetenv("COLORFGBG");
    for (; env && *env; env++) {
        const char *equals = strchr(*env, '=');
        if (!equals) {
            unsetenv(*env);
            continue;
        }
        char *name = mem_bytes(*env, (size_t)(equals - *env));
        setenv(name, equals + 1, 1);
        free(name);
    }
}

static void run_child(const struct pty_options *options, int slave)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (login_tty(slave) < 0)
        _exit(126);
    apply_environment(options->env);
    if (options->directory && chdir(options->directory) < 0)
        _exit(126);
    execvp(options->argv[0], (char *const *)options->argv);
    fprintf(stderr, "cannot run %s: %s\n", options->argv[0], strerror(errno));
    _exit(127);
}

struct pty *pty_start(const struct pty_options *options)
{
    struct pty *pty = mem_alloc(sizeof(*pty));
    struct winsize size = {.ws_row = (unsigned short)options->rows, .ws_col = (unsigned short)options->cols};
    if (openpty(&pty->master, &pty->slave, NULL, NULL, &size) < 0)
        fail_msg("openpty: %s", strerror(errno));
    fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    fcntl(pty->slave, F_SETFD, FD_CLOEXEC);
    fcntl(pty->master, F_SETFL, O_NONBLOCK);
    tcgetattr(pty->slave, &pty->before);
    pty->terminal = terminal_new(options->rows, options->cols);
    pty->pid = fork();
    if (pty->pid < 0)
        fail_msg("fork: %s", strerror(errno));
    if (pty->pid == 0)
        run_child(options, pty->slave);
    return pty;
}

void pty_stop(struct pty *pty)
{
    if (!pty->ended) {
        kill(pty->pid, SIGKILL);
        kill(pty->pid, SIGCONT);
        waitpid(pty->pid, NULL, 0);
    }
    close(pty->master);
    close(pty->slave);
    terminal_free(pty->terminal);
    free(pty);
}

struct terminal *pty_terminal(struct pty *pty)
{
    return pty->terminal;
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

size_t pty_bytes(const struct pty *pty)
{
    return pty->bytes;
}

size_t pty_read_for(struct pty *pty, int ms)
{
    char bytes[65536];
    struct pollfd poll_fd = {.fd = pty->master, .events = POLLIN};
    if (poll(&poll_fd, 1, ms) <= 0)
        return 0;
    ssize_t got = read(pty->master, bytes, sizeof(bytes));
    if (got <= 0)
        return 0;
    terminal_feed(pty->terminal, bytes, (size_t)got);
    pty->bytes += (size_t)got;
    struct buf answers = {0};
    terminal_answers(pty->terminal, &answers);
    if (answers.len)
        pty_send(pty, answers.bytes, answers.len);
    buf_clear(&answers);
    return (size_t)got;
}

void pty_send(struct pty *pty, const char *bytes, size_t len)
{
    int64_t until = clock_boot_ms() + PTY_WAIT_MS;
    while (len) {
        ssize_t sent = write(pty->master, bytes, len);
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
            continue;
        }
        if (clock_boot_ms() > until)
            fail_msg("the program does not read what is typed");
        pty_read_for(pty, 10);
    }
}

void pty_type(struct pty *pty, const char *keys)
{
    pty_send(pty, keys, strlen(keys));
}

bool pty_has(struct pty *pty, const char *text)
{
    struct buf rows = {0};
    terminal_text(pty->terminal, &rows);
    bool has = strstr(buf_string(&rows), text) != NULL;
    buf_clear(&rows);
    return has;
}

static bool ended(struct pty *pty)
{
    if (!pty->ended && waitpid(pty->pid, &pty->status, WNOHANG) == pty->pid)
        pty->ended = WIFEXITED(pty->status) || WIFSIGNALED(pty->status);
    return pty->ended;
}

static bool wait_has(struct pty *pty, const char *text, bool wanted)
{
    int64_t until = clock_boot_ms() + PTY_WAIT_MS;
    while (pty_has(pty, text) != wanted) {
        if (clock_boot_ms() > until)
            return false;
        /* A program that has ended will not show it any more; what it wrote last is still to be read. */
        if (pty_read_for(pty, 20) == 0 && ended(pty))
            return pty_has(pty, text) == wanted;
    }
    return true;
}

static void fail_with_screen(struct pty *pty, const char *what, const char *text)
{
    struct buf rows = {0};
    terminal_text(pty->terminal, &rows);
    print_error("%s: \"%s\". The screen:\n%s", what, text, buf_string(&rows));
    buf_clear(&rows);
    fail();
}

void pty_expect(struct pty *pty, const char *text)
{
    if (!wait_has(pty, text, true))
        fail_with_screen(pty, "This did not appear", text);
}

void pty_expect_gone(struct pty *pty, const char *text)
{
    if (!wait_has(pty, text, false))
        fail_with_screen(pty, "This did not go away", text);
}

bool pty_settle(struct pty *pty, int quiet_ms)
{
    int64_t until = clock_boot_ms() + PTY_WAIT_MS;
    while (pty_read_for(pty, quiet_ms ? quiet_ms : 150) > 0)
        if (clock_boot_ms() > until)
            return false;
    return true;
}

void pty_resize(struct pty *pty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    while (pty_read_for(pty, 0) > 0)
        continue;
    terminal_resize(pty->terminal, rows, cols);
    ioctl(pty->master, TIOCSWINSZ, &size);
}

void pty_signal(struct pty *pty, int signal)
{
    kill(pty->pid, signal);
}

/* Polls for a change of state while reading on, since a program that cannot write does not end. */
static bool wait_state(struct pty *pty, int options)
{
    int64_t until = clock_boot_ms() + PTY_WAIT_MS;
    while (waitpid(pty->pid, &pty->status, options | WNOHANG) != pty->pid) {
        if (clock_boot_ms() > until)
            return false;
        pty_read_for(pty, 10);
    }
    while (pty_read_for(pty, 0) > 0)
        continue;
    return true;
}

int pty_wait_exit(struct pty *pty)
{
    if (!pty->ended && !wait_state(pty, 0))
        fail_with_screen(pty, "The program does not end", "");
    pty->ended = true;
    return WIFSIGNALED(pty->status) ? 128 + WTERMSIG(pty->status) : WEXITSTATUS(pty->status);
}

void pty_wait_stopped(struct pty *pty)
{
    if (!wait_state(pty, WUNTRACED) || !WIFSTOPPED(pty->status))
        fail_with_screen(pty, "The program does not stop", "");
}

void pty_assert_given_back(struct pty *pty)
{
    struct termios now;
    while (pty_read_for(pty, 0) > 0)
        continue;
    tcgetattr(pty->slave, &now);
    assert_int_equal(now.c_iflag, pty->before.c_iflag);
    assert_int_equal(now.c_oflag, pty->before.c_oflag);
    assert_int_equal(now.c_cflag, pty->before.c_cflag);
    assert_int_equal(now.c_lflag, pty->before.c_lflag);
    assert_memory_equal(now.c_cc, pty->before.c_cc, sizeof(now.c_cc));
    struct terminal_modes modes = terminal_modes(pty->terminal);
    assert_false(modes.alternate);
    assert_false(modes.cursor_hidden);
    assert_false(modes.mouse);
    assert_false(modes.sgr_mouse);
    assert_false(modes.paste);
    assert_false(modes.focus);
    assert_false(modes.synchronized);
}

void pty_golden(struct pty *pty, const char *name)
{
    struct buf actual = {0};
    terminal_golden(pty->terminal, &actual);
    golden_compare(name, &actual);
    buf_clear(&actual);
}
