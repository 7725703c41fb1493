/* Versions that are used up: a document of the store, grown by compare-and-swap. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "release/release_steps.h"
#include "store/audit.h"

struct burned {
    char **versions;
};

static const struct json_field fields[] = {
    {.name = "versions", JSON_FIELD_STRINGS, offsetof(struct burned, versions), true},
    {0},
};

void history_burned_free(char **versions)
{
    struct burned burned = {versions};
    json_fields_clear(&burned, fields);
}

static int read_burned(struct burned *out, int64_t *version, struct store store, const char *key,
                       const struct call *call, struct error *err)
{
    struct store_document document = {0};
    *out = (struct burned){0};
    *version = 0;
    if (!store.ops) {
        out->versions = mem_array(1, sizeof(char *));
        return 0;
    }
    if (store.ops->get(store.self, &document, key, call, err) < 0)
        return -1;
    *version = document.version;
    int result = 0;
    if (document.version)
        result = json_decode(out, fields, document.bytes, document.len, err);
    else
        out->versions = mem_array(1, sizeof(char *));
    store_document_clear(&document);
    return result;
}

static void burned_key(struct buf *out, const char *service)
{
    buf_addf(out, "burned/%s", service);
}

int history_burned(char ***versions, struct store store, const char *service, const struct call *call,
                   struct error *err)
{
    CLEANUP(buf_clear) struct buf key = {0};
    struct burned burned;
    int64_t version;
    burned_key(&key, service);
    if (read_burned(&burned, &version, store, key.bytes, call, err) < 0)
        return -1;
    *versions = burned.versions;
    return 0;
}

/* Writes the list with one more, unless it has it already. */
static int add_burned(struct store store, const char *key, const char *text, const char *actor,
                      const struct call *call, struct error *err)
{
    struct burned burned;
    int64_t version;
    if (read_burned(&burned, &version, store, key, call, err) < 0)
        return -1;
    size_t count = 0;
    bool has = false;
    for (; burned.versions[count]; count++)
        has = has || strcmp(burned.versions[count], text) == 0;
    int result = 0;
    if (!has) {
        burned.versions = mem_resize(burned.versions, count + 2, sizeof(char *));
        burned.versions[count] = mem_string(text);
        burned.versions[count + 1] = NULL;
        CLEANUP(buf_clear) struct buf bytes = {0};
        struct json_writer w = {.out = &bytes, .compact = true, .first = true};
        json_begin_object(&w, NULL);
        json_encode_members(&w, fields, &burned);
        json_end_object(&w);
        struct store_op put = {
            .kind = STORE_PUT, .key = key, .version = version, .bytes = bytes.bytes, .len = bytes.len};
        size_t failed;
        CLEANUP(buf_clear) struct buf words = {0};
        buf_addf(&words, "%s is used up: its tag is public", text);
        struct audit_event event = {.who = actor, .what = words.bytes};
        result = audit_apply(store, &put, 1, &event, 1, &failed, call, err);
    }
    history_burned_free(burned.versions);
    return result;
}

int history_burn(struct store store, const char *service, const char *version, const char *actor,
                 const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf key = {0};
    burned_key(&key, service);
    /* Another may write between reading and writing; a handful of tries is more than people make at once. */
    for (int tries = 0; tries < 8; tries++) {
        if (add_burned(store, key.bytes, version, actor, call, err) == 0)
            return 0;
        if (err->kind != ERROR_CONFLICT)
            return -1;
    }
    return -1;
}

/* ---- what runs pushed ---- */

void release_scope(struct buf *out, const char *service)
{
    buf_addf(out, "%s/release", service);
}

static bool has_string(char **strings, const char *string)
{
    for (; strings && *strings; strings++)
        if (strcmp(*strings, string) == 0)
            return true;
    return false;
}

static int did_push(bool *out, struct store store, const char *id, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf plan = {0};
    struct run_progress progress = {0};
    *out = false;
    if (run_read(&plan, &progress, store, id, call, err) < 0)
        return -1;
    const struct effect_progress *push = run_progress_of(&progress, "push");
    *out = push && push->status == EFFECT_DONE;
    run_progress_clear(&progress);
    return 0;
}

static void add_string(char ***strings, const char *string)
{
    size_t count = 0;
    while (*strings && (*strings)[count])
        count++;
    *strings = mem_resize(*strings, count + 2, sizeof(char *));
    (*strings)[count] = mem_string(string);
    (*strings)[count + 1] = NULL;
}

int history_burned_by_runs(char ***versions, const struct history *history, struct store store,
                           const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf scope = {0};
    struct run_infos runs = {0};
    int result = run_list(&runs, store, call, err);
    release_scope(&scope, history->service);
    /* A run is read only where its tag is missing, which hardly ever is. */
    for (size_t i = 0; i < runs.count && result == 0; i++) {
        const struct run_info *run = &runs.items[i];
        bool pushed;
        if (strcmp(run->scope, scope.bytes) != 0 || strcmp(run->kind, release_kind.name) != 0 ||
            history_find(history, run->subject) || has_string(*versions, run->subject))
            continue;
        result = did_push(&pushed, store, run->id, call, err);
        if (result == 0 && pushed)
            add_string(versions, run->subject);
    }
    run_infos_clear(&runs);
    return result;
}
