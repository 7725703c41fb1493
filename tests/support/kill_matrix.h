/*
 * The kill matrix: a command is killed with SIGKILL, it and all its children at once, before each system call that could
 * leave something behind (write, fsync, rename, unlink, mkdir, creating open, execve, …), the first, the second, and so
 * on until it ends untouched. After each kill the resume command runs on what was left, and the end must be the same as
 * that of a run nobody interrupted.
 *
 * It is done with ptrace, by counting over all processes of the command, rather than with strace's fault injection, which
 * counts for each process apart and kills that one only.
 */
#ifndef SIGNALBOX_TESTS_KILL_MATRIX_H
#define SIGNALBOX_TESTS_KILL_MATRIX_H

#include <stdbool.h>

struct traced {
    int points;  /* system calls that were counted */
    bool killed; /* at the point asked for; false: it ended by itself */
    int status;  /* exit status, or 128 + signal */
};

/* Runs the command (argv[0] is looked up in PATH) and kills it before its point `kill_at`, counted from 1; 0: never. */
void traced_run(struct traced *out, const char *const *argv, int kill_at);

struct kill_matrix {
    const char *name;
    void *context;
    void (*reset)(void *context);   /* everything as it was before the run */
    const char *const *run;         /* must end with status 0 when nobody kills it */
    const char *const *resume;      /* on what a kill left; must end with status 0 */
    char *(*digest)(void *context); /* the end state in words, the same however it was reached; caller frees */
    int sample;                     /* at most so many points unless SIGNALBOX_KILL_ALL=1; 0: 300 */
};

/* Fails the test, naming the point, where an end differs. Says how many points there were and how many were tried. */
void kill_matrix_check(const struct kill_matrix *matrix);

#endif
