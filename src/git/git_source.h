/*
 * The role source (include/signalbox/source.h) over a git repository: libgit2 where it is right and fast, the `git`
 * program for everything that commits, signs, tags, pushes, runs hooks or asks for credentials, and for walks.
 *
 * Needs the `git` program, 2.30 or newer, in PATH. What it asks of a person (a passphrase, a password) it asks through
 * the program that SIGNALBOX_ASKPASS names; without one every question fails at once.
 */
#ifndef SIGNALBOX_GIT_GIT_SOURCE_H
#define SIGNALBOX_GIT_GIT_SOURCE_H

#include <signalbox/source.h>

/*
 * Opens the repository that `path` lies in (any directory of its work tree, or a git directory; parents are searched as
 * git does; NULL: the current directory). The caller closes it with out->ops->close(out->self).
 *
 * Errors: ERROR_NOT_FOUND (no repository there, or no `git` program); ERROR_REFUSED (somebody else owns it and git's
 * safe.directory does not list it, or it has a format this git cannot read); ERROR_FAILED (it is damaged);
 * ERROR_UNAVAILABLE and ERROR_CANCELLED as of the call.
 */
int git_source_open(struct source *out, const char *path, const struct call *call, struct error *err) MUST_CHECK;

#endif
