#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "run/journal.h"
#include "run/record.h"

struct counter {
    int64_t last;
};

static const struct json_field counter_fields[] = {
    {"last", JSON_FIELD_INT, offsetof(struct counter, last), .required = true},
    {0},
};

/* What makes a run: its documents, and room for the operations that write them. */
struct birth {
    char *key, *plan_key, *open_key;
    struct buf info, open, counter, what;
    int64_t counter_version, open_version;
    char *open_run;
};

static void birth_clear(struct birth *birth)
{
    free(birth->key);
    free(birth->plan_key);
    free(birth->open_key);
    free(birth->open_run);
    buf_clear(&birth->info);
    buf_clear(&birth->open);
    buf_clear(&birth->counter);
    buf_clear(&birth->what);
}

static int next_id(char **id, struct birth *birth, struct store store, const struct call *call, struct error *err)
{
    struct store_document document;
    struct counter counter = {0};
    if (store.ops->get(store.self, &document, "count/run", call, err) < 0)
        return -1;
    int result = document.version ? json_decode(&counter, counter_fields, document.bytes, document.len, err) : 0;
    birth->counter_version = document.version;
    store_document_clear(&document);
    if (result < 0)
        return error_wrap(err, "The count of runs is damaged");
    counter.last++;
    record_encode(&birth->counter, counter_fields, &counter);
    struct buf name = {0};
    buf_addf(&name, "r-%04lld", (long long)counter.last);
    *id = buf_take(&name);
    return 0;
}

static int exists(struct error *err, const char *scope, const char *run)
{
    error_set(err, ERROR_EXISTS, "%s has an open run already", scope);
    error_why(err, "%s", run);
    return error_todo(err, "Resume or undo it first");
}

/* One try to make the run; 1: somebody else got the number first. `replaces` (may be NULL) is ended with it. */
static int try_create(struct run_info *info, struct store store, const char *plan, size_t plan_len,
                      const struct lease *lease, struct record *replaces, const struct buf *last_entry,
                      const struct call *call, struct error *err)
{
    struct birth birth = {.open_key = record_key("open", info->scope)};
    free(info->id);
    info->id = NULL;
    if (next_id(&info->id, &birth, store, call, err) < 0 ||
        record_read_open(&birth.open_run, &birth.open_version, store, info->scope, call, err) < 0) {
        birth_clear(&birth);
        return -1;
    }
    if (birth.open_version && !(replaces && strcmp(birth.open_run, replaces->info.id) == 0)) {
        exists(err, info->scope, birth.open_run);
        birth_clear(&birth);
        return -1;
    }
    birth.key = record_key("run", info->id);
    birth.plan_key = record_key("plan", info->id);
    record_encode_info(&birth.info, info);
    struct record_open open = {info->id};
    record_encode(&birth.open, record_open_fields, &open);
    buf_addf(&birth.what, "begins %s of %s (%s)", info->kind, info->subject, info->scope);
    struct store_op ops[AUDIT_OPS_MAX] = {
        {STORE_PUT, "count/run", birth.counter_version, 0, birth.counter.bytes, birth.counter.len},
        {STORE_PUT, birth.open_key, birth.open_version, 0, birth.open.bytes, birth.open.len},
        {STORE_PUT, birth.key, 0, 0, birth.info.bytes, birth.info.len},
        {STORE_PUT, birth.plan_key, 0, 0, plan, plan_len},
    };
    size_t n = 4, failed = 0;
    CLEANUP(buf_clear) struct buf old_info = {0};
    CLEANUP(buf_clear) struct buf old_what = {0};
    CLEANUP(free_string) char *old_key = replaces ? record_key("run", replaces->info.id) : NULL;
    struct audit_event events[2] = {
        {.who = info->actor, .what = birth.what.bytes, .why = info->reason, .run = info->id}};
    if (replaces) {
        record_encode_info(&old_info, &replaces->info);
        buf_addf(&old_what, "ends %s as %s: %s takes its place", replaces->info.id,
                 run_status_name(replaces->info.status), info->id);
        ops[n++] = lease_condition(lease);
        ops[n++] = (struct store_op){STORE_APPEND,      old_key,        replaces->progress.last_seq + 1, 0,
                                     last_entry->bytes, last_entry->len};
        ops[n++] = (struct store_op){STORE_PUT, old_key, replaces->version, 0, old_info.bytes, old_info.len};
        events[1] = (struct audit_event){
            .who = info->actor, .what = old_what.bytes, .why = info->reason, .run = replaces->info.id};
    }
    int result = audit_apply(store, ops, n, events, replaces ? 2 : 1, &failed, call, err);
    if (result < 0 && err->kind == ERROR_CONFLICT && failed < 2)
        result = 1;
    birth_clear(&birth);
    return result;
}

static void describe(struct run_info *out, const struct run_kind *kind, const char *subject, const char *scope,
                     const char *actor, const char *reason)
{
    *out = (struct run_info){
        .kind = mem_string(kind->name),
        .subject = mem_string(subject),
        .scope = mem_string(scope),
        .actor = mem_string(actor),
        .reason = mem_string(reason ? reason : ""),
        .begun_ms = clock_now_ms(),
        .changed_ms = clock_now_ms(),
        .status = RUN_OPEN,
    };
}

static int create(struct run_info *out, struct run_info *info, struct store store, const char *plan, size_t plan_len,
                  const struct lease *lease, struct record *replaces, const struct buf *last_entry,
                  const struct call *call, struct error *err)
{
    int result;
    do
        result = call_check(call, "make the run", err) < 0
                     ? -1
                     : try_create(info, store, plan, plan_len, lease, replaces, last_entry, call, err);
    while (result > 0);
    if (result == 0)
        *out = *info;
    else
        run_info_clear(info);
    return result;
}

int run_create(struct run_info *out, struct store store, const struct run_kind *kind, const char *subject,
               const char *scope, const char *plan, size_t plan_len, const char *actor, const char *reason,
               const struct call *call, struct error *err)
{
    struct run_info info;
    describe(&info, kind, subject, scope, actor, reason);
    return create(out, &info, store, plan, plan_len, NULL, NULL, NULL, call, err);
}

int run_replace(struct run_info *out, struct store store, const struct run_kind *kind, const char *subject,
                const char *scope, const char *plan, size_t plan_len, const char *actor, const char *reason,
                const char *old_id, enum run_status old_status, const struct call *call, struct error *err)
{
    struct lease lease;
    struct lease_request request = {.scope = scope, .run = old_id, .actor = actor};
    if (lease_take(&lease, store, &request, call, err) < 0)
        return -1;
    struct record old = {0};
    CLEANUP(buf_clear) struct buf entry = {0};
    int result = record_read(&old, store, old_id, call, err);
    if (result == 0 && strcmp(old.info.scope, scope) != 0) {
        error_set(err, ERROR_INVALID, "%s does not belong to %s", old_id, scope);
        result = error_why(err, "it belongs to %s", old.info.scope);
    }
    if (result == 0) {
        struct journal_writer by = {actor, lease.epoch};
        struct run_info info;
        journal_status(&entry, &by, old_status, TEXT("another run took its place"));
        old.info.status = old_status;
        describe(&info, kind, subject, scope, actor, reason);
        result = create(out, &info, store, plan, plan_len, &lease, &old, &entry, call, err);
    }
    record_clear(&old);
    lease_release(&lease, store);
    lease_clear(&lease);
    return result;
}
