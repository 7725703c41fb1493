#include "ui/ask_server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

int ask_server_open(struct ask_server *out, struct error *err)
{
    struct ask_server server = {.fd = -1, .asker = -1};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    server.directory = path_join(runtime_directory(), "signalbox-XXXXXX");
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
