/* config, trust, init. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/command.h"
#include "tests/support/pty.h"

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

static void get_set_list(void **state)
{
    (void)state;
    command_run(&ran, &repository, "config", "get", "release.tagPattern", NULL);
    assert_string_equal(ran.out, "v*\n");
    command_run(&ran, &repository, "config", "set", "release.tagPattern", "r-*", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "config", "get", "RELEASE.tagpattern", "--json", NULL);
    json_t *json = ran_json(&ran);
    assert_string_equal(json_string_value(json_object_get(json, "value")), "r-*");
    assert_string_equal(json_string_value(json_object_get(json, "level")), "repository");
    assert_int_equal(json_integer_value(json_object_get(json, "line")), 2);
    json_decref(json);
    command_run(&ran, &repository, "config", "set", "--level", "clone", "ui.mouse", "off", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "config", "list", NULL);
    assert_non_null(strstr(ran.out, ".git/signalbox:2"));
    command_run(&ran, &repository, "config", "set", "--unset", "release.tagPattern", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "config", "set", "--unset", "release.tagPattern", NULL);
    ran_expect(&ran, 3);
    command_run(&ran, &repository, "config", "set", "release.tagPattern", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "config", "set", "release.mode", "fast", NULL);
    ran_expect(&ran, 2);
    command_run(&ran, &repository, "config", "get", "release.tagPatern", NULL);
    ran_expect(&ran, 2);
    assert_non_null(strstr(ran.err, "Did you mean release.tagPattern?"));
}

/* A configuration that is wrong stops what relies on it, and not what mends it. */
static void a_wrong_configuration_is_told_and_mended(void **state)
{
    (void)state;
    repository_write(&repository, ".signalbox", "[release]\n\tmode = fast\n\tbrnch = x\n");
    command_run(&ran, &repository, "version", "list", NULL);
    ran_expect(&ran, 2);
    assert_non_null(strstr(ran.err, ".signalbox:2: "));
    command_run(&ran, &repository, "config", "check", NULL);
    ran_expect(&ran, 1);
    assert_non_null(strstr(ran.out, ".signalbox:2: error: "));
    assert_non_null(strstr(ran.out, ".signalbox:3: error: there is no key release.brnch"));
    command_run(&ran, &repository, "config", "check", "--json", NULL);
    ran_expect(&ran, 1);
    json_t *json = ran_json(&ran);
    assert_int_equal(json_array_size(json_object_get(json, "problems")), 2);
    json_decref(json);
    command_run(&ran, &repository, "config", "set", "release.mode", "direct", NULL);
    ran_expect(&ran, 0);
}

static void trust_is_given_to_bytes(void **state)
{
    (void)state;
    command_run(&ran, &repository, "trust", "--yes", NULL);
    ran_expect(&ran, 3);
    repository_write(&repository, ".signalbox", "[release]\n\tremote = theirs\n");
    command_run(&ran, &repository, "version", "list", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.err, ".signalbox:2: release.remote does not count"));
    command_run(&ran, &repository, "trust", NULL);
    ran_expect(&ran, 6);
    command_run(&ran, &repository, "config", "get", "release.remote", NULL);
    assert_string_equal(ran.out, "\n");
    command_run(&ran, &repository, "trust", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "release.remote = theirs"));
    command_run(&ran, &repository, "config", "get", "release.remote", NULL);
    assert_string_equal(ran.out, "theirs\n");
    repository_write(&repository, ".signalbox", "[release]\n\tremote = other\n");
    command_run(&ran, &repository, "config", "get", "release.remote", NULL);
    assert_string_equal(ran.out, "\n");
    command_run(&ran, &repository, "config", "check", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "changed since it was trusted"));
}

static void trust_asks_on_a_terminal(void **state)
{
    (void)state;
    const char *named = getenv("SIGNALBOX");
    char *program = realpath(named ? named : "build/asan/signalbox", NULL);
    const char *const argv[] = {program, "trust", NULL};
    repository_write(&repository, ".signalbox", "[release]\n\tremote = theirs\n");
    struct pty_options options = {.argv = argv, .directory = repository.path, .rows = 24, .cols = 100};
    struct pty *pty = pty_start(&options);
    pty_expect(pty, "Trust this file as it is now? [y/N]");
    pty_type(pty, "\r");
    assert_int_equal(pty_wait_exit(pty), 6);
    pty_stop(pty);
    pty = pty_start(&options);
    pty_expect(pty, "[y/N]");
    pty_type(pty, "y\r");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);
    free(program);
}

static void init_writes_what_it_finds(void **state)
{
    (void)state;
    repository_commit(&repository, "package.json", "{\"name\": \"x\", \"version\": \"1.2.0\"}\n", "feat: one");
    repository_commit(&repository, "docs/CHANGELOG.md", "# Changelog\n", "docs: two");
    repository_tag(&repository, "release-1.1.0", NULL);
    repository_tag(&repository, "release-1.2.0", NULL);
    repository_tag(&repository, "2024", NULL);
    command_run(&ran, &repository, "init", "--dry-run", NULL);
    ran_expect(&ran, 0);
    assert_null(repository_read(&repository, ".signalbox"));
    command_run(&ran, &repository, "init", "--json", NULL);
    ran_expect(&ran, 0);
    json_decref(ran_json(&ran));
    command_run(&ran, &repository, "config", "get", "release.tagPattern", NULL);
    assert_string_equal(ran.out, "release-*\n");
    command_run(&ran, &repository, "config", "get", "release.versionFiles", NULL);
    assert_string_equal(ran.out, "package.json\n");
    command_run(&ran, &repository, "config", "get", "release.changelog", NULL);
    assert_string_equal(ran.out, "docs/CHANGELOG.md\n");
    command_run(&ran, &repository, "config", "check", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "version", "current", NULL);
    assert_string_equal(ran.out, "1.2.0\n");
    char *before = repository_read(&repository, ".signalbox");
    command_run(&ran, &repository, "init", NULL);
    ran_expect(&ran, 4);
    char *after = repository_read(&repository, ".signalbox");
    assert_string_equal(before, after);
    free(before);
    free(after);
}

static void init_finds_services(void **state)
{
    (void)state;
    repository_commit(&repository, "packages/api/x", "1", "feat: one");
    repository_commit(&repository, "web/x", "1", "feat: two");
    repository_tag(&repository, "api-v1.0.0", NULL);
    repository_tag(&repository, "web/v2.0.0", NULL);
    command_run(&ran, &repository, "init", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "--service", "api", "version", "current", NULL);
    assert_string_equal(ran.out, "1.0.0\n");
    command_run(&ran, &repository, "-s", "web", "version", "current", NULL);
    assert_string_equal(ran.out, "2.0.0\n");
    command_run(&ran, &repository, "config", "get", "service.api.path", NULL);
    assert_string_equal(ran.out, "packages/api\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(get_set_list, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_configuration_is_told_and_mended, setup, teardown),
        cmocka_unit_test_setup_teardown(trust_is_given_to_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(trust_asks_on_a_terminal, setup, teardown),
        cmocka_unit_test_setup_teardown(init_writes_what_it_finds, setup, teardown),
        cmocka_unit_test_setup_teardown(init_finds_services, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
