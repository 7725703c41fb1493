#include "run/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "run/run.h"
#include "store/audit.h"

static const char *const names[] = {
    [REQUEST_HOLD] = "hold",
    [REQUEST_RESUME] = "resume",
    [REQUEST_ABORT] = "abort",
};

struct stored {
    char *kind, *actor, *reason;
};

static const struct json_field fields[] = {
    {"kind", JSON_FIELD_STRING, offsetof(struct stored, kind), .required = true},
    {"actor", JSON_FIELD_STRING, offsetof(struct stored, actor), .required = true},
    {"reason", JSON_FIELD_STRING, offsetof(struct stored, reason), .required = true},
    {0},
};

const char *request_kind_name(enum request_kind kind)
{
    return names[kind];
}

void requests_clear(struct requests *requests)
{
    for (size_t i = 0; i < requests->count; i++) {
        free(requests->items[i].actor);
        free(requests->items[i].reason);
    }
    free(requests->items);
    *requests = (struct requests){0};
}

int request_post(struct store store, const char *run, enum request_kind kind, const char *actor, const char *reason,
                 const struct call *call, struct error *err)
{
    struct run_info info;
    if (run_find(&info, store, run, call, err) < 0)
        return -1;
    bool ended = info.status >= RUN_FINISHED;
    if (ended) {
        error_set(err, ERROR_REFUSED, "Cannot ask %s to %s", run, names[kind]);
        error_why(err, "it has ended: %s", run_status_name(info.status));
    }
    run_info_clear(&info);
    if (ended)
        return -1;
    CLEANUP(buf_clear) struct buf log = {0};
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf what = {0};
    struct json_writer w = {.out = &bytes, .compact = true};
    struct stored stored = {(char *)names[kind], (char *)actor, (char *)(reason ? reason : "")};
    json_begin_object(&w, NULL);
    json_encode_members(&w, fields, &stored);
    json_end_object(&w);
    buf_addf(&log, "request/%s", run);
    buf_addf(&what, "asks %s to %s", run, names[kind]);
    struct store_op op = {.kind = STORE_APPEND, .key = log.bytes, .bytes = bytes.bytes, .len = bytes.len};
    struct audit_event event = {.who = actor, .what = what.bytes, .why = reason, .run = run};
    return audit_apply(store, &op, 1, &event, 1, NULL, call, err);
}

static int decode(struct request *out, const struct store_entry *entry, struct error *err)
{
    struct stored stored = {0};
    if (json_decode(&stored, fields, entry->bytes, entry->len, err) < 0)
        return -1;
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(stored.kind, names[i]) != 0)
            continue;
        *out = (struct request){
            .seq = entry->seq,
            .at_ms = entry->at_ms,
            .kind = (enum request_kind)i,
            .actor = stored.actor,
            .reason = stored.reason,
        };
        free(stored.kind);
        return 0;
    }
    error_set(err, ERROR_FAILED, "There is no request \"%s\"", stored.kind);
    json_fields_clear(&stored, fields);
    return -1;
}

int request_read(struct requests *out, struct store store, const char *run, int64_t after, const struct call *call,
                 struct error *err)
{
    CLEANUP(buf_clear) struct buf log = {0};
    buf_addf(&log, "request/%s", run);
    struct store_entries entries;
    if (store.ops->read(store.self, &entries, log.bytes, after, 0, call, err) < 0)
        return -1;
    struct requests found = {0};
    int result = 0;
    ARRAY_GROW(&found.items, &found.cap, entries.count);
    for (size_t i = 0; i < entries.count && result == 0; i++) {
        result = decode(&found.items[found.count], &entries.items[i], err);
        found.count += result == 0;
        if (result < 0) {
            error_wrap(err, "Request %lld to %s cannot be read", (long long)entries.items[i].seq, run);
            err->kind = ERROR_FAILED;
        }
    }
    store_entries_clear(&entries);
    if (result == 0)
        *out = found;
    else
        requests_clear(&found);
    return result;
}
