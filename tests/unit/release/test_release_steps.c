/* What a release decides on each path, and what it says: pure, without a repository. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "release/release.h"
#include "release/release_steps.h"
#include "release/undo.h"
#include "tests/unit/release/sample_plan.h"

static void add_done(struct run_progress *progress, const struct effect *effect, const char *name, const char *value)
{
    ARRAY_GROW(&progress->effects, &progress->cap, progress->count + 1);
    struct effect_progress *p = &progress->effects[progress->count++];
    *p = (struct effect_progress){.status = EFFECT_DONE};
    effect_copy(&p->effect, effect);
    if (name)
        evidence_set(&p->evidence, name, value);
}

/* What the world would bring to light. */
static void imagine(struct run_progress *progress, const struct effect *effect)
{
    if (strcmp(effect->kind, "commit") == 0)
        add_done(progress, effect, "commit", SAMPLE_COMMIT);
    else if (strcmp(effect->kind, "merge") == 0)
        add_done(progress, effect, "commit", SAMPLE_COMMIT);
    else if (strcmp(effect->kind, "tag") == 0)
        add_done(progress, effect, "object", SAMPLE_TAG);
    else if (strcmp(effect->kind, "write-file") == 0)
        add_done(progress, effect, "tree", "4444444444444444444444444444444444444444");
    else
        add_done(progress, effect, NULL, NULL);
}

/* Walks decide() to its end: ids with a blank between. The last effect of each id can be looked at in `progress`. */
static void walk(struct buf *ids, struct run_progress *progress, const struct run_kind *kind, const void *plan)
{
    for (int i = 0; i < 50; i++) {
        struct decision decision = {0};
        kind->decide(&decision, plan, progress, 1000);
        enum decision_kind what = decision.kind;
        if (what == DECIDE_FINISH) {
            assert_int_equal(decision.status, RUN_FINISHED);
            assert_true(text_of(&decision.words).len > 0);
            decision_clear(&decision);
            return;
        }
        assert_int_equal(what, strcmp(decision.effect.kind, "merge") == 0 ? DECIDE_WAIT : DECIDE_ACT);
        assert_true(decision.effect.words.len > 0);
        assert_true(decision.effect.deadline_ms > 0);
        buf_addf(ids, "%s%s", ids->len ? " " : "", decision.effect.id);
        imagine(progress, &decision.effect);
        decision_clear(&decision);
    }
    fail_msg("decide() does not end: %s", ids->bytes);
}

static void expect_steps(enum release_mode mode, bool push, size_t files, const char *expected)
{
    struct release_plan plan;
    struct run_progress progress = {0};
    struct buf ids = {0};
    sample_plan(&plan, mode, push, files);
    walk(&ids, &progress, &release_kind, &plan);
    assert_string_equal(buf_string(&ids), expected);
    buf_clear(&ids);
    run_progress_clear(&progress);
    release_plan_clear(&plan);
}

static void test_paths(void **state)
{
    (void)state;
    expect_steps(RELEASE_DIRECT, true, 2, "file:CHANGELOG.md file:package.json commit tag push");
    expect_steps(RELEASE_DIRECT, false, 1, "file:CHANGELOG.md commit tag");
    expect_steps(RELEASE_DIRECT, true, 0, "tag push");
    expect_steps(RELEASE_TAG_ONLY, true, 0, "tag push");
    expect_steps(RELEASE_TAG_ONLY, false, 0, "tag");
    expect_steps(RELEASE_PULL_REQUEST, true, 1,
                 "candidate attach file:CHANGELOG.md commit return restore push-candidate merge tidy tag push");
    expect_steps(RELEASE_PULL_REQUEST, false, 1, "candidate attach file:CHANGELOG.md commit return restore tag");
}

static const struct effect *effect_of(const struct run_progress *progress, const char *id)
{
    const struct effect_progress *p = run_progress_of(progress, id);
    assert_non_null(p);
    return &p->effect;
}

static void assert_words(const struct run_progress *progress, const char *id, const char *words)
{
    struct text text = effect_of(progress, id)->words;
    char copy[512];
    snprintf(copy, sizeof(copy), "%.*s", (int)text.len, text.safe);
    assert_string_equal(copy, words);
}

static void test_words_are_the_act(void **state)
{
    (void)state;
    struct release_plan plan;
    struct run_progress progress = {0};
    struct buf ids = {0};
    sample_plan(&plan, RELEASE_DIRECT, true, 2);
    walk(&ids, &progress, &release_kind, &plan);
    assert_words(&progress, "push", "pushes main and v1.4.0 to origin in one push. Nothing else.");
    assert_words(&progress, "commit", "commits CHANGELOG.md and package.json on main as “release: v1.4.0”");
    assert_words(&progress, "file:package.json", "makes package.json: says 1.4.0");

    const struct effect *push = effect_of(&progress, "push");
    assert_string_equal(effect_get(push, "ref.1"), "refs/tags/v1.4.0");
    assert_string_equal(effect_get(push, "expect.1"), "");
    assert_string_equal(effect_get(push, "to.1"), SAMPLE_TAG);
    assert_string_equal(effect_get(push, "ref.2"), "refs/heads/main");
    assert_string_equal(effect_get(push, "expect.2"), SAMPLE_BASE);
    assert_string_equal(effect_get(push, "to.2"), SAMPLE_COMMIT);
    assert_null(effect_get(push, "ref.3"));

    const struct effect *commit = effect_of(&progress, "commit");
    assert_string_equal(effect_get(commit, "parent"), SAMPLE_BASE);
    assert_string_equal(effect_get(commit, "tree"), "4444444444444444444444444444444444444444");
    buf_clear(&ids);
    run_progress_clear(&progress);
    release_plan_clear(&plan);
}

/* The tag alone goes out where the branch has nothing new. */
static void test_tag_goes_alone(void **state)
{
    (void)state;
    struct release_plan plan;
    struct run_progress progress = {0};
    struct buf ids = {0};
    sample_plan(&plan, RELEASE_DIRECT, true, 0);
    walk(&ids, &progress, &release_kind, &plan);
    assert_words(&progress, "push", "pushes v1.4.0 to origin. Nothing else.");
    assert_null(effect_get(effect_of(&progress, "push"), "ref.2"));
    run_progress_clear(&progress);

    /* Commits that the remote has not: they must go along. */
    plan.remote_expect[0] = '9';
    buf_truncate(&ids, 0);
    walk(&ids, &progress, &release_kind, &plan);
    assert_string_equal(effect_get(effect_of(&progress, "push"), "to.2"), SAMPLE_BASE);
    buf_clear(&ids);
    run_progress_clear(&progress);
    release_plan_clear(&plan);
}

/* A failed or begun effect is asked for again, with the same arguments; nothing after it. */
static void test_goes_on_where_it_was(void **state)
{
    (void)state;
    struct release_plan plan;
    struct run_progress progress = {0};
    struct buf ids = {0};
    sample_plan(&plan, RELEASE_DIRECT, true, 1);
    walk(&ids, &progress, &release_kind, &plan);
    for (size_t i = 0; i < progress.count; i++) {
        enum effect_status kept = progress.effects[i].status;
        struct decision decision = {0};
        progress.effects[i].status = i % 2 ? EFFECT_FAILED : EFFECT_BEGUN;
        release_decide(&decision, &plan, &progress, 1000);
        assert_int_equal(decision.kind, DECIDE_ACT);
        assert_string_equal(decision.effect.id, progress.effects[i].effect.id);
        decision_clear(&decision);
        progress.effects[i].status = kept;
    }
    buf_clear(&ids);
    run_progress_clear(&progress);
    release_plan_clear(&plan);
}

static void test_preview_reads_well(void **state)
{
    (void)state;
    struct release_plan plan;
    struct release_steps steps;
    struct error err;
    sample_plan(&plan, RELEASE_PULL_REQUEST, true, 1);
    assert_int_equal(release_preview(&steps, &plan, &err), 0);
    assert_int_equal(steps.count, 11);
    assert_int_equal(steps.done, 0);
    assert_int_equal(steps.items[0].status, RELEASE_STEP_NEXT);
    for (size_t i = 1; i < steps.count; i++)
        assert_int_equal(steps.items[i].status, RELEASE_STEP_TODO);
    assert_true(text_equal(steps.items[9].words,
                           TEXT("makes the annotated tag v1.4.0 on the new commit. Nothing leaves this machine.")));
    release_steps_clear(&steps);
    release_plan_clear(&plan);
}

static void expect_undo(struct undo_plan *undo, const char *expected)
{
    struct run_progress progress = {0};
    struct buf ids = {0};
    walk(&ids, &progress, &undo_kind, undo);
    assert_string_equal(buf_string(&ids), expected);
    buf_clear(&ids);
    run_progress_clear(&progress);
}

static void test_undo_paths(void **state)
{
    (void)state;
    char commit[] = SAMPLE_COMMIT, tag[] = SAMPLE_TAG, none[] = "";
    struct undo_plan undo = {.commit = commit, .tag_object = tag, .candidate = none, .remote_candidate = none};
    sample_plan(&undo.release, RELEASE_DIRECT, true, 1);
    undo.restore = true;
    expect_undo(&undo, "undo:tag undo:branch undo:files");
    undo.tag_object = none;
    expect_undo(&undo, "undo:branch undo:files");
    undo.commit = none;
    expect_undo(&undo, "undo:files");
    undo.restore = false;
    expect_undo(&undo, "");
    release_plan_clear(&undo.release);

    sample_plan(&undo.release, RELEASE_PULL_REQUEST, true, 1);
    undo.candidate = undo.remote_candidate = commit;
    expect_undo(&undo, "undo:remote undo:candidate");
    undo.remote_candidate = none;
    undo.attached = undo.restore = true;
    expect_undo(&undo, "undo:attach undo:files undo:candidate");
    release_plan_clear(&undo.release);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_words_are_the_act),
        cmocka_unit_test(test_tag_goes_alone),
        cmocka_unit_test(test_goes_on_where_it_was),
        cmocka_unit_test(test_preview_reads_well),
        cmocka_unit_test(test_undo_paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
