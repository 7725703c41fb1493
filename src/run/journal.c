#include "run/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

/* An argument in JSON: its value as a string, or in hex where it is not UTF-8. */
struct stored_arg {
    char *name, *value, *hex;
};

/* Every kind of entry; each uses some of the members. */
struct stored {
    char *what, *actor;
    int64_t epoch;
    char *effect, *kind, *words, *undo;
    int64_t deadline;
    struct stored_arg *args, *evidence;
    size_t arg_count, evidence_count;
    bool found;
    char *error, *error_what, *error_why, *error_todo;
    char *status, *reason;
    char *request, *asker;
    int64_t request_seq;
};

static const struct json_field arg_fields[] = {
    {"name", JSON_FIELD_STRING, offsetof(struct stored_arg, name), .required = true},
    {"value", JSON_FIELD_STRING, offsetof(struct stored_arg, value)},
    {"hex", JSON_FIELD_STRING, offsetof(struct stored_arg, hex)},
    {0},
};

static const struct json_field stored_fields[] = {
    {"what", JSON_FIELD_STRING, offsetof(struct stored, what), .required = true},
    {"actor", JSON_FIELD_STRING, offsetof(struct stored, actor)},
    {"epoch", JSON_FIELD_INT, offsetof(struct stored, epoch)},
    {"effect", JSON_FIELD_STRING, offsetof(struct stored, effect)},
    {"kind", JSON_FIELD_STRING, offsetof(struct stored, kind)},
    {"words", JSON_FIELD_STRING, offsetof(struct stored, words)},
    {"undo", JSON_FIELD_STRING, offsetof(struct stored, undo)},
    {"deadline", JSON_FIELD_INT, offsetof(struct stored, deadline)},
    {"args", JSON_FIELD_OBJECTS, offsetof(struct stored, args), .fields = arg_fields,
     .size = sizeof(struct stored_arg), .count_offset = offsetof(struct stored, arg_count)},
    {"evidence", JSON_FIELD_OBJECTS, offsetof(struct stored, evidence), .fields = arg_fields,
     .size = sizeof(struct stored_arg), .count_offset = offsetof(struct stored, evidence_count)},
    {"found", JSON_FIELD_BOOL, offsetof(struct stored, found)},
    {"error", JSON_FIELD_STRING, offsetof(struct stored, error)},
    {"error-what", JSON_FIELD_STRING, offsetof(struct stored, error_what)},
    {"error-why", JSON_FIELD_STRING, offsetof(struct stored, error_why)},
    {"error-todo", JSON_FIELD_STRING, offsetof(struct stored, error_todo)},
    {"status", JSON_FIELD_STRING, offsetof(struct stored, status)},
    {"reason", JSON_FIELD_STRING, offsetof(struct stored, reason)},
    {"request", JSON_FIELD_STRING, offsetof(struct stored, request)},
    {"asker", JSON_FIELD_STRING, offsetof(struct stored, asker)},
    {"request-seq", JSON_FIELD_INT, offsetof(struct stored, request_seq)},
    {0},
};

/* Writing. */

static struct json_writer start(struct buf *out, const struct journal_writer *by, const char *what)
{
    struct json_writer w = {.out = out, .compact = true};
    json_begin_object(&w, NULL);
    json_put_string(&w, "what", what);
    json_put_string(&w, "actor", by->actor);
    json_put_int(&w, "epoch", by->epoch);
    return w;
}

static void put_args(struct json_writer *w, const char *name, const struct effect_arg *args, int count)
{
    json_begin_array(w, name);
    for (int i = 0; i < count; i++) {
        json_begin_object(w, NULL);
        json_put_string(w, "name", args[i].name);
        if (utf8_valid(args[i].value, strlen(args[i].value))) {
            json_put_string(w, "value", args[i].value);
        } else {
            struct buf hex = {0};
            for (const char *at = args[i].value; *at; at++)
                buf_addf(&hex, "%02x", (unsigned char)*at);
            json_put_string(w, "hex", hex.bytes);
            buf_clear(&hex);
        }
        json_end_object(w);
    }
    json_end_array(w);
}

void journal_begin(struct buf *out, const struct journal_writer *by, const struct effect *effect)
{
    struct json_writer w = start(out, by, "begin");
    json_put_string(&w, "effect", effect->id);
    json_put_string(&w, "kind", effect->kind);
    json_put_bytes(&w, "words", effect->words.safe, effect->words.len);
    json_put_bytes(&w, "undo", effect->undo.safe, effect->undo.len);
    json_put_int(&w, "deadline", effect->deadline_ms);
    put_args(&w, "args", effect->args, effect->arg_count);
    json_end_object(&w);
}

void journal_done(struct buf *out, const struct journal_writer *by, const char *effect_id,
                  const struct evidence *evidence, bool found)
{
    struct json_writer w = start(out, by, "done");
    json_put_string(&w, "effect", effect_id);
    json_put_bool(&w, "found", found);
    put_args(&w, "evidence", evidence->items, evidence->count);
    json_end_object(&w);
}

void journal_failed(struct buf *out, const struct journal_writer *by, const char *effect_id,
                    const struct error *error)
{
    struct json_writer w = start(out, by, "failed");
    json_put_string(&w, "effect", effect_id);
    json_put_string(&w, "error", error_kind_name(error->kind));
    json_put_string(&w, "error-what", error->what);
    json_put_string(&w, "error-why", error->why);
    json_put_string(&w, "error-todo", error->todo);
    json_end_object(&w);
}

void journal_status(struct buf *out, const struct journal_writer *by, enum run_status status, struct text reason)
{
    struct json_writer w = start(out, by, "status");
    json_put_string(&w, "status", run_status_name(status));
    json_put_bytes(&w, "reason", reason.safe, reason.len);
    json_end_object(&w);
}

void journal_request(struct buf *out, const struct journal_writer *by, const struct request *request)
{
    struct json_writer w = start(out, by, "request");
    json_put_string(&w, "request", request_kind_name(request->kind));
    json_put_int(&w, "request-seq", request->seq);
    json_put_string(&w, "asker", request->actor);
    json_put_string(&w, "reason", request->reason);
    json_end_object(&w);
}

/* Reading. */

static int damaged(struct error *err, const char *thing, const char *why)
{
    error_set(err, ERROR_FAILED, "It makes no sense");
    return error_why(err, "\"%s\" %s", thing ? thing : "", why);
}

/* Two digits a byte; false for anything else, and for a zero byte, which no string holds. */
static bool from_hex(struct buf *out, const char *hex)
{
    if (strlen(hex) % 2 || strspn(hex, "0123456789abcdef") != strlen(hex))
        return false;
    for (; *hex; hex += 2) {
        char digits[] = {hex[0], hex[1], 0};
        char byte = (char)strtol(digits, NULL, 16);
        if (!byte)
            return false;
        buf_addc(out, byte);
    }
    return true;
}

typedef void set_fn(void *target, const char *name, const char *value);

static void set_arg(void *target, const char *name, const char *value)
{
    effect_set(target, name, value);
}

static void set_evidence(void *target, const char *name, const char *value)
{
    evidence_set(target, name, value);
}

static int read_args(void *target, set_fn *set, const struct stored_arg *args, size_t count, struct error *err)
{
    if (count > EFFECT_ARGS_MAX)
        return damaged(err, "args", "are too many");
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_clear) struct buf bytes = {0};
        if (args[i].hex && !from_hex(&bytes, args[i].hex))
            return damaged(err, args[i].hex, "is not hex");
        set(target, args[i].name, args[i].hex ? buf_string(&bytes) : args[i].value);
    }
    return 0;
}

static struct text text_from(const char *string)
{
    return string ? text_copy_raw(string, strlen(string)) : (struct text){0};
}

/* What somebody does opens a run that waited or held. */
static void set_status(struct run_progress *progress, enum run_status status, const char *reason)
{
    progress->status = status;
    text_free(&progress->reason);
    progress->reason = text_from(reason);
}

static struct effect_progress *find(struct run_progress *progress, const char *id)
{
    return id ? (struct effect_progress *)run_progress_of(progress, id) : NULL;
}

static int fold_begin(struct run_progress *progress, const struct stored *in, int64_t at_ms, struct error *err)
{
    struct effect_progress *of = find(progress, in->effect);
    if (!in->effect || !*in->effect || !in->kind || in->deadline < 0)
        return damaged(err, in->effect, "is no whole effect");
    if (of && of->status == EFFECT_DONE)
        return damaged(err, in->effect, "begins although it is done");
    struct effect effect;
    effect_init(&effect, in->effect, in->kind, in->deadline);
    effect.words = text_from(in->words);
    effect.undo = text_from(in->undo);
    if (read_args(&effect, set_arg, in->args, in->arg_count, err) < 0) {
        effect_clear(&effect);
        return -1;
    }
    if (of) {
        effect_clear(&of->effect);
        evidence_clear(&of->evidence);
    } else {
        ARRAY_GROW(&progress->effects, &progress->cap, progress->count + 1);
        of = &progress->effects[progress->count++];
    }
    *of = (struct effect_progress){.effect = effect, .status = EFFECT_BEGUN, .begun_ms = at_ms};
    set_status(progress, RUN_OPEN, NULL);
    return 0;
}

static int fold_done(struct run_progress *progress, const struct stored *in, int64_t at_ms, struct error *err)
{
    struct effect_progress *of = find(progress, in->effect);
    if (!of || of->status == EFFECT_DONE)
        return damaged(err, in->effect, "is done, but was not begun or is done already");
    struct evidence evidence = {0};
    if (read_args(&evidence, set_evidence, in->evidence, in->evidence_count, err) < 0) {
        evidence_clear(&evidence);
        return -1;
    }
    evidence_clear(&of->evidence);
    of->evidence = evidence;
    of->status = EFFECT_DONE;
    of->ended_ms = at_ms;
    of->error = (struct error){0};
    set_status(progress, RUN_OPEN, NULL);
    return 0;
}

static int fold_failed(struct run_progress *progress, const struct stored *in, int64_t at_ms, struct error *err)
{
    struct effect_progress *of = find(progress, in->effect);
    if (!of || of->status == EFFECT_DONE)
        return damaged(err, in->effect, "failed, but was not begun or is done already");
    int kind = ERROR_FAILED;
    while (in->error && kind <= ERROR_CANCELLED && strcmp(in->error, error_kind_name((enum error_kind)kind)) != 0)
        kind++;
    if (!in->error || kind > ERROR_CANCELLED)
        return damaged(err, in->error, "is no kind of error");
    of->status = EFFECT_FAILED;
    of->ended_ms = at_ms;
    error_set(&of->error, (enum error_kind)kind, "%s", in->error_what ? in->error_what : "");
    error_why(&of->error, "%s", in->error_why ? in->error_why : "");
    error_todo(&of->error, "%s", in->error_todo ? in->error_todo : "");
    return 0;
}

static int fold_status(struct run_progress *progress, const struct stored *in, int64_t at_ms UNUSED,
                       struct error *err)
{
    for (int status = RUN_OPEN; in->status && status <= RUN_FAILED; status++) {
        if (strcmp(in->status, run_status_name((enum run_status)status)) != 0)
            continue;
        set_status(progress, (enum run_status)status, in->reason);
        return 0;
    }
    return damaged(err, in->status, "is no status");
}

static int fold_request(struct run_progress *progress, const struct stored *in, int64_t at_ms UNUSED,
                        struct error *err)
{
    int kind = REQUEST_HOLD;
    while (in->request && kind <= REQUEST_ABORT &&
           strcmp(in->request, request_kind_name((enum request_kind)kind)) != 0)
        kind++;
    if (!in->request || kind > REQUEST_ABORT)
        return damaged(err, in->request, "is no request");
    if (in->request_seq <= progress->requests_seen)
        return damaged(err, in->request, "was obeyed before");
    progress->requests_seen = in->request_seq;
    progress->hold_requested = kind == REQUEST_HOLD;
    progress->abort_requested = progress->abort_requested || kind == REQUEST_ABORT;
    struct text_buf words = {0};
    text_addf(&words, "%s asked to %s%s%s", in->asker ? in->asker : "somebody", in->request,
              in->reason && *in->reason ? ": " : "", in->reason ? in->reason : "");
    text_free(&progress->request);
    progress->request = text_copy(text_of(&words));
    text_buf_clear(&words);
    return 0;
}

static const struct {
    const char *what;
    int (*fold)(struct run_progress *progress, const struct stored *in, int64_t at_ms, struct error *err);
} folds[] = {
    {"begin", fold_begin},   {"done", fold_done},       {"failed", fold_failed},
    {"status", fold_status}, {"request", fold_request},
};

static int fold_stored(struct run_progress *progress, const struct stored *in, int64_t at_ms, struct error *err)
{
    for (size_t i = 0; i < COUNT(folds); i++)
        if (in->what && strcmp(in->what, folds[i].what) == 0)
            return folds[i].fold(progress, in, at_ms, err);
    return damaged(err, in->what, "is no kind of entry");
}

int journal_fold(struct run_progress *progress, const struct store_entry *entry, struct error *err)
{
    struct stored in = {0};
    int result;
    if (entry->seq != progress->last_seq + 1) {
        error_set(err, ERROR_FAILED, "It is out of order");
        result = error_why(err, "it follows entry %lld", (long long)progress->last_seq);
    } else {
        result = json_decode(&in, stored_fields, entry->bytes, entry->len, err);
    }
    if (result == 0)
        result = fold_stored(progress, &in, entry->at_ms, err);
    json_fields_clear(&in, stored_fields);
    if (result == 0) {
        progress->last_seq = entry->seq;
        return 0;
    }
    error_wrap(err, "Entry %lld of the run's journal is damaged", (long long)entry->seq);
    error_todo(err, "Nothing was done. Look at the world by hand before anything else");
    err->kind = ERROR_FAILED;
    return -1;
}
