/* Child processes: what they are given, what comes back, and that none is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/process.h"

static const struct call no_limit = {0};

#define SHELL(script)                                                                                                \
    .argv = (const char *const[])                                                                                    \
    {                                                                                                                \
        "sh", "-c", script, NULL                                                                                     \
    }

static struct process_result ran(const struct process *process)
{
    struct process_result result;
    struct error err;
    assert_int_equal(process_run(&result, process, &no_limit, &err), 0);
    return result;
}

static void keeps_streams_apart(void **state)
{
    (void)state;
    struct process_result result = ran(&(struct process){SHELL("printf out; printf err >&2; exit 3")});
    assert_string_equal(buf_string(&result.out), "out");
    assert_string_equal(buf_string(&result.err), "err");
    assert_int_equal(result.status, 3);
    process_result_clear(&result);
}

static void feeds_input_larger_than_a_pipe(void **state)
{
    (void)state;
    size_t len = 3u << 20;
    char *bytes = malloc(len);
    memset(bytes, 'x', len);
    bytes[len - 1] = 0;
    struct process_result result =
        ran(&(struct process){.argv = (const char *const[]){"cat", NULL}, .input = bytes, .input_len = len});
    assert_int_equal(result.out.len, len);
    assert_memory_equal(result.out.bytes, bytes, len);
    process_result_clear(&result);
    free(bytes);
}

static void no_input_is_an_empty_one(void **state)
{
    (void)state;
    struct process_result result = ran(&(struct process){SHELL("cat; readlink /proc/self/fd/0")});
    assert_string_equal(buf_string(&result.out), "/dev/null\n");
    process_result_clear(&result);
    result = ran(&(struct process){SHELL("wc -c"), .input = "", .input_len = 0});
    assert_int_equal(atoi(buf_string(&result.out)), 0);
    process_result_clear(&result);
}

/* A child that ends without reading: EPIPE, and no SIGPIPE for us even where it is not ignored. */
static void a_child_that_does_not_read(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_DFL);
    size_t len = 1u << 20;
    char *bytes = calloc(1, len);
    struct process_result result =
        ran(&(struct process){SHELL("exec <&-; exit 4"), .input = bytes, .input_len = len});
    assert_int_equal(result.status, 4);
    process_result_clear(&result);
    free(bytes);
}

static void environment_is_ours_with_changes(void **state)
{
    (void)state;
    setenv("SB_KEPT", "kept", 1);
    setenv("SB_REPLACED", "old", 1);
    setenv("SB_REMOVED", "old", 1);
    struct process process = {
        SHELL("printf '%s %s %s %s' \"$SB_KEPT\" \"$SB_REPLACED\" \"${SB_REMOVED-none}\" \"$SB_NEW\""),
        .env = (const char *const[]){"SB_REPLACED=new", "SB_REMOVED", "SB_NEW=added", NULL}};
    struct process_result result = ran(&process);
    assert_string_equal(buf_string(&result.out), "kept new none added");
    process_result_clear(&result);
}

static void runs_in_its_directory(void **state)
{
    (void)state;
    struct process_result result = ran(&(struct process){SHELL("pwd -P"), .directory = "/"});
    assert_string_equal(buf_string(&result.out), "/\n");
    process_result_clear(&result);
}

static void missing_program_and_missing_directory(void **state)
{
    (void)state;
    struct process_result result;
    struct error err;
    struct process none = {.argv = (const char *const[]){"signalbox-no-such-program", NULL}};
    assert_int_equal(process_run(&result, &none, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.what, "signalbox-no-such-program"));
    process_result_clear(&result);
    struct process nowhere = {SHELL("true"), .directory = "/signalbox-no-such-directory"};
    assert_int_equal(process_run(&result, &nowhere, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.why, "/signalbox-no-such-directory"));
    process_result_clear(&result);
}

static void too_much_output_ends_the_child(void **state)
{
    (void)state;
    struct process_result result;
    struct error err;
    struct process endless = {.argv = (const char *const[]){"yes", NULL}, .output_limit = 100000};
    assert_int_equal(process_run(&result, &endless, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_INVALID);
    assert_non_null(strstr(err.why, "100000"));
    process_result_clear(&result);
}

static void the_end_of_standard_error_is_kept(void **state)
{
    (void)state;
    struct process_result result =
        ran(&(struct process){SHELL("head -c 300000 /dev/zero | tr '\\0' e >&2; printf END >&2")});
    assert_int_equal(result.err.len, 64 * 1024);
    assert_string_equal(result.err.bytes + result.err.len - 3, "END");
    process_result_clear(&result);
}

struct seen {
    size_t bytes, zeros, stop_after;
};

static int count_bytes(void *context, const char *bytes, size_t len)
{
    struct seen *seen = context;
    seen->bytes += len;
    for (size_t i = 0; i < len; i++)
        seen->zeros += bytes[i] == 0;
    return seen->stop_after && seen->bytes >= seen->stop_after;
}

static void streams_output_and_stops_when_enough(void **state)
{
    (void)state;
    struct seen all = {0};
    struct process_result result =
        ran(&(struct process){SHELL("yes | head -c 5000000"), .on_output = count_bytes, .context = &all});
    assert_int_equal(all.bytes, 5000000);
    assert_int_equal(all.zeros, 0);
    assert_int_equal(result.out.len, 0);
    process_result_clear(&result);
    struct seen some = {.stop_after = 200000};
    result = ran(
        &(struct process){.argv = (const char *const[]){"yes", NULL}, .on_output = count_bytes, .context = &some});
    assert_true(some.bytes >= 200000);
    process_result_clear(&result);
}

/* The pid that the script wrote to the file, once it is there. */
static pid_t pid_in(const char *path)
{
    char digits[32] = "";
    for (int i = 0; i < 1000 && !strchr(digits, '\n'); i++) {
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t got = fd < 0 ? 0 : read(fd, digits, sizeof(digits) - 1);
        digits[got > 0 ? got : 0] = 0;
        if (fd >= 0)
            close(fd);
        usleep(10000);
    }
    return (pid_t)atoi(digits);
}

static bool gone(pid_t pid)
{
    char path[64], status[512];
    for (int i = 0; i < 1000; i++) {
        snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return true;
        ssize_t got = read(fd, status, sizeof(status) - 1);
        close(fd);
        status[got > 0 ? got : 0] = 0;
        const char *after = strrchr(status, ')');
        /* Nobody may reap an orphan here; a zombie is as good as gone. */
        if (!after || after[2] == 'Z')
            return true;
        usleep(10000);
    }
    return false;
}

struct canceller {
    struct cancel cancel;
    const char *path;
};

/* Cancels once the script has written its pid. */
static void *cancel_when_begun(void *context)
{
    struct canceller *canceller = context;
    pid_in(canceller->path);
    cancel_set(&canceller->cancel);
    return NULL;
}

/* Neither the shell, which ignores the polite signal, nor what it started outlives a cancelled call. */
static void cancelling_ends_the_whole_group(void **state)
{
    (void)state;
    char path[] = "/tmp/signalbox-test-XXXXXX", script[256];
    close(mkstemp(path));
    snprintf(script, sizeof(script), "trap '' TERM; sleep 1000 & echo $! >%s; wait; sleep 1000", path);
    struct canceller canceller = {.path = path};
    cancel_init(&canceller.cancel);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, cancel_when_begun, &canceller), 0);
    struct process_result result;
    struct error err;
    const struct call call = {.cancel = &canceller.cancel};
    assert_int_equal(process_run(&result, &(struct process){SHELL(script)}, &call, &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    pthread_join(thread, NULL);
    assert_true(pid_in(path) > 1);
    assert_true(gone(pid_in(path)));
    process_result_clear(&result);
    cancel_clear(&canceller.cancel);
    unlink(path);
}

static void a_cancelled_call_starts_nothing(void **state)
{
    (void)state;
    struct cancel cancel;
    cancel_init(&cancel);
    cancel_set(&cancel);
    struct process_result result;
    struct error err;
    const struct call call = {.cancel = &cancel};
    struct process process = {.argv = (const char *const[]){"signalbox-no-such-program", NULL}};
    assert_int_equal(process_run(&result, &process, &call, &err), -1);
    assert_int_equal(err.kind, ERROR_CANCELLED);
    process_result_clear(&result);
    cancel_clear(&cancel);
}

static void a_deadline_ends_it(void **state)
{
    (void)state;
    struct process_result result;
    struct error err;
    const struct call call = call_within(&no_limit, 150);
    int64_t before = clock_boot_ms();
    assert_int_equal(process_run(&result, &(struct process){SHELL("echo said; sleep 1000")}, &call, &err), -1);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_true(clock_boot_ms() - before < 60000);
    assert_string_equal(buf_string(&result.out), "said\n");
    process_result_clear(&result);
}

/* A daemon that a hook leaves behind holds our pipes and even writes on: neither waited for nor listened to. */
static void a_grandchild_that_keeps_the_pipe(void **state)
{
    (void)state;
    char path[] = "/tmp/signalbox-test-XXXXXX", script[256];
    close(mkstemp(path));
    snprintf(script, sizeof(script), "(while :; do echo noise; done) & echo $! >%s; echo done", path);
    struct process_result result;
    struct error err;
    const struct call call = call_within(&no_limit, 60000);
    assert_int_equal(process_run(&result, &(struct process){SHELL(script)}, &call, &err), 0);
    assert_non_null(strstr(buf_string(&result.out), "done"));
    pid_t pid = pid_in(path);
    assert_true(pid > 1);
    kill(pid, SIGKILL);
    process_result_clear(&result);
    unlink(path);
}

static void dying_by_a_signal_is_a_status(void **state)
{
    (void)state;
    struct process_result result = ran(&(struct process){SHELL("kill -SEGV $$")});
    assert_int_equal(result.status, 128 + SIGSEGV);
    process_result_clear(&result);
}

/* Blocked and ignored signals of ours, our open files and our terminal are not handed down. */
static void the_child_starts_clean(void **state)
{
    (void)state;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    int leak = open("/", O_RDONLY); /* without O_CLOEXEC, as a library might */
    struct process_result result = ran(&(struct process){SHELL(
        "grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd | wc -l; cut -d' ' -f6 /proc/$$/stat; echo $$")});
    close(leak);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGUSR1, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    unsigned long long blocked = 1, ignored = 1;
    int fds = 0, session = 0, pid = 1;
    assert_int_equal(sscanf(buf_string(&result.out), "SigBlk: %llx SigIgn: %llx %d %d %d", &blocked, &ignored, &fds,
                            &session, &pid),
                     5);
    assert_int_equal(blocked, 0);
    /* posix_spawn leaves the C library's own two signals ignored. */
    assert_int_equal(ignored & ~(3ull << 31), 0);
    assert_int_equal(fds, 4); /* the three, and the directory that ls reads */
    assert_int_equal(session, pid);
    process_result_clear(&result);
}

static void works_with_our_own_streams_closed(void **state)
{
    (void)state;
    int kept = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 10);
    close(STDIN_FILENO);
    struct process_result result = ran(&(struct process){SHELL("cat; echo err >&2"), .input = "in", .input_len = 2});
    if (kept >= 0) {
        dup2(kept, STDIN_FILENO);
        close(kept);
    }
    assert_string_equal(buf_string(&result.out), "in");
    assert_string_equal(buf_string(&result.err), "err\n");
    process_result_clear(&result);
}

static void check_reports_the_words_of_a_failure(void **state)
{
    (void)state;
    struct process_result result;
    struct error err;
    assert_int_equal(
        process_check(&result, &(struct process){SHELL("echo 'no \033[31mway' >&2; exit 9")}, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.what, "status 9"));
    assert_string_equal(err.why, "no \\x1b[31mway");
    process_result_clear(&result);
    assert_int_equal(process_check(&result, &(struct process){SHELL("true")}, &no_limit, &err), 0);
    process_result_clear(&result);
}

static void count_waits(void *context, struct text words, uint64_t done, uint64_t total)
{
    int *told = context;
    assert_string_equal(words.safe, "asking");
    assert_true(done == 0 && total == 0);
    ++*told;
}

/* Said once, and only of what takes its time. */
static void a_long_wait_is_told(void **state)
{
    (void)state;
    int told = 0;
    struct process_result result;
    struct error err;
    struct call call = {.progress = count_waits, .progress_context = &told};
    struct process quick = {SHELL("exit 0"), .waits_for = TEXT("asking")}, silent = quick;
    assert_int_equal(process_run(&result, &quick, &call, &err), 0);
    process_result_clear(&result);
    assert_int_equal(told, 0);
    silent.argv = (const char *const[]){"sleep", "3", NULL};
    struct call within = call_within(&call, 2500);
    assert_int_equal(process_run(&result, &silent, &within, &err), -1);
    process_result_clear(&result);
    assert_int_equal(err.kind, ERROR_UNAVAILABLE);
    assert_int_equal(told, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_streams_apart),
        cmocka_unit_test(feeds_input_larger_than_a_pipe),
        cmocka_unit_test(no_input_is_an_empty_one),
        cmocka_unit_test(a_child_that_does_not_read),
        cmocka_unit_test(environment_is_ours_with_changes),
        cmocka_unit_test(runs_in_its_directory),
        cmocka_unit_test(missing_program_and_missing_directory),
        cmocka_unit_test(too_much_output_ends_the_child),
        cmocka_unit_test(the_end_of_standard_error_is_kept),
        cmocka_unit_test(streams_output_and_stops_when_enough),
        cmocka_unit_test(cancelling_ends_the_whole_group),
        cmocka_unit_test(a_cancelled_call_starts_nothing),
        cmocka_unit_test(a_deadline_ends_it),
        cmocka_unit_test(a_grandchild_that_keeps_the_pipe),
        cmocka_unit_test(dying_by_a_signal_is_a_status),
        cmocka_unit_test(the_child_starts_clean),
        cmocka_unit_test(works_with_our_own_streams_closed),
        cmocka_unit_test(check_reports_the_words_of_a_failure),
        cmocka_unit_test(a_long_wait_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
