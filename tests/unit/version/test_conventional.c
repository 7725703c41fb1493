/* Commit messages: shape, parts, level, category, and reverts that cancel out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "version/conventional.h"

static void assert_span(struct span got, const char *want)
{
    if (!want ? got.bytes != NULL : !got.bytes || !span_equal(got, want))
        fail_msg("“%.*s”, not “%s”", (int)got.len, got.bytes ? got.bytes : "", want ? want : "(nothing)");
}

static void test_subjects(void **state)
{
    (void)state;
    static const struct {
        const char *message, *type, *scope, *description;
        enum commit_shape shape;
        enum change_level level;
        enum category category;
    } cases[] = {
        {"feat: a", "feat", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_MINOR, CATEGORY_ADDED},
        {"feat(api): a", "feat", "api", "a", COMMIT_CONVENTIONAL, LEVEL_MINOR, CATEGORY_ADDED},
        {"FEAT(api)!: a", "FEAT", "api", "a", COMMIT_CONVENTIONAL, LEVEL_MAJOR, CATEGORY_ADDED},
        {"fix!: a\r\n", "fix", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_MAJOR, CATEGORY_FIXED},
        {"fix:a", "fix", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_PATCH, CATEGORY_FIXED},
        {"fix(security): a", "fix", "security", "a", COMMIT_CONVENTIONAL, LEVEL_PATCH, CATEGORY_SECURITY},
        {"perf: a", "perf", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_PATCH, CATEGORY_CHANGED},
        {"refactor: a", "refactor", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_NONE, CATEGORY_NONE},
        {"refactor!: a", "refactor", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_MAJOR, CATEGORY_CHANGED},
        {"deprecate: a", "deprecate", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_PATCH, CATEGORY_DEPRECATED},
        {"remove: a", "remove", NULL, "a", COMMIT_CONVENTIONAL, LEVEL_PATCH, CATEGORY_REMOVED},
        {"chore(deps): bump", "chore", "deps", "bump", COMMIT_CONVENTIONAL, LEVEL_NONE, CATEGORY_NONE},
        {"docs: a: b", "docs", NULL, "a: b", COMMIT_CONVENTIONAL, LEVEL_NONE, CATEGORY_NONE},
        {"revert: feat: a", "revert", NULL, "feat: a", COMMIT_REVERT, LEVEL_PATCH, CATEGORY_REMOVED},
        {"Revert \"feat(x): a\"", NULL, NULL, "Revert \"feat(x): a\"", COMMIT_REVERT, LEVEL_PATCH, CATEGORY_REMOVED},
        {"Revert \"fix: a\"", NULL, NULL, "Revert \"fix: a\"", COMMIT_REVERT, LEVEL_PATCH, CATEGORY_CHANGED},
        {"Merge branch 'x'", NULL, NULL, "Merge branch 'x'", COMMIT_MERGE, LEVEL_NONE, CATEGORY_NONE},
        {"Merge pull request #1 from a/b\n\nfeat: a\n", NULL, NULL, "feat: a", COMMIT_MERGE, LEVEL_NONE,
         CATEGORY_NONE},
        {"Update README", NULL, NULL, "Update README", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"http://x is down", NULL, NULL, "http://x is down", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"std::string", NULL, NULL, "std::string", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"feat(): a", NULL, NULL, "feat(): a", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"feat(a: b", NULL, NULL, "feat(a: b", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"feat:", NULL, NULL, "feat:", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"two words: a", NULL, NULL, "two words: a", COMMIT_PLAIN, LEVEL_NONE, CATEGORY_NONE},
        {"\n\nfeat: late", "feat", NULL, "late", COMMIT_CONVENTIONAL, LEVEL_MINOR, CATEGORY_ADDED},
        {"feat: \x1b[2J\xff", "feat", NULL, "\x1b[2J\xff", COMMIT_CONVENTIONAL, LEVEL_MINOR, CATEGORY_ADDED},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct conventional c;
        conventional_parse(&c, cases[i].message, strlen(cases[i].message));
        assert_span(c.type, cases[i].type);
        assert_span(c.scope, cases[i].scope);
        assert_span(c.description, cases[i].description);
        if (c.shape != cases[i].shape || conventional_level(&c) != cases[i].level ||
            conventional_category(&c) != cases[i].category)
            fail_msg("%s: shape %d, level %d, category %d", cases[i].message, c.shape, conventional_level(&c),
                     conventional_category(&c));
        conventional_clear(&c);
    }
}

static void test_body_and_footers(void **state)
{
    (void)state;
    static const char message[] =
        "feat(api): say more\n\nThe first paragraph.\nNote: this is text.\n\nThe second.\n\n"
        "Reviewed-by: Z\nRefs #123\nBREAKING CHANGE: the old name\nis gone\n\nfor good\n"
        "Signed-off-by: A <a@b>\n";
    struct conventional c;
    conventional_parse(&c, message, strlen(message));
    assert_span(c.body, "The first paragraph.\nNote: this is text.\n\nThe second.");
    assert_int_equal(c.footer_count, 4);
    assert_span(c.footers[0].token, "Reviewed-by");
    assert_span(c.footers[0].value, "Z");
    assert_span(c.footers[1].token, "Refs");
    assert_span(c.footers[1].value, "#123");
    assert_span(c.footers[2].value, "the old name\nis gone\n\nfor good");
    assert_span(c.footers[3].token, "Signed-off-by");
    assert_true(c.breaking);
    assert_span(c.breaking_words, "the old name\nis gone\n\nfor good");
    conventional_clear(&c);
}

static void test_breaking(void **state)
{
    (void)state;
    static const struct {
        const char *message;
        bool breaking;
        const char *words;
    } cases[] = {
        {"fix: a\n\nBREAKING CHANGE: b", true, "b"},
        {"fix: a\n\nBREAKING-CHANGE: b", true, "b"},
        {"fix: a\n\nBREAKING CHANGE #b", true, "#b"},
        {"fix: a\n\nBREAKING CHANGE:\nb", true, "b"},
        {"fix!: a", true, "a"},
        {"fix!: a\n\nBREAKING CHANGE: b", true, "b"},
        {"Just words\n\nBREAKING CHANGE: b", true, "b"},
        {"fix: a\n\nBREAKING CHANGE: b\n\nMore text.\n\nRefs: c", true, NULL},
        {"fix: a\n\nbreaking change: b", false, NULL},
        {"fix: a\n\nThis is no BREAKING CHANGE: really", false, NULL},
        {"fix: a\n\nBREAKING CHANGES: b", false, NULL},
        {"fix: a BREAKING CHANGE: b", false, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct conventional c;
        conventional_parse(&c, cases[i].message, strlen(cases[i].message));
        if (c.breaking != cases[i].breaking)
            fail_msg("breaking is %d: %s", c.breaking, cases[i].message);
        if (cases[i].words)
            assert_span(c.breaking_words, cases[i].words);
        assert_int_equal(conventional_level(&c) == LEVEL_MAJOR, cases[i].breaking);
        conventional_clear(&c);
    }
}

static void test_reverts(void **state)
{
    (void)state;
    /* Newest first, as a walk gives them: d brings back what b took, so that a stands; e is reverted. */
    static const struct {
        const char *id, *message;
        bool taken_back;
    } walk[] = {
        {"ffffffff00", "Revert \"feat: e\"\n\nThis reverts commit eeeeeeee00.", true},
        {"eeeeeeee00", "feat: e", true},
        {"dddddddd00", "Revert \"Revert \"feat: a\"\"\n\nThis reverts commit bbbbbbbb.", true},
        {"cccccccc00", "Revert \"fix: older\"\n\nThis reverts commit 1234567890.", false},
        {"bbbbbbbb00", "Revert \"feat: a\"\n\nThis reverts commit aaaaaaaa00.", true},
        {"aaaaaaaa00", "feat: a", false},
    };
    for (int backwards = 0; backwards < 2; backwards++) {
        struct change changes[COUNT(walk)];
        size_t at[COUNT(walk)];
        for (size_t i = 0; i < COUNT(walk); i++) {
            at[i] = backwards ? COUNT(walk) - 1 - i : i;
            change_read(&changes[at[i]], walk[i].id, walk[i].message, strlen(walk[i].message));
        }
        changes_settle(changes, COUNT(walk));
        for (size_t i = 0; i < COUNT(walk); i++) {
            if (changes[at[i]].taken_back != walk[i].taken_back)
                fail_msg("%s: taken back is %d", walk[i].id, changes[at[i]].taken_back);
            assert_true(!walk[i].taken_back || changes[at[i]].level == LEVEL_NONE);
        }
        for (size_t i = 0; i < COUNT(walk); i++)
            change_clear(&changes[i]);
    }
}

static void test_any_bytes(void **state)
{
    (void)state;
    char bytes[64];
    unsigned random = 7;
    for (int i = 0; i < 20000; i++) {
        static const char bits[] = "feat!(): \nBREAKING CHANGE: #\r\0\xff";
        size_t len = (size_t)i % sizeof(bytes);
        char *exact = malloc(len + 1); /* so that the sanitizer sees a byte too many */
        for (size_t j = 0; j < len; j++) {
            random = random * 1103515245 + 12345;
            exact[j] = bits[(random >> 8) % (sizeof(bits) - 1)];
        }
        char *whole = realloc(exact, len ? len : 1);
        struct conventional c;
        conventional_parse(&c, whole, len);
        conventional_clear(&c);
        free(whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_subjects), cmocka_unit_test(test_body_and_footers), cmocka_unit_test(test_breaking),
        cmocka_unit_test(test_reverts),  cmocka_unit_test(test_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
