/* Locks that a killed git of ours left behind: taken away when that is proved, left where it is not. */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/locks.h"
#include "tests/support/repository.h"

static const char *const locks[] = {".git/index.lock",
                                    ".git/next-index-1.lock",
                                    ".git/HEAD.lock",
                                    ".git/packed-refs.lock",
                                    ".git/objects/maintenance.lock",
                                    ".git/refs/heads/main.lock",
                                    ".git/refs/tags/deep/v1.lock"};

static const struct call no_call = {0};
static struct repository repository;
static struct git git;
static struct error err;

static int setup(void **state)
{
    (void)state;
    repository_new(&repository);
    repository_commit(&repository, "a.txt", "one\n", "feat: one");
    return git_open(&git, repository.path, &no_call, &err);
}

static int teardown(void **state)
{
    (void)state;
    git_close(&git);
    repository_free(&repository);
    return 0;
}

static void leave_locks(void)
{
    for (size_t i = 0; i < COUNT(locks); i++)
        repository_write(&repository, locks[i], "");
}

static size_t count_locks(void)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT(locks); i++) {
        CLEANUP(free_string) char *path = path_join(repository.path, locks[i]);
        count += access(path, F_OK) == 0;
    }
    return count;
}

static size_t count_marks(void)
{
    CLEANUP(buf_clear) struct buf command = {0};
    buf_addf(&command, "ls -a '%s' | grep -c signalbox-mark", git.git_dir);
    FILE *pipe = popen(command.bytes, "r");
    size_t count = 0;
    assert_int_equal(fscanf(pipe, "%zu", &count), 1);
    pclose(pipe);
    return count;
}

/* As when we were killed between setting the mark and git's end; `marks` there are afterwards. */
static void die_with_a_mark(size_t marks)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        struct git_mark mark;
        git_mark_set(&mark, &git, &no_call);
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(count_marks(), marks);
}

static void one_change(void)
{
    struct git_mark mark;
    git_mark_set(&mark, &git, &no_call);
    git_mark_remove(&mark);
}

static void left_over_ones_are_taken_away(void **state)
{
    (void)state;
    die_with_a_mark(1);
    leave_locks();
    one_change();
    assert_int_equal(count_locks(), 0);
    assert_int_equal(count_marks(), 0);
}

static void without_a_mark_they_are_somebody_elses(void **state)
{
    (void)state;
    leave_locks();
    one_change();
    assert_int_equal(count_locks(), COUNT(locks));
    assert_int_equal(count_marks(), 0);
}

static void older_ones_are_somebody_elses(void **state)
{
    (void)state;
    leave_locks();
    for (size_t i = 0; i < COUNT(locks); i++) {
        const struct timespec before[2] = {{.tv_sec = 1767225600}, {.tv_sec = 1767225600}};
        CLEANUP(free_string) char *path = path_join(repository.path, locks[i]);
        assert_int_equal(utimensat(AT_FDCWD, path, before, 0), 0);
    }
    die_with_a_mark(1);
    one_change();
    assert_int_equal(count_locks(), COUNT(locks));
}

static void while_one_of_ours_works_they_stay(void **state)
{
    (void)state;
    struct git_mark held;
    git_mark_set(&held, &git, &no_call);
    die_with_a_mark(2);
    leave_locks();
    one_change();
    assert_int_equal(count_locks(), COUNT(locks));
    git_mark_remove(&held);
    one_change();
    assert_int_equal(count_locks(), 0);
}

/* Whoever it is: it may be the one that holds them. */
static void while_any_git_runs_here_they_stay(void **state)
{
    (void)state;
    int status, feed[2];
    die_with_a_mark(1);
    leave_locks();
    assert_int_equal(pipe2(feed, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(feed[0], STDIN_FILENO);
        if (chdir(repository.path) == 0)
            execlp("git", "git", "cat-file", "--batch-check", (char *)NULL);
        _exit(127);
    }
    CLEANUP(buf_clear) struct buf comm = {0};
    buf_addf(&comm, "/proc/%d/comm", (int)pid);
    for (bool is_git = false; !is_git;) {
        CLEANUP(buf_clear) struct buf name = {0};
        assert_int_equal(file_read(&name, comm.bytes, 64, &err), 0);
        is_git = strncmp(buf_string(&name), "git", 3) == 0;
        usleep(10000);
    }
    one_change();
    assert_int_equal(count_locks(), COUNT(locks));
    close(feed[0]);
    close(feed[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    one_change();
    assert_int_equal(count_locks(), 0);
}

/* The first of our gits after a kill does it by itself. */
static void the_next_command_works(void **state)
{
    (void)state;
    CLEANUP(process_result_clear) struct process_result said = {0};
    die_with_a_mark(1);
    leave_locks();
    const struct git_child child = {.args = GIT_ARGS("tag", "v1"), .manner = GIT_CHANGES};
    if (git_child_check(&said, &git, &child, &no_call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    assert_int_equal(count_locks(), 0);
    assert_int_equal(count_marks(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(left_over_ones_are_taken_away, setup, teardown),
        cmocka_unit_test_setup_teardown(without_a_mark_they_are_somebody_elses, setup, teardown),
        cmocka_unit_test_setup_teardown(older_ones_are_somebody_elses, setup, teardown),
        cmocka_unit_test_setup_teardown(while_one_of_ours_works_they_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(while_any_git_runs_here_they_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(the_next_command_works, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
