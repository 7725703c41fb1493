/*
 * A small real HTTP server for git, on 127.0.0.1 only: it demands a name and a password (Basic) and hands everything else to
 * `git http-backend`. It ends with the test program, and with http_git_stop().
 */
#ifndef SIGNALBOX_TESTS_HTTP_GIT_H
#define SIGNALBOX_TESTS_HTTP_GIT_H

#include <sys/types.h>

struct http_git {
    pid_t pid;
    int port;
};

/* Serves the bare repositories below `root` ("http://127.0.0.1:PORT/remote.git") for whoever knows "NAME:PASSWORD". */
void http_git_start(struct http_git *server, const char *root, const char *name_and_password);
void http_git_stop(struct http_git *server);

#endif
