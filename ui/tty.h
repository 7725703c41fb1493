/*
 * The terminal as a device: its modes, who has it, and giving it back whatever happens. screen.c paints on it.
 *
 * There is one per process, since signal handlers have to find it. The fd is an open file of its own, so that non-blocking
 * mode does not leak into the shell that shares our standard output.
 */
#ifndef SIGNALBOX_UI_TTY_H
#define SIGNALBOX_UI_TTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* Opens it and installs the signal handlers; nothing is written or set yet. Errors: ERROR_REFUSED (no terminal). */
int tty_open(struct error *err) MUST_CHECK;

/* The bytes that make the terminal ours and those that give it back; copied. At most 512 each. */
void tty_sequences(const char *enter, size_t enter_len, const char *leave, size_t leave_len);

/* Raw mode and the entering bytes. tty_give_back() undoes both; async-signal-safe; harmless when not taken. */
void tty_take(void);
void tty_give_back(void);

/* Is it ours now? Not while suspended, stopped, or in the background. */
bool tty_taken(void);

/* Between these CONT does not take it: a child has it. */
void tty_suspend(void);
void tty_resume(void);

/* Stops the process as TSTP does; returns when it goes on. */
void tty_stop(void);

/* True once after the terminal was taken anew behind the caller's back (CONT). */
bool tty_continued(void);

int tty_fd(void);
int tty_wake_fd(void); /* readable until tty_continued() */
void tty_size(int *rows, int *cols);

/* Throws away what was typed and not read. */
void tty_drop_input(void);

/* Gives it back, takes the handlers out, closes it. */
void tty_close(void);

#endif
