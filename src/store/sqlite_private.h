/* What the two halves of the SQLite driver share: the connection, waiting for locks, and saying what went wrong. */
#ifndef SIGNALBOX_STORE_SQLITE_PRIVATE_H
#define SIGNALBOX_STORE_SQLITE_PRIVATE_H

#include <sqlite3.h>

#include <signalbox/store.h>

enum statement {
    BEGIN,
    COMMIT,
    GET,
    LIST,
    READ_OLDEST,
    READ_NEWEST,
    LAST_SEQ,
    INSERT,
    UPDATE,
    DELETE,
    APPEND,
    STATEMENT_COUNT
};

struct sqlite_store {
    sqlite3 *db;
    char *directory, *path;
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    /* The call being served, for the busy and progress handlers; and until when to be patient with a lock. */
    const struct call *call;
    int64_t patience_until;
    int64_t waits_since; /* when the lock that is waited for was met; 0: told, or none */
};

/* Remembers the call that is served from here on. */
void sqlite_enter(struct sqlite_store *self, const struct call *call);

/* Turns SQLite's result into an error a person can act on. Returns -1. */
int sqlite_fail(struct sqlite_store *self, int rc, struct error *err);

/* Ends a transaction that must not be committed, where one is open. */
void sqlite_roll_back(struct sqlite_store *self);

/* Opens the connection and makes or checks the tables; *self is then ready to serve. */
int sqlite_connect(struct sqlite_store *self, struct error *err) MUST_CHECK;

/* Closes what there is and frees it; NULL is no error. */
void sqlite_disconnect(struct sqlite_store *self);

#endif
