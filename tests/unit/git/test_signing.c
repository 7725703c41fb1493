/* Signing with a real GnuPG: keys that are free, locked, missing; a program that is missing; and what each leaves behind. */
#include "tests/support/gnupg.h"
#include "tests/unit/git/fixture.h"

#include "base/file.h"
#include "base/process.h"
#include <sys/stat.h>

static struct fixture f;
static struct gnupg gnupg;

static int setup(void **state)
{
    (void)state;
    fixture_new(&f);
    gnupg_new(&gnupg);
    /* The agent must never find a terminal by itself: this program may be run on one. */
    gnupg_pinentry(&gnupg, "/bin/false");
    repository_git(&f.r, "config", "commit.gpgSign", "true", NULL);
    repository_git(&f.r, "config", "tag.gpgSign", "true", NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    gnupg_free(&gnupg);
    fixture_free(&f);
    return 0;
}

static enum source_signing signing(void)
{
    enum source_signing out = SOURCE_SIGNS_NOTHING;
    OK(f.s.ops->signing(f.s.self, &out, &no_limit, &err));
    return out;
}

/* A commit and a tag that cannot be signed: the words, and everything as it was. */
static void assert_cannot_sign(const char *why, const char *todo)
{
    char made[OID_HEX];
    struct error err = {0};
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "new.txt", "new\n");
    assert_int_equal(fixture_commit(&f, made, PATHS("a.txt", "new.txt"), "x", &err), -1);
    if (!strstr(err.why, why) || !strstr(err.todo, todo))
        fail_msg("commit: %s: %s. %s (wanted \"%s\" and \"%s\")", err.what, err.why, err.todo, why, todo);
    assert_int_equal(f.s.ops->tag(f.s.self, made, "v1", f.r.head, "v1", &test_permit, &no_limit, &err), -1);
    if (!strstr(err.why, why) || !strstr(err.todo, todo))
        fail_msg("tag: %s: %s. %s (wanted \"%s\" and \"%s\")", err.what, err.why, err.todo, why, todo);
    assert_git(&f, f.r.head, "rev-parse", "HEAD");
    assert_git(&f, "", "tag", "--list");
    assert_git(&f, " M a.txt\n?? new.txt", "status", "--porcelain");
}

static void a_free_key_signs_commit_and_tag(void **state)
{
    (void)state;
    char made[OID_HEX], tag[OID_HEX];
    struct source_tag_detail detail;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "");
    assert_int_equal(signing(), SOURCE_SIGNS_FREELY);
    OK(f.s.ops->unlock(f.s.self, NULL, &no_limit, &err));
    repository_write(&f.r, "a.txt", "two\n");
    OK(fixture_commit(&f, made, PATHS("a.txt"), "signed", &err));
    OK(f.s.ops->tag(f.s.self, tag, "v1", made, "notes\nof v1", &test_permit, &no_limit, &err));
    repository_git(&f.r, "verify-commit", made, NULL);
    repository_git(&f.r, "verify-tag", "v1", NULL);
    OK(f.s.ops->tag_detail(f.s.self, &detail, "v1", &no_limit, &err));
    assert_true(detail.has_signature);
    assert_string_equal(detail.message, "notes\nof v1\n");
    source_tag_detail_clear(&detail);
}

static void a_locked_key_with_nobody_to_ask_fails_in_words(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_forget(&gnupg);
    assert_int_equal(signing(), SOURCE_SIGNS_ASKING);
    assert_cannot_sign("is locked", "on a terminal");
    REFUSES(f.s.ops->unlock(f.s.self, NULL, &no_limit, &err), ERROR_REFUSED, "ada@example.org");
}

static void a_wrong_or_missing_key_is_named(void **state)
{
    (void)state;
    enum source_signing out;
    assert_cannot_sign("No secret key", "--list-secret-keys");
    repository_git(&f.r, "config", "user.signingKey", "DEADBEEF\x1b[31m", NULL);
    REFUSES(f.s.ops->signing(f.s.self, &out, &no_limit, &err), ERROR_FAILED, "DEADBEEF\\x1b[31m");
    assert_cannot_sign("No secret key", "user.signingKey");
}

static void a_missing_program_is_named(void **state)
{
    (void)state;
    enum source_signing out;
    repository_git(&f.r, "config", "gpg.program", "no-such-gpg", NULL);
    REFUSES(f.s.ops->signing(f.s.self, &out, &no_limit, &err), ERROR_NOT_FOUND, "no-such-gpg");
    assert_cannot_sign("no-such-gpg", "gpg.program");
}

static void nothing_to_sign_asks_no_program(void **state)
{
    (void)state;
    repository_git(&f.r, "config", "gpg.program", "no-such-gpg", NULL);
    repository_git(&f.r, "config", "commit.gpgSign", "false", NULL);
    repository_git(&f.r, "config", "tag.gpgSign", "false", NULL);
    assert_int_equal(signing(), SOURCE_SIGNS_NOTHING);
    OK(f.s.ops->unlock(f.s.self, NULL, &no_limit, &err));
}

/* A program in gpg's place that notes down which terminal it was given. */
static char *terminal_given(const char *terminal)
{
    CLEANUP(free_string) char *program = path_join(f.r.sandbox, "spy");
    CLEANUP(free_string) char *seen = path_join(f.r.sandbox, "seen");
    CLEANUP(buf_clear) struct buf script = {0};
    struct buf said = {0};
    buf_addf(
        &script,
        "#!/bin/sh\necho \"${GPG_TTY-none}\" >'%s'\ncase $* in *cancel*) echo '[GNUPG:] FAILURE sign 83886179' >&2; "
        "exit 2 ;; esac\n",
        seen);
    OK(file_write(program, script.bytes, script.len, 0755, &err));
    chmod(program, 0755);
    repository_git(&f.r, "config", "gpg.program", program, NULL);
    OK(f.s.ops->unlock(f.s.self, terminal, &no_limit, &err));
    OK(file_read(&said, seen, 1000, &err));
    return buf_take(&said);
}

static void the_terminal_is_the_commands_and_never_the_consoles(void **state)
{
    (void)state;
    static const struct {
        const char *gpg_tty, *started_on, *socket, *lent, *expected;
    } cases[] = {
        {NULL, NULL, NULL, NULL, "none\n"},           {"/dev/a", NULL, NULL, NULL, "/dev/a\n"},
        {"/dev/a", "/dev/b", NULL, NULL, "/dev/a\n"}, {NULL, "/dev/b", NULL, NULL, "/dev/b\n"},
        {"/dev/a", "/dev/b", "/s", NULL, "none\n"},   {"/dev/a", "/dev/b", "/s", "/dev/c", "/dev/c\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *const names[] = {"GPG_TTY", "SIGNALBOX_ASKPASS_TTY", "SIGNALBOX_ASKPASS_SOCKET"};
        const char *const values[] = {cases[i].gpg_tty, cases[i].started_on, cases[i].socket};
        for (size_t j = 0; j < COUNT(names); j++)
            values[j] ? setenv(names[j], values[j], 1) : unsetenv(names[j]);
        CLEANUP(free_string) char *given = terminal_given(cases[i].lent);
        for (size_t j = 0; j < COUNT(names); j++)
            unsetenv(names[j]);
        assert_string_equal(given, cases[i].expected);
    }
}

static void a_git_that_is_too_old_is_refused(void **state)
{
    (void)state;
    /* Another process: this one has looked at its git already. */
    CLEANUP(free_string) char *directory = path_join(f.r.sandbox, "bin");
    CLEANUP(free_string) char *git = path_join(directory, "git");
    CLEANUP(buf_clear) struct buf path = {0};
    static const char script[] = "#!/bin/sh\necho 'git version 2.33.9'\n";
    OK(file_make_dirs(directory, &err));
    OK(file_write(git, script, strlen(script), 0755, &err));
    chmod(git, 0755);
    const char *program = getenv("SIGNALBOX") ? getenv("SIGNALBOX") : "build/asan/signalbox";
    buf_addf(&path, "PATH=%s:%s", directory, getenv("PATH"));
    const struct process process = {.argv = PATHS(program, "--directory", f.r.path, "status"),
                                    .env = PATHS(path.bytes)};
    struct process_result result;
    OK(process_run(&result, &process, &no_limit, &err));
    assert_int_equal(result.status, 6);
    assert_non_null(strstr(buf_string(&result.err), "git version 2.33.9, and 2.34 is needed"));
    process_result_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_free_key_signs_commit_and_tag, setup, teardown),
        cmocka_unit_test_setup_teardown(a_locked_key_with_nobody_to_ask_fails_in_words, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_or_missing_key_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(a_missing_program_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_to_sign_asks_no_program, setup, teardown),
        cmocka_unit_test_setup_teardown(the_terminal_is_the_commands_and_never_the_consoles, setup, teardown),
        cmocka_unit_test_setup_teardown(a_git_that_is_too_old_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
