/* Widgets on a canvas: what they draw and what keys do to them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/pty.h"
#include "ui/widget/dialog.h"
#include "ui/widget/editor.h"
#include "ui/widget/frame.h"
#include "ui/widget/fuzzy.h"
#include "ui/widget/line.h"
#include "ui/widget/menu.h"
#include "ui/widget/table.h"
#include "ui/widget/textview.h"

static struct key key_of(const char *name)
{
    struct key key;
    if (!key_parse(&key, name))
        fail_msg("%s is no key", name);
    return key;
}

static void golden(const struct canvas *canvas, const char *name)
{
    struct buf dump = {0};
    canvas_dump(canvas, &dump);
    canvas_dump_styles(canvas, &dump);
    golden_compare(name, &dump);
    buf_clear(&dump);
}

static struct event key_event(const char *name)
{
    return (struct event){.kind = EVENT_KEY, .key = key_of(name)};
}

/* --- table -------------------------------------------------------------------------------------------------------- */

static const struct column columns[] = {
    {.title = TEXT("version"), .wish = 12, .least = 8},
    {.title = TEXT("when"), .wish = 6, .least = 5, .drop = 2},
    {.title = TEXT("commit"), .wish = 9, .least = 9, .drop = 3},
    {.title = TEXT("notes"), .wish = 10, .least = 6, .grow = 1, .drop = 1, .align = ALIGN_RIGHT},
};

static size_t asked;

static void table_row(void *context UNUSED, size_t row, struct table_cell *cells, char *scratch, size_t size)
{
    asked++;
    cells[0] = (struct table_cell){text_fmt(scratch, size, "v1.%zu.0", row), STYLE(STRONG)};
    cells[1] = (struct table_cell){TEXT("2 h"), STYLE(MUTED)};
    cells[2] = (struct table_cell){TEXT("9a8b7c6"), STYLE(MUTED)};
    cells[3] = (struct table_cell){TEXT("ready 6/7"), STYLE(SUCCESS)};
}

static const struct table table = {.columns = columns, .column_count = 4, .heading = true, .row = table_row};

static void test_table_draws(void **state UNUSED)
{
    struct canvas canvas;
    struct table_place place = {.selected = 2};
    canvas_init(&canvas, 6, 60, GLYPHS_BRAILLE);
    asked = 0;
    table_draw(&canvas, canvas_rect(&canvas), &table, &place, 1000000, NULL);
    assert_int_equal(asked, 5); /* only what is seen */
    golden(&canvas, "widget-table");
    canvas_reset(&canvas, 6, 24);
    place.selected = 999999;
    table_draw(&canvas, canvas_rect(&canvas), &table, &place, 1000000, NULL);
    assert_int_equal(place.top, 999995);
    golden(&canvas, "widget-table-narrow");
    canvas_clear(&canvas);
}

static void test_table_widths(void **state UNUSED)
{
    int widths[TABLE_COLUMNS];
    for (int cols = 1; cols < 120; cols++) {
        int total = 0;
        table_widths(&table, cols, widths);
        for (int i = 0; i < 4; i++) {
            assert_true(widths[i] == 0 || widths[i] >= columns[i].least);
            total += widths[i] ? widths[i] + (total ? 2 : 0) : 0;
        }
        assert_int_not_equal(widths[0], 0);
        assert_true(total <= cols || cols < 8);
        assert_true(cols < 43 || total == cols); /* what is over is shared out */
        assert_true(!widths[2] || widths[1]);    /* the highest drop goes first */
        assert_true(!widths[1] || widths[3]);
    }
}

static void test_table_keys(void **state UNUSED)
{
    struct table_place place = {0};
    assert_true(table_key(&place, key_of("j"), 100, 10));
    assert_true(table_key(&place, key_of("down"), 100, 10));
    assert_int_equal(place.selected, 2);
    assert_true(table_key(&place, key_of("G"), 100, 10));
    assert_int_equal(place.selected, 99);
    assert_int_equal(place.top, 90);
    assert_true(table_key(&place, key_of("j"), 100, 10));
    assert_int_equal(place.selected, 99);
    assert_true(table_key(&place, key_of("page-up"), 100, 10));
    assert_int_equal(place.selected, 90);
    assert_true(table_key(&place, key_of("g"), 100, 10));
    assert_true(table_key(&place, key_of("k"), 100, 10));
    assert_int_equal(place.selected, 0);
    assert_true(table_key(&place, key_of("ctrl-d"), 100, 10));
    assert_int_equal(place.selected, 5);
    assert_false(table_key(&place, key_of("x"), 100, 10));
    assert_false(table_key(&place, key_of("alt-j"), 100, 10));
    assert_true(table_key(&place, key_of("j"), 0, 10) || true);
    table_keep(&place, 0, 10);
    assert_int_equal(place.selected, 0);
    size_t row;
    struct rect rect = {2, 0, 11, 40};
    place = (struct table_place){.selected = 20, .top = 15};
    assert_true(table_row_at(&table, &place, rect, 100, 3, 5, &row));
    assert_int_equal(row, 15);
    assert_false(table_row_at(&table, &place, rect, 100, 2, 5, &row));
    assert_false(table_row_at(&table, &place, rect, 16, 4, 5, &row));
}

/* --- typing ------------------------------------------------------------------------------------------------------- */

static void type(struct field *field, const char *keys[])
{
    for (; *keys; keys++)
        assert_true(field_key(field, key_of(*keys)));
}

static void test_field(void **state UNUSED)
{
    struct field field = {0};
    type(&field, (const char *[]){"a", "é", "漢", "left", "x", NULL});
    assert_string_equal(field_value(&field), "aéx漢");
    type(&field, (const char *[]){"backspace", "backspace", "ctrl-e", "!", "home", "delete", NULL});
    assert_string_equal(field_value(&field), "漢!");
    field_set(&field, "one two  three");
    type(&field, (const char *[]){"ctrl-w", "alt-b", NULL});
    assert_string_equal(field_value(&field), "one two  ");
    assert_int_equal(field.cursor, 4);
    type(&field, (const char *[]){"ctrl-k", "ctrl-a", "ctrl-d", "ctrl-u", NULL});
    assert_string_equal(field_value(&field), "ne ");
    assert_false(field_key(&field, key_of("enter")));
    assert_false(field_key(&field, key_of("esc")));
    assert_false(field_key(&field, key_of("tab")));
    assert_false(field_key(&field, key_of("up")));
    field_set(&field, "");
    field_paste(&field, "a\r\nb\tc\x1b[31m\xff\xc2\x9b!", 15);
    assert_string_equal(field_value(&field), "a b c[31m!");
    field.limit = 12;
    field_paste(&field, "漢字漢字", 12);
    assert_int_equal(field.value.len, 10); /* no part of a character */
    field_clear(&field);
}

static void test_field_draws(void **state UNUSED)
{
    struct canvas canvas;
    struct field field = {0}, secret = {.secret = true};
    canvas_init(&canvas, 3, 12, GLYPHS_BRAILLE);
    field_draw(&canvas, 0, 0, 8, &field, TEXT("reason"), true);
    field_set(&field, "a long text");
    field_draw(&canvas, 1, 0, 8, &field, TEXT("reason"), true);
    assert_int_equal(canvas.cursor_col, 7);
    field_set(&secret, "päss");
    field_draw(&canvas, 2, 0, 8, &secret, TEXT(""), false);
    struct buf dump = {0};
    canvas_dump(&canvas, &dump);
    assert_string_equal(buf_string(&dump), "reason\nng text\n****\n");
    buf_clear(&dump);
    field_click(&field, 2);
    assert_int_equal(field.cursor, 6);
    field_clear(&field);
    field_clear(&secret);
    canvas_clear(&canvas);
}

static void test_editor(void **state UNUSED)
{
    struct canvas canvas;
    struct editor editor = {0};
    canvas_init(&canvas, 5, 21, GLYPHS_BRAILLE);
    editor_set(&editor, "- Live odds in the match view (#412)\r\n- Fixed", 45);
    editor_draw(&canvas, canvas_rect(&canvas), &editor, true);
    golden(&canvas, "widget-editor");
    assert_true(editor_key(&editor, key_of("down")));
    assert_true(editor_key(&editor, key_of("end")));
    assert_int_equal(editor.cursor, 36); /* of the true line */
    assert_true(editor_key(&editor, key_of("enter")));
    assert_true(editor_key(&editor, key_of("x")));
    assert_true(editor_key(&editor, key_of("y")));
    assert_string_equal(editor_value(&editor), "- Live odds in the match view (#412)\nxy\n- Fixed");
    assert_true(editor_key(&editor, key_of("ctrl-_")));
    assert_string_equal(editor_value(&editor), "- Live odds in the match view (#412)\n\n- Fixed");
    editor_paste(&editor, "a\tb\x1b", 4);
    assert_string_equal(editor_value(&editor), "- Live odds in the match view (#412)\na    b\n- Fixed");
    assert_true(editor.changed);
    for (int i = 0; i < 200; i++) {
        assert_true(editor_key(&editor, key_of(i % 3 == 0 ? "backspace" : i % 3 == 1 ? "up" : "page-down")));
        editor_draw(&canvas, canvas_rect(&canvas), &editor, true);
        assert_true(editor.cursor <= editor.value.len);
    }
    assert_false(editor_key(&editor, key_of("esc")));
    editor_clear(&editor);
    canvas_clear(&canvas);
}

/* Every cursor position of every width is on the screen, and up after down comes back. */
static void test_editor_wraps_everywhere(void **state UNUSED)
{
    static const char value[] = "one two three\n\n漢字漢字 e\u0301e\u0301 averyveryverylongword end \nlast";
    for (int cols = 2; cols < 30; cols++) {
        struct canvas canvas;
        struct editor editor = {0};
        canvas_init(&canvas, 4, cols, GLYPHS_BRAILLE);
        editor_set(&editor, value, sizeof(value) - 1);
        for (size_t steps = 0; editor.cursor < editor.value.len; steps++) {
            assert_true(steps < sizeof(value));
            editor_draw(&canvas, canvas_rect(&canvas), &editor, true);
            assert_true(canvas.cursor_shown);
            editor_key(&editor, key_of("right"));
        }
        for (int i = 0; i < 60 && editor.cursor; i++) {
            editor_key(&editor, key_of("up"));
            editor_key(&editor, key_of("home"));
            editor_draw(&canvas, canvas_rect(&canvas), &editor, true);
        }
        assert_int_equal(editor.cursor, 0);
        editor_clear(&editor);
        canvas_clear(&canvas);
    }
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

static int score(const char *pattern, struct text text)
{
    struct fuzzy_match match;
    return fuzzy_match(&match, pattern, text) ? match.score : -1;
}

static void test_fuzzy(void **state UNUSED)
{
    struct fuzzy_match match;
    assert_true(fuzzy_match(&match, "", TEXT("anything")));
    assert_false(fuzzy_match(&match, "x", TEXT("release")));
    assert_false(fuzzy_match(&match, "rr", TEXT("release")));
    assert_true(fuzzy_match(&match, "rn", TEXT("release new")));
    assert_int_equal(match.count, 2);
    assert_true(score("rn", TEXT("release new")) > score("rn", TEXT("return")));
    assert_true(score("rel", TEXT("release")) > score("rel", TEXT("parcel")));
    assert_true(score("abort", TEXT("abort the canary")) > score("abort", TEXT("a bold rotation")));
    assert_true(score("rc", TEXT("releaseCreate")) > score("rc", TEXT("search")));
    assert_int_equal(score("R", TEXT("release")), -1); /* a capital means it */
    assert_true(score("r", TEXT("Release")) > 0);
    assert_true(score("new rel", TEXT("release new")) > 0);
    assert_int_equal(score("new x", TEXT("release new")), -1);
    assert_true(score("é", TEXT("Équipe")) > 0);
}

static void test_menu(void **state UNUSED)
{
    static const struct menu_item items[] = {
        {TEXT("release new"), TEXT("step through a release"), TEXT("n")},
        {TEXT("release undo"), TEXT("take back what is not public"), .disabled = true},
        {TEXT("audit log"), TEXT("every step again"), TEXT("8")},
    };
    struct menu menu;
    struct canvas canvas;
    size_t chosen = 99;
    struct rect rect = {1, 2, 8, 56};
    canvas_init(&canvas, 10, 60, GLYPHS_BRAILLE);
    menu_init(&menu, items, 3);
    assert_int_equal(menu.shown, 3);
    struct event keys[] = {key_event("r"), key_event("u")};
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_int_equal(menu_event(&menu, &keys[i], rect, &chosen), MENU_OPEN);
    assert_int_equal(menu.order[0], 1);
    menu_draw(&canvas, rect, &menu, TEXT("commands"), TEXT(":"), NULL, 0);
    golden(&canvas, "widget-menu");
    struct event enter = key_event("enter"), back = key_event("ctrl-u"), down = key_event("down"),
                 esc = key_event("esc");
    assert_int_equal(menu_event(&menu, &enter, rect, &chosen), MENU_OPEN); /* disabled */
    menu_event(&menu, &back, rect, &chosen);
    menu_event(&menu, &down, rect, &chosen);
    menu_event(&menu, &down, rect, &chosen);
    menu_event(&menu, &down, rect, &chosen);
    enter.repeated = true;
    assert_int_equal(menu_event(&menu, &enter, rect, &chosen), MENU_OPEN);
    enter.repeated = false;
    assert_int_equal(menu_event(&menu, &enter, rect, &chosen), MENU_CHOSEN);
    assert_int_equal(chosen, 2);
    assert_int_equal(menu_event(&menu, &esc, rect, &chosen), MENU_CLOSED);
    menu_clear(&menu);
    canvas_clear(&canvas);
}

static void test_dialog(void **state UNUSED)
{
    struct canvas canvas;
    struct dialog dialog = {
        .title = TEXT("Abort 1.3.0"),
        .environment = TEXT("PRODUCTION"),
        .sentence = TEXT("25 → 0 % now, 41 sessions drain 30 s. 1.2.4: 6 of 6 healthy, capacity enough."),
        .detail = TEXT("Nothing else changes."),
        .yes = TEXT("abort"),
        .key = {.code = 'y'},
        .danger = true,
    };
    canvas_init(&canvas, 14, 60, GLYPHS_BRAILLE);
    canvas_text(&canvas, 0, 0, TEXT("beneath"), STYLE(TEXT));
    dialog_draw(&canvas, &dialog);
    golden(&canvas, "widget-dialog");
    struct event enter = key_event("enter"), yes = key_event("y"), esc = key_event("esc");
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_OPEN);
    yes.repeated = true;
    assert_int_equal(dialog_event(&dialog, &yes, 0), DIALOG_OPEN);
    yes.repeated = false;
    assert_int_equal(dialog_event(&dialog, &yes, 0), DIALOG_YES);
    assert_int_equal(dialog_event(&dialog, &esc, 0), DIALOG_NO);
    dialog.uninvited = true;
    dialog.opened_ms = 1000;
    assert_int_equal(dialog_event(&dialog, &yes, 1300), DIALOG_OPEN);
    assert_int_equal(dialog_event(&dialog, &yes, 1600), DIALOG_OPEN); /* the silence began anew */
    assert_int_equal(dialog_event(&dialog, &yes, 2100), DIALOG_YES);
    dialog.uninvited = false;
    dialog.word = TEXT("1.3");
    assert_int_equal(dialog_event(&dialog, &(struct event){.kind = EVENT_PASTE, .bytes = "1.3", .len = 3}, 0),
                     DIALOG_OPEN);
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_OPEN);
    struct event word[] = {key_event("1"), key_event("."), key_event("3")};
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dialog_event(&dialog, &word[i], 0), DIALOG_OPEN);
    canvas_reset(&canvas, 14, 60);
    dialog_draw(&canvas, &dialog);
    golden(&canvas, "widget-dialog-word");
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_YES);
    /* With a reason needed too: Enter goes to what is missing, and only says yes when nothing is. */
    struct event tab = key_event("tab"), space = key_event("space"), letter = key_event("d");
    field_set(&dialog.typed, "");
    dialog.field_label = TEXT("reason");
    dialog.field_needed = true;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(dialog_event(&dialog, &space, 0), DIALOG_OPEN);
    dialog_event(&dialog, &tab, 0);
    for (size_t i = 0; i < 3; i++)
        dialog_event(&dialog, &word[i], 0);
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_OPEN); /* spaces are no reason */
    assert_int_equal(dialog_event(&dialog, &letter, 0), DIALOG_OPEN);
    canvas_reset(&canvas, 14, 60);
    dialog_draw(&canvas, &dialog);
    golden(&canvas, "widget-dialog-reason");
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_YES);
    assert_string_equal(field_value(&dialog.field), "   d");
    /* Only offered: the key says yes at once, and another one opens the field. */
    dialog.word = (struct text){0};
    dialog.field_needed = false;
    dialog.field_offered = true;
    dialog.field_key = (struct key){.code = 'r'};
    assert_int_equal(dialog_event(&dialog, &yes, 0), DIALOG_YES);
    struct event r = key_event("r");
    assert_int_equal(dialog_event(&dialog, &r, 0), DIALOG_OPEN);
    assert_int_equal(dialog_event(&dialog, &yes, 0), DIALOG_OPEN);
    assert_string_equal(field_value(&dialog.field), "   dy");
    assert_int_equal(dialog_event(&dialog, &enter, 0), DIALOG_YES);
    for (int cols = 1; cols < 60; cols += 3) { /* too small a screen harms nothing */
        canvas_reset(&canvas, cols / 4 + 1, cols);
        dialog_draw(&canvas, &dialog);
    }
    dialog_clear(&dialog);
    canvas_clear(&canvas);
}

static void test_lines(void **state UNUSED)
{
    static const struct tab tabs[] = {{'1', TEXT("Releases")}, {'2', TEXT("Images")}, {'3', TEXT("Activity")}};
    static const struct hint hints[] = {{TEXT("a"), TEXT("abort"), true},
                                        {TEXT("⏎"), TEXT("open"), false},
                                        {TEXT("n"), TEXT("new release"), false},
                                        {TEXT("?"), TEXT("help"), false}};
    struct canvas canvas;
    canvas_init(&canvas, 14, 50, GLYPHS_BRAILLE);
    tabs_draw(&canvas, 0, 0, 50, tabs, 3, 0);
    tabs_draw(&canvas, 1, 0, 28, tabs, 3, 0);
    tabs_draw(&canvas, 2, 0, 18, tabs, 3, 0);
    hints_draw(&canvas, 3, 0, 50, hints, 4, TEXT("ecr 2 s"));
    hints_draw(&canvas, 4, 0, 24, hints, 4, (struct text){0});
    progress_draw(&canvas, 5, 0, 10, 0.001, 0, STYLE(CANARY));
    progress_draw(&canvas, 6, 0, 10, 0.999, 0, STYLE(CANARY));
    progress_draw(&canvas, 7, 0, 10, 1, 0, STYLE(CANARY));
    progress_draw(&canvas, 8, 0, 10, -1, 3, STYLE(CANARY));
    notice_draw(&canvas, 9, 0, 50, NOTICE_GOOD, TEXT("CONTINUE"),
                TEXT("No metric is worse than stable beyond what is tolerated."));
    notice_draw(&canvas, 10, 0, 50, NOTICE_ALARM, TEXT("STORE UNREACHABLE 14 s."), TEXT("Abort still works."));
    frame_rule(&canvas, 11, 0, 50, TEXT("after this line, going back may lose writes"));
    frame_rule(&canvas, 12, 0, 20, (struct text){0});
    scrollbar_draw(&canvas, 0, 49, 13, 50, 13, 100);
    golden(&canvas, "widget-lines");
    assert_int_equal(tabs_at(0, 50, tabs, 3, 0, 12), 1);
    assert_int_equal(tabs_at(0, 50, tabs, 3, 0, 11), -1);
    canvas_clear(&canvas);
}

static void test_textview(void **state UNUSED)
{
    struct textview view = {0};
    struct canvas canvas;
    struct rect rect = {0, 0, 5, 24};
    canvas_init(&canvas, 5, 24, GLYPHS_BRAILLE);
    textview_add(&view, TEXT("Added"), STYLE(TITLE), 0, 0);
    textview_add(&view, TEXT("- Live odds in the match view (#412)"), STYLE(TEXT), 1, 2);
    static const char raw[] = "a\tb\r\n\nhostile \x1b[31m\n漢字漢字漢字漢字漢字漢字";
    textview_add_raw(&view, raw, sizeof(raw) - 1, STYLE(MUTED));
    assert_int_equal(textview_height(&view, 23), 8);
    textview_draw(&canvas, rect, &view);
    golden(&canvas, "widget-textview");
    assert_true(textview_key(&view, key_of("G"), rect));
    assert_int_equal(view.top, 3);
    assert_true(textview_key(&view, key_of("k"), rect));
    assert_int_equal(view.top, 2);
    assert_false(textview_key(&view, key_of("x"), rect));
    textview_clear(&view);
    struct text rest = TEXT("one two"), line;
    assert_true(text_wrap(&rest, 5, &line));
    assert_int_equal(line.len, 3);
    assert_true(text_wrap(&rest, 1, &line));
    assert_int_equal(line.len, 1);
    canvas_clear(&canvas);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_draws),
        cmocka_unit_test(test_table_widths),
        cmocka_unit_test(test_table_keys),
        cmocka_unit_test(test_field),
        cmocka_unit_test(test_field_draws),
        cmocka_unit_test(test_editor),
        cmocka_unit_test(test_editor_wraps_everywhere),
        cmocka_unit_test(test_fuzzy),
        cmocka_unit_test(test_menu),
        cmocka_unit_test(test_dialog),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_textview),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
