/* What a repository says of itself: branch, remote, upstream, identity, and what is odd about it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "git/git_source.h"
#include "tests/support/repository.h"

static const struct call no_limit = {0};

static struct source open_source(const char *path)
{
    struct source source;
    struct error err;
    if (git_source_open(&source, path, &no_limit, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    return source;
}

static struct source_state state_at(const char *path)
{
    struct source source = open_source(path);
    struct source_state state;
    struct error err;
    if (source.ops->state(source.self, &state, &no_limit, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
    source.ops->close(source.self);
    return state;
}

static struct error refusal_at(const char *path)
{
    struct source source;
    struct error err;
    assert_int_equal(git_source_open(&source, path, &no_limit, &err), -1);
    assert_true(err.why[0] && err.todo[0]);
    return err;
}

static void an_ordinary_clone(void **unused)
{
    (void)unused;
    struct repository r;
    repository_new(&r);
    repository_commit(&r, "a", "1", "feat: one");
    repository_bare_remote(&r);
    repository_commit(&r, "a", "2", "feat: two");
    repository_commit(&r, "dir/b", "3", "feat: three");
    CLEANUP(free_string) char *inside = repository_output(&r, "rev-parse", "origin/main", NULL);
    char below[4096];
    snprintf(below, sizeof(below), "%s/dir", r.path);
    struct source_state state = state_at(below);
    assert_string_equal(state.work_tree, r.path);
    assert_string_equal(state.branch, "main");
    assert_string_equal(state.head, r.head);
    assert_string_equal(state.remote, "origin");
    assert_string_equal(state.remote_url, r.remote);
    assert_string_equal(state.remote_branch, "main");
    assert_string_equal(state.upstream, inside);
    assert_int_equal(state.ahead, 2);
    assert_int_equal(state.behind, 0);
    assert_string_equal(state.author, "Ada Tester <ada@example.org>");
    assert_int_equal(state.operation, SOURCE_IDLE);
    assert_false(state.shallow || state.partial || state.sparse || state.sha256 || state.submodules);
    assert_false(state.signs_commits || state.signs_tags);
    source_state_clear(&state);
    repository_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ordinary_clone),
    };
    (void)refusal_at;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
