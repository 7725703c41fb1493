/* docs/ says what the tables say, and the manual and completions are accepted by those who read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/process.h"
#include "cli/generate.h"

static void same_as(const char *path, void (*generate)(struct buf *out))
{
    struct buf made = {0}, kept = {0};
    struct error err;
    generate(&made);
    if (file_read(&kept, path, 1 << 20, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    bool same = made.len == kept.len && memcmp(made.bytes, kept.bytes, made.len) == 0;
    buf_clear(&made);
    buf_clear(&kept);
    if (!same)
        fail_msg("%s is not what the tables say: run `make reference`", path);
}

static void the_pages_of_reference_are_up_to_date(void **state)
{
    (void)state;
    same_as("docs/commands.md", generate_commands);
    same_as("docs/configuration.md", generate_configuration);
}

/* False, with a line that says so, where the program is not installed. */
static bool accepted_by(const char *const *argv, void (*generate)(struct buf *out))
{
    struct buf text = {0};
    struct process_result result;
    struct error err;
    const struct call call = {0};
    generate(&text);
    struct process process = {.argv = argv, .input = text.bytes, .input_len = text.len};
    int ran = process_run(&result, &process, &call, &err);
    bool there = ran == 0;
    if (ran < 0 && err.kind != ERROR_NOT_FOUND)
        fail_msg("%s: %s", err.what, err.why);
    if (there && (result.status != 0 || result.err.len))
        fail_msg("%s: status %d: %s%s", argv[0], result.status, buf_string(&result.out), buf_string(&result.err));
    if (!there)
        print_message("left out: what %s says of generated text, it is not installed\n", argv[0]);
    process_result_clear(&result);
    buf_clear(&text);
    return there;
}

static void the_manual_is_clean(void **state)
{
    (void)state;
    const char *const mandoc[] = {"mandoc", "-Tlint", "-Wwarning", NULL};
    const char *const groff[] = {"groff", "-ww", "-mdoc", "-Tutf8", NULL};
    if (!accepted_by(mandoc, generate_manual))
        accepted_by(groff, generate_manual);
}

static void the_completions_parse(void **state)
{
    (void)state;
    const char *const bash[] = {"bash", "-n", NULL};
    accepted_by(bash, generate_bash);
    const char *const zsh[] = {"zsh", "-n", NULL};
    const char *const fish[] = {"fish", "--no-execute", NULL};
    struct error err;
    struct process_result result;
    const struct call call = {0};
    /* Few machines have these two; what is not there is not asked for. */
    const char *const *const others[] = {zsh, fish};
    void (*const generators[])(struct buf *) = {generate_zsh, generate_fish};
    for (size_t i = 0; i < COUNT(others); i++) {
        const char *const version[] = {others[i][0], "--version", NULL};
        int ran = process_run(&result, &(struct process){.argv = version}, &call, &err);
        process_result_clear(&result);
        if (ran == 0)
            accepted_by(others[i], generators[i]);
    }
}

/* Completing as bash would: the words after "signalbox release " are its verbs. */
static void bash_completes(void **state)
{
    (void)state;
    struct buf text = {0};
    struct process_result result;
    struct error err;
    const struct call call = {0};
    const char *const argv[] = {"bash", "-s", NULL};
    generate_bash(&text);
    buf_adds(&text, "COMP_WORDS=(signalbox release '') COMP_CWORD=2\n_signalbox\necho \"${COMPREPLY[@]}\"\n"
                    "COMP_WORDS=(signalbox -y version bu) COMP_CWORD=3\n_signalbox\necho \"${COMPREPLY[@]}\"\n"
                    "COMP_WORDS=(signalbox version bump m) COMP_CWORD=3\n_signalbox\necho \"${COMPREPLY[@]}\"\n");
    struct process process = {.argv = argv, .input = text.bytes, .input_len = text.len};
    assert_int_equal(process_run(&result, &process, &call, &err), 0);
    assert_string_equal(buf_string(&result.out), "create show list resume undo\nbump\nmajor minor\n");
    process_result_clear(&result);
    buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_pages_of_reference_are_up_to_date),
        cmocka_unit_test(the_manual_is_clean),
        cmocka_unit_test(the_completions_parse),
        cmocka_unit_test(bash_completes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
