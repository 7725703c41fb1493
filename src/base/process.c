#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/param.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum {
    READ_SIZE = 64 * 1024,
    STREAM_ROOM = 256 * 1024,
    ERR_KEPT = 64 * 1024,
    OUT_DEFAULT = 64 * 1024 * 1024,
    GRACE_MS = 1000,
    LAST_MS = 50,
};

/* Our ends of the child's streams, its pid and its pidfd; -1 what is closed. */
struct child {
    pid_t pid;
    int pidfd, in, out, err;
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static bool names(const char *entry, const char *setting)
{
    size_t len = strcspn(setting, "=");
    return strncmp(entry, setting, len) == 0 && entry[len] == '=';
}

/* Our environment with the settings put over it. The strings stay with their owners; the caller frees the array. */
static char **merged_environment(const char *const *settings)
{
    size_t ours = 0, theirs = 0;
    while (environ[ours])
        ours++;
    while (settings && settings[theirs])
        theirs++;
    char **merged = mem_array(ours + theirs + 1, sizeof(*merged));
    size_t count = 0;
    for (size_t i = 0; i < ours; i++) {
        bool replaced = false;
        for (size_t j = 0; j < theirs && !replaced; j++)
            replaced = names(environ[i], settings[j]);
        if (!replaced)
            merged[count++] = environ[i];
    }
    for (size_t j = 0; j < theirs; j++)
        if (strchr(settings[j], '='))
            merged[count++] = (char *)settings[j];
    return merged;
}

static void prepare_attributes(posix_spawnattr_t *attributes)
{
    sigset_t none, defaults;
    sigemptyset(&none);
    /* The console blocks signals and ignores some; a child must start with none blocked or ignored. */
    sigfillset(&defaults);
    posix_spawnattr_init(attributes);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &defaults);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

/* Spawns with the three streams given; 0 or an errno. */
static int spawn_with(pid_t *pid, const struct process *process, const int streams[3])
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, streams[i], i);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (process->directory)
        posix_spawn_file_actions_addchdir_np(&actions, process->directory);
    prepare_attributes(&attributes);
    char **environment = merged_environment(process->env);
    int failed =
        posix_spawnp(pid, process->argv[0], &actions, &attributes, (char *const *)process->argv, environment);
    free(environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* Moves an end out of the way of the standard streams, which may be closed in our own process. */
static void keep_above_streams(int fds[2])
{
    for (int i = 0; i < 2; i++) {
        if (fds[i] < 0 || fds[i] > STDERR_FILENO)
            continue;
        int moved = fcntl(fds[i], F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        close_fd(&fds[i]);
        fds[i] = moved;
    }
}

/* The pipes of the three streams; in[1] stays -1 when there is nothing to feed. */
static bool open_streams(int in[2], int out[2], int error[2], bool feeding)
{
    bool open_all = pipe2(out, O_CLOEXEC) == 0 && pipe2(error, O_CLOEXEC) == 0;
    if (open_all && feeding)
        open_all = pipe2(in, O_CLOEXEC) == 0;
    else if (open_all)
        open_all = (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
    keep_above_streams(in);
    keep_above_streams(out);
    keep_above_streams(error);
    return open_all;
}

static int start_failed(int failed, const struct process *process, struct error *err)
{
    if (failed == ENOENT && process->directory && access(process->directory, F_OK) < 0) {
        error_set(err, ERROR_NOT_FOUND, "Cannot run %s", process->argv[0]);
        return error_why(err, "the directory %s is not there", process->directory);
    }
    errno = failed;
    error_errno(err, failed == ENOENT ? ERROR_NOT_FOUND : ERROR_FAILED, "Cannot run %s", process->argv[0]);
    if (failed == ENOENT)
        error_todo(err, "Install %s, or add where it is to PATH", process->argv[0]);
    return -1;
}

static int start(struct child *child, const struct process *process, struct error *err)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, error[2] = {-1, -1};
    *child = (struct child){.pid = -1, .pidfd = -1, .in = -1, .out = -1, .err = -1};
    bool ready = open_streams(in, out, error, process->input != NULL);
    int failed = ready ? spawn_with(&child->pid, process, (int[]){in[0], out[1], error[1]}) : errno;
    close_fd(&in[0]);
    close_fd(&out[1]);
    close_fd(&error[1]);
    child->in = in[1];
    child->out = out[0];
    child->err = error[0];
    if (!failed)
        return 0;
    close_fd(&child->in);
    close_fd(&child->out);
    close_fd(&child->err);
    return start_failed(failed, process, err);
}

/* write() that answers EPIPE instead of ending our process, whatever the rest of the program does with SIGPIPE. */
static ssize_t write_quietly(int fd, const void *bytes, size_t len)
{
    sigset_t pipe_signal, before, pending;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
    ssize_t put = write(fd, bytes, len);
    int failed = errno;
    if (put < 0 && failed == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe_signal, NULL, &(struct timespec){0});
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = failed;
    return put;
}

static void feed(struct child *child, const struct process *process, size_t *fed)
{
    ssize_t put = write_quietly(child->in, (const char *)process->input + *fed, process->input_len - *fed);
    if (put > 0)
        *fed += (size_t)put;
    /* A child that reads no more (EPIPE) is not our failure; its status tells. */
    if (*fed == process->input_len || (put < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&child->in);
}

static void drain_err(struct child *child, struct buf *err)
{
    char *end = buf_reserve(err, READ_SIZE);
    ssize_t got = read(child->err, end, READ_SIZE);
    if (got > 0)
        err->len += (size_t)got;
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        close_fd(&child->err);
    if (err->len > ERR_KEPT) {
        memmove(err->bytes, err->bytes + err->len - ERR_KEPT, ERR_KEPT);
        err->len = ERR_KEPT;
    }
    err->bytes[err->len] = 0;
}

enum outcome { GOES_ON, ENOUGH, FAILED };

static enum outcome drain_out(struct child *child, struct process_result *result, const struct process *process,
                              struct error *err)
{
    size_t limit = process->output_limit ? process->output_limit : OUT_DEFAULT;
    char *end = buf_reserve(&result->out, READ_SIZE);
    ssize_t got = read(child->out, end, READ_SIZE);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&child->out);
    if (got > 0 && process->on_output) {
        int enough = process->on_output(process->context, end, (size_t)got);
        end[0] = 0;
        return enough ? ENOUGH : GOES_ON;
    }
    end[got > 0 ? got : 0] = 0;
    if (got <= 0)
        return GOES_ON;
    result->out.len += (size_t)got;
    if (result->out.len <= limit)
        return GOES_ON;
    error_set(err, ERROR_INVALID, "%s printed too much", process->argv[0]);
    error_why(err, "more than %zu bytes", limit);
    return FAILED;
}

static void set_nonblocking(int fd)
{
    if (fd >= 0)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static size_t waiting_in(int fd)
{
    int waiting = 0;
    return fd >= 0 && ioctl(fd, FIONREAD, &waiting) == 0 ? (size_t)waiting : 0;
}

static enum outcome listen_to_end(struct child *child, struct process_result *result, const struct process *process,
                                  struct error *err)
{
    for (size_t left = waiting_in(child->err); left && child->err >= 0; left -= MIN(left, READ_SIZE))
        drain_err(child, &result->err);
    enum outcome outcome = GOES_ON;
    for (size_t left = waiting_in(child->out); left && child->out >= 0 && outcome == GOES_ON;
         left -= MIN(left, READ_SIZE))
        outcome = drain_out(child, result, process, err);
    return outcome == FAILED ? FAILED : ENOUGH;
}

/* What is still to be told about the wait, and when. */
struct waiting {
    struct text words;
    int64_t tell_ms;
};

/* For poll(): until the deadline, or until it is time to tell what is waited for, which is told then. */
static int wait_timeout(struct waiting *waiting, const struct call *call)
{
    int left = call_left_ms(call);
    if (!waiting->words.len)
        return left;
    int64_t until = waiting->tell_ms - clock_boot_ms();
    if (until > 0)
        return left < 0 || until < left ? (int)until : left;
    call_waits(call, waiting->words);
    waiting->words = (struct text){0};
    return left;
}

/*
 * Moves bytes until the child has ended. What then still lies in the pipes was written before its end and is read too,
 * but a grandchild that keeps them open (a daemon that a hook left behind) is neither waited for nor listened to.
 */
static enum outcome converse(struct child *child, struct process_result *result, const struct process *process,
                             const struct call *call, struct error *err)
{
    size_t fed = 0;
    set_nonblocking(child->in);
    set_nonblocking(child->out);
    set_nonblocking(child->err);
    /* Whoever reads a stream of unknown length reads it while it is written: room, so that both run at once. */
    if (process->on_output)
        fcntl(child->out, F_SETPIPE_SZ, STREAM_ROOM);
    struct waiting waiting = {process->waits_for, clock_boot_ms() + CALL_WAITS_MS};
    for (;;) {
        int timeout = wait_timeout(&waiting, call);
        struct pollfd fds[] = {
            {.fd = child->in, .events = POLLOUT},
            {.fd = child->out, .events = POLLIN},
            {.fd = child->err, .events = POLLIN},
            {.fd = child->pidfd, .events = POLLIN},
            {.fd = call->cancel ? call->cancel->fd : -1, .events = POLLIN},
        };
        if (poll(fds, COUNT(fds), timeout) < 0 && errno != EINTR) {
            error_errno(err, ERROR_FAILED, "Cannot wait for %s", process->argv[0]);
            return FAILED;
        }
        if (fds[3].revents)
            return listen_to_end(child, result, process, err);
        if (call_check(call, process->argv[0], err) < 0)
            return FAILED;
        if (fds[0].revents)
            feed(child, process, &fed);
        if (fds[2].revents)
            drain_err(child, &result->err);
        enum outcome outcome = fds[1].revents ? drain_out(child, result, process, err) : GOES_ON;
        if (outcome != GOES_ON)
            return outcome;
    }
}

/*
 * Asks the whole group to end, then makes it. Until we have waited for the leader its group cannot be anybody else's,
 * so the second signal also finds those who outlived it; they get a moment to take their lock files away.
 */
static void stop(struct child *child)
{
    kill(-child->pid, SIGTERM);
    struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};
    if (poll(&ended, 1, GRACE_MS) > 0)
        poll(NULL, 0, LAST_MS);
    kill(-child->pid, SIGKILL);
}

int process_run(struct process_result *result, const struct process *process, const struct call *call,
                struct error *err)
{
    struct child child;
    *result = (struct process_result){0};
    if (call_check(call, process->argv[0], err) < 0 || start(&child, process, err) < 0)
        return -1;
    child.pidfd = (int)syscall(SYS_pidfd_open, child.pid, 0);
    enum outcome outcome = FAILED;
    if (child.pidfd < 0)
        error_errno(err, ERROR_FAILED, "Cannot watch %s", process->argv[0]);
    else
        outcome = converse(&child, result, process, call, err);
    siginfo_t ended = {0};
    if (waitid(P_PID, (id_t)child.pid, &ended, WEXITED | WNOHANG | WNOWAIT) < 0 || !ended.si_pid)
        stop(&child);
    close_fd(&child.in);
    close_fd(&child.out);
    close_fd(&child.err);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
        ;
    close_fd(&child.pidfd);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome == FAILED ? -1 : 0;
}

int process_check(struct process_result *result, const struct process *process, const struct call *call,
                  struct error *err)
{
    if (process_run(result, process, call, err) < 0)
        return -1;
    if (result->status == 0)
        return 0;
    const char *said = buf_string(&result->err);
    size_t len = result->err.len;
    while (len && (said[len - 1] == '\n' || said[len - 1] == ' '))
        len--;
    size_t start = len > 600 ? len - 600 : 0;
    error_set(err, ERROR_FAILED, "%s%s%s failed (status %d)", process->argv[0], process->argv[1] ? " " : "",
              process->argv[1] ? process->argv[1] : "", result->status);
    return error_why(err, "%.*s", (int)(len - start), said + start);
}

void process_result_clear(struct process_result *result)
{
    buf_clear(&result->out);
    buf_clear(&result->err);
}
