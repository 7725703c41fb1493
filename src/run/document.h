/*
 * The documents of runs in the store: "run/ID" (what it is and how it stands), "plan/ID" (the plan's bytes, written once),
 * "open/SCOPE" (the one open run of a scope), "count/run" (the last number given). Beside them stand two logs: "run/ID",
 * the journal, and "request/ID". For src/run only.
 */
#ifndef SIGNALBOX_RUN_DOCUMENT_H
#define SIGNALBOX_RUN_DOCUMENT_H

#include "base/json.h"
#include "run/run.h"

struct document_open {
    char *run; /* "r-0042" */
};
extern const struct json_field document_open_fields[];

void document_encode(struct buf *out, const struct json_field *table, const void *in);
void document_encode_info(struct buf *out, const struct run_info *info);

/* "run/r-0042"; caller frees. */
char *document_key(const char *room, const char *id);

/* run_find(), with the version of the document. */
int document_find(struct run_info *out, int64_t *version, struct store store, const char *id, const struct call *call,
                  struct error *err) MUST_CHECK;

/* The open run of a scope; *version 0 when there is none. Caller frees *run. */
int document_read_open(char **run, int64_t *version, struct store store, const char *scope, const struct call *call,
                       struct error *err) MUST_CHECK;

#endif
