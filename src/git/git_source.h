/*
 * The role source (include/signalbox/source.h) over a git repository: by the `git` program, and what a screen waits for
 * (opening, HEAD, tags) by libgit2, where that can read the repository.
 *
 * Needs git 2.34 or newer in PATH. What git and ssh ask of a person (a password, a passphrase) they ask through the program
 * that SIGNALBOX_ASKPASS names; without one every question fails at once. What an agent of GnuPG asks it asks on the
 * terminal GPG_TTY names, else on that of SIGNALBOX_ASKPASS_TTY; not on the console's (SIGNALBOX_ASKPASS_SOCKET is set),
 * which is given to it by unlock() alone.
 */
#ifndef SIGNALBOX_GIT_GIT_SOURCE_H
#define SIGNALBOX_GIT_GIT_SOURCE_H

#include <signalbox/source.h>

/*
 * Opens the repository that `path` lies in (any directory of its work tree, or a git directory; parents are searched as
 * git does; NULL: the current directory). The caller closes it with out->ops->close(out->self).
 *
 * Errors: ERROR_NOT_FOUND (no repository there); ERROR_REFUSED (somebody else owns the repository and git's
 * safe.directory does not list it; or it has a format this git cannot read); ERROR_FAILED (it is damaged);
 * ERROR_UNAVAILABLE and ERROR_CANCELLED as of the call. That there is no `git` program (ERROR_NOT_FOUND) or too old a
 * one (ERROR_REFUSED) is said by the first function that needs it, before it does anything.
 */
int git_source_open(struct source *out, const char *path, const struct call *call, struct error *err) MUST_CHECK;

#endif
