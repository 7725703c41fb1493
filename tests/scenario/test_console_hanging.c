/*
 * Everything behind the console hangs: a remote that never answers, a store that is locked. Keys are still painted at once,
 * what hangs is named, and leaving takes a moment. Times are printed; only generous bounds are asserted.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/support/pty.h"
#include "tests/support/repository.h"

enum { KEYS = 60, KEY_BOUND_MS = 5000, QUIT_BOUND_MS = 15000 };

static struct pty *console_start(const struct repository *r)
{
    static char path[4096];
    const char *given = getenv("SIGNALBOX");
    if (!realpath(given && *given ? given : "build/asan/signalbox", path))
        fail_msg("no binary");
    const char *const argv[] = {path, NULL};
    return pty_start(&(struct pty_options){.argv = argv, .directory = r->path, .rows = 24, .cols = 80});
}

static void sample(struct repository *r)
{
    repository_new(r);
    for (int i = 0; i < 40; i++) {
        char tag[32], content[32];
        snprintf(content, sizeof(content), "%d\n", i);
        repository_commit(r, "a.txt", content, "feat: more");
        snprintf(tag, sizeof(tag), "v1.%d.0", i);
        repository_tag(r, tag, tag);
    }
    repository_commit(r, "a.txt", "last\n", "fix: the last");
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Down and up, one key at a time, each until the frame it makes is there. */
static void measure_keys(struct pty *pty, const char *what)
{
    int64_t took[KEYS];
    for (int i = 0; i < KEYS; i++) {
        pty_settle(pty, 5);
        size_t frames = terminal_frames(pty_terminal(pty));
        int64_t before = clock_boot_ms();
        pty_type(pty, i % 2 == 0 ? "j" : "k");
        while (terminal_frames(pty_terminal(pty)) == frames) {
            pty_read_for(pty, 100);
            if (clock_boot_ms() - before > PTY_WAIT_MS)
                fail_msg("a key was not painted");
        }
        took[i] = clock_boot_ms() - before;
    }
    qsort(took, KEYS, sizeof(*took), by_size);
    print_message("%s: key to frame %d ms (median), %d ms (p99)\n", what, (int)took[KEYS / 2],
                  (int)took[KEYS - 1 - KEYS / 100]);
    assert_in_range(took[KEYS - 1 - KEYS / 100], 0, KEY_BOUND_MS);
}

static void measure_quit(struct pty *pty, const char *what)
{
    int64_t before = clock_boot_ms();
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 0);
    int64_t took = clock_boot_ms() - before;
    print_message("%s: left after %d ms\n", what, (int)took);
    assert_in_range(took, 0, QUIT_BOUND_MS);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_remote_hangs(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    repository_hook(r.sandbox, "ssh", "exec sleep 600\n");
    CLEANUP(free_string) char *hooks = path_join(r.sandbox, "hooks/ssh");
    repository_git(&r, "config", "core.sshCommand", hooks, NULL);
    repository_git(&r, "remote", "add", "origin", "ssh://nobody@localhost/nowhere.git", NULL);
    struct pty *pty = console_start(&r);
    pty_expect(pty, "→ 1.39.1");
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "The last");
    pty_type(pty, "\r");
    pty_expect(pty, "asking origin what it has");
    pty_expect(pty, "remote");
    pty_type(pty, "1");
    pty_expect(pty, "Unreleased");
    measure_keys(pty, "remote hangs");
    measure_quit(pty, "remote hangs");
    repository_free(&r);
}

/* The first file below the directory whose name ends so. Caller frees. */
static char *find_file(const char *directory, const char *end)
{
    DIR *dir = opendir(directory);
    char *found = NULL;
    for (struct dirent *entry; dir && !found && (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        CLEANUP(free_string) char *path = path_join(directory, entry->d_name);
        size_t len = strlen(path);
        if (len > strlen(end) && strcmp(path + len - strlen(end), end) == 0)
            found = mem_string(path);
        else if (entry->d_type == DT_DIR)
            found = find_file(path, end);
    }
    if (dir)
        closedir(dir);
    return found;
}

static void test_store_is_locked(void **state)
{
    (void)state;
    struct repository r;
    sample(&r);
    struct pty *pty = console_start(&r);
    pty_expect(pty, "→ 1.39.1");
    /* Asking for a proposal makes the store. */
    pty_type(pty, "n");
    pty_expect(pty, "suggested");
    pty_type(pty, "\r");
    pty_expect(pty, "The last");
    pty_type(pty, "\x03");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);

    char *file = find_file(r.sandbox, "store.db");
    assert_non_null(file);
    sqlite3 *lock;
    assert_int_equal(sqlite3_open(file, &lock), SQLITE_OK);
    assert_int_equal(sqlite3_exec(lock, "PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE;", NULL, NULL, NULL),
                     SQLITE_OK);

    pty = console_start(&r);
    /* The versions are there all the same; what the store knows is missing and says so. */
    pty_expect(pty, "v1.39.0");
    pty_expect(pty, "→ 1.39.1");
    pty_expect(pty, "store");
    measure_keys(pty, "store locked");
    pty_type(pty, "2");
    pty_expect(pty, "reading the audit log");
    measure_quit(pty, "store locked");
    sqlite3_close(lock);
    free(file);
    repository_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_remote_hangs),
        cmocka_unit_test(test_store_is_locked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
