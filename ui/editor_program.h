/*
 * The person's own editor: GIT_EDITOR, VISUAL, EDITOR, else vi, on a temporary file, with the terminal that screen_suspend()
 * has given back. Waits until it ends.
 */
#ifndef SIGNALBOX_UI_EDITOR_PROGRAM_H
#define SIGNALBOX_UI_EDITOR_PROGRAM_H

#include "base/error.h"

/*
 * Replaces *text by what the editor left. Errors: ERROR_NOT_FOUND (no such program), ERROR_CANCELLED (it ended with a
 * status other than 0: nothing is changed), ERROR_FAILED.
 */
int editor_program_run(struct buf *text, struct error *err) MUST_CHECK;

#endif
