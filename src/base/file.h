/*
 * Files whole: read with a limit, written so that a crash leaves the old bytes or the new ones, never a mixture.
 */
#ifndef SIGNALBOX_BASE_FILE_H
#define SIGNALBOX_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Appends the file's bytes to *out. Errors: ERROR_NOT_FOUND; ERROR_INVALID when it is no regular file or larger than
 * limit; ERROR_FAILED otherwise.
 */
int file_read(struct buf *out, const char *path, size_t limit, struct error *err) MUST_CHECK;

/*
 * Replaces or makes the file: temporary file beside it, write, fsync, rename, fsync of the directory. An existing
 * file keeps its mode, and a symbolic link is followed (the target is replaced, not the link); a new one gets `mode`
 * (0600 for anything of ours, 0644 for files of a work tree). ERROR_INVALID when there is something that is no regular
 * file, or a link that leads nowhere; ERROR_FAILED otherwise.
 */
int file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct error *err) MUST_CHECK;

/*
 * The same by way of a temporary file that the caller names, so that what a crash leaves behind lies where nobody trips
 * over it and the next try overwrites it. On another file system than the target it is made beside that after all.
 */
int file_write_by(const char *temporary, const char *path, const void *bytes, size_t len, mode_t mode,
                  struct error *err) MUST_CHECK;

/* Makes the directory and its parents, 0700. Existing ones are left as they are. ERROR_FAILED. */
int file_make_dirs(const char *path, struct error *err) MUST_CHECK;

bool file_exists(const char *path);

/* "a/b" from "a" and "b"; b alone when it is absolute. Caller frees. */
char *path_join(const char *a, const char *b);

/*
 * A directory of ours under an XDG variable, "/signalbox" included: path_xdg("XDG_STATE_HOME", ".local/state").
 * Falls back to $HOME/fallback, else to the password database. Caller frees.
 */
char *path_xdg(const char *variable, const char *fallback);

#endif
