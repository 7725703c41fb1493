/*
 * A program in a real pseudo-terminal, seen through a test terminal. The functions fail the running cmocka test (with
 * the screen as it is) when a wait ends without success, so a test reads as a story: type, expect, type, expect.
 *
 *     struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .rows = 24, .cols = 80});
 *     pty_expect(pty, "Releases");
 *     pty_type(pty, "q");
 *     assert_int_equal(pty_wait_exit(pty), 0);
 *     pty_assert_given_back(pty);
 *     pty_stop(pty);
 */
#ifndef SIGNALBOX_TESTS_PTY_H
#define SIGNALBOX_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tests/support/terminal.h"

enum { PTY_WAIT_MS = 30000 }; /* generous: machines under load run these, under ASan */

struct pty;

struct pty_options {
    const char *const *argv; /* argv[0] as a path, or looked up in PATH */
    const char *directory;   /* NULL: here */
    const char *const *env;  /* "NAME=value", over ours; "NAME" alone removes it; NULL: none. TERM is xterm-256color,
                                COLORTERM and NO_COLOR are removed, LC_ALL is C.UTF-8 unless given here */
    int rows, cols;
};

struct pty *pty_start(const struct pty_options *options);

/* Ends the program if it still runs (KILL) and frees everything. */
void pty_stop(struct pty *pty);

struct terminal *pty_terminal(struct pty *pty);
pid_t pty_pid(const struct pty *pty);

/* Types the bytes: "\r" is Enter, "\x1b" Esc, "\x1b[A" up. */
void pty_type(struct pty *pty, const char *keys);
void pty_send(struct pty *pty, const char *bytes, size_t len);

/* Waits until the screen has the text somewhere in a row, or has it nowhere. */
void pty_expect(struct pty *pty, const char *text);
void pty_expect_gone(struct pty *pty, const char *text);

/* Reads for that long, whatever comes: a screen on which something moves never settles. */
void pty_watch(struct pty *pty, int ms);

/* Waits until nothing was written for `quiet_ms` (0: 150); true; gives up after PTY_WAIT_MS with false. */
bool pty_settle(struct pty *pty, int quiet_ms);

/* Reads for at most ms; returns early once something came. The number of bytes read. */
size_t pty_read_for(struct pty *pty, int ms);

bool pty_has(struct pty *pty, const char *text);

void pty_resize(struct pty *pty, int rows, int cols);
void pty_signal(struct pty *pty, int signal);

/* Exit status, or 128 + the signal that ended it. Fails the test when it does not end. */
int pty_wait_exit(struct pty *pty);

/* Waits until the program is stopped (after TSTP). */
void pty_wait_stopped(struct pty *pty);

/* All bytes the program has written so far. */
size_t pty_bytes(const struct pty *pty);

/* Is the terminal as it was before the program: modes of the line, main screen, cursor, no mouse, no paste? */
void pty_assert_given_back(struct pty *pty);

/*
 * Compares the screen with tests/golden/NAME.txt. SIGNALBOX_GOLDEN_UPDATE=1 rewrites the file instead. On a difference the
 * test fails with both, and what is there lies in NAME.actual.txt below build/.
 */
void pty_golden(struct pty *pty, const char *name);

/* The same for any text, a canvas_dump() for one. */
void golden_compare(const char *name, const struct buf *actual);

#endif
