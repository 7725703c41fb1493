/*
 * Releases when things are against them: eight begun at once, a store that somebody else holds, a state directory that
 * may not be written, a disk that is full at any moment. Clear words, nothing lost, nothing half done.
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
#include "base/file.h"
#include "base/memory.h"
#include "tests/support/command.h"

enum { RACERS = 8 };

static struct repository repository;
static struct ran ran;

static void shell(int status, const char *script)
{
    command_shell(&ran, &repository, script);
    ran_expect(&ran, status);
}

static int setup(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf path = {0};
    repository_new(&repository);
    repository_commit(&repository, "package.json", "{\n  \"version\": \"1.0.0\"\n}\n", "feat: one");
    repository_commit(&repository, ".signalbox", "[project]\n\tname = x\n[release]\n\tversionFiles = package.json\n",
                      "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "a.txt", "2\n", "feat: two");
    repository_bare_remote(&repository);
    buf_addf(&path, "%s/state", repository.sandbox);
    setenv("XDG_STATE_HOME", path.bytes, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    ran_clear(&ran);
    repository_free(&repository);
    return 0;
}

static void assert_released_once(void)
{
    shell(0, "test \"$(git rev-list --count v1.0.0..main)\" = 2\n"
             "test \"$(git rev-parse main v1.1.0)\" = \"$(git -C ../remote.git rev-parse main v1.1.0)\"\n"
             "test \"$(git tag | wc -l)\" = 2 && test -z \"$(git status --porcelain)\"\n"
             "\"$SIGNALBOX\" audit verify && test \"$(\"$SIGNALBOX\" audit log | grep -c 'begins release')\" = 1");
}

/* All at once from a barrier; the first that pushes waits in the hook until all others have given up. */
static void eight_at_once(void **state)
{
    (void)state;
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(git_dir, "pre-push", "while [ ! -e \"$HOME/go\" ]; do sleep 0.05; done\n");
    shell(0, "true");
    pid_t pids[RACERS];
    for (int i = 0; i < RACERS; i++) {
        pids[i] = fork();
        if (pids[i] != 0)
            continue;
        CLEANUP(buf_clear) struct buf script = {0};
        buf_addf(&script,
                 "cd '%s' && while [ ! -e \"$HOME/start\" ]; do :; done\n"
                 "exec \"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said.%d\" 2>&1",
                 repository.path, i);
        execl("/bin/sh", "sh", "-c", script.bytes, (char *)NULL);
        _exit(127);
    }
    shell(0, "touch \"$HOME/start\"");
    int released = 0;
    for (int ended = 0, status; ended < RACERS; ended++) {
        pid_t pid = waitpid(-1, &status, 0);
        int who = 0;
        while (who < RACERS && pids[who] != pid)
            who++;
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        CLEANUP(buf_clear) struct buf show = {0};
        buf_addf(&show, "cat \"$HOME/said.%d\"", who);
        shell(0, show.bytes);
        released += code == 0;
        if (code != 0 && code != 4 && code != 5)
            fail_msg("one of them ended with %d:\n%s", code, ran.out);
        if (code && !strstr(ran.out, "has an open run already") && !strstr(ran.out, "is being driven by"))
            fail_msg("not said why:\n%s", ran.out);
        if (ended == RACERS - 2)
            shell(0, "touch \"$HOME/go\"");
    }
    assert_int_equal(released, 1);
    assert_released_once();
}

static void a_store_that_somebody_holds(void **state)
{
    (void)state;
    shell(0, "\"$SIGNALBOX\" release create patch --no-push --yes && \"$SIGNALBOX\" release undo --yes\n"
             "find \"$XDG_STATE_HOME\" -name '*.db' >\"$HOME/db\"");
    shell(0, "cat \"$HOME/db\"");
    CLEANUP(free_string) char *path = mem_bytes(ran.out, strcspn(ran.out, "\n"));
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    shell(0,
          "git for-each-ref >\"$HOME/refs\"\n"
          "timeout -s INT 3 \"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said\" 2>&1; echo $? >\"$HOME/code\"\n"
          "git for-each-ref | diff - \"$HOME/refs\" && test -z \"$(git status --porcelain)\"\n"
          "cat \"$HOME/code\" \"$HOME/said\"");
    if (!strstr(ran.out, "waiting for the store, which another process holds") ||
        (strncmp(ran.out, "124", 3) != 0 && strncmp(ran.out, "7", 1) != 0))
        fail_msg("not said that it is the store:\n%s", ran.out);
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    shell(0, "\"$SIGNALBOX\" release create 1.1.0 --yes");
    shell(0, "\"$SIGNALBOX\" audit verify; test \"$(git -C ../remote.git tag | wc -l)\" = 2");
}

/* The same in the middle: the push arrives, and cannot be written down. The next one finds it done. */
static void a_store_that_somebody_holds_later(void **state)
{
    (void)state;
    CLEANUP(free_string) char *git_dir = path_join(repository.path, ".git");
    repository_hook(git_dir, "pre-push", "touch \"$HOME/in\"; while [ ! -e \"$HOME/go\" ]; do sleep 0.05; done\n");
    shell(0, "\"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said\" 2>&1 & echo $! >\"$HOME/pid\"\n"
             "while [ ! -e \"$HOME/in\" ]; do sleep 0.05; done\n"
             "find \"$XDG_STATE_HOME\" -name '*.db'");
    CLEANUP(free_string) char *path = mem_bytes(ran.out, strcspn(ran.out, "\n"));
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
    shell(0, "touch \"$HOME/go\"\n"
             "while kill -0 \"$(cat \"$HOME/pid\")\" 2>/dev/null; do sleep 0.1; done; cat \"$HOME/said\"");
    assert_non_null(strstr(ran.out, "is locked"));
    assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    shell(0, "\"$SIGNALBOX\" release resume --yes");
    assert_non_null(strstr(ran.out, "is done  pushes main and v1.1.0"));
    assert_released_once();
}

/* A limit of the shell's: the signal that comes with it must not end us without a word. */
static void a_file_that_may_not_grow(void **state)
{
    (void)state;
    shell(0,
          "(ulimit -f 8; \"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said\" 2>&1; echo $? >\"$HOME/code\")\n"
          "test -z \"$(git status --porcelain)\" && test \"$(git tag)\" = v1.0.0; cat \"$HOME/code\" \"$HOME/said\"");
    if (ran.out[0] != '1' || ran.out[1] != '\n' || !strstr(ran.out, "the store"))
        fail_msg("not said why:\n%s", ran.out);
    shell(0, "\"$SIGNALBOX\" release resume --yes || \"$SIGNALBOX\" release create 1.1.0 --yes");
    assert_released_once();
}

/* root may write everywhere, so it becomes somebody else. */
static void a_state_directory_that_is_read_only(void **state)
{
    (void)state;
    shell(0, "cat >\"$HOME/as\" <<'END'\n"
             "if [ \"$(id -u)\" = 0 ]; then exec setpriv --reuid=65534 --regid=65534 --clear-groups \"$@\"; fi\n"
             "exec \"$@\"\n"
             "END\n"
             "cp \"$SIGNALBOX\" \"$HOME/signalbox\"; mkdir \"$XDG_STATE_HOME\"\n"
             "if [ \"$(id -u)\" = 0 ]; then chown -R 65534:65534 \"$HOME\"; fi\n"
             "chmod 0500 \"$XDG_STATE_HOME\"");
    command_shell(&ran, &repository, "sh \"$HOME/as\" \"$HOME/signalbox\" release create 1.1.0 --yes 2>&1");
    int code = ran.status;
    bool clear = strstr(ran.out, "/state") && strstr(ran.out, "Permission denied");
    if (code != 1 || !clear)
        fail_msg("%d, and not said why:\n%s", code, ran.out);
    shell(0, "chmod 0700 \"$XDG_STATE_HOME\"\n"
             "sh \"$HOME/as\" git for-each-ref --format='%(refname)' refs/heads refs/tags");
    assert_string_equal(ran.out, "refs/heads/main\nrefs/tags/v1.0.0\n");
    shell(0, "sh \"$HOME/as\" \"$HOME/signalbox\" release create 1.1.0 --yes\n"
             "sh \"$HOME/as\" git -C ../remote.git rev-parse --verify v1.1.0\n"
             "if [ \"$(id -u)\" = 0 ]; then chown -R 0:0 \"$HOME\"; fi");
}

/*
 * Everything lies on a small file system with only so much room left; afterwards there is room again, and the release
 * goes on, or is made from the start where it had not begun.
 */
static void a_disk_that_is_full(void **state)
{
    (void)state;
    command_shell(&ran, &repository,
                  "mkdir \"$HOME/disk\" && unshare -m sh -c 'mount -t tmpfs -o size=64k none \"$HOME/disk\"' 2>&1");
    if (ran.status) {
        print_message("left out: no small file system can be mounted here\n");
        return;
    }
    for (int room = 0; room <= 264; room += 24) {
        CLEANUP(buf_clear) struct buf script = {0};
        buf_addf(&script,
                 "unshare -m sh -e <<'END'\n"
                 "mount -t tmpfs -o size=16m none \"$HOME/disk\"\n"
                 "cp -a . \"$HOME/disk/work\" && cp -a ../remote.git \"$HOME/disk\"\n"
                 "export XDG_STATE_HOME=\"$HOME/disk/state\" TMPDIR=\"$HOME/disk\"\n"
                 "cd \"$HOME/disk/work\" && git remote set-url origin \"$HOME/disk/remote.git\"\n"
                 "dd if=/dev/zero of=../room bs=1024 count=%d 2>/dev/null\n"
                 "dd if=/dev/zero of=../filler bs=1024 2>/dev/null || true\n"
                 "rm ../room\n"
                 "code=0; \"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said\" 2>&1 || code=$?\n"
                 "rm ../filler\n"
                 "if [ $code != 0 ]; then\n"
                 "    grep -qi 'no space left\\|disk is full\\|disk full\\|disk I/O' \"$HOME/said\" || exit 90\n"
                 "    code=0; \"$SIGNALBOX\" release resume --yes >\"$HOME/said\" 2>&1 || code=$?\n"
                 "    if [ $code = 3 ]; then \"$SIGNALBOX\" release create 1.1.0 --yes >\"$HOME/said\" 2>&1 || exit "
                 "91; code=0; fi\n"
                 "    [ $code = 0 ] || exit 92\n"
                 "fi\n"
                 "test \"$(git rev-list --count v1.0.0..main)\" = 2 && test -z \"$(git status --porcelain)\"\n"
                 "test \"$(git rev-parse main v1.1.0)\" = \"$(git -C ../remote.git rev-parse main v1.1.0)\"\n"
                 "\"$SIGNALBOX\" audit verify\n"
                 "END\n",
                 room);
        command_shell(&ran, &repository, script.bytes);
        if (ran.status) {
            int code = ran.status;
            command_shell(&ran, &repository, "cat \"$HOME/said\"");
            fail_msg("with room for %d KiB: status %d\n%s%s", room, code, ran.out, ran.err);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(eight_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(a_store_that_somebody_holds, setup, teardown),
        cmocka_unit_test_setup_teardown(a_store_that_somebody_holds_later, setup, teardown),
        cmocka_unit_test_setup_teardown(a_file_that_may_not_grow, setup, teardown),
        cmocka_unit_test_setup_teardown(a_state_directory_that_is_read_only, setup, teardown),
        cmocka_unit_test_setup_teardown(a_disk_that_is_full, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
