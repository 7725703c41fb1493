/*
 * Questions of git and ssh (a password, a passphrase): children ask through signalbox-askpass, which speaks to this socket:
 * a line with the question comes, a line with the answer goes back; closing without one means no. One at a time; the others
 * wait in the socket's queue. Never blocks.
 */
#ifndef SIGNALBOX_UI_ASK_SERVER_H
#define SIGNALBOX_UI_ASK_SERVER_H

#include "base/error.h"

/* Invariant: asker < 0, or the question is complete once `asked` is set. */
struct ask_server {
    int fd; /* listens; -1: closed */
    int asker;
    bool asked;
    struct buf question; /* raw bytes */
    char *directory, *path;
};

/* Makes the socket in a directory of its own (0700) and sets SIGNALBOX_ASKPASS_SOCKET: before any thread is there. */
int ask_server_open(struct ask_server *out, struct error *err) MUST_CHECK;
void ask_server_close(struct ask_server *server);

/* What to wait for; -1: nothing. */
int ask_server_fd(const struct ask_server *server);

/* It is readable. True when a question is complete now, or when the asker has gone (then `asked` is false). */
bool ask_server_read(struct ask_server *server);

/* NULL: no. */
void ask_server_answer(struct ask_server *server, const char *answer);

/* Is it a secret? Names and yes or no are not. */
bool ask_is_secret(const char *question);

#endif
