/* The versions of a service, and what has happened since. */
#include "tests/unit/release/room.h"

static void load(struct history *out, struct room *r)
{
    struct error err;
    if (history_load(out, r->source, &r->service, &r->call, &err) < 0 ||
        history_mark(out, r->source, r->store, &r->service, &r->call, &err) < 0 ||
        history_since(out, r->source, &r->settings, &r->service, &r->call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void test_versions_in_order(void **state)
{
    struct room *r = *state;
    struct history h;
    struct error err;
    static const char *const order[] = {"10.0.0", "9.0.0", "1.2.0", "1.2.0-rc.10", "1.2.0-rc.2", "1.0.0"};
    repository_tag(&r->repo, "v9.0.0", NULL);
    repository_tag(&r->repo, "v1.2.0-rc.2", "rc");
    repository_tag(&r->repo, "v1.2.0-rc.10", "rc");
    repository_tag(&r->repo, "v1.2.0", "x");
    repository_tag(&r->repo, "nightly-2024", NULL);
    repository_tag(&r->repo, "v1.2", NULL);
    repository_git(&r->repo, "switch", "--quiet", "-c", "side", "v1.0.0", NULL);
    repository_commit(&r->repo, "side.c", "side\n", "feat: side");
    repository_tag(&r->repo, "v10.0.0", "elsewhere");
    repository_git(&r->repo, "switch", "--quiet", "main", NULL);
    load(&h, r);
    assert_int_equal(h.count, COUNT(order));
    for (size_t i = 0; i < COUNT(order); i++)
        assert_string_equal(h.versions[i].version, order[i]);
    assert_int_equal(h.latest, 0);
    assert_int_equal(h.current, 1);
    assert_int_equal(h.base, 1);
    assert_false(h.versions[1].annotated);
    assert_true(h.versions[2].annotated);
    assert_true(h.versions[3].prerelease);
    assert_int_equal(h.foreign_count, 2);
    for (size_t i = 0; i < h.foreign_count; i++)
        assert_true(h.foreign[i].why.len > 0);
    assert_int_equal(history_reach(&h, r->source, &r->call, &err), 0);
    assert_int_equal(h.versions[0].reach, HISTORY_ELSEWHERE);
    for (size_t i = 1; i < h.count; i++)
        assert_int_equal(h.versions[i].reach, HISTORY_REACHABLE);
    assert_ptr_equal(history_find(&h, "v1.2.0"), &h.versions[2]);
    assert_ptr_equal(history_find(&h, "1.2.0"), &h.versions[2]);
    assert_null(history_find(&h, "v3.0.0"));
    assert_ptr_equal(history_before(&h, &h.versions[0], r->source, &r->call), &h.versions[5]);
    history_clear(&h);
}

/* Many versions that HEAD has not: the one walk finds the current one all the same. */
static void test_current_on_an_old_line(void **state)
{
    struct room *r = *state;
    struct history h;
    for (int i = 2; i < 12; i++) {
        char tag[32];
        snprintf(tag, sizeof(tag), "v%d.0.0", i);
        repository_commit(&r->repo, "x.c", tag, "feat!: next");
        repository_tag(&r->repo, tag, NULL);
    }
    repository_git(&r->repo, "switch", "--quiet", "-c", "maint", "v1.0.0", NULL);
    repository_commit(&r->repo, "fix.c", "fix\n", "feat: backport");
    load(&h, r);
    assert_string_equal(h.versions[h.current].version, "1.0.0");
    assert_string_equal(h.versions[h.latest].version, "11.0.0");
    assert_int_equal(h.since.count, 1);
    assert_string_equal(h.suggestion, "1.1.0");
    history_clear(&h);
}

static void test_since(void **state)
{
    struct room *r = *state;
    struct history h;
    repository_commit(&r->repo, "y.c", "y\n", "feat(api)!: drop the old one");
    repository_commit(&r->repo, "y.md", "y\n", "docs: it");
    repository_commit(&r->repo, "z.c", "z\n", "Tidy");
    load(&h, r);
    assert_true(h.has_since);
    assert_int_equal(h.since.count, 5);
    assert_string_equal(h.since.items[0].subject, "Tidy");
    assert_string_equal(h.since.items[2].scope, "api");
    assert_string_equal(h.since.items[2].summary, "drop the old one");
    assert_int_equal(h.since.items[2].class, HISTORY_BREAKING);
    assert_int_equal(h.since.counts[HISTORY_BREAKING], 1);
    assert_int_equal(h.since.counts[HISTORY_FEATURE], 1);
    assert_int_equal(h.since.counts[HISTORY_FIX], 1);
    assert_int_equal(h.since.counts[HISTORY_OTHER], 1);
    assert_int_equal(h.since.counts[HISTORY_QUIET], 1);
    /* The sentence counts as the list does. */
    assert_int_equal(h.suggestion_why.len, strlen("major: 1 breaking, 1 feat, 1 fix, 1 other"));
    assert_string_equal(h.suggestion, "2.0.0");
    assert_true(h.suggestion_why.len > 0);
    history_clear(&h);
}

static void test_only_its_path(void **state)
{
    struct room *r = *state;
    struct history h;
    static char path[] = "apps/api";
    repository_commit(&r->repo, "apps/api/a.c", "a\n", "fix: in the service");
    r->service.path = path;
    load(&h, r);
    assert_int_equal(h.since.count, 1);
    assert_string_equal(h.suggestion, "1.0.1");
    history_clear(&h);
}

static void test_marks(void **state)
{
    struct room *r = *state;
    struct history h;
    struct error err;
    repository_commit(&r->repo, "CHANGELOG.md", "# Changelog\n\n## [1.0.0] - 2026-01-01 [YANKED]\n\n- x\n",
                      "docs: yank");
    assert_int_equal(history_burn(r->store, "api", "1.1.0", "maria", &r->call, &err), 0);
    assert_int_equal(history_burn(r->store, "api", "1.1.0", "maria", &r->call, &err), 0);
    load(&h, r);
    assert_true(h.versions[0].yanked);
    assert_false(h.versions[0].burned);
    assert_string_equal(h.burned[0], "1.1.0");
    assert_null(h.burned[1]);
    assert_string_not_equal(h.suggestion, "1.1.0");
    history_clear(&h);
}

static void expect_notes(struct room *r, const char *version, bool from_commits, const char *expected)
{
    struct history h;
    struct buf notes = {0};
    struct error err;
    bool made;
    load(&h, r);
    const struct history_version *of = version ? history_find(&h, version) : NULL;
    assert_int_equal(history_notes(&notes, &made, &h, of, r->source, &r->service, &r->call, &err), 0);
    assert_int_equal(made, from_commits);
    assert_string_equal(buf_string(&notes), expected);
    buf_clear(&notes);
    history_clear(&h);
}

static void test_notes(void **state)
{
    struct room *r = *state;
    static char none[] = "";
    expect_notes(r, "v1.0.0", false, "### Added\n\n- Everything\n");
    expect_notes(r, NULL, false, "### Added\n\n- Live odds, by hand\n");
    r->service.changelog = none;
    expect_notes(r, NULL, true, "### Added\n\n- Stream live odds (#412)\n\n### Fixed\n\n- Retry the score feed\n");
    repository_commit(&r->repo, "bad.c", "x\n", "fix: a \x1b[31mred\xe2\x80\xae trap");
    expect_notes(r, NULL, true,
                 "### Added\n\n- Stream live odds (#412)\n\n### Fixed\n\n- Retry the score feed\n"
                 "- A \\x1b[31mred\\u{202e} trap\n");
}

static void test_no_version_yet(void **state)
{
    struct room *r = *state;
    struct history h;
    repository_git(&r->repo, "tag", "-d", "v1.0.0", NULL);
    load(&h, r);
    assert_int_equal(h.count, 0);
    assert_int_equal(h.current, -1);
    assert_int_equal(h.since.count, 4);
    assert_string_equal(h.suggestion, "0.1.0");
    history_clear(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_versions_in_order),
        ROOM_TEST(test_current_on_an_old_line),
        ROOM_TEST(test_since),
        ROOM_TEST(test_only_its_path),
        ROOM_TEST(test_marks),
        ROOM_TEST(test_notes),
        ROOM_TEST(test_no_version_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
