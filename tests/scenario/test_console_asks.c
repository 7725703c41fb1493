/*
 * Questions of git in the console: a dialog with a hidden field, whose answer reaches git; Esc says no. And the person's own
 * editor, which gets the terminal and gives it back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "tests/support/pty.h"
#include "tests/support/repository.h"

static struct pty *console_start(const struct repository *r, const char *const *env)
{
    static char path[4096];
    const char *given = getenv("SIGNALBOX");
    if (!realpath(given && *given ? given : "build/asan/signalbox", path))
        fail_msg("no binary");
    const char *const argv[] = {path, NULL};
    return pty_start(&(struct pty_options){.argv = argv, .env = env, .directory = r->path, .rows = 24, .cols = 80});
}

/* A remote whose ssh asks for a passphrase, writes down what it was told, and fails. */
static void sample(struct repository *r)
{
    repository_new(r);
    repository_commit(r, "CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n", "feat: begin");
    repository_hook(r->sandbox, "ssh",
                    "answer=$(\"$SSH_ASKPASS\" \"Passphrase for the key of maria:\") || answer=refused\n"
                    "printf '%s' \"$answer\" > \"$HOME/told\"\nexit 1\n");
    CLEANUP(free_string) char *script = path_join(r->sandbox, "hooks/ssh");
    repository_git(r, "config", "core.sshCommand", script, NULL);
    repository_git(r, "remote", "add", "origin", "ssh://nobody@localhost/nowhere.git", NULL);
}

static void to_the_question(struct pty *pty)
{
    pty_expect(pty, "→ 0.1.0");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "version  2 changelog");
    pty_expect(pty, "Begin");
    pty_type(pty, "\r");
    pty_expect(pty, "Passphrase for the key of maria");
    pty_watch(pty, 700);
}

static void expect_told(const struct repository *r, const char *want)
{
    CLEANUP(free_string) char *path = path_join(r->sandbox, "told");
    for (int i = 0; i < 3000 && !file_exists(path); i++)
        usleep(10000);
    usleep(100000);
    struct buf told = {0};
    struct error err;
    assert_int_equal(file_read(&told, path, 4096, &err), 0);
    assert_string_equal(buf_string(&told), want);
    buf_clear(&told);
}

static void leave(struct pty *pty)
{
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_answer(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL);
    to_the_question(pty);
    pty_type(pty, "s3cret words");
    pty_watch(pty, 300);
    assert_false(pty_has(pty, "s3cret"));
    pty_type(pty, "\r");
    pty_expect_gone(pty, "Passphrase for");
    expect_told(&r, "s3cret words");
    leave(pty);
    repository_free(&r);
}

static void test_no_answer(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r, NULL);
    to_the_question(pty);
    pty_type(pty, "\x1b");
    pty_expect_gone(pty, "Passphrase for");
    expect_told(&r, "refused");
    leave(pty);
    repository_free(&r);
}

static void test_own_editor(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    repository_git(&r, "remote", "remove", "origin", NULL);
    repository_hook(r.sandbox, "editor",
                    "printf 'the editor has it\\n'\nprintf -- '### Fixed\\n\\n- By the editor\\n' > \"$1\"\n");
    char editor[4200];
    snprintf(editor, sizeof(editor), "EDITOR=%s/hooks/editor", r.sandbox);
    const char *const env[] = {editor, "VISUAL", "GIT_EDITOR", NULL};
    struct pty *pty = console_start(&r, env);
    pty_expect(pty, "→ 0.1.0");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "Begin");
    pty_type(pty, "E");
    pty_expect(pty, "By the editor");
    pty_expect(pty, "edited");
    leave(pty);
    repository_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answer),
        cmocka_unit_test(test_no_answer),
        cmocka_unit_test(test_own_editor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
