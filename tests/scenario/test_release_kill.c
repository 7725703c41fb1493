/*
 * The real program, killed with all its children before any system call that could leave something behind while it
 * releases, and while it takes a release back. What is resumed must end as if nobody had killed it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/memory.h"
#include "base/process.h"
#include "tests/support/kill_matrix.h"
#include "tests/support/repository.h"

/* Enough to meet every kind of point in the time that a test may take; SIGNALBOX_KILL_ALL=1 takes them all. */
enum { POINTS = 40 };

static const char go_on[] =
    /* A git that is killed leaves its lock behind, as it would without us; a person removes it. */
    "find .git \"$REMOTE\" -name '*.lock' -delete\n"
    "\"$SIGNALBOX\" release resume --yes >/dev/null 2>&1 && exit 0\n"
    /* Nothing to resume: it was never begun, or all was done and only its words were lost. */
    "git ls-remote --exit-code origin refs/tags/v1.1.0 >/dev/null && exit 0\n"
    "exec \"$SIGNALBOX\" release create --yes >/dev/null\n";

static const char go_back_on[] = "find .git -name '*.lock' -delete\n"
                                 "\"$SIGNALBOX\" release resume --yes >/dev/null 2>&1 && exit 0\n"
                                 "git rev-parse --verify --quiet refs/tags/v1.1.0 >/dev/null || exit 0\n"
                                 "exec \"$SIGNALBOX\" release undo --yes >/dev/null\n";

static struct repository repository;
static char *program;

static void shell(const char *script)
{
    const char *const argv[] = {"sh", "-e", "-c", script, NULL};
    struct process process = {.argv = argv, .directory = repository.path};
    struct process_result result;
    struct error err = {0};
    const struct call call = {0};
    if (process_check(&result, &process, &call, &err) < 0)
        fail_msg("%s: %s: %s", script, err.what, err.why);
    process_result_clear(&result);
}

static void reset(void *context)
{
    (void)context;
    shell("cd .. && rm -rf work remote.git state && cp -a template/. .");
}

/* References, files, index and remote; neither times nor the store, which tells of each attempt. */
static char *digest(void *context)
{
    (void)context;
    const char *const argv[] = {"sh", "-c",
                                "git status --porcelain=v2 --untracked-files=all; git symbolic-ref HEAD\n"
                                "git for-each-ref --format='%(refname) %(objectname)' refs/heads refs/tags\n"
                                "git ls-files --stage; cat CHANGELOG.md package.json\n"
                                "git -C \"$REMOTE\" for-each-ref --format='%(refname) %(objectname)'",
                                NULL};
    struct process process = {.argv = argv, .directory = repository.path};
    struct process_result result;
    struct error err = {0};
    const struct call call = {0};
    if (process_check(&result, &process, &call, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    char *out = buf_take(&result.out);
    process_result_clear(&result);
    return out;
}

static int setup(void **state)
{
    (void)state;
    const char *given = getenv("SIGNALBOX");
    program = realpath(given ? given : "build/asan/signalbox", NULL);
    repository_new(&repository);
    repository_commit(&repository, "package.json", "{\n  \"version\": \"1.0.0\"\n}\n", "chore: begin");
    repository_commit(&repository, "CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Odds\n",
                      "docs: changelog");
    repository_commit(&repository, ".signalbox",
                      "[project]\n\tname = x\n[release]\n\tversionFiles = package.json\n\tchangelog = CHANGELOG.md\n",
                      "chore: signalbox");
    repository_tag(&repository, "v1.0.0", "first");
    repository_commit(&repository, "odds.c", "odds\n", "feat: odds");
    repository_bare_remote(&repository);
    setenv("SIGNALBOX", program, 1);
    setenv("REMOTE", repository.remote, 1);
    setenv("SOURCE_DATE_EPOCH", "1798761600", 1);
    setenv("GIT_AUTHOR_DATE", "1798761600 +0000", 1);
    setenv("GIT_COMMITTER_DATE", "1798761600 +0000", 1);
    CLEANUP(buf_clear) struct buf path = {0};
    buf_addf(&path, "%s/state", repository.sandbox);
    setenv("XDG_STATE_HOME", path.bytes, 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    repository_free(&repository);
    free(program);
    return 0;
}

static void keep_as_template(void)
{
    shell("cd .. && rm -rf template && mkdir -p template state && cp -a work remote.git state template");
}

/* The matrix runs in our directory, so the commands go to the repository themselves. */
static void check(const char *name, const char *run, const char *resume)
{
    CLEANUP(buf_clear) struct buf first = {0};
    CLEANUP(buf_clear) struct buf second = {0};
    buf_addf(&first, "cd '%s' && %s", repository.path, run);
    buf_addf(&second, "cd '%s'\n%s", repository.path, resume);
    const char *const run_argv[] = {"sh", "-c", first.bytes, NULL};
    const char *const resume_argv[] = {"sh", "-c", second.bytes, NULL};
    struct kill_matrix matrix = {
        .name = name, .reset = reset, .run = run_argv, .resume = resume_argv, .digest = digest, .sample = POINTS};
    kill_matrix_check(&matrix);
}

static void a_release_killed_anywhere(void **state)
{
    (void)state;
    keep_as_template();
    check("release create", "exec \"$SIGNALBOX\" release create --yes >/dev/null 2>&1", go_on);
}

static void an_undo_killed_anywhere(void **state)
{
    (void)state;
    shell("\"$SIGNALBOX\" release create --no-push --yes >/dev/null");
    keep_as_template();
    check("release undo", "exec \"$SIGNALBOX\" release undo --yes >/dev/null 2>&1", go_back_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_release_killed_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(an_undo_killed_anywhere, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
