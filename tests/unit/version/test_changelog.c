/* Reading changelogs: sections, quirks, refusals with their line, findings, release notes. */
#include "tests/unit/version/shared_data.h"

#include "version/changelog.h"
#include "version/changelog_check.h"

static struct changelog parsed(const char *text)
{
    struct changelog log;
    struct error err;
    if (changelog_parse(&log, text, strlen(text), &err))
        fail_msg("%s: %s", err.what, err.why);
    return log;
}

static void assert_span(const struct changelog *log, struct range range, const char *want)
{
    struct span got = changelog_span(log, range);
    if (!span_equal(got, want))
        fail_msg("“%.*s”, not “%s”", (int)got.len, got.bytes, want);
}

static void test_headings(void **state)
{
    (void)state;
    static const struct {
        const char *heading, *version, *date;
        enum section_kind kind;
        bool yanked, struck;
    } cases[] = {
        {"## [1.2.3] - 2026-01-31", "1.2.3", "2026-01-31", SECTION_RELEASE, false, false},
        {"## 0.3.50 [2026-06-22] [YANKED]", "0.3.50", "2026-06-22", SECTION_RELEASE, true, false},
        {"## ~~2.3.1 (2016-06-22)~~ (yanked)", "2.3.1", "2016-06-22", SECTION_RELEASE, true, true},
        {"## [0.26.0+1] - 2024-04-14", "0.26.0+1", "2024-04-14", SECTION_RELEASE, false, false},
        {"## [0.20] - 2022-01-25 - Tag Annotations", "0.20", "2022-01-25", SECTION_RELEASE, false, false},
        {"## [17.5.1.2] - 2026-02-05", "17.5.1.2", "2026-02-05", SECTION_RELEASE, false, false},
        {"## v3.5.8 (2025-09-24)", "3.5.8", "2025-09-24", SECTION_RELEASE, false, false},
        {"## Version 0.3.2", "0.3.2", "", SECTION_RELEASE, false, false},
        {"## [1.1.0](https://h/compare/v1.0.0...v1.1.0) (2026-02-01)", "1.1.0", "2026-02-01", SECTION_RELEASE, false,
         false},
        {"## 1.2.3 ##", "1.2.3", "", SECTION_RELEASE, false, false},
        {"# 1.2.3 / 2026-01-31", "1.2.3", "2026-01-31", SECTION_RELEASE, false, false},
        {"### 2.2.1 (2016-03-16)", "2.2.1", "2016-03-16", SECTION_RELEASE, false, false},
        {"## 2.12.2 - TBD", "2.12.2", "TBD", SECTION_PENDING, false, false},
        {"## 0.18.0-dev", "0.18.0-dev", "", SECTION_PENDING, false, false},
        {"## [Unreleased]", "Unreleased", "", SECTION_UNRELEASED, false, false},
        {"## [unreleased] - ReleaseDate", "unreleased", "ReleaseDate", SECTION_UNRELEASED, false, false},
        {"## Next Release", "Next Release", "", SECTION_UNRELEASED, false, false},
        {"## Pre-0.2.7", "", "", SECTION_OTHER, false, false},
        {"## Next steps", "", "", SECTION_OTHER, false, false},
        {"## 1.x", "", "", SECTION_OTHER, false, false},
        {"## [1.2.3", "", "", SECTION_OTHER, false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct changelog log = parsed(cases[i].heading);
        if (log.section_count != 1)
            fail_msg("%s: %zu sections", cases[i].heading, log.section_count);
        const struct changelog_section *s = &log.sections[0];
        assert_int_equal(s->kind, cases[i].kind);
        assert_span(&log, s->version, cases[i].version);
        assert_span(&log, s->date, cases[i].date);
        assert_int_equal(s->yanked, cases[i].yanked);
        assert_int_equal(s->struck, cases[i].struck);
        changelog_clear(&log);
    }
}

/* What only looks like a heading. */
static void test_not_headings(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "````\n```\n## [1.0.0]\n````\n",
        "```\n## [1.0.0]\n```\n",
        "~~~ text\n## [1.0.0]\n```\n~~~\n",
        "<!--\n## [1.0.0]\n-->\n",
        "<details>\n## [1.0.0]\n</details>\n",
        "- a\n  ```\n  ## [1.0.0]\n  ```\n",
        "<pre>\n\n## [1.0.0]\n</pre>\n",
        "    ## [1.0.0]\n",
        "##[1.0.0]\n",
        "### 1.0 migration\n",
        "1. ```\n   ## 1.0.0\n   ```\n",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct changelog log = parsed(texts[i]);
        if (log.section_count)
            fail_msg("a section in: %s", texts[i]);
        changelog_clear(&log);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t len;
        const char *line;
    } cases[] = {
        {"# a\n\xff\n", 6, "line 2: bytes that are not UTF-8"},
        {"# a\n\0\n", 6, "line 2: a NUL"},
        {"# a\rb\n", 6, "line 1: a carriage return"},
        {"x\n\n```\n## [1.0.0]\n", 18, "line 3: a fence"},
        {"x\n<!-- a\n", 9, "line 2: a comment"},
        {"1.0.0 / 2026-01-01\n------\n", 26, "line 1: a version underlined"},
        {"a\n\n- b\n  ```\n# x\n  ```\n", 23, "line 4: a fence in a list"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct changelog log;
        struct error err;
        assert_int_equal(changelog_parse(&log, cases[i].text, cases[i].len, &err), -1);
        assert_int_equal(err.kind, ERROR_INVALID);
        if (!strstr(err.why, cases[i].line))
            fail_msg("%s, not %s", err.why, cases[i].line);
        assert_true(err.todo[0]);
        assert_null(log.sections);
    }
}

static void test_entries_and_parts(void **state)
{
    (void)state;
    struct changelog log =
        parsed("## [Unreleased]\n\nWords.\n\n### Added\n\n- one\n  more\n  - nested\n\n    deep\n- two\n\n"
               "### Fixes\n* Nothing.\n\n[Unreleased]: https://h/c\n");
    assert_int_equal(log.section_count, 1);
    const struct changelog_section *s = changelog_unreleased(&log);
    assert_int_equal(s->part_count, 3);
    const struct changelog_part *added = &log.parts[s->first_part + 1], *fixes = added + 1;
    assert_int_equal(added->category, CATEGORY_ADDED);
    assert_int_equal(fixes->category, CATEGORY_FIXED);
    assert_span(&log, fixes->name, "Fixes");
    assert_int_equal(added->entry_count, 2);
    assert_span(&log, log.entries[added->first_entry].range, "- one\n  more\n  - nested\n\n    deep\n");
    assert_int_equal(changelog_count_entries(&log, s), 2);
    assert_int_equal(log.reference_count, 1);
    assert_span(&log, log.references[0].label, "Unreleased");
    assert_span(&log, log.references[0].url, "https://h/c");
    assert_int_equal(changelog_line(&log, added->heading.start), 5);
    changelog_clear(&log);
}

static void test_notes(void **state)
{
    (void)state;
    struct changelog log = parsed("## 1.1.0\r\n\r\n- a [#1], [two][#2]\r\n- b\r\n\r\n\r\n## 1.0.0\r\n- c\r\n\r\n"
                                  "[#1]: https://h/1\r\n[#2]: https://h/2\r\n[#3]: https://h/3\r\n");
    struct buf notes = {0};
    changelog_notes(&notes, &log, &log.sections[0]);
    assert_string_equal(buf_string(&notes), "- a [#1], [two][#2]\n- b\n\n[#1]: https://h/1\n[#2]: https://h/2\n");
    buf_truncate(&notes, 0);
    changelog_notes(&notes, &log, &log.sections[1]);
    assert_string_equal(buf_string(&notes), "- c\n");
    buf_clear(&notes);
    changelog_clear(&log);
}

static void test_check(void **state)
{
    (void)state;
    static const char text[] = "# Log\n"
                               "## [1.3.0] - 2026-13-01\n- x\n"   /* 2: bad date, no reference */
                               "## [1.1.0] - 2026-02-01\n- x\n"   /* 4 */
                               "## [1.2.0] - 2026-03-01\n- x\n"   /* 6: order */
                               "## [1.1.0] - 2026-01-15\n"        /* 8: duplicate, empty */
                               "## [1.0]\n- x\n"                  /* 9: no date, no SemVer, no reference */
                               "## Unreleased\n"                  /* 11: below a release */
                               "### Added\n- x\n### Added\n- y\n" /* 14: twice */
                               "\n[1.1.0]: https://h/1\n[1.2.0]: https://h/2\n";
    static const struct {
        size_t line;
        enum finding_kind kind;
    } want[] = {
        {2, FINDING_BAD_DATE},    {2, FINDING_NO_REFERENCE}, {6, FINDING_ORDER},        {8, FINDING_DUPLICATE},
        {8, FINDING_EMPTY},       {9, FINDING_NO_DATE},      {9, FINDING_NO_REFERENCE}, {9, FINDING_NO_SEMVER},
        {11, FINDING_UNRELEASED}, {14, FINDING_CATEGORY},
    };
    struct changelog log = parsed(text);
    struct changelog_findings findings;
    changelog_check(&findings, &log);
    for (size_t i = 0; i < findings.count; i++) {
        struct text words = text_of(&findings.items[i].words);
        if (i >= sizeof(want) / sizeof(want[0]) || findings.items[i].line != want[i].line ||
            findings.items[i].kind != want[i].kind)
            fail_msg("finding %zu: line %zu, %s: %.*s", i, findings.items[i].line,
                     finding_name(findings.items[i].kind), (int)words.len, words.safe);
        assert_true(words.len > 5);
    }
    assert_int_equal(findings.count, sizeof(want) / sizeof(want[0]));
    changelog_findings_clear(&findings);
    changelog_clear(&log);

    log = parsed("## 1.3.0 - 2026-03-01\n- x\n## 1.2.9 - 2026-02-02\n- x\n## 1.1.9 - 2026-02-01\n- x\n"
                 "## 1.2.0 - 2026-01-01\n- x\n");
    changelog_check(&findings, &log);
    assert_int_equal(findings.count, 0); /* a patch of an older line stands by its date */
    changelog_findings_clear(&findings);
    changelog_clear(&log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_headings), cmocka_unit_test(test_not_headings),
        cmocka_unit_test(test_refusals), cmocka_unit_test(test_entries_and_parts),
        cmocka_unit_test(test_notes),    cmocka_unit_test(test_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
