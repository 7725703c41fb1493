/*
 * Child processes by argument list: no shell, no terminal of ours, no open file of ours, every signal at its default,
 * own session, ended as a group (asked first, then killed) when the call is cancelled or its deadline passes. What the
 * child may ask (a passphrase, a password) it asks through askpass.
 */
#ifndef SIGNALBOX_BASE_PROCESS_H
#define SIGNALBOX_BASE_PROCESS_H

#include <stddef.h>

#include "base/buf.h"
#include "base/call.h"

struct process {
    const char *const *argv; /* NULL-terminated; argv[0] is looked up in PATH */
    const char *directory;   /* where it runs; NULL: here */
    const char *const *env;  /* NULL-terminated "NAME=value" added to ours ("NAME" alone removes it); NULL: none */
    const void *input;       /* bytes for its standard input; NULL: /dev/null */
    size_t input_len;
    size_t output_limit; /* largest standard output; 0: 64 MiB. More is ERROR_INVALID, the child killed */
    /* Streams standard output instead of keeping it. Return 0 to go on, 1 when enough was seen: the child is stopped
     * and process_run() succeeds. */
    int (*on_output)(void *context, const char *bytes, size_t len);
    void *context;
    struct text waits_for; /* told by call_waits() when it takes longer than that; {0}: nothing */
};

struct process_result {
    struct buf out, err; /* of standard error the last 64 KiB are kept */
    int status;          /* exit status, or 128 + the signal that ended it */
};

void process_result_clear(struct process_result *result);

/*
 * Runs it to its end; what it left running in the background is not waited for. 0 means that it ran; its status may
 * still be a failure. Errors: ERROR_NOT_FOUND (no such program, or no such directory), ERROR_CANCELLED,
 * ERROR_UNAVAILABLE (deadline), ERROR_INVALID (printed more than output_limit), ERROR_FAILED. *result is valid in every
 * case.
 */
int process_run(struct process_result *result, const struct process *process, const struct call *call,
                struct error *err) MUST_CHECK;

/* The same, and a status other than 0 is ERROR_FAILED with the end of its standard error as the reason. */
int process_check(struct process_result *result, const struct process *process, const struct call *call,
                  struct error *err) MUST_CHECK;

#endif
