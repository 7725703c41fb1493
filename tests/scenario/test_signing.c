/* Releases that are signed, on a terminal and without one: who is asked, what a wrong answer does, what is verified after. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "tests/support/command.h"
#include "tests/support/gnupg.h"
#include "tests/support/pty.h"

static struct repository repository;
static struct gnupg gnupg;
static struct ran ran;

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    repository_commit(&repository, "VERSION", "1.0.0\n", "feat: one");
    repository_commit(&repository, ".signalbox", "[release]\n\tversionFiles = VERSION\n", "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "2\n", "feat: two");
    repository_bare_remote(&repository);
    repository_git(&repository, "config", "commit.gpgSign", "true", NULL);
    repository_git(&repository, "config", "tag.gpgSign", "true", NULL);
    gnupg_new(&gnupg);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    gnupg_free(&gnupg);
    repository_free(&repository);
    return 0;
}

static struct pty *release_on_a_terminal(void)
{
    const char *named = getenv("SIGNALBOX");
    CLEANUP(free_string) char *program = realpath(named ? named : "build/asan/signalbox", NULL);
    const char *const argv[] = {program, "release", "create", "--yes", NULL};
    return pty_start(&(struct pty_options){.argv = argv, .directory = repository.path, .rows = 40, .cols = 110});
}

static void assert_released_and_signed(void)
{
    repository_git(&repository, "verify-commit", "main", NULL);
    repository_git(&repository, "verify-tag", "v1.1.0", NULL);
    CLEANUP(free_string) char *tags = repository_output_in(repository.remote, "tag", NULL);
    assert_string_equal(tags, "v1.0.0\nv1.1.0");
}

static void assert_nothing_begun(void)
{
    CLEANUP(free_string) char *changes = repository_output(&repository, "status", "--porcelain", NULL);
    CLEANUP(free_string) char *tags = repository_output(&repository, "tag", "--list", NULL);
    command_run(&ran, &repository, "release", "list", NULL);
    assert_null(strstr(ran.out, "r-0001"));
    assert_string_equal(changes, "");
    assert_string_equal(tags, "v1.0.0");
}

static void gnupg_asks_on_the_terminal_of_the_command(void **state)
{
    (void)state;
    if (access("/usr/bin/pinentry-tty", X_OK) < 0)
        fail_msg("pinentry-tty is missing: tools/deps test");
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    struct pty *pty = release_on_a_terminal();
    pty_expect(pty, "Passphrase:");
    pty_type(pty, "sesame\r");
    pty_expect(pty, "is done");
    assert_int_equal(pty_wait_exit(pty), 0);
    assert_false(pty_has(pty, "sesame"));
    pty_stop(pty);
    assert_released_and_signed();
}

/* The agent ends its pinentry when whoever asked has gone; one that stayed would take the keys of others. */
static void assert_no_question_left(void)
{
    char agent[64];
    bool left = true;
    command_shell(&ran, &repository, "gpg-connect-agent --no-autostart 'getinfo pid' /bye");
    assert_int_equal(sscanf(ran.out, "D %63[0-9]", agent), 1);
    struct buf look = {0};
    buf_addf(&look, "grep -l '^PPid:\t%s$' /proc/[0-9]*/status 2>/dev/null", agent);
    for (int64_t end = clock_boot_ms() + PTY_WAIT_MS; left && clock_boot_ms() < end;) {
        command_shell(&ran, &repository, look.bytes);
        left = *ran.out != 0;
    }
    buf_clear(&look);
    assert_false(left);
}

/* From the console as far as its question whether to do it all. */
static struct pty *console_before_the_release(void)
{
    const char *named = getenv("SIGNALBOX");
    CLEANUP(free_string) char *program = realpath(named ? named : "build/asan/signalbox", NULL);
    const char *const argv[] = {program, NULL};
    struct pty *pty =
        pty_start(&(struct pty_options){.argv = argv, .directory = repository.path, .rows = 30, .cols = 100});
    pty_expect(pty, "→ 1.1.0");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "Two");
    pty_type(pty, "\r");
    pty_expect(pty, "pushes main and v1.1.0 to origin");
    pty_settle(pty, 600);
    pty_type(pty, "A");
    pty_expect(pty, "Nothing else.");
    pty_settle(pty, 600);
    pty_type(pty, "y");
    return pty;
}

static void the_console_lends_its_terminal(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    struct pty *pty = console_before_the_release();
    pty_expect(pty, "Passphrase:");
    pty_type(pty, "sesame\r");
    pty_expect(pty, "RELEASED");
    assert_false(pty_has(pty, "sesame"));
    assert_released_and_signed();
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void the_console_says_that_the_key_stayed_locked(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    struct pty *pty = console_before_the_release();
    pty_expect(pty, "Passphrase:");
    pty_type(pty, "\x03");
    pty_expect(pty, "was not unlocked");
    assert_no_question_left();
    pty_type(pty, "\x1b");
    pty_expect(pty, "v1.0.0");
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);
    assert_nothing_begun();
}

static void a_wrong_passphrase_begins_nothing(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    struct pty *pty = release_on_a_terminal();
    pty_expect(pty, "Passphrase:");
    pty_type(pty, "wrong\r");
    pty_expect(pty, "try 2 of 3");
    pty_type(pty, "wrong\r");
    pty_expect(pty, "try 3 of 3");
    pty_type(pty, "wrong\r");
    pty_expect(pty, "Try again, with the passphrase");
    assert_int_equal(pty_wait_exit(pty), 6);
    pty_stop(pty);
    assert_nothing_begun();
}

/* Ctrl-C at the question reaches the command: it ends, and so does the question. */
static void given_up_at_the_question(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    struct pty *pty = release_on_a_terminal();
    pty_expect(pty, "Passphrase:");
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 130);
    assert_no_question_left();
    pty_stop(pty);
    assert_nothing_begun();
}

static void without_a_terminal_a_locked_key_begins_nothing(void **state)
{
    (void)state;
    gnupg_key(&gnupg, "Ada Tester <ada@example.org>", "sesame");
    gnupg_pinentry(&gnupg, "/usr/bin/pinentry-tty");
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.err, "nobody to ask"));
    assert_nothing_begun();
}

static void without_a_key_nothing_is_begun(void **state)
{
    (void)state;
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.err, "No secret key"));
    assert_non_null(strstr(ran.err, "user.signingKey"));
    assert_nothing_begun();
}

/* An SSH key with a passphrase, as ssh-keygen makes them. */
static void use_ssh_key(void)
{
    CLEANUP(free_string) char *key = path_join(repository.sandbox, "key");
    CLEANUP(free_string) char *public = path_join(repository.sandbox, "key.pub");
    CLEANUP(free_string) char *signers = path_join(repository.sandbox, "signers");
    const char *const argv[] = {"ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", "sesame", "-f", key, NULL};
    struct process_result result;
    struct error err = {0};
    const struct call call = {0};
    struct buf allowed = {0};
    assert_int_equal(process_check(&result, &(struct process){.argv = argv}, &call, &err), 0);
    process_result_clear(&result);
    buf_adds(&allowed, "ada@example.org ");
    assert_int_equal(file_read(&allowed, public, 10000, &err), 0);
    assert_int_equal(file_write(signers, allowed.bytes, allowed.len, 0644, &err), 0);
    buf_clear(&allowed);
    repository_git(&repository, "config", "gpg.format", "ssh", NULL);
    repository_git(&repository, "config", "gpg.ssh.allowedSignersFile", signers, NULL);
    repository_git(&repository, "config", "user.signingKey", public, NULL);
    unsetenv("SSH_AUTH_SOCK");
}

/* Waits for the question to be on the screen for the n-th time: what is typed before it is asked is thrown away. */
static void expect_question(struct pty *pty, int n)
{
    int64_t end = clock_boot_ms() + PTY_WAIT_MS;
    for (int seen = 0; seen < n && clock_boot_ms() < end;) {
        struct buf screen = {0};
        pty_read_for(pty, 100);
        terminal_text(pty_terminal(pty), &screen);
        seen = 0;
        for (const char *at = buf_string(&screen); (at = strstr(at, "Enter passphrase")); at++)
            seen++;
        buf_clear(&screen);
    }
}

static void ssh_asks_on_the_terminal_of_the_command(void **state)
{
    (void)state;
    use_ssh_key();
    struct pty *pty = release_on_a_terminal();
    /* Once for the commit, once for the tag: nothing keeps the key unlocked. */
    expect_question(pty, 1);
    pty_type(pty, "sesame\r");
    pty_expect(pty, "done     commits");
    expect_question(pty, 2);
    pty_type(pty, "sesame\r");
    pty_expect(pty, "is done");
    assert_int_equal(pty_wait_exit(pty), 0);
    assert_false(pty_has(pty, "sesame"));
    pty_stop(pty);
    assert_released_and_signed();
}

static void a_wrong_passphrase_of_an_ssh_key_is_said(void **state)
{
    (void)state;
    use_ssh_key();
    struct pty *pty = release_on_a_terminal();
    expect_question(pty, 1);
    pty_type(pty, "wrong\r");
    pty_expect(pty, "incorrect passphrase");
    pty_expect(pty, "Try again");
    assert_int_equal(pty_wait_exit(pty), 6);
    pty_stop(pty);
    /* Nothing is lost either: the right one goes on. */
    command_run(&ran, &repository, "release", "undo", "--yes", NULL);
    ran_expect(&ran, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(gnupg_asks_on_the_terminal_of_the_command, setup, teardown),
        cmocka_unit_test_setup_teardown(the_console_lends_its_terminal, setup, teardown),
        cmocka_unit_test_setup_teardown(the_console_says_that_the_key_stayed_locked, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_passphrase_begins_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(given_up_at_the_question, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_terminal_a_locked_key_begins_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_key_nothing_is_begun, setup, teardown),
        cmocka_unit_test_setup_teardown(ssh_asks_on_the_terminal_of_the_command, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_passphrase_of_an_ssh_key_is_said, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
