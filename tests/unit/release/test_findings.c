/* Each odd repository: refused before harm, or handled; and the proposal itself. */
#include <unistd.h>

#include "tests/unit/release/room.h"

static const struct release_options nothing_said = {0};

static void expect(struct room *r, struct release_options options, enum finding_level level, const char *code)
{
    struct release_proposal proposal;
    CLEANUP(free_string) char *before = room_snapshot(r, true);
    room_propose(&proposal, r, options);
    const struct release_finding *found = room_finding(&proposal, code);
    if (!found)
        fail_msg("nothing was found of \"%s\"", code);
    assert_int_equal(found->level, level);
    assert_true(found->what.len > 0);
    if (level == FINDING_REFUSE) {
        assert_true(found->todo.len > 0);
        assert_false(release_proposal_ready(&proposal));
        struct run_info info;
        struct error err;
        assert_int_equal(release_begin(&info, &r->desk, &proposal, "", &r->call, &err), -1);
        assert_int_equal(err.kind, ERROR_REFUSED);
    }
    release_proposal_clear(&proposal);
    assert_output(room_snapshot(r, true), before);
}

static void refuse(struct room *r, const char *code)
{
    expect(r, nothing_said, FINDING_REFUSE, code);
}

static void test_dirty(void **state)
{
    struct room *r = *state;
    repository_write(&r->repo, "new.txt", "not tracked\n");
    expect(r, nothing_said, FINDING_NOTE, "untracked");
    repository_write(&r->repo, "odds.c", "changed\n");
    refuse(r, "dirty");
    repository_git(&r->repo, "add", "odds.c", NULL);
    refuse(r, "dirty");
    expect(r, (struct release_options){.has_mode = true, .mode = RELEASE_TAG_ONLY}, FINDING_WARN, "dirty");
}

/* Under Unreleased, uncommitted lines are the release's; elsewhere they are in the way. */
static void test_carried(void **state)
{
    static const char more[] = "# Changelog\n\n## [Unreleased]\n\n### Fixed\n\n- New\n\n## [1.0.0] - 2026-01-01\n\n"
                               "### Added\n\n- Everything\n";
    struct room *r = *state;
    struct release_proposal proposal;
    repository_write(&r->repo, "CHANGELOG.md", more);
    room_propose(&proposal, r, nothing_said);
    room_ready(&proposal);
    assert_non_null(room_finding(&proposal, "carried"));
    assert_non_null(strstr(proposal.plan.files[0].new_bytes, "## [1.1.0] - 2027-01-01\n\n### Fixed\n\n- New\n"));
    assert_string_equal(proposal.plan.files[0].old_bytes, more);
    assert_string_equal(proposal.plan.files[0].base_bytes, ROOM_CHANGELOG);
    release_proposal_clear(&proposal);

    repository_write(&r->repo, "odds.c", "changed\n");
    refuse(r, "dirty");
    repository_git(&r->repo, "restore", "odds.c", NULL);
    repository_git(&r->repo, "add", "CHANGELOG.md", NULL);
    expect(r, nothing_said, FINDING_NOTE, "carried");
    repository_write(&r->repo, "CHANGELOG.md", ROOM_CHANGELOG);
    refuse(r, "dirty"); /* one state staged, another one standing */
    repository_git(&r->repo, "reset", "--quiet", NULL);
    repository_write(&r->repo, "CHANGELOG.md", ROOM_CHANGELOG "- A line in what is released\n");
    refuse(r, "dirty");
}

static void test_detached(void **state)
{
    struct room *r = *state;
    repository_git(&r->repo, "config", "advice.detachedHead", "false", NULL);
    struct release_proposal proposal;
    repository_git(&r->repo, "checkout", "--quiet", "--detach", NULL);
    room_propose(&proposal, r, nothing_said);
    assert_non_null(room_finding(&proposal, "detached"));
    struct release_steps steps;
    struct error err;
    assert_int_equal(release_preview(&steps, &proposal.plan, &err), 0);
    for (size_t i = 0; i < steps.count; i++) {
        CLEANUP(free_string) char *words = mem_bytes(steps.items[i].words.safe, steps.items[i].words.len);
        assert_null(strstr(words, "  ")); /* a name that is not there leaves no hole */
    }
    release_steps_clear(&steps);
    assert_false(release_proposal_ready(&proposal));
    release_proposal_clear(&proposal);
}

static void test_tags_and_versions(void **state)
{
    struct room *r = *state;
    expect(r, (struct release_options){.wanted = "1.0.0"}, FINDING_REFUSE, "version-taken");
    expect(r, (struct release_options){.wanted = "0.9.0"}, FINDING_REFUSE, "version-lower");
    repository_git_in(r->repo.remote, "tag", "v1.1.0", "main", NULL);
    refuse(r, "tag-exists-remote");
    /* A tag of the name that is on no commit is no version, and yet in the way. */
    repository_git(&r->repo, "tag", "v1.2.0", "HEAD^{tree}", NULL);
    expect(r, (struct release_options){.wanted = "1.2.0"}, FINDING_REFUSE, "tag-exists");
}

static void test_remotes(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *other = path_join(r->repo.sandbox, "other");
    repository_git(&r->repo, "clone", "--quiet", r->repo.remote, other, NULL);
    repository_git_in(other, "commit", "--quiet", "--allow-empty", "-m", "feat: theirs", NULL);
    repository_git_in(other, "push", "--quiet", "origin", "main", NULL);
    refuse(r, "behind");
    expect(r, (struct release_options){.offline = true}, FINDING_WARN, "offline");
    repository_git(&r->repo, "fetch", "--quiet", "origin", NULL);
    refuse(r, "behind");
    repository_commit(&r->repo, "ours.c", "ours\n", "feat: ours");
    refuse(r, "diverged");
    repository_git(&r->repo, "remote", "set-url", "origin", "/nowhere/at/all.git", NULL);
    struct release_proposal proposal;
    room_propose(&proposal, r, nothing_said);
    assert_true(proposal.findings.refusals > 0);
    release_proposal_clear(&proposal);
    repository_git(&r->repo, "remote", "remove", "origin", NULL);
    refuse(r, "remote-missing");
    room_propose(&proposal, r, (struct release_options){.no_push = true});
    room_ready(&proposal);
    release_proposal_clear(&proposal);
}

static void test_unpushed(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    repository_commit(&r->repo, "ours.c", "ours\n", "feat: ours");
    expect(r, (struct release_options){.has_mode = true, .mode = RELEASE_TAG_ONLY}, FINDING_REFUSE, "unpushed");
    expect(r, (struct release_options){.has_mode = true, .mode = RELEASE_PULL_REQUEST}, FINDING_WARN, "unpushed");
    room_propose(&proposal, r, nothing_said);
    room_ready(&proposal);
    release_proposal_clear(&proposal);
}

static void test_candidate_in_the_way(void **state)
{
    struct room *r = *state;
    struct release_options options = {.has_mode = true, .mode = RELEASE_PULL_REQUEST};
    repository_git(&r->repo, "branch", "release/1.1.0", NULL);
    expect(r, options, FINDING_REFUSE, "candidate-exists");
    repository_git(&r->repo, "branch", "-m", "release/1.1.0", "release", NULL);
    expect(r, options, FINDING_REFUSE, "candidate-exists");
}

static void test_identity(void **state)
{
    struct room *r = *state;
    repository_git(&r->repo, "config", "user.useConfigOnly", "true", NULL);
    repository_git(&r->repo, "config", "--global", "--unset", "user.email", NULL);
    refuse(r, "identity");
}

/* Before anything is written, not when the commit is to be signed. */
static void test_signing_key(void **state)
{
    struct room *r = *state;
    repository_git(&r->repo, "config", "commit.gpgSign", "true", NULL);
    repository_git(&r->repo, "config", "gpg.format", "ssh", NULL);
    refuse(r, "signing");
    repository_git(&r->repo, "config", "user.signingKey", "~/no-such-key.pub", NULL);
    refuse(r, "signing");
    repository_git(&r->repo, "config", "gpg.format", "openpgp", NULL);
    repository_git(&r->repo, "config", "gpg.program", "no-such-gpg", NULL);
    refuse(r, "signing");
    repository_git(&r->repo, "config", "commit.gpgSign", "false", NULL);
    struct release_proposal proposal;
    room_propose(&proposal, r, nothing_said);
    room_ready(&proposal);
    release_proposal_clear(&proposal);
}

static void test_operation(void **state)
{
    struct room *r = *state;
    repository_git(&r->repo, "switch", "--quiet", "-c", "side", "HEAD^", NULL);
    repository_commit(&r->repo, "side.c", "side\n", "feat: side");
    repository_git(&r->repo, "switch", "--quiet", "main", NULL);
    repository_git(&r->repo, "merge", "--quiet", "--no-ff", "--no-commit", "side", NULL);
    refuse(r, "operation");
}

static void test_empty_and_bare(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    struct error err;
    CLEANUP(free_string) char *empty = path_join(r->repo.sandbox, "empty");
    repository_git(&r->repo, "init", "--quiet", empty, NULL);
    struct source own = r->desk.source;
    assert_int_equal(git_source_open(&r->desk.source, empty, &r->call, &err), 0);
    room_propose(&proposal, r, nothing_said);
    assert_non_null(room_finding(&proposal, "no-commit"));
    assert_false(release_proposal_ready(&proposal));
    release_proposal_clear(&proposal);
    r->desk.source.ops->close(r->desk.source.self);
    assert_int_equal(git_source_open(&r->desk.source, r->repo.remote, &r->call, &err), 0);
    room_propose(&proposal, r, nothing_said);
    assert_non_null(room_finding(&proposal, "bare"));
    assert_false(release_proposal_ready(&proposal));
    release_proposal_clear(&proposal);
    r->desk.source.ops->close(r->desk.source.self);
    r->desk.source = own;
}

static void test_shallow(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    struct error err;
    CLEANUP(free_string) char *path = path_join(r->repo.sandbox, "shallow");
    CLEANUP(buf_clear) struct buf url = {0};
    buf_addf(&url, "file://%s", r->repo.remote);
    repository_git(&r->repo, "clone", "--quiet", "--depth=1", url.bytes, path, NULL);
    struct source own = r->desk.source;
    assert_int_equal(git_source_open(&r->desk.source, path, &r->call, &err), 0);
    room_propose(&proposal, r, nothing_said);
    assert_non_null(room_finding(&proposal, "shallow"));
    assert_false(proposal.has_plan); /* it would be the first version, which it is not */
    assert_false(release_proposal_ready(&proposal));
    release_proposal_clear(&proposal);
    r->desk.source.ops->close(r->desk.source.self);
    r->desk.source = own;
}

static void test_sparse(void **state)
{
    struct room *r = *state;
    static char inside[] = "apps/api/package.json";
    repository_commit(&r->repo, inside, ROOM_PACKAGE, "chore: a monorepo");
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    repository_git(&r->repo, "sparse-checkout", "set", "docs", NULL);
    struct release_proposal proposal;
    room_propose(&proposal, r, nothing_said); /* what is written lies within */
    room_ready(&proposal);
    release_proposal_clear(&proposal);
    r->version_files[0] = inside;
    refuse(r, "sparse");
}

static void test_files_in_the_way(void **state)
{
    struct room *r = *state;
    static char link[] = "link/package.json", outside[] = "../outside/package.json", deep[] = "none/CHANGELOG.md";
    CLEANUP(free_string) char *outside_path = path_join(r->repo.path, "link");
    assert_int_equal(symlink(r->repo.sandbox, outside_path), 0);
    repository_git(&r->repo, "add", "link", NULL);
    repository_git(&r->repo, "commit", "--quiet", "-m", "chore: link", NULL);
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    char *own = r->version_files[0];
    r->version_files[0] = link;
    refuse(r, "file-blocked");
    r->version_files[0] = outside;
    refuse(r, "file-blocked");
    r->version_files[0] = own;
    char *changelog = r->service.changelog;
    r->service.changelog = deep;
    refuse(r, "file-blocked");
    static char fresh[] = "CHANGES.md";
    r->service.changelog = fresh;
    repository_write(&r->repo, fresh, "# not committed\n");
    refuse(r, "untracked");
    r->service.changelog = changelog;
}

static void test_not_understood(void **state)
{
    struct room *r = *state;
    repository_commit(&r->repo, "CHANGELOG.md", "# Changelog\n\n```\nnever closed\n", "docs: broken");
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    refuse(r, "changelog");
    repository_commit(&r->repo, "CHANGELOG.md", ROOM_CHANGELOG, "docs: mended");
    repository_commit(&r->repo, "package.json", "{\"version\": }\n", "chore: broken");
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    refuse(r, "version-file");
    repository_commit(&r->repo, "package.json", "{\"name\": \"\xff\", \"version\": \"1.0.0\"}\n", "chore: bytes");
    repository_git(&r->repo, "push", "--quiet", "origin", "main", NULL);
    refuse(r, "version-file");
}

static void test_nothing_new(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, nothing_said);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    expect(r, nothing_said, FINDING_WARN, "empty");
}

/* ---- the proposal ---- */

static void test_offers(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    room_propose(&proposal, r, nothing_said);
    assert_int_equal(proposal.offer_count, 2);
    assert_string_equal(proposal.offers[0].entry, "- Stream live odds (#412)");
    assert_non_null(room_finding(&proposal, "unmentioned"));
    assert_string_equal(proposal.offers[0].category, "Added");
    assert_false(proposal.offers[0].taken); /* somebody wrote an entry by hand */
    assert_string_equal(proposal.section, "### Added\n\n- Live odds, by hand");
    release_proposal_clear(&proposal);

    room_propose(&proposal, r, (struct release_options){.entries = RELEASE_ENTRIES_ALL});
    assert_null(room_finding(&proposal, "unmentioned"));
    assert_true(proposal.offers[1].taken);
    assert_non_null(strstr(proposal.plan.files[0].new_bytes, "- Retry the score feed"));
    assert_non_null(strstr(proposal.plan.files[0].new_bytes, "- Live odds, by hand"));
    release_proposal_clear(&proposal);

    /* Mentioned by its number, it is not offered again. */
    repository_commit(&r->repo, "CHANGELOG.md",
                      "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Odds (#412)\n\n## [1.0.0] - 2026-01-01\n",
                      "docs: changelog");
    room_propose(&proposal, r, nothing_said);
    assert_int_equal(proposal.offer_count, 2);
    assert_string_equal(proposal.offers[0].entry, "- Retry the score feed");
    assert_string_equal(proposal.offers[1].words, "Changelog");
    assert_true(proposal.offers[1].quiet);
    release_proposal_clear(&proposal);
}

/* What a footer says of a break is what people need to read; and what asks for no entry is offered last, not taken. */
static void test_offers_of_all_kinds(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    repository_commit(&r->repo, "CHANGELOG.md", "# Changelog\n\n## [1.0.0] - 2026-01-01\n", "docs: changelog");
    repository_commit(&r->repo, "plain.c", "x\n", "Tidy the shelves");
    repository_commit(&r->repo, "api.c", "x\n",
                      "feat: drop the old feed.\n\nBody.\n\nBREAKING CHANGE: clients read\n /v2/feed now\n");
    repository_commit(&r->repo, "api.h", "x\n", "fix!: no more names");
    room_propose(&proposal, r, nothing_said);
    assert_int_equal(proposal.offer_count, 6);
    assert_string_equal(proposal.offers[2].entry, "- **Breaking:** Drop the old feed. Clients read /v2/feed now");
    assert_string_equal(proposal.offers[2].words, "Breaking: Drop the old feed. Clients read /v2/feed now");
    assert_string_equal(proposal.offers[3].entry, "- **Breaking:** No more names");
    assert_string_equal(proposal.offers[4].words, "Changelog");
    assert_string_equal(proposal.offers[5].words, "Tidy the shelves");
    for (size_t i = 0; i < proposal.offer_count; i++) {
        assert_int_equal(proposal.offers[i].quiet, i > 3);
        assert_int_equal(proposal.offers[i].taken, i <= 3);
    }
    const char *bytes = proposal.plan.files[0].new_bytes;
    assert_non_null(strstr(bytes, "\n- **Breaking:** Drop the old feed. Clients read /v2/feed now\n"));
    assert_null(strstr(bytes, "Tidy"));
    release_proposal_clear(&proposal);
}

static void test_edited_section(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    room_propose(&proposal, r, (struct release_options){.section = "\n### Fixed\n\n- As the person says\n\n"});
    room_ready(&proposal);
    assert_string_equal(proposal.plan.files[0].new_bytes,
                        "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2027-01-01\n\n### Fixed\n\n"
                        "- As the person says\n\n## [1.0.0] - 2026-01-01\n\n### Added\n\n- Everything\n");
    assert_string_equal(proposal.plan.tag_message, "v1.1.0\n\nFixed:\n\n- As the person says");
    release_proposal_clear(&proposal);
    expect(r, (struct release_options){.section = "## [9.9.9] - 2027-01-01\n"}, FINDING_REFUSE, "changelog");
}

static void expect_version(struct room *r, const char *wanted, const char *version)
{
    struct release_proposal proposal;
    room_propose(&proposal, r, (struct release_options){.wanted = wanted});
    assert_true(proposal.has_plan);
    assert_string_equal(proposal.plan.version, version);
    release_proposal_clear(&proposal);
}

static void test_wanted(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    struct release_options options = {.wanted = "1.2", .now_ms = 1};
    struct error err;
    expect_version(r, NULL, "1.1.0");
    expect_version(r, "suggested", "1.1.0");
    expect_version(r, "patch", "1.0.1");
    expect_version(r, "major", "2.0.0");
    expect_version(r, "v1.5.0", "1.5.0");
    expect_version(r, "prerelease", "1.1.0-rc.1");
    assert_int_equal(release_prepare(&proposal, &r->desk, &options, &r->call, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    repository_tag(&r->repo, "v1.1.0-rc.1", "candidate");
    expect_version(r, "prerelease", "1.1.0-rc.2");
    expect_version(r, "finalize", "1.1.0");
    expect_version(r, NULL, "1.1.0");
}

/* A pre-release leaves the changelog's entries for the release itself. */
static void test_prerelease(void **state)
{
    struct room *r = *state;
    CLEANUP(free_string) char *id = room_begin(r, (struct release_options){.wanted = "prerelease", .pre_id = "beta"});
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    assert_file(r, "CHANGELOG.md", ROOM_CHANGELOG);
    assert_file(r, "package.json", "{\n  \"name\": \"api\",\n  \"version\": \"1.1.0-beta.1\"\n}\n");
    assert_output(repository_output(&r->repo, "tag", "-l", "--format=%(contents)", "v1.1.0-beta.1", NULL),
                  "v1.1.0-beta.1\n\nAdded:\n\n- Live odds, by hand");
}

/* From the tag that is live, while main has gone on. */
static void test_hotfix(void **state)
{
    struct room *r = *state;
    struct release_proposal proposal;
    CLEANUP(free_string) char *id = room_begin(r, nothing_said);
    assert_int_equal(room_drive(r, id), RUN_FINISHED);
    expect(r, (struct release_options){.from = "v1.0.0"}, FINDING_REFUSE, "hotfix-line");
    room_propose(&proposal, r, (struct release_options){.from = "v1.0.0"});
    const struct release_finding *finding = room_finding(&proposal, "hotfix-line");
    CLEANUP(free_string) char *todo = mem_bytes(finding->todo.safe, finding->todo.len);
    assert_non_null(strstr(todo, "git switch -c hotfix/1.0.1 v1.0.0"));
    release_proposal_clear(&proposal);

    repository_git(&r->repo, "switch", "--quiet", "-c", "hotfix/1.0.1", "v1.0.0", NULL);
    repository_commit(&r->repo, "fix.c", "fix\n", "fix: at night");
    CLEANUP(free_string) char *hotfix = room_begin(r, (struct release_options){.from = "v1.0.0"});
    assert_int_equal(room_drive(r, hotfix), RUN_FINISHED);
    CLEANUP(free_string) char *head = room_rev(r, "HEAD");
    /* From the old tag again, back on main: its line has gone on, and that number is taken. */
    repository_git(&r->repo, "switch", "--quiet", "main", NULL);
    room_propose(&proposal, r, (struct release_options){.from = "v1.0.0"});
    assert_false(proposal.has_plan);
    assert_int_equal(proposal.findings.count, 1);
    CLEANUP(free_string)
    char *again = mem_bytes(proposal.findings.items[0].todo.safe, proposal.findings.items[0].todo.len);
    assert_string_equal(again,
                        "v1.0.1 is the last of its line: git switch -c hotfix/1.0.2 v1.0.1; commit the fix there; "
                        "then release with --from v1.0.1");
    release_proposal_clear(&proposal);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "v1.0.1^{commit}", NULL), head);
    assert_output(repository_output_in(r->repo.remote, "rev-parse", "hotfix/1.0.1", NULL), head);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ROOM_TEST(test_dirty),
        ROOM_TEST(test_detached),
        ROOM_TEST(test_tags_and_versions),
        ROOM_TEST(test_remotes),
        ROOM_TEST(test_unpushed),
        ROOM_TEST(test_candidate_in_the_way),
        ROOM_TEST(test_identity),
        ROOM_TEST(test_signing_key),
        ROOM_TEST(test_operation),
        ROOM_TEST(test_empty_and_bare),
        ROOM_TEST(test_shallow),
        ROOM_TEST(test_sparse),
        ROOM_TEST(test_files_in_the_way),
        ROOM_TEST(test_not_understood),
        ROOM_TEST(test_nothing_new),
        ROOM_TEST(test_offers),
        ROOM_TEST(test_edited_section),
        ROOM_TEST(test_wanted),
        ROOM_TEST(test_prerelease),
        ROOM_TEST(test_hotfix),
        ROOM_TEST(test_carried),
        ROOM_TEST(test_offers_of_all_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
