/* What holds for every command: help, mistakes, JSON, exit codes, and a standard output that does not take it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "command/command.h"
#include "tests/support/command.h"

static struct repository repository;
static struct ran ran;

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    repository_commit(&repository, "a.txt", "one\n", "feat: one");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "two\n", "fix: two");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    return 0;
}

static void help_tells_of_every_command(void **state)
{
    (void)state;
    command_run(&ran, &repository, "help", NULL);
    ran_expect(&ran, 0);
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        char usage[160];
        const struct command *command = &commands[i];
        if (!command->group)
            continue;
        command_usage(usage, sizeof(usage), command);
        assert_int_equal(strstr(ran.out, usage) == NULL, command->hidden);
    }
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        if (!command->group)
            continue;
        struct ran one = {0};
        command_run(&one, &repository, command->group, command->verb ? command->verb : "--help", "--help", NULL);
        ran_expect(&one, 0);
        assert_non_null(strstr(one.out, command->summary));
        ran_clear(&one);
    }
    command_run(&ran, &repository, "help", "nonsense", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "help", "release", "--json", NULL);
    json_t *json = ran_json(&ran);
    assert_int_equal(json_array_size(json_object_get(json, "commands")), 5);
    json_decref(json);
}

static void mistakes_are_told_with_advice(void **state)
{
    (void)state;
    command_run(&ran, &repository, "relase", "create", NULL);
    ran_expect(&ran, 2);
    assert_string_equal(ran.out, "");
    assert_non_null(strstr(ran.err, "Did you mean `signalbox release`?"));
    command_run(&ran, &repository, "version", "list", "--wrong", "--json", NULL);
    ran_expect(&ran, 2);
    json_t *json = ran_json_error(&ran), *error = json_object_get(json, "error");
    assert_string_equal(json_string_value(json_object_get(error, "kind")), "invalid");
    assert_int_equal(json_integer_value(json_object_get(error, "code")), 2);
    json_decref(json);
}

/* Everything that only reads gives one JSON object, and makes no state. */
static void json_everywhere(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "version list",
        "version current",
        "version next",
        "changelog show",
        "changelog show 1.0.0",
        "release list",
        "config list",
        "config get release.mode",
        "config check",
        "status",
        "audit log",
        "audit verify",
        "help",
        "init --dry-run",
        "trust --revoke",
        "--version",
        "",
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char line[128];
        snprintf(line, sizeof(line), "\"$SIGNALBOX\" --json %s", lines[i]);
        command_shell(&ran, &repository, line);
        ran_expect(&ran, 0);
        json_decref(ran_json(&ran));
        assert_string_equal(ran.err, "");
    }
    char *state_home = getenv("XDG_STATE_HOME");
    char find[512];
    snprintf(find, sizeof(find), "find '%s' -name 'store.db*' 2>/dev/null; exit 0",
             state_home ? state_home : "/nonexistent");
    command_shell(&ran, &repository, find);
    assert_string_equal(ran.out, "");
}

static void without_a_terminal_the_status_is_printed(void **state)
{
    (void)state;
    command_run(&ran, &repository, NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "current  1.0.0"));
    assert_non_null(strstr(ran.out, "next     1.0.1"));
}

static void output_that_cannot_be_written_is_a_failure(void **state)
{
    (void)state;
    command_shell(&ran, &repository, "\"$SIGNALBOX\" version list >/dev/full");
    ran_expect(&ran, 1);
    assert_non_null(strstr(ran.err, "No space left"));
    command_shell(&ran, &repository, "\"$SIGNALBOX\" --json config list >/dev/full");
    ran_expect(&ran, 1);
    command_shell(&ran, &repository, "\"$SIGNALBOX\" version list >&-");
    ran_expect(&ran, 1);
}

static void a_reader_that_went_away_is_none(void **state)
{
    (void)state;
    /* The writer's status, told through standard error, since the pipe's is that of its reader. */
    command_shell(&ran, &repository, "{ sleep 0.2; \"$SIGNALBOX\" help; echo \"status $?\" >&2; } | true");
    assert_string_equal(ran.err, "status 0\n");
}

static void read_only_refuses_what_changes(void **state)
{
    (void)state;
    static const char *const lines[] = {"release create --yes",   "version bump minor --yes", "init",
                                        "config set ui.mouse no", "changelog add fixed x",    "trust --yes",
                                        "release undo --yes"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        char line[128];
        snprintf(line, sizeof(line), "\"$SIGNALBOX\" --read-only %s", lines[i]);
        command_shell(&ran, &repository, line);
        ran_expect(&ran, 6);
    }
    command_run(&ran, &repository, "--read-only", "version", "list", NULL);
    ran_expect(&ran, 0);
    char *status = repository_output(&repository, "status", "--porcelain", NULL);
    assert_string_equal(status, "");
    free(status);
}

static void elsewhere_and_nowhere(void **state)
{
    (void)state;
    command_shell(&ran, &repository, "cd / && \"$SIGNALBOX\" version current");
    ran_expect(&ran, 3);
    assert_non_null(strstr(ran.err, "-C DIR"));
    command_shell(&ran, &repository, "d=$PWD && cd / && \"$SIGNALBOX\" -C \"$d\" version current");
    ran_expect(&ran, 0);
    assert_string_equal(ran.out, "1.0.0\n");
    command_run(&ran, &repository, "-C", "no/such", "status", NULL);
    ran_expect(&ran, 3);
    command_run(&ran, &repository, "--service", "none", "status", NULL);
    ran_expect(&ran, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(help_tells_of_every_command, setup, teardown),
        cmocka_unit_test_setup_teardown(mistakes_are_told_with_advice, setup, teardown),
        cmocka_unit_test_setup_teardown(json_everywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_terminal_the_status_is_printed, setup, teardown),
        cmocka_unit_test_setup_teardown(output_that_cannot_be_written_is_a_failure, setup, teardown),
        cmocka_unit_test_setup_teardown(a_reader_that_went_away_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(read_only_refuses_what_changes, setup, teardown),
        cmocka_unit_test_setup_teardown(elsewhere_and_nowhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
