#include "tests/support/http_git.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/process.h"

enum { HEAD_MAX = 16 * 1024, BODY_MAX = 16 * 1024 * 1024, CONNECTION_S = 60, BACKEND_MS = 30000 };

/* One request; the connection is closed after it. */
struct request {
    char head[HEAD_MAX];
    char method[16], path[2048], query[2048];
    const char *body; /* what came with the head already */
    size_t body_len;
    struct buf whole;
};

static void answer(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = send(fd, bytes, len, MSG_NOSIGNAL);
        if (put <= 0)
            return;
        bytes += put;
        len -= (size_t)put;
    }
}

static bool read_head(struct request *r, int fd)
{
    size_t len = 0;
    char *end = NULL;
    while (!end && len < sizeof(r->head) - 1) {
        ssize_t got = recv(fd, r->head + len, sizeof(r->head) - 1 - len, 0);
        if (got <= 0)
            return false;
        len += (size_t)got;
        r->head[len] = 0;
        end = strstr(r->head, "\r\n\r\n");
    }
    if (!end)
        return false;
    end[2] = 0;
    r->body = end + 4;
    r->body_len = len - (size_t)(end + 4 - r->head);
    char target[2048];
    if (sscanf(r->head, "%15s %2047s", r->method, target) != 2)
        return false;
    char *mark = strchr(target, '?');
    snprintf(r->query, sizeof(r->query), "%s", mark ? mark + 1 : "");
    if (mark)
        *mark = 0;
    snprintf(r->path, sizeof(r->path), "%s", target);
    return true;
}

/* The value of a header into out; "" when it is not there. */
static const char *header(const struct request *r, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);
    out[0] = 0;
    for (const char *line = r->head; (line = strstr(line, "\r\n")) && line[2];) {
        line += 2;
        if (strncasecmp(line, name, len) == 0 && line[len] == ':')
            snprintf(out, size, "%.*s", (int)strcspn(line + len + 2, "\r"), line + len + 2);
    }
    return out;
}

static bool read_body(struct request *r, int fd)
{
    char length[32];
    size_t wanted = (size_t)strtoul(header(r, "Content-Length", length, sizeof(length)), NULL, 10);
    if (wanted > BODY_MAX)
        return false;
    buf_add(&r->whole, r->body, r->body_len);
    while (r->whole.len < wanted) {
        char *end = buf_reserve(&r->whole, wanted - r->whole.len);
        ssize_t got = recv(fd, end, wanted - r->whole.len, 0);
        if (got <= 0)
            return false;
        r->whole.len += (size_t)got;
        end[got] = 0;
    }
    return true;
}

static void run_backend(const struct request *r, int fd, const char *root)
{
    static const char *const names[] = {"Content-Type", "Content-Encoding", "Git-Protocol"};
    static const char *const variables[] = {"CONTENT_TYPE", "HTTP_CONTENT_ENCODING", "GIT_PROTOCOL"};
    char value[512], number[32];
    setenv("GIT_PROJECT_ROOT", root, 1);
    setenv("GIT_HTTP_EXPORT_ALL", "1", 1);
    setenv("REQUEST_METHOD", r->method, 1);
    setenv("PATH_INFO", r->path, 1);
    setenv("QUERY_STRING", r->query, 1);
    setenv("REMOTE_USER", "tester", 1);
    setenv("REMOTE_ADDR", "127.0.0.1", 1);
    snprintf(number, sizeof(number), "%zu", r->whole.len);
    setenv("CONTENT_LENGTH", number, 1);
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(variables[i], header(r, names[i], value, sizeof(value)), 1);
    const struct process process = {.argv = (const char *const[]){"git", "http-backend", NULL},
                                    .input = buf_string(&r->whole),
                                    .input_len = r->whole.len};
    struct process_result result;
    struct error err;
    const struct call call = call_within(&(struct call){0}, BACKEND_MS);
    if (process_run(&result, &process, &call, &err) < 0)
        return;
    const char *status =
        result.out.len > 8 && strncmp(result.out.bytes, "Status: ", 8) == 0 ? result.out.bytes + 8 : "200 OK";
    struct buf head = {0};
    buf_addf(&head, "HTTP/1.1 %.*s\r\nConnection: close\r\n", (int)strcspn(status, "\r\n"), status);
    answer(fd, head.bytes, head.len);
    answer(fd, buf_string(&result.out), result.out.len);
    buf_clear(&head);
    process_result_clear(&result);
}

static void serve(int fd, const char *root, const char *expected)
{
    static const char denied[] = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"\r\n"
                                 "Content-Length: 0\r\nConnection: close\r\n\r\n";
    static struct request request;
    char given[512];
    if (!read_head(&request, fd) || !read_body(&request, fd))
        return;
    if (strcmp(header(&request, "Authorization", given, sizeof(given)), expected) == 0)
        run_backend(&request, fd, root);
    else
        answer(fd, denied, sizeof(denied) - 1);
    buf_clear(&request.whole);
}

/* A process of its own each, so that one that hangs harms nobody and its environment is its own. */
static void serve_all(int listener, const char *root, const char *expected)
{
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (fork() == 0) {
            signal(SIGCHLD, SIG_DFL);
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            alarm(CONNECTION_S);
            close(listener);
            serve(fd, root, expected);
            shutdown(fd, SHUT_WR);
            _exit(0);
        }
        close(fd);
    }
}

void http_git_start(struct http_git *server, const char *root, const char *name_and_password)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char expected[512] = "Basic ";
    EVP_EncodeBlock((unsigned char *)expected + 6, (const unsigned char *)name_and_password,
                    (int)strlen(name_and_password));
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 16) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        fail_msg("cannot listen on 127.0.0.1");
    server->port = ntohs(address.sin_port);
    pid_t parent = getpid();
    server->pid = fork();
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent)
            serve_all(listener, root, expected);
        _exit(0);
    }
    close(listener);
}

void http_git_stop(struct http_git *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
    server->pid = 0;
}
