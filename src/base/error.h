/*
 * An error a person can act on: what went wrong, why, and what to do next.
 *
 * Functions that can fail return int (0, or -1 with *err filled in) and take `struct error *err` last; err is never
 * NULL. The out-parameter comes first and is untouched on failure unless its header says otherwise. The few kinds a
 * caller is expected to tell apart are listed in the header of the function.
 *
 * An error owns no memory and may be copied. Its three texts are safe to show whatever was formatted into them:
 * error_set() makes them so (base/text.h), so a hostile file name or server reply in a message does no harm.
 */
#ifndef SIGNALBOX_BASE_ERROR_H
#define SIGNALBOX_BASE_ERROR_H

#include "base/compiler.h"
#include "base/text.h"

enum error_kind {
    ERROR_NONE = 0,
    ERROR_FAILED,      /* it was tried and did not work: an exit status, an I/O error, a full disk */
    ERROR_INVALID,     /* what was given makes no sense: usage, a bad value, a file that does not parse */
    ERROR_NOT_FOUND,   /* the thing named is not there */
    ERROR_EXISTS,      /* the thing to be made is already there */
    ERROR_CONFLICT,    /* somebody else was first: compare-and-swap failed, the lease is another's */
    ERROR_REFUSED,     /* a rule said no before any harm: not trusted, dirty work tree, read-only */
    ERROR_UNAVAILABLE, /* a backend did not answer in time or at all; trying again may help */
    ERROR_CANCELLED,   /* the caller gave up */
};

struct error {
    enum error_kind kind;
    char what[256]; /* "Cannot read CHANGELOG.md" : one clause, no full stop */
    char why[768];  /* "line 12: a version heading without a version", or "" */
    char todo[256]; /* "Write it as ## [1.2.0] - 2026-01-31", or "" */
};

/* Sets kind and what; empties why and todo. Always returns -1, so that `return error_set(…);` reads well. */
int error_set(struct error *err, enum error_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Adds the reason, or the advice, to an error already set. Both return -1. */
int error_why(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
int error_todo(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The same as error_set() with why taken from errno, read before anything else. */
int error_errno(struct error *err, enum error_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Puts a new what in front and moves the old what into why ("old what: old why"); kind and todo stay. Returns -1. */
int error_wrap(struct error *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Views of the three parts, valid as long as *err is. */
struct text error_what(const struct error *err);
struct text error_reason(const struct error *err);
struct text error_advice(const struct error *err);

/* A word for the kind, as --json prints it: "failed", "invalid", "not-found", … */
const char *error_kind_name(enum error_kind kind);

/* What it means to whoever reads the exit code, in one clause: "somebody else was first, or is at it". */
const char *error_kind_meaning(enum error_kind kind);

/*
 * The process exit code for a kind, as docs and manual list them: none 0, failed 1, invalid 2, not-found 3, exists 4,
 * conflict 5, refused 6, unavailable 7, cancelled 130.
 */
int error_exit_code(enum error_kind kind);

/* The static analysis sees one file at a time: here it hears that none of them returns 0. */
#if defined(__clang_analyzer__) && !defined(ERROR_ITSELF)
#define error_set(...)   (error_set(__VA_ARGS__), -1)
#define error_why(...)   (error_why(__VA_ARGS__), -1)
#define error_todo(...)  (error_todo(__VA_ARGS__), -1)
#define error_errno(...) (error_errno(__VA_ARGS__), -1)
#define error_wrap(...)  (error_wrap(__VA_ARGS__), -1)
#endif

#endif
