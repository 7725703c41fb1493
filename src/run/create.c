#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"
#include "run/document.h"
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
    document_encode(&birth->counter, counter_fields, &counter);
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

/* The run that is replaced, with the lease under which that is done and the last entry of its journal. */
struct replaced {
    struct record record;
    struct lease lease;
    struct buf entry, info, what;
    char *key;
};

static void replaced_clear(struct replaced *old, struct store store)
{
    if (old->lease.key)
        lease_release(&old->lease, store);
    lease_clear(&old->lease);
    record_clear(&old->record);
    buf_clear(&old->entry);
    buf_clear(&old->info);
    buf_clear(&old->what);
    free(old->key);
}

/* Takes the lease, so that nobody drives it meanwhile, and writes down how it ends. */
static int prepare_replaced(struct replaced *old, struct store store, const struct run_start *start,
                            const struct call *call, struct error *err)
{
    struct lease_request request = {.scope = start->scope, .run = start->replaces, .actor = start->actor};
    if (lease_take(&old->lease, store, &request, call, err) < 0 ||
        record_read(&old->record, store, start->replaces, call, err) < 0)
        return -1;
    struct run_info *info = &old->record.info;
    if (strcmp(info->scope, start->scope) != 0) {
        error_set(err, ERROR_INVALID, "%s does not belong to %s", start->replaces, start->scope);
        return error_why(err, "it belongs to %s", info->scope);
    }
    struct journal_writer by = {start->actor, old->lease.epoch};
    journal_status(&old->entry, &by, start->replaced_as, TEXT("another run took its place"));
    info->status = start->replaced_as;
    document_encode_info(&old->info, info);
    buf_addf(&old->what, "ends %s as %s: another run takes its place", info->id, run_status_name(info->status));
    old->key = document_key("run", info->id);
    return 0;
}

/* Its number, and whether its scope is free. */
static int prepare_birth(struct birth *birth, struct run_info *info, struct store store, const struct replaced *old,
                         const struct call *call, struct error *err)
{
    free(info->id);
    info->id = NULL;
    birth->open_key = document_key("open", info->scope);
    if (next_id(&info->id, birth, store, call, err) < 0 ||
        document_read_open(&birth->open_run, &birth->open_version, store, info->scope, call, err) < 0)
        return -1;
    if (birth->open_version && !(old && strcmp(birth->open_run, old->record.info.id) == 0))
        return exists(err, info->scope, birth->open_run);
    struct document_open open = {info->id};
    birth->key = document_key("run", info->id);
    birth->plan_key = document_key("plan", info->id);
    document_encode_info(&birth->info, info);
    document_encode(&birth->open, document_open_fields, &open);
    buf_addf(&birth->what, "begins %s of %s (%s)", info->kind, info->subject, info->scope);
    return 0;
}

/* One try; 1: somebody else got the number first. */
static int try_create(struct run_info *info, struct store store, const struct run_start *start,
                      const struct replaced *old, const struct call *call, struct error *err)
{
    struct birth birth = {0};
    if (prepare_birth(&birth, info, store, old, call, err) < 0) {
        birth_clear(&birth);
        return -1;
    }
    struct store_op ops[] = {
        {STORE_PUT, "count/run", birth.counter_version, 0, birth.counter.bytes, birth.counter.len},
        {STORE_PUT, birth.open_key, birth.open_version, 0, birth.open.bytes, birth.open.len},
        {STORE_PUT, birth.key, 0, 0, birth.info.bytes, birth.info.len},
        {STORE_PUT, birth.plan_key, 0, 0, start->plan, start->plan_len},
        {.kind = STORE_CHECK_EPOCH},
        {.kind = STORE_APPEND},
        {.kind = STORE_PUT},
    };
    struct audit_event events[] = {
        {.who = info->actor, .what = birth.what.bytes, .why = info->reason, .run = info->id},
        {.who = info->actor, .why = info->reason},
    };
    if (old) {
        const struct record *record = &old->record;
        ops[4] = lease_condition(&old->lease);
        ops[5] = (struct store_op){.kind = STORE_APPEND,
                                   .key = old->key,
                                   .version = record->progress.last_seq + 1,
                                   .bytes = old->entry.bytes,
                                   .len = old->entry.len};
        ops[6] = (struct store_op){.kind = STORE_PUT,
                                   .key = old->key,
                                   .version = record->version,
                                   .bytes = old->info.bytes,
                                   .len = old->info.len};
        events[1].what = old->what.bytes;
        events[1].run = record->info.id;
    }
    size_t failed = 0;
    int result = audit_apply(store, ops, old ? 7 : 4, events, old ? 2 : 1, &failed, call, err);
    if (result < 0 && err->kind == ERROR_CONFLICT && failed < 2)
        result = 1;
    birth_clear(&birth);
    return result;
}

static struct run_info describe(const struct run_start *start)
{
    return (struct run_info){
        .kind = mem_string(start->kind->name),
        .subject = mem_string(start->subject),
        .scope = mem_string(start->scope),
        .actor = mem_string(start->actor),
        .reason = mem_string(start->reason ? start->reason : ""),
        .begun_ms = clock_now_ms(),
        .changed_ms = clock_now_ms(),
        .status = RUN_OPEN,
    };
}

int run_create(struct run_info *out, struct store store, const struct run_start *start, const struct call *call,
               struct error *err)
{
    struct run_info info = describe(start);
    struct replaced old = {0};
    int result = start->replaces ? prepare_replaced(&old, store, start, call, err) : 0;
    /* Every time round somebody else has made a run. */
    for (int again = result == 0; again;) {
        result = call_check(call, "make the run", err);
        if (result == 0)
            result = try_create(&info, store, start, start->replaces ? &old : NULL, call, err);
        again = result > 0;
    }
    replaced_clear(&old, store);
    if (result == 0)
        *out = info;
    else
        run_info_clear(&info);
    return result;
}
