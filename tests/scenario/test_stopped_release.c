/*
 * The holder of a release is stopped, or killed alone, in the middle of an act, while its git waits in a hook. Others
 * leave the release alone as long as it lives, go on where its lease has lapsed or it has died, and when it wakes up it
 * writes nothing any more: not into the store, not into the audit log, not to the remote.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/support/command.h"

enum { PATIENCE_MS = 60000, LOOK_US = 20000 };

static struct repository repository;
static struct ran ran;

static char *in_home(const char *name)
{
    return path_join(repository.sandbox, name);
}

static bool there(const char *name)
{
    CLEANUP(free_string) char *path = in_home(name);
    return access(path, F_OK) == 0;
}

static void wait_for(const char *name)
{
    int64_t until = clock_boot_ms() + PATIENCE_MS;
    while (!there(name)) {
        if (clock_boot_ms() > until) {
            command_shell(&ran, &repository, "cat \"$HOME/said\"");
            fail_msg("%s did not come in %d s:\n%s", name, PATIENCE_MS / 1000, ran.out);
        }
        usleep(LOOK_US);
    }
}

static void let_go(const char *name)
{
    CLEANUP(free_string) char *path = in_home(name);
    struct error err;
    if (file_write(path, "", 0, 0600, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    repository_commit(&repository, "package.json", "{\n  \"version\": \"1.0.0\"\n}\n", "feat: one");
    repository_commit(&repository, ".signalbox", "[project]\n\tname = x\n[release]\n\tversionFiles = package.json\n",
                      "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "2\n", "feat: two");
    repository_bare_remote(&repository);
    setenv("WHO", "b", 1);
    let_go("go.b");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    return 0;
}

/* The hook says that it was reached, and waits for those whom it does not know. */
static void waiting_hook(const char *name)
{
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(git_dir, name,
                    "touch \"$HOME/in.$WHO\"\n"
                    "while [ ! -e \"$HOME/go.$WHO\" ]; do sleep 0.05; done\n"
                    "touch \"$HOME/out.$WHO\"\n");
}

/* A release of a process of its own, up to where its git waits in the hook. */
static pid_t release_in_hook(void)
{
    CLEANUP(buf_clear) struct buf script = {0};
    buf_addf(&script,
             "cd '%s' && exec \"$SIGNALBOX\" release create minor --yes --reason=because >\"$HOME/said\" 2>&1",
             repository.path);
    command_shell(&ran, &repository, "true"); /* sets SIGNALBOX */
    pid_t pid = fork();
    if (pid == 0) {
        setenv("WHO", "a", 1);
        execl("/bin/sh", "sh", "-c", script.bytes, (char *)NULL);
        _exit(127);
    }
    wait_for("in.a");
    return pid;
}

static int end_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static char *store_path(void)
{
    command_shell(&ran, &repository, "find \"$HOME\" -path '*signalbox*' -name '*.db'");
    ran_expect(&ran, 0);
    return mem_bytes(ran.out, strcspn(ran.out, "\n"));
}

/* What time would do: the holder's lease, and the grace after it, lie in the past. */
static void let_the_lease_lapse(void)
{
    CLEANUP(free_string) char *path = store_path();
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    char *why = NULL;
    if (sqlite3_exec(db,
                     "UPDATE documents SET bytes = CAST(json_set(CAST(bytes AS TEXT), '$.until', 1, '$.grace', 1) AS "
                     "BLOB) WHERE key LIKE 'lease/%'",
                     NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", path, why);
    assert_int_equal(sqlite3_changes(db), 1);
    sqlite3_close(db);
}

/* Everything that somebody who wakes up late could spoil. */
static char *world(void)
{
    command_shell(&ran, &repository,
                  "git for-each-ref; git -C ../remote.git for-each-ref; git status --porcelain=v2; cat package.json\n"
                  "\"$SIGNALBOX\" audit log --limit 1000 --json && \"$SIGNALBOX\" release show --json\n"
                  "\"$SIGNALBOX\" audit verify");
    ran_expect(&ran, 0);
    char *out = ran.out;
    ran.out = NULL;
    return out;
}

static void assert_released(void)
{
    CLEANUP(free_string) char *ours = repository_output(&repository, "rev-parse", "main", "v1.1.0", NULL);
    CLEANUP(free_string) char *theirs = repository_output_in(repository.remote, "rev-parse", "main", "v1.1.0", NULL);
    CLEANUP(free_string) char *made = repository_output(&repository, "rev-list", "--count", "v1.0.0..main", NULL);
    assert_string_equal(ours, theirs);
    assert_string_equal(made, "2");
}

static void resume_says(int status, const char *words)
{
    command_run(&ran, &repository, "release", "resume", "--yes", NULL);
    ran_expect(&ran, status);
    if (!strstr(ran.err, words) && !strstr(ran.out, words))
        fail_msg("no word of \"%s\":\n%s%s", words, ran.out, ran.err);
}

static void the_living_holder_is_left_alone(pid_t holder)
{
    CLEANUP(buf_clear) struct buf process = {0};
    buf_addf(&process, "process %d on", (int)holder);
    resume_says(5, "is being driven by");
    assert_non_null(strstr(ran.err, process.bytes));
    assert_non_null(strstr(ran.err, " since 2"));
    assert_non_null(strstr(ran.err, "end that process"));
    command_run(&ran, &repository, "release", "create", "minor", "--yes", NULL);
    assert_true(ran.status == 4 || ran.status == 5 || ran.status == 6);
    command_run(&ran, &repository, "release", "undo", "--yes", NULL);
    ran_expect(&ran, 5);
}

static void wakes_up_and_writes_nothing(pid_t holder)
{
    CLEANUP(free_string) char *before = world();
    let_go("go.a");
    assert_int_equal(kill(holder, SIGCONT), 0);
    assert_int_equal(end_of(holder), 5);
    CLEANUP(free_string) char *after = world();
    assert_string_equal(after, before);
    command_shell(&ran, &repository, "cat \"$HOME/said\"");
    assert_non_null(strstr(ran.out, "r-0001 is driven by somebody else now"));
    assert_non_null(strstr(ran.out, "was taken over, so nothing was written"));
}

static void stopped_while_it_pushes(void **state)
{
    (void)state;
    waiting_hook("pre-push");
    pid_t holder = release_in_hook();
    assert_int_equal(kill(holder, SIGSTOP), 0);
    the_living_holder_is_left_alone(holder);
    let_the_lease_lapse();
    resume_says(0, "is done");
    assert_released();
    wakes_up_and_writes_nothing(holder);
    assert_released();
}

static void stopped_while_it_commits(void **state)
{
    (void)state;
    waiting_hook("pre-commit");
    pid_t holder = release_in_hook();
    assert_int_equal(kill(holder, SIGSTOP), 0);
    the_living_holder_is_left_alone(holder);
    let_the_lease_lapse();
    /* Its git lives and holds the index: nothing is done beside it. */
    resume_says(7, "index.lock");
    assert_non_null(strstr(ran.err, "Let the other git finish"));
    let_go("go.a");
    wait_for("out.a");
    command_shell(&ran, &repository, "while [ -e .git/index.lock ]; do sleep 0.05; done");
    ran_expect(&ran, 0);
    resume_says(0, "is done");
    assert_released();
    wakes_up_and_writes_nothing(holder);
}

/* The program alone is killed; its git goes on waiting, and then commits. */
static void killed_without_its_git(void **state)
{
    (void)state;
    waiting_hook("pre-commit");
    pid_t holder = release_in_hook();
    assert_int_equal(kill(holder, SIGKILL), 0);
    assert_int_equal(end_of(holder), 128 + SIGKILL);
    resume_says(7, "index.lock");
    let_go("go.a");
    wait_for("out.a");
    command_shell(&ran, &repository, "while [ -e .git/index.lock ]; do sleep 0.05; done");
    ran_expect(&ran, 0);
    resume_says(0, "is done");
    assert_released();
    CLEANUP(free_string) char *whole = world();
    assert_non_null(strstr(whole, "takes r-0001 over from"));
}

static void held_where_it_is_protected(void **state)
{
    (void)state;
    repository_commit(&repository, ".signalbox",
                      "[project]\n\tname = x\n[release]\n\tversionFiles = package.json\n"
                      "[environment \"local\"]\n\tprotected = true\n",
                      "chore: protect");
    repository_git(&repository, "push", "--quiet", "origin", "main", NULL);
    waiting_hook("pre-push");
    pid_t holder = release_in_hook();
    assert_int_equal(kill(holder, SIGKILL), 0);
    assert_int_equal(end_of(holder), 128 + SIGKILL);
    let_go("go.a");
    wait_for("out.a");
    resume_says(6, "it was taken over from");
    resume_says(0, "is done");
    CLEANUP(free_string) char *ours = repository_output(&repository, "rev-parse", "main", "v1.1.0", NULL);
    CLEANUP(free_string) char *theirs = repository_output_in(repository.remote, "rev-parse", "main", "v1.1.0", NULL);
    assert_string_equal(ours, theirs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stopped_while_it_pushes, setup, teardown),
        cmocka_unit_test_setup_teardown(stopped_while_it_commits, setup, teardown),
        cmocka_unit_test_setup_teardown(killed_without_its_git, setup, teardown),
        cmocka_unit_test_setup_teardown(held_where_it_is_protected, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
