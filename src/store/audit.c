#include "store/audit.h"

#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/memory.h"

static const char log_name[] = "audit", head_key[] = "audit/head";

enum { HEX = HASH_HEX - 1, HEADER = HEX + 1 + HEX + 1, PAGE = 500 };

struct head {
    int64_t seq;
    char *hash;
    int64_t version; /* of its document */
};

static const struct json_field head_fields[] = {
    {"seq", JSON_FIELD_INT, offsetof(struct head, seq), .required = true},
    {"hash", JSON_FIELD_STRING, offsetof(struct head, hash), .required = true},
    {0},
};

static const struct json_field entry_fields[] = {
    {"seq", JSON_FIELD_INT, offsetof(struct audit_entry, seq), .required = true},
    {"at", JSON_FIELD_INT, offsetof(struct audit_entry, at_ms), .required = true},
    {"machine", JSON_FIELD_STRING, offsetof(struct audit_entry, machine)},
    {"who", JSON_FIELD_STRING, offsetof(struct audit_entry, who)},
    {"what", JSON_FIELD_STRING, offsetof(struct audit_entry, what)},
    {"why", JSON_FIELD_STRING, offsetof(struct audit_entry, why)},
    {"before", JSON_FIELD_STRING, offsetof(struct audit_entry, before)},
    {"after", JSON_FIELD_STRING, offsetof(struct audit_entry, after)},
    {"run", JSON_FIELD_STRING, offsetof(struct audit_entry, run)},
    {0},
};

void audit_entries_clear(struct audit_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        json_fields_clear(&entries->items[i], entry_fields);
    free(entries->items);
    *entries = (struct audit_entries){0};
}

static void first_previous(char out[HASH_HEX])
{
    memset(out, '0', HEX);
    out[HEX] = 0;
}

static void head_clear(struct head *head)
{
    free(head->hash);
    *head = (struct head){0};
}

/* Where there is none yet: number 0 and the zeros. ERROR_INVALID: it is damaged. */
static int read_head(struct head *out, struct store store, const struct call *call, struct error *err)
{
    struct store_document document;
    if (store.ops->get(store.self, &document, head_key, call, err) < 0)
        return -1;
    *out = (struct head){0};
    int result = 0;
    if (!document.version) {
        char zeros[HASH_HEX];
        first_previous(zeros);
        out->hash = mem_string(zeros);
    } else {
        result = json_decode(out, head_fields, document.bytes, document.len, err);
        if (result == 0 && strlen(out->hash) != HEX)
            result = error_set(err, ERROR_INVALID, "Its hash is no SHA-256");
        if (result < 0) {
            head_clear(out);
            error_wrap(err, "The head of the audit log is damaged");
            error_todo(err, "`signalbox audit verify` says more");
        }
    }
    out->version = document.version;
    store_document_clear(&document);
    return result;
}

static void put_head(struct buf *out, int64_t seq, const char *hash)
{
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_put_int(&w, "seq", seq);
    json_put_string(&w, "hash", hash);
    json_end_object(&w);
}

static void put_present(struct json_writer *w, const char *name, const char *value)
{
    if (value && *value)
        json_put_string(w, name, value);
}

static void put_event(struct buf *out, const struct audit_event *event, int64_t seq)
{
    char machine[256] = "";
    gethostname(machine, sizeof(machine) - 1);
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_put_int(&w, "seq", seq);
    json_put_int(&w, "at", clock_now_ms());
    put_present(&w, "machine", machine);
    put_present(&w, "who", event->who);
    put_present(&w, "what", event->what);
    put_present(&w, "why", event->why);
    put_present(&w, "before", event->before);
    put_present(&w, "after", event->after);
    put_present(&w, "run", event->run);
    json_end_object(&w);
}

/* The hash of previous "\n" event. */
static void chain(char out[HASH_HEX], const char *previous, const char *event, size_t len)
{
    struct buf chained = {0};
    buf_addf(&chained, "%s\n", previous);
    buf_add(&chained, event, len);
    hash_sha256(out, chained.bytes, chained.len);
    buf_clear(&chained);
}

/* The whole entry; `hash` is the previous one before and its own afterwards. */
static void put_entry(struct buf *out, char hash[HASH_HEX], const struct audit_event *event, int64_t seq)
{
    CLEANUP(buf_clear) struct buf json = {0};
    char own[HASH_HEX];
    put_event(&json, event, seq);
    chain(own, hash, json.bytes, json.len);
    buf_addf(out, "%s %s\n", own, hash);
    buf_add(out, json.bytes, json.len);
    memcpy(hash, own, HASH_HEX);
}

/* One try. 1: an entry of somebody else got in between. */
static int try_apply(struct store store, const struct store_op *ops, size_t count, const struct audit_event *events,
                     size_t event_count, size_t *failed, const struct head *head, const struct call *call,
                     struct error *err)
{
    struct store_op all[AUDIT_OPS_MAX + AUDIT_EVENTS_MAX + 1];
    struct buf bytes[AUDIT_EVENTS_MAX + 1] = {0};
    char hash[HASH_HEX];
    memcpy(hash, head->hash, HASH_HEX);
    if (count)
        memcpy(all, ops, count * sizeof(*ops));
    size_t n = count;
    for (size_t i = 0; i < event_count; i++) {
        int64_t seq = head->seq + 1 + (int64_t)i;
        put_entry(&bytes[i], hash, &events[i], seq);
        all[n++] = (struct store_op){
            .kind = STORE_APPEND, .key = log_name, .version = seq, .bytes = bytes[i].bytes, .len = bytes[i].len};
    }
    put_head(&bytes[event_count], head->seq + (int64_t)event_count, hash);
    all[n++] = (struct store_op){.kind = STORE_PUT,
                                 .key = head_key,
                                 .version = head->version,
                                 .bytes = bytes[event_count].bytes,
                                 .len = bytes[event_count].len};
    size_t at = 0;
    int result = store.ops->apply(store.self, all, n, &at, call, err);
    if (result < 0 && err->kind == ERROR_CONFLICT && at >= count)
        result = 1;
    else if (result < 0 && failed)
        *failed = at;
    for (size_t i = 0; i <= event_count; i++)
        buf_clear(&bytes[i]);
    return result;
}

int audit_apply(struct store store, const struct store_op *ops, size_t count, const struct audit_event *events,
                size_t event_count, size_t *failed, const struct call *call, struct error *err)
{
    if (count > AUDIT_OPS_MAX || event_count > AUDIT_EVENTS_MAX)
        return error_set(err, ERROR_INVALID, "Too many operations at once");
    if (!event_count)
        return store.ops->apply(store.self, ops, count, failed, call, err);
    int64_t tried_version = -1;
    for (int tries = 0;; tries++) {
        struct head head;
        if (read_head(&head, store, call, err) < 0) {
            if (err->kind == ERROR_INVALID)
                err->kind = ERROR_FAILED;
            return -1;
        }
        if (head.version == tried_version) {
            head_clear(&head);
            error_set(err, ERROR_FAILED, "The audit log is damaged");
            error_why(err, "its head does not fit its newest entry");
            return error_todo(err, "`signalbox audit verify` says where");
        }
        tried_version = head.version;
        int result = try_apply(store, ops, count, events, event_count, failed, &head, call, err);
        head_clear(&head);
        if (result <= 0)
            return result;
        if (call_check(call, "write the audit log", err) < 0)
            return -1;
        poll(NULL, 0, (tries < 10 ? tries : 10) + getpid() % 3);
    }
}

/* Its three parts; false when it does not look like an entry. Borrows. */
struct parts {
    char hash[HASH_HEX], previous[HASH_HEX];
    const char *event;
    size_t len;
};

static bool is_hex(const char *digits)
{
    return strspn(digits, "0123456789abcdef") == HEX;
}

static bool split(struct parts *out, const struct store_entry *entry)
{
    if (entry->len <= HEADER || entry->bytes[HEX] != ' ' || entry->bytes[HEADER - 1] != '\n')
        return false;
    memcpy(out->hash, entry->bytes, HEX);
    memcpy(out->previous, entry->bytes + HEX + 1, HEX);
    out->hash[HEX] = out->previous[HEX] = 0;
    out->event = entry->bytes + HEADER;
    out->len = entry->len - HEADER;
    return is_hex(out->hash) && is_hex(out->previous);
}

/* So that nobody who reads an entry needs to ask for NULL. */
static void fill_absent(struct audit_entry *entry)
{
    char **strings[] = {&entry->who,   &entry->what, &entry->why,    &entry->before,
                        &entry->after, &entry->run,  &entry->machine};
    for (size_t i = 0; i < COUNT(strings); i++)
        if (!*strings[i])
            *strings[i] = mem_string("");
}

static int decode(struct audit_entry *out, const struct store_entry *entry, struct error *err)
{
    struct parts parts;
    *out = (struct audit_entry){0};
    int result = split(&parts, entry) ? json_decode(out, entry_fields, parts.event, parts.len, err)
                                      : error_set(err, ERROR_FAILED, "It does not begin with two hashes");
    if (result < 0) {
        error_wrap(err, "Entry %lld of the audit log is damaged", (long long)entry->seq);
        error_todo(err, "`signalbox audit verify` says what is broken");
        err->kind = ERROR_FAILED;
        return -1;
    }
    fill_absent(out);
    memcpy(out->hash, parts.hash, HASH_HEX);
    return 0;
}

int audit_list(struct audit_entries *out, struct store store, int64_t before, int64_t limit, const struct call *call,
               struct error *err)
{
    struct store_entries raw = {0};
    int result;
    if (before > 0) {
        int64_t after = before - 1 - limit;
        if (after < 0) {
            limit = before - 1;
            after = 0;
        }
        *out = (struct audit_entries){0};
        if (limit <= 0)
            return 0;
        result = store.ops->read(store.self, &raw, log_name, after, limit, call, err);
    } else {
        result = store.ops->read(store.self, &raw, log_name, 0, -limit, call, err);
    }
    if (result < 0)
        return -1;
    struct audit_entries found = {0};
    ARRAY_GROW(&found.items, &found.cap, raw.count);
    for (size_t i = raw.count; i > 0 && result == 0; i--) {
        result = decode(&found.items[found.count], &raw.items[i - 1], err);
        found.count += result == 0;
    }
    store_entries_clear(&raw);
    if (result == 0)
        *out = found;
    else
        audit_entries_clear(&found);
    return result;
}

const char *audit_fault_name(enum audit_fault fault)
{
    static const char *const names[] = {
        [AUDIT_WHOLE] = "whole",         [AUDIT_CHANGED] = "changed", [AUDIT_MISSING] = "missing",
        [AUDIT_REORDERED] = "reordered", [AUDIT_CUT] = "cut",
    };
    return names[fault];
}

/* Always false, so that `return broken(…);` reads well. */
static bool PRINTF_LIKE(4, 5)
    broken(struct audit_report *report, enum audit_fault fault, int64_t seq, const char *fmt, ...)
{
    struct text_buf words = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&words, fmt, ap);
    va_end(ap);
    text_into(report->why, sizeof(report->why), text_of(&words).safe, text_of(&words).len);
    text_buf_clear(&words);
    report->fault = fault;
    report->broken = seq;
    return false;
}

/* Does the entry follow what was read so far? The first thing that does not fit decides what it is called. */
static bool follows(struct audit_report *report, const struct store_entry *entry)
{
    int64_t expected = report->count + 1;
    struct parts parts;
    struct audit_entry event;
    char own[HASH_HEX];
    struct error err;
    if (entry->seq != expected)
        return broken(report, AUDIT_MISSING, expected, "entry %lld is missing; the next one there is %lld",
                      (long long)expected, (long long)entry->seq);
    if (!split(&parts, entry))
        return broken(report, AUDIT_CHANGED, expected, "it does not begin with two hashes");
    chain(own, parts.previous, parts.event, parts.len);
    if (strcmp(own, parts.hash) != 0)
        return broken(report, AUDIT_CHANGED, expected, "its bytes do not have the hash it carries");
    if (decode(&event, entry, &err) < 0)
        return broken(report, AUDIT_CHANGED, expected, "%s", err.why);
    int64_t seq = event.seq;
    json_fields_clear(&event, entry_fields);
    if (seq != expected)
        return broken(report, AUDIT_REORDERED, expected, "it was written as entry %lld", (long long)seq);
    if (strcmp(parts.previous, report->head) != 0)
        return broken(report, AUDIT_CHANGED, expected,
                      "it does not follow the entry before it: one of the two was written anew");
    memcpy(report->head, parts.hash, HASH_HEX);
    report->count++;
    return true;
}

/* Reads on to the entry `until` (0: as far as there is), or until one does not fit, which the report then says. */
static int read_on(struct audit_report *report, int64_t until, struct store store, const struct call *call,
                   struct error *err)
{
    for (;;) {
        struct store_entries page = {0};
        int64_t limit = until && until - report->count < PAGE ? until - report->count : PAGE;
        if (limit <= 0)
            return 0;
        if (store.ops->read(store.self, &page, log_name, report->count, limit, call, err) < 0)
            return -1;
        bool more = page.count > 0;
        for (size_t i = 0; i < page.count && more; i++)
            more = follows(report, &page.items[i]);
        store_entries_clear(&page);
        if (!more)
            return 0;
    }
}

/* The end of the log against the head that was kept. */
static void check_end(struct audit_report *report, const struct head *head)
{
    int64_t count = report->count;
    if (head->seq > count)
        broken(report, AUDIT_CUT, count + 1, "the log ends at entry %lld, but %lld were written", (long long)count,
               (long long)head->seq);
    else if (!head->version && count)
        broken(report, AUDIT_MISSING, count, "the head of the log is missing");
    else if (head->seq < count)
        broken(report, AUDIT_CHANGED, head->seq + 1, "it was written past the head of the log, which ends at %lld",
               (long long)head->seq);
    else if (!head->hash || strcmp(head->hash, report->head) != 0)
        broken(report, AUDIT_CHANGED, count, "it is not the entry whose hash was kept as the head of the log");
}

int audit_verify(struct audit_report *out, struct store store, const struct call *call, struct error *err)
{
    struct audit_report report = {0};
    struct head head = {0};
    first_previous(report.head);
    if (read_on(&report, 0, store, call, err) < 0)
        return -1;
    /* The head is read after the entries, so it cannot be behind them; what was written meanwhile is read then. */
    if (report.fault == AUDIT_WHOLE && read_head(&head, store, call, err) < 0) {
        if (err->kind != ERROR_INVALID)
            return -1;
        broken(&report, AUDIT_CHANGED, report.count, "the head of the log is damaged: %s", err->why);
    }
    int result = report.fault == AUDIT_WHOLE ? read_on(&report, head.seq, store, call, err) : 0;
    if (result == 0 && report.fault == AUDIT_WHOLE)
        check_end(&report, &head);
    head_clear(&head);
    if (result == 0)
        *out = report;
    return result;
}
