/*
 * The console: one thread that draws and reads keys. It waits in one place (ppoll over the terminal, the pool of workers,
 * the askpass socket and the clock); everything that may block runs on the pool.
 */
#ifndef SIGNALBOX_UI_CONSOLE_H
#define SIGNALBOX_UI_CONSOLE_H

#include "environment.h"

/*
 * Runs until the person leaves; returns the exit code. Takes the environment over, and closes it unless a worker still
 * hangs: then main must leave by _exit(), which *hanging says.
 * Errors: ERROR_REFUSED (no terminal), ERROR_INVALID (theme, keys), ERROR_FAILED.
 */
int console_run(struct environment *environment, bool *hanging, struct error *err) MUST_CHECK;

#endif
