#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/canvas.h"

static void assert_dump(const struct canvas *canvas, const char *want)
{
    struct buf dump = {0};
    canvas_dump(canvas, &dump);
    assert_string_equal(buf_string(&dump), want);
    buf_clear(&dump);
}

static void assert_whole(const struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows; row++) {
        for (int col = 0; col < canvas->cols; col++) {
            const struct cell *cell = canvas_at(canvas, row, col);
            assert_in_range(cell->width, 0, 2);
            assert_int_not_equal(cell->style.ground, GROUND_KEEP);
            assert_true((cell->width == 0) == (cell->len == 0));
            if (cell->width == 0)
                assert_true(col > 0 && cell[-1].width == 2);
            if (cell->width == 2)
                assert_true(col + 1 < canvas->cols && cell[1].width == 0);
            for (int i = cell->len; i < CELL_BYTES; i++)
                assert_int_equal(cell->bytes[i], 0);
        }
    }
}

static void test_wide_are_never_split(void **state UNUSED)
{
    struct canvas canvas;
    canvas_init(&canvas, 2, 6, GLYPHS_BRAILLE);
    assert_int_equal(canvas_text(&canvas, 0, 0, TEXT("漢字漢字"), STYLE(TEXT)), 8);
    assert_dump(&canvas, "漢字漢\n\n");
    canvas_text(&canvas, 0, 1, TEXT("x"), STYLE(TEXT));
    assert_dump(&canvas, " x字漢\n\n");
    canvas_text(&canvas, 0, 3, TEXT("漢"), STYLE(TEXT));
    assert_dump(&canvas, " x 漢\n\n");
    canvas_text(&canvas, 1, 5, TEXT("漢"), STYLE(TEXT)); /* half of it would be outside */
    canvas_text(&canvas, 1, -1, TEXT("漢ab"), STYLE(TEXT));
    assert_dump(&canvas, " x 漢\n ab\n");
    assert_whole(&canvas);
    for (int col = -3; col < 9; col++) {
        canvas_text(&canvas, 0, col, TEXT("a漢e\u0301字"), STYLE(DANGER));
        assert_whole(&canvas);
        canvas_fill(&canvas, (struct rect){0, col, 1, 2}, STYLE(TEXT));
        assert_whole(&canvas);
    }
    canvas_clear(&canvas);
}

static void test_clip(void **state UNUSED)
{
    struct canvas canvas;
    canvas_init(&canvas, 4, 8, GLYPHS_BRAILLE);
    struct rect old = canvas_clip(&canvas, (struct rect){1, 2, 2, 4});
    for (int row = -2; row < 6; row++)
        canvas_text(&canvas, row, -5, TEXT("0123456789012345678"), STYLE(TEXT));
    canvas_cursor(&canvas, 0, 0);
    assert_false(canvas.cursor_shown);
    canvas_cursor(&canvas, 1, 2);
    assert_true(canvas.cursor_shown);
    struct rect inner = canvas_clip(&canvas, (struct rect){-100, -100, 1000, 103});
    canvas_fill(&canvas, (struct rect){-1000, -1000, 3000, 3000}, STYLE(TEXT));
    canvas_unclip(&canvas, inner);
    assert_dump(&canvas, "\n   890\n   890\n\n");
    canvas_unclip(&canvas, old);
    canvas_text(&canvas, INT32_MAX, INT32_MIN, TEXT("x"), STYLE(TEXT));
    canvas_text(&canvas, 0, INT32_MAX, TEXT("x"), STYLE(TEXT));
    canvas_fill(&canvas, (struct rect){INT32_MIN, INT32_MIN, INT32_MAX, INT32_MAX}, STYLE(TEXT));
    canvas_fill(&canvas, (struct rect){2, 2, INT32_MAX, INT32_MAX}, STYLE(TEXT));
    assert_dump(&canvas, "\n   890\n\n\n");
    canvas_clear(&canvas);
}

static void test_text_in(void **state UNUSED)
{
    struct canvas canvas;
    canvas_init(&canvas, 6, 10, GLYPHS_BRAILLE);
    canvas_text_in(&canvas, 0, 0, 6, TEXT("version"), STYLE(TEXT), ALIGN_LEFT);
    canvas_text_in(&canvas, 1, 0, 10, TEXT("right"), STYLE(TEXT), ALIGN_RIGHT);
    canvas_text_in(&canvas, 2, 0, 10, TEXT("mid"), STYLE(TEXT), ALIGN_CENTER);
    canvas_text_in(&canvas, 3, 0, 4, TEXT("漢字漢"), STYLE(TEXT), ALIGN_LEFT);
    canvas_text_in(&canvas, 4, 0, 0, TEXT("x"), STYLE(TEXT), ALIGN_LEFT);
    canvas_text_in(&canvas, 5, 0, 1, TEXT("xy"), STYLE(TEXT), ALIGN_LEFT);
    assert_dump(&canvas, "versi…\n     right\n   mid\n漢…\n\n…\n");
    canvas.glyphs = GLYPHS_ASCII;
    canvas_text_in(&canvas, 0, 0, 6, TEXT("version"), STYLE(TEXT), ALIGN_LEFT);
    assert_string_equal(canvas_at(&canvas, 0, 5)->bytes, "~");
    canvas_clear(&canvas);
}

static void test_styles(void **state UNUSED)
{
    struct canvas canvas;
    struct buf dump = {0};
    canvas_init(&canvas, 2, 8, GLYPHS_BRAILLE);
    canvas_fill(&canvas, (struct rect){1, 0, 1, 6}, STYLE_ON(TEXT, SELECTED));
    canvas_text(&canvas, 1, 1, TEXT("no"), STYLE(DANGER)); /* keeps the ground that is there */
    canvas_attribute(&canvas, (struct rect){0, 0, 1, 2}, ATTRIBUTE_DIM | ATTRIBUTE_BOLD);
    canvas_ground(&canvas, (struct rect){0, 4, 1, 1}, GROUND_ALARM);
    canvas_ground(&canvas, (struct rect){0, 5, 1, 1}, GROUND_KEEP);
    canvas_dump_styles(&canvas, &dump);
    assert_string_equal(buf_string(&dump), "aa..b\ncddccc\na text on screen bold dim\nb text on alarm\n"
                                           "c text on selected\nd danger on selected\n");
    buf_clear(&dump);
    canvas_clear(&canvas);
}

static void test_rects(void **state UNUSED)
{
    struct rect all = {0, 0, 24, 80};
    struct rect top = rect_cut_top(&all, 3), bottom = rect_cut_bottom(&all, 2), left = rect_cut_left(&all, 30),
                right = rect_cut_right(&all, 100);
    assert_memory_equal(&top, (&(struct rect){0, 0, 3, 80}), sizeof(top));
    assert_memory_equal(&bottom, (&(struct rect){22, 0, 2, 80}), sizeof(top));
    assert_memory_equal(&left, (&(struct rect){3, 0, 19, 30}), sizeof(top));
    assert_memory_equal(&right, (&(struct rect){3, 30, 19, 50}), sizeof(top));
    assert_int_equal(all.cols, 0);
    assert_int_equal(rect_inside((struct rect){0, 0, 1, 5}, 1).rows, 0);
    assert_int_equal(rect_meet((struct rect){0, 0, 2, 2}, (struct rect){5, 5, 2, 2}).rows, 0);
}

static void test_glyphs(void **state UNUSED)
{
    for (int set = 0; set < GLYPHS_SETS; set++) {
        for (int glyph = 0; glyph < GLYPH_COUNT; glyph++) {
            assert_int_equal(text_width(glyph_text(set, glyph)), 1);
            assert_true(set != GLYPHS_ASCII || text_is_ascii(glyph_text(set, glyph)));
        }
        for (unsigned step = 0; step < 2 * SPINNER_STEPS; step++)
            assert_int_equal(text_width(glyph_spinner(set, step)), 1);
    }
    assert_int_equal(glyphs_choose("auto", true), GLYPHS_BRAILLE);
    assert_int_equal(glyphs_choose("auto", false), GLYPHS_ASCII);
    assert_int_equal(glyphs_choose("braille", false), GLYPHS_ASCII);
    assert_int_equal(glyphs_choose("blocks", true), GLYPHS_BLOCKS);
    assert_int_equal(glyphs_choose("ascii", true), GLYPHS_ASCII);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wide_are_never_split),
        cmocka_unit_test(test_clip),
        cmocka_unit_test(test_text_in),
        cmocka_unit_test(test_styles),
        cmocka_unit_test(test_rects),
        cmocka_unit_test(test_glyphs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
