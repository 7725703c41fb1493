#include "run/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct stored {
    char *kind, *subject, *scope, *actor, *reason, *status;
    int64_t begun;
};

static const struct json_field fields[] = {
    {"kind", JSON_FIELD_STRING, offsetof(struct stored, kind), .required = true},
    {"subject", JSON_FIELD_STRING, offsetof(struct stored, subject), .required = true},
    {"scope", JSON_FIELD_STRING, offsetof(struct stored, scope), .required = true},
    {"actor", JSON_FIELD_STRING, offsetof(struct stored, actor), .required = true},
    {"reason", JSON_FIELD_STRING, offsetof(struct stored, reason), .required = true},
    {"status", JSON_FIELD_STRING, offsetof(struct stored, status), .required = true},
    {"begun", JSON_FIELD_INT, offsetof(struct stored, begun), .required = true},
    {0},
};

const struct json_field document_open_fields[] = {
    {"run", JSON_FIELD_STRING, offsetof(struct document_open, run), .required = true},
    {0},
};

void document_encode(struct buf *out, const struct json_field *table, const void *in)
{
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, table, in);
    json_end_object(&w);
}

void document_encode_info(struct buf *out, const struct run_info *info)
{
    struct stored stored = {
        .kind = info->kind,
        .subject = info->subject,
        .scope = info->scope,
        .actor = info->actor,
        .reason = info->reason,
        .status = (char *)run_status_name(info->status),
        .begun = info->begun_ms,
    };
    document_encode(out, fields, &stored);
}

static int decode_info(struct run_info *out, const struct store_document *document, struct error *err)
{
    struct stored stored = {0};
    const char *id = document->key + strlen("run/");
    int result = json_decode(&stored, fields, document->bytes, document->len, err);
    int status = RUN_OPEN;
    while (result == 0 && status <= RUN_FAILED &&
           strcmp(stored.status, run_status_name((enum run_status)status)) != 0)
        status++;
    if (result == 0 && status > RUN_FAILED)
        result = error_set(err, ERROR_FAILED, "there is no status \"%s\"", stored.status);
    if (result < 0) {
        json_fields_clear(&stored, fields);
        error_wrap(err, "The run %s is damaged", id);
        err->kind = ERROR_FAILED;
        return -1;
    }
    *out = (struct run_info){
        .id = mem_string(id),
        .kind = stored.kind,
        .subject = stored.subject,
        .scope = stored.scope,
        .actor = stored.actor,
        .reason = stored.reason,
        .begun_ms = stored.begun,
        .changed_ms = document->changed_ms,
        .status = (enum run_status)status,
    };
    free(stored.status);
    return 0;
}

void run_info_clear(struct run_info *info)
{
    free(info->id);
    free(info->kind);
    free(info->subject);
    free(info->scope);
    free(info->actor);
    free(info->reason);
    *info = (struct run_info){0};
}

void run_infos_clear(struct run_infos *infos)
{
    for (size_t i = 0; i < infos->count; i++)
        run_info_clear(&infos->items[i]);
    free(infos->items);
    *infos = (struct run_infos){0};
}

char *document_key(const char *room, const char *id)
{
    struct buf key = {0};
    buf_addf(&key, "%s/%s", room, id);
    return buf_take(&key);
}

int document_find(struct run_info *out, int64_t *version, struct store store, const char *id, const struct call *call,
                  struct error *err)
{
    CLEANUP(free_string) char *key = document_key("run", id);
    struct store_document document;
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result;
    if (document.version) {
        *version = document.version;
        result = decode_info(out, &document, err);
    } else {
        error_set(err, ERROR_NOT_FOUND, "There is no run %s", id);
        result = error_todo(err, "`signalbox release list` shows the runs there are");
    }
    store_document_clear(&document);
    return result;
}

int run_find(struct run_info *out, struct store store, const char *id, const struct call *call, struct error *err)
{
    int64_t version;
    return document_find(out, &version, store, id, call, err);
}

/* "r-9999" before "r-10000": by the number, which is the same as by length and then by letters. */
static int newest_first(const void *a, const void *b)
{
    const struct run_info *left = a, *right = b;
    size_t left_len = strlen(left->id), right_len = strlen(right->id);
    if (left_len != right_len)
        return left_len < right_len ? 1 : -1;
    return strcmp(right->id, left->id);
}

int run_list(struct run_infos *out, struct store store, const struct call *call, struct error *err)
{
    struct store_documents documents;
    if (store.ops->list(store.self, &documents, "run/", call, err) < 0)
        return -1;
    struct run_infos found = {0};
    int result = 0;
    ARRAY_GROW(&found.items, &found.cap, documents.count);
    for (size_t i = 0; i < documents.count && result == 0; i++) {
        result = decode_info(&found.items[found.count], &documents.items[i], err);
        found.count += result == 0;
    }
    store_documents_clear(&documents);
    if (result < 0) {
        run_infos_clear(&found);
        return -1;
    }
    if (found.count)
        qsort(found.items, found.count, sizeof(*found.items), newest_first);
    *out = found;
    return 0;
}

int document_read_open(char **run, int64_t *version, struct store store, const char *scope, const struct call *call,
                       struct error *err)
{
    CLEANUP(free_string) char *key = document_key("open", scope);
    struct store_document document;
    struct document_open open = {0};
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    int result = document.version ? json_decode(&open, document_open_fields, document.bytes, document.len, err) : 0;
    if (result < 0) {
        error_wrap(err, "What runs in %s cannot be read", scope);
        err->kind = ERROR_FAILED;
    } else {
        *run = open.run;
        *version = document.version;
    }
    store_document_clear(&document);
    return result;
}
