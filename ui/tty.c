#include "ui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { SEQUENCE_MAX = 512, GIVE_BACK_WAIT_MS = 100, HANDLER_STACK = 64 * 1024 };

/* Signals that end the process: the terminal is given back, then they do what they did before. */
static const int fatal[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

static struct {
    int fd, wake_fd;
    bool opened;
    atomic_int taken, suspended, continued; /* lock-free: read and set by handlers */
    struct termios before, raw;
    char enter[SEQUENCE_MAX], leave[SEQUENCE_MAX];
    size_t enter_len, leave_len;
    struct sigaction old_fatal[COUNT(fatal)], old_stop, old_continue;
    bool ignored[COUNT(fatal)];
    void *stack; /* for handlers, so that an overflowed stack is survived */
} tty = {.fd = -1, .wake_fd = -1};

/* What a blocked terminal does not take in a moment is lost: giving back must never hang. */
static void write_some(const char *bytes, size_t len)
{
    while (len) {
        ssize_t sent = write(tty.fd, bytes, len);
        if (sent > 0) {
            bytes += sent;
            len -= (size_t)sent;
            continue;
        }
        struct pollfd wait = {.fd = tty.fd, .events = POLLOUT};
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            return;
        if (poll(&wait, 1, GIVE_BACK_WAIT_MS) <= 0)
            return;
    }
}

void tty_give_back(void)
{
    if (!atomic_exchange(&tty.taken, 0))
        return;
    write_some(tty.leave, tty.leave_len);
    /* NOW, not DRAIN: a terminal that takes no bytes would keep us here. */
    tcsetattr(tty.fd, TCSANOW, &tty.before);
}

static bool in_foreground(void)
{
    return tcgetpgrp(tty.fd) == getpgrp();
}

void tty_take(void)
{
    /* In the background tcsetattr would stop us; fg sends CONT, and then it is time. */
    if (!in_foreground() || atomic_exchange(&tty.taken, 1))
        return;
    tcsetattr(tty.fd, TCSANOW, &tty.raw);
    write_some(tty.enter, tty.enter_len);
}

static void take_again(void)
{
    if (atomic_load(&tty.suspended))
        return;
    /* Whoever had the terminal meanwhile left it in a state of its own: everything is said again. */
    atomic_store(&tty.taken, 0);
    tty_take();
    if (!atomic_load(&tty.taken))
        return;
    atomic_store(&tty.continued, 1);
    uint64_t one = 1;
    if (write(tty.wake_fd, &one, sizeof(one)) < 0)
        return; /* it is readable already */
}

static void on_fatal(int signal, siginfo_t *info, void *context UNUSED)
{
    int saved = errno;
    bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL;
    tty_give_back();
    for (size_t i = 0; i < COUNT(fatal); i++)
        if (fatal[i] == signal)
            sigaction(signal, &tty.old_fatal[i], NULL);
    /* A true fault happens again on return and meets the handler that was there before; others are raised again. */
    if (!fault || info->si_code <= 0)
        raise(signal);
    errno = saved;
}

static void on_stop(int signal UNUSED)
{
    int saved = errno;
    struct sigaction ours, standard = {.sa_handler = SIG_DFL};
    sigset_t stop, old;
    tty_give_back();
    sigaction(SIGTSTP, &standard, &ours);
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &old); /* here it stops */
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    sigaction(SIGTSTP, &ours, NULL);
    if (!atomic_load(&tty.taken))
        take_again();
    errno = saved;
}

static void on_continue(int signal UNUSED)
{
    int saved = errno;
    take_again();
    errno = saved;
}

static void install(void)
{
    stack_t stack = {.ss_sp = tty.stack = malloc(HANDLER_STACK), .ss_size = HANDLER_STACK};
    if (stack.ss_sp)
        sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigfillset(&action.sa_mask);
    for (size_t i = 0; i < COUNT(fatal); i++) {
        sigaction(fatal[i], NULL, &tty.old_fatal[i]);
        /* What nohup ignores stays ignored. */
        tty.ignored[i] = tty.old_fatal[i].sa_handler == SIG_IGN && !(tty.old_fatal[i].sa_flags & SA_SIGINFO);
        if (!tty.ignored[i])
            sigaction(fatal[i], &action, NULL);
    }
    struct sigaction stop = {.sa_handler = on_stop, .sa_flags = SA_RESTART};
    struct sigaction cont = {.sa_handler = on_continue, .sa_flags = SA_RESTART};
    sigfillset(&stop.sa_mask);
    sigdelset(&stop.sa_mask, SIGCONT);
    sigfillset(&cont.sa_mask);
    sigaction(SIGTSTP, &stop, &tty.old_stop);
    sigaction(SIGCONT, &cont, &tty.old_continue);
}

static void uninstall(void)
{
    for (size_t i = 0; i < COUNT(fatal); i++)
        if (!tty.ignored[i])
            sigaction(fatal[i], &tty.old_fatal[i], NULL);
    sigaction(SIGTSTP, &tty.old_stop, NULL);
    sigaction(SIGCONT, &tty.old_continue, NULL);
    stack_t none = {.ss_flags = SS_DISABLE};
    if (tty.stack)
        sigaltstack(&none, NULL);
    free(tty.stack);
    tty.stack = NULL;
}

static void make_raw(void)
{
    tty.raw = tty.before;
    tty.raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    tty.raw.c_oflag &= ~(tcflag_t)OPOST;
    tty.raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    tty.raw.c_cc[VMIN] = 1;
    tty.raw.c_cc[VTIME] = 0;
}

int tty_open(struct error *err)
{
    static bool at_exit;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_set(err, ERROR_REFUSED, "The console needs a terminal");
        error_why(err, "Standard input or output is a file or a pipe");
        return error_todo(err, "Use the commands instead: signalbox help lists them");
    }
    char path[PATH_MAX] = "";
    int flags = O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    tty.fd = open("/dev/tty", flags);
    if (tty.fd < 0 && ttyname_r(STDOUT_FILENO, path, sizeof(path)) == 0)
        tty.fd = open(path, flags);
    if (tty.fd < 0 || tcgetattr(tty.fd, &tty.before) < 0) {
        error_errno(err, ERROR_REFUSED, "The terminal cannot be opened");
        tty_close();
        return -1;
    }
    tty.wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    make_raw();
    install();
    tty.opened = true;
    if (!at_exit)
        atexit(tty_give_back);
    at_exit = true;
    return 0;
}

void tty_sequences(const char *enter, size_t enter_len, const char *leave, size_t leave_len)
{
    tty.enter_len = enter_len < SEQUENCE_MAX ? enter_len : SEQUENCE_MAX;
    tty.leave_len = leave_len < SEQUENCE_MAX ? leave_len : SEQUENCE_MAX;
    memcpy(tty.enter, enter, tty.enter_len);
    memcpy(tty.leave, leave, tty.leave_len);
}

bool tty_taken(void)
{
    return atomic_load(&tty.taken);
}

void tty_suspend(void)
{
    atomic_store(&tty.suspended, 1);
    tty_give_back();
}

void tty_resume(void)
{
    atomic_store(&tty.suspended, 0);
    tty_take();
}

void tty_stop(void)
{
    raise(SIGTSTP);
}

bool tty_continued(void)
{
    uint64_t count;
    if (!atomic_exchange(&tty.continued, 0))
        return false;
    ssize_t ignored UNUSED = read(tty.wake_fd, &count, sizeof(count));
    return true;
}

int tty_fd(void)
{
    return tty.fd;
}

int tty_wake_fd(void)
{
    return tty.wake_fd;
}

void tty_size(int *rows, int *cols)
{
    struct winsize size = {0};
    ioctl(tty.fd, TIOCGWINSZ, &size);
    /* A serial line knows no size; this is what terminals had. */
    *rows = size.ws_row ? size.ws_row : 24;
    *cols = size.ws_col ? size.ws_col : 80;
}

void tty_drop_input(void)
{
    tcflush(tty.fd, TCIFLUSH);
}

void tty_close(void)
{
    tty_give_back();
    if (tty.opened)
        uninstall();
    if (tty.fd >= 0)
        close(tty.fd);
    if (tty.wake_fd >= 0)
        close(tty.wake_fd);
    tty.fd = tty.wake_fd = -1;
    tty.opened = false;
    atomic_store(&tty.suspended, 0);
    atomic_store(&tty.continued, 0);
}
