/* release, audit, and the commands that count the version up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "tests/support/command.h"
#include "tests/support/pty.h"

static struct repository repository;
static struct ran ran;

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    repository_commit(&repository, "package.json", "{\n  \"name\": \"x\",\n  \"version\": \"1.0.0\"\n}\n",
                      "feat: one");
    repository_commit(&repository, ".signalbox", "[release]\n\tversionFiles = package.json\n", "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "2\n", "feat: two");
    repository_bare_remote(&repository);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    return 0;
}

static void assert_git(const char *expected, const char *command, const char *argument)
{
    char *out = repository_output(&repository, command, argument, NULL);
    assert_string_equal(out, expected);
    free(out);
}

static void assert_remote_tags(const char *expected)
{
    char *out = repository_output_in(repository.remote, "tag", NULL);
    assert_string_equal(out, expected);
    free(out);
}

static void a_dry_run_changes_nothing(void **state)
{
    (void)state;
    command_run(&ran, &repository, "release", "create", "--dry-run", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "1.0.0 → 1.1.0"));
    assert_non_null(strstr(ran.out, "push"));
    assert_git("", "status", "--porcelain");
    assert_git("v1.0.0", "tag", "--list");
    command_run(&ran, &repository, "release", "create", "major", "--dry-run", "--json", NULL);
    ran_expect(&ran, 0);
    json_t *json = ran_json(&ran);
    assert_string_equal(json_string_value(json_object_get(json, "version")), "2.0.0");
    assert_true(json_is_true(json_object_get(json, "ready")));
    assert_int_equal(json_array_size(json_object_get(json, "plan")), 5);
    json_decref(json);
}

static void a_protected_environment_wants_a_reason(void **state)
{
    (void)state;
    repository_commit(&repository, ".signalbox",
                      "[project]\n\tenvironment = live\n[environment \"live\"]\n\tprotected = true\n"
                      "[release]\n\tversionFiles = package.json\n",
                      "chore: protect live");
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.err, "--reason"));
    assert_git("v1.0.0", "tag", "--list");
    command_run(&ran, &repository, "release", "create", "--yes", "--reason", "asked for by many", NULL);
    ran_expect(&ran, 0);
    assert_remote_tags("v1.0.0\nv1.1.0");
}

static void without_yes_nothing_is_released(void **state)
{
    (void)state;
    command_run(&ran, &repository, "release", "create", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.err, "--yes"));
    assert_git("v1.0.0", "tag", "--list");
    command_run(&ran, &repository, "release", "list", NULL);
    assert_null(strstr(ran.out, "r-0001"));
}

static void a_release_end_to_end(void **state)
{
    (void)state;
    command_run(&ran, &repository, "release", "create", "--yes", "--reason", "it is time", "--json", NULL);
    ran_expect(&ran, 0);
    json_t *json = ran_json(&ran), *run = json_object_get(json, "run");
    assert_string_equal(json_string_value(json_object_get(run, "status")), "finished");
    json_decref(json);
    assert_remote_tags("v1.0.0\nv1.1.0");
    assert_git("", "status", "--porcelain");
    char *package = repository_read(&repository, "package.json");
    assert_non_null(strstr(package, "\"version\": \"1.1.0\""));
    free(package);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.1.0\n");
    command_run(&ran, &repository, "release", "show", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "because: it is time"));
    command_run(&ran, &repository, "release", "list", "--json", NULL);
    json = ran_json(&ran);
    assert_int_equal(json_array_size(json_object_get(json, "runs")), 1);
    json_decref(json);
    command_run(&ran, &repository, "audit", "log", NULL);
    assert_non_null(strstr(ran.out, "pushes main and v1.1.0"));
    command_run(&ran, &repository, "audit", "verify", NULL);
    ran_expect(&ran, 0);
    /* It is public: it stays. */
    command_run(&ran, &repository, "release", "undo", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_remote_tags("v1.0.0\nv1.1.0");
    command_run(&ran, &repository, "release", "resume", "--yes", NULL);
    ran_expect(&ran, 3);
    command_run(&ran, &repository, "release", "show", "r-9999", NULL);
    ran_expect(&ran, 3);
}

static void what_stands_in_the_way_refuses(void **state)
{
    (void)state;
    repository_write(&repository, "a.txt", "dirty\n");
    command_run(&ran, &repository, "release", "create", "--dry-run", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.out, "refuse: "));
    /* What is in the way is said last, and once; the steps that cannot happen are a dry run's. */
    assert_non_null(strstr(strstr(ran.out, "pushes "), "refuse: "));
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_null(strstr(ran.out, "pushes "));
    assert_null(strstr(ran.out, "a.txt"));
    assert_non_null(strstr(ran.err, "a.txt"));
    command_run(&ran, &repository, "release", "create", "--yes", "--json", NULL);
    ran_expect(&ran, 6);
    assert_string_equal(ran.out, "");
    json_t *json = ran_json_error(&ran);
    assert_string_equal(json_string_value(json_object_get(json_object_get(json, "error"), "kind")), "refused");
    json_decref(json);
    assert_git("v1.0.0", "tag", "--list");
}

static void counted_up_here_and_taken_back(void **state)
{
    (void)state;
    char *before = repository_output(&repository, "rev-parse", "HEAD", NULL);
    command_run(&ran, &repository, "version", "bump", "minor", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_git("v1.0.0\nv1.1.0", "tag", "--list");
    assert_remote_tags("v1.0.0");
    command_run(&ran, &repository, "release", "undo", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_git("v1.0.0", "tag", "--list");
    assert_git(before, "rev-parse", "HEAD");
    assert_git("", "status", "--porcelain");
    free(before);
}

static void prereleases(void **state)
{
    (void)state;
    command_run(&ran, &repository, "version", "finalize", "--yes", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "version", "increment-prerelease", "--yes", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "version", "prerelease", "beta", "--yes", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.1.0-beta.1\n");
    command_run(&ran, &repository, "version", "increment-prerelease", "--yes", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.1.0-beta.2\n");
    command_run(&ran, &repository, "version", "finalize", "--yes", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.1.0\n");
    command_run(&ran, &repository, "version", "set", "v3.0.0", "--yes", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "3.0.0\n");
    command_run(&ran, &repository, "version", "set", "three", "--yes", NULL);
    ran_expect(&ran, 2);
    assert_remote_tags("v1.0.0");
}

/* A push that is refused breaks the release off; when the reason is gone it goes on where it was. */
static void resume_after_a_refused_push(void **state)
{
    (void)state;
    repository_hook(repository.remote, "update", "echo no releases today >&2\nexit 1\n");
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    assert_int_not_equal(ran.status, 0);
    assert_non_null(strstr(ran.err, "no releases today"));
    assert_remote_tags("v1.0.0");
    command_run(&ran, &repository, "status", NULL);
    assert_non_null(strstr(ran.out, "open     release 1.1.0"));
    repository_hook(repository.remote, "update", "exit 0\n");
    command_run(&ran, &repository, "release", "resume", NULL);
    ran_expect(&ran, 6);
    command_run(&ran, &repository, "release", "resume", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_remote_tags("v1.0.0\nv1.1.0");
}

/* Every hook that git would run runs: each says no once, in its own words, and going on afterwards finishes the release. */
static void hooks_are_honoured(void **state)
{
    (void)state;
    static const char *const hooks[] = {"prepare-commit-msg", "commit-msg", "pre-push"};
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    for (size_t i = 0; i < COUNT(hooks); i++) {
        struct buf script = {0};
        buf_addf(&script, "echo '%s says no' >&2\nexit 1\n", hooks[i]);
        repository_hook(git_dir, hooks[i], buf_string(&script));
        buf_clear(&script);
        command_run(&ran, &repository, "release", i ? "resume" : "create", "--yes", NULL);
        assert_int_not_equal(ran.status, 0);
        if (!strstr(ran.err, "says no"))
            fail_msg("%s was not heard: %s", hooks[i], ran.err);
        assert_remote_tags("v1.0.0");
        repository_hook(git_dir, hooks[i], "exit 0\n");
    }
    command_run(&ran, &repository, "release", "resume", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_remote_tags("v1.0.0\nv1.1.0");
}

/* A hook may change what is committed: the release goes on and says so. */
static void a_hook_that_changes_files(void **state)
{
    (void)state;
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(git_dir, "pre-commit", "echo built > built.txt\ngit add built.txt\n");
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "release", "show", NULL);
    assert_non_null(strstr(ran.out, "a hook changed the files"));
    assert_git("built", "show", "HEAD:built.txt");
    assert_remote_tags("v1.0.0\nv1.1.0");
}

/* Ctrl-C in the middle of a hook: the terminal is told how to go on, and going on finishes it. */
static void given_up_and_resumed(void **state)
{
    (void)state;
    const char *named = getenv("SIGNALBOX");
    char *program = realpath(named ? named : "build/asan/signalbox", NULL);
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(git_dir, "pre-commit", "touch ../begun\nsleep 100\n");
    const char *const argv[] = {program, "release", "create", NULL};
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 40, .cols = 120};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "Release 1.1.0 of work in local? [y/N]");
    pty_type(pty, "y\r");
    CLEANUP(free_string) char *begun = path_join(repository.sandbox, "begun");
    for (int i = 0; i < 600 && !file_exists(begun); i++)
        pty_read_for(pty, 100);
    assert_true(file_exists(begun));
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 130);
    assert_true(pty_has(pty, "signalbox release resume"));
    pty_stop(pty);
    free(program);
    assert_git("v1.0.0", "tag", "--list");
    repository_hook(git_dir, "pre-commit", "exit 0\n");
    command_run(&ran, &repository, "release", "resume", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_remote_tags("v1.0.0\nv1.1.0");
}

/* A remote that takes the connection and never says a word, by way of ssh. */
static void a_silent_remote_is_given_up(void **state)
{
    (void)state;
    command_shell(
        &ran, &repository,
        "printf '#!/bin/sh\\nexec sleep 300\\n' >\"$HOME/silent\"; chmod +x \"$HOME/silent\"\n"
        "git remote set-url origin ssh://nobody@nowhere/r.git; export GIT_SSH_COMMAND=\"$HOME/silent\"\n"
        "\"$SIGNALBOX\" release create --yes & one=$!\n"
        "\"$SIGNALBOX\" release create --yes 2>\"$HOME/said\" & two=$!\n"
        "until grep -q asking \"$HOME/said\"; do sleep 0.1; done\n"
        "kill -TERM $two; wait $two; test $? = 130 || exit 99\n"
        "grep -q 'Gave up asking origin' \"$HOME/said\" && grep -q 'Nothing was changed' \"$HOME/said\" || exit 98\n"
        "wait $one");
    ran_expect(&ran, 7);
    assert_non_null(strstr(ran.err, "asking origin for its branches and tags\n"));
    assert_non_null(strstr(ran.err, "origin does not answer"));
    assert_non_null(strstr(ran.err, "git ls-remote origin"));
    assert_remote_tags("v1.0.0");
}

static void a_detached_head_is_refused_in_whole_sentences(void **state)
{
    (void)state;
    repository_git(&repository, "checkout", "-q", "--detach", NULL);
    command_run(&ran, &repository, "release", "create", "--dry-run", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.out, "HEAD is detached"));
    assert_null(strstr(ran.out, "pushes  and"));
    assert_null(strstr(ran.out, "no branch  yet"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_dry_run_changes_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_protected_environment_wants_a_reason, setup, teardown),
        cmocka_unit_test_setup_teardown(without_yes_nothing_is_released, setup, teardown),
        cmocka_unit_test_setup_teardown(a_release_end_to_end, setup, teardown),
        cmocka_unit_test_setup_teardown(what_stands_in_the_way_refuses, setup, teardown),
        cmocka_unit_test_setup_teardown(counted_up_here_and_taken_back, setup, teardown),
        cmocka_unit_test_setup_teardown(prereleases, setup, teardown),
        cmocka_unit_test_setup_teardown(resume_after_a_refused_push, setup, teardown),
        cmocka_unit_test_setup_teardown(hooks_are_honoured, setup, teardown),
        cmocka_unit_test_setup_teardown(a_hook_that_changes_files, setup, teardown),
        cmocka_unit_test_setup_teardown(given_up_and_resumed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_silent_remote_is_given_up, setup, teardown),
        cmocka_unit_test_setup_teardown(a_detached_head_is_refused_in_whole_sentences, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
