/*
 * A run of a kind of its own that writes real files and runs a real program: killed at every point, stopped in the middle
 * of an act, taken over. The worker is this program itself, started again as `test_kill work DIR ACTOR [STOP]`.
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

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/process.h"
#include "run/run.h"
#include "store/audit.h"
#include "store/sqlite_store.h"
#include "tests/support/kill_matrix.h"
#include "tests/support/scratch.h"

static const struct call no_call = {0};
static const char *self;

/* Where the worker stops itself: "before" it asks the permit in the act of file:two, or "after" it has written. */
static const char *stop_where = "";

static int load(void **plan, const char *bytes, size_t len, struct error *err UNUSED)
{
    *plan = mem_bytes(bytes, len);
    return 0;
}

/* Two files, the second holding the hash of the first; then a line that a program adds, once, to a log. */
static void decide(struct decision *out, const void *plan UNUSED, const struct run_progress *progress,
                   int64_t now_ms UNUSED)
{
    static const char *const ids[] = {"file:one", "file:two", "line"};
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct effect_progress *of = run_progress_of(progress, ids[i]);
        if (of && of->status == EFFECT_DONE)
            continue;
        *out = (struct decision){.kind = DECIDE_ACT};
        effect_init(&out->effect, ids[i], i < 2 ? "file" : "line", 500);
        effect_words(&out->effect, "writes %s", ids[i]);
        const char *hash = run_evidence(progress, "file:one", "hash");
        effect_set(&out->effect, "content", i == 0 ? "the first\n" : hash);
        return;
    }
    *out = (struct decision){.kind = DECIDE_FINISH, .status = RUN_FINISHED};
}

static char *path_of(const char *directory, const struct effect *effect)
{
    const char *colon = strchr(effect->id, ':');
    return path_join(directory, colon ? colon + 1 : effect->id);
}

static int observe(enum observed *out, struct evidence *evidence, void *world, const void *plan UNUSED,
                   const struct effect *effect, const struct call *call UNUSED, struct error *err)
{
    CLEANUP(free_string) char *path = path_of(world, effect);
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct buf wanted = {0};
    *out = OBSERVED_ABSENT;
    if (file_read(&bytes, path, 4096, err) < 0)
        return err->kind == ERROR_NOT_FOUND ? 0 : -1;
    buf_adds(&wanted, strcmp(effect->kind, "line") == 0 ? "x" : effect_get(effect, "content"));
    if (bytes.len)
        *out = strncmp(buf_string(&bytes), wanted.bytes, wanted.len) == 0 ? OBSERVED_DONE : OBSERVED_FOREIGN;
    if (strcmp(effect->kind, "line") == 0 && bytes.len > 1)
        *out = OBSERVED_FOREIGN;
    buf_clear(&wanted);
    if (*out == OBSERVED_DONE) {
        char hash[HASH_HEX];
        hash_sha256(hash, effect_get(effect, "content"), strlen(effect_get(effect, "content")));
        evidence_set(evidence, "hash", hash);
    }
    return 0;
}

static void stop_here(const char *where, const struct effect *effect)
{
    if (strcmp(stop_where, where) == 0 && strcmp(effect->id, "file:two") == 0)
        raise(SIGSTOP);
}

/* The actor's name is part of what is written, so that a stale writer shows. */
static int write_file(const char *path, const struct effect *effect, const struct permit *permit, struct error *err)
{
    CLEANUP(buf_clear) struct buf content = {0};
    buf_addf(&content, "%s%s", effect_get(effect, "content"), *stop_where ? permit->actor : "");
    return file_write(path, content.bytes, content.len, 0600, err);
}

static int act(struct evidence *evidence UNUSED, void *world, const void *plan UNUSED, const struct effect *effect,
               const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *path = path_of(world, effect);
    stop_here("before", effect);
    if (permit->still_valid(permit, err) < 0)
        return -1;
    if (strcmp(effect->kind, "file") == 0) {
        int result = write_file(path, effect, permit, err);
        stop_here("after", effect);
        return result;
    }
    const char *const argv[] = {"sh", "-c", "printf x >> \"$1\"", "sh", path, NULL};
    struct process process = {.argv = argv};
    struct process_result result;
    int outcome = process_check(&result, &process, call, err);
    process_result_clear(&result);
    return outcome;
}

static const struct run_kind kind = {
    .name = "files", .load = load, .unload = free, .decide = decide, .observe = observe, .act = act};

/* Makes the run where there is none, and drives it. */
static int work(const char *directory, const char *actor, struct error *err)
{
    CLEANUP(free_string) char *state = path_join(directory, "state");
    struct store store;
    struct run_info info;
    if (sqlite_store_open(&store, state, &no_call, err) < 0)
        return -1;
    int result = run_find(&info, store, "r-0001", &no_call, err);
    struct run_start start = {&kind, "1.0.0", "api/local", "plan", 4, actor, "", NULL, RUN_OPEN};
    if (result < 0 && err->kind == ERROR_NOT_FOUND)
        result = run_create(&info, store, &start, &no_call, err);
    if (result == 0) {
        enum run_status status;
        run_info_clear(&info);
        struct run_driver driver = {
            .store = store, .kind = &kind, .world = (void *)directory, .actor = actor, .lease_ms = 300};
        result = run_drive(&status, &driver, "r-0001", &no_call, err);
        if (result == 0 && status != RUN_FINISHED)
            result = error_set(err, ERROR_FAILED, "The run is %s", run_status_name(status));
    }
    store.ops->close(store.self);
    return result;
}

static int worker(int argc, char **argv)
{
    struct error err = {0};
    stop_where = argc > 4 ? argv[4] : "";
    if (work(argv[2], argv[3], &err) == 0)
        return 0;
    if (err.kind != ERROR_CONFLICT)
        fprintf(stderr, "worker: %s: %s\n", err.what, err.why);
    return error_exit_code(err.kind);
}

/* The rest is the test. */

struct place {
    char *parent, *directory;
};

static void add_file(struct buf *out, const char *directory, const char *name)
{
    CLEANUP(free_string) char *path = path_join(directory, name);
    struct error err;
    buf_addf(out, "%s: ", name);
    if (file_read(out, path, 4096, &err) < 0)
        buf_adds(out, err.what);
    buf_addc(out, '\n');
}

/* Files, effects done and how often, and whether the audit chain is whole. */
static char *digest_of(const char *directory)
{
    struct buf out = {0};
    struct store store;
    struct error err = {0};
    struct store_entries journal = {0};
    struct audit_report report = {0};
    CLEANUP(free_string) char *state = path_join(directory, "state");
    add_file(&out, directory, "one");
    add_file(&out, directory, "two");
    add_file(&out, directory, "line");
    if (sqlite_store_open(&store, state, &no_call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    assert_int_equal(store.ops->read(store.self, &journal, "run/r-0001", 0, 0, &no_call, &err), 0);
    for (size_t i = 0; i < journal.count; i++) {
        const char *effect = strstr(journal.items[i].bytes, "\"effect\":");
        if (strstr(journal.items[i].bytes, "\"what\":\"done\""))
            buf_addf(&out, "done %.*s\n", (int)strcspn(effect, ","), effect);
        if (strstr(journal.items[i].bytes, "\"what\":\"status\""))
            buf_addf(&out, "%s\n", strstr(journal.items[i].bytes, "\"status\":"));
    }
    assert_int_equal(audit_verify(&report, store, &no_call, &err), 0);
    buf_addf(&out, "audit %s %s\n", audit_fault_name(report.fault), report.why);
    store_entries_clear(&journal);
    store.ops->close(store.self);
    return buf_take(&out);
}

static void reset(void *context)
{
    struct place *place = context;
    struct error err;
    if (place->directory)
        scratch_remove(place->directory);
    place->directory = path_join(place->parent, "place");
    assert_int_equal(file_make_dirs(place->directory, &err), 0);
}

static char *digest(void *context)
{
    return digest_of(((struct place *)context)->directory);
}

static void killed_at_every_point_it_ends_the_same(void **state UNUSED)
{
    struct place place = {.parent = scratch_make()};
    CLEANUP(free_string) char *directory = path_join(place.parent, "place");
    const char *const run[] = {self, "work", directory, "maria@ops1", NULL};
    const char *const resume[] = {self, "work", directory, "jon@laptop", NULL};
    struct kill_matrix matrix = {
        .name = "a run", .context = &place, .reset = reset, .run = run, .resume = resume, .digest = digest};
    kill_matrix_check(&matrix);
    scratch_remove(place.directory);
    scratch_remove(place.parent);
}

static pid_t start(const char *directory, const char *actor, const char *where)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        execl(self, self, "work", directory, actor, where, (char *)NULL);
        _exit(127);
    }
    return pid;
}

static int end_of(pid_t pid)
{
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * The first holder stops in the middle of an act; another asks until the lease has run out, and ends the run; then the
 * first goes on, and must find that it may not.
 */
static void stopped_in_an_act(const char *where)
{
    char *directory = scratch_make();
    pid_t stopped = start(directory, "maria@ops1", where);
    int status;
    assert_int_equal(waitpid(stopped, &status, WUNTRACED), stopped);
    assert_true(WIFSTOPPED(status));
    int64_t patience = clock_boot_ms() + 60000;
    int refused = 0, result;
    while ((result = end_of(start(directory, "jon@laptop", "never"))) == error_exit_code(ERROR_CONFLICT) &&
           clock_boot_ms() < patience) {
        refused++;
        usleep(50000);
    }
    assert_int_equal(result, 0);
    assert_true(refused > 0); /* while the lease lasted nobody else was let in */
    CLEANUP(free_string) char *before = digest_of(directory);
    assert_int_equal(kill(stopped, SIGCONT), 0);
    assert_int_equal(end_of(stopped), error_exit_code(ERROR_CONFLICT));
    CLEANUP(free_string) char *after = digest_of(directory);
    assert_string_equal(after, before);
    assert_non_null(strstr(after, strcmp(where, "before") == 0 ? "jon@laptop" : "maria@ops1"));
    assert_non_null(strstr(after, "line: x\n"));
    assert_non_null(strstr(after, "audit whole"));
    scratch_remove(directory);
}

static void stopped_before_it_writes_it_writes_nothing_stale(void **state UNUSED)
{
    stopped_in_an_act("before");
}

static void stopped_after_it_wrote_it_journals_nothing_stale(void **state UNUSED)
{
    stopped_in_an_act("after");
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "work") == 0)
        return worker(argc, argv);
    self = "/proc/self/exe";
    char *path = realpath(self, NULL);
    self = path;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(killed_at_every_point_it_ends_the_same),
        cmocka_unit_test(stopped_before_it_writes_it_writes_nothing_stale),
        cmocka_unit_test(stopped_after_it_wrote_it_journals_nothing_stale),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    free(path);
    return failed;
}
