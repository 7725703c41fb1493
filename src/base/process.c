#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

enum { ERR_KEPT = 64 * 1024, OUT_DEFAULT = 64 * 1024 * 1024, GRACE_MS = 500 };

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
    sigemptyset(&defaults);
    /* The console blocks signals and ignores SIGPIPE; a child must start with neither. */
    sigaddset(&defaults, SIGPIPE);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    sigaddset(&defaults, SIGHUP);
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

static int start(struct child *child, const struct process *process, struct error *err)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, error[2] = {-1, -1};
    *child = (struct child){.pid = -1, .pidfd = -1, .in = -1, .out = -1, .err = -1};
    bool ready = pipe2(out, O_CLOEXEC) == 0 && pipe2(error, O_CLOEXEC) == 0;
    if (ready && process->input)
        ready = pipe2(in, O_CLOEXEC) == 0;
    else if (ready)
        ready = (in[0] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;
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
    errno = failed;
    return error_errno(err, failed == ENOENT ? ERROR_NOT_FOUND : ERROR_FAILED, "Cannot run %s",
                       process->argv[0]);
}

static void feed(struct child *child, const struct process *process, size_t *fed)
{
    ssize_t put = write(child->in, (const char *)process->input + *fed, process->input_len - *fed);
    if (put > 0)
        *fed += (size_t)put;
    /* A child that reads no more (EPIPE) is not our failure; its status tells. */
    if (*fed == process->input_len || (put < 0 && errno != EAGAIN && errno != EINTR))
        close_fd(&child->in);
}

static void drain_err(struct child *child, struct buf *err)
{
    char *end = buf_reserve(err, 16384);
    ssize_t got = read(child->err, end, 16384);
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

static int drain_out(struct child *child, struct process_result *result, const struct process *process,
                     struct error *err)
{
    size_t limit = process->output_limit ? process->output_limit : OUT_DEFAULT;
    char *end = buf_reserve(&result->out, 65536);
    ssize_t got = read(child->out, end, 65536);
    if (got > 0 && process->on_output) {
        process->on_output(process->context, end, (size_t)got);
        end[0] = 0;
    } else if (got > 0) {
        result->out.len += (size_t)got;
        result->out.bytes[result->out.len] = 0;
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        close_fd(&child->out);
    }
    if (result->out.len <= limit)
        return 0;
    error_set(err, ERROR_INVALID, "%s printed too much", process->argv[0]);
    return error_why(err, "more than %zu bytes", limit);
}

static void set_nonblocking(int fd)
{
    if (fd >= 0)
        fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/*
 * Moves bytes until the child has ended and what it wrote is read. A grandchild that keeps the pipes open (a daemon a
 * hook left behind) is not waited for.
 */
static int converse(struct child *child, struct process_result *result, const struct process *process,
                    const struct call *call, struct error *err)
{
    size_t fed = 0;
    bool ended = false;
    set_nonblocking(child->in);
    set_nonblocking(child->out);
    set_nonblocking(child->err);
    while (!ended || child->out >= 0 || child->err >= 0) {
        struct pollfd fds[] = {
            {.fd = child->in, .events = POLLOUT},
            {.fd = child->out, .events = POLLIN},
            {.fd = child->err, .events = POLLIN},
            {.fd = ended ? -1 : child->pidfd, .events = POLLIN},
            {.fd = call->cancel ? call->cancel->fd : -1, .events = POLLIN},
        };
        int ready = poll(fds, COUNT(fds), ended ? 0 : call_left_ms(call));
        if (ready < 0 && errno != EINTR)
            return error_errno(err, ERROR_FAILED, "Cannot wait for %s", process->argv[0]);
        if (!ended && call_check(call, process->argv[0], err) < 0)
            return -1;
        if (ready <= 0 && ended)
            return 0;
        if (ready <= 0)
            continue;
        if (fds[0].revents)
            feed(child, process, &fed);
        if (fds[1].revents && drain_out(child, result, process, err) < 0)
            return -1;
        if (fds[2].revents)
            drain_err(child, &result->err);
        ended = ended || fds[3].revents;
    }
    return 0;
}

/* Asks the whole group to end, then makes it. */
static void stop(struct child *child)
{
    kill(-child->pid, SIGTERM);
    struct pollfd ended = {.fd = child->pidfd, .events = POLLIN};
    if (poll(&ended, 1, GRACE_MS) <= 0)
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
    int outcome = child.pidfd < 0 ? error_errno(err, ERROR_FAILED, "Cannot watch %s", process->argv[0])
                                  : converse(&child, result, process, call, err);
    if (outcome < 0)
        stop(&child);
    close_fd(&child.in);
    close_fd(&child.out);
    close_fd(&child.err);
    int status = 0;
    while (waitpid(child.pid, &status, 0) < 0 && errno == EINTR)
        ;
    close_fd(&child.pidfd);
    result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
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
