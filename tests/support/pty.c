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
#include <sys/prctl.h>
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
    pid_t leader, pid; /* the one that plays the shell; the program */
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

static void run_program(const struct pty_options *options)
{
    apply_environment(options->env);
    if (options->directory && chdir(options->directory) < 0)
        _exit(126);
    execvp(options->argv[0], (char *const *)options->argv);
    fprintf(stderr, "cannot run %s: %s\n", options->argv[0], strerror(errno));
    _exit(127);
}

/*
 * Plays the shell: leads the session, puts the program into a process group of its own in the foreground and waits for it.
 * Without one the group would be an orphan, and the kernel stops no orphans.
 */
static void run_leader(const struct pty_options *options, const struct pty *pty, int report)
{
    sigset_t none;
    int status;
    /* A test that fails leaves without pty_stop(): then leader and program end with it. */
    close(pty->master);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (login_tty(pty->slave) < 0)
        _exit(126);
    signal(SIGTTOU, SIG_IGN);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0);
        tcsetpgrp(STDIN_FILENO, getpid());
        signal(SIGTTOU, SIG_DFL);
        run_program(options);
    }
    setpgid(pid, pid);
    if (write(report, &pid, sizeof(pid)) < 0)
        _exit(126);
    signal(SIGHUP, SIG_IGN);
    while (waitpid(pid, &status, 0) != pid)
        continue;
    _exit(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
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
    int report[2];
    if (pipe2(report, O_CLOEXEC) < 0 || (pty->leader = fork()) < 0)
        fail_msg("fork: %s", strerror(errno));
    if (pty->leader == 0)
        run_leader(options, pty, report[1]);
    close(report[1]);
    if (read(report[0], &pty->pid, sizeof(pty->pid)) != (ssize_t)sizeof(pty->pid))
        fail_msg("the program could not be started");
    close(report[0]);
    return pty;
}

void pty_stop(struct pty *pty)
{
    if (!pty->ended) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->leader, NULL, 0);
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
    if (!pty->ended && waitpid(pty->leader, &pty->status, WNOHANG) == pty->leader)
        pty->ended = true;
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

void pty_watch(struct pty *pty, int ms)
{
    int64_t until = clock_boot_ms() + ms;
    for (int64_t left = ms; left > 0; left = until - clock_boot_ms())
        pty_read_for(pty, (int)left);
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

static bool stopped(struct pty *pty)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pty->pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    const char *after_name = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
    fclose(file);
    return after_name && after_name[1] == ' ' && after_name[2] == 'T';
}

/* Reads on while it waits, since a program that cannot write does not end. */
static bool wait_until(struct pty *pty, bool (*reached)(struct pty *))
{
    int64_t until = clock_boot_ms() + PTY_WAIT_MS;
    while (!reached(pty)) {
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
    if (!wait_until(pty, ended))
        fail_with_screen(pty, "The program does not end", "");
    return WEXITSTATUS(pty->status);
}

void pty_wait_stopped(struct pty *pty)
{
    if (!wait_until(pty, stopped))
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
