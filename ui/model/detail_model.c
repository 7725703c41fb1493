#include "ui/model/detail_model.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { COMMITS_SHOWN = 2000 };

struct detail_job {
    struct detail_model *model;
    const struct environment *environment;
    struct snapshot *snapshot;
    struct buf notes;
    struct detail detail;
};

static void detail_free(struct detail *detail)
{
    free(detail->tag);
    free(detail->before);
    textview_clear(&detail->notes);
    history_commits_clear(&detail->commits);
    source_tag_detail_clear(&detail->about);
    *detail = (struct detail){0};
}

static int detail_run(void *work, const struct call *call, struct error *err)
{
    struct detail_job *job = work;
    struct detail *detail = &job->detail;
    const struct environment *env = job->environment;
    const struct history *history = snapshot_history(job->snapshot);
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, env, DESK_SOURCE, call, err) < 0)
        return -1;
    const struct history_version *version = *detail->tag ? history_find(history, detail->tag) : NULL;
    if (*detail->tag && !version)
        return error_set(err, ERROR_NOT_FOUND, "%s is no longer there", detail->tag);
    if (history_notes(&job->notes, &detail->notes_from_commits, history, version, desk.source, env->service, call,
                      err) < 0)
        return -1;
    if (!version)
        return 0;
    const struct history_version *before = history_before(history, version, desk.source, call);
    detail->before = before ? mem_string(before->tag) : NULL;
    if (history_commits_of(&detail->commits, history, version, desk.source, env->service, COMMITS_SHOWN, call, err) <
        0)
        return -1;
    return desk.source.ops->tag_detail(desk.source.self, &detail->about, detail->tag, call, err);
}

static void keep(struct detail_model *model, struct detail *detail)
{
    struct detail *place = detail_find(model, detail->tag);
    if (!place && model->count < DETAILS_KEPT)
        place = &model->kept[model->count++];
    if (!place) {
        place = &model->kept[model->next];
        model->next = (model->next + 1) % DETAILS_KEPT;
    }
    int top = place->notes.top;
    detail_free(place);
    *place = *detail;
    place->notes.top = top;
    *detail = (struct detail){0};
}

static void detail_done(void *work, int result, const struct error *err)
{
    struct detail_job *job = work;
    struct detail_model *model = job->model;
    /* A load that was given up ends after its successor has begun: only the wanted one ends the loading. */
    bool wanted = model->wanted && strcmp(model->wanted, job->detail.tag) == 0;
    if (result == 0) {
        detail_notes(&job->detail.notes, buf_string(&job->notes), job->notes.len);
        keep(model, &job->detail);
    }
    if (wanted && (result == 0 || err->kind != ERROR_CANCELLED)) {
        load_end(&model->load, result, err);
        free(model->wanted);
        model->wanted = NULL;
    }
    model->work->changed = true;
    detail_free(&job->detail);
    buf_clear(&job->notes);
    snapshot_release(job->snapshot);
    free(job);
}

struct detail *detail_find(struct detail_model *model, const char *tag)
{
    for (size_t i = 0; i < model->count; i++) {
        if (model->kept[i].tag && strcmp(model->kept[i].tag, tag) == 0)
            return &model->kept[i];
    }
    return NULL;
}

void detail_want(struct detail_model *model, struct snapshot *snapshot, uint64_t generation, const char *tag)
{
    struct detail *there = detail_find(model, tag);
    if (there && there->generation == generation)
        return;
    if (model->wanted && strcmp(model->wanted, tag) == 0)
        return;
    if (model->load.job)
        pool_cancel(model->work->pool, model->load.job);
    free(model->wanted);
    model->wanted = mem_string(tag);
    model->load.error = (struct error){0};
    struct detail_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->snapshot = snapshot_hold(snapshot);
    job->detail.tag = mem_string(tag);
    job->detail.generation = generation;
    load_begin(&model->load, pool_submit(model->work->pool, &(struct job){.backend = "detail",
                                                                          .label = TEXT("notes"),
                                                                          .run = detail_run,
                                                                          .done = detail_done,
                                                                          .work = job}));
}

void detail_clear(struct detail_model *model)
{
    for (size_t i = 0; i < model->count; i++)
        detail_free(&model->kept[i]);
    free(model->wanted);
    model->wanted = NULL;
    model->count = 0;
}

/* Inline Markdown out: **strong** and the target of [words](target). What is left reads as it was meant. */
static void plain(struct buf *out, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i + 1 < len && ((bytes[i] == '*' && bytes[i + 1] == '*') || (bytes[i] == '_' && bytes[i + 1] == '_'))) {
            i++;
            continue;
        }
        if (bytes[i] == '[') {
            const char *close = memchr(bytes + i, ']', len - i);
            const char *end = close && close + 1 < bytes + len && close[1] == '('
                                  ? memchr(close, ')', (size_t)(bytes + len - close))
                                  : NULL;
            if (end) {
                buf_add(out, bytes + i + 1, (size_t)(close - bytes) - i - 1);
                i = (size_t)(end - bytes);
                continue;
            }
        }
        buf_addc(out, bytes[i]);
    }
}

static void add_line(struct textview *out, const char *line, size_t len)
{
    size_t lead = strspn(line, " \t");
    if (lead > len)
        lead = len;
    const char *at = line + lead;
    size_t left = len - lead;
    struct style style = STYLE(TEXT);
    int indent = lead >= 2 ? 2 : 0, hang = 0;
    if (left > 1 && at[0] == '#') {
        size_t marks = strspn(at, "#");
        at += marks, left -= marks;
        while (left > 0 && *at == ' ')
            at++, left--;
        style = STYLE(TITLE);
        indent = 0;
    } else if (left > 1 && (at[0] == '-' || at[0] == '*' || at[0] == '+') && at[1] == ' ') {
        at += 2, left -= 2;
        indent += 2;
        hang = 2;
    }
    CLEANUP(buf_clear) struct buf words = {0};
    plain(&words, at, left);
    CLEANUP(text_buf_clear) struct text_buf safe = {0};
    text_add_raw(&safe, buf_string(&words), words.len);
    textview_add(out, text_of(&safe), style, indent, hang);
}

void detail_notes(struct textview *out, const char *markdown, size_t len)
{
    const char *at = markdown, *end = markdown + len;
    bool blank = true; /* no blank line at the start, nor two in a row, nor after a heading */
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t line = (size_t)((stop ? stop : end) - at);
        while (line > 0 && (at[line - 1] == '\r' || at[line - 1] == ' '))
            line--;
        bool heading = line > 0 && at[0] == '#';
        if (line > 0) {
            CLEANUP(free_string) char *own = mem_bytes(at, line);
            if (heading && !blank)
                textview_add(out, (struct text){0}, STYLE(TEXT), 0, 0);
            add_line(out, own, line);
            blank = heading;
        } else if (!blank) {
            /* The blank line before a heading comes with the heading. */
            const char *next = stop;
            while (next && next < end && (*next == '\n' || *next == '\r' || *next == ' '))
                next++;
            if (next && next < end && *next != '#' && *next != '-' && *next != '*')
                textview_add(out, (struct text){0}, STYLE(TEXT), 0, 0);
        }
        at = stop ? stop + 1 : end;
    }
}
