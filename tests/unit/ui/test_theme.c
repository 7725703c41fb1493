/* Every theme of the binary: complete, readable, and the meanings told apart, also without green cones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/colour.h"
#include "ui/theme.h"

/*
 * WCAG 2.1, 1.4.3: 4.5 to 1; 1.4.6 (AAA): 7 to 1. The border is no text and may be fainter, but must be seen.
 * Delta E (CIE76) of 12 is about five times what is just noticeable: two words far apart on a screen still differ.
 */
static const double least_contrast = 4.5, least_high_contrast = 7, least_border = 1.2, least_distance = 12;

static struct theme load(const char *name)
{
    struct theme theme;
    struct error err = {0};
    if (theme_load(&theme, name, false, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    return theme;
}

static int32_t rgb_at(int32_t rgb, bool reduced)
{
    return reduced ? colour_of_256(colour_to_256(rgb)) : rgb;
}

static void check_contrast(const struct theme *theme, bool reduced)
{
    bool high = strcmp(theme->name, "high-contrast") == 0 && !reduced;
    for (int m = 0; m < MEANING_COUNT; m++) {
        for (int g = GROUND_SCREEN; g < GROUND_COUNT; g++) {
            int32_t fore = theme->meaning[m].rgb, back = theme->ground[g].rgb;
            double least = m == MEANING_BORDER ? least_border : high ? least_high_contrast : least_contrast;
            if (fore == COLOUR_DEFAULT || back == COLOUR_DEFAULT || (m == MEANING_BORDER && reduced))
                continue;
            double contrast = colour_contrast(rgb_at(fore, reduced), rgb_at(back, reduced));
            if (contrast < least)
                fail_msg("%s: %s on %s has a contrast of %.2f%s", theme->name, meaning_name(m), ground_name(g),
                         contrast, reduced ? " with 256 colours" : "");
        }
    }
}

static void check_distinct(const struct theme *theme, bool reduced)
{
    static const enum meaning apart[] = {MEANING_DANGER, MEANING_WARNING, MEANING_SUCCESS, MEANING_STABLE,
                                         MEANING_CANARY};
    for (size_t i = 0; i < COUNT(apart); i++) {
        for (size_t j = i + 1; j < COUNT(apart); j++) {
            int32_t a = theme->meaning[apart[i]].rgb, b = theme->meaning[apart[j]].rgb;
            if (a == COLOUR_DEFAULT || b == COLOUR_DEFAULT)
                continue;
            a = rgb_at(a, reduced);
            b = rgb_at(b, reduced);
            double seen = colour_distance(a, b),
                   blind = colour_distance(colour_deuteranopia(a), colour_deuteranopia(b));
            if (seen < least_distance || blind < least_distance)
                fail_msg("%s: %s and %s are %.1f apart, %.1f under deuteranopia%s", theme->name,
                         meaning_name(apart[i]), meaning_name(apart[j]), seen, blind,
                         reduced ? " with 256 colours" : "");
        }
    }
}

static void test_every_theme(void **state UNUSED)
{
    size_t count = 0;
    for (; theme_name(count); count++) {
        struct theme theme = load(theme_name(count));
        for (int reduced = 0; reduced < 2; reduced++) {
            check_contrast(&theme, reduced);
            check_distinct(&theme, reduced);
        }
    }
    assert_int_equal(count, 5);
}

static void test_mathematics(void **state UNUSED)
{
    assert_float_equal(colour_contrast(0x000000, 0xffffff), 21, 0.001);
    assert_float_equal(colour_contrast(0x777777, 0xffffff), 4.48, 0.005);
    assert_float_equal(colour_contrast(0xffffff, 0x777777), 4.48, 0.005);
    assert_float_equal(colour_distance(0x808080, 0x808080), 0, 0.001);
    assert_float_equal(colour_distance(0x000000, 0xffffff), 100, 0.05);
    /* Greys stay as they are; red and green of like lightness fall together, blue does not. */
    assert_true(colour_distance(colour_deuteranopia(0x777777), 0x777777) < 1);
    assert_true(colour_distance(colour_deuteranopia(0xc04000), colour_deuteranopia(0x807800)) <
                colour_distance(0xc04000, 0x807800) / 2);
    assert_int_equal(colour_to_256(0xff0000), 196);
    assert_int_equal(colour_to_256(0x080808), 232);
    assert_int_equal(colour_to_256(0x5f87d7), 68);
    assert_int_equal(colour_to_16(0xff0000), 9);
    assert_int_equal(colour_to_16(0x010101), 0);
}

static void test_depth(void **state UNUSED)
{
    assert_int_equal(theme_depth("auto", 256, NULL, "truecolor"), DEPTH_TRUE);
    assert_int_equal(theme_depth("auto", 256, NULL, "24bit"), DEPTH_TRUE);
    assert_int_equal(theme_depth("auto", 256, NULL, NULL), DEPTH_256);
    assert_int_equal(theme_depth("auto", 256, "", NULL), DEPTH_256);
    assert_int_equal(theme_depth("auto", 1 << 24, NULL, NULL), DEPTH_TRUE);
    assert_int_equal(theme_depth("auto", 256, "1", "truecolor"), DEPTH_NONE);
    assert_int_equal(theme_depth("256", 256, "1", NULL), DEPTH_256);
    assert_int_equal(theme_depth("true", 8, NULL, NULL), DEPTH_16);
    assert_int_equal(theme_depth("16", 256, NULL, NULL), DEPTH_16);
    assert_int_equal(theme_depth("auto", 0, NULL, "truecolor"), DEPTH_NONE);
    assert_int_equal(theme_depth("auto", -1, NULL, NULL), DEPTH_NONE);
}

static void test_background(void **state UNUSED)
{
    assert_true(theme_light_background("0;15"));
    assert_true(theme_light_background("0;default;7"));
    assert_false(theme_light_background("15;0"));
    assert_false(theme_light_background(""));
    assert_false(theme_light_background(NULL));
    struct theme theme;
    struct error err;
    assert_int_equal(theme_load(&theme, "auto", true, &err), 0);
    assert_true(theme.light);
    assert_int_equal(theme_load(&theme, "auto", false, &err), 0);
    assert_false(theme.light);
}

/* Where grounds have no colour, the selected row and an alarm must still stand out, and the whole row alike. */
static void test_looks_without_grounds(void **state UNUSED)
{
    for (size_t i = 0; theme_name(i); i++) {
        struct theme theme = load(theme_name(i));
        for (enum depth depth = DEPTH_NONE; depth <= DEPTH_16; depth++) {
            for (int m = 0; m < MEANING_COUNT; m++) {
                struct look look = theme_look(&theme, depth, (struct style){(uint8_t)m, GROUND_SELECTED, 0});
                assert_int_equal(look.back, COLOUR_DEFAULT);
                assert_int_equal(look.fore, COLOUR_DEFAULT);
                assert_true(look.attributes & ATTRIBUTE_REVERSE);
                assert_false(look.attributes & ATTRIBUTE_DIM);
            }
        }
        for (int m = 0; m < MEANING_COUNT; m++)
            if (theme.meaning[m].rgb != COLOUR_DEFAULT)
                assert_false(theme_look(&theme, DEPTH_256, (struct style){(uint8_t)m, GROUND_SCREEN, 0}).attributes &
                             ATTRIBUTE_DIM);
        struct look look = theme_look(&theme, DEPTH_NONE, (struct style){MEANING_DANGER, GROUND_SCREEN, 0});
        assert_int_equal(look.fore, COLOUR_DEFAULT);
    }
}

static void assert_refused(const char *text, const char *why)
{
    struct theme theme;
    struct error err = {0};
    assert_int_equal(theme_parse(&theme, "mine", text, strlen(text), &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    if (!strstr(err.why, why))
        fail_msg("\"%s\" does not say \"%s\"", err.why, why);
}

static void test_strict(void **state UNUSED)
{
    assert_refused("", "kind");
    assert_refused("kind = dark\n", "\"text\" is missing");
    assert_refused("kind = dim\n", "mine:1: kind is dark or light");
    assert_refused("kind = dark\nkind = dark\n", "mine:2: \"kind\" is given twice");
    assert_refused("# a\n\ntext = #12345\n", "mine:3: \"#12345\" is no colour");
    assert_refused("text = #1234567\n", "is no colour");
    assert_refused("text = #12345g\n", "is no colour");
    assert_refused("txet = #123456\n", "mine:1: \"txet\" is neither");
    assert_refused("ground.keep = #123456\n", "neither a meaning nor a ground");
    assert_refused("text = #123456 bold bold\n", "\"bold\"");
    assert_refused("text = #123456 purple\n", "\"purple\"");
    assert_refused("text = #123456\ntext = #123456\n", "mine:2: \"text\" is given twice");
    assert_refused("text #123456\n", "NAME = COLOUR");
    assert_refused("text =\n", "NAME = COLOUR");
    assert_refused("text = #123456 red bold dim underline reverse italic bold\n", "mine:1");
    struct theme theme;
    struct error err;
    assert_int_equal(theme_parse(&theme, "mine", "kind = dark\0", 12, &err), -1);
    assert_int_equal(theme_load(&theme, "no-such", false, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.why, "high-contrast"));
    assert_int_equal(theme_load(&theme, "./no-such.theme", false, &err), -1);
    assert_int_equal(theme_load(&theme, "themes/light.theme", false, &err), 0);
    assert_true(theme.light);
    assert_int_equal(theme.meaning[MEANING_TITLE].attributes, ATTRIBUTE_BOLD);
    assert_int_equal(theme.meaning[MEANING_MUTED].basic, COLOUR_DEFAULT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_theme), cmocka_unit_test(test_mathematics),
        cmocka_unit_test(test_depth),       cmocka_unit_test(test_background),
        cmocka_unit_test(test_strict),      cmocka_unit_test(test_looks_without_grounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
