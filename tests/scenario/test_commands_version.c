/* version, changelog: what they say of a repository, hostile names included. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "base/memory.h"
#include "tests/support/command.h"

static struct repository repository;
static struct ran ran;

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    return 0;
}

static void some_versions(void)
{
    repository_commit(&repository, "a.txt", "1\n", "feat: one");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "2\n", "fix: two");
    repository_tag(&repository, "v1.0.1", NULL);
    repository_tag(&repository, "nightly-2024", NULL);
    repository_commit(&repository, "a.txt", "3\n", "feat!: three");
}

static void list_current_next(void **state)
{
    (void)state;
    some_versions();
    command_run(&ran, &repository, "version", "list", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "* 1.0.1"));
    assert_true(strstr(ran.out, "1.0.1") < strstr(ran.out, "1.0.0"));
    assert_null(strstr(ran.out, "nightly"));
    assert_non_null(strstr(ran.err, "1 tag passed over"));
    command_run(&ran, &repository, "version", "list", "--json", NULL);
    json_t *json = ran_json(&ran);
    assert_string_equal(json_string_value(json_object_get(json, "current")), "1.0.1");
    json_t *foreign = json_array_get(json_object_get(json, "foreign"), 0);
    assert_string_equal(json_string_value(json_object_get(foreign, "tag")), "nightly-2024");
    json_decref(json);
    command_run(&ran, &repository, "version", "list", "--limit", "1", NULL);
    assert_null(strstr(ran.out, "1.0.0 "));
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.0.1\n");
    command_run(&ran, &repository, "version", "next", NULL);
    assert_true(strncmp(ran.out, "2.0.0\n", 6) == 0);
    assert_non_null(strstr(ran.out, "feat!: three"));
}

static void a_yanked_version_is_marked(void **state)
{
    (void)state;
    some_versions();
    repository_commit(&repository, "CHANGELOG.md",
                      "# Changelog\n\n## [1.0.1] - 2026-01-02 [YANKED]\n\n### Fixed\n\n- Two\n",
                      "docs: 1.0.1 is yanked");
    command_run(&ran, &repository, "version", "list", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "v1.0.1  yanked\n"));
    assert_non_null(strstr(ran.out, "v1.0.0\n"));
}

static void the_status_says_which_project_and_service(void **state)
{
    (void)state;
    some_versions();
    command_shell(&ran, &repository, "git config -f .signalbox project.name sports/edge && \"$SIGNALBOX\" status");
    ran_expect(&ran, 0);
    assert_true(strncmp(ran.out, "sports/edge  ", 13) == 0);
    command_shell(&ran, &repository,
                  "git config -f .signalbox service.api.tagPattern 'api-v*' &&"
                  "git config -f .signalbox service.web.tagPattern 'web-v*' && \"$SIGNALBOX\" --service web status");
    ran_expect(&ran, 0);
    assert_true(strncmp(ran.out, "sports/edge/web  ", 17) == 0);
}

static void nothing_yet(void **state)
{
    (void)state;
    command_run(&ran, &repository, "version", "list", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "no version yet"));
    repository_commit(&repository, "a.txt", "1\n", "feat: one");
    command_run(&ran, &repository, "version", "current", NULL);
    ran_expect(&ran, 3);
    command_run(&ran, &repository, "version", "next", NULL);
    ran_expect(&ran, 0);
    assert_true(strncmp(ran.out, "0.1.0\n", 6) == 0);
    repository_tag(&repository, "v0.1.0", NULL);
    command_run(&ran, &repository, "version", "next", NULL);
    ran_expect(&ran, 3);
}

/* No byte of a stranger that a terminal would obey reaches either stream, in text or in JSON. */
static void assert_tame(const char *bytes)
{
    for (const char *c = bytes; *c; c++)
        if (((unsigned char)*c < 0x20 && *c != '\n') || *c == 0x7F)
            fail_msg("a control byte %#x came through: %s", *c, bytes);
    assert_null(strstr(bytes, "\xe2\x80\xae"));
    assert_null(strstr(bytes, "\xc2\x9b"));
}

static void strangers_words_are_shown_tame(void **state)
{
    (void)state;
    static const char *const lines[][4] = {{"version", "list"},
                                           {"version", "next"},
                                           {"status"},
                                           {"changelog", "show"},
                                           {"changelog", "show", "1.0.0"},
                                           {"version", "list", "--json"},
                                           {"version", "next", "--json"},
                                           {"release", "create", "--dry-run"},
                                           {"changelog", "show", "--json"}};
    repository_commit(&repository, "a.txt", "1\n", "feat: \x1b]0;owned\x07 one");
    repository_tag(&repository, "v1.0.0", "\x1b[31m");
    repository_tag(&repository,
                   "evil\xe2\x80\xae"
                   "gpj",
                   NULL);
    repository_git(&repository, "config", "user.name",
                   "E\x1b[2Jve \xc2\x9b"
                   "31m",
                   NULL);
    repository_commit(&repository, "b\x1b[1m.txt", "1\n", "feat: \x1b[2J\xe2\x80\xae two\r\x08 \xff");
    for (size_t i = 0; i < COUNT(lines); i++) {
        command_run(&ran, &repository, lines[i][0], lines[i][1], lines[i][2], NULL);
        assert_tame(ran.out);
        assert_tame(ran.err);
    }
    command_run(&ran, &repository, "version", "\x1b[2J", NULL);
    ran_expect(&ran, 2);
    assert_tame(ran.err);
}

static void changelog_shows_and_says_what_it_made_up(void **state)
{
    (void)state;
    some_versions();
    repository_commit(&repository, "CHANGELOG.md",
                      "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Tabs\there\n\n## [1.0.1] - 2026-01-01\n\n"
                      "### Fixed\n\n- Two\n",
                      "docs: changelog");
    command_run(&ran, &repository, "changelog", "show", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "- Tabs    here"));
    command_run(&ran, &repository, "changelog", "show", "v1.0.1", NULL);
    assert_string_equal(ran.out, "### Fixed\n\n- Two\n");
    assert_string_equal(ran.err, "");
    command_run(&ran, &repository, "changelog", "show", "1.0.0", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.err, "made from the commits"));
    command_run(&ran, &repository, "changelog", "show", "9.9.9", NULL);
    ran_expect(&ran, 3);
    command_run(&ran, &repository, "changelog", "show", "--raw", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "- Tabs\there"));
}

static void changelog_add_changes_one_place(void **state)
{
    (void)state;
    command_run(&ran, &repository, "changelog", "add", "fixed", "The", "clock", NULL);
    ran_expect(&ran, 0);
    char *text = repository_read(&repository, "CHANGELOG.md");
    assert_non_null(strstr(text, "### Fixed\n\n- The clock\n"));
    free(text);
    command_feed(&ran, &repository, "From a pipe\n", "changelog", "add", "Added", NULL);
    ran_expect(&ran, 0);
    text = repository_read(&repository, "CHANGELOG.md");
    assert_non_null(strstr(text, "- From a pipe\n"));
    assert_non_null(strstr(text, "- The clock\n"));
    command_run(&ran, &repository, "changelog", "add", "--dry-run", "removed", "x", NULL);
    ran_expect(&ran, 0);
    char *after = repository_read(&repository, "CHANGELOG.md");
    assert_string_equal(text, after);
    free(text);
    free(after);
    command_feed(&ran, &repository, "", "changelog", "add", "added", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "changelog", "add", "improved", "x", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "changelog", "check", NULL);
    ran_expect(&ran, 0);
    repository_write(&repository, "CHANGELOG.md", "# Changelog\n\n## [1.0.0] - 2026-13-45\n\n### Added\n\n- x\n");
    command_run(&ran, &repository, "changelog", "check", NULL);
    ran_expect(&ran, 1);
    assert_non_null(strstr(ran.out, "CHANGELOG.md:3: "));
    command_run(&ran, &repository, "changelog", "check", "--json", NULL);
    ran_expect(&ran, 1);
    json_decref(ran_json(&ran));
}

/* Only the heading of the version changes, by its name or by its tag; the version is marked from then on. */
static void changelog_yank_marks_one_heading(void **state)
{
    (void)state;
    static const char before[] = "# Changelog\n\n## [1.0.1] - 2026-01-01\n\n### Fixed\n\n- Two\n";
    static const char after[] = "# Changelog\n\n## [1.0.1] - 2026-01-01 [YANKED]\n\n### Fixed\n\n- Two\n";
    some_versions();
    command_run(&ran, &repository, "changelog", "yank", "1.0.1", NULL);
    ran_expect(&ran, 3);
    assert_non_null(strstr(ran.err, "changelog add"));
    repository_commit(&repository, "CHANGELOG.md", before, "docs: changelog");
    command_run(&ran, &repository, "changelog", "yank", "v1.0.1", "--dry-run", NULL);
    ran_expect(&ran, 0);
    char *text = repository_read(&repository, "CHANGELOG.md");
    assert_string_equal(text, before);
    free(text);
    command_run(&ran, &repository, "--read-only", "changelog", "yank", "1.0.1", NULL);
    ran_expect(&ran, 6);
    command_run(&ran, &repository, "changelog", "yank", "v1.0.1", "--json", NULL);
    ran_expect(&ran, 0);
    json_t *json = ran_json(&ran);
    assert_string_equal(json_string_value(json_object_get(json, "version")), "1.0.1");
    assert_true(json_is_true(json_object_get(json, "changed")));
    json_decref(json);
    text = repository_read(&repository, "CHANGELOG.md");
    assert_string_equal(text, after);
    free(text);
    command_run(&ran, &repository, "changelog", "yank", "1.0.1", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "already"));
    command_run(&ran, &repository, "changelog", "yank", "9.9.9", NULL);
    ran_expect(&ran, 3);
    assert_non_null(strstr(ran.err, "version list"));
}

/* The command line shows an entry as the release will write it, and says once that there is nothing. */
static void what_is_unreleased_is_shown_as_it_will_be_written(void **state)
{
    (void)state;
    some_versions();
    repository_commit(&repository, "z.txt", "z\n", "fix: odds and ends");
    repository_commit(&repository, "z.txt", "y\n", "feat!: ends");
    command_run(&ran, &repository, "changelog", "show", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "- Odds and ends\n"));
    assert_non_null(strstr(ran.out, "- **Breaking:** Ends\n"));
    repository_tag(&repository, "v7.0.0", NULL);
    command_run(&ran, &repository, "changelog", "show", "--json", NULL);
    ran_expect(&ran, 0);
    json_t *json = ran_json(&ran);
    assert_true(json_is_null(json_object_get(json, "notes")));
    assert_true(json_is_false(json_object_get(json, "fromCommits")));
    json_decref(json);
    command_run(&ran, &repository, "version", "next", NULL);
    ran_expect(&ran, 3);
    assert_non_null(strstr(ran.err, "There is nothing to release: no commits since v7.0.0\n"));
    assert_non_null(strstr(ran.err, "release create VERSION"));
}

/* What is not there is said with what to do. */
static void what_is_missing_is_said_with_advice(void **state)
{
    (void)state;
    static const char *const commands[] = {"changelog check", "-C /no/such/place status", "release show r-9999"};
    for (size_t i = 0; i < COUNT(commands); i++) {
        CLEANUP(buf_clear) struct buf line = {0};
        buf_addf(&line, "\"$SIGNALBOX\" release undo --json >/dev/null 2>&1; \"$SIGNALBOX\" %s --json", commands[i]);
        command_shell(&ran, &repository, line.bytes);
        ran_expect(&ran, 3);
        json_t *json = ran_json_error(&ran);
        if (!*json_string_value(json_object_get(json_object_get(json, "error"), "todo")))
            fail_msg("%s does not say what to do: %s", commands[i], ran.err);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(list_current_next, setup, teardown),
        cmocka_unit_test_setup_teardown(a_yanked_version_is_marked, setup, teardown),
        cmocka_unit_test_setup_teardown(the_status_says_which_project_and_service, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_yet, setup, teardown),
        cmocka_unit_test_setup_teardown(strangers_words_are_shown_tame, setup, teardown),
        cmocka_unit_test_setup_teardown(changelog_shows_and_says_what_it_made_up, setup, teardown),
        cmocka_unit_test_setup_teardown(changelog_add_changes_one_place, setup, teardown),
        cmocka_unit_test_setup_teardown(changelog_yank_marks_one_heading, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_unreleased_is_shown_as_it_will_be_written, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_missing_is_said_with_advice, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
