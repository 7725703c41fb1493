/*
 * The console as a person meets it: the real binary in a real terminal on a real repository. Opening, moving, a whole
 * release by keys to a bare remote, leaving in the middle and coming back, taking back, read-only.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/pty.h"
#include "tests/support/repository.h"

static const char *binary(void)
{
    const char *given = getenv("SIGNALBOX");
    static char path[4096];
    if (!realpath(given && *given ? given : "build/asan/signalbox", path))
        fail_msg("no binary at %s", given ? given : "build/asan/signalbox");
    return path;
}

static struct pty *console_start(const struct repository *r, const char *option, int rows, int cols)
{
    const char *const argv[] = {binary(), option, NULL};
    const char *const env[] = {"TZ=UTC", NULL};
    return pty_start(
        &(struct pty_options){.argv = argv, .env = env, .directory = r->path, .rows = rows, .cols = cols});
}

/* 1.0.0 and 1.1.0 released, a feature and a fix since, a changelog, a bare remote. */
static void sample(struct repository *r)
{
    repository_new(r);
    repository_commit(
        r, "CHANGELOG.md",
        "# Changelog\n\n## [Unreleased]\n\n## [1.1.0] - 2026-01-01\n\n### Added\n\n- Odds for everybody\n",
        "feat: begin");
    repository_tag(r, "v1.0.0", "1.0.0");
    repository_commit(r, "a.txt", "1\n", "feat: odds");
    repository_tag(r, "v1.1.0", "1.1.0");
    repository_tag(r, "nightly", NULL);
    repository_bare_remote(r);
    repository_commit(r, "a.txt", "2\n", "feat(match): lineups in the match view");
    repository_commit(r, "b.txt", "1\n", "fix: crash \x1b[31mwithout\x1b[0m a logo");
}

static void quit(struct pty *pty)
{
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_open_move_filter_quit(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL, 24, 80);
    pty_expect(pty, "Unreleased");
    pty_expect(pty, "→ 1.2.0");
    pty_expect(pty, "at 1.1.0");
    pty_type(pty, "j");
    pty_expect(pty, "Odds for everybody");
    pty_type(pty, "\t");
    pty_expect(pty, "since v1.0.0");
    pty_type(pty, "\t/1.0.0");
    pty_expect(pty, "1 match");
    pty_expect_gone(pty, "v1.1.0");
    pty_type(pty, "\r");
    pty_type(pty, "\x1b");
    pty_expect(pty, "v1.1.0");
    pty_type(pty, "f");
    pty_expect(pty, "does not match v*");
    pty_type(pty, "\x1b");
    pty_expect_gone(pty, "does not match v*");
    pty_type(pty, "?");
    pty_expect(pty, "keys and commands");
    pty_type(pty, "\x1b");
    pty_expect_gone(pty, "keys and commands");
    pty_type(pty, ":activi\r");
    pty_expect(pty, "Nothing has been done here yet");
    /* A stray sequence is no key. */
    pty_type(pty, "\x1b[200;5;9zq\x1b[?1;2c");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_assert_given_back(pty);
    pty_stop(pty);
    repository_free(&r);
}

static void test_a_whole_release(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL, 24, 80);
    pty_expect(pty, "→ 1.2.0");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "Lineups in the match view");
    pty_type(pty, "\r");
    pty_expect(pty, "What it will do");
    pty_expect(pty, "pushes main and v1.2.0 to origin");
    /* The remote is asked; only its answer lets one go on at once. */
    pty_settle(pty, 400);
    pty_type(pty, "A");
    pty_expect(pty, "do all of it");
    pty_expect(pty, "Nothing else.");
    pty_settle(pty, 300);
    pty_type(pty, "y");
    pty_expect(pty, "RELEASED");
    pty_expect(pty, "at 1.2.0");
    pty_type(pty, "2");
    pty_expect(pty, "chain whole");
    pty_expect(pty, "pushes main and v1.2.0");
    quit(pty);
    char *remote = repository_output_in(r.remote, "rev-parse", "v1.2.0^{commit}", NULL);
    char *local = repository_output(&r, "rev-parse", "main", NULL);
    assert_string_equal(remote, local);
    free(remote);
    free(local);
    repository_free(&r);
}

static void test_left_in_the_middle(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL, 24, 80);
    pty_expect(pty, "→ 1.2.0");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "Lineups in the match view");
    /* Edited in place: the person's own words are what is released. */
    pty_type(pty, "e");
    pty_expect(pty, "editing the section");
    pty_type(pty, "- By hand\n");
    pty_type(pty, "\x1b");
    pty_expect_gone(pty, "editing the section");
    pty_expect(pty, "edited");
    pty_type(pty, "\r");
    pty_expect(pty, "What it will do");
    pty_settle(pty, 400);
    pty_type(pty, "\r");
    pty_expect(pty, "do this step");
    pty_settle(pty, 300);
    pty_type(pty, "y");
    pty_expect(pty, "run r-0001");
    pty_expect(pty, "1 of 4");
    quit(pty);
    char *changelog = repository_read(&r, "CHANGELOG.md");
    assert_non_null(strstr(changelog, "By hand"));
    assert_non_null(strstr(changelog, "[1.2.0]"));
    free(changelog);

    /* The next start shows it and offers both ways; here it is taken back. */
    pty = console_start(&r, NULL, 24, 80);
    pty_expect(pty, "stands at 1 of 4");
    pty_type(pty, "u");
    pty_expect(pty, "What it will take back");
    pty_type(pty, "\r");
    pty_expect(pty, "Take back 1.2.0");
    pty_settle(pty, 300);
    pty_type(pty, "y");
    pty_expect(pty, "TAKEN BACK");
    quit(pty);
    changelog = repository_read(&r, "CHANGELOG.md");
    assert_null(strstr(changelog, "1.2.0"));
    free(changelog);
    repository_free(&r);
}

static void test_read_only_and_held_keys(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, "--read-only", 24, 80);
    pty_expect(pty, "READ-ONLY");
    pty_expect(pty, "→ 1.2.0");
    pty_type(pty, "n");
    pty_expect(pty, "Nothing can be released");
    quit(pty);

    pty = console_start(&r, NULL, 24, 80);
    pty_expect(pty, "→ 1.2.0");
    pty_type(pty, "n\r");
    pty_expect(pty, "Lineups in the match view");
    pty_type(pty, "\r");
    pty_expect(pty, "What it will do");
    pty_settle(pty, 400);
    /* A key held down opens the question and answers nothing. */
    pty_type(pty, "\r\r\r\r\r\r\r\r");
    pty_expect(pty, "esc forget it");
    pty_type(pty, "AAAAAAAA");
    pty_settle(pty, 1000);
    assert_false(pty_has(pty, "RELEASED"));
    char *tags = repository_output(&r, "tag", "-l", "v1.2.0", NULL);
    assert_string_equal(tags, "");
    free(tags);
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);
    repository_free(&r);
}

static void test_repository_changes_meanwhile(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL, 30, 100);
    pty_expect(pty, "→ 1.2.0");
    repository_commit(&r, "c.txt", "1\n", "feat!: everything is new");
    pty_expect(pty, "→ 2.0.0");
    repository_tag(&r, "v2.0.0", "2.0.0");
    pty_expect(pty, "at 2.0.0");
    pty_resize(pty, 10, 30);
    pty_expect(pty, "40 columns");
    pty_resize(pty, 24, 80);
    pty_expect(pty, "v2.0.0");
    quit(pty);
    repository_free(&r);
}

/* A mistake in colours or keys is told, and shuts nobody out. */
static void test_wrong_colours_and_keys(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"theme = nope", "There is no theme \"nope\""},
                                           {"keys = \"console.quit=f99\"", "which is none"}};
    struct repository r;
    sample(&r);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
        char file[128];
        snprintf(file, sizeof(file), "[ui]\n\t%s\n", wrong[i][0]);
        repository_write(&r, ".git/signalbox", file);
        struct pty *pty = console_start(&r, NULL, 24, 120);
        pty_expect(pty, wrong[i][1]);
        pty_expect(pty, "1.2.0");
        quit(pty);
    }
    repository_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_move_filter_quit),        cmocka_unit_test(test_a_whole_release),
        cmocka_unit_test(test_left_in_the_middle),           cmocka_unit_test(test_read_only_and_held_keys),
        cmocka_unit_test(test_repository_changes_meanwhile), cmocka_unit_test(test_wrong_colours_and_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
