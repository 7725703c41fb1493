#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>
#include <wchar.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"

static void assert_safe(const char *bytes, size_t len, const char *expected)
{
    char out[512];
    struct text text = text_into(out, sizeof(out), bytes, len);
    assert_string_equal(text.safe, expected);
    assert_int_equal(text.len, strlen(expected));
    struct text copy = text_copy_raw(bytes, len);
    assert_true(text_equal(copy, text));
    text_free(&copy);
}

#define SAFE(raw, expected) assert_safe((raw), sizeof(raw) - 1, (expected))

static void plain_text_stays(void **state)
{
    (void)state;
    SAFE("", "");
    SAFE("feat(odds): stream live odds", "feat(odds): stream live odds");
    SAFE("Grüße, Žluťoučký kůň, 日本語, ελληνικά, ⠿⣿", "Grüße, Žluťoučký kůň, 日本語, ελληνικά, ⠿⣿");
    SAFE("back\\slash %s \"quotes\"", "back\\slash %s \"quotes\"");
}

static void controls_become_visible(void **state)
{
    (void)state;
    SAFE("a\nb\rc\td", "a\\nb\\rc\\td");
    SAFE("\0", "\\x00");
    SAFE("\x1b[2J\x07\x08\x7f", "\\x1b[2J\\x07\\x08\\x7f");
    SAFE("\x1b]0;owned\x1b\\", "\\x1b]0;owned\\x1b\\");
    /* One-byte CSI as UTF-8 and as a bare byte. */
    SAFE("\xc2\x9b[31m", "\\u{9b}[31m");
    SAFE("\x9b"
         "31m",
         "\\x9b31m");
}

static void deceivers_become_visible(void **state)
{
    (void)state;
    SAFE("a\u202eb", "a\\u{202e}b");                /* right-to-left override */
    SAFE("a\u2066b\u2069", "a\\u{2066}b\\u{2069}"); /* isolates */
    SAFE("v1\u200b.2", "v1\\u{200b}.2");            /* zero width space */
    SAFE("v1\u200d.2", "v1\\u{200d}.2");            /* joiner */
    SAFE("\ufeffx", "\\u{feff}x");                  /* byte order mark */
    SAFE("so\u00adft", "so\\u{ad}ft");              /* soft hyphen */
    SAFE("a\u2028b\u2029c", "a\\u{2028}b\\u{2029}c");
    SAFE("a\u2003b", "a\\u{2003}b"); /* a space of another width */
    SAFE("a\u3164b\u115f", "a\\u{3164}b\\u{115f}");
    SAFE("a\u180bb", "a\\u{180b}b");
    SAFE("x\U000e0041y", "x\\u{e0041}y"); /* tag letters */
    SAFE("\ue000", "\\u{e000}");          /* private use */
    SAFE("\u0378", "\\u{378}");           /* unassigned */
}

static void invalid_utf8_is_shown_byte_by_byte(void **state)
{
    (void)state;
    SAFE("\xff\xfe", "\\xff\\xfe");
    SAFE("a\xc3", "a\\xc3");
    SAFE("\xc0\xaf", "\\xc0\\xaf");                   /* overlong */
    SAFE("\xed\xa0\x80", "\\xed\\xa0\\x80");          /* surrogate */
    SAFE("\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"); /* beyond Unicode */
    SAFE("\xe2\x82zz", "\\xe2\\x82zz");
}

static void marks_are_counted(void **state)
{
    (void)state;
    SAFE("e\u0301", "e\u0301");
    SAFE("a\u0301\u0302\u0303", "a\u0301\u0302\u0303");
    SAFE("a\u0301\u0302\u0303\u0304", "a\u0301\u0302\u0303\\u{304}");
    SAFE("\u0301a", "\\u{301}a");
    SAFE("a\n\u0301", "a\\n\\u{301}");
    SAFE("\u1112\u1161\u11ab", "\u1112\u1161\u11ab"); /* a Korean syllable in parts */
    SAFE("\u1161", "\\u{1161}");
}

static void selectors_go_where_they_only_choose_a_picture(void **state)
{
    (void)state;
    SAFE("\u2764\ufe0f x", "\u2764 x");
    SAFE("\u2194\ufe0f", "\u2194");
    SAFE("a\ufe0f", "a\\u{fe0f}");
    SAFE("\u2764\U000e0100", "\u2764");
}

/* Every code point there is, behind a letter: what passes has the width terminals give it, and is not dangerous. */
static void every_code_point(void **state)
{
    (void)state;
    assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
    int passed = 0;
    for (int32_t c = 0; c < 0x110000; c++) {
        char raw[8] = "a", out[64];
        if (c >= 0xD800 && c < 0xE000)
            continue;
        size_t len = 1 + (size_t)utf8proc_encode_char(c, (utf8proc_uint8_t *)raw + 1);
        struct text text = text_into(out, sizeof(out), raw, len);
        if (text.len != len || memcmp(text.safe, raw, len) != 0) {
            assert_true(text_is_ascii(text) && text.len > len - 1);
            continue;
        }
        passed++;
        assert_false(c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
                     (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
                     (c >= 0xFFF9 && c <= 0xFFFB) || c >= 0xE0000);
        int width = text_width(text) - 1, theirs = wcwidth((wchar_t)c);
        assert_in_range(width, 0, 2);
        /* Newer than the C library's tables, or of two opinions about ideographic symbols. */
        if (theirs < 0 || (c >= 0x3248 && c <= 0x324F) || (c >= 0x4DC0 && c <= 0x4DFF))
            continue;
        if (width != theirs)
            fail_msg("U+%04X: width %d, the C library says %d", (unsigned)c, width, theirs);
    }
    assert_in_range(passed, 100000, 200000);
}

static void safe_again_is_the_same(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 3000; round++) {
        char raw[48], once[1024], twice[1024];
        size_t len = (size_t)round % sizeof(raw);
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1103515245 + 12345;
            raw[i] = (char)(seed >> 16);
        }
        struct text first = text_into(once, sizeof(once), raw, len);
        assert_true(text_equal(first, text_into(twice, sizeof(twice), first.safe, first.len)));
    }
}

static void small_places_get_whole_characters(void **state)
{
    (void)state;
    const char raw[] = "aé日\x1b\u202e!";
    char whole[64];
    struct text all = text_into(whole, sizeof(whole), raw, sizeof(raw) - 1);
    assert_string_equal(all.safe, "aé日\\x1b\\u{202e}!");
    for (size_t size = 0; size <= all.len + 2; size++) {
        /* Exactly as large as said, so that ASan sees one byte too many. */
        char *out = malloc(size ? size : 1);
        struct text text = text_into(out, size, raw, sizeof(raw) - 1);
        assert_true(text.len <= (size ? size - 1 : 0));
        assert_true(text.len == 0 || memcmp(text.safe, all.safe, text.len) == 0);
        size_t ends[] = {0, 1, 3, 6, 10, 18, 19};
        size_t most = 0;
        for (size_t i = 0; i < COUNT(ends); i++)
            if (size && ends[i] <= size - 1)
                most = ends[i];
        assert_int_equal(text.len, most);
        if (size)
            assert_int_equal(out[text.len], 0);
        free(out);
    }
}

static void formats(void **state)
{
    (void)state;
    char out[16];
    assert_string_equal(text_fmt(out, sizeof(out), "%d of %d", 3, 7).safe, "3 of 7");
    assert_string_equal(text_fmt(out, sizeof(out), "%s", "a\033b").safe, "a\\x1bb");
    assert_string_equal(text_fmt(out, sizeof(out), "%s", "0123456789abcdefgh").safe, "0123456789abcde");
    assert_int_equal(text_fmt(out, 0, "%d", 1).len, 0);
    char long_out[5000];
    struct text text = text_fmt(long_out, sizeof(long_out), "%04000d|\n", 7);
    assert_int_equal(text.len, 4003);
    assert_string_equal(text.safe + 3999, "7|\\n");
}

static void builds(void **state)
{
    (void)state;
    CLEANUP(text_buf_clear) struct text_buf b = {0};
    assert_int_equal(text_of(&b).len, 0);
    text_add(&b, (struct text){0});
    text_add(&b, TEXT("è "));
    text_adds(&b, "a\tb ");
    text_addf(&b, "%s|%d", "\033", 5);
    text_add_raw(&b, "\0", 1);
    assert_string_equal(text_of(&b).safe, "è a\\tb \\x1b|5\\x00");
    text_truncate(&b, 1);
    assert_string_equal(text_of(&b).safe, "");
    text_truncate(&b, 100);
    struct text copy = text_copy(TEXT("x"));
    assert_string_equal(copy.safe, "x");
    text_free(&copy);
    copy = text_copy((struct text){0});
    assert_int_equal(copy.len, 0);
    text_free(&copy);
}

static void slices(void **state)
{
    (void)state;
    struct text text = TEXT("aé日b");
    assert_true(text_equal(text_slice(text, 0, 2), TEXT("a")));
    assert_true(text_equal(text_slice(text, 2, 6), TEXT("é日")));
    assert_true(text_equal(text_slice(text, 0, 999), text));
    assert_int_equal(text_slice(text, 5, 2).len, 0);
    assert_int_equal(text_slice(text, 999, 999).len, 0);
    assert_int_equal(text_slice((struct text){0}, 0, 3).len, 0);
}

static void widths_and_fits(void **state)
{
    (void)state;
    assert_int_equal(text_width((struct text){0}), 0);
    assert_int_equal(text_width(TEXT("abc")), 3);
    assert_int_equal(text_width(TEXT("日本")), 4);
    assert_int_equal(text_width(TEXT("e\u0301x")), 2);
    assert_int_equal(text_width(TEXT("\u1112\u1161\u11ab")), 2);
    assert_int_equal(text_width(TEXT("\u0915\u093e")), 2); /* Devanagari with a spacing vowel */
    int width = 99;
    assert_true(text_equal(text_fit(TEXT("a日本"), 4, &width), TEXT("a日")));
    assert_int_equal(width, 3);
    assert_true(text_equal(text_fit(TEXT("ae\u0301b"), 2, &width), TEXT("ae\u0301")));
    assert_int_equal(text_fit(TEXT("日"), 1, &width).len, 0);
    assert_int_equal(width, 0);
    assert_int_equal(text_fit(TEXT("abc"), 0, NULL).len, 0);
    assert_int_equal(text_fit(TEXT("abc"), -3, NULL).len, 0);
}

static void ellipsis(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), 7, false).safe, "release");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), 6, false).safe, "relea…");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), 6, true).safe, "relea~");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), 1, false).safe, "…");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), 0, false).safe, "");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("release"), -1, false).safe, "");
    assert_string_equal(text_ellipsis(out, sizeof(out), (struct text){0}, 5, false).safe, "");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("日本語"), 4, false).safe, "日…");
    assert_string_equal(text_ellipsis(out, sizeof(out), TEXT("日本語"), 2, false).safe, "…");
    for (size_t size = 0; size < 12; size++)
        for (int columns = -1; columns < 9; columns++) {
            char *small = malloc(size ? size : 1);
            struct text text = text_ellipsis(small, size, TEXT("aé日本x"), columns, false);
            assert_true(text.len <= (size ? size - 1 : 0));
            assert_true(text_width(text) <= (columns < 0 ? 0 : columns));
            free(small);
        }
}

static void compares(void **state)
{
    (void)state;
    assert_true(text_equal((struct text){0}, TEXT("")));
    assert_false(text_equal(TEXT("a"), TEXT("b")));
    assert_false(text_equal(TEXT("a"), TEXT("aa")));
    assert_true(text_is_ascii(TEXT("abc")));
    assert_false(text_is_ascii(TEXT("abç")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_text_stays),
        cmocka_unit_test(controls_become_visible),
        cmocka_unit_test(deceivers_become_visible),
        cmocka_unit_test(invalid_utf8_is_shown_byte_by_byte),
        cmocka_unit_test(marks_are_counted),
        cmocka_unit_test(selectors_go_where_they_only_choose_a_picture),
        cmocka_unit_test(every_code_point),
        cmocka_unit_test(safe_again_is_the_same),
        cmocka_unit_test(small_places_get_whole_characters),
        cmocka_unit_test(formats),
        cmocka_unit_test(builds),
        cmocka_unit_test(slices),
        cmocka_unit_test(widths_and_fits),
        cmocka_unit_test(ellipsis),
        cmocka_unit_test(compares),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
