/* The table itself: everything that reads it relies on these. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"
#include "command/command.h"

static bool ends_with_stop(const char *words)
{
    size_t len = words ? strlen(words) : 0;
    if (len < 5)
        fail_msg("an entry without words");
    return words && len > 0 && words[len - 1] == '.';
}

static void every_entry_is_whole(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *command = &commands[i];
        assert_int_equal(command->id, i);
        assert_true(command->group || command->action);
        assert_false(ends_with_stop(command->summary));
        assert_true(!command->help || ends_with_stop(command->help));
        assert_true(!command->key || command->action);
        bool optional = false;
        for (const struct argument_info *argument = command->arguments; argument->name; argument++) {
            assert_true(argument->meaning != NULL);
            assert_false(optional && !argument->optional);
            assert_false(argument->rest && argument[1].name);
            optional = argument->optional;
        }
    }
}

static void names_actions_and_keys_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        const struct command *a = &commands[i];
        if (a->group)
            assert_ptr_equal(command_find(a->group, a->verb), a);
        if (a->action)
            assert_ptr_equal(command_find_action(a->action), a);
        for (size_t j = 0; j < i; j++) {
            const struct command *b = &commands[j];
            bool meet = !a->view || !b->view || strcmp(a->view, b->view) == 0;
            if (a->key && b->key && meet && strcmp(a->key, b->key) == 0)
                fail_msg("%s is the key of %s and %s", a->key, a->action, b->action);
        }
    }
    assert_null(command_find("release", NULL));
    assert_null(command_find(NULL, NULL));
    assert_null(command_find_action(NULL));
    assert_null(command_find_action("no.such"));
}

static void every_option_is_whole_and_used(void **state)
{
    (void)state;
    uint32_t used = options_common | OPTION_BIT(OPTION_VERSION);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        used |= commands[i].options;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *option = &command_options[i];
        assert_true(used & OPTION_BIT(i));
        assert_true((option->type == OPTION_FLAG) == (option->placeholder == NULL));
        assert_true((option->type == OPTION_CHOICE) == (option->choices != NULL));
        assert_true(option->meaning[strlen(option->meaning) - 1] == '.');
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(option->name, command_options[j].name);
            assert_true(!option->letter || option->letter != command_options[j].letter);
        }
    }
}

/* Whatever changes something outside can be looked at beforehand. */
static void danger_has_a_dry_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].group && commands[i].danger == COMMAND_OUTSIDE)
            assert_true(commands[i].options & OPTION_BIT(OPTION_DRY_RUN));
}

static void suggestions(void **state)
{
    (void)state;
    char out[64];
    assert_string_equal(command_suggest(out, sizeof(out), "verison", NULL), "version");
    assert_string_equal(command_suggest(out, sizeof(out), "release", "undoo"), "release undo");
    assert_string_equal(command_suggest(out, sizeof(out), "xyzzy", NULL), "");
    assert_string_equal(command_suggest(out, sizeof(out), "release", "frobnicate"), "");
    /* Hidden ones are not offered. */
    assert_string_equal(command_suggest(out, sizeof(out), "generat", NULL), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_entry_is_whole),
        cmocka_unit_test(names_actions_and_keys_are_unique),
        cmocka_unit_test(every_option_is_whole_and_used),
        cmocka_unit_test(danger_has_a_dry_run),
        cmocka_unit_test(suggestions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
