#include "tests/support/kill_matrix.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/compiler.h"

enum { PIDS_MAX = 256, SAMPLE = 300 };

struct tracer {
    struct traced *out;
    int kill_at;
    pid_t first;
    pid_t pids[PIDS_MAX];
    int count;
};

/* <sys/ptrace.h> and <linux/ptrace.h> do not go together, so the call is made by its number. */
static long trace(long request, pid_t pid, uintptr_t address, uintptr_t data)
{
    return syscall(SYS_ptrace, request, (long)pid, address, data);
}

static const int points[] = {
    SYS_write,     SYS_writev,    SYS_pwrite64,  SYS_pwritev,  SYS_pwritev2,        SYS_fsync,
    SYS_fdatasync, SYS_renameat2, SYS_linkat,    SYS_unlinkat, SYS_mkdirat,         SYS_ftruncate,
    SYS_truncate,  SYS_fallocate, SYS_symlinkat, SYS_execve,   SYS_copy_file_range, SYS_sendfile,
    SYS_sendto,    SYS_sendmsg,   SYS_fchmod,
#ifdef SYS_rename
    SYS_rename,    SYS_renameat,  SYS_link,      SYS_unlink,   SYS_mkdir,           SYS_rmdir,
    SYS_symlink,   SYS_chmod,     SYS_creat,
#endif
};

enum { LOAD = BPF_LD | BPF_W | BPF_ABS, IS = BPF_JMP | BPF_JEQ | BPF_K, HAS = BPF_JMP | BPF_JSET | BPF_K };

static size_t opens(struct sock_filter *at, int call, int flags)
{
    const unsigned argument = (unsigned)(offsetof(struct seccomp_data, args) + (size_t)flags * sizeof(uint64_t));
    at[0] = (struct sock_filter)BPF_JUMP(IS, (unsigned)call, 0, 4);
    at[1] = (struct sock_filter)BPF_STMT(LOAD, argument);
    at[2] = (struct sock_filter)BPF_JUMP(HAS, O_CREAT, 0, 1);
    at[3] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    at[4] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    return 5;
}

/* The kernel itself picks the points out: stopping at every call would take most of the time. */
static bool stop_at_points(void)
{
    struct sock_filter code[2 * COUNT(points) + 16];
    size_t n = 0;
    code[n++] = (struct sock_filter)BPF_STMT(LOAD, offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < COUNT(points); i++) {
        code[n++] = (struct sock_filter)BPF_JUMP(IS, (unsigned)points[i], 0, 1);
        code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE);
    }
    n += opens(code + n, SYS_openat, 2);
#ifdef SYS_open
    n += opens(code + n, SYS_open, 1);
#endif
    code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog filter = {.len = (unsigned short)n, .filter = code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0;
}

static void command(const char *const *argv)
{
    /* The leak sanitizer cannot work while somebody traces; everything else of it can. */
    const char *options = getenv("ASAN_OPTIONS");
    char all[1024];
    snprintf(all, sizeof(all), "%s%sdetect_leaks=0", options ? options : "", options ? ":" : "");
    setenv("ASAN_OPTIONS", all, 1);
    if (trace(PTRACE_TRACEME, 0, 0, 0) < 0)
        _exit(126);
    raise(SIGSTOP);
    if (!stop_at_points())
        _exit(126);
    execvp(argv[0], (char *const *)argv);
    _exit(127);
}

static void forget(struct tracer *t, pid_t pid)
{
    for (int i = 0; i < t->count; i++)
        if (t->pids[i] == pid)
            t->pids[i--] = t->pids[--t->count];
}

/* True when it was not known. */
static bool remember(struct tracer *t, pid_t pid)
{
    for (int i = 0; i < t->count; i++)
        if (t->pids[i] == pid)
            return false;
    assert_true(t->count < PIDS_MAX);
    t->pids[t->count++] = pid;
    return true;
}

static void kill_all(struct tracer *t)
{
    for (int i = 0; i < t->count; i++)
        kill(t->pids[i], SIGKILL);
    t->out->killed = true;
}

/* Before a call that is a point: counts it, and kills everything there when it is the one asked for. */
static void at_point(struct tracer *t)
{
    t->out->points++;
    if (t->out->points == t->kill_at)
        kill_all(t);
}

static void handle(struct tracer *t, pid_t pid, int status)
{
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        forget(t, pid);
        if (pid == t->first)
            t->out->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return;
    }
    int sig = WSTOPSIG(status), deliver = 0;
    bool is_new = remember(t, pid);
    if (t->out->killed)
        kill(pid, SIGKILL);
    else if (status >> 8 == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
        at_point(t);
    else if (status >> 16 == 0 && !(is_new && sig == SIGSTOP))
        deliver = sig;
    trace(PTRACE_CONT, pid, 0, (uintptr_t)deliver);
}

void traced_run(struct traced *out, const char *const *argv, int kill_at)
{
    int status;
    *out = (struct traced){0};
    struct tracer t = {.out = out, .kill_at = kill_at};
    t.first = fork();
    assert_true(t.first >= 0);
    if (t.first == 0)
        command(argv);
    assert_int_equal(waitpid(t.first, &status, 0), t.first);
    assert_true(WIFSTOPPED(status));
    remember(&t, t.first);
    trace(PTRACE_SETOPTIONS, t.first, 0,
          PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
              PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
    trace(PTRACE_CONT, t.first, 0, 0);
    while (t.count) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno == EINTR)
            continue;
        if (pid < 0)
            break;
        handle(&t, pid, status);
    }
}

/* Without a tracer, which would cost more than the command itself. */
static int plain_run(const char *const *argv)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    while (waitpid(pid, &status, 0) < 0)
        assert_int_equal(errno, EINTR);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* To the first line that differs. */
static void skip_same_lines(const char **a, const char **b)
{
    for (;;) {
        size_t len = strcspn(*a, "\n");
        if (!(*a)[len] || strncmp(*a, *b, len + 1) != 0)
            return;
        *a += len + 1;
        *b += len + 1;
    }
}

static void check_point(const struct kill_matrix *matrix, int point, const char *expected)
{
    struct traced killed;
    matrix->reset(matrix->context);
    traced_run(&killed, matrix->run, point);
    /* Resumed also where the run had fewer points this time: resuming a finished run must be harmless. */
    int resumed = plain_run(matrix->resume);
    if (resumed != 0)
        fail_msg("%s: killed at point %d, the resume ended with %d", matrix->name, point, resumed);
    char *digest = matrix->digest(matrix->context);
    if (strcmp(digest, expected) != 0) {
        const char *is = digest, *was = expected;
        skip_same_lines(&is, &was);
        fail_msg("%s: killed at point %d, the end is not that of an uninterrupted run:\n%.400s\ninstead of\n%.400s",
                 matrix->name, point, is, was);
    }
    free(digest);
}

void kill_matrix_check(const struct kill_matrix *matrix)
{
    struct traced whole;
    matrix->reset(matrix->context);
    traced_run(&whole, matrix->run, 0);
    if (whole.status != 0)
        fail_msg("%s: the uninterrupted run ended with %d", matrix->name, whole.status);
    char *expected = matrix->digest(matrix->context);
    const char *all = getenv("SIGNALBOX_KILL_ALL");
    int sample = matrix->sample ? matrix->sample : SAMPLE;
    int stride = all && *all == '1' ? 1 : (whole.points + sample - 1) / sample, tried = 0;
    stride = stride < 1 ? 1 : stride;
    for (int point = 1; point <= whole.points; point += stride, tried++)
        check_point(matrix, point, expected);
    printf("%s: %d points, %d of them killed at%s\n", matrix->name, whole.points, tried,
           stride > 1 ? " (all with SIGNALBOX_KILL_ALL=1)" : "");
    free(expected);
}
