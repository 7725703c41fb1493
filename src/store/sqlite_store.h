/*
 * The store on this machine: one SQLite file, `store.db`, in a directory of ours. WAL, synchronous FULL, every change one
 * BEGIN IMMEDIATE transaction; file 0600, directory 0700.
 *
 * While another process has it locked a function waits as long as its call allows, at most SQLITE_STORE_PATIENCE_MS
 * where the call has no deadline, and can be cancelled; then ERROR_UNAVAILABLE. Nothing is ever repaired or overwritten:
 * a file that is damaged, of something else or of a newer signalbox is refused with advice.
 */
#ifndef SIGNALBOX_STORE_SQLITE_STORE_H
#define SIGNALBOX_STORE_SQLITE_STORE_H

#include <signalbox/store.h>

enum { SQLITE_STORE_PATIENCE_MS = 30000 };

/*
 * Opens it, making the directory and the file where they are missing. Errors: ERROR_REFUSED (of a newer signalbox, or on
 * a network file system), ERROR_FAILED (damaged, or no store at all), ERROR_UNAVAILABLE, ERROR_CANCELLED.
 */
int sqlite_store_open(struct store *out, const char *directory, const struct call *call,
                      struct error *err) MUST_CHECK;

#endif
