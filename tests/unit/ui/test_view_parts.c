/* Parts of the views that are plain functions: entries of a section, versions to choose, the order of versions, keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/scenes.h"
#include "ui/view/choices.h"
#include "ui/view/releases_order.h"
#include "ui/view/section.h"

static void put(const char *section, const char *category, const char *entry, const char *want)
{
    struct buf out = {0};
    section_put(&out, section, category, entry);
    assert_string_equal(buf_string(&out), want);
    buf_clear(&out);
}

static void take_out(const char *section, const char *entry, const char *want)
{
    struct buf out = {0};
    bool there = section_take_out(&out, section, entry);
    assert_int_equal(there, want != NULL);
    assert_string_equal(buf_string(&out), want ? want : "");
    buf_clear(&out);
}

static void test_section(void **state)
{
    (void)state;
    put("", "Added", "- A", "### Added\n\n- A\n");
    put("### Added\n\n- A\n", "Added", "- B", "### Added\n\n- A\n- B\n");
    put("### Added\n\n- A\n\n### Fixed\n\n- F\n", "added", "- B", "### Added\n\n- A\n- B\n\n### Fixed\n\n- F\n");
    put("### Fixed\n\n- F", "Added", "- A", "### Fixed\n\n- F\n\n### Added\n\n- A\n");
    put("### Added\n\n- A\n  more of A", "Added", "- B", "### Added\n\n- A\n  more of A\n- B\n");
    take_out("### Added\n\n- A\n- B\n", "- A", "### Added\n\n- B\n");
    take_out("### Added\n\n- A\n\n### Fixed\n\n- F\n", "- A", "### Fixed\n\n- F\n");
    take_out("### Added\n\n- A\n", "- A", "");
    take_out("words\n\n### Added\n\n- A\n", "- A", "words\n\n");
    take_out("### Added\n\n- A\n", "- B", NULL);
    assert_true(section_has("- A\r\n- B", "- A"));
    assert_true(section_has("- A\r\n- B", "- B"));
    assert_false(section_has("- AB\n", "- A"));
}

static void test_choices(void **state)
{
    (void)state;
    struct scene *scene = scene_make("steps-choose", false);
    const struct steps_place *at = &scene->steps_at;
    assert_string_equal(at->choices[0].version.safe, "2.0.0");
    assert_string_equal(at->choices[0].wanted, "suggested");
    assert_string_equal(at->choices[1].version.safe, "1.3.1");
    assert_string_equal(at->choices[2].version.safe, "1.4.0");
    assert_string_equal(at->choices[3].version.safe, "2.0.0");
    assert_string_equal(at->choices[4].version.safe, "2.0.0-rc.1");
    assert_null(at->choices[at->choice_count - 1].wanted);
    scene_unmake(scene);
}

static void test_order(void **state)
{
    (void)state;
    struct scene *scene = scene_make("releases", false);
    struct releases_place *at = &scene->releases_at;
    assert_int_equal(at->rows, 18);
    assert_string_equal(releases_selected(scene)->tag, "v1.3.0");
    field_set(&at->filter.field, "1.2 .3");
    releases_order(scene);
    assert_int_equal(at->rows, 2);
    assert_string_equal(releases_selected(scene)->tag, "v1.2.3");
    field_set(&at->filter.field, "nothing like it");
    releases_order(scene);
    assert_int_equal(at->rows, 1);
    assert_null(releases_selected(scene));
    field_set(&at->filter.field, "");
    at->by_date = true;
    releases_order(scene);
    /* The selection is still on what it was on before the filters. */
    assert_string_equal(releases_selected(scene)->tag, "v1.3.0");
    assert_int_equal(releases_row(at, 0), -1);
    scene_unmake(scene);
}

static void test_keys(void **state)
{
    (void)state;
    struct keymap keymap;
    struct error err = {0};
    char *own[] = {"release.create=N", "console.quit=", "console.help=s", NULL};
    assert_int_equal(keymap_init(&keymap, own, &err), 0);
    struct key key;
    assert_true(key_parse(&key, "N"));
    assert_int_equal(keymap_find(&keymap, key, "releases")->id, COMMAND_RELEASE_CREATE);
    assert_true(key_parse(&key, "n"));
    assert_null(keymap_find(&keymap, key, "releases"));
    assert_true(key_parse(&key, "q"));
    assert_null(keymap_find(&keymap, key, "releases"));
    /* A key of the view goes before one that counts everywhere. */
    assert_true(key_parse(&key, "s"));
    assert_int_equal(keymap_find(&keymap, key, "releases")->id, COMMAND_RELEASES_SORT);
    assert_int_equal(keymap_find(&keymap, key, "activity")->id, COMMAND_CONSOLE_HELP);
    char *wrong[][3] = {{"release.create", NULL},
                        {"no.such=n", NULL},
                        {"release.create=hyper-x", NULL},
                        {"release.create=j", NULL},
                        {"release.create=N", "release.undo=N", NULL}};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_int_equal(keymap_init(&keymap, wrong[i], &err), -1);
        assert_int_equal(err.kind, ERROR_INVALID);
    }
}

static void test_moving_keys(void **state)
{
    (void)state;
    struct keymap keymap;
    struct error err = {0};
    char *swapped[] = {"move.down=n", "release.create=j", "console.back=b", NULL};
    assert_int_equal(keymap_init(&keymap, swapped, &err), 0);
    struct key key = {.code = 'n'};
    assert_int_equal(keymap_find(&keymap, key, "releases")->id, COMMAND_MOVE_DOWN);
    assert_true(keymap_moving(&keymap, &key));
    assert_int_equal(key.code, CODE_DOWN);
    key.code = 'k';
    assert_true(keymap_moving(&keymap, &key));
    assert_int_equal(key.code, CODE_UP);
    key.code = 'b';
    assert_true(keymap_moving(&keymap, &key));
    assert_int_equal(key.code, CODE_ESCAPE);
    /* What was rebound away means nothing; what never was a moving key is left alone. */
    assert_false(keymap_moving(&keymap, &(struct key){.code = CODE_ESCAPE}));
    key.code = CODE_DOWN;
    assert_true(keymap_moving(&keymap, &key));
    assert_int_equal(key.code, CODE_DOWN);
}

/* No two commands may share a key where both count, and every key of the table is one. */
static void test_table_of_commands(void **state)
{
    (void)state;
    for (int a = 0; a < COMMAND_COUNT; a++) {
        struct key key, other;
        if (!commands[a].key || !commands[a].action)
            continue;
        assert_true(key_parse(&key, commands[a].key));
        for (int b = 0; b < a; b++) {
            bool together = !commands[a].view || !commands[b].view || strcmp(commands[a].view, commands[b].view) == 0;
            if (together && commands[b].key && key_parse(&other, commands[b].key) && key_equal(key, other))
                fail_msg("%s and %s share a key", commands[a].action, commands[b].action);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_section), cmocka_unit_test(test_choices),     cmocka_unit_test(test_order),
        cmocka_unit_test(test_keys),    cmocka_unit_test(test_moving_keys), cmocka_unit_test(test_table_of_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
