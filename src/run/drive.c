#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "run/journal.h"
#include "run/permit.h"
#include "run/record.h"

enum {
    RECORD_MS = 10000,   /* what happened is written down even when the call was given up meanwhile */
    TICK_MS = 1000,      /* between two looks at the requests while waiting */
    LOOK_AGAIN_MS = 100, /* after an act that cannot be seen yet; doubled up to LOOK_AGAIN_MAX_MS */
    LOOK_AGAIN_MAX_MS = 2000,
};

/* One drive of one run. */
struct drive {
    const struct run_driver *driver;
    const struct call *call;
    struct error *err; /* the caller's */
    void *plan;
    struct record record;
    struct lease lease;
};

/* What a step of the loop says: go on, stop with what *status says, or stop with the error. */
enum step { STEP_FAILED = -1, STEP_STOP = 0, STEP_ON = 1 };

static void tell(struct drive *d, enum run_event event, const struct effect *effect, struct text words)
{
    if (d->driver->on_event)
        d->driver->on_event(d->driver->event_context, event, effect, words);
}

static struct journal_writer writer(const struct drive *d)
{
    return (struct journal_writer){d->driver->actor, d->lease.epoch};
}

/* Writes entries and at most one audit event, whatever became of the caller's own deadline. */
static int record(struct drive *d, const struct buf *entries, size_t count, const struct audit_event *event)
{
    static const struct call no_call = {0};
    struct call own = call_within(&no_call, RECORD_MS);
    struct record_change change = {entries, count, event, event ? 1 : 0};
    return record_write(&d->record, d->driver->store, &d->lease, &change, &own, d->err);
}

static struct audit_event event_of(const struct drive *d, const char *what, const char *why)
{
    return (struct audit_event){
        .who = d->driver->actor,
        .what = what,
        .why = why,
        .run = d->record.info.id,
    };
}

/* The run's status in the journal, where it is not what stands there already. */
static int set_status(struct drive *d, enum run_status status, struct text reason)
{
    const struct run_progress *progress = &d->record.progress;
    if (progress->status == status && text_equal(progress->reason, reason))
        return 0;
    CLEANUP(buf_clear) struct buf entry = {0};
    CLEANUP(buf_clear) struct buf what = {0};
    struct journal_writer by = writer(d);
    journal_status(&entry, &by, status, reason);
    buf_addf(&what, "%s %s is %s%s%.*s", d->record.info.kind, d->record.info.subject, run_status_name(status),
             reason.len ? ": " : "", (int)reason.len, reason.len ? reason.safe : "");
    struct audit_event event = event_of(d, what.bytes, d->record.info.reason);
    return record(d, &entry, 1, &event);
}

static enum step hold(struct drive *d, const struct effect *effect, struct text reason)
{
    /* The reason may point into the progress, which is about to change. */
    struct text own = text_copy(reason);
    enum step step = set_status(d, RUN_HELD, own) < 0 ? STEP_FAILED : STEP_STOP;
    if (step == STEP_STOP)
        tell(d, RUN_EVENT_HOLD, effect, own);
    text_free(&own);
    return step;
}

static enum step finish(struct drive *d, enum run_status status, struct text reason)
{
    struct text own = text_copy(reason);
    enum step step = set_status(d, status, own) < 0 ? STEP_FAILED : STEP_STOP;
    if (step == STEP_STOP)
        tell(d, RUN_EVENT_FINISH, NULL, own);
    text_free(&own);
    return step;
}

/* Reads what was asked since, and obeys. */
static enum step obey(struct drive *d)
{
    struct requests requests;
    struct run_progress *progress = &d->record.progress;
    if (request_read(&requests, d->driver->store, d->record.info.id, progress->requests_seen, d->call, d->err) < 0)
        return STEP_FAILED;
    enum step step = STEP_ON;
    struct journal_writer by = writer(d);
    for (size_t i = 0; i < requests.count && step == STEP_ON; i++) {
        struct buf entry = {0};
        journal_request(&entry, &by, &requests.items[i]);
        if (record(d, &entry, 1, NULL) < 0)
            step = STEP_FAILED;
        buf_clear(&entry);
    }
    requests_clear(&requests);
    if (step == STEP_FAILED)
        return step;
    if (progress->abort_requested && !d->driver->kind->handles_abort)
        return finish(d, RUN_FAILED, progress->request);
    return progress->hold_requested ? hold(d, NULL, progress->request) : STEP_ON;
}

/* "commit=77aa12b, tree=…": what the audit log says was there afterwards. */
static void add_evidence(struct buf *out, const struct evidence *evidence)
{
    for (int i = 0; i < evidence->count; i++)
        buf_addf(out, "%s%s=%s", i ? ", " : "", evidence->items[i].name, evidence->items[i].value);
}

static const char *before_of(const struct effect *effect)
{
    const char *before = effect_get(effect, "before");
    return before ? before : effect_get(effect, "expect");
}

/* The effect as done, once. Where it was never begun (found done at the first look) both entries are written. */
static enum step done(struct drive *d, const struct effect *effect, const struct evidence *evidence, bool found)
{
    struct buf entries[2] = {0};
    CLEANUP(buf_clear) struct buf what = {0};
    CLEANUP(buf_clear) struct buf after = {0};
    struct journal_writer by = writer(d);
    size_t count = 0;
    if (!run_progress_of(&d->record.progress, effect->id))
        journal_begin(&entries[count++], &by, effect);
    journal_done(&entries[count++], &by, effect->id, evidence, found);
    buf_addf(&what, "%s%.*s", found ? "found done: " : "", (int)effect->words.len,
             effect->words.len ? effect->words.safe : "");
    add_evidence(&after, evidence);
    struct audit_event event = event_of(d, what.bytes, d->record.info.reason);
    event.before = before_of(effect);
    event.after = after.bytes;
    int result = record(d, entries, count, &event);
    buf_clear(&entries[0]);
    buf_clear(&entries[1]);
    if (result < 0)
        return STEP_FAILED;
    tell(d, found ? RUN_EVENT_FOUND_DONE : RUN_EVENT_DONE, effect, effect->words);
    return STEP_ON;
}

/*
 * Looks at the world. That it cannot be looked at is an observation too (*why says why); only giving up is not, and then
 * the result is -1.
 */
static int observe(struct drive *d, enum observed *seen, struct evidence *evidence, struct error *why,
                   const struct effect *effect, const struct call *call)
{
    const struct run_kind *kind = d->driver->kind;
    *seen = OBSERVED_UNKNOWN;
    *why = (struct error){0};
    if (kind->observe(seen, evidence, d->driver->world, d->plan, effect, call, why) == 0)
        return 0;
    *seen = OBSERVED_UNKNOWN;
    if (call_check(d->call, "look at the world", d->err) < 0)
        return -1;
    return 0;
}

static enum step hold_seen(struct drive *d, const struct effect *effect, enum observed seen, const struct error *why)
{
    static const char *const sentences[] = {
        [OBSERVED_ABSENT] = "it was done, but cannot be seen",
        [OBSERVED_DONE] = "",
        [OBSERVED_PARTIAL] = "only some of it is there",
        [OBSERVED_FOREIGN] = "somebody else changed what it would change",
        [OBSERVED_UNKNOWN] = "it could not be seen whether it is done",
    };
    struct text_buf words = {0};
    text_add(&words, effect->words);
    text_addf(&words, ": %s", sentences[seen]);
    if (why->what[0])
        text_addf(&words, " (%s%s%s)", why->what, why->why[0] ? ": " : "", why->why);
    enum step step = hold(d, effect, text_of(&words));
    text_buf_clear(&words);
    return step;
}

/* After an act that said it worked: looks until it can be seen, as long as the act itself may take. */
static enum step confirm(struct drive *d, const struct effect *effect, struct evidence *evidence,
                         const struct call *act_call)
{
    int64_t pause = LOOK_AGAIN_MS;
    for (;;) {
        enum observed seen;
        struct error why;
        if (observe(d, &seen, evidence, &why, effect, d->call) < 0)
            return STEP_FAILED;
        if (seen == OBSERVED_DONE)
            return done(d, effect, evidence, false);
        int left = call_left_ms(act_call);
        if (seen == OBSERVED_FOREIGN || left == 0)
            return hold_seen(d, effect, seen, &why);
        struct pollfd cancel = {.fd = d->call->cancel ? d->call->cancel->fd : -1, .events = POLLIN};
        poll(&cancel, 1, left > 0 && left < pause ? left : (int)pause);
        if (call_check(d->call, "look at the world", d->err) < 0)
            return STEP_FAILED;
        pause = pause * 2 < LOOK_AGAIN_MAX_MS ? pause * 2 : LOOK_AGAIN_MAX_MS;
    }
}

/*
 * After an act that failed: it may have happened all the same (a reply that was lost). Where the world is as before, the
 * run stays open and the next drive tries again; where it is something between, it holds. Unless it was done, the caller
 * gets the act's own error.
 */
static enum step failed(struct drive *d, const struct effect *effect, const struct error *failure)
{
    struct evidence evidence = {0};
    enum observed seen = OBSERVED_UNKNOWN;
    struct error why = {0};
    bool looked = call_check(d->call, "look at the world", &why) == 0 &&
                  observe(d, &seen, &evidence, &why, effect, d->call) == 0;
    if (looked && seen == OBSERVED_DONE) {
        enum step step = done(d, effect, &evidence, false);
        evidence_clear(&evidence);
        return step;
    }
    evidence_clear(&evidence);
    struct buf entry = {0};
    CLEANUP(buf_clear) struct buf what = {0};
    struct journal_writer by = writer(d);
    journal_failed(&entry, &by, effect->id, failure);
    buf_addf(&what, "failed: %.*s", (int)effect->words.len, effect->words.len ? effect->words.safe : "");
    struct audit_event event = event_of(d, what.bytes, d->record.info.reason);
    event.before = before_of(effect);
    event.after = failure->what;
    int written = record(d, &entry, 1, &event);
    buf_clear(&entry);
    if (written < 0)
        return STEP_FAILED;
    tell(d, RUN_EVENT_FAILED, effect, error_what(failure));
    if (looked && seen != OBSERVED_ABSENT && hold_seen(d, effect, seen, failure) == STEP_FAILED)
        return STEP_FAILED;
    *d->err = *failure;
    return STEP_FAILED;
}

static enum step act(struct drive *d, const struct effect *effect)
{
    const struct run_driver *driver = d->driver;
    int64_t deadline = effect->deadline_ms ? effect->deadline_ms : EFFECT_DEADLINE_MS;
    struct buf entry = {0};
    struct journal_writer by = writer(d);
    journal_begin(&entry, &by, effect);
    int written = record(d, &entry, 1, NULL);
    buf_clear(&entry);
    /* The lease after the journal: what is left of it counts from here. */
    if (written < 0 || lease_renew(&d->lease, driver->store, deadline, d->call, d->err) < 0)
        return STEP_FAILED;
    tell(d, RUN_EVENT_BEGIN, effect, effect->words);

    struct call call = call_within(d->call, deadline);
    struct permit_ground ground = {driver->store, &d->lease, &call};
    struct permit permit = permit_make(&ground, d->record.info.id, effect->id, driver->actor, d->record.info.reason);
    struct evidence evidence = {0};
    struct error failure = {0};
    int result = driver->kind->act(&evidence, driver->world, d->plan, effect, &permit, &call, &failure);
    enum step step = result == 0 ? confirm(d, effect, &evidence, &call) : failed(d, effect, &failure);
    evidence_clear(&evidence);
    return step;
}

/* One effect: look, act where it is absent, look again. An effect begun before is the one that was journaled then. */
static enum step do_effect(struct drive *d, const struct effect *decided)
{
    const struct effect_progress *before = run_progress_of(&d->record.progress, decided->id);
    if (before && before->status == EFFECT_DONE) {
        error_set(d->err, ERROR_FAILED, "The %s cannot go on", d->driver->kind->name);
        error_why(d->err, "it asks for \"%s\" a second time", decided->id);
        return STEP_FAILED;
    }
    struct effect effect;
    effect_copy(&effect, before ? &before->effect : decided);
    struct evidence evidence = {0};
    enum observed seen;
    struct error why;
    enum step step = STEP_FAILED;
    if (observe(d, &seen, &evidence, &why, &effect, d->call) == 0) {
        if (seen == OBSERVED_ABSENT)
            step = act(d, &effect);
        else if (seen == OBSERVED_DONE)
            step = done(d, &effect, &evidence, true);
        else
            step = hold_seen(d, &effect, seen, &why);
    }
    evidence_clear(&evidence);
    effect_clear(&effect);
    if (step == STEP_ON && d->driver->step)
        return STEP_STOP;
    return step;
}

/* Sleeps until `until_ms`, or until somebody asks for something. */
static enum step sleep_until(struct drive *d, int64_t until_ms)
{
    int64_t wait = until_ms - clock_now_ms(), until = clock_boot_ms() + (wait > TICK_MS ? wait : TICK_MS);
    while (clock_boot_ms() < until) {
        int64_t left = until - clock_boot_ms();
        struct pollfd cancel = {.fd = d->call->cancel ? d->call->cancel->fd : -1, .events = POLLIN};
        poll(&cancel, 1, (int)(left < TICK_MS ? left : TICK_MS));
        if (call_check(d->call, "wait", d->err) < 0 ||
            lease_renew(&d->lease, d->driver->store, 0, d->call, d->err) < 0)
            return STEP_FAILED;
        enum step step = obey(d);
        if (step != STEP_ON)
            return step;
    }
    return STEP_ON;
}

static enum step wait_for(struct drive *d, const struct decision *decision)
{
    const struct effect *effect = decision->effect.id ? &decision->effect : NULL;
    if (effect) {
        struct evidence evidence = {0};
        enum observed seen;
        struct error why;
        enum step step = observe(d, &seen, &evidence, &why, effect, d->call) < 0 ? STEP_FAILED : STEP_ON;
        bool over = step == STEP_ON && (seen == OBSERVED_DONE || seen == OBSERVED_FOREIGN);
        if (over)
            step = seen == OBSERVED_DONE ? done(d, effect, &evidence, true) : hold_seen(d, effect, seen, &why);
        evidence_clear(&evidence);
        if (over || step == STEP_FAILED)
            return step == STEP_ON && d->driver->step ? STEP_STOP : step;
    }
    if (set_status(d, RUN_WAITING, text_of(&decision->words)) < 0)
        return STEP_FAILED;
    tell(d, RUN_EVENT_WAIT, effect, text_of(&decision->words));
    return d->driver->keep_waiting ? sleep_until(d, decision->until_ms) : STEP_STOP;
}

static enum step tick(struct drive *d)
{
    if (call_check(d->call, "drive the run", d->err) < 0 ||
        lease_renew(&d->lease, d->driver->store, 0, d->call, d->err) < 0)
        return STEP_FAILED;
    enum step step = obey(d);
    if (step != STEP_ON)
        return step;
    struct decision decision = {0};
    d->driver->kind->decide(&decision, d->plan, &d->record.progress, clock_now_ms());
    switch (decision.kind) {
    case DECIDE_ACT:
        step = do_effect(d, &decision.effect);
        break;
    case DECIDE_WAIT:
        step = wait_for(d, &decision);
        break;
    case DECIDE_HOLD:
        step = hold(d, NULL, text_of(&decision.words));
        break;
    case DECIDE_FINISH:
        step = finish(d, decision.status, text_of(&decision.words));
        break;
    }
    decision_clear(&decision);
    return step;
}

/*
 * Nobody knows what the holder before was about to do, so a person looks first. As a request it outlasts this process:
 * one that dies here has not given the lease back either, and whoever follows comes by here again.
 */
static int hold_taken_over(struct drive *d)
{
    CLEANUP(buf_clear) struct buf why = {0};
    buf_addf(&why, "it was taken over from %s, who did not give it back, and the environment is protected",
             d->lease.taken_from);
    return request_post(d->driver->store, d->record.info.id, REQUEST_HOLD, d->driver->actor, why.bytes, d->call,
                        d->err);
}

/* Takes the lease, and tells whom from where it was not given back. */
static int take(struct drive *d)
{
    const struct run_driver *driver = d->driver;
    struct lease_request request = {
        .scope = d->record.info.scope,
        .run = d->record.info.id,
        .actor = driver->actor,
        .duration_ms = driver->lease_ms,
        .wait_for_silence = driver->take_over,
    };
    if (lease_take(&d->lease, driver->store, &request, d->call, d->err) < 0)
        return -1;
    /* Everything is read again now that nobody else writes. */
    char *id = mem_string(d->record.info.id);
    record_clear(&d->record);
    int result = record_read(&d->record, driver->store, id, d->call, d->err);
    free(id);
    if (result < 0 || !d->lease.taken_from)
        return result;
    CLEANUP(buf_clear) struct buf what = {0};
    buf_addf(&what, "takes %s over from %s, epoch %lld", d->record.info.id, d->lease.taken_from,
             (long long)d->lease.epoch);
    struct audit_event event = event_of(d, what.bytes, NULL);
    if (record(d, NULL, 0, &event) < 0)
        return -1;
    return driver->protected ? hold_taken_over(d) : 0;
}

static int load_plan(struct drive *d, const char *id)
{
    const struct run_kind *kind = d->driver->kind;
    CLEANUP(buf_clear) struct buf plan = {0};
    struct run_progress progress = {0};
    if (strcmp(d->record.info.kind, kind->name) != 0)
        return error_set(d->err, ERROR_INVALID, "%s is a %s, not a %s", id, d->record.info.kind, kind->name);
    if (run_read(&plan, &progress, d->driver->store, id, d->call, d->err) < 0)
        return -1;
    run_progress_clear(&progress);
    return kind->load(&d->plan, buf_string(&plan), plan.len, d->err);
}

static bool has_ended(enum run_status status)
{
    return status == RUN_FINISHED || status == RUN_UNDONE || status == RUN_FAILED;
}

static int drive_leased(struct drive *d)
{
    if (take(d) < 0)
        return -1;
    enum step step = has_ended(d->record.progress.status) ? STEP_STOP : STEP_ON;
    while (step == STEP_ON)
        step = tick(d);
    return step == STEP_FAILED ? -1 : 0;
}

int run_drive(enum run_status *status, const struct run_driver *driver, const char *id, const struct call *call,
              struct error *err)
{
    struct drive d = {.driver = driver, .call = call, .err = err};
    if (record_read(&d.record, driver->store, id, call, err) < 0)
        return -1;
    *status = d.record.info.status;
    int result = 0;
    if (has_ended(*status)) {
        record_clear(&d.record);
        return 0;
    }
    if (driver->read_only) {
        result = error_set(err, ERROR_REFUSED, "Cannot drive %s", id);
        error_why(err, "signalbox was started read-only");
    }
    if (result == 0)
        result = load_plan(&d, id);
    if (result == 0) {
        result = drive_leased(&d);
        /* What is in the store; the progress may be one entry ahead where writing it failed. */
        *status = d.record.info.status;
    }
    if (d.lease.key)
        lease_release(&d.lease, driver->store);
    lease_clear(&d.lease);
    if (d.plan)
        driver->kind->unload(d.plan);
    record_clear(&d.record);
    return result;
}
