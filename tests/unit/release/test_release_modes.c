/* Whole releases on real repositories, in each mode, and with a crash between any two effects. */
#include "tests/unit/release/room.h"

#define CUT_CHANGELOG                                                                                                \
    "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-01\n\n### Added\n\n- Live odds, by hand\n\n"             \
    "## [1.0.0] - 2026-01-01\n\n### Added\n\n- Everything\n"

static void test_direct(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *before = room_rev(r, "HEAD");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);

    assert_file(r, "CHANGELOG.md", CUT_CHANGELOG);
    assert_file(r, "package.json", "{\n  \"name\": \"api\",\n  \"version\": \"1.1.0\"\n}\n");
    CLEANUP(free_string) char *head = room_rev(r, "HEAD");
    assert_output(room_rev(r, "HEAD^"), before);
    assert_output(room_rev(r, "v1.1.0^{commit}"), head);
    assert_output(repository_output(&r->repo, "cat-file", "-t", "v1.1.0", NULL), "tag");
    assert_output(repository_output(&r->repo, "log", "-1", "--format=%s", NULL), "release: v1.1.0");
    assert_output(repository_output(&r->repo, "tag", "-l", "--format=%(contents)", "v1.1.0", NULL),
                  "v1.1.0\n\nAdded:\n\n- Live odds, by hand");
    assert_output(repository_output(&r->repo, "status", "--porcelain", NULL), "");
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "main", NULL), head);
    CLEANUP(free_string) char *tag = room_rev(r, "v1.1.0");
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "v1.1.0", NULL), tag);
    assert_output(repository_output(&r->repo, "show", "--format=", "--name-only", "HEAD", NULL),
                  "CHANGELOG.md\npackage.json");
}

static void test_no_push(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *remote_before = repository_output_in(r->repo.remote, "for-each-ref", NULL);
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.wanted = "patch", .no_push = true});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    CLEANUP(free_string) char *head = room_rev(r, "HEAD");
    assert_output(room_rev(r, "v1.0.1^{commit}"), head);
    assert_output(repository_output_in(r->repo.remote, "for-each-ref", NULL), remote_before);
}

static void test_tag_only(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *before = room_rev(r, "HEAD");
    CLEANUP(free_string)
    char *id = room_begin(r, (struct release_options){.wanted = "2.0.0", .has_mode = true, .mode = RELEASE_TAG_ONLY});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_output(room_rev(r, "HEAD"), before);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "v2.0.0^{commit}", NULL), before);
    assert_file(r, "CHANGELOG.md", ROOM_CHANGELOG);
}

/* ---- pull request ---- */

static char *begin_pull_request(struct room *r)
{
    CLEANUP(free_string) char *before = room_snapshot(r, false);
    char *id = room_begin(r, (struct release_options){.has_mode = true, .mode = RELEASE_PULL_REQUEST});
    assert_int_equal(room_drive(r, id), RUN_WAITING);
    assert_int_equal(room_drive(r, id), RUN_WAITING);

    /* What is checked out is as before, byte for byte; only the candidate branch came into being. */
    repository_git(&r->repo, "update-ref", "refs/kept/candidate", "refs/heads/release/1.1.0", NULL);
    CLEANUP(free_string) char *candidate = room_rev(r, "refs/kept/candidate");
    repository_git(&r->repo, "update-ref", "-d", "refs/heads/release/1.1.0", NULL);
    assert_output(room_snapshot(r, false), before);
    repository_git(&r->repo, "update-ref", "refs/heads/release/1.1.0", candidate, NULL);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "release/1.1.0", NULL), candidate);
    assert_int_equal(repository_try(&r->repo, "rev-parse", "--verify", "--quiet", "v1.1.0", NULL), 1);
    return id;
}

/* Somebody else's clone of the remote, where the merge is made. */
static char *other_clone(const struct room *r)
{
    char *path = path_join(r->repo.sandbox, "other");
    repository_git(&r->repo, "clone", "--quiet", r->repo.remote, path, NULL);
    return path;
}

static void expect_released(struct room *r, const char *id, const char *commit)
{
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_output(room_rev(r, "v1.1.0^{commit}"), commit);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "v1.1.0^{commit}", NULL), commit);
    assert_int_equal(repository_try(&r->repo, "rev-parse", "--verify", "--quiet", "refs/heads/release/1.1.0", NULL),
                     1);
    assert_output(repository_output(&r->repo, "status", "--porcelain", NULL), "");
}

static void test_pull_request_fast_forward(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = begin_pull_request(r);
    CLEANUP(free_string) char *candidate = room_rev(r, "refs/kept/candidate");
    repository_git_in(r->repo.remote, "update-ref", "refs/heads/main", candidate, NULL);
    repository_git_in(r->repo.remote, "update-ref", "-d", "refs/heads/release/1.1.0", NULL);
    expect_released(r, id, candidate);
    /* What it leaves to people is said. */
    struct release_view view;
    struct error err;
    assert_int_equal(release_look(&view, &r->desk, id, &r->call, &err), 0);
    CLEANUP(free_string) char *reason = mem_bytes(view.reason.safe, view.reason.len);
    assert_non_null(strstr(reason, "git pull --ff-only origin main"));
    assert_non_null(strstr(reason, "delete release/1.1.0 at origin"));
    release_view_clear(&view);
}

/* The merge brings others' work along: the tag is on what was planned, not on the merge. */
static void test_pull_request_merge_commit(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = begin_pull_request(r);
    CLEANUP(free_string) char *candidate = room_rev(r, "refs/kept/candidate");
    CLEANUP(free_string) char *other = other_clone(r);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "feat: not in this release", NULL);
    repository_git_in(other, "merge", "--quiet", "--no-ff", "-m", "Merge", "origin/release/1.1.0", NULL);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "feat: later", NULL);
    repository_git_in(other, "push", "--quiet", "origin", "main", NULL);
    expect_released(r, id, candidate);
}

static void test_pull_request_with_a_fixup(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = begin_pull_request(r);
    CLEANUP(free_string) char *other = other_clone(r);
    repository_git_in(other, "switch", "--quiet", "release/1.1.0", NULL);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "fix: asked for in review", NULL);
    CLEANUP(free_string) char *tip = repository_output_in(other, "rev-parse", "HEAD", NULL);
    repository_git_in(other, "switch", "--quiet", "main", NULL);
    repository_git_in(other, "merge", "--quiet", "--no-ff", "-m", "Merge", "release/1.1.0", NULL);
    repository_git_in(other, "push", "--quiet", "origin", "main", "release/1.1.0", NULL);
    expect_released(r, id, tip);
}

static void test_pull_request_squashed(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = begin_pull_request(r);
    CLEANUP(free_string) char *other = other_clone(r);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "chore: before", NULL);
    repository_git_in(other, "merge", "--quiet", "--squash", "origin/release/1.1.0", NULL);
    repository_git_in(other, "commit", "--quiet", "-m", "release: v1.1.0 (#7)", NULL);
    CLEANUP(free_string) char *squash = repository_output_in(other, "rev-parse", "HEAD", NULL);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "feat: later", NULL);
    repository_git_in(other, "push", "--quiet", "origin", "main", NULL);
    repository_git_in(r->repo.remote, "update-ref", "-d", "refs/heads/release/1.1.0", NULL);
    expect_released(r, id, squash);
}

static void test_pull_request_closed(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = begin_pull_request(r);
    repository_git_in(r->repo.remote, "update-ref", "-d", "refs/heads/release/1.1.0", NULL);
    assert_int_equal(room_drive(r, id), RUN_HELD);
    room_holds_with(r, id, "was it closed without being merged?");
}

/* ---- a crash between any two effects ---- */

static void drive_in_pieces(struct room *r, const char *id)
{
    enum run_status status = RUN_OPEN;
    for (int i = 0; i < 40 && status == RUN_OPEN; i++) {
        room_close(r);
        room_open(r);
        r->desk.step = true;
        status = room_drive(r, id);
    }
    r->desk.step = false;
    assert_true(status == RUN_FINISHED || status == RUN_WAITING);
}

static char *release_whole(struct release_options options, bool in_pieces)
{
    struct room r;
    room_new(&r);
    CLEANUP(free_string) char *id = room_begin(&r, options);
    if (in_pieces)
        drive_in_pieces(&r, id);
    else
        room_drive(&r, id);
    char *snapshot = room_snapshot(&r, true);
    room_free(&r);
    return snapshot;
}

static void test_pieces_make_the_whole(void **state)
{
    (void)state;
    static const struct release_options each[] = {
        {.wanted = "minor"},
        {.wanted = "minor", .no_push = true},
        {.wanted = "minor", .has_mode = true, .mode = RELEASE_TAG_ONLY},
        {.wanted = "minor", .has_mode = true, .mode = RELEASE_PULL_REQUEST},
    };
    for (size_t i = 0; i < COUNT(each); i++) {
        CLEANUP(free_string) char *whole = release_whole(each[i], false);
        CLEANUP(free_string) char *pieces = release_whole(each[i], true);
        assert_string_equal(whole, pieces);
    }
}

/* A crash after the act and before the journal: what was done by then is found done, not done again. */
static void test_found_done(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    struct release_view view;
    struct error err;
    assert_int_equal(release_look(&view, &r->desk, id, &r->call, &err), 0);
    for (size_t i = 0; i < view.plan.file_count; i++)
        repository_write(&r->repo, view.plan.files[i].path, view.plan.files[i].new_bytes);
    release_view_clear(&view);
    repository_git(&r->repo, "commit", "--quiet", "--all", "-m", "release: v1.1.0", NULL);
    CLEANUP(free_string) char *commit = room_rev(r, "HEAD");
    repository_git(&r->repo, "tag", "-a", "-m", "by hand", "v1.1.0", NULL);
    repository_git(&r->repo, "push", "--quiet", "--atomic", "origin", "main", "v1.1.0", NULL);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_output(room_rev(r, "HEAD"), commit);
    assert_output(room_rev(r, "v1.1.0^{commit}"), commit);
}

/* git was killed after it moved the branch and before it put the new index into place. */
static void test_index_behind_the_commit(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *index = path_join(r->repo.path, ".git/index");
    CLEANUP(free_string) char *kept = path_join(r->repo.sandbox, "index");
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    r->desk.step = true;
    room_drive(r, id);
    room_drive(r, id);
    r->desk.step = false;
    struct buf bytes = {0};
    struct error err;
    assert_int_equal(file_read(&bytes, index, 1 << 20, &err), 0);
    assert_int_equal(file_write(kept, bytes.bytes, bytes.len, 0600, &err), 0);
    buf_clear(&bytes);
    repository_git(&r->repo, "commit", "--quiet", "--all", "-m", "release: v1.1.0", NULL);
    assert_int_equal(rename(kept, index), 0);
    CLEANUP(free_string) char *commit = room_rev(r, "HEAD");
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_output(room_rev(r, "v1.1.0^{commit}"), commit);
    assert_output(repository_output(&r->repo, "status", "--porcelain", NULL), "");
}

static void test_one_release_at_a_time(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    struct run_info info;
    struct error err;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){0});
    room_propose(&proposal, r, (struct release_options){0});
    assert_int_equal(release_begin(&info, &r->desk, &proposal, "", &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_EXISTS);
    release_proposal_clear(&proposal);
    assert_int_equal(release_open(&info, &r->desk, &r->call, &err), 0);
    assert_string_equal(info.id, id);
    run_info_clear(&info);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_direct),
        ROOM_TEST(test_no_push),
        ROOM_TEST(test_tag_only),
        ROOM_TEST(test_pull_request_fast_forward),
        ROOM_TEST(test_pull_request_merge_commit),
        ROOM_TEST(test_pull_request_with_a_fixup),
        ROOM_TEST(test_pull_request_squashed),
        ROOM_TEST(test_pull_request_closed),
        cmocka_unit_test(test_pieces_make_the_whole),
        ROOM_TEST(test_found_done),
        ROOM_TEST(test_index_behind_the_commit),
        ROOM_TEST(test_one_release_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
