/*
 * Questions of git and ssh: a password, a passphrase, "are you sure". Children run without our terminal and ask through
 * the program that SIGNALBOX_ASKPASS names: signalbox itself, under the name signalbox-askpass, with the question as its
 * only argument and the answer expected on standard output.
 *
 * Who answers depends on the environment it finds, which the asking signalbox has set for its children:
 *   SIGNALBOX_ASKPASS_SOCKET   the console: a unix socket; one line with the question goes there, the answer comes back
 *   SIGNALBOX_ASKPASS_TTY      a command on a terminal: that terminal, without echo
 *   neither                    nobody: it fails at once
 */
#ifndef SIGNALBOX_CLI_ASKPASS_H
#define SIGNALBOX_CLI_ASKPASS_H

#include <stdbool.h>

#include "base/error.h"

/* Was the program started to ask? */
bool askpass_is_wanted(int argc, char **argv);

/* Asks and prints the answer; the exit code. */
int askpass_main(int argc, char **argv);

/*
 * Makes the link through which children find us, in $XDG_STATE_HOME/signalbox/askpass/, and sets the environment for
 * them: the terminal of this process where it has one. The console sets SIGNALBOX_ASKPASS_SOCKET itself.
 */
int askpass_prepare(struct error *err) MUST_CHECK;

#endif
