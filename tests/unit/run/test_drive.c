/* The engine under every path: a small run kind whose world is an array of what is there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "run/lease.h"
#include "run/request.h"
#include "run/run.h"
#include "store/audit.h"
#include "store/sqlite_store.h"
#include "tests/support/scratch.h"

/* A fake world: for each letter of the plan ("abc") what a look sees, and what an act does. Letters are -1 for none. */
struct world {
    enum observed seen[26];
    bool unreachable;            /* observing fails */
    int acts[26];                /* how often each was done */
    int fail_before, fail_after; /* whose act fails before, or after changing the world */
    enum observed leaves;        /* what a failing act leaves behind */
    int invisible;               /* whose act says that it worked, and nothing is to be seen */
    int request_at;              /* whose act posts the request */
    enum request_kind request;
    char decided[64]; /* the argument the last act was given */
};

static const struct call no_call = {0};
static char *directory;
static struct store store;
static struct world world;
static struct error err;
static enum run_status status;
static char id[32];

static int load(void **plan, const char *bytes, size_t len, struct error *failure UNUSED)
{
    *plan = mem_bytes(bytes, len);
    return 0;
}

/* Letters in order; '?' waits for the letter after it, '!' holds, and "a2" asks for a twice. */
static void decide(struct decision *out, const void *plan, const struct run_progress *progress, int64_t now_ms)
{
    for (const char *at = plan; *at; at++) {
        bool wait = *at == '?';
        if (*at == '!') {
            *out = (struct decision){.kind = DECIDE_HOLD};
            text_adds(&out->words, "the plan says hold");
            return;
        }
        at += wait;
        char name[2] = {*at, 0}, before[2] = {at > (const char *)plan ? at[-1] : 0, 0};
        const struct effect_progress *of = run_progress_of(progress, name);
        if (of && of->status == EFFECT_DONE && at[1] != '2')
            continue;
        *out = (struct decision){.kind = wait ? DECIDE_WAIT : DECIDE_ACT};
        effect_init(&out->effect, name, "letter", 500);
        effect_words(&out->effect, "writes %s", name);
        if (run_evidence(progress, before, "made"))
            effect_set(&out->effect, "after", run_evidence(progress, before, "made"));
        char decided[32];
        snprintf(decided, sizeof(decided), "%s", of ? "again" : now_ms ? "first" : "never");
        effect_set(&out->effect, "decided", decided);
        text_adds(&out->words, wait ? "waits for the letter" : "");
        return;
    }
    *out = (struct decision){.kind = DECIDE_FINISH, .status = RUN_FINISHED};
}

static int observe(enum observed *out, struct evidence *evidence, void *context UNUSED, const void *plan UNUSED,
                   const struct effect *effect, const struct call *call UNUSED, struct error *failure)
{
    if (world.unreachable)
        return error_set(failure, ERROR_UNAVAILABLE, "Nobody answers");
    *out = world.seen[effect->id[0] - 'a'];
    if (*out == OBSERVED_DONE)
        evidence_set(evidence, "made", effect->id);
    return 0;
}

static int act(struct evidence *evidence, void *context UNUSED, const void *plan UNUSED, const struct effect *effect,
               const struct permit *permit, const struct call *call, struct error *failure)
{
    int letter = effect->id[0] - 'a';
    snprintf(world.decided, sizeof(world.decided), "%s", effect_get(effect, "decided"));
    if (permit->still_valid(permit, failure) < 0)
        return -1;
    if (world.request_at == letter &&
        request_post(store, permit->run, world.request, "jon@laptop", "because", call, failure) < 0)
        return -1;
    if (world.fail_before == letter)
        return error_set(failure, ERROR_REFUSED, "The remote said no");
    world.acts[letter]++;
    if (world.fail_after == letter) {
        world.seen[letter] = world.leaves;
        return error_set(failure, ERROR_FAILED, "The line went dead");
    }
    if (world.invisible != letter)
        world.seen[letter] = OBSERVED_DONE;
    evidence_set(evidence, "by", permit->actor);
    return 0;
}

static void promise(struct evidence *evidence, const void *plan UNUSED, const struct effect *effect)
{
    char words[32];
    snprintf(words, sizeof(words), "(the new %s)", effect->id);
    evidence_set(evidence, "made", words);
}

static const struct run_kind kind = {
    .name = "letters",
    .load = load,
    .unload = free,
    .decide = decide,
    .observe = observe,
    .act = act,
    .promise = promise,
};

static struct run_driver driver(void)
{
    return (struct run_driver){.store = store, .kind = &kind, .actor = "maria@ops1", .lease_ms = 2000};
}

static int try_create(struct run_info *info, const char *subject, const char *scope, const char *plan,
                      const char *replaces)
{
    struct run_start start = {
        .kind = &kind,
        .subject = subject,
        .scope = scope,
        .plan = plan,
        .plan_len = strlen(plan),
        .actor = "maria@ops1",
        .reason = "why not",
        .replaces = replaces,
        .replaced_as = RUN_UNDONE,
    };
    return run_create(info, store, &start, &no_call, &err);
}

static void create(const char *plan)
{
    struct run_info info;
    if (try_create(&info, "1.4.0", "api/local", plan, NULL) < 0)
        fail_msg("%s: %s", err.what, err.why);
    snprintf(id, sizeof(id), "%s", info.id);
    run_info_clear(&info);
}

static int drive(void)
{
    struct run_driver d = driver();
    return run_drive(&status, &d, id, &no_call, &err);
}

static void drives_to(enum run_status expected)
{
    if (drive() < 0)
        fail_msg("%s: %s", err.what, err.why);
    assert_string_equal(run_status_name(status), run_status_name(expected));
}

static const char *member(const char *json, const char *name)
{
    const char *at = strstr(json, name);
    return at ? at + strlen(name) : NULL;
}

/* The journal in short: "begin a|done a|status finished". */
static void journal_is(const char *expected)
{
    struct store_entries entries;
    CLEANUP(buf_clear) struct buf log = {0};
    CLEANUP(buf_clear) struct buf found = {0};
    buf_addf(&log, "run/%s", id);
    assert_int_equal(store.ops->read(store.self, &entries, log.bytes, 0, 0, &no_call, &err), 0);
    for (size_t i = 0; i < entries.count; i++) {
        const char *json = entries.items[i].bytes, *what = member(json, "\"what\":\"");
        const char *of = member(json, "\"effect\":\"");
        of = of ? of : member(json, "\"status\":\"");
        of = of ? of : member(json, "\"request\":\"");
        buf_addf(&found, "%s%.*s %.*s%s", i ? "|" : "", (int)strcspn(what, "\""), what, (int)strcspn(of, "\""), of,
                 strstr(json, "\"found\":true") ? " found" : "");
    }
    store_entries_clear(&entries);
    assert_string_equal(buf_string(&found), expected);
}

static struct run_progress read_progress(void)
{
    struct run_progress progress;
    CLEANUP(buf_clear) struct buf plan = {0};
    assert_int_equal(run_read(&plan, &progress, store, id, &no_call, &err), 0);
    return progress;
}

static void reason_says(const char *words)
{
    struct run_progress progress = read_progress();
    CLEANUP(free_string) char *reason = mem_bytes(progress.reason.safe, progress.reason.len);
    run_progress_clear(&progress);
    if (!strstr(reason, words))
        fail_msg("the reason \"%s\" does not say \"%s\"", reason, words);
}

static int begin(void **state UNUSED)
{
    directory = scratch_make();
    err = (struct error){0};
    world = (struct world){.fail_before = -1, .fail_after = -1, .invisible = -1, .request_at = -1};
    return sqlite_store_open(&store, directory, &no_call, &err);
}

static int end(void **state UNUSED)
{
    struct audit_report report;
    int result = audit_verify(&report, store, &no_call, &err);
    store.ops->close(store.self);
    scratch_remove(directory);
    return result < 0 || report.fault != AUDIT_WHOLE ? -1 : 0;
}

static void a_run_does_each_effect_once_and_finishes(void **state UNUSED)
{
    create("abc");
    drives_to(RUN_FINISHED);
    journal_is("begin a|done a|begin b|done b|begin c|done c|status finished");
    struct run_progress progress = read_progress();
    assert_string_equal(run_evidence(&progress, "a", "by"), "maria@ops1");
    assert_string_equal(run_evidence(&progress, "a", "made"), "a");
    assert_string_equal(effect_get(&run_progress_of(&progress, "b")->effect, "after"), "a");
    run_progress_clear(&progress);
    drives_to(RUN_FINISHED);
    for (int i = 0; i < 3; i++)
        assert_int_equal(world.acts[i], 1);
}

static void each_effect_stands_in_the_audit_log(void **state UNUSED)
{
    create("ab");
    drives_to(RUN_FINISHED);
    struct audit_entries audit;
    assert_int_equal(audit_list(&audit, store, 0, 100, &no_call, &err), 0);
    assert_int_equal(audit.count, 4);
    assert_string_equal(audit.items[3].what, "begins letters of 1.4.0 (api/local)");
    assert_string_equal(audit.items[2].what, "writes a");
    assert_string_equal(audit.items[2].after, "by=maria@ops1, made=a");
    assert_string_equal(audit.items[2].why, "why not");
    assert_string_equal(audit.items[2].run, "r-0001");
    assert_string_equal(audit.items[0].what, "letters 1.4.0 is finished");
    audit_entries_clear(&audit);
}

static void what_is_there_already_is_not_done_again(void **state UNUSED)
{
    create("ab");
    world.seen[0] = OBSERVED_DONE;
    drives_to(RUN_FINISHED);
    journal_is("begin a|done a found|begin b|done b|status finished");
    assert_int_equal(world.acts[0], 0);
}

static void what_is_neither_holds_and_goes_on_when_it_is_clear(void **state UNUSED)
{
    static const struct {
        enum observed seen;
        const char *words;
    } cases[] = {
        {OBSERVED_PARTIAL, "writes a: only some"},
        {OBSERVED_FOREIGN, "writes a: somebody else"},
        {OBSERVED_UNKNOWN, "writes a: it could not be seen"},
    };
    create("a");
    for (size_t i = 0; i < COUNT(cases); i++) {
        world.seen[0] = cases[i].seen;
        drives_to(RUN_HELD);
        reason_says(cases[i].words);
        assert_int_equal(world.acts[0], 0);
    }
    drives_to(RUN_HELD);
    journal_is("status held|status held|status held");
    world.unreachable = true;
    drives_to(RUN_HELD);
    reason_says("(Nobody answers)");
    world.unreachable = false;
    world.seen[0] = OBSERVED_ABSENT;
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[0], 1);
}

/* As after kill -9 between the journal's begin and its done: the world says how far the act had come. */
static void begun_before(enum observed seen)
{
    create("a");
    world.fail_before = 0;
    assert_int_equal(drive(), -1);
    world.fail_before = -1;
    world.seen[0] = seen;
}

static void a_begun_effect_that_is_done_is_only_noted(void **state UNUSED)
{
    begun_before(OBSERVED_DONE);
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[0], 0);
    journal_is("begin a|failed a|done a found|status finished");
}

static void a_begun_effect_that_is_absent_is_done_as_it_was_journaled(void **state UNUSED)
{
    begun_before(OBSERVED_ABSENT);
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[0], 1);
    assert_string_equal(world.decided, "first");
    journal_is("begin a|failed a|begin a|done a|status finished");
}

static void a_begun_effect_that_is_anything_else_holds(void **state UNUSED)
{
    begun_before(OBSERVED_FOREIGN);
    drives_to(RUN_HELD);
    world.seen[0] = OBSERVED_PARTIAL;
    drives_to(RUN_HELD);
    world.seen[0] = OBSERVED_UNKNOWN;
    drives_to(RUN_HELD);
    assert_int_equal(world.acts[0], 0);
}

static void a_failed_act_that_changed_nothing_is_tried_by_the_next_drive(void **state UNUSED)
{
    create("ab");
    world.fail_before = 1;
    assert_int_equal(drive(), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_string_equal(err.what, "The remote said no");
    assert_int_equal(status, RUN_OPEN);
    struct run_progress progress = read_progress();
    assert_int_equal(run_progress_of(&progress, "b")->status, EFFECT_FAILED);
    assert_string_equal(run_progress_of(&progress, "b")->error.what, "The remote said no");
    assert_int_equal(run_progress_of(&progress, "b")->error.kind, ERROR_REFUSED);
    run_progress_clear(&progress);
    world.fail_before = -1;
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[0], 1);
    assert_int_equal(world.acts[1], 1);
}

static void a_failed_act_that_left_something_between_holds(void **state UNUSED)
{
    create("a");
    world.fail_after = 0;
    world.leaves = OBSERVED_PARTIAL;
    assert_int_equal(drive(), -1);
    assert_string_equal(err.what, "The line went dead");
    assert_int_equal(status, RUN_HELD);
    reason_says("only some of it is there (The line went dead)");
}

static void a_failed_act_that_happened_all_the_same_is_done(void **state UNUSED)
{
    create("ab");
    world.fail_after = 0;
    world.leaves = OBSERVED_DONE;
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[0], 1);
    journal_is("begin a|done a|begin b|done b|status finished");
}

static void an_act_that_cannot_be_seen_holds(void **state UNUSED)
{
    create("a");
    world.invisible = 0;
    drives_to(RUN_HELD);
    reason_says("it was done, but cannot be seen");
    assert_int_equal(world.acts[0], 1);
}

static void a_wait_ends_when_its_effect_is_seen(void **state UNUSED)
{
    create("a?bc");
    drives_to(RUN_WAITING);
    reason_says("waits for the letter");
    drives_to(RUN_WAITING);
    journal_is("begin a|done a|status waiting");
    world.seen[1] = OBSERVED_FOREIGN;
    drives_to(RUN_HELD);
    world.seen[1] = OBSERVED_DONE;
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[1], 0);
    journal_is("begin a|done a|status waiting|status held|begin b|done b found|begin c|done c|status finished");
}

/* Notes what it is told; and when the run waits, what it waits for comes. */
static void on_event(void *context, enum run_event event, const struct effect *effect, struct text words)
{
    static const char *const names[] = {"begin", "done", "found", "failed", "wait", "hold", "finish"};
    buf_addf(context, "%s %s %.*s|", names[event], effect ? effect->id : "-", (int)words.len,
             words.len ? words.safe : "");
    if (event == RUN_EVENT_WAIT)
        world.seen[1] = OBSERVED_DONE;
}

static void a_driver_that_keeps_waiting_goes_on_and_tells(void **state UNUSED)
{
    CLEANUP(buf_clear) struct buf told = {0};
    create("a?bc");
    struct run_driver d = driver();
    d.keep_waiting = true;
    d.on_event = on_event;
    d.event_context = &told;
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), 0);
    assert_int_equal(status, RUN_FINISHED);
    assert_string_equal(told.bytes, "begin a writes a|done a writes a|wait b waits for the letter|found b writes b|"
                                    "begin c writes c|done c writes c|finish - |");
}

static void a_step_stops_after_one_effect(void **state UNUSED)
{
    create("ab");
    struct run_driver d = driver();
    d.step = true;
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), 0);
    assert_int_equal(status, RUN_OPEN);
    journal_is("begin a|done a");
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), 0);
    journal_is("begin a|done a|begin b|done b");
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), 0);
    assert_int_equal(status, RUN_FINISHED);
}

static void read_only_writes_nothing_at_all(void **state UNUSED)
{
    create("a");
    struct run_driver d = driver();
    d.read_only = true;
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    journal_is("");
    assert_int_equal(world.acts[0], 0);
    struct lease_holder holder;
    assert_int_equal(lease_look(&holder, store, "api/local", &no_call, &err), 0);
    assert_int_equal(holder.version, 0);
    lease_holder_clear(&holder);
}

static void a_hold_is_obeyed_before_the_next_effect_until_resume(void **state UNUSED)
{
    create("abc");
    world.request_at = 0;
    world.request = REQUEST_HOLD;
    drives_to(RUN_HELD);
    reason_says("jon@laptop asked to hold: because");
    assert_int_equal(world.acts[0], 1);
    assert_int_equal(world.acts[1], 0);
    drives_to(RUN_HELD);
    assert_int_equal(request_post(store, id, REQUEST_RESUME, "maria@ops1", "", &no_call, &err), 0);
    drives_to(RUN_FINISHED);
    assert_int_equal(world.acts[2], 1);
    assert_int_equal(request_post(store, id, REQUEST_HOLD, "maria@ops1", "", &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_int_equal(request_post(store, "r-9999", REQUEST_HOLD, "maria@ops1", "", &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

/* A process that takes the lease and ends without giving it back. */
static void somebody_dies_driving(void)
{
    int how;
    pid_t child = fork();
    if (child == 0) {
        struct store own;
        struct lease lease;
        struct lease_request request = {.scope = "api/local", .run = id, .actor = "jon@laptop", .duration_ms = 60000};
        if (sqlite_store_open(&own, directory, &no_call, &err) < 0)
            _exit(1);
        _exit(lease_take(&lease, own, &request, &no_call, &err) < 0 ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
}

static int drive_protected(void)
{
    struct run_driver d = driver();
    d.protected = true;
    return run_drive(&status, &d, id, &no_call, &err);
}

static void a_run_taken_over_is_held_where_it_is_protected(void **state UNUSED)
{
    create("abc");
    somebody_dies_driving();
    assert_int_equal(drive_protected(), 0);
    assert_int_equal(status, RUN_HELD);
    reason_says("it was taken over from jon@laptop, who did not give it back");
    assert_int_equal(world.acts[0], 0);
    assert_int_equal(drive_protected(), 0);
    assert_int_equal(status, RUN_HELD);
    assert_int_equal(request_post(store, id, REQUEST_RESUME, "maria@ops1", "", &no_call, &err), 0);
    assert_int_equal(drive_protected(), 0);
    assert_int_equal(status, RUN_FINISHED);
    assert_int_equal(world.acts[0], 1);
}

static void a_run_taken_over_goes_on_elsewhere(void **state UNUSED)
{
    create("abc");
    somebody_dies_driving();
    drives_to(RUN_FINISHED);
}

static void an_abort_ends_the_run_and_frees_its_scope(void **state UNUSED)
{
    create("abc");
    world.request_at = 1;
    world.request = REQUEST_ABORT;
    drives_to(RUN_FAILED);
    reason_says("jon@laptop asked to abort: because");
    assert_int_equal(world.acts[1], 1);
    assert_int_equal(world.acts[2], 0);
    create("d");
    assert_string_equal(id, "r-0002");
}

static void a_plan_that_holds_or_asks_twice_does_no_harm(void **state UNUSED)
{
    create("a!b");
    drives_to(RUN_HELD);
    reason_says("the plan says hold");
    assert_int_equal(world.acts[1], 0);
    assert_int_equal(request_post(store, id, REQUEST_ABORT, "x", "", &no_call, &err), 0);
    drives_to(RUN_FAILED);
    create("a2");
    assert_int_equal(drive(), -1);
    assert_non_null(strstr(err.why, "second time"));
    assert_int_equal(world.acts[0], 1);
}

static void a_scope_has_one_open_run(void **state UNUSED)
{
    create("a");
    struct run_info info;
    assert_int_equal(try_create(&info, "2", "api/local", "b", NULL), -1);
    assert_int_equal(err.kind, ERROR_EXISTS);
    assert_string_equal(err.why, "r-0001");
    assert_int_equal(try_create(&info, "2", "web/local", "b", NULL), 0);
    assert_string_equal(info.id, "r-0002");
    run_info_clear(&info);
    drives_to(RUN_FINISHED);
    assert_int_equal(try_create(&info, "3", "api/local", "b", NULL), 0);
    assert_string_equal(info.id, "r-0003");
    run_info_clear(&info);
    struct run_infos infos;
    assert_int_equal(run_list(&infos, store, &no_call, &err), 0);
    assert_int_equal(infos.count, 3);
    assert_string_equal(infos.items[0].id, "r-0003");
    assert_string_equal(infos.items[2].id, "r-0001");
    assert_int_equal(infos.items[2].status, RUN_FINISHED);
    assert_string_equal(infos.items[2].subject, "1.4.0");
    run_infos_clear(&infos);
    assert_int_equal(run_find(&info, store, "r-0007", &no_call, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static int replace(struct run_info *info, const char *old)
{
    return try_create(info, "undo 1.4.0", "api/local", "z", old);
}

static void an_undo_takes_the_place_of_its_run(void **state UNUSED)
{
    struct run_info info, old;
    create("ab!");
    drives_to(RUN_HELD);
    assert_int_equal(replace(&info, id), 0);
    assert_int_equal(run_find(&old, store, id, &no_call, &err), 0);
    assert_int_equal(old.status, RUN_UNDONE);
    run_info_clear(&old);
    struct run_progress progress = read_progress();
    assert_int_equal(progress.status, RUN_UNDONE);
    run_progress_clear(&progress);
    snprintf(id, sizeof(id), "%s", info.id);
    run_info_clear(&info);
    drives_to(RUN_FINISHED);
    /* Finished ones too; but not while another run of the scope is open, or it is driven. */
    assert_int_equal(replace(&info, "r-0002"), 0);
    run_info_clear(&info);
    assert_int_equal(replace(&info, "r-0002"), -1);
    assert_int_equal(err.kind, ERROR_EXISTS);
    struct lease lease;
    struct lease_request request = {.scope = "api/local", .run = "r-0003", .actor = "jon"};
    assert_int_equal(lease_take(&lease, store, &request, &no_call, &err), 0);
    assert_int_equal(replace(&info, "r-0003"), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    lease_release(&lease, store);
    lease_clear(&lease);
}

static void somebody_else_driving_is_a_conflict(void **state UNUSED)
{
    struct lease lease;
    struct lease_request request = {.scope = "api/local", .run = "r-0001", .actor = "jon@laptop"};
    create("a");
    assert_int_equal(lease_take(&lease, store, &request, &no_call, &err), 0);
    assert_int_equal(drive(), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
    assert_non_null(strstr(err.what, "jon@laptop"));
    lease_release(&lease, store);
    lease_clear(&lease);
    drives_to(RUN_FINISHED);
}

static void a_dry_run_lists_what_the_run_then_does(void **state UNUSED)
{
    struct effect *effects;
    size_t count;
    assert_int_equal(run_dry(&effects, &count, &kind, "ab?cd!e", NULL, 1, &err), 0);
    assert_int_equal(count, 4);
    assert_string_equal(effects[2].id, "c");
    assert_string_equal(effect_get(&effects[1], "after"), "(the new a)");
    run_effects_free(effects, count);
    create("ab");
    struct run_driver d = driver();
    d.step = true;
    assert_int_equal(run_drive(&status, &d, id, &no_call, &err), 0);
    struct run_progress progress = read_progress();
    assert_int_equal(run_dry(&effects, &count, &kind, "ab", &progress, 1, &err), 0);
    assert_int_equal(count, 1);
    assert_string_equal(effects[0].words.safe, "writes b");
    assert_string_equal(effect_get(&effects[0], "after"), "a");
    run_effects_free(effects, count);
    run_progress_clear(&progress);
    assert_int_equal(run_dry(&effects, &count, &kind, "a2", NULL, 1, &err), -1);
    assert_non_null(strstr(err.why, "second time"));
}

static void a_cancelled_drive_leaves_a_run_that_can_be_resumed(void **state UNUSED)
{
    struct cancel cancel;
    cancel_init(&cancel);
    struct call call = {.cancel = &cancel};
    create("ab");
    struct run_driver d = driver();
    cancel_set(&cancel);
    assert_int_equal(run_drive(&status, &d, id, &call, &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    cancel_clear(&cancel);
    drives_to(RUN_FINISHED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define RUN(test) cmocka_unit_test_setup_teardown(test, begin, end)
        RUN(a_run_does_each_effect_once_and_finishes),
        RUN(each_effect_stands_in_the_audit_log),
        RUN(what_is_there_already_is_not_done_again),
        RUN(what_is_neither_holds_and_goes_on_when_it_is_clear),
        RUN(a_begun_effect_that_is_done_is_only_noted),
        RUN(a_begun_effect_that_is_absent_is_done_as_it_was_journaled),
        RUN(a_begun_effect_that_is_anything_else_holds),
        RUN(a_failed_act_that_changed_nothing_is_tried_by_the_next_drive),
        RUN(a_failed_act_that_left_something_between_holds),
        RUN(a_failed_act_that_happened_all_the_same_is_done),
        RUN(an_act_that_cannot_be_seen_holds),
        RUN(a_wait_ends_when_its_effect_is_seen),
        RUN(a_driver_that_keeps_waiting_goes_on_and_tells),
        RUN(a_step_stops_after_one_effect),
        RUN(read_only_writes_nothing_at_all),
        RUN(a_hold_is_obeyed_before_the_next_effect_until_resume),
        RUN(a_run_taken_over_is_held_where_it_is_protected),
        RUN(a_run_taken_over_goes_on_elsewhere),
        RUN(an_abort_ends_the_run_and_frees_its_scope),
        RUN(a_plan_that_holds_or_asks_twice_does_no_harm),
        RUN(a_scope_has_one_open_run),
        RUN(an_undo_takes_the_place_of_its_run),
        RUN(somebody_else_driving_is_a_conflict),
        RUN(a_dry_run_lists_what_the_run_then_does),
        RUN(a_cancelled_drive_leaves_a_run_that_can_be_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
