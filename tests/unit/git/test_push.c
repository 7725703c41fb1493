/* Pushing: all or nothing, never a force, and every way a remote can say no told apart. */
#include "tests/unit/git/fixture.h"

#include <sys/stat.h>

#include "base/file.h"

/* main one commit ahead of the remote, and a tag v1 on it that the remote has not. */
struct pushing {
    struct fixture f;
    char before[OID_HEX], tag[OID_HEX];
};

static void pushing_new(struct pushing *p)
{
    fixture_new(&p->f);
    repository_bare_remote(&p->f.r);
    snprintf(p->before, sizeof(p->before), "%s", p->f.r.head);
    repository_commit(&p->f.r, "a.txt", "two\n", "two");
    OK(p->f.s.ops->tag(p->f.s.self, p->tag, "v1", p->f.r.head, "v1", &test_permit, &no_limit, &err));
}

static int push_both(const struct pushing *p, struct error *err)
{
    const struct source_push_ref refs[] = {{"refs/heads/main", p->before, p->f.r.head}, {"refs/tags/v1", "", p->tag}};
    return p->f.s.ops->push(p->f.s.self, "origin", refs, 2, &test_permit, &no_limit, err);
}

static int push_one(const struct pushing *p, const char *ref, const char *expect, const char *to, struct error *err)
{
    const struct source_push_ref refs[] = {{ref, expect, to}};
    return p->f.s.ops->push(p->f.s.self, "origin", refs, 1, &test_permit, &no_limit, err);
}

static void assert_remote(const struct pushing *p, const char *expected)
{
    char *refs = repository_output_in(p->f.r.remote, "for-each-ref", "--format=%(objectname) %(refname)", NULL);
    assert_string_equal(refs, expected);
    free(refs);
}

static void assert_nothing_moved(const struct pushing *p)
{
    char expected[OID_HEX + 32];
    snprintf(expected, sizeof(expected), "%s refs/heads/main", p->before);
    assert_remote(p, expected);
}

static void the_branch_alone_is_refused(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_hook(p.f.r.remote, "update",
                    "case $1 in refs/heads/*) echo 'main is \033[31mprotected'; exit 1;; esac\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "main is \\x1b[31mprotected");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "refs/heads/main: hook declined");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

static void the_tag_alone_is_refused(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_hook(p.f.r.remote, "update", "case $1 in refs/tags/*) echo 'no tags today' >&2; exit 1;; esac\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "no tags today");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "refs/tags/v1");
    assert_nothing_moved(&p);
    repository_hook(p.f.r.remote, "update", "exit 0\n");
    OK(push_both(&p, &err));
    fixture_free(&p.f);
}

static void the_whole_push_is_refused(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_hook(p.f.r.remote, "pre-receive", "echo 'frozen until Monday'; exit 1\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "frozen until Monday");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

static void the_remote_moved_on(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    CLEANUP(free_string) char *other = path_join(p.f.r.sandbox, "other");
    repository_git_in(p.f.r.sandbox, "clone", "-q", p.f.r.remote, other, NULL);
    repository_git_in(other, "commit", "-q", "--allow-empty", "-m", "theirs", NULL);
    repository_git_in(other, "push", "-q", "origin", "main", NULL);
    CLEANUP(free_string) char *theirs = repository_output_in(other, "rev-parse", "HEAD", NULL);
    snprintf(p.before, sizeof(p.before), "%s", theirs);
    /* Not where it was expected; no expectation, but no fast-forward; and expected, but not known here. */
    CLEANUP(free_string) char *ours = repository_output(&p.f.r, "rev-parse", "HEAD~1", NULL);
    const struct source_push_ref both[] = {{"refs/heads/main", ours, p.f.r.head}, {"refs/tags/v1", "", p.tag}};
    REFUSES(p.f.s.ops->push(p.f.s.self, "origin", both, 2, &test_permit, &no_limit, &err), ERROR_CONFLICT,
            "refs/heads/main: stale info");
    REFUSES(push_one(&p, "refs/heads/main", NULL, p.f.r.head, &err), ERROR_CONFLICT, "fetch first");
    REFUSES(push_one(&p, "refs/heads/main", theirs, p.f.r.head, &err), ERROR_CONFLICT, "not here");
    OK(p.f.s.ops->fetch(p.f.s.self, "origin", "main", &no_limit, &err));
    REFUSES(push_one(&p, "refs/heads/main", NULL, p.f.r.head, &err), ERROR_CONFLICT, "non-fast-forward");
    REFUSES(push_one(&p, "refs/heads/main", theirs, p.f.r.head, &err), ERROR_REFUSED, "lose commits");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

static void a_tag_that_is_public_stays(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    OK(push_both(&p, &err));
    repository_git(&p.f.r, "tag", "-a", "-f", "-m", "moved", "v1", p.before, NULL);
    CLEANUP(free_string) char *moved = repository_output(&p.f.r, "rev-parse", "refs/tags/v1", NULL);
    REFUSES(push_one(&p, "refs/tags/v1", NULL, moved, &err), ERROR_CONFLICT, "already exists");
    REFUSES(push_one(&p, "refs/tags/v1", "", moved, &err), ERROR_CONFLICT, "stale info");
    REFUSES(push_one(&p, "refs/tags/v1", p.tag, moved, &err), ERROR_REFUSED, "neither moved nor deleted");
    REFUSES(push_one(&p, "refs/tags/v1", p.tag, "", &err), ERROR_REFUSED, "neither moved nor deleted");
    CLEANUP(free_string) char *there = repository_output_in(p.f.r.remote, "rev-parse", "refs/tags/v1", NULL);
    assert_string_equal(there, p.tag);
    fixture_free(&p.f);
}

static void makes_and_deletes_a_branch(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    const char *ref = "refs/heads/release/1.0";
    for (int twice = 0; twice < 2; twice++)
        OK(push_one(&p, ref, "", p.f.r.head, &err));
    REFUSES(push_one(&p, ref, "", p.before, &err), ERROR_CONFLICT, "");
    REFUSES(push_one(&p, ref, p.before, "", &err), ERROR_CONFLICT, "");
    OK(push_one(&p, ref, p.f.r.head, "", &err));
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

/* No spelling of a request turns into a force, an option or another remote's program. */
static void nothing_is_forced(void **unused)
{
    (void)unused;
    struct pushing p;
    struct source_push_ref ref = {"refs/heads/main", NULL, p.before};
    pushing_new(&p);
    REFUSES(push_one(&p, "refs/heads/main", NULL, "+main", &err), ERROR_INVALID, "");
    REFUSES(push_one(&p, "+refs/heads/main", NULL, p.f.r.head, &err), ERROR_INVALID, "");
    REFUSES(push_one(&p, "refs/heads/*", NULL, p.f.r.head, &err), ERROR_INVALID, "");
    REFUSES(push_one(&p, "main", NULL, p.f.r.head, &err), ERROR_INVALID, "");
    REFUSES(p.f.s.ops->push(p.f.s.self, "--receive-pack=touch x", &ref, 1, &test_permit, &no_limit, &err),
            ERROR_INVALID, "");
    REFUSES(p.f.s.ops->push(p.f.s.self, "ext::touch x", &ref, 1, &test_permit, &no_limit, &err), ERROR_UNAVAILABLE,
            "ext");
    REFUSES(p.f.s.ops->push(p.f.s.self, "origin", &ref, 0, &test_permit, &no_limit, &err), ERROR_INVALID, "");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

static void only_the_references_meant(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_git(&p.f.r, "config", "push.followTags", "true", NULL);
    repository_git(&p.f.r, "config", "remote.origin.push", "refs/heads/*:refs/heads/*", NULL);
    repository_git(&p.f.r, "branch", "private", NULL);
    OK(push_one(&p, "refs/heads/main", p.before, p.f.r.head, &err));
    char expected[OID_HEX + 32];
    snprintf(expected, sizeof(expected), "%s refs/heads/main", p.f.r.head);
    assert_remote(&p, expected);
    fixture_free(&p.f);
}

static void the_pre_push_hook_is_asked(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    CLEANUP(free_string) char *git_dir = path_join(p.f.r.path, ".git");
    repository_hook(git_dir, "pre-push", "grep -q refs/tags/v1 && echo 'tests are red'; exit 1\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "tests are red");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "pre-push hook");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

static void a_remote_without_atomic(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_git_in(p.f.r.remote, "config", "receive.advertiseAtomic", "false", NULL);
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "several references as one");
    assert_nothing_moved(&p);
    OK(push_one(&p, "refs/heads/main", p.before, p.f.r.head, &err));
    OK(push_one(&p, "refs/tags/v1", "", p.tag, &err));
    fixture_free(&p.f);
}

static void a_branch_that_is_checked_out_there(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_git_in(p.f.r.remote, "config", "core.bare", "false", NULL);
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "currently checked out");
    fixture_free(&p.f);
}

static void a_remote_that_is_not_there(void **unused)
{
    (void)unused;
    struct pushing p;
    struct source_refs refs;
    pushing_new(&p);
    REFUSES(p.f.s.ops->remote_refs(p.f.s.self, &refs, "elsewhere", &no_limit, &err), ERROR_NOT_FOUND, "elsewhere");
    CLEANUP(free_string) char *gone = path_join(p.f.r.sandbox, "gone.git");
    assert_int_equal(rename(p.f.r.remote, gone), 0);
    REFUSES(push_both(&p, &err), ERROR_NOT_FOUND, "does not appear to be a git repository");
    REFUSES(p.f.s.ops->remote_refs(p.f.s.self, &refs, "origin", &no_limit, &err), ERROR_NOT_FOUND, "");
    fixture_free(&p.f);
}

/* Port 1 of this machine: nobody listens. The address's password must not come back in the words. */
static void a_remote_that_cannot_be_reached(void **unused)
{
    (void)unused;
    struct pushing p;
    struct source_refs refs;
    pushing_new(&p);
    repository_git(&p.f.r, "remote", "set-url", "origin", "http://ada:s3cret@127.0.0.1:1/x.git", NULL);
    struct error failure = {0};
    assert_int_equal(p.f.s.ops->remote_refs(p.f.s.self, &refs, "origin", &no_limit, &failure), -1);
    assert_int_equal(failure.kind, ERROR_UNAVAILABLE);
    assert_null(strstr(failure.why, "s3cret"));
    assert_non_null(strstr(failure.why, "127.0.0.1"));
    REFUSES(push_both(&p, &err), ERROR_UNAVAILABLE, "");
    fixture_free(&p.f);
}

/* A program in ssh's place. */
static void ssh(const struct pushing *p, const char *script)
{
    char path[4200];
    repository_hook(p->f.r.sandbox, "ssh", script);
    snprintf(path, sizeof(path), "%s/hooks/ssh", p->f.r.sandbox);
    setenv("GIT_SSH_COMMAND", path, 1);
    repository_git(&p->f.r, "remote", "set-url", "origin", "ssh://example.org/x.git", NULL);
}

static void over_ssh(void **unused)
{
    (void)unused;
    struct pushing p;
    struct source_refs refs;
    pushing_new(&p);
    ssh(&p, "echo 'git@example.org: Permission denied (publickey).' >&2; exit 255\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "Permission denied");
    ssh(&p, "echo 'Host key verification failed.' >&2; exit 255\n");
    REFUSES(push_both(&p, &err), ERROR_REFUSED, "Host key");
    ssh(&p, "echo 'ssh: connect to host example.org port 22: Connection refused' >&2; exit 255\n");
    REFUSES(push_both(&p, &err), ERROR_UNAVAILABLE, "Connection refused");
    /* Without a program to ask with, nobody is asked; with one, it is that one, for git and ssh. */
    ssh(&p, "echo \"<$GIT_ASKPASS $SSH_ASKPASS $SSH_ASKPASS_REQUIRE $GIT_TERMINAL_PROMPT>\" >&2; exit 255\n");
    REFUSES(p.f.s.ops->remote_refs(p.f.s.self, &refs, "origin", &no_limit, &err), ERROR_UNAVAILABLE,
            "<false false never 0>");
    setenv("SIGNALBOX_ASKPASS", "/x/ask", 1);
    REFUSES(push_both(&p, &err), ERROR_UNAVAILABLE, "</x/ask /x/ask force 0>");
    unsetenv("SIGNALBOX_ASKPASS");
    unsetenv("GIT_SSH_COMMAND");
    fixture_free(&p.f);
}

/* The connection dies after everything was sent: it arrived, but we cannot know. Then a push says it is done. */
static void a_connection_that_dies_after_sending(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    repository_hook(p.f.r.remote, "reference-transaction", "[ $1 != committed ] || kill -9 $PPID\n");
    struct error failure = {0};
    assert_int_equal(push_both(&p, &failure), -1);
    assert_int_equal(failure.kind, ERROR_UNAVAILABLE);
    assert_non_null(strstr(failure.todo, "before you try again"));
    CLEANUP(free_string) char *hook = path_join(p.f.r.remote, "hooks/reference-transaction");
    assert_int_equal(unlink(hook), 0);
    char expected[3 * OID_HEX];
    snprintf(expected, sizeof(expected), "%s refs/heads/main\n%s refs/tags/v1", p.f.r.head, p.tag);
    assert_remote(&p, expected);
    OK(push_both(&p, &err));
    fixture_free(&p.f);
}

static void a_remote_that_never_answers(void **unused)
{
    (void)unused;
    struct pushing p;
    struct source_refs refs;
    pushing_new(&p);
    ssh(&p, "sleep 1000\n");
    const struct call soon = call_within(&no_limit, 300);
    REFUSES(p.f.s.ops->remote_refs(p.f.s.self, &refs, "origin", &soon, &err), ERROR_UNAVAILABLE, "");
    const struct call later = call_within(&no_limit, 300);
    const struct source_push_ref ref = {"refs/heads/main", NULL, p.f.r.head};
    REFUSES(p.f.s.ops->push(p.f.s.self, "origin", &ref, 1, &test_permit, &later, &err), ERROR_UNAVAILABLE, "unknown");
    unsetenv("GIT_SSH_COMMAND");
    fixture_free(&p.f);
}

static void a_submodule_that_is_not_public(void **unused)
{
    (void)unused;
    struct pushing p;
    pushing_new(&p);
    CLEANUP(free_string) char *inner = path_join(p.f.r.path, "sub");
    repository_git(&p.f.r, "submodule", "--quiet", "add", p.f.r.remote, "sub", NULL);
    repository_git_in(inner, "commit", "-q", "--allow-empty", "-m", "not pushed", NULL);
    repository_git(&p.f.r, "add", "sub", NULL);
    repository_git(&p.f.r, "commit", "-q", "-m", "submodule", NULL);
    CLEANUP(free_string) char *head = repository_output(&p.f.r, "rev-parse", "HEAD", NULL);
    REFUSES(push_one(&p, "refs/heads/main", p.before, head, &err), ERROR_REFUSED, "sub");
    assert_nothing_moved(&p);
    fixture_free(&p.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_branch_alone_is_refused),
        cmocka_unit_test(the_tag_alone_is_refused),
        cmocka_unit_test(the_whole_push_is_refused),
        cmocka_unit_test(the_remote_moved_on),
        cmocka_unit_test(a_tag_that_is_public_stays),
        cmocka_unit_test(makes_and_deletes_a_branch),
        cmocka_unit_test(nothing_is_forced),
        cmocka_unit_test(only_the_references_meant),
        cmocka_unit_test(the_pre_push_hook_is_asked),
        cmocka_unit_test(a_remote_without_atomic),
        cmocka_unit_test(a_branch_that_is_checked_out_there),
        cmocka_unit_test(a_remote_that_is_not_there),
        cmocka_unit_test(a_remote_that_cannot_be_reached),
        cmocka_unit_test(over_ssh),
        cmocka_unit_test(a_connection_that_dies_after_sending),
        cmocka_unit_test(a_remote_that_never_answers),
        cmocka_unit_test(a_submodule_that_is_not_public),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
