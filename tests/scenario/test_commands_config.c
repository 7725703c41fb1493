/* config, trust, init. */
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
    repository_commit(&repository, "packages/api/package.json", "{\"version\": \"1.0.0\"}\n", "feat: one");
    repository_commit(&repository, "packages/api/app.json", "{\"expo\": {\"version\": \"1.0.0\"}}\n", "feat: app");
    repository_commit(&repository, "web/Cargo.toml", "[package]\nname = \"w\"\nversion = \"2.0.0\"\n", "feat: two");
    repository_tag(&repository, "api-v1.0.0", NULL);
    repository_tag(&repository, "web/v2.0.0", NULL);
    command_run(&ran, &repository, "init", NULL);
    ran_expect(&ran, 0);
    assert_non_null(strstr(ran.out, "1 like api-v*"));
    assert_non_null(strstr(ran.out, "1 like web/v*"));
    assert_null(strstr(ran.out, "1 tags"));
    command_run(&ran, &repository, "config", "get", "service.api.versionFiles", NULL);
    assert_string_equal(ran.out, "packages/api/package.json, packages/api/app.json\n");
    command_run(&ran, &repository, "config", "get", "service.web.versionFiles", NULL);
    assert_string_equal(ran.out, "web/Cargo.toml\n");
    command_run(&ran, &repository, "--service", "api", "version", "current", NULL);
    assert_string_equal(ran.out, "1.0.0\n");
    command_run(&ran, &repository, "-s", "web", "version", "current", NULL);
    assert_string_equal(ran.out, "2.0.0\n");
    command_run(&ran, &repository, "config", "get", "service.api.path", NULL);
    assert_string_equal(ran.out, "packages/api\n");
}

/* Themes and keys are the console's, and still judged before they are written, and where they stand. */
static void themes_and_keys_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {{"ui.theme", "nope"},
                                           {"ui.theme", "./no-such.theme"},
                                           {"ui.keys", "bogus=N"},
                                           {"ui.keys", "console.quit=f99"},
                                           {"ui.keys", "release.create=q"}};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        command_run(&ran, &repository, "config", "set", wrong[i][0], wrong[i][1], NULL);
        ran_expect(&ran, 2);
        assert_null(repository_read(&repository, ".signalbox"));
        CLEANUP(buf_clear) struct buf file = {0};
        buf_addf(&file, "[ui]\n\t%s = %s\n", wrong[i][0] + 3, wrong[i][1]);
        repository_write(&repository, ".git/signalbox", file.bytes);
        command_run(&ran, &repository, "config", "check", NULL);
        ran_expect(&ran, 1);
        assert_non_null(strstr(ran.out, ".git/signalbox:2: error: "));
        repository_write(&repository, ".git/signalbox", "");
    }
    command_run(&ran, &repository, "config", "set", "ui.keys", "release.create=q,", "console.quit=Q", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "config", "set", "ui.theme", "light", NULL);
    ran_expect(&ran, 0);
    command_run(&ran, &repository, "config", "check", NULL);
    ran_expect(&ran, 0);
}

/* From the file to the version file: quotation marks of a pattern are not those of the list. */
static void patterns_keep_their_quotes(void **state)
{
    (void)state;
    repository_commit(&repository, "w.txt", "K = \"1.0.0\"\n", "feat: one");
    repository_commit(&repository, "v.h", "#define V \"1.0.0\"\n", "feat: two");
    repository_commit(&repository, ".signalbox",
                      "[release]\n\tversionFiles = \"w.txt:K = \\\"*\\\", v.h:#define V \\\"*\\\"\"\n",
                      "chore: three");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "4", "fix: four");
    command_run(&ran, &repository, "release", "create", "--no-push", "--yes", NULL);
    ran_expect(&ran, 0);
    CLEANUP(free_string) char *w = repository_read(&repository, "w.txt");
    CLEANUP(free_string) char *header = repository_read(&repository, "v.h");
    assert_string_equal(w, "K = \"1.0.1\"\n");
    assert_string_equal(header, "#define V \"1.0.1\"\n");
}

/* Each row has its place where the one above has it, also where a value holds a line break. */
static void the_list_stands_in_columns(void **state)
{
    (void)state;
    command_run(&ran, &repository, "config", "list", NULL);
    ran_expect(&ran, 0);
    const char *message = strstr(ran.out, "release.tagMessage"), *next = strchr(message, '\n') + 1;
    assert_int_equal(strstr(message, " default\n") - message, strstr(next, " default\n") - next);
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
        cmocka_unit_test_setup_teardown(themes_and_keys_are_checked, setup, teardown),
        cmocka_unit_test_setup_teardown(patterns_keep_their_quotes, setup, teardown),
        cmocka_unit_test_setup_teardown(the_list_stands_in_columns, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
