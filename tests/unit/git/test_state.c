/* What a repository says of itself, and what each odd kind of repository is: handled, or refused in words at open. */
#include "tests/unit/git/fixture.h"

#include <sys/stat.h>

#include "base/file.h"

static struct source_state state_at(const char *path)
{
    struct source source;
    struct source_state state;
    OK(git_source_open(&source, path, &no_limit, &err));
    OK(source.ops->state(source.self, &state, &no_limit, &err));
    source.ops->close(source.self);
    return state;
}

static struct source_state state_of(const struct fixture *f)
{
    return state_at(f->r.path);
}

static char *beside(const struct fixture *f, const char *name)
{
    return path_join(f->r.sandbox, name);
}

static void found_from_below_and_from_the_git_directory(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_commit(&f.r, "deep/er/file", "x", "x");
    const char *const places[] = {"deep/er", ".git", ".git/refs"};
    for (size_t i = 0; i < COUNT(places); i++) {
        CLEANUP(free_string) char *path = path_join(f.r.path, places[i]);
        struct source_state state = state_at(path);
        assert_string_equal(state.work_tree, f.r.path);
        source_state_clear(&state);
    }
    fixture_free(&f);
}

static void a_directory_with_a_newline_in_its_name(void **unused)
{
    (void)unused;
    struct fixture f = {0};
    repository_sandbox(&f.r);
    CLEANUP(free_string) char *odd = beside(&f, "odd\nname -x\033[31m\n");
    repository_git_in(f.r.sandbox, "init", "-q", odd, NULL);
    struct source_state state = state_at(odd);
    CLEANUP(free_string) char *git_dir = path_join(odd, ".git");
    assert_string_equal(state.work_tree, odd);
    assert_string_equal(state.git_dir, git_dir);
    source_state_clear(&state);
    fixture_free(&f);
}

static void no_repository(void **unused)
{
    (void)unused;
    struct fixture f = {0};
    struct source source;
    repository_sandbox(&f.r);
    setenv("GIT_CEILING_DIRECTORIES", f.r.sandbox, 1);
    REFUSES(git_source_open(&source, f.r.sandbox, &no_limit, &err), ERROR_NOT_FOUND, "not a git repository");
    CLEANUP(free_string) char *nowhere = beside(&f, "nowhere");
    REFUSES(git_source_open(&source, nowhere, &no_limit, &err), ERROR_NOT_FOUND, "nowhere");
    unsetenv("GIT_CEILING_DIRECTORIES");
    fixture_free(&f);
}

static void no_git_program(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source source;
    struct error err;
    fixture_new(&f);
    CLEANUP(free_string) char *path = mem_string(getenv("PATH"));
    setenv("PATH", f.r.sandbox, 1);
    struct source_state state;
    assert_int_equal(git_source_open(&source, f.r.path, &no_limit, &err), 0);
    int result = source.ops->state(source.self, &state, &no_limit, &err);
    setenv("PATH", path, 1);
    source.ops->close(source.self);
    assert_int_equal(result, -1);
    assert_int_equal(err.kind, ERROR_NOT_FOUND);
    assert_non_null(strstr(err.todo, "Install git"));
    fixture_free(&f);
}

static void somebody_elses_repository_is_refused(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source source;
    struct error err;
    fixture_new(&f);
    /* Git's own switch for its tests of this rule. */
    setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1", 1);
    int refused = git_source_open(&source, f.r.path, &no_limit, &err);
    repository_git_in(f.r.sandbox, "config", "--global", "safe.directory", f.r.path, NULL);
    struct error none = {0};
    int trusted = git_source_open(&source, f.r.path, &no_limit, &none);
    unsetenv("GIT_TEST_ASSUME_DIFFERENT_OWNER");
    assert_int_equal(refused, -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_non_null(strstr(err.why, "dubious ownership"));
    assert_non_null(strstr(err.todo, "safe.directory"));
    assert_int_equal(trusted, 0);
    source.ops->close(source.self);
    fixture_free(&f);
}

static void a_caller_s_environment_does_not_confuse(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    static const char *const names[] = {"GIT_DIR",        "GIT_WORK_TREE",        "GIT_INDEX_FILE",
                                        "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_ICASE_PATHSPECS"};
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], "/nowhere", 1);
    setenv("GIT_ICASE_PATHSPECS", "1", 1);
    struct source_state state = state_of(&f);
    struct source_changes changes;
    OK(f.s.ops->changes(f.s.self, &changes, true, &no_limit, &err));
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    assert_string_equal(state.work_tree, f.r.path);
    assert_string_equal(state.head, f.r.head);
    assert_int_equal(changes.count, 0);
    source_changes_clear(&changes);
    source_state_clear(&state);
    fixture_free(&f);
}

static void unborn_and_detached(void **unused)
{
    (void)unused;
    struct fixture f = {0};
    repository_new(&f.r);
    struct source_state state = state_of(&f);
    assert_string_equal(state.branch, "main");
    assert_string_equal(state.head, "");
    assert_true(!state.remote && !state.remote_url);
    source_state_clear(&state);
    repository_commit(&f.r, "a", "1", "one");
    repository_git(&f.r, "checkout", "-q", "--detach", NULL);
    state = state_of(&f);
    assert_null(state.branch);
    assert_string_equal(state.head, f.r.head);
    source_state_clear(&state);
    fixture_free(&f);
}

static void diverged_from_its_upstream(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_bare_remote(&f.r);
    repository_git(&f.r, "checkout", "-q", "-b", "theirs", NULL);
    repository_commit(&f.r, "b", "1", "theirs");
    repository_git(&f.r, "push", "-q", "origin", "theirs:main", NULL);
    repository_git(&f.r, "checkout", "-q", "main", NULL);
    repository_commit(&f.r, "c", "1", "mine");
    repository_commit(&f.r, "c", "2", "mine too");
    struct source_state state = state_of(&f);
    assert_int_equal(state.ahead, 2);
    assert_int_equal(state.behind, 1);
    source_state_clear(&state);
    fixture_free(&f);
}

static void which_remote(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_git(&f.r, "remote", "add", "up.stream", "https://example.org/a.git", NULL);
    struct source_state state = state_of(&f);
    assert_string_equal(state.remote, "up.stream");
    assert_string_equal(state.remote_branch, "main");
    assert_string_equal(state.upstream, "");
    source_state_clear(&state);
    repository_git(&f.r, "remote", "add", "second", "https://example.org/b.git", NULL);
    state = state_of(&f);
    assert_null(state.remote);
    source_state_clear(&state);
    repository_git(&f.r, "remote", "add", "origin", "https://example.org/c.git", NULL);
    state = state_of(&f);
    assert_string_equal(state.remote, "origin");
    source_state_clear(&state);
    repository_git(&f.r, "config", "branch.main.remote", "second", NULL);
    repository_git(&f.r, "config", "branch.main.merge", "refs/heads/stable/1", NULL);
    state = state_of(&f);
    assert_string_equal(state.remote, "second");
    assert_string_equal(state.remote_branch, "stable/1");
    assert_string_equal(state.remote_url, "https://example.org/b.git");
    source_state_clear(&state);
    repository_git(&f.r, "config", "branch.main.remote", "ssh://u:pw@host/x.git", NULL);
    state = state_of(&f);
    assert_string_equal(state.remote_url, "ssh://u@host/x.git");
    assert_string_equal(state.upstream, "");
    source_state_clear(&state);
    fixture_free(&f);
}

static void passwords_are_not_shown(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_git(&f.r, "config", "url.https://ada:s3cret@example.org/.insteadOf", "ex:", NULL);
    repository_git(&f.r, "remote", "add", "origin", "ex:repo.git", NULL);
    struct source_state state = state_of(&f);
    assert_string_equal(state.remote_url, "https://example.org/repo.git");
    source_state_clear(&state);
    fixture_free(&f);
}

static void nobody_to_commit_as(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_git(&f.r, "config", "--global", "--unset", "user.email", NULL);
    repository_git(&f.r, "config", "user.useConfigOnly", "true", NULL);
    struct source_state state = state_of(&f);
    assert_null(state.author);
    source_state_clear(&state);
    fixture_free(&f);
}

static void in_the_middle_of_something(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_git(&f.r, "checkout", "-q", "-b", "side", NULL);
    repository_commit(&f.r, "a.txt", "side\n", "side");
    repository_git(&f.r, "checkout", "-q", "main", NULL);
    repository_commit(&f.r, "a.txt", "main\n", "main");
    static const struct {
        const char *begin[4], *end[3];
        enum source_operation operation;
    } cases[] = {
        {{"merge", "-q", "side"}, {"merge", "--abort"}, SOURCE_MERGE},
        {{"rebase", "-q", "side"}, {"rebase", "--abort"}, SOURCE_REBASE},
        {{"cherry-pick", "side"}, {"cherry-pick", "--abort"}, SOURCE_CHERRY_PICK},
        {{"revert", "--no-edit", "HEAD~1"}, {"revert", "--abort"}, SOURCE_REVERT},
        {{"bisect", "start"}, {"bisect", "reset"}, SOURCE_BISECT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        repository_try(&f.r, cases[i].begin[0], cases[i].begin[1], cases[i].begin[2], NULL);
        struct source_state state = state_of(&f);
        assert_int_equal(state.operation, cases[i].operation);
        source_state_clear(&state);
        repository_git(&f.r, cases[i].end[0], cases[i].end[1], NULL);
    }
    struct source_state state = state_of(&f);
    assert_int_equal(state.operation, SOURCE_IDLE);
    source_state_clear(&state);
    fixture_free(&f);
}

static int count_commits(void *context, const struct source_commit *commit UNUSED)
{
    ++*(int *)context;
    return 0;
}

static void a_shallow_clone(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_commit(&f.r, "a.txt", "two\n", "two");
    repository_bare_remote(&f.r);
    CLEANUP(free_string) char *path = beside(&f, "shallow");
    CLEANUP(free_string) char *url = mem_alloc(strlen(f.r.remote) + 8);
    sprintf(url, "file://%s", f.r.remote);
    repository_git_in(f.r.sandbox, "clone", "-q", "--depth=1", url, path, NULL);
    struct source_state state = state_at(path);
    assert_true(state.shallow);
    source_state_clear(&state);
    struct source source;
    int count = 0;
    OK(git_source_open(&source, path, &no_limit, &err));
    OK(source.ops->walk(source.self, "HEAD", NULL, NULL, count_commits, &count, &no_limit, &err));
    assert_int_equal(count, 1);
    source.ops->close(source.self);
    fixture_free(&f);
}

/* Messages and tags need nothing that is missing; a file's bytes are fetched, and their lack is said, not waited for. */
static void a_partial_clone(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_commit(&f.r, "a.txt", "two\n", "two");
    repository_tag(&f.r, "v1", "first");
    repository_bare_remote(&f.r);
    repository_git_in(f.r.remote, "config", "uploadpack.allowFilter", "true", NULL);
    CLEANUP(free_string) char *path = beside(&f, "partial");
    CLEANUP(free_string) char *gone = beside(&f, "gone.git");
    CLEANUP(free_string) char *url = mem_alloc(strlen(f.r.remote) + 8);
    sprintf(url, "file://%s", f.r.remote);
    repository_git_in(f.r.sandbox, "clone", "-q", "--filter=tree:0", "--no-checkout", url, path, NULL);
    struct source_state state = state_at(path);
    assert_true(state.partial);
    source_state_clear(&state);
    assert_int_equal(rename(f.r.remote, gone), 0);
    struct source source;
    struct source_tags tags;
    struct buf bytes = {0};
    int count = 0;
    OK(git_source_open(&source, path, &no_limit, &err));
    OK(source_tags_whole(&tags, source, &no_limit, &err));
    assert_int_equal(tags.count, 1);
    source_tags_clear(&tags);
    OK(source.ops->walk(source.self, "HEAD", NULL, NULL, count_commits, &count, &no_limit, &err));
    assert_int_equal(count, 2);
    struct error failure = {0};
    assert_int_equal(source.ops->read_file(source.self, &bytes, "HEAD~1", "a.txt", &no_limit, &failure), -1);
    assert_true(failure.why[0] && failure.todo[0]);
    assert_int_equal(rename(gone, f.r.remote), 0);
    /* Walking by path would fetch tree by tree: refused at once instead, though the remote is there. */
    assert_int_equal(source.ops->walk(source.self, "HEAD", NULL, "a.txt", count_commits, &count, &no_limit, &failure),
                     -1);
    assert_non_null(strstr(failure.todo, "partial"));
    OK(source.ops->read_file(source.self, &bytes, "HEAD~1", "a.txt", &no_limit, &err));
    assert_string_equal(buf_string(&bytes), "one\n");
    buf_clear(&bytes);
    source.ops->close(source.self);
    fixture_free(&f);
}

static void sparse_submodules_and_signing(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_commit(&f.r, ".gitmodules", "", "modules");
    repository_git(&f.r, "sparse-checkout", "set", "dir", NULL);
    repository_git(&f.r, "config", "commit.gpgSign", "yes", NULL);
    repository_git(&f.r, "config", "tag.forceSignAnnotated", "1", NULL);
    struct source_state state = state_of(&f);
    assert_true(state.sparse && state.submodules && state.signs_commits && state.signs_tags);
    source_state_clear(&state);
    fixture_free(&f);
}

/* extensions.worktreeConfig too, which sparse-checkout sets and libraries refuse. */
static void a_linked_work_tree(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    CLEANUP(free_string) char *linked = beside(&f, "linked");
    CLEANUP(free_string) char *common = path_join(f.r.path, ".git");
    repository_git(&f.r, "config", "extensions.worktreeConfig", "true", NULL);
    repository_git(&f.r, "worktree", "add", "-q", "-b", "hotfix", linked, NULL);
    repository_git_in(linked, "bisect", "start", NULL);
    struct source_state state = state_at(linked);
    assert_string_equal(state.work_tree, linked);
    assert_string_equal(state.git_dir, common);
    assert_string_equal(state.branch, "hotfix");
    assert_int_equal(state.operation, SOURCE_BISECT);
    source_state_clear(&state);
    state = state_of(&f);
    assert_int_equal(state.operation, SOURCE_IDLE);
    source_state_clear(&state);
    fixture_free(&f);
}

static void a_bare_repository_is_read_and_not_committed_to(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source source;
    struct source_changes changes;
    char made[OID_HEX];
    fixture_new(&f);
    repository_bare_remote(&f.r);
    struct source_state state = state_at(f.r.remote);
    assert_null(state.work_tree);
    assert_string_equal(state.git_dir, f.r.remote);
    assert_string_equal(state.head, f.r.head);
    source_state_clear(&state);
    OK(git_source_open(&source, f.r.remote, &no_limit, &err));
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt"), "x");
    REFUSES(source.ops->commit(source.self, made, &request, &test_permit, &no_limit, &err), ERROR_REFUSED, "bare");
    REFUSES(source.ops->restore(source.self, f.r.head, PATHS("a.txt"), &test_permit, &no_limit, &err), ERROR_REFUSED,
            "bare");
    REFUSES(source.ops->changes(source.self, &changes, true, &no_limit, &err), ERROR_REFUSED, "bare");
    source.ops->close(source.self);
    fixture_free(&f);
}

static void sha256_is_read_and_written(void **unused)
{
    (void)unused;
    struct fixture f = {0};
    struct source_tags tags;
    char made[OID_HEX], tag[OID_HEX];
    repository_sandbox(&f.r);
    repository_git_in(f.r.sandbox, "init", "-q", "-b", "main", "--object-format=sha256", f.r.path, NULL);
    repository_commit(&f.r, "a.txt", "one\n", "one");
    fixture_open(&f);
    struct source_state state = state_of(&f);
    assert_true(state.sha256);
    assert_int_equal(strlen(state.head), 64);
    source_state_clear(&state);
    repository_write(&f.r, "a.txt", "two\n");
    OK(fixture_commit(&f, made, PATHS("a.txt"), "two", &err));
    OK(f.s.ops->tag(f.s.self, tag, "v1", made, "v1", &test_permit, &no_limit, &err));
    OK(source_tags_whole(&tags, f.s, &no_limit, &err));
    assert_string_equal(tags.items[0].commit, made);
    assert_string_equal(tags.items[0].object, tag);
    source_tags_clear(&tags);
    OK(f.s.ops->move_ref(f.s.self, "refs/heads/x", "", made, &test_permit, &no_limit, &err));
    fixture_free(&f);
}

/* The same without git's switch: by the owner there really is, which only root can change. */
static void a_really_other_owner_is_refused(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source source;
    struct error err = {0};
    if (geteuid() != 0) {
        print_message("left out: another owner, which needs root\n");
        return;
    }
    fixture_new(&f);
    CLEANUP(free_string) char *git_dir = path_join(f.r.path, ".git");
    assert_int_equal(chown(f.r.path, 65534, 65534), 0);
    assert_int_equal(chown(git_dir, 65534, 65534), 0);
    assert_int_equal(git_source_open(&source, f.r.path, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_non_null(strstr(err.why, "dubious ownership"));
    fixture_free(&f);
}

/* Served where the git at hand knows the format, otherwise refused with what to do. */
static void a_format_this_git_does_not_know(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source source;
    fixture_new(&f);
    repository_git(&f.r, "config", "core.repositoryFormatVersion", "1", NULL);
    repository_git(&f.r, "config", "extensions.refStorage", "signalbox-test", NULL);
    struct error err = {0};
    assert_int_equal(git_source_open(&source, f.r.path, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_REFUSED);
    assert_non_null(strstr(err.todo, "newer git"));
    fixture_free(&f);
}

static void a_damaged_repository(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_tags tags;
    fixture_new(&f);
    repository_write(&f.r, ".git/refs/tags/v1", "1234567812345678123456781234567812345678\n");
    struct error err = {0};
    assert_int_equal(source_tags_whole(&tags, f.s, &no_limit, &err), -1);
    assert_int_equal(err.kind, ERROR_FAILED);
    assert_non_null(strstr(err.why, "refs/tags/v1"));
    assert_non_null(strstr(err.todo, "fsck"));
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(found_from_below_and_from_the_git_directory),
        cmocka_unit_test(a_directory_with_a_newline_in_its_name),
        cmocka_unit_test(no_repository),
        cmocka_unit_test(no_git_program),
        cmocka_unit_test(somebody_elses_repository_is_refused),
        cmocka_unit_test(a_really_other_owner_is_refused),
        cmocka_unit_test(a_caller_s_environment_does_not_confuse),
        cmocka_unit_test(unborn_and_detached),
        cmocka_unit_test(diverged_from_its_upstream),
        cmocka_unit_test(which_remote),
        cmocka_unit_test(passwords_are_not_shown),
        cmocka_unit_test(nobody_to_commit_as),
        cmocka_unit_test(in_the_middle_of_something),
        cmocka_unit_test(a_shallow_clone),
        cmocka_unit_test(a_partial_clone),
        cmocka_unit_test(sparse_submodules_and_signing),
        cmocka_unit_test(a_linked_work_tree),
        cmocka_unit_test(a_bare_repository_is_read_and_not_committed_to),
        cmocka_unit_test(sha256_is_read_and_written),
        cmocka_unit_test(a_format_this_git_does_not_know),
        cmocka_unit_test(a_damaged_repository),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
