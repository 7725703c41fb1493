/* Commits, tags and restoring as git does them: hooks, signatures, filters, and what must stay as it was on failure. */
#include "tests/unit/git/fixture.h"

#include <signal.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/process.h"

static char *git_dir(const struct fixture *f)
{
    return path_join(f->r.path, ".git");
}

static void hook(const struct fixture *f, const char *name, const char *script)
{
    CLEANUP(free_string) char *directory = git_dir(f);
    repository_hook(directory, name, script);
}

static void a_failing_hook_refuses_in_its_words(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "new.txt", "new\n");
    static const char *const hooks[] = {"pre-commit", "prepare-commit-msg", "commit-msg"};
    for (size_t i = 0; i < COUNT(hooks); i++) {
        hook(&f, hooks[i], "echo 'no \033[31mticket named'; exit 1\n");
        REFUSES(fixture_commit(&f, made, PATHS("a.txt", "new.txt"), "x", &err), ERROR_REFUSED,
                "no \\x1b[31mticket named");
        REFUSES(fixture_commit(&f, made, PATHS("a.txt", "new.txt"), "x", &err), ERROR_REFUSED, hooks[i]);
        CLEANUP(free_string) char *directory = git_dir(&f);
        char path[4200];
        snprintf(path, sizeof(path), "%s/hooks/%s", directory, hooks[i]);
        assert_int_equal(unlink(path), 0);
    }
    /* Nothing staged is left behind, not even the announcement of the new file. */
    assert_git(&f, " M a.txt\n?? new.txt", "status", "--porcelain");
    assert_git(&f, f.r.head, "rev-parse", "HEAD");
    OK(fixture_commit(&f, made, PATHS("a.txt", "new.txt"), "x", &err));
    fixture_free(&f);
}

/* A hook that adds to the commit, and one that rewrites the message: read_commit shows what was really made. */
static void a_hook_that_changes_the_commit_is_seen(void **unused)
{
    (void)unused;
    struct fixture f;
    char planned[OID_HEX], made[OID_HEX], tree[OID_HEX];
    struct buf message = {0};
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    hook(&f, "pre-commit", "echo formatted >a.txt; git add a.txt\n");
    hook(&f, "commit-msg", "echo 'Signed-off-by: hook' >>\"$1\"\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt"), "x\n");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, &message, made, &no_limit, &err));
    assert_string_not_equal(tree, planned);
    assert_string_equal(buf_string(&message), "x\nSigned-off-by: hook\n");
    buf_clear(&message);
    fixture_free(&f);
}

static void a_hook_may_leave_a_daemon_behind(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    hook(&f, "post-commit", "sleep 20 & echo $! >../daemon\n");
    OK(fixture_commit(&f, made, PATHS("a.txt"), "x", &err));
    assert_git(&f, made, "rev-parse", "HEAD");
    struct buf pid = {0};
    CLEANUP(free_string) char *path = path_join(f.r.sandbox, "daemon");
    OK(file_read(&pid, path, 100, &err));
    kill((pid_t)atoi(buf_string(&pid)), SIGKILL);
    buf_clear(&pid);
    fixture_free(&f);
}

static void a_hanging_hook_is_ended_at_the_deadline(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "new.txt", "new\n");
    hook(&f, "pre-commit", "sleep 1000\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt", "new.txt"), "x");
    const struct call call = call_within(&no_limit, 1500);
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &call, &err), ERROR_UNAVAILABLE, "");
    assert_git(&f, " M a.txt\n?? new.txt", "status", "--porcelain");
    fixture_free(&f);
}

static void without_an_identity(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "new.txt", "new\n");
    repository_git(&f.r, "config", "--global", "--unset", "user.email", NULL);
    repository_git(&f.r, "config", "user.useConfigOnly", "true", NULL);
    struct error failure = {0};
    assert_int_equal(fixture_commit(&f, made, PATHS("new.txt"), "x", &failure), -1);
    assert_int_equal(failure.kind, ERROR_REFUSED);
    assert_non_null(strstr(failure.todo, "user.email"));
    REFUSES(f.s.ops->tag(f.s.self, made, "v1", f.r.head, "v1", &test_permit, &no_limit, &err), ERROR_REFUSED, "");
    assert_git(&f, "?? new.txt", "status", "--porcelain");
    fixture_free(&f);
}

static void in_the_middle_of_a_merge(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_git(&f.r, "checkout", "-q", "-b", "side", NULL);
    repository_commit(&f.r, "a.txt", "side\n", "side");
    repository_git(&f.r, "checkout", "-q", "main", NULL);
    repository_commit(&f.r, "a.txt", "main\n", "main");
    assert_int_not_equal(repository_try(&f.r, "merge", "-q", "side", NULL), 0);
    REFUSES(fixture_commit(&f, made, PATHS("a.txt"), "x", &err), ERROR_REFUSED, "merge");
    fixture_free(&f);
}

static void a_detached_head(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_git(&f.r, "checkout", "-q", "--detach", NULL);
    repository_write(&f.r, "a.txt", "two\n");
    REFUSES(fixture_commit(&f, made, PATHS("a.txt"), "x", &err), ERROR_CONFLICT, "no branch");
    fixture_free(&f);
}

static void the_first_commit(void **unused)
{
    (void)unused;
    struct fixture f = {0};
    char made[OID_HEX], planned[OID_HEX], tree[OID_HEX];
    repository_new(&f.r);
    fixture_open(&f);
    repository_write(&f.r, "a.txt", "one\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt"), "first");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, NULL, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    fixture_free(&f);
}

static void another_git_holds_the_index(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, ".git/index.lock", "");
    REFUSES(fixture_commit(&f, made, PATHS("a.txt"), "x", &err), ERROR_UNAVAILABLE, "index.lock");
    fixture_free(&f);
}

static void a_deleted_and_an_ignored_file(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], planned[OID_HEX], tree[OID_HEX];
    fixture_new(&f);
    repository_commit(&f.r, ".gitignore", "*.log\n", "ignore");
    repository_write(&f.r, "x.log", "x");
    REFUSES(fixture_commit(&f, made, PATHS("x.log"), "x", &err), ERROR_REFUSED, "x.log");
    repository_write(&f.r, "a.txt", NULL);
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt"), "gone");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, NULL, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    assert_git(&f, ".gitignore", "ls-tree", "--name-only", "HEAD");
    fixture_free(&f);
}

static void hostile_names_of_files(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], planned[OID_HEX], tree[OID_HEX];
    fixture_new(&f);
    const char *const *paths = PATHS("-rf", "new\nline", "esc\033[31m", ":(glob)*", "star*", "d i r/\xff\xfe");
    for (size_t i = 0; paths[i]; i++)
        repository_write(&f.r, paths[i], "x");
    repository_write(&f.r, "starling", "must not match star*");
    struct source_commit_request request = fixture_request(&f, paths, "names");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, NULL, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    assert_git(&f, "?? starling", "status", "--porcelain");
    OK(f.s.ops->restore(f.s.self, f.r.head, paths, &test_permit, &no_limit, &err));
    for (size_t i = 0; paths[i]; i++) {
        char *bytes = repository_read(&f.r, paths[i]);
        assert_null(bytes);
    }
    char *kept = repository_read(&f.r, "starling");
    assert_non_null(kept);
    free(kept);
    fixture_free(&f);
}

/* A link out of the work tree is not followed by what deletes. */
static void restoring_stays_inside(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    CLEANUP(free_string) char *outside = path_join(f.r.sandbox, "outside");
    CLEANUP(free_string) char *precious = path_join(outside, "precious");
    CLEANUP(free_string) char *link = path_join(f.r.path, "link");
    assert_int_equal(mkdir(outside, 0755), 0);
    OK(file_write(precious, "x", 1, 0644, &err));
    assert_int_equal(symlink(outside, link), 0);
    struct error ignored;
    int result = f.s.ops->restore(f.s.self, f.r.head, PATHS("link/precious"), &test_permit, &no_limit, &ignored);
    (void)result;
    assert_true(file_exists(precious));
    REFUSES(f.s.ops->restore(f.s.self, f.r.head, PATHS(".git/config"), &test_permit, &no_limit, &err), ERROR_INVALID,
            ".git");
    fixture_free(&f);
}

static void filters_and_line_ends(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], planned[OID_HEX], tree[OID_HEX];
    struct buf bytes = {0};
    fixture_new(&f);
    repository_commit(&f.r, ".gitattributes", "*.up filter=up\n", "attributes");
    repository_git(&f.r, "config", "core.autocrlf", "true", NULL);
    repository_git(&f.r, "config", "filter.up.clean", "tr a-z A-Z", NULL);
    repository_write(&f.r, "a.txt", "one\r\ntwo\r\n");
    repository_write(&f.r, "b.up", "loud\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt", "b.up"), "crlf");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, NULL, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    OK(f.s.ops->read_file(f.s.self, &bytes, made, "a.txt", &no_limit, &err));
    OK(f.s.ops->read_file(f.s.self, &bytes, made, "b.up", &no_limit, &err));
    assert_string_equal(buf_string(&bytes), "one\ntwo\nLOUD\n");
    assert_git(&f, "", "status", "--porcelain");
    buf_clear(&bytes);
    fixture_free(&f);
}

/* What the sparse checkout leaves out of the work tree stays in the commit, and in the plan. */
static void a_sparse_checkout(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], planned[OID_HEX], tree[OID_HEX];
    fixture_new(&f);
    repository_commit(&f.r, "in/b.txt", "b\n", "b");
    repository_commit(&f.r, "out/c.txt", "c\n", "c");
    repository_git(&f.r, "sparse-checkout", "set", "in", NULL);
    char *gone = repository_read(&f.r, "out/c.txt");
    assert_null(gone);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "new/d.txt", "outside of the cone\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt", "new/d.txt"), "sparse");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, NULL, NULL, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    assert_git(&f, "a.txt\nin/b.txt\nnew/d.txt\nout/c.txt", "ls-tree", "-r", "--name-only", "HEAD");
    OK(f.s.ops->restore(f.s.self, f.r.head, PATHS("a.txt", "new/d.txt"), &test_permit, &no_limit, &err));
    char *back = repository_read(&f.r, "a.txt");
    assert_string_equal(back, "one\n");
    free(back);
    fixture_free(&f);
}

static void in_a_linked_work_tree_and_beside_a_submodule(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    CLEANUP(free_string) char *linked = path_join(f.r.sandbox, "linked");
    CLEANUP(free_string) char *file = path_join(linked, "a.txt");
    repository_git(&f.r, "submodule", "--quiet", "add", f.r.path, "sub", NULL);
    repository_git(&f.r, "commit", "-q", "-m", "submodule", NULL);
    repository_git(&f.r, "worktree", "add", "-q", "-b", "hotfix", linked, NULL);
    CLEANUP(free_string) char *head = repository_output(&f.r, "rev-parse", "HEAD", NULL);
    OK(file_write(file, "two\n", 4, 0644, &err));
    struct source source;
    OK(git_source_open(&source, linked, &no_limit, &err));
    struct source_commit_request request = {
        .branch = "hotfix", .parent = head, .paths = PATHS("a.txt"), .message = "fix: it"};
    OK(source.ops->commit(source.self, made, &request, &test_permit, &no_limit, &err));
    assert_git(&f, made, "rev-parse", "hotfix");
    assert_git(&f, head, "rev-parse", "main");
    source.ops->close(source.self);
    fixture_free(&f);
}

static void run_program(const char *const *argv)
{
    struct process_result result;
    struct process process = {.argv = argv};
    OK(process_check(&result, &process, &no_limit, &err));
    process_result_clear(&result);
}

/* Signed as git is configured, and verified by git; a key that is gone is said in git's words. */
static void signs_with_an_ssh_key(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], tag[OID_HEX];
    struct source_tag_detail detail;
    struct buf allowed = {0};
    fixture_new(&f);
    CLEANUP(free_string) char *key = path_join(f.r.sandbox, "key");
    CLEANUP(free_string) char *public = path_join(f.r.sandbox, "key.pub");
    CLEANUP(free_string) char *signers = path_join(f.r.sandbox, "signers");
    run_program(PATHS("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key));
    buf_adds(&allowed, "ada@example.org ");
    OK(file_read(&allowed, public, 10000, &err));
    OK(file_write(signers, allowed.bytes, allowed.len, 0644, &err));
    repository_git(&f.r, "config", "gpg.format", "ssh", NULL);
    repository_git(&f.r, "config", "gpg.ssh.allowedSignersFile", signers, NULL);
    repository_git(&f.r, "config", "user.signingKey", public, NULL);
    repository_git(&f.r, "config", "commit.gpgSign", "true", NULL);
    repository_git(&f.r, "config", "tag.gpgSign", "true", NULL);
    repository_write(&f.r, "a.txt", "two\n");
    OK(fixture_commit(&f, made, PATHS("a.txt"), "signed", &err));
    OK(f.s.ops->tag(f.s.self, tag, "v1", made, "notes\nof v1", &test_permit, &no_limit, &err));
    repository_git(&f.r, "verify-commit", made, NULL);
    repository_git(&f.r, "verify-tag", "v1", NULL);
    OK(f.s.ops->tag_detail(f.s.self, &detail, "v1", &no_limit, &err));
    assert_true(detail.has_signature);
    assert_string_equal(detail.message, "notes\nof v1\n");
    source_tag_detail_clear(&detail);
    unlink(key);
    unlink(public);
    strcpy(f.r.head, made);
    repository_write(&f.r, "a.txt", "three\n");
    struct error failure = {0};
    assert_int_equal(fixture_commit(&f, made, PATHS("a.txt"), "x", &failure), -1);
    assert_int_equal(failure.kind, ERROR_FAILED);
    assert_non_null(strstr(failure.todo, "signing key"));
    assert_int_equal(f.s.ops->tag(f.s.self, tag, "v2", "main", "v2", &test_permit, &no_limit, &failure), -1);
    assert_non_null(strstr(failure.todo, "signing key"));
    assert_git(&f, "v1", "tag", "--list");
    buf_clear(&allowed);
    fixture_free(&f);
}

static void dates_are_the_environment_s(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], tag[OID_HEX];
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    setenv("GIT_AUTHOR_DATE", "1700000000 +0200", 1);
    setenv("GIT_COMMITTER_DATE", "1700000001 +0200", 1);
    OK(fixture_commit(&f, made, PATHS("a.txt"), "x", &err));
    OK(f.s.ops->tag(f.s.self, tag, "v1", made, "v1", &test_permit, &no_limit, &err));
    assert_git(&f, "1700000000 1700000001", "show", "-s", "--format=%at %ct", made);
    assert_git(&f, "1700000001 +0200", "for-each-ref", "--format=%(taggerdate:raw)", "refs/tags/v1");
    fixture_free(&f);
}

/* What the user may have configured that changes what git prints or does. */
static void odd_settings_do_not_matter(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX], tag[OID_HEX];
    struct buf message = {0};
    static const char *const settings[][2] = {
        {"commit.cleanup", "strip"},   {"commit.template", "/nowhere"},
        {"core.commentChar", "x"},     {"commit.verbose", "2"},
        {"core.editor", "false"},      {"core.pager", "false"},
        {"log.showSignature", "true"}, {"log.mailmap", "true"},
        {"color.ui", "always"},        {"status.showUntrackedFiles", "no"},
        {"status.short", "true"},      {"tag.sort", "-version:refname"},
        {"push.followTags", "true"},   {"core.quotePath", "true"},
        {"column.ui", "always"},       {"i18n.logOutputEncoding", "UTF-16"},
        {"core.abbrev", "4"},          {"status.branch", "true"},
        {"core.splitIndex", "true"},   {"core.untrackedCache", "true"},
        {"status.renames", "copies"},  {"push.default", "nothing"},
        {"log.date", "relative"},      {"alias.log", "!false"},
    };
    fixture_new(&f);
    for (size_t i = 0; i < COUNT(settings); i++)
        repository_git(&f.r, "config", settings[i][0], settings[i][1], NULL);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "n\xc3\xa4w", "x\n");
    struct source_changes changes;
    OK(f.s.ops->changes(f.s.self, &changes, true, &no_limit, &err));
    assert_int_equal(changes.count, 2);
    source_changes_clear(&changes);
    OK(fixture_commit(&f, made, PATHS("a.txt", "n\xc3\xa4w"), "x\n\n# h\xc3\xa4\n", &err));
    OK(f.s.ops->tag(f.s.self, tag, "v1", made, "# v1\n", &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tag, NULL, &message, made, &no_limit, &err));
    assert_string_equal(buf_string(&message), "x\n\n# h\xc3\xa4\n");
    buf_clear(&message);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_hook_refuses_in_its_words),
        cmocka_unit_test(a_hook_that_changes_the_commit_is_seen),
        cmocka_unit_test(a_hook_may_leave_a_daemon_behind),
        cmocka_unit_test(a_hanging_hook_is_ended_at_the_deadline),
        cmocka_unit_test(without_an_identity),
        cmocka_unit_test(in_the_middle_of_a_merge),
        cmocka_unit_test(a_detached_head),
        cmocka_unit_test(the_first_commit),
        cmocka_unit_test(another_git_holds_the_index),
        cmocka_unit_test(a_deleted_and_an_ignored_file),
        cmocka_unit_test(hostile_names_of_files),
        cmocka_unit_test(restoring_stays_inside),
        cmocka_unit_test(filters_and_line_ends),
        cmocka_unit_test(a_sparse_checkout),
        cmocka_unit_test(in_a_linked_work_tree_and_beside_a_submodule),
        cmocka_unit_test(signs_with_an_ssh_key),
        cmocka_unit_test(dates_are_the_environment_s),
        cmocka_unit_test(odd_settings_do_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
