/* The next version: levels, 0.x, lines that are taken, and the sentence that says why. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "version/next_version.h"

static const struct {
    const char *base;     /* "": none */
    const char *existing; /* with blanks between; the base apart */
    struct change_counts counts;
    bool zero_minor;
    const char *version, *why;
    bool cramped;
    const char *burned; /* with blanks between; may be NULL */
} cases[] = {
    {"1.2.3",
     "",
     {.features = 2, .fixes = 4, .irrelevant = 9},
     false,
     "1.3.0",
     "minor: 2 feat, 4 fix, nothing breaking",
     false},
    {"1.2.3", "", {.fixes = 1}, false, "1.2.4", "patch: 1 fix, nothing breaking", false},
    {"1.2.3", "", {.others = 3}, false, "1.2.4", "patch: 3 other, nothing breaking", false},
    {"1.2.3", "", {.breaking = 1, .features = 1}, false, "2.0.0", "major: 1 breaking, 1 feat", false},
    {"1.2.3", "", {.irrelevant = 3}, false, "", "3 commits, none of them feat, fix or breaking", false},
    {"1.2.3",
     "",
     {.irrelevant = 3, .untold = 2},
     false,
     "1.2.4",
     "patch: 2 commits that do not say what they are; choose more if they bring more",
     false},
    {"1.2.3", "", {.untold = 1, .fixes = 1}, false, "1.2.4", "patch: 1 fix, 1 other, nothing breaking", false},
    {"1.2.3", "", {0}, false, "", "no commits", false},
    {"0.2.3", "", {.breaking = 1}, false, "1.0.0", "major: 1 breaking", false},
    {"0.2.3",
     "",
     {.breaking = 1},
     true,
     "0.3.0",
     "minor: 1 breaking; below 1.0.0 a breaking change counts as minor",
     false},
    {"0.2.3",
     "",
     {.features = 1},
     true,
     "0.2.4",
     "patch: 1 feat, nothing breaking; below 1.0.0 a feature counts as patch",
     false},
    {"1.2.3", "", {.breaking = 1}, true, "2.0.0", "major: 1 breaking", false},
    {"", "", {.features = 1}, false, "0.1.0", "the first version: nothing is released yet", false},
    {"", "0.1.0", {.features = 1}, false, "0.1.1", "the first version", true},
    /* from an old tag or a maintenance branch */
    {"1.2.3", "1.2.4", {.fixes = 1}, false, "1.2.5", "taken were passed over", true},
    {"1.2.3", "1.2.4+build 1.2.5", {.fixes = 1}, false, "1.2.6", "passed over", true},
    {"1.2.3", "1.3.0 1.4.0", {.fixes = 1}, false, "1.2.4", "patch: 1 fix", false},
    {"1.2.3", "1.3.0 2.0.0", {.features = 1}, false, "1.2.4", "the minor line after 1.2.3 exists already", true},
    {"1.2.3", "1.3.1", {.features = 1}, false, "1.2.4", "exists already", true},
    {"1.2.3", "2.0.0", {.breaking = 1}, false, "1.3.0", "the major line after 1.2.3 exists already", true},
    {"1.2.3", "2.0.0 1.3.0 1.2.4", {.breaking = 1}, false, "1.2.5", "stays a patch", true},
    {"1.2.3", "1.3.0-rc.1", {.features = 1}, false, "1.3.0", "minor: 1 feat", false},
    /* a number that was public once belongs to nobody: it alone is passed over, and its line is still ours */
    {"1.2.3", "", {.features = 1}, false, "1.3.1", "minor: 1 feat", true, "1.3.0"},
    {"1.2.3", "", {.breaking = 1}, false, "2.0.2", "major: 1 breaking", true, "2.0.0 2.0.1"},
    {"1.2.3", "", {.fixes = 1}, false, "1.2.5", "patch: 1 fix", true, "1.2.4"},
    {"", "", {.features = 1}, false, "0.1.1", "the first version", true, "0.1.0"},
    /* from a prerelease */
    {"1.3.0-rc.1", "1.2.3", {.fixes = 1}, false, "1.3.0", "patch", false},
    {"1.3.0-rc.1", "1.2.3", {.features = 1}, false, "1.3.0", "minor", false},
    {"18446744073709551615.9.0", "", {.features = 1}, false, "18446744073709551615.10.0", "minor", false},
};

static void test_next(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct semver base, existing[8];
        size_t count = 0;
        char list[128];
        snprintf(list, sizeof(list), "%s", cases[i].existing);
        for (char *rest, *word = strtok_r(list, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
            assert_true(semver_parse_string(&existing[count++], word));
        struct semver burned[4];
        size_t used_up = 0;
        char numbers[64];
        snprintf(numbers, sizeof(numbers), "%s", cases[i].burned ? cases[i].burned : "");
        for (char *rest, *word = strtok_r(numbers, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
            assert_true(semver_parse_string(&burned[used_up++], word));
        bool has_base = *cases[i].base;
        if (has_base) {
            assert_true(semver_parse_string(&base, cases[i].base));
            existing[count++] = base;
        }
        struct next_input input = {.base = has_base ? &base : NULL,
                                   .initial = "0.1.0",
                                   .zero_minor = cases[i].zero_minor,
                                   .existing = existing,
                                   .existing_count = count,
                                   .burned = burned,
                                   .burned_count = used_up,
                                   .counts = cases[i].counts};
        struct next_version next;
        struct error err;
        assert_int_equal(next_version(&next, &input, &err), 0);
        struct text why = text_of(&next.why);
        char words[512];
        snprintf(words, sizeof(words), "%.*s", (int)why.len, why.safe);
        if (strcmp(buf_string(&next.version), cases[i].version) != 0 || !strstr(words, cases[i].why) ||
            next.cramped != cases[i].cramped)
            fail_msg("%zu: %s after %s: %s (cramped %d)", i, buf_string(&next.version), cases[i].base, words,
                     next.cramped);
        assert_int_equal(next.version.len == 0, next.asked == LEVEL_NONE);
        next_version_clear(&next);
    }
}

static void test_by_hand(void **state)
{
    (void)state;
    struct semver base;
    struct next_version next;
    struct error err;
    assert_true(semver_parse_string(&base, "1.2.3"));
    struct next_input input = {.base = &base, .initial = "0.1.0", .existing = &base, .existing_count = 1};
    assert_int_equal(next_version_bump(&next, &input, LEVEL_MINOR, &err), 0);
    assert_string_equal(buf_string(&next.version), "1.3.0");
    next_version_clear(&next);
    input.base = NULL;
    input.initial = "one";
    assert_int_equal(next_version_bump(&next, &input, LEVEL_MINOR, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    next_version_clear(&next);
}

static void test_which_say_so(void **state)
{
    (void)state;
    static const char *const messages[] = {"feat: a",          "fix: b", "chore: c",   "feat(x): d",
                                           "Merge branch 'y'", "odb: e", "Plain words"};
    struct change changes[COUNT(messages)];
    struct change_counts counts;
    for (size_t i = 0; i < COUNT(messages); i++)
        change_read(&changes[i], "", messages[i], strlen(messages[i]));
    changes_settle(changes, COUNT(messages));
    change_counts_of(&counts, changes, COUNT(messages));
    assert_int_equal(counts.features, 2);
    assert_int_equal(counts.fixes, 1);
    assert_int_equal(counts.irrelevant, 2);
    assert_int_equal(counts.untold, 2);
    struct semver base;
    struct next_version next;
    struct error err;
    assert_true(semver_parse_string(&base, "1.2.3"));
    struct next_input input = {.base = &base, .initial = "0.1.0", .counts = counts};
    assert_int_equal(next_version(&next, &input, &err), 0);
    for (size_t i = 0; i < COUNT(messages); i++)
        assert_int_equal(next_version_says(&next, &changes[i]), strncmp(messages[i], "feat", 4) == 0);
    next_version_clear(&next);
    for (size_t i = 0; i < COUNT(messages); i++)
        change_clear(&changes[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_next),
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_which_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
