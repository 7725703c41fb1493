#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "command/parse.h"

/* Splits at blanks; "" in the line stands for an empty word. */
static int parsed(struct invocation *out, struct error *err, const char *line)
{
    static char room[512];
    const char *words[32];
    int count = 0;
    snprintf(room, sizeof(room), "%s", line);
    char *rest = NULL;
    for (char *word = strtok_r(room, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        words[count++] = strcmp(word, "\"\"") == 0 ? "" : word;
    *err = (struct error){0};
    return command_parse(out, count, words, err);
}

static void a_command_with_its_options(void **state)
{
    (void)state;
    struct invocation given;
    struct error err;
    assert_int_equal(parsed(&given, &err, "-C dir release --mode=tag-only create minor -yn --reason because"), 0);
    assert_int_equal(given.command->id, COMMAND_RELEASE_CREATE);
    assert_string_equal(given.arguments[0], "minor");
    assert_int_equal(given.argument_count, 1);
    assert_string_equal(given.values[OPTION_DIRECTORY], "dir");
    assert_string_equal(given.values[OPTION_MODE], "tag-only");
    assert_string_equal(given.values[OPTION_REASON], "because");
    assert_true(given.given[OPTION_YES] && given.given[OPTION_DRY_RUN]);
    assert_false(given.given[OPTION_JSON]);
    invocation_clear(&given);
    assert_int_equal(parsed(&given, &err, "version list -l5"), 0);
    assert_int_equal(given.numbers[OPTION_LIMIT], 5);
    invocation_clear(&given);
}

static void words_and_dashes(void **state)
{
    (void)state;
    struct invocation given;
    struct error err;
    assert_int_equal(parsed(&given, &err, "changelog add fixed -- --json is shown -n"), 0);
    assert_string_equal(given.arguments[1], "--json is shown -n");
    assert_false(given.given[OPTION_JSON]);
    invocation_clear(&given);
    assert_int_equal(parsed(&given, &err, "config set ui.theme -"), 0);
    assert_string_equal(given.arguments[1], "-");
    invocation_clear(&given);
    assert_int_equal(parsed(&given, &err, "config set release.branch \"\""), 0);
    assert_string_equal(given.arguments[1], "");
    invocation_clear(&given);
}

static void nothing_named(void **state)
{
    (void)state;
    struct invocation given;
    struct error err;
    assert_int_equal(parsed(&given, &err, ""), 0);
    assert_null(given.command);
    assert_int_equal(parsed(&given, &err, "--read-only"), 0);
    assert_null(given.command);
    assert_true(given.given[OPTION_READ_ONLY]);
    assert_int_equal(parsed(&given, &err, "release --help"), 0);
    assert_int_equal(given.command->id, COMMAND_HELP);
    invocation_clear(&given);
}

static void what_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *what, *todo;
    } cases[] = {
        {"relase create", "relase", "release"},
        {"release craete", "release craete", "release create"},
        {"release", "one more word", "help release"},
        {"release create minor major", "major", "Usage"},
        {"release create --dryrun", "--dryrun", "--dry-run"},
        {"release create --dry", "--dry", ""},
        {"release create --mode", "needs a value", "MODE"},
        {"release create --mode quick", "quick", "pull-request"},
        {"release create --mode direct --mode direct", "twice", ""},
        {"release create --yes=1", "no value", ""},
        {"release create -q", "-q", ""},
        {"version list --limit -3", "-3", "20"},
        {"version list --limit 99999999999999999999", "number", ""},
        {"version list --dry-run", "means nothing", "version list --help"},
        {"version bump", "STEP is missing", "version bump"},
        {"version bump huge", "huge", "major"},
        {"frobnicate", "frobnicate", "help"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct invocation given;
        struct error err;
        if (parsed(&given, &err, cases[i].line) == 0)
            fail_msg("accepted: %s", cases[i].line);
        assert_int_equal(err.kind, ERROR_INVALID);
        if (!strstr(err.what, cases[i].what) || !strstr(err.todo, cases[i].todo))
            fail_msg("%s: says \"%s\", \"%s\"", cases[i].line, err.what, err.todo);
        invocation_clear(&given);
    }
}

/* A script that asked for JSON gets its errors as JSON, wherever the mistake stands. */
static void json_is_known_in_spite_of_mistakes(void **state)
{
    (void)state;
    struct invocation given;
    struct error err;
    assert_int_equal(parsed(&given, &err, "version list --wrong --json"), -1);
    assert_true(given.given[OPTION_JSON]);
    invocation_clear(&given);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_with_its_options),
        cmocka_unit_test(words_and_dashes),
        cmocka_unit_test(nothing_named),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(json_is_known_in_spite_of_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
