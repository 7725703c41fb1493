#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "config/scan.h"
#include "tests/support/scratch.h"

static struct scan scanned(const char *bytes)
{
    struct scan scan;
    scan_config(&scan, bytes, strlen(bytes));
    return scan;
}

static void expect(const struct scan *scan, size_t i, const char *name, const char *value, int line)
{
    assert_true(i < scan->count);
    assert_string_equal(scan->items[i].name, name);
    assert_string_equal(scan->items[i].value, value);
    assert_int_equal(scan->items[i].line, line);
}

static void names_values_and_lines(void **state)
{
    (void)state;
    struct scan scan = scanned("# top\n[Release]\n  Mode = direct\n\n[service \"Api.x\"]\n\tpath=a b  \n");
    assert_int_equal(scan.count, 2);
    expect(&scan, 0, "release.mode", "direct", 3);
    expect(&scan, 1, "service.Api.x.path", "a b", 6);
    assert_int_equal(scan.error_line, 0);
    scan_clear(&scan);
}

static void values_go_on_and_are_unquoted(void **state)
{
    (void)state;
    struct scan scan = scanned("[a]\nb = one \\\n  two\nc = \" x # y \"z\\n\\t\\\\\\\"\nd\n[e] f = 1\n");
    assert_int_equal(scan.count, 4);
    expect(&scan, 0, "a.b", "one   two", 2);
    expect(&scan, 1, "a.c", " x # y z\n\t\\\"", 4);
    expect(&scan, 2, "a.d", "", 5);
    expect(&scan, 3, "e.f", "1", 6);
    assert_false(scan.items[1].cut);
    scan_clear(&scan);
}

static void subsections_keep_their_quotes(void **state)
{
    (void)state;
    struct scan scan = scanned("[s \"a\\\"b\\\\c\"]\nk = v\n[S.Old]\nk = w\r\n");
    expect(&scan, 0, "s.a\"b\\c.k", "v", 2);
    expect(&scan, 1, "s.old.k", "w", 4);
    scan_clear(&scan);
}

/* A comment with blanks around its sign is one; anything else was probably meant as a value. */
static void what_was_cut_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
        bool cut;
    } cases[] = {
        {"[a]\nb = v # a comment\n", "v", false},
        {"[a]\nb = v ; a comment\n", "v", false},
        {"[a]\nb = fixes #12\n", "fixes", true},
        {"[a]\nb = a;b\n", "a", true},
        {"[a]\nb = #def\n", "", true},
        {"[a]\nb = \"a;b\"\n", "a;b", false},
        {"[a]\nb = a# comment\n", "a", true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scan scan = scanned(cases[i].text);
        expect(&scan, 0, "a.b", cases[i].value, 2);
        assert_int_equal(scan.items[0].cut, cases[i].cut);
        scan_clear(&scan);
    }
}

static void gives_up_with_the_line(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int line;
    } cases[] = {
        {"[a]\nb = 1\n[unclosed\nc = 2\n", 3},
        {"[a]\n\nb = \"open\n", 3},
        {"b = 1\n", 1},
        {"[a]\n1x = 2\n", 2},
        {"[a]\nb = \\q\n", 2},
        {"[]\n", 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct scan scan = scanned(cases[i].text);
        assert_int_equal(scan.error_line, cases[i].line);
        scan_clear(&scan);
    }
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    (void)state;
    struct scan scan = scanned("\xef\xbb\xbf[a]\nb = 1");
    expect(&scan, 0, "a.b", "1", 2);
    scan_clear(&scan);
}

/* What git itself makes of the same bytes is what counts: name, newline, value, NUL of `git config --list -z`. */
static void git_reads_the_same(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[a]b=1\n[A \"X\"] C = 2 ; d\n",
        "[a]\n\tb = x\\\n   y \\\n  z\n",
        "[a]\nb = \"  quoted  \"  tail  # c\n",
        "[a]\nb = one \"two # three\" four;five\n",
        "[a]\r\nb = dos\r\nc = \"d\"\r\n",
        "[a \"s\\\"u\\\\b ]\"]\nb=1\n",
        "[a.B.c]\nd-e = \\t\\n\\b\\\\\n",
        "# c\n; d\n\n[a] # e\n  c=\n",
        "[a]\nb = \"x\\\ny\"\n",
        "[a]\nb = a b   c\n",
        "\xef\xbb\xbf[a]\nb = bom\n",
        "[a]\nb = no end",
        "[a \"\"]\nb = c\n",
    };
    char *directory = scratch_make();
    CLEANUP(free_string) char *file = path_join(directory, "config");
    for (size_t i = 0; i < COUNT(texts); i++) {
        const char *const argv[] = {"git", "config", "--no-includes", "-f", file, "-z", "--list", NULL};
        struct process_result result;
        struct error err;
        const struct call call = {0};
        struct buf ours = {0};
        assert_int_equal(file_write(file, texts[i], strlen(texts[i]), 0600, &err), 0);
        assert_int_equal(process_run(&result, &(struct process){.argv = argv}, &call, &err), 0);
        if (result.status)
            fail_msg("git refuses %s: %s", texts[i], buf_string(&result.err));
        struct scan scan = scanned(texts[i]);
        for (size_t j = 0; j < scan.count; j++) {
            bool bare = !*scan.items[j].value && !memchr(result.out.bytes, '=', result.out.len) &&
                        result.out.len > ours.len + strlen(scan.items[j].name) &&
                        !result.out.bytes[ours.len + strlen(scan.items[j].name)];
            buf_addf(&ours, bare ? "%s" : "%s\n%s", scan.items[j].name, scan.items[j].value);
            buf_addc(&ours, 0);
        }
        if (ours.len != result.out.len || memcmp(buf_string(&ours), result.out.bytes, ours.len) != 0)
            fail_msg("git reads something else in %s", texts[i]);
        scan_clear(&scan);
        buf_clear(&ours);
        process_result_clear(&result);
    }
    scratch_remove(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_values_and_lines),
        cmocka_unit_test(values_go_on_and_are_unquoted),
        cmocka_unit_test(subsections_keep_their_quotes),
        cmocka_unit_test(what_was_cut_is_told),
        cmocka_unit_test(gives_up_with_the_line),
        cmocka_unit_test(a_byte_order_mark_is_passed_over),
        cmocka_unit_test(git_reads_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
