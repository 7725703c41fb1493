#include "ui/model/audit_model.h"

#include <stdlib.h>

#include "base/memory.h"

enum { PAGE = 200, STORE_MS = 10000 };

struct page_job {
    struct audit_model *model;
    const struct environment *environment;
    int64_t before, newest;
    bool none;
    struct audit_entries entries;
};

static int page_run(void *work, const struct call *call, struct error *err)
{
    struct page_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_STORE_IF_THERE, call, err) < 0)
        return -1;
    job->none = !desk.store.ops;
    if (job->none)
        return 0;
    return audit_list(&job->entries, desk.store, job->before, PAGE, call, err);
}

static void append(struct audit_entries *to, struct audit_entries *from, size_t count)
{
    ARRAY_GROW(&to->items, &to->cap, to->count + count);
    for (size_t i = 0; i < count; i++)
        to->items[to->count++] = from->items[i];
    /* What was moved is no longer the source's; the rest of it still is. */
    for (size_t i = count; i < from->count; i++)
        from->items[i - count] = from->items[i];
    from->count -= count;
}

/* A new first page in front of what is there already; where a gap would be left, what is there goes. */
static void prepend(struct audit_model *model, struct audit_entries *page)
{
    struct audit_entries old = model->entries, joined = {0};
    int64_t newest = old.count > 0 ? old.items[0].seq : 0;
    size_t fresh = 0;
    while (fresh < page->count && page->items[fresh].seq > newest)
        fresh++;
    bool joins = fresh < page->count || page->count == 0 || page->items[page->count - 1].seq == newest + 1;
    if (fresh > 0)
        append(&joined, page, fresh);
    if (joins && old.count > 0) {
        append(&joined, &old, old.count);
    } else if (!joins) {
        model->whole = false;
    }
    audit_entries_clear(&old);
    model->entries = joined;
}

static void page_done(void *work, int result, const struct error *err)
{
    struct page_job *job = work;
    struct audit_model *model = job->model;
    bool older = job->before != 0;
    if (load_end(&model->load, result, err)) {
        model->empty = job->none;
        bool last = job->entries.count < PAGE;
        if (older)
            append(&model->entries, &job->entries, job->entries.count);
        else
            prepend(model, &job->entries);
        model->whole = model->whole || last;
    }
    model->work->changed = true;
    audit_entries_clear(&job->entries);
    bool again = model->load.again;
    free(job);
    if (again)
        audit_load(model);
}

static void submit(struct audit_model *model, int64_t before)
{
    struct page_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    job->before = before;
    load_begin(&model->load, pool_submit(model->work->pool, &(struct job){.backend = "store",
                                                                          .label = TEXT("audit log"),
                                                                          .timeout_ms = STORE_MS,
                                                                          .run = page_run,
                                                                          .done = page_done,
                                                                          .work = job}));
}

void audit_load(struct audit_model *model)
{
    if (load_under_way(&model->load))
        model->load.again = true;
    else
        submit(model, 0);
}

void audit_more(struct audit_model *model)
{
    if (load_under_way(&model->load) || model->whole || model->entries.count == 0 || load_failed(&model->load))
        return;
    submit(model, model->entries.items[model->entries.count - 1].seq);
}

struct verify_job {
    struct audit_model *model;
    const struct environment *environment;
    struct audit_report report;
};

static int verify_run(void *work, const struct call *call, struct error *err)
{
    struct verify_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_STORE_IF_THERE, call, err) < 0)
        return -1;
    return desk.store.ops ? audit_verify(&job->report, desk.store, call, err) : 0;
}

static void verify_done(void *work, int result, const struct error *err)
{
    struct verify_job *job = work;
    if (load_end(&job->model->verify, result, err))
        job->model->report = job->report;
    job->model->work->changed = true;
    free(job);
}

void audit_check(struct audit_model *model)
{
    if (load_under_way(&model->verify))
        return;
    struct verify_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    load_begin(&model->verify, pool_submit(model->work->pool, &(struct job){.backend = "store",
                                                                            .label = TEXT("audit chain"),
                                                                            .timeout_ms = 60000,
                                                                            .run = verify_run,
                                                                            .done = verify_done,
                                                                            .work = job}));
}

void audit_clear(struct audit_model *model)
{
    audit_entries_clear(&model->entries);
}
