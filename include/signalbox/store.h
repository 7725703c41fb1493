/*
 * Role: store. Versioned documents by compare-and-swap, and append-only logs. What the team knows lives here: runs,
 * leases, requests, the audit log.
 *
 * A document has a key ("lease/api/production"), a version that counts up by one with each write, an epoch (a fencing
 * number its owner sets; 0 where it has no meaning) and bytes (JSON, by base/json.h). Versions of a key never repeat: a
 * document made again after a delete goes on counting, so a writer that knew the deleted one cannot overwrite the new.
 * A log has a name ("run/r-0042", "audit") and entries numbered from 1 without gaps.
 *
 * apply() does all of its operations in one transaction, or none. So "append to this journal only while the lease has
 * this epoch" is one apply() of CHECK_EPOCH and APPEND.
 *
 * Errors of every function: ERROR_UNAVAILABLE (locked, gone, unreachable, deadline), ERROR_CANCELLED, ERROR_FAILED
 * (full disk, damaged file). apply() adds ERROR_CONFLICT. One store is used by one thread at a time.
 */
#ifndef SIGNALBOX_STORE_H
#define SIGNALBOX_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/call.h"

struct store_document {
    char *key;
    int64_t version; /* 0: there is none */
    int64_t epoch;
    int64_t changed_ms;
    char *bytes;
    size_t len;
};

struct store_entry {
    int64_t seq;
    int64_t at_ms;
    char *bytes;
    size_t len;
};

struct store_documents {
    struct store_document *items;
    size_t count, cap;
};

struct store_entries {
    struct store_entry *items;
    size_t count, cap;
};

enum store_op_kind {
    STORE_PUT,         /* key, version (the one expected; 0: must not exist), epoch, bytes */
    STORE_DELETE,      /* key, version expected */
    STORE_CHECK_EPOCH, /* key, epoch: the document exists and has exactly this epoch */
    STORE_APPEND,      /* key (the log), version (the seq this entry must get; 0: the next), bytes */
};

struct store_op {
    enum store_op_kind kind;
    const char *key;
    int64_t version, epoch;
    const char *bytes;
    size_t len;
};

struct store {
    const struct store_ops *ops;
    void *self;
};

struct store_ops {
    const char *name;
    /* Only processes of this machine can reach it: whoever wrote under another boot of the machine is gone. */
    bool machine_local;
    void (*close)(void *self);
    /* version 0 and ERROR_NONE when there is no such document. */
    int (*get)(void *self, struct store_document *out, const char *key, const struct call *call, struct error *err);
    /* Every document whose key starts with the prefix, by key. */
    int (*list)(void *self, struct store_documents *out, const char *prefix, const struct call *call,
                struct error *err);
    /* Entries with seq > after, oldest first, at most `limit` (0: all); `limit` < 0 gives the newest -limit of them. */
    int (*read)(void *self, struct store_entries *out, const char *log, int64_t after, int64_t limit,
                const struct call *call, struct error *err);
    /* On ERROR_CONFLICT *failed is the index of the first operation whose condition did not hold. */
    int (*apply)(void *self, const struct store_op *ops, size_t count, size_t *failed, const struct call *call,
                 struct error *err);
};

void store_document_clear(struct store_document *document);
void store_documents_clear(struct store_documents *documents);
void store_entries_clear(struct store_entries *entries);

#endif
