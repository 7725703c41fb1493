/*
 * The real program, killed with all its children (git, its hooks, the receiving end) before any system call that could
 * leave something behind. What is resumed must end as if nobody had killed it: references, objects, files, index and
 * remote byte for byte, each effect done exactly once in the audit log, and that log whole.
 *
 * Locks that a killed git of ours left in the repository are taken away by the next command. In the remote they are
 * somebody else's to take away: there the resume must say which file it is, and go on once that is gone.
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
#include "tests/support/command.h"
#include "tests/support/kill_matrix.h"

/* Enough to meet every kind of point in the time that a test may take; SIGNALBOX_KILL_ALL=1 takes them all. */
enum { POINTS = 30 };

/*
 * $1 tells, in sh, whether what $2 names was begun. In the remote there may be a lock in the way, of the branch and then
 * of the tag.
 */
static const char go_on[] =
    "sh -c \"$1\" >/dev/null 2>&1 && set -- \"$1\" resume\n"
    "for try in 1 2 3; do\n"
    "    \"$SIGNALBOX\" release $2 --yes >\"$HOME/said\" 2>&1; status=$?\n"
    /* 3: nothing is open, so all was done and only its words were lost. What is there tells. */
    "    [ $status = 0 ] || [ $status = 3 ] && exit 0\n"
    /* What went wrong before is told above what is in the way now. */
    "    lock=$(grep -o \"$REMOTE/[^' ]*[.]lock\" \"$HOME/said\" | tail -1)\n"
    "    [ -n \"$lock\" ] && [ -e \"$lock\" ] && grep -q 'remove that lock file' \"$HOME/said\" ||\n"
    "        { cat \"$HOME/said\"; exit $status; }\n"
    "    rm \"$lock\"\n"
    "    set -- \"$1\" resume\n"
    "done\n"
    "exit 99\n";

static const char world[] =
    "set -e\n"
    "git status --porcelain=v2 --untracked-files=all; git symbolic-ref HEAD; git ls-files --stage --debug |\n"
    "    grep -v ':'\n"
    /* refs/remotes is what git last saw there, and no more than that. */
    "git for-each-ref --format='%(refname) %(objectname)' refs/heads refs/tags\n"
    "git -C \"$REMOTE\" for-each-ref --format='%(refname) %(objectname)'\n"
    "for f in *; do echo \"$f\"; cat \"$f\"; done\n"
    /* Once each, done by us or found done; who took over when, and what was tried in vain, is another matter. */
    "\"$SIGNALBOX\" audit log --limit 1000 --json | sed -n 's/^ *\"what\": //p' | sed 's/\"found done: /\"/' |\n"
    "    grep -Ev '^\"(takes r-|asks r-|failed: |undo [^ ]* is open)' | sort\n"
    "\"$SIGNALBOX\" audit verify >/dev/null && echo whole\n"
    /* Where the last thing that was done was killed the locks stay, with the mark for whoever changes something next. */
    "ls .git/signalbox-mark-* >/dev/null 2>&1 || find .git -name '*.lock'\n";

static const char undo_begun[] = "\"$SIGNALBOX\" release show --json | grep '\"undo\": true'";

static struct repository repository;

static char *shell(const char *script)
{
    struct ran ran = {0};
    command_shell(&ran, &repository, script);
    ran_expect(&ran, 0);
    char *out = ran.out;
    ran.out = NULL;
    ran_clear(&ran);
    return out;
}

static void reset(void *context)
{
    (void)context;
    free(shell("cd .. && rm -rf work remote.git state && cp -a template/. ."));
}

static char *digest(void *context)
{
    (void)context;
    return shell(world);
}

static int setup(void **state)
{
    (void)state;
    CLEANUP(buf_clear) struct buf path = {0};
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
    buf_addf(&path, "%s/state", repository.sandbox);
    setenv("XDG_STATE_HOME", path.bytes, 1);
    setenv("REMOTE", repository.remote, 1);
    setenv("SOURCE_DATE_EPOCH", "1798761600", 1);
    setenv("GIT_AUTHOR_DATE", "1798761600 +0000", 1);
    setenv("GIT_COMMITTER_DATE", "1798761600 +0000", 1);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    repository_free(&repository);
    return 0;
}

/* `command` after "release"; `begun` tells, in sh, whether it was begun. */
static void check(const char *name, const char *command, const char *begun)
{
    CLEANUP(buf_clear) struct buf run = {0};
    CLEANUP(buf_clear) struct buf resume = {0};
    free(shell("cd .. && rm -rf template && mkdir -p template state && cp -a work remote.git state template"));
    buf_addf(&run, "cd '%s' && exec \"$SIGNALBOX\" release %s --yes >/dev/null 2>&1", repository.path, command);
    buf_addf(&resume, "cd '%s'\n%s", repository.path, go_on);
    const char *const run_argv[] = {"sh", "-c", run.bytes, NULL};
    const char *const resume_argv[] = {"sh", "-c", resume.bytes, "sh", begun, command, NULL};
    struct kill_matrix matrix = {
        .name = name, .reset = reset, .run = run_argv, .resume = resume_argv, .digest = digest, .sample = POINTS};
    kill_matrix_check(&matrix);
}

static void a_release_in_direct_mode(void **state)
{
    (void)state;
    check("release create", "create minor", "\"$SIGNALBOX\" release show");
}

static void a_release_by_pull_request(void **state)
{
    (void)state;
    check("release create by pull request", "create minor --mode=pull-request", "\"$SIGNALBOX\" release show");
    /* Whatever is asked of a run that waits, it waits; then somebody merges. */
    reset(NULL);
    free(shell("\"$SIGNALBOX\" release create minor --mode=pull-request --yes >/dev/null\n"
               "git -C \"$REMOTE\" update-ref refs/heads/main \"$(git -C \"$REMOTE\" rev-parse release/1.1.0)\"\n"));
    check("release resume after the merge", "resume", "true");
}

static void taking_back_what_is_not_public(void **state)
{
    (void)state;
    free(shell("\"$SIGNALBOX\" release create minor --no-push --yes >/dev/null"));
    check("release undo", "undo", undo_begun);
}

static void taking_back_a_pull_request(void **state)
{
    (void)state;
    free(shell("\"$SIGNALBOX\" release create minor --mode=pull-request --yes >/dev/null"));
    check("release undo of a pull request", "undo", undo_begun);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_release_in_direct_mode, setup, teardown),
        cmocka_unit_test_setup_teardown(a_release_by_pull_request, setup, teardown),
        cmocka_unit_test_setup_teardown(taking_back_what_is_not_public, setup, teardown),
        cmocka_unit_test_setup_teardown(taking_back_a_pull_request, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
