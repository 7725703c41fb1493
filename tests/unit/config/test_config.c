/* Levels, problems with their lines, trust and editing, on real files in a repository of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/config.h"
#include "config/trust.h"
#include "tests/support/repository.h"

struct bench {
    struct repository repository;
    struct config_place place;
    struct config config;
};

static int setup(void **state)
{
    struct bench *bench = mem_alloc(sizeof(*bench));
    struct error err;
    repository_new(&bench->repository);
    assert_int_equal(config_place_find(&bench->place, bench->repository.path, &err), 0);
    *state = bench;
    return 0;
}

static int teardown(void **state)
{
    struct bench *bench = *state;
    config_clear(&bench->config);
    config_place_clear(&bench->place);
    repository_free(&bench->repository);
    free(bench);
    return 0;
}

static void read_again(struct bench *bench)
{
    struct error err;
    config_clear(&bench->config);
    if (config_read(&bench->config, &bench->place, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void write_user(const struct bench *bench, const char *text)
{
    struct error err;
    char *directory = mem_string(bench->place.files[CONFIG_USER]);
    *strrchr(directory, '/') = 0;
    assert_int_equal(file_make_dirs(directory, &err), 0);
    assert_int_equal(file_write(bench->place.files[CONFIG_USER], text, strlen(text), 0600, &err), 0);
    free(directory);
}

static void a_later_level_counts(void **state)
{
    struct bench *bench = *state;
    struct settings settings;
    struct error err;
    write_user(bench, "[release]\n\tbranch = mine\n\tchangelog = NEWS.md\n");
    repository_write(&bench->repository, ".signalbox",
                     "[release]\n\tbranch = main\n\tversionFiles = a.json, b.toml\n");
    repository_write(&bench->repository, ".git/signalbox", "[ui]\n\tmouse = off\n");
    read_again(bench);
    assert_string_equal(config_value(&bench->config, "release.branch"), "main");
    assert_string_equal(config_value(&bench->config, "release.changelog"), "NEWS.md");
    assert_string_equal(config_value(&bench->config, "release.tagPattern"), "v*");
    assert_null(config_value(&bench->config, "no.such"));
    assert_int_equal(config_settings(&settings, &bench->config, &err), 0);
    assert_string_equal(settings.project, "work");
    assert_false(settings.ui.mouse);
    assert_true(settings.release.push);
    assert_int_equal(settings.service_count, 1);
    assert_string_equal(settings.services[0].version_files[1], "b.toml");
    settings_clear(&settings);
}

static void services_are_taken_in_the_files_order(void **state)
{
    struct bench *bench = *state;
    struct settings settings;
    struct error err;
    repository_write(
        &bench->repository, ".signalbox",
        "[service \"web\"]\n\tpath = apps/web\n[service \"api\"]\n\ttagPattern = api/*\n\tchangelog =\n");
    read_again(bench);
    assert_int_equal(config_settings(&settings, &bench->config, &err), 0);
    assert_int_equal(settings.service_count, 2);
    assert_string_equal(settings.services[0].name, "web");
    assert_string_equal(settings.services[0].tag_pattern, "web-v*");
    assert_string_equal(settings.services[0].changelog, "apps/web/CHANGELOG.md");
    assert_string_equal(settings_service(&settings, "api")->tag_pattern, "api/*");
    assert_string_equal(settings_service(&settings, "api")->changelog, "");
    assert_null(settings_service(&settings, "none"));
    settings_clear(&settings);
}

static void errors_say_file_and_line(void **state)
{
    struct bench *bench = *state;
    struct settings settings;
    struct error err;
    static const struct {
        const char *text, *line, *words;
    } cases[] = {
        {"[release]\n\n\tbrnch = x\n", ".signalbox:3: ", "release.brnch"},
        {"[release]\n\tmode = fast\n", ".signalbox:2: ", "fast"},
        {"[release]\n\tmode = direct\n[broken\n", ".signalbox:3: ", "cannot be understood"},
        {"[service \"a b\"]\n\tpath = x\n", ".signalbox:2: ", "a b"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        repository_write(&bench->repository, ".signalbox", cases[i].text);
        read_again(bench);
        assert_int_equal(config_settings(&settings, &bench->config, &err), -1);
        assert_int_equal(err.kind, ERROR_INVALID);
        assert_non_null(strstr(err.why, cases[i].line));
        assert_non_null(strstr(err.why, cases[i].words));
        assert_true(err.todo[0]);
    }
}

static void a_cut_value_is_warned_about(void **state)
{
    struct bench *bench = *state;
    repository_write(&bench->repository, ".signalbox", "[release]\n\tcommitMessage = release #{version}\n");
    read_again(bench);
    assert_int_equal(bench->config.problem_count, 1);
    assert_int_equal(bench->config.problems[0].severity, CONFIG_WARNING);
    assert_int_equal(bench->config.problems[0].line, 2);
}

static void include_is_followed(void **state)
{
    struct bench *bench = *state;
    repository_write(&bench->repository, "more", "[release]\n\tbranch = included\n");
    repository_write(&bench->repository, ".signalbox", "[include]\n\tpath = more\n");
    read_again(bench);
    assert_int_equal(bench->config.problem_count, 0);
    assert_string_equal(config_value(&bench->config, "release.branch"), "included");
}

static void give_trust(struct bench *bench)
{
    char fingerprint[HASH_HEX];
    struct error err;
    assert_int_equal(trust_fingerprint(fingerprint, bench->place.files[CONFIG_REPOSITORY], &err), 0);
    assert_int_equal(trust_give(bench->place.root, fingerprint, &err), 0);
}

static void a_strangers_dangerous_keys_need_trust(void **state)
{
    struct bench *bench = *state;
    struct error err;
    write_user(bench, "[release]\n\tremote = mine\n");
    repository_write(&bench->repository, "more", "[ui]\n\tkeys = console.quit=Q\n");
    repository_write(&bench->repository, ".signalbox",
                     "[release]\n\tremote = theirs\n\tbranch = main\n[include]\n\tpath = more\n");
    read_again(bench);
    assert_false(bench->config.trusted);
    assert_string_equal(config_value(&bench->config, "release.remote"), "mine");
    assert_string_equal(config_value(&bench->config, "ui.keys"), "");
    assert_string_equal(config_value(&bench->config, "release.branch"), "main");
    assert_int_equal(bench->config.problem_count, 2);
    assert_int_equal(bench->config.problems[0].severity, CONFIG_NOTE);
    give_trust(bench);
    read_again(bench);
    assert_true(bench->config.trusted);
    assert_string_equal(config_value(&bench->config, "release.remote"), "theirs");
    assert_string_equal(config_value(&bench->config, "ui.keys"), "console.quit=Q");
    /* One byte of an included file is enough. */
    repository_write(&bench->repository, "more", "[ui]\n\tkeys = console.quit=X\n");
    read_again(bench);
    assert_false(bench->config.trusted);
    assert_string_equal(config_value(&bench->config, "release.remote"), "mine");
    give_trust(bench);
    assert_int_equal(trust_revoke(bench->place.root, &err), 0);
    read_again(bench);
    assert_false(bench->config.trusted);
}

static void set_keeps_the_rest_of_the_file(void **state)
{
    struct bench *bench = *state;
    struct error err;
    repository_write(&bench->repository, ".signalbox",
                     "# mine\n[release] ; here\n\tbranch = old\n\n[ui]\n\tmouse = no\n");
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.branch", "a#b", &err), 0);
    char *text = repository_read(&bench->repository, ".signalbox");
    assert_string_equal(text, "# mine\n[release] ; here\n\tbranch = \"a#b\"\n\n[ui]\n\tmouse = no\n");
    free(text);
    read_again(bench);
    assert_string_equal(config_value(&bench->config, "release.branch"), "a#b");
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.branch", NULL, &err), 0);
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.branch", NULL, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

static void set_refuses_what_does_not_fit(void **state)
{
    struct bench *bench = *state;
    struct error err;
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.brnch", "x", &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.mode", "x", &err), -1);
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "service.*.path", "x", &err), -1);
    assert_false(file_exists(bench->place.files[CONFIG_REPOSITORY]));
    repository_write(&bench->repository, ".signalbox.lock", "");
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.mode", "direct", &err), -1);
    assert_int_equal(err.kind, ERROR_CONFLICT);
}

static void set_keeps_trust_and_makes_the_users_file(void **state)
{
    struct bench *bench = *state;
    struct error err;
    repository_write(&bench->repository, ".signalbox", "[release]\n\tremote = theirs\n");
    give_trust(bench);
    assert_int_equal(config_set(&bench->place, CONFIG_REPOSITORY, "release.branch", "main", &err), 0);
    read_again(bench);
    assert_true(bench->config.trusted);
    assert_int_equal(config_set(&bench->place, CONFIG_USER, "ui.mouse", "false", &err), 0);
    read_again(bench);
    assert_string_equal(config_value(&bench->config, "ui.mouse"), "false");
}

static void work_trees_share_what_is_the_clones(void **state)
{
    struct bench *bench = *state;
    struct config_place other;
    struct error err;
    repository_commit(&bench->repository, "a", "a", "feat: a");
    repository_git(&bench->repository, "worktree", "add", "-q", "../other", NULL);
    CLEANUP(free_string) char *path = path_join(bench->repository.sandbox, "other");
    assert_int_equal(config_place_find(&other, path, &err), 0);
    assert_string_equal(other.git_dir, bench->place.git_dir);
    assert_string_equal(other.files[CONFIG_CLONE], bench->place.files[CONFIG_CLONE]);
    assert_string_not_equal(other.root, bench->place.root);
    config_place_clear(&other);
    assert_int_equal(config_place_find(&other, bench->repository.sandbox, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_later_level_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(services_are_taken_in_the_files_order, setup, teardown),
        cmocka_unit_test_setup_teardown(errors_say_file_and_line, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cut_value_is_warned_about, setup, teardown),
        cmocka_unit_test_setup_teardown(include_is_followed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_strangers_dangerous_keys_need_trust, setup, teardown),
        cmocka_unit_test_setup_teardown(set_keeps_the_rest_of_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(set_refuses_what_does_not_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(set_keeps_trust_and_makes_the_users_file, setup, teardown),
        cmocka_unit_test_setup_teardown(work_trees_share_what_is_the_clones, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
