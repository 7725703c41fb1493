/* What goes wrong on the way: hooks, a remote that says no, somebody who was faster. Nothing half public, and going on works. */
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/release/room.h"

static void drop_hook(const char *git_dir, const char *name)
{
    struct buf path = {0};
    buf_addf(&path, "%s/hooks/%s", git_dir, name);
    assert_int_equal(unlink(path.bytes), 0);
    buf_clear(&path);
}

static char *git_dir(const struct room *r)
{
    return path_join(r->repo.path, ".git");
}

/* The remote refuses one reference of the push; neither gets there, and when it is mended the run goes on. */
static void refused_push(const char *script)
{
    struct room r;
    struct error err;
    room_new(&r);
    repository_hook(r.repo.remote, "update", script);
    CLEANUP(free_string) char *before = repository_output_in(r.repo.remote, "for-each-ref", NULL);
    CLEANUP(free_string) char *id = room_begin(&r, (struct release_options){0});
    err = room_drive_fails(&r, id, ERROR_REFUSED);
    if (!strstr(err.why, "not on a Friday"))
        fail_msg("the remote's words are lost: %s: %s", err.what, err.why);
    assert_output(repository_output_in(r.repo.remote, "for-each-ref", NULL), before);

    struct release_view view;
    assert_int_equal(release_look(&view, &r.desk, id, &r.call, &err), 0);
    assert_int_equal(view.steps.items[view.steps.count - 1].status, RELEASE_STEP_FAILED);
    assert_true(strstr(view.steps.items[view.steps.count - 1].error.why, "not on a Friday") != NULL);
    release_view_clear(&view);

    drop_hook(r.repo.remote, "update");
    assert_int_equal(room_drive(&r, id), RUN_FINISHED);
    CLEANUP(free_string) char *head = room_rev(&r, "HEAD");
    assert_output(repository_output_in(r.repo.remote, "rev-parse", "main", NULL), head);
    assert_output(repository_output_in(r.repo.remote, "rev-parse", "v1.1.0^{commit}", NULL), head);
    room_free(&r);
}

static void test_branch_refused(void **state)
{
    (void)state;
    refused_push("case $1 in refs/heads/*) echo not on a Friday >&2; exit 1;; esac\n");
}

static void test_tag_refused(void **state)
{
    (void)state;
    refused_push("case $1 in refs/tags/*) echo not on a Friday >&2; exit 1;; esac\n");
}

static void test_undo_after_refusal(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    repository_hook(r->repo.remote, "update", "echo not on a Friday >&2; exit 1\n");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    room_drive_fails(r, id, ERROR_REFUSED);
    room_undo(r, id);
    assert_output(room_snapshot(r, true), before);
}

/* Somebody pushes between our tag and our push. */
static void test_somebody_was_faster(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *before = room_snapshot(r, false);
    CLEANUP(free_string) char *other = path_join(r->repo.sandbox, "other");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    repository_git(&r->repo, "clone", "--quiet", r->repo.remote, other, NULL);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "feat: faster", NULL);
    repository_git_in(other, "push", "--quiet", "origin", "main", NULL);
    CLEANUP(free_string) char *theirs = repository_output_in(r->repo.remote, "for-each-ref", NULL);
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "somebody else moved main at origin");
    assert_output(repository_output_in(r->repo.remote, "for-each-ref", NULL), theirs);
    room_undo(r, id);
    assert_output(room_snapshot(r, false), before);
}

static void test_tag_taken_at_the_remote(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    repository_git_in(r->repo.remote, "tag", "v1.1.0", "main", NULL);
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "somebody else moved v1.1.0 at origin");
}

static void until_the_push(struct room *r, const char *id)
{
    r->desk.step = true;
    for (int i = 0; i < 4; i++)
        assert_int_equal(room_drive(r, id), RUN_OPEN);
    r->desk.step = false;
}

/* Half a push by hand, or by a remote that was killed in the middle: the other half is pushed, once. */
static void test_half_a_push(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    until_the_push(r, id);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    CLEANUP(free_string) char *ours = repository_output(&r->repo, "rev-parse", "main", "v1.1.0", NULL);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "main", "v1.1.0", NULL), ours);
}

/* The same, but somebody went on from there: held, and over when the other half is there. */
static void test_half_a_push_and_more(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    until_the_push(r, id);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    CLEANUP(free_string) char *tree = repository_output(&r->repo, "rev-parse", "main^{tree}", NULL);
    CLEANUP(free_string)
    char *next = repository_output(&r->repo, "commit-tree", "-p", "main", "-m", "feat: more", tree, NULL);
    CLEANUP(buf_clear) struct buf refspec = {0};
    buf_addf(&refspec, "%s:refs/heads/main", next);
    repository_git(&r->repo, "push", "--quiet", "origin", refspec.bytes, NULL);
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "main is at origin, v1.1.0 is not");
    repository_git(&r->repo, "push", "--quiet", "origin", "v1.1.0", NULL);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
}

static void test_failing_hook(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *dir = git_dir(r);
    CLEANUP(free_string) char *before = room_rev(r, "HEAD");
    repository_hook(dir, "pre-commit", "echo lint says no >&2; exit 1\n");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    struct error err = room_drive_fails(r, id, ERROR_REFUSED);
    assert_non_null(strstr(err.why, "lint says no"));
    assert_output(room_rev(r, "HEAD"), before);
    drop_hook(dir, "pre-commit");
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
}

/* A hook may change what is committed, and the message; the run says so and goes on. */
static void test_hook_that_changes(void **state)
{
    struct room *r = *state;
    struct release_view view;
    struct error err;
    CLEANUP(free_string) char *dir = git_dir(r);
    repository_hook(dir, "pre-commit", "echo generated > generated.txt; git add generated.txt\n");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_int_equal(release_look(&view, &r->desk, id, &r->call, &err), 0);
    bool said = false;
    for (size_t i = 0; i < view.steps.count; i++)
        said = said || (view.steps.items[i].evidence.len &&
                        memmem(view.steps.items[i].evidence.safe, view.steps.items[i].evidence.len,
                               "a hook changed the files", 24));
    assert_true(said);
    release_view_clear(&view);
}

/* Somebody edits a file between our writing and committing: nothing of theirs is committed. */
static void test_file_changed_before_the_commit(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *before = room_rev(r, "HEAD");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    r->desk.step = true;
    room_drive(r, id);
    room_drive(r, id);
    r->desk.step = false;
    repository_write(&r->repo, "package.json", "{}\n");
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "package.json is not as the release wrote it");
    assert_output(room_rev(r, "HEAD"), before);
}

static void test_file_changed_before_writing(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    repository_write(&r->repo, "CHANGELOG.md", "mine\n");
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "CHANGELOG.md was changed since the release was planned");
    assert_file(r, "CHANGELOG.md", "mine\n");
}

static void test_remote_gone(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *away = path_join(r->repo.sandbox, "away.git");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    assert_int_equal(rename(r->repo.remote, away), 0);
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "it could not be seen whether it is done");
    assert_int_equal(rename(away, r->repo.remote), 0);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
}

static void test_read_only(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    struct run_info info;
    struct error err;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    r->desk.read_only = true;
    room_drive_fails(r, id, ERROR_REFUSED);
    room_propose(&proposal, r, (struct release_options){0});
    assert_int_equal(release_begin(&info, &r->desk, &proposal, "", &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_int_equal(release_undo(&info, &r->desk, id, "", &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    release_proposal_clear(&proposal);
    assert_output(room_snapshot(r, true), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_branch_refused),
        cmocka_unit_test(test_tag_refused),
        ROOM_TEST(test_undo_after_refusal),
        ROOM_TEST(test_somebody_was_faster),
        ROOM_TEST(test_tag_taken_at_the_remote),
        ROOM_TEST(test_half_a_push),
        ROOM_TEST(test_half_a_push_and_more),
        ROOM_TEST(test_failing_hook),
        ROOM_TEST(test_hook_that_changes),
        ROOM_TEST(test_file_changed_before_the_commit),
        ROOM_TEST(test_file_changed_before_writing),
        ROOM_TEST(test_remote_gone),
        ROOM_TEST(test_read_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
