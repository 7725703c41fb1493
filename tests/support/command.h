/*
 * Runs the program under test ($SIGNALBOX, else build/asan/signalbox) as a command, without a terminal.
 *
 *     struct ran ran = {0};
 *     command_run(&ran, &repository, "version", "list", NULL);
 *     assert_int_equal(ran.status, 0);
 *     ran_clear(&ran);
 */
#ifndef SIGNALBOX_TESTS_COMMAND_H
#define SIGNALBOX_TESTS_COMMAND_H

#include "tests/support/repository.h"
#include <jansson.h>

struct ran {
    char *out, *err;
    int status; /* exit status, or 128 + the signal that ended it */
};

/* Words up to NULL; runs in the repository's work tree. `ran` is cleared first. */
void command_run(struct ran *ran, const struct repository *r, ...) __attribute__((sentinel));
/* The same with standard input. */
void command_feed(struct ran *ran, const struct repository *r, const char *input, ...) __attribute__((sentinel));
/* A line for sh, in which "$SIGNALBOX" is the program; for pipes and redirections. */
void command_shell(struct ran *ran, const struct repository *r, const char *line);

/* Fails with everything it said unless the status is the one expected. */
void ran_expect(const struct ran *ran, int status);
/* Standard output as one JSON object, or standard error; fails when it is none. json_decref() it. */
json_t *ran_json(const struct ran *ran);
json_t *ran_json_error(const struct ran *ran);
void ran_clear(struct ran *ran);

#endif
