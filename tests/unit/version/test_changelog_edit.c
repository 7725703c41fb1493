/* Edits of real changelogs and of small ones with the same quirks: only the intended lines differ. */
#include "tests/unit/version/shared_data.h"

#include "base/memory.h"
#include "tests/unit/version/changelog_expected.h"
#include "version/changelog_edit.h"

static const struct changelog_addition additions[] = {
    {CATEGORY_FIXED, "Generated fix", 13},
    {CATEGORY_ADDED, "Generated thing", 15},
};
static const struct changelog_cut cut_99 = {
    .version = "99.0.0",
    .date = "2026-11-22",
    .base_url = "https://example.com/o/r",
    .additions = additions,
    .count = COUNT(additions),
};

/* False when it is not there (and may be). */
static bool load(struct buf *out, const struct expected_edit *e)
{
    struct error err;
    CLEANUP(buf_clear) struct buf name = {0};
    buf_addf(&name, "%s%s", e->shared ? "version-data/changelogs/" : "tests/fixtures/changelogs/", e->file);
    CLEANUP(free_string) char *path = e->shared ? shared_data(name.bytes) : mem_string(name.bytes);
    if (!path)
        return false;
    if (file_read(out, path, 1 << 24, &err))
        fail_msg("%s: %s", err.what, err.why);
    return true;
}

/* Appends the next line of *at, with its end; false at the end. */
static bool copy_line(struct buf *out, const char **at, const char *end)
{
    const char *stop = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    if (*at == end)
        return false;
    stop = stop ? stop + 1 : end;
    if (out)
        buf_add(out, *at, (size_t)(stop - *at));
    *at = stop;
    return true;
}

/* The old bytes with the script done. */
static void expect(struct buf *out, const struct buf *old, const char *script)
{
    const char *at = old->bytes, *end = old->bytes + old->len;
    const char *eol = strstr(old->bytes, "\r\n") ? "\r\n" : "\n";
    long line = 1;
    for (const char *s = script; *s; s = strchr(s, '\n') + 1) {
        int len = (int)strcspn(s, "\n");
        if (*s == '@') {
            for (long to = strtol(s + 1, NULL, 10); line < to; line++)
                copy_line(out, &at, end);
        } else if (*s == '-') {
            assert_true((size_t)(end - at) >= (size_t)len - 1);
            assert_memory_equal(at, s + 1, len - 1);
            copy_line(NULL, &at, end);
            line++;
        } else {
            buf_addf(out, "%.*s%s", len - 1, s + 1, eol);
        }
    }
    buf_add(out, at, (size_t)(end - at));
}

static int edit(struct buf *out, const struct buf *old, const struct expected_edit *e, struct error *err)
{
    if (e->kind == EDIT_ADD)
        return changelog_add(out, old->bytes, old->len, additions, COUNT(additions), err);
    if (e->kind == EDIT_CUT)
        return changelog_cut(out, old->bytes, old->len, &cut_99, err);
    return changelog_yank(out, old->bytes, old->len, e->version, err);
}

static void assert_same(const struct buf *got, const struct buf *want, const struct expected_edit *e,
                        const char *what)
{
    if (got->len == want->len && memcmp(got->bytes, want->bytes, got->len) == 0)
        return;
    size_t at = 0, line = 1;
    while (at < got->len && at < want->len && got->bytes[at] == want->bytes[at])
        line += got->bytes[at++] == '\n';
    fail_msg("%s, edit %d, %s: other bytes from line %zu on: %.80s", e->file, e->kind, what, line, got->bytes + at);
}

/* Once more, the same edit must change nothing, or say that it is done. */
static void assert_repeatable(const struct buf *once, const struct expected_edit *e)
{
    struct error err;
    CLEANUP(buf_clear) struct buf twice = {0};
    int result = edit(&twice, once, e, &err);
    if (e->kind == EDIT_CUT) {
        assert_int_equal(result, -1);
        assert_int_equal(err.kind, ERROR_EXISTS);
        assert_int_equal(twice.len, 0);
        return;
    }
    assert_int_equal(result, 0);
    assert_same(&twice, once, e, "done twice");
}

static void assert_reads_well(const struct buf *old, const struct buf *new, const struct expected_edit *e)
{
    struct changelog before, after;
    struct error err;
    assert_int_equal(changelog_parse(&before, old->bytes, old->len, &err), 0);
    assert_int_equal(changelog_parse(&after, new->bytes, new->len, &err), 0);
    const struct changelog_section *s = NULL;
    if (e->kind == EDIT_YANK) {
        assert_true((s = changelog_find(&after, e->version)) && s->yanked);
    } else if (e->kind == EDIT_CUT) {
        assert_int_equal(after.section_count, before.section_count + 1);
        assert_non_null(s = changelog_find(&after, "99.0.0"));
        assert_ptr_equal(s, changelog_latest(&after));
        const struct changelog_section *was = changelog_unreleased(&before), *now = changelog_unreleased(&after);
        size_t moved = was ? changelog_count_entries(&before, was) : 0;
        assert_int_equal(changelog_count_entries(&after, s), moved + COUNT(additions));
        assert_int_equal(now != NULL, was != NULL);
        if (now)
            assert_int_equal(changelog_count_entries(&after, now), 0);
    } else {
        const struct changelog_section *was = changelog_unreleased(&before);
        assert_non_null(s = changelog_unreleased(&after));
        size_t had = was ? changelog_count_entries(&before, was) : 0;
        assert_int_equal(changelog_count_entries(&after, s), had + COUNT(additions));
    }
    changelog_clear(&before);
    changelog_clear(&after);
}

static void test_only_intended_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(expected_edits); i++) {
        const struct expected_edit *e = &expected_edits[i];
        struct error err;
        CLEANUP(buf_clear) struct buf old = {0};
        CLEANUP(buf_clear) struct buf want = {0};
        CLEANUP(buf_clear) struct buf got = {0};
        if (!load(&old, e))
            continue;
        expect(&want, &old, e->script);
        if (edit(&got, &old, e, &err))
            fail_msg("%s, edit %d: %s: %s", e->file, e->kind, err.what, err.why);
        assert_same(&got, &want, e, "done once");
        assert_repeatable(&got, e);
        assert_reads_well(&old, &got, e);
    }
}

/* A chain of releases, as a year of work does it: every cut reads, and what was written by hand stays. */
static void test_many_cuts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(expected_edits); i++) {
        const struct expected_edit *e = &expected_edits[i];
        struct error err;
        CLEANUP(buf_clear) struct buf now = {0};
        if (e->kind != EDIT_ADD || !load(&now, e))
            continue;
        bool gaps = strstr(now.bytes, "\n\n\n\n");
        for (int n = 0; n < 3; n++) {
            char version[32], tag[40];
            struct buf added = {0}, cut = {0};
            snprintf(version, sizeof(version), "99.%d.0", n);
            snprintf(tag, sizeof(tag), "v99.%d.0", n);
            struct changelog_cut next = {.version = version, .date = "2026-11-22", .tag = tag};
            struct changelog_addition hand = {CATEGORY_CHANGED, version, strlen(version)};
            if (changelog_add(&added, now.bytes, now.len, &hand, 1, &err) ||
                changelog_cut(&cut, added.bytes, added.len, &next, &err))
                fail_msg("%s: %s: %s", e->file, err.what, err.why);
            buf_clear(&added);
            buf_clear(&now);
            now = cut;
            assert_true(gaps || !strstr(now.bytes, "\n\n\n\n"));
        }
        struct changelog log;
        assert_int_equal(changelog_parse(&log, now.bytes, now.len, &err), 0);
        for (int n = 0; n < 3; n++) {
            char version[32];
            snprintf(version, sizeof(version), "99.%d.0", n);
            assert_non_null(changelog_find(&log, version));
        }
        changelog_clear(&log);
    }
}

static void test_from_nothing(void **state)
{
    (void)state;
    struct error err;
    CLEANUP(buf_clear) struct buf added = {0};
    CLEANUP(buf_clear) struct buf cut = {0};
    CLEANUP(buf_clear) struct buf direct = {0};
    assert_int_equal(changelog_add(&added, "", 0, additions, COUNT(additions), &err), 0);
    assert_non_null(
        strstr(added.bytes, "## [Unreleased]\n\n### Added\n\n- Generated thing\n\n### Fixed\n\n- Generated fix\n"));
    struct changelog_cut first = {
        .version = "0.1.0", .date = "2026-11-22", .tag = "v0.1.0", .base_url = "https://h/o/r"};
    assert_int_equal(changelog_cut(&cut, added.bytes, added.len, &first, &err), 0);
    assert_non_null(
        strstr(cut.bytes, "## [Unreleased]\n\n## [0.1.0] - 2026-11-22\n\n### Added\n\n- Generated thing\n"));
    assert_non_null(strstr(cut.bytes, "- Generated fix\n\n[Unreleased]: https://h/o/r/compare/v0.1.0...HEAD\n"
                                      "[0.1.0]: https://h/o/r/releases/tag/v0.1.0\n"));
    first.additions = additions;
    first.count = COUNT(additions);
    assert_int_equal(changelog_cut(&direct, "\n", 1, &first, &err), 0);
    assert_string_equal(direct.bytes, cut.bytes);
    /* The second release updates the first one's links. */
    CLEANUP(buf_clear) struct buf second = {0};
    struct changelog_cut next = {.version = "0.2.0", .date = "2026-11-23"};
    assert_int_equal(changelog_cut(&second, cut.bytes, cut.len, &next, &err), 0);
    assert_non_null(strstr(second.bytes, "[Unreleased]: https://h/o/r/compare/v0.2.0...HEAD\n"
                                         "[0.2.0]: https://h/o/r/compare/v0.1.0...v0.2.0\n[0.1.0]: "));
}

static void test_refusals_of_entries(void **state)
{
    (void)state;
    static const char log[] = "# Changelog\n\n## [Unreleased]\n\n- x\n\n## [1.0.0] - 2026-01-01\n";
    static const char *const bad[] = {
        "", "  \n", "a\x1b[2Jb", "\xff", "open\n```\n", "open\n\n```", "a\n<!-- b\n\nc"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct error err;
        CLEANUP(buf_clear) struct buf out = {0};
        struct changelog_addition a = {CATEGORY_ADDED, bad[i], strlen(bad[i])};
        if (changelog_add(&out, log, strlen(log), &a, 1, &err) == 0)
            fail_msg("taken: %s\n%s", bad[i], out.bytes);
        assert_int_equal(out.len, 0);
        assert_int_equal(err.kind, ERROR_INVALID);
    }
    CLEANUP(buf_clear) struct buf out = {0};
    struct error err;
    /* One that reads well by itself, but hides a release up to what closes it further down. */
    static const char closed[] = "## [Unreleased]\n\n- x\n\n## [1.0.0] - 2026-01-01\n\n</pre>\n";
    struct changelog_addition hiding = {CATEGORY_ADDED, "a\n<pre>", 7};
    assert_int_equal(changelog_add(&out, closed, strlen(closed), &hiding, 1, &err), -1);
    assert_int_equal(out.len, 0);
    /* A heading in an entry stays inside it. */
    struct changelog_addition a = {CATEGORY_ADDED, "one\n## [9.9.9]\nthree", 20};
    struct changelog after;
    assert_int_equal(changelog_add(&out, log, strlen(log), &a, 1, &err), 0);
    assert_int_equal(changelog_parse(&after, out.bytes, out.len, &err), 0);
    assert_int_equal(after.section_count, 2);
    changelog_clear(&after);
}

static void test_refusals_of_cuts(void **state)
{
    (void)state;
    static const struct {
        const char *log, *version, *date;
        enum error_kind kind;
        const char *line;
    } cases[] = {
        {"## [1.0.0] - 2026-01-01\n", "1.0.0", "2026-02-01", ERROR_EXISTS, "line 1"},
        {"## 2.0.0 - TBD\n\n- x\n", "1.5.0", "2026-02-01", ERROR_REFUSED, "line 1"},
        {"## Unreleased\n\n## Next\n\n", "1.0.0", "2026-02-01", ERROR_INVALID, "line 3"},
        {"# Log\n\n## Chapter\n", "1.0.0", "2026-02-01", ERROR_INVALID, "line 3"},
        {"## Unreleased\n", "1.0", "2026-02-01", ERROR_INVALID, "character"},
        {"## Unreleased\n", "1.0.0", "yesterday", ERROR_INVALID, ""},
        {"## Unreleased\n", "1.0.0", "2026-02-01\n## x", ERROR_INVALID, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct error err;
        CLEANUP(buf_clear) struct buf out = {0};
        struct changelog_cut cut = {.version = cases[i].version, .date = cases[i].date};
        assert_int_equal(changelog_cut(&out, cases[i].log, strlen(cases[i].log), &cut, &err), -1);
        assert_int_equal(err.kind, cases[i].kind);
        assert_non_null(strstr(err.why, cases[i].line));
        assert_int_equal(out.len, 0);
    }
    struct error err;
    CLEANUP(buf_clear) struct buf out = {0};
    static const char twice[] = "## 1.0.0\n\n## 1.0.0\n";
    assert_int_equal(changelog_yank(&out, twice, strlen(twice), "1.0.0", &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(changelog_yank(&out, twice, strlen(twice), "3.0.0", &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_intended_lines), cmocka_unit_test(test_many_cuts),
        cmocka_unit_test(test_from_nothing),        cmocka_unit_test(test_refusals_of_entries),
        cmocka_unit_test(test_refusals_of_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
