#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "run/journal.h"

static const struct journal_writer by = {"maria@ops1", 3};
static struct run_progress progress;
static struct error err;

static int begin(void **state UNUSED)
{
    progress = (struct run_progress){0};
    err = (struct error){0};
    return 0;
}

static int end(void **state UNUSED)
{
    run_progress_clear(&progress);
    return 0;
}

static int fold_bytes(const char *bytes, size_t len)
{
    struct store_entry entry = {progress.last_seq + 1, 1000 * (progress.last_seq + 1), (char *)bytes, len};
    return journal_fold(&progress, &entry, &err);
}

static void fold(struct buf *entry)
{
    int result = fold_bytes(entry->bytes, entry->len);
    buf_clear(entry);
    if (result < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void folds_begin(const char *id)
{
    struct buf entry = {0};
    struct effect effect;
    effect_init(&effect, id, "tag", 2500);
    effect_words(&effect, "makes the tag %s", id);
    effect_way_back(&effect, "deletes it");
    effect_set(&effect, "latin", "caf\xE9\x01");
    effect_set(&effect, "utf8", "caf\xC3\xA9 \xE2\x80\xAE\n\"\\");
    effect_set(&effect, "empty", "");
    journal_begin(&entry, &by, &effect);
    effect_clear(&effect);
    fold(&entry);
}

static void folds_done(const char *id)
{
    struct buf entry = {0};
    struct evidence evidence = {0};
    evidence_set(&evidence, "object", "77aa12b");
    evidence_set(&evidence, "raw", "\xFF\xFE");
    journal_done(&entry, &by, id, &evidence, false);
    evidence_clear(&evidence);
    fold(&entry);
}

static void refused(const char *json, const char *why)
{
    int64_t seq = progress.last_seq;
    size_t count = progress.count;
    assert_int_equal(fold_bytes(json, strlen(json)), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.what, "Entry "));
    if (!strstr(err.why, why))
        fail_msg("%s: \"%s\" does not say \"%s\"", json, err.why, why);
    assert_int_equal(progress.last_seq, seq);
    assert_int_equal(progress.count, count);
}

static void an_effect_comes_back_as_it_was(void **state UNUSED)
{
    folds_begin("tag");
    const struct effect_progress *of = run_progress_of(&progress, "tag");
    assert_int_equal(of->status, EFFECT_BEGUN);
    assert_int_equal(of->begun_ms, 1000);
    assert_string_equal(of->effect.kind, "tag");
    assert_int_equal(of->effect.deadline_ms, 2500);
    assert_true(text_equal(of->effect.words, TEXT("makes the tag tag")));
    assert_true(text_equal(of->effect.undo, TEXT("deletes it")));
    assert_string_equal(effect_get(&of->effect, "latin"), "caf\xE9\x01");
    assert_string_equal(effect_get(&of->effect, "utf8"), "caf\xC3\xA9 \xE2\x80\xAE\n\"\\");
    assert_string_equal(effect_get(&of->effect, "empty"), "");
    assert_null(effect_get(&of->effect, "other"));
    assert_null(run_evidence(&progress, "tag", "object"));
    folds_done("tag");
    assert_int_equal(of->status, EFFECT_DONE);
    assert_int_equal(of->ended_ms, 2000);
    assert_string_equal(run_evidence(&progress, "tag", "object"), "77aa12b");
    assert_string_equal(run_evidence(&progress, "tag", "raw"), "\xFF\xFE");
    assert_null(run_evidence(&progress, "other", "object"));
}

static void a_failure_is_kept_until_the_next_try(void **state UNUSED)
{
    struct buf entry = {0};
    struct error failure;
    error_set(&failure, ERROR_UNAVAILABLE, "Cannot push");
    error_why(&failure, "the line is dead");
    error_todo(&failure, "try again");
    folds_begin("push");
    journal_failed(&entry, &by, "push", &failure);
    fold(&entry);
    const struct effect_progress *of = run_progress_of(&progress, "push");
    assert_int_equal(of->status, EFFECT_FAILED);
    assert_int_equal(of->error.kind, ERROR_UNAVAILABLE);
    assert_string_equal(of->error.what, "Cannot push");
    assert_string_equal(of->error.why, "the line is dead");
    assert_string_equal(of->error.todo, "try again");
    folds_begin("push");
    of = run_progress_of(&progress, "push");
    assert_int_equal(of->status, EFFECT_BEGUN);
    assert_int_equal(of->error.kind, ERROR_NONE);
    assert_int_equal(progress.count, 1);
}

static void a_status_lasts_until_something_is_done(void **state UNUSED)
{
    struct buf entry = {0};
    journal_status(&entry, &by, RUN_HELD, TEXT("somebody moved main"));
    fold(&entry);
    assert_int_equal(progress.status, RUN_HELD);
    assert_true(text_equal(progress.reason, TEXT("somebody moved main")));
    folds_begin("tag");
    assert_int_equal(progress.status, RUN_OPEN);
    assert_int_equal(progress.reason.len, 0);
    for (int status = RUN_OPEN; status <= RUN_FAILED; status++) {
        journal_status(&entry, &by, (enum run_status)status, TEXT(""));
        fold(&entry);
        assert_int_equal(progress.status, status);
    }
}

static void folds_request(int64_t seq, enum request_kind kind)
{
    struct buf entry = {0};
    struct request request = {.seq = seq, .kind = kind, .actor = "jon", .reason = "too\x1b risky"};
    journal_request(&entry, &by, &request);
    fold(&entry);
}

static void requests_count_once_and_a_resume_lifts_a_hold(void **state UNUSED)
{
    folds_request(2, REQUEST_HOLD);
    assert_true(progress.hold_requested);
    assert_int_equal(progress.requests_seen, 2);
    assert_true(text_equal(progress.request, TEXT("jon asked to hold: too\\x1b risky")));
    refused("{\"what\":\"request\",\"request\":\"hold\",\"request-seq\":2}", "obeyed before");
    folds_request(3, REQUEST_RESUME);
    assert_false(progress.hold_requested);
    folds_request(5, REQUEST_ABORT);
    assert_true(progress.abort_requested);
    folds_request(6, REQUEST_RESUME);
    assert_true(progress.abort_requested);
}

static void what_makes_no_sense_is_named_and_changes_nothing(void **state UNUSED)
{
    folds_begin("tag");
    refused("", "line 1");
    refused("[]", "not an object");
    refused("{}", "\"what\" is missing");
    refused("{\"what\":\"dance\"}", "\"dance\" is no kind of entry");
    refused("{\"what\":\"begin\",\"effect\":\"x\"}", "no whole effect");
    refused("{\"what\":\"begin\",\"kind\":\"x\"}", "no whole effect");
    refused("{\"what\":\"begin\",\"effect\":\"\",\"kind\":\"x\"}", "no whole effect");
    refused("{\"what\":\"begin\",\"effect\":\"x\",\"kind\":\"x\",\"deadline\":-1}", "no whole effect");
    refused("{\"what\":\"begin\",\"effect\":\"x\",\"kind\":\"x\",\"args\":[{\"name\":\"a\",\"hex\":\"4\"}]}",
            "not hex");
    refused("{\"what\":\"begin\",\"effect\":\"x\",\"kind\":\"x\",\"args\":[{\"name\":\"a\",\"hex\":\"00\"}]}",
            "not hex");
    refused("{\"what\":\"begin\",\"effect\":\"x\",\"kind\":\"x\",\"args\":[{\"value\":\"a\"}]}",
            "\"name\" is missing");
    refused("{\"what\":\"done\",\"effect\":\"other\"}", "was not begun");
    refused("{\"what\":\"done\"}", "was not begun");
    refused("{\"what\":\"failed\",\"effect\":\"tag\",\"error\":\"bad\"}", "no kind of error");
    refused("{\"what\":\"status\",\"status\":\"dancing\"}", "no status");
    refused("{\"what\":\"status\"}", "no status");
    refused("{\"what\":\"request\",\"request\":\"dance\"}", "no request");
    CLEANUP(buf_clear) struct buf many = {0};
    buf_adds(&many, "{\"what\":\"begin\",\"effect\":\"x\",\"kind\":\"x\",\"args\":[{\"name\":\"0\"}");
    for (int i = 1; i <= EFFECT_ARGS_MAX; i++)
        buf_addf(&many, ",{\"name\":\"%d\"}", i);
    buf_adds(&many, "]}");
    refused(many.bytes, "too many");
    assert_int_equal(run_progress_of(&progress, "tag")->status, EFFECT_BEGUN);
    folds_done("tag");
    refused("{\"what\":\"done\",\"effect\":\"tag\"}", "done already");
    refused("{\"what\":\"begin\",\"effect\":\"tag\",\"kind\":\"x\"}", "although it is done");
    refused("{\"what\":\"failed\",\"effect\":\"tag\",\"error\":\"failed\"}", "done already");
    assert_string_equal(run_evidence(&progress, "tag", "object"), "77aa12b");
}

static void an_entry_out_of_order_is_refused(void **state UNUSED)
{
    static const char json[] = "{\"what\":\"status\",\"status\":\"open\"}";
    struct store_entry entry = {2, 0, (char *)json, sizeof(json) - 1};
    assert_int_equal(journal_fold(&progress, &entry, &err), -1);
    assert_string_equal(err.what, "Entry 2 of the run's journal is damaged");
    entry.seq = 1;
    assert_int_equal(journal_fold(&progress, &entry, &err), 0);
    assert_int_equal(journal_fold(&progress, &entry, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define JOURNAL(test) cmocka_unit_test_setup_teardown(test, begin, end)
        JOURNAL(an_effect_comes_back_as_it_was),
        JOURNAL(a_failure_is_kept_until_the_next_try),
        JOURNAL(a_status_lasts_until_something_is_done),
        JOURNAL(requests_count_once_and_a_resume_lifts_a_hold),
        JOURNAL(what_makes_no_sense_is_named_and_changes_nothing),
        JOURNAL(an_entry_out_of_order_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
