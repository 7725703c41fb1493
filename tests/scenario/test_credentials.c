/*
 * A release pushed over HTTP to a server that wants a password: git's helpers first, then the question on the terminal of the
 * command, and nobody else. And where the password must never be seen.
 */
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "tests/support/command.h"
#include "tests/support/http_git.h"
#include "tests/support/pty.h"

#define PASSWORD "Cor-rect_horse%21"

static struct repository repository;
static struct http_git server;
static struct ran ran;
static char program[4096];

/* A git in front of the real one that notes down every argument list of git's and its children's. */
static void watch_arguments(void)
{
    CLEANUP(free_string) char *directory = path_join(repository.sandbox, "bin");
    CLEANUP(free_string) char *git = path_join(directory, "git");
    CLEANUP(buf_clear) struct buf script = {0};
    CLEANUP(buf_clear) struct buf path = {0};
    struct error err;
    buf_addf(&script,
             "#!/bin/sh\nprintf '%%s\\n' \"git $*\" >>'%s/argv'\n"
             "PATH='%s'\nexport PATH\n"
             "(for n in 1 2 3 4 5 6 7 8; do cat /proc/[0-9]*/cmdline 2>/dev/null; sleep .05; done | tr '\\0' '\\n' "
             ">>'%s/argv') </dev/null >/dev/null 2>&1 &\nexec git \"$@\"\n",
             repository.sandbox, getenv("PATH"), repository.sandbox);
    assert_int_equal(file_make_dirs(directory, &err), 0);
    assert_int_equal(file_write(git, script.bytes, script.len, 0755, &err), 0);
    chmod(git, 0755);
    buf_addf(&path, "%s:%s", directory, getenv("PATH"));
    setenv("PATH", path.bytes, 1);
}

static char *path_before;

static int setup(void **state)
{
    (void)state;
    const char *named = getenv("SIGNALBOX");
    assert_non_null(realpath(named ? named : "build/asan/signalbox", program));
    repository_new(&repository);
    repository_commit(&repository, "VERSION", "1.0.0\n", "feat: one");
    repository_commit(&repository, ".signalbox", "[release]\n\tversionFiles = VERSION\n", "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_bare_remote(&repository);
    repository_git_in(repository.remote, "config", "http.receivepack", "true", NULL);
    repository_commit(&repository, "a.txt", "2\n", "feat: two");
    http_git_start(&server, repository.sandbox, "maria:" PASSWORD);
    char url[128];
    snprintf(url, sizeof(url), "http://127.0.0.1:%d/remote.git", server.port);
    repository_git(&repository, "remote", "set-url", "origin", url, NULL);
    path_before = mem_string(getenv("PATH"));
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    setenv("PATH", path_before, 1);
    free(path_before);
    ran_clear(&ran);
    http_git_stop(&server);
    repository_free(&repository);
    return 0;
}

static void assert_remote_tags(const char *expected)
{
    CLEANUP(free_string) char *tags = repository_output_in(repository.remote, "tag", NULL);
    assert_string_equal(tags, expected);
}

static int look_into(const char *path, const struct stat *st, int kind, struct FTW *where)
{
    (void)where;
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct error err;
    if (kind != FTW_F || !S_ISREG(st->st_mode) || file_read(&bytes, path, 64 << 20, &err) < 0)
        return 0;
    if (bytes.len && memmem(bytes.bytes, bytes.len, PASSWORD, strlen(PASSWORD)))
        fail_msg("the password lies in %s", path);
    return 0;
}

/* Not in any file below the sandbox: the store, its log, the repository, what the arguments were. */
static void assert_nowhere(void)
{
    assert_int_equal(nftw(repository.sandbox, look_into, 16, FTW_PHYS), 0);
}

static struct pty *release_on_a_terminal(void)
{
    const char *const argv[] = {program, "release", "create", "--yes", NULL};
    return pty_start(&(struct pty_options){.argv = argv, .directory = repository.path, .rows = 40, .cols = 120});
}

static void a_credential_helper_answers_without_a_question(void **state)
{
    (void)state;
    char line[256], helper[600];
    CLEANUP(free_string) char *file = path_join(repository.sandbox, "credentials");
    struct error err;
    int len = snprintf(line, sizeof(line), "http://maria:Cor-rect_horse%%2521@127.0.0.1:%d\n", server.port);
    assert_int_equal(file_write(file, line, (size_t)len, 0600, &err), 0);
    snprintf(helper, sizeof(helper), "store --file='%s'", file);
    repository_git(&repository, "config", "credential.helper", helper, NULL);
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 0);
    assert_remote_tags("v1.0.0\nv1.1.0");
    unlink(file);
    assert_nowhere();
}

/* Waits until the phrase is on the screen n times (what is typed before a question is asked is thrown away), or the end. */
static bool await(struct pty *pty, const char *phrase, int n)
{
    for (int64_t end = clock_boot_ms() + PTY_WAIT_MS; clock_boot_ms() < end;) {
        struct buf screen = {0};
        int seen = 0;
        terminal_text(pty_terminal(pty), &screen);
        for (const char *at = buf_string(&screen); (at = strstr(at, phrase)); at++)
            seen++;
        bool ended = strstr(buf_string(&screen), "is done (") || strstr(buf_string(&screen), "signalbox:");
        buf_clear(&screen);
        if (seen >= n || ended)
            return seen >= n;
        pty_read_for(pty, 200);
    }
    fail_msg("neither was it asked for the %d. time, nor did it end", n);
    return false;
}

/* Answers as often as it is asked: nothing keeps the answer where no helper is configured. How often that was. */
static int answer(struct pty *pty, const char *password)
{
    int n = 0;
    while (await(pty, "Username for", n + 1)) {
        n++;
        pty_type(pty, "maria\r");
        assert_true(await(pty, "Password for", n));
        pty_type(pty, password);
        pty_type(pty, "\r");
    }
    return n;
}

static void the_terminal_of_the_command_is_asked_without_echo(void **state)
{
    (void)state;
    watch_arguments();
    struct pty *pty = release_on_a_terminal();
    int asked = answer(pty, PASSWORD);
    assert_int_equal(pty_wait_exit(pty), 0);
    assert_false(pty_has(pty, PASSWORD));
    pty_stop(pty);
    assert_in_range(asked, 1, 6);
    assert_remote_tags("v1.0.0\nv1.1.0");
    assert_nowhere();
    CLEANUP(free_string) char *arguments = path_join(repository.sandbox, "argv");
    CLEANUP(buf_clear) struct buf seen = {0};
    struct error err;
    assert_int_equal(file_read(&seen, arguments, 64 << 20, &err), 0);
    assert_non_null(strstr(buf_string(&seen), "push --porcelain"));
    assert_non_null(strstr(buf_string(&seen), "remote-http"));
}

static void a_wrong_password_is_said(void **state)
{
    (void)state;
    struct pty *pty = release_on_a_terminal();
    assert_int_equal(answer(pty, "wrong"), 1);
    pty_expect(pty, "Authentication failed");
    assert_int_not_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);
    assert_remote_tags("v1.0.0");
}

static void without_a_terminal_it_fails_at_once(void **state)
{
    (void)state;
    command_run(&ran, &repository, "release", "create", "--yes", NULL);
    ran_expect(&ran, 6);
    assert_non_null(strstr(ran.err, "could not read Username"));
    assert_non_null(strstr(ran.err, "credential"));
    assert_remote_tags("v1.0.0");
    CLEANUP(free_string) char *changes = repository_output(&repository, "status", "--porcelain", NULL);
    assert_string_equal(changes, "");
}

/* In an address, as tokens often stand: pushed with, and shown nowhere. */
static void a_password_in_the_address_is_shown_nowhere(void **state)
{
    (void)state;
    char url[256];
    snprintf(url, sizeof(url), "http://maria:Cor-rect_horse%%2521@127.0.0.1:%d/remote.git", server.port);
    repository_git(&repository, "remote", "set-url", "origin", url, NULL);
    static const char *const commands[][3] = {
        {"release", "create", "--yes"}, {"status", "--json", NULL}, {"release", "show", "--json"},
        {"audit", "log", "--json"},     {"status", NULL, NULL},     {"config", "list", NULL},
    };
    for (size_t i = 0; i < COUNT(commands); i++) {
        command_run(&ran, &repository, commands[i][0], commands[i][1], commands[i][2], NULL);
        ran_expect(&ran, 0);
        assert_null(strstr(ran.out, "Cor-rect"));
        assert_null(strstr(ran.err, "Cor-rect"));
    }
    assert_remote_tags("v1.0.0\nv1.1.0");
    /* An error that names the address too. */
    http_git_stop(&server);
    command_run(&ran, &repository, "release", "create", "patch", "--yes", NULL);
    assert_int_not_equal(ran.status, 0);
    assert_null(strstr(ran.err, "Cor-rect"));
    http_git_start(&server, repository.sandbox, "maria:" PASSWORD);
    CLEANUP(free_string) char *state_home = path_join(repository.sandbox, "work/.git/config");
    unlink(state_home);
    const char *const argv[] = {"grep", "-r", "-l", "-a", "-e", "Cor-rect", repository.sandbox, NULL};
    struct process_result result;
    struct error err;
    const struct call call = {0};
    assert_int_equal(process_run(&result, &(struct process){.argv = argv}, &call, &err), 0);
    if (result.status != 1)
        fail_msg("the password lies in %s", buf_string(&result.out));
    process_result_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_credential_helper_answers_without_a_question, setup, teardown),
        cmocka_unit_test_setup_teardown(the_terminal_of_the_command_is_asked_without_echo, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_password_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_terminal_it_fails_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_password_in_the_address_is_shown_nowhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
