#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

static char directory[] = "/tmp/test_file.XXXXXX";

static int enter(void **state)
{
    (void)state;
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    (void)state;
    char command[64];
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void write_file(const char *path, const char *bytes)
{
    struct error err = {0};
    if (file_write(path, bytes, strlen(bytes), 0644, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void assert_content(const char *path, const char *expected)
{
    CLEANUP(buf_clear) struct buf b = {0};
    struct error err = {0};
    if (file_read(&b, path, 1 << 20, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    assert_string_equal(buf_string(&b), expected);
}

static int entries(void)
{
    DIR *dir = opendir(".");
    int count = 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2;
}

static mode_t mode_of(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void makes_and_replaces(void **state)
{
    (void)state;
    write_file("a", "one");
    assert_content("a", "one");
    assert_int_equal(mode_of("a"), 0644);
    struct stat before, after;
    stat("a", &before);
    write_file("a", "");
    stat("a", &after);
    assert_content("a", "");
    /* Replaced, not written over: a reader that has it open keeps the old bytes. */
    assert_true(before.st_ino != after.st_ino);
    assert_int_equal(entries(), 1);
}

static void keeps_the_mode(void **state)
{
    (void)state;
    struct error err;
    write_file("script", "#!");
    assert_int_equal(chmod("script", 0751), 0);
    write_file("script", "#!/");
    assert_int_equal(mode_of("script"), 0751);
    assert_int_equal(file_write("secret", "x", 1, 0600, &err), 0);
    assert_int_equal(mode_of("secret"), 0600);
}

static void follows_links(void **state)
{
    (void)state;
    struct error err;
    struct stat st;
    assert_int_equal(mkdir("far", 0700), 0);
    write_file("far/file", "old");
    assert_int_equal(symlink("far/file", "link"), 0);
    write_file("link", "new");
    assert_content("far/file", "new");
    assert_int_equal(lstat("link", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    assert_int_equal(file_write("dangling", "x", 1, 0644, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(lstat("dangling", &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_false(file_exists("nowhere"));
}

static void writes_nothing_but_files(void **state)
{
    (void)state;
    struct error err;
    struct stat st;
    assert_int_equal(mkdir("dir", 0700), 0);
    assert_int_equal(file_write("dir", "x", 1, 0644, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(file_write("pipe", "x", 1, 0644, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(stat("pipe", &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(file_write("none/x", "x", 1, 0644, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_string_equal(err.why, strerror(ENOENT));
    assert_int_equal(entries(), 2);
}

/* A file size limit stops the write half way, as a full disk does. */
static void half_a_write_changes_nothing(void **state)
{
    (void)state;
    write_file("kept", "old bytes");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char large[100000];
        struct error err = {0};
        struct rlimit limit = {4096, 4096};
        signal(SIGXFSZ, SIG_IGN);
        setrlimit(RLIMIT_FSIZE, &limit);
        int result = file_write("kept", large, sizeof(large), 0644, &err);
        _exit(result == -1 && err.kind == ERROR_FAILED && strcmp(err.why, strerror(EFBIG)) == 0 ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_content("kept", "old bytes");
    assert_int_equal(entries(), 1);
}

static void reads_with_a_limit(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    struct error err;
    buf_adds(&b, "before ");
    assert_int_equal(file_read(&b, "none", 10, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    write_file("ten", "0123456789");
    assert_int_equal(file_read(&b, "ten/x", 10, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_int_equal(file_read(&b, "ten", 9, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_string_equal(buf_string(&b), "before ");
    assert_int_equal(file_read(&b, "ten", 10, &err), 0);
    assert_string_equal(buf_string(&b), "before 0123456789");
    assert_int_equal(file_read(&b, ".", 10, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    /* Neither of these may hang. */
    assert_int_equal(mkfifo("pipe", 0600), 0);
    assert_int_equal(file_read(&b, "pipe", 10, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_int_equal(file_read(&b, "/dev/zero", 10, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
}

static void reads_bytes_as_they_are(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf b = {0};
    struct error err;
    CLEANUP(buf_clear) struct buf large = {0};
    for (int i = 0; i < 200000; i++)
        buf_addc(&large, (char)(i * 7));
    assert_int_equal(file_write("large", large.bytes, large.len, 0600, &err), 0);
    assert_int_equal(file_read(&b, "large", large.len, &err), 0);
    assert_int_equal(b.len, large.len);
    assert_memory_equal(b.bytes, large.bytes, b.len);
}

static void makes_directories(void **state)
{
    (void)state;
    struct error err;
    assert_int_equal(file_make_dirs("a/b//c/", &err), 0);
    assert_int_equal(mode_of("a/b/c"), 0700);
    assert_int_equal(file_make_dirs("a/b/c", &err), 0);
    write_file("a/file", "x");
    assert_int_equal(file_make_dirs("a/file", &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_int_equal(file_make_dirs("a/file/d", &err), -1);
    assert_string_equal(err.why, strerror(ENOTDIR));
    assert_int_equal(file_make_dirs("", &err), 0);
    assert_int_equal(chmod("a", 0755), 0);
    assert_int_equal(file_make_dirs("a/x", &err), 0);
    assert_int_equal(mode_of("a"), 0755);
}

static void assert_taken(char *path, const char *expected)
{
    assert_string_equal(path, expected);
    free(path);
}

static void joins_paths(void **state)
{
    (void)state;
    assert_taken(path_join("a", "b"), "a/b");
    assert_taken(path_join("a/", "b"), "a/b");
    assert_taken(path_join("/", "b"), "/b");
    assert_taken(path_join("a", "/b"), "/b");
    assert_taken(path_join("", "b"), "b");
}

static void follows_xdg(void **state)
{
    (void)state;
    setenv("HOME", "/home/maria", 1);
    unsetenv("XDG_STATE_HOME");
    assert_taken(path_xdg("XDG_STATE_HOME", ".local/state"), "/home/maria/.local/state/signalbox");
    setenv("XDG_STATE_HOME", "/var/state", 1);
    assert_taken(path_xdg("XDG_STATE_HOME", ".local/state"), "/var/state/signalbox");
    setenv("XDG_STATE_HOME", "relative", 1);
    assert_taken(path_xdg("XDG_STATE_HOME", ".local/state"), "/home/maria/.local/state/signalbox");
    unsetenv("HOME");
    char *path = path_xdg("XDG_STATE_HOME", ".local/state");
    assert_int_equal(path[0], '/');
    assert_non_null(strstr(path, "/.local/state/signalbox"));
    free(path);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(makes_and_replaces),
        IN_DIRECTORY(keeps_the_mode),
        IN_DIRECTORY(follows_links),
        IN_DIRECTORY(writes_nothing_but_files),
        IN_DIRECTORY(half_a_write_changes_nothing),
        IN_DIRECTORY(reads_with_a_limit),
        IN_DIRECTORY(reads_bytes_as_they_are),
        IN_DIRECTORY(makes_directories),
        cmocka_unit_test(joins_paths),
        cmocka_unit_test(follows_xdg),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
