/* Undo brings back exactly what was there, from every stage; what is public stays. */
#include "tests/unit/release/room.h"

/* Drives `steps` effects; false when the run ended or waits before that. */
static bool drive_steps(struct room *r, const char *id, int steps)
{
    enum run_status status = RUN_OPEN;
    r->desk.step = true;
    for (int i = 0; i < steps && status == RUN_OPEN; i++)
        status = room_drive(r, id);
    r->desk.step = false;
    return status == RUN_OPEN;
}

/* `changelog` (may be NULL) is written over the committed one before; `committed`: not even that one is there. */
static void undo_at_each_stage(struct release_options options, const char *changelog, bool committed)
{
    bool more = true;
    int stages = 0;
    for (int steps = 0; more; steps++, stages++) {
        struct room r;
        room_new(&r);
        repository_write(&r.repo, "note.txt", "not tracked, and not ours\n");
        if (!committed) {
            repository_git(&r.repo, "rm", "--quiet", "CHANGELOG.md", NULL);
            repository_git(&r.repo, "commit", "--quiet", "-m", "docs: no changelog", NULL);
        }
        if (changelog)
            repository_write(&r.repo, "CHANGELOG.md", changelog);
        CLEANUP(free_string) char *before = room_snapshot(&r, true);
        CLEANUP(free_string) char *id = room_begin(&r, options);
        more = drive_steps(&r, id, steps);
        room_close(&r);
        room_open(&r);
        room_undo(&r, id);
        CLEANUP(free_string) char *after = room_snapshot(&r, true);
        if (strcmp(before, after) != 0)
            fail_msg("after %d steps undo leaves\n%s\ninstead of\n%s", steps, after, before);
        room_free(&r);
    }
    assert_true(stages > 2);
}

static void test_undo_no_push(void **state)
{
    (void)state;
    undo_at_each_stage((struct release_options){.no_push = true}, NULL, true);
}

static void test_undo_pull_request(void **state)
{
    (void)state;
    undo_at_each_stage((struct release_options){.has_mode = true, .mode = RELEASE_PULL_REQUEST}, NULL, true);
}

/* Lines under Unreleased that nobody committed go into the release, and come back as they were. */
static void test_undo_carried(void **state)
{
    static const char lines[] =
        "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- Not committed\n\n## [1.0.0] - 2026-01-01\n\n"
        "### Added\n\n- Everything\n";
    static const char fresh[] = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- Not committed\n";
    const struct release_options local = {.no_push = true};
    const struct release_options request = {.has_mode = true, .mode = RELEASE_PULL_REQUEST};
    (void)state;
    undo_at_each_stage(local, lines, true);
    undo_at_each_stage(request, lines, true);
    undo_at_each_stage(local, fresh, false);
    undo_at_each_stage(request, fresh, false);
}

/* A file that the release makes is gone again; one whose bytes git would check out otherwise has its own. */
static void test_undo_exact_bytes(void **state)
{
    struct room *r = *state;
    repository_git(&r->repo, "rm", "--quiet", "CHANGELOG.md", NULL);
    repository_git(&r->repo, "commit", "--quiet", "-m", "docs: no changelog", NULL);
    repository_write(&r->repo, ".gitattributes", "package.json text eol=crlf\n");
    repository_git(&r->repo, "add", ".gitattributes", NULL);
    repository_git(&r->repo, "commit", "--quiet", "-m", "chore: line ends", NULL);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    assert_file(r, "package.json", ROOM_PACKAGE); /* with \n, though git would write \r\n */
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    CLEANUP(free_string) char *made = repository_read(&r->repo, "CHANGELOG.md");
    assert_non_null(strstr(made, "## [1.1.0] - 2027-01-01"));
    assert_non_null(strstr(made, "- Stream live odds (#412)"));
    room_undo(r, id);
    assert_output(room_snapshot(r, true), before);
    assert_file(r, "package.json", ROOM_PACKAGE);
}

static void refuse_undo(struct room *r, const char *id, const char *why)
{
    struct run_info info;
    struct error err;
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    assert_int_equal(release_undo(&info, &r->desk, id, "", &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    if (!strstr(err.why, why))
        fail_msg("%s: %s", err.what, err.why);
    assert_true(err.todo[0]);
    assert_output(room_snapshot(r, true), before);
}

/* A public tag stays, and its version is used up, even when somebody deletes the tag everywhere. */
static void test_public_is_burned(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    refuse_undo(r, id, "the tag v1.1.0 is public");

    repository_git(&r->repo, "push", "--quiet", "origin", ":refs/tags/v1.1.0", NULL);
    repository_git(&r->repo, "tag", "-d", "v1.1.0", NULL);
    repository_commit(&r->repo, "more.c", "more\n", "feat: more");
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    room_propose(&proposal, r, (struct release_options){.wanted = "1.1.0"});
    assert_non_null(room_finding(&proposal, "burned"));
    release_proposal_clear(&proposal);
    room_propose(&proposal, r, (struct release_options){0});
    assert_string_not_equal(proposal.plan.version, "1.1.0");
    release_proposal_clear(&proposal);
}

/* Nobody asked for an undo: the run itself says that the number was public. */
static void test_pushed_is_burned(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    repository_git(&r->repo, "push", "--quiet", "origin", ":refs/tags/v1.1.0", NULL);
    repository_git(&r->repo, "tag", "-d", "v1.1.0", NULL);
    repository_git(&r->repo, "reset", "--quiet", "--hard", "HEAD~1", NULL);
    repository_git(&r->repo, "push", "--quiet", "--force", "origin", "main", NULL);
    room_propose(&proposal, r, (struct release_options){0});
    assert_string_equal(proposal.plan.version, "1.1.1");
    release_proposal_clear(&proposal);
    room_propose(&proposal, r, (struct release_options){.wanted = "1.1.0"});
    assert_non_null(room_finding(&proposal, "burned"));
    release_proposal_clear(&proposal);
    refuse_undo(r, id, "the tag v1.1.0 was pushed to origin: it is gone from there");
}

/* The push went through and the crash came before the journal: the world tells, not the journal. */
static void test_public_though_not_journaled(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    drive_steps(r, id, 4);
    repository_git(&r->repo, "push", "--quiet", "--atomic", "origin", "main", "v1.1.0", NULL);
    refuse_undo(r, id, "the tag v1.1.0 is public");
}

static void test_public_commit(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    drive_steps(r, id, 3);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    refuse_undo(r, id, "is public at origin in main");
}

/* Released here alone, and the branch pushed by hand: there is nothing to resume. */
static void test_pushed_by_hand(void **state)
{
    struct room *r = *state;
    struct run_info info;
    struct error err;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    assert_int_equal(release_undo(&info, &r->desk, id, "", &r->call, &err), -1);
    assert_non_null(strstr(err.todo, "git push origin v1.1.0"));
    assert_null(strstr(err.todo, "resume"));
}

static void test_somebody_built_on_it(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    repository_commit(&r->repo, "more.c", "more\n", "feat: more");
    refuse_undo(r, id, "somebody has committed on main since");
}

static void test_somebody_changed_a_file(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    repository_write(&r->repo, "CHANGELOG.md", "mine\n");
    refuse_undo(r, id, "CHANGELOG.md has been changed since");
    assert_file(r, "CHANGELOG.md", "mine\n");
}

static void test_another_branch(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    repository_git(&r->repo, "switch", "--quiet", "-c", "other", NULL);
    refuse_undo(r, id, "other is checked out, not main");
}

static void test_twice(void **state)
{
    struct room *r = *state;
    struct run_info info;
    struct error err;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    room_undo(r, id);
    assert_int_equal(release_undo(&info, &r->desk, id, "", &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    /* And the same version may be released again, by a new run. */
    CLEANUP(free_string) char *again = room_begin(r, (struct release_options){.no_push = true});
    assert_int_equal(room_drive(r, again), RUN_FINISHED);
    free(room_rev(r, "v1.1.0"));
}

/* An undo is a run too: in pieces it makes the same whole. */
static void test_undo_in_pieces(void **state)
{
    struct room *r = *state;
    struct run_info info;
    struct error err;
    struct release_steps steps;
    struct release_view view;
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    CLEANUP(free_string)
    char *id = room_begin(r, (struct release_options){.has_mode = true, .mode = RELEASE_PULL_REQUEST});
    drive_steps(r, id, 6);
    assert_int_equal(release_undo_preview(&steps, &r->desk, id, &r->call, &err), 0);
    size_t planned = steps.count;
    release_steps_clear(&steps);
    assert_int_equal(release_undo(&info, &r->desk, id, "", &r->call, &err), 0);
    for (int i = 0; i < 10 && drive_steps(r, info.id, 1); i++) {
        room_close(r);
        room_open(r);
    }
    assert_output(room_snapshot(r, true), before);
    assert_int_equal(release_look(&view, &r->desk, info.id, &r->call, &err), 0);
    assert_true(view.is_undo);
    assert_string_equal(view.of, id);
    assert_int_equal(view.steps.count, planned);
    assert_int_equal(view.steps.done, planned);
    release_view_clear(&view);
    assert_int_equal(release_look(&view, &r->desk, id, &r->call, &err), 0);
    assert_int_equal(view.info.status, RUN_UNDONE);
    release_view_clear(&view);
    run_info_clear(&info);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_undo_no_push),
        cmocka_unit_test(test_undo_pull_request),
        cmocka_unit_test(test_undo_carried),
        ROOM_TEST(test_undo_exact_bytes),
        ROOM_TEST(test_public_is_burned),
        ROOM_TEST(test_pushed_is_burned),
        ROOM_TEST(test_public_though_not_journaled),
        ROOM_TEST(test_public_commit),
        ROOM_TEST(test_pushed_by_hand),
        ROOM_TEST(test_somebody_built_on_it),
        ROOM_TEST(test_somebody_changed_a_file),
        ROOM_TEST(test_another_branch),
        ROOM_TEST(test_twice),
        ROOM_TEST(test_undo_in_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
