#include "run/lease.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"

/* Between two looks at a holder elsewhere. */
enum { LOOK_MS = 250, RELEASE_MS = 2000 };

static const struct json_field holder_fields[] = {
    {"actor", JSON_FIELD_STRING, offsetof(struct lease_holder, actor), .required = true},
    {"run", JSON_FIELD_STRING, offsetof(struct lease_holder, run), .required = true},
    {"machine", JSON_FIELD_STRING, offsetof(struct lease_holder, machine), .required = true},
    {"boot", JSON_FIELD_STRING, offsetof(struct lease_holder, boot), .required = true},
    {"spaces", JSON_FIELD_STRING, offsetof(struct lease_holder, spaces), .required = true},
    {"pid", JSON_FIELD_INT, offsetof(struct lease_holder, pid), .required = true},
    {"start", JSON_FIELD_INT, offsetof(struct lease_holder, start), .required = true},
    {"duration", JSON_FIELD_INT, offsetof(struct lease_holder, duration_ms), .required = true},
    {"grace", JSON_FIELD_INT, offsetof(struct lease_holder, grace_ms), .required = true},
    {"until", JSON_FIELD_INT, offsetof(struct lease_holder, until_boot_ms), .required = true},
    {"renewals", JSON_FIELD_INT, offsetof(struct lease_holder, renewals), .required = true},
    {"taken", JSON_FIELD_INT, offsetof(struct lease_holder, taken_ms), .required = true},
    {"renewed", JSON_FIELD_INT, offsetof(struct lease_holder, renewed_ms), .required = true},
    {"released", JSON_FIELD_BOOL, offsetof(struct lease_holder, released)},
    {0},
};

void lease_holder_clear(struct lease_holder *holder)
{
    json_fields_clear(holder, holder_fields);
    holder->epoch = holder->version = 0;
}

void lease_clear(struct lease *lease)
{
    free(lease->scope);
    free(lease->key);
    free(lease->taken_from);
    lease_holder_clear(&lease->document);
    *lease = (struct lease){0};
}

static char *key_of(const char *scope)
{
    struct buf key = {0};
    buf_addf(&key, "lease/%s", scope);
    return buf_take(&key);
}

int lease_look(struct lease_holder *out, struct store store, const char *scope, const struct call *call,
               struct error *err)
{
    CLEANUP(free_string) char *key = key_of(scope);
    struct store_document document;
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    *out = (struct lease_holder){0};
    int result = document.version ? json_decode(out, holder_fields, document.bytes, document.len, err) : 0;
    if (result < 0) {
        error_wrap(err, "The lease of %s is damaged", scope);
        err->kind = ERROR_FAILED;
    } else {
        out->epoch = document.epoch;
        out->version = document.version;
    }
    store_document_clear(&document);
    return result;
}

enum standing {
    FREE,   /* may be taken */
    LIVE,   /* its holder is there, as far as its clock tells */
    SILENT, /* nothing is known but what the document says: watch it */
};

static enum standing standing_of(const struct lease_holder *holder, struct store store,
                                 const struct lease_identity *self)
{
    if (!holder->version || holder->released)
        return FREE;
    bool same_boot = *self->boot && strcmp(holder->boot, self->boot) == 0;
    if (!same_boot)
        return store.ops->machine_local && *self->boot && *holder->boot ? FREE : SILENT;
    /* Another container of this machine: its processes are not in our table, and its clock may be shifted. */
    if (strcmp(holder->spaces, self->spaces) != 0)
        return SILENT;
    if (lease_process_start(holder->pid) != holder->start)
        return FREE;
    return clock_boot_ms() >= holder->until_boot_ms + holder->grace_ms ? FREE : LIVE;
}

bool lease_is_live(const struct lease_holder *holder, struct store store, const struct lease_identity *self)
{
    struct lease_identity own = {0};
    if (!self)
        lease_identity_self(&own);
    bool live = standing_of(holder, store, self ? self : &own) != FREE;
    lease_identity_clear(&own);
    return live;
}

/* Writes lease->document as it stands, expecting the version we know, and counts both up. */
static int put(struct lease *lease, int64_t epoch, struct store store, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct json_writer w = {.out = &bytes, .compact = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, holder_fields, &lease->document);
    json_end_object(&w);
    struct store_op op = {.kind = STORE_PUT,
                          .key = lease->key,
                          .version = lease->version,
                          .epoch = epoch,
                          .bytes = bytes.bytes,
                          .len = bytes.len};
    if (store.ops->apply(store.self, &op, 1, NULL, call, err) < 0)
        return -1;
    lease->version++;
    lease->epoch = epoch;
    lease->until_boot_ms = lease->document.until_boot_ms;
    return 0;
}

static void describe(struct lease_holder *out, const struct lease_request *request, const struct lease_identity *self)
{
    int64_t duration = request->duration_ms ? request->duration_ms : LEASE_MS;
    *out = (struct lease_holder){
        .actor = mem_string(request->actor),
        .run = mem_string(request->run),
        .machine = mem_string(self->machine),
        .boot = mem_string(self->boot),
        .spaces = mem_string(self->spaces),
        .pid = self->pid,
        .start = self->start,
        .duration_ms = duration,
        .grace_ms = duration,
        .until_boot_ms = clock_boot_ms() + duration,
        .taken_ms = clock_now_ms(),
        .renewed_ms = clock_now_ms(),
    };
}

static int held(const struct lease_holder *holder, const char *scope, struct error *err)
{
    char since[32], heard[32];
    clock_iso(since, sizeof(since), holder->taken_ms);
    clock_iso(heard, sizeof(heard), holder->renewed_ms);
    error_set(err, ERROR_CONFLICT, "%s is being driven by %s", scope, holder->actor);
    error_why(err, "%s, process %lld on %s since %s, last heard of at %s", holder->run, (long long)holder->pid,
              holder->machine, since, heard);
    return error_todo(err, "Let it finish, or end that process, and try again");
}

/*
 * Watches a holder that only the document tells of: 0 when it was silent for so long that it can be doing nothing any
 * more (its own clock said so before ours does), ERROR_CONFLICT when it was seen to live.
 */
static int watch(struct lease_holder *holder, struct store store, const char *scope, const struct call *call,
                 struct error *err)
{
    int64_t enough = clock_boot_ms() + holder->duration_ms + holder->grace_ms;
    int64_t whole = holder->duration_ms + holder->grace_ms;
    while (clock_boot_ms() < enough) {
        int64_t left = enough - clock_boot_ms();
        call_progress(call, TEXT("watching the silent holder of the lease"), (uint64_t)(whole - left),
                      (uint64_t)whole);
        struct pollfd cancel = {.fd = call->cancel ? call->cancel->fd : -1, .events = POLLIN};
        poll(&cancel, 1, (int)(left < LOOK_MS ? left : LOOK_MS));
        struct lease_holder now;
        if (call_check(call, "watch the holder of the lease", err) < 0 ||
            lease_look(&now, store, scope, call, err) < 0)
            return -1;
        bool moved = now.version != holder->version, released = now.released;
        int result = moved && !released ? held(&now, scope, err) : 0;
        if (moved && released) {
            struct lease_holder silent = *holder;
            *holder = now;
            now = silent;
        }
        lease_holder_clear(&now);
        if (moved)
            return result;
    }
    return 0;
}

static int wait_until_free(struct lease_holder *holder, struct store store, const struct lease_request *request,
                           const struct lease_identity *self, const struct call *call, struct error *err)
{
    if (lease_look(holder, store, request->scope, call, err) < 0)
        return -1;
    enum standing standing = standing_of(holder, store, self);
    if (standing == FREE)
        return 0;
    int result;
    if (standing == SILENT && request->wait_for_silence) {
        result = watch(holder, store, request->scope, call, err);
    } else if (request->wait_for_silence && clock_boot_ms() >= holder->until_boot_ms) {
        /* Run out, but an act may still be under way: the grace is waited for, and nothing renews meanwhile. */
        result = watch(holder, store, request->scope, call, err);
    } else {
        result = held(holder, request->scope, err);
        if (standing == SILENT)
            error_todo(err, "If that machine is gone, take the lease over: it is watched for %lld s first",
                       (long long)((holder->duration_ms + holder->grace_ms + 999) / 1000));
    }
    if (result < 0)
        lease_holder_clear(holder);
    return result;
}

int lease_take(struct lease *out, struct store store, const struct lease_request *request, const struct call *call,
               struct error *err)
{
    struct lease_identity self = {0};
    struct lease_holder before;
    if (!request->self)
        lease_identity_self(&self);
    const struct lease_identity *identity = request->self ? request->self : &self;
    if (wait_until_free(&before, store, request, identity, call, err) < 0) {
        lease_identity_clear(&self);
        return -1;
    }
    struct lease lease = {
        .scope = mem_string(request->scope),
        .key = key_of(request->scope),
        .version = before.version,
    };
    describe(&lease.document, request, identity);
    lease.duration_ms = lease.document.duration_ms;
    if (before.version && !before.released)
        lease.taken_from = mem_string(before.actor);
    int result = put(&lease, before.epoch + 1, store, call, err);
    if (result < 0 && err->kind == ERROR_CONFLICT) {
        error_set(err, ERROR_CONFLICT, "%s is being driven by somebody else", request->scope);
        error_why(err, "another process took the lease at the same moment");
    }
    if (result == 0)
        *out = lease;
    else
        lease_clear(&lease);
    lease_holder_clear(&before);
    lease_identity_clear(&self);
    return result;
}

int64_t lease_left_ms(const struct lease *lease)
{
    int64_t left = lease->until_boot_ms - clock_boot_ms();
    return left > 0 ? left : 0;
}

static int lost(const struct lease *lease, const char *why, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "The lease of %s is lost", lease->scope);
    error_why(err, "%s", why);
    return error_todo(err, "Nothing more was written. Look at the run before resuming it");
}

int lease_renew(struct lease *lease, struct store store, int64_t act_ms, const struct call *call, struct error *err)
{
    if (lease_left_ms(lease) > act_ms + lease->duration_ms / 2)
        return 0;
    struct lease_holder *document = &lease->document;
    document->until_boot_ms = clock_boot_ms() + act_ms + lease->duration_ms;
    document->duration_ms = act_ms + lease->duration_ms;
    document->grace_ms = act_ms > lease->duration_ms ? act_ms : lease->duration_ms;
    document->renewed_ms = clock_now_ms();
    document->renewals++;
    /* It may have run out while nobody took it: then it is still ours, because the version is the one we know. */
    if (put(lease, lease->epoch, store, call, err) == 0)
        return 0;
    return err->kind == ERROR_CONFLICT ? lost(lease, "another holder took it over", err) : -1;
}

int lease_check(const struct lease *lease, struct store store, const struct call *call, struct error *err)
{
    struct store_document document;
    if (lease_left_ms(lease) == 0)
        return lost(lease, "it ran out before the act: this process was stopped, or the act took too long", err);
    if (store.ops->get(store.self, &document, lease->key, call, err) < 0)
        return -1;
    bool ours = document.version == lease->version && document.epoch == lease->epoch;
    store_document_clear(&document);
    if (!ours)
        return lost(lease, "another holder took it over", err);
    /* Once more: reading the store may have taken long. */
    return lease_left_ms(lease) == 0 ? lost(lease, "it ran out while the store was asked", err) : 0;
}

struct store_op lease_condition(const struct lease *lease)
{
    return (struct store_op){.kind = STORE_CHECK_EPOCH, .key = lease->key, .epoch = lease->epoch};
}

void lease_release(struct lease *lease, struct store store)
{
    static const struct call no_call = {0};
    struct call moment = call_within(&no_call, RELEASE_MS);
    struct error ignored;
    lease->document.released = true;
    if (put(lease, lease->epoch, store, &moment, &ignored) < 0)
        lease->document.released = false;
    lease->until_boot_ms = 0;
}
