#include "ui/ask_server.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum { QUESTION_LIMIT = 4096 };

static const char *runtime_directory(void)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR"), *temporary = getenv("TMPDIR");
    /* A path of a socket has 108 bytes at most. */
    if (runtime && *runtime == '/' && strlen(runtime) < 60 && access(runtime, W_OK) == 0)
        return runtime;
    return temporary && *temporary == '/' && strlen(temporary) < 60 ? temporary : "/tmp";
}

/* "signalbox-BOOT-PID-": who made it, so that what a killed console left behind can be told from what is in use. */
static const char name_start[] = "signalbox-";
enum { BOOT_DIGITS = 8 };

static void boot_digits(char out[BOOT_DIGITS + 1])
{
    CLEANUP(buf_clear) struct buf id = {0};
    struct error ignored;
    snprintf(out, BOOT_DIGITS + 1, "%s", "00000000");
    if (file_read(&id, "/proc/sys/kernel/random/boot_id", 128, &ignored) == 0 && id.len >= BOOT_DIGITS)
        memcpy(out, id.bytes, BOOT_DIGITS);
}

/* Nobody listens there any more. Asked last: a process of another namespace has a number we cannot look up. */
static bool refuses(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return false;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return false;
    bool refused = connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 &&
                   (errno == ECONNREFUSED || errno == ENOENT);
    close(fd);
    return refused;
}

static void remove_if_dead(const char *runtime, const char *name, const char *boot)
{
    char theirs[BOOT_DIGITS + 1];
    int pid = 0, end = 0;
    struct stat about;
    if (sscanf(name + strlen(name_start), "%8[0-9a-f]-%d-%n", theirs, &pid, &end) < 2 || end == 0 || pid <= 0)
        return;
    CLEANUP(free_string) char *directory = path_join(runtime, name);
    CLEANUP(free_string) char *path = path_join(directory, "ask");
    if (lstat(directory, &about) < 0 || !S_ISDIR(about.st_mode) || about.st_uid != getuid())
        return;
    bool same_boot = strcmp(theirs, boot) == 0;
    if (same_boot && ((kill(pid, 0) == 0 || errno == EPERM) || !refuses(path)))
        return;
    unlink(path);
    rmdir(directory);
}

/* A console that was killed could not clean up after itself: the next one does. */
static void remove_dead(const char *runtime, const char *boot)
{
    DIR *directory = opendir(runtime);
    struct dirent *entry;
    while (directory && (entry = readdir(directory))) {
        if (strncmp(entry->d_name, name_start, strlen(name_start)) == 0)
            remove_if_dead(runtime, entry->d_name, boot);
    }
    if (directory)
        closedir(directory);
}

int ask_server_open(struct ask_server *out, struct error *err)
{
    struct ask_server server = {.fd = -1, .asker = -1};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char boot[BOOT_DIGITS + 1], name[64];
    boot_digits(boot);
    remove_dead(runtime_directory(), boot);
    snprintf(name, sizeof(name), "%s%s-%d-XXXXXX", name_start, boot, (int)getpid());
    server.directory = path_join(runtime_directory(), name);
    if (!mkdtemp(server.directory)) {
        error_errno(err, ERROR_FAILED, "Cannot make a directory for questions of git in %s", runtime_directory());
        free(server.directory);
        return -1;
    }
    server.path = path_join(server.directory, "ask");
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", server.path);
    server.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server.fd < 0 || bind(server.fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
        listen(server.fd, 8) < 0) {
        error_errno(err, ERROR_FAILED, "Cannot listen for questions of git at %s", server.path);
        ask_server_close(&server);
        return -1;
    }
    setenv("SIGNALBOX_ASKPASS_SOCKET", server.path, 1);
    *out = server;
    return 0;
}

static void hang_up(struct ask_server *server)
{
    if (server->asker >= 0)
        close(server->asker);
    server->asker = -1;
    server->asked = false;
    buf_truncate(&server->question, 0);
}

void ask_server_close(struct ask_server *server)
{
    hang_up(server);
    if (server->fd >= 0)
        close(server->fd);
    server->fd = -1;
    if (server->path)
        unlink(server->path);
    if (server->directory)
        rmdir(server->directory);
    free(server->path);
    free(server->directory);
    buf_clear(&server->question);
    server->path = server->directory = NULL;
}

int ask_server_fd(const struct ask_server *server)
{
    return server->asker >= 0 ? server->asker : server->fd;
}

bool ask_server_read(struct ask_server *server)
{
    char bytes[512];
    if (server->asker < 0) {
        /* cppcheck-suppress nullPointer ; who asks has no address that matters */
        server->asker = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        return false;
    }
    ssize_t got = read(server->asker, bytes, sizeof(bytes));
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return false;
    if (got <= 0 || server->question.len + (size_t)got > QUESTION_LIMIT) {
        bool was = server->asked;
        hang_up(server);
        return was;
    }
    if (server->asked)
        return false;
    buf_add(&server->question, bytes, (size_t)got);
    char *end = memchr(server->question.bytes, '\n', server->question.len);
    if (!end)
        return false;
    buf_truncate(&server->question, (size_t)(end - server->question.bytes));
    server->asked = true;
    return true;
}

void ask_server_answer(struct ask_server *server, const char *answer)
{
    if (server->asker >= 0 && answer) {
        struct buf line = {0};
        buf_addf(&line, "%s\n", answer);
        /* A line is far shorter than a socket's buffer; an asker that has gone is no fault of ours. */
        ssize_t sent = send(server->asker, line.bytes, line.len, MSG_NOSIGNAL);
        (void)sent;
        explicit_bzero(line.bytes, line.len);
        buf_clear(&line);
    }
    hang_up(server);
}

bool ask_is_secret(const char *question)
{
    return !strstr(question, "(yes/no") && strncmp(question, "Username", 8) != 0;
}
