/*
 * The contract of the role source, against include/signalbox/source.h alone: what every driver of it must do. The
 * repository is built by git; what the driver says and does is compared with the promises of the header.
 */
#include "tests/unit/git/fixture.h"

#include "base/file.h"

static void state_of_a_branch_with_an_upstream(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_state state;
    fixture_new(&f);
    repository_bare_remote(&f.r);
    char upstream[OID_HEX];
    strcpy(upstream, f.r.head);
    repository_commit(&f.r, "a.txt", "two\n", "feat: two");
    OK(f.s.ops->state(f.s.self, &state, &no_limit, &err));
    assert_string_equal(state.branch, "main");
    assert_string_equal(state.head, f.r.head);
    assert_string_equal(state.remote, "origin");
    assert_string_equal(state.remote_branch, "main");
    assert_string_equal(state.upstream, upstream);
    assert_int_equal(state.ahead, 1);
    assert_int_equal(state.behind, 0);
    assert_string_equal(state.author, "Ada Tester <ada@example.org>");
    assert_string_equal(state.work_tree, f.r.path);
    source_state_clear(&state);
    source_state_clear(&state);
    fixture_free(&f);
}

static const struct source_change *change_of(const struct source_changes *changes, const char *path)
{
    for (size_t i = 0; i < changes->count; i++)
        if (strcmp(changes->items[i].path, path) == 0)
            return &changes->items[i];
    return NULL;
}

static void changes_tell_staged_unstaged_and_untracked(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_changes changes;
    fixture_new(&f);
    OK(f.s.ops->changes(f.s.self, &changes, true, &no_limit, &err));
    assert_int_equal(changes.count, 0);
    source_changes_clear(&changes);
    repository_write(&f.r, "a.txt", "changed\n");
    repository_write(&f.r, "staged.txt", "new\n");
    repository_write(&f.r, "new\nline -\033[31m.txt", "new\n");
    repository_git(&f.r, "add", "staged.txt", NULL);
    OK(f.s.ops->changes(f.s.self, &changes, true, &no_limit, &err));
    assert_int_equal(changes.count, 3);
    const struct source_change *a = change_of(&changes, "a.txt"), *staged = change_of(&changes, "staged.txt");
    const struct source_change *hostile = change_of(&changes, "new\nline -\033[31m.txt");
    assert_true(a && !a->staged && a->unstaged && !a->untracked);
    assert_true(staged && staged->staged && !staged->unstaged);
    assert_true(hostile && hostile->untracked);
    source_changes_clear(&changes);
    OK(f.s.ops->changes(f.s.self, &changes, false, &no_limit, &err));
    assert_int_equal(changes.count, 2);
    source_changes_clear(&changes);
    fixture_free(&f);
}

static const struct source_tag *tag_of(const struct source_tags *tags, const char *name)
{
    for (size_t i = 0; i < tags->count; i++)
        if (strcmp(tags->items[i].name, name) == 0)
            return &tags->items[i];
    return NULL;
}

static void tags_of_every_kind(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_tags tags;
    fixture_new(&f);
    repository_tag(&f.r, "light", NULL);
    repository_tag(&f.r, "v1.0.0", "first");
    repository_git(&f.r, "tag", "-a", "-m", "tag of a tag", "nested", "v1.0.0", NULL);
    repository_git(&f.r, "tag", "blob", "HEAD:a.txt", NULL);
    repository_git(&f.r, "tag", "-a", "-m", "of a blob", "blob2", "HEAD:a.txt", NULL);
    OK(source_tags_whole(&tags, f.s, &no_limit, &err));
    assert_int_equal(tags.count, 5);
    const struct source_tag *tag = tag_of(&tags, "light");
    assert_true(tag && !tag->annotated);
    assert_string_equal(tag->object, f.r.head);
    assert_string_equal(tag->commit, f.r.head);
    assert_true(tag->when_ms == 1767225600000);
    tag = tag_of(&tags, "v1.0.0");
    assert_true(tag && tag->annotated);
    assert_string_not_equal(tag->object, f.r.head);
    assert_string_equal(tag->commit, f.r.head);
    assert_true(tag->when_ms == 1767225660000);
    assert_string_equal(tag_of(&tags, "nested")->commit, f.r.head);
    assert_string_equal(tag_of(&tags, "blob")->commit, "");
    assert_string_equal(tag_of(&tags, "blob2")->commit, "");
    source_tags_clear(&tags);
    fixture_free(&f);
}

static void details_of_a_tag(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_tag_detail detail;
    fixture_new(&f);
    repository_tag(&f.r, "light", NULL);
    repository_tag(&f.r, "v1.0.0", "first\n\nwith \033[31mred\033[0m and -----BEGIN\n");
    OK(f.s.ops->tag_detail(f.s.self, &detail, "light", &no_limit, &err));
    assert_true(!detail.tagger && !detail.message && !detail.has_signature);
    source_tag_detail_clear(&detail);
    OK(f.s.ops->tag_detail(f.s.self, &detail, "v1.0.0", &no_limit, &err));
    assert_string_equal(detail.tagger, "Ada Tester");
    assert_string_equal(detail.message, "first\n\nwith \033[31mred\033[0m and -----BEGIN\n");
    assert_false(detail.has_signature);
    source_tag_detail_clear(&detail);
    REFUSES(f.s.ops->tag_detail(f.s.self, &detail, "v9", &no_limit, &err), ERROR_NOT_FOUND, "v9");
    fixture_free(&f);
}

struct seen {
    struct buf subjects;
    size_t stop_after, count;
};

static int see(void *context, const struct source_commit *commit)
{
    struct seen *seen = context;
    assert_int_equal(strlen(commit->message), commit->message_len);
    assert_string_equal(commit->author, "Ada Tester");
    buf_addf(&seen->subjects, "%s|", commit->message);
    return ++seen->count == seen->stop_after;
}

static void walks_newest_first_without_what_is_excluded(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_tag(&f.r, "v1", "first");
    repository_commit(&f.r, "dir/b.txt", "b\n", "fix: two\n\nbody\n\nTrailer: x\n");
    repository_commit(&f.r, "a.txt", "three\n", "feat!: three\n");
    struct seen all = {0}, since = {0}, touching = {0}, first = {.stop_after = 1}, none = {0};
    OK(f.s.ops->walk(f.s.self, "HEAD", NULL, NULL, see, &all, &no_limit, &err));
    assert_string_equal(buf_string(&all.subjects), "feat!: three\n|fix: two\n\nbody\n\nTrailer: x\n|feat: one\n|");
    OK(f.s.ops->walk(f.s.self, "main", PATHS("v1"), NULL, see, &since, &no_limit, &err));
    assert_int_equal(since.count, 2);
    OK(f.s.ops->walk(f.s.self, f.r.head, NULL, "dir", see, &touching, &no_limit, &err));
    assert_int_equal(touching.count, 1);
    OK(f.s.ops->walk(f.s.self, "main", NULL, NULL, see, &first, &no_limit, &err));
    assert_string_equal(buf_string(&first.subjects), "feat!: three\n|");
    OK(f.s.ops->walk(f.s.self, "v1", PATHS("main"), NULL, see, &none, &no_limit, &err));
    assert_int_equal(none.count, 0);
    REFUSES(f.s.ops->walk(f.s.self, "nowhere", NULL, NULL, see, &none, &no_limit, &err), ERROR_NOT_FOUND, "");
    REFUSES(f.s.ops->walk(f.s.self, "--all", NULL, NULL, see, &none, &no_limit, &err), ERROR_INVALID, "");
    buf_clear(&all.subjects);
    buf_clear(&since.subjects);
    buf_clear(&touching.subjects);
    buf_clear(&first.subjects);
    fixture_free(&f);
}

static void resolves_names_and_ancestry(void **unused)
{
    (void)unused;
    struct fixture f;
    char first[OID_HEX], found[OID_HEX];
    bool is = false;
    fixture_new(&f);
    strcpy(first, f.r.head);
    repository_tag(&f.r, "v1", "first");
    repository_commit(&f.r, "a.txt", "two\n", "two");
    OK(f.s.ops->resolve(f.s.self, found, "v1", &no_limit, &err));
    assert_string_equal(found, first);
    OK(f.s.ops->resolve(f.s.self, found, "HEAD~1", &no_limit, &err));
    assert_string_equal(found, first);
    REFUSES(f.s.ops->resolve(f.s.self, found, "v2", &no_limit, &err), ERROR_NOT_FOUND, "v2");
    REFUSES(f.s.ops->resolve(f.s.self, found, "HEAD:a.txt", &no_limit, &err), ERROR_NOT_FOUND, "");
    REFUSES(f.s.ops->resolve(f.s.self, found, "--git-dir", &no_limit, &err), ERROR_INVALID, "");
    REFUSES(f.s.ops->resolve(f.s.self, found, "", &no_limit, &err), ERROR_INVALID, "");
    OK(f.s.ops->is_ancestor(f.s.self, &is, first, "main", &no_limit, &err));
    assert_true(is);
    OK(f.s.ops->is_ancestor(f.s.self, &is, "main", "main", &no_limit, &err));
    assert_true(is);
    OK(f.s.ops->is_ancestor(f.s.self, &is, "main", first, &no_limit, &err));
    assert_false(is);
    fixture_free(&f);
}

static void reads_files_references_and_commits(void **unused)
{
    (void)unused;
    struct fixture f;
    struct buf bytes = {0}, parents = {0}, message = {0};
    char first[OID_HEX], object[OID_HEX], peeled[OID_HEX], tree[OID_HEX];
    fixture_new(&f);
    strcpy(first, f.r.head);
    repository_commit(&f.r, "-n ew\n\033.txt", "odd name", "two\n\n  indented\n# not a comment\n");
    repository_tag(&f.r, "v1", "first");
    OK(f.s.ops->read_file(f.s.self, &bytes, first, "a.txt", &no_limit, &err));
    OK(f.s.ops->read_file(f.s.self, &bytes, "main", "-n ew\n\033.txt", &no_limit, &err));
    assert_string_equal(buf_string(&bytes), "one\nodd name");
    REFUSES(f.s.ops->read_file(f.s.self, &bytes, first, "-n ew\n\033.txt", &no_limit, &err), ERROR_NOT_FOUND, "");
    REFUSES(f.s.ops->read_file(f.s.self, &bytes, "main", "../a.txt", &no_limit, &err), ERROR_INVALID, "");
    OK(f.s.ops->read_ref(f.s.self, object, peeled, "refs/tags/v1", &no_limit, &err));
    assert_string_not_equal(object, f.r.head);
    assert_string_equal(peeled, f.r.head);
    OK(f.s.ops->read_ref(f.s.self, object, NULL, "refs/heads/nowhere", &no_limit, &err));
    assert_string_equal(object, "");
    OK(f.s.ops->read_commit(f.s.self, tree, &parents, &message, "main", &no_limit, &err));
    assert_string_equal(buf_string(&parents), first);
    assert_string_equal(buf_string(&message), "two\n\n  indented\n# not a comment\n");
    assert_git(&f, tree, "rev-parse", "HEAD^{tree}");
    buf_clear(&bytes);
    buf_clear(&parents);
    buf_clear(&message);
    fixture_free(&f);
}

/* What is staged besides stays staged, what is changed besides stays changed, and the plan knew the tree. */
static void commits_exactly_the_paths(void **unused)
{
    (void)unused;
    struct fixture f;
    char planned[OID_HEX], made[OID_HEX], tree[OID_HEX], again[OID_HEX];
    struct buf parents = {0}, message = {0};
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "new/b.txt", "b\n");
    repository_write(&f.r, "staged.txt", "staged\n");
    repository_write(&f.r, "untracked.txt", "untracked\n");
    repository_git(&f.r, "add", "staged.txt", NULL);
    const char *const *paths = PATHS("a.txt", "new/b.txt", "nowhere.txt");
    struct source_commit_request request = fixture_request(&f, paths, "release: v1\n\n# kept\n  body\n");
    OK(f.s.ops->plan_tree(f.s.self, planned, &request, &no_limit, &err));
    assert_git(&f, "A  staged.txt\n?? new/\n?? untracked.txt", "-c", "core.quotePath=false", "status", "--porcelain",
               "--", "staged.txt", "new", "untracked.txt");
    OK(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err));
    OK(f.s.ops->read_commit(f.s.self, tree, &parents, &message, made, &no_limit, &err));
    assert_string_equal(tree, planned);
    assert_string_equal(buf_string(&parents), f.r.head);
    assert_string_equal(buf_string(&message), "release: v1\n\n# kept\n  body\n");
    assert_git(&f, "a.txt\nnew/b.txt", "diff", "--name-only", "HEAD~1", "HEAD");
    assert_git(&f, "A  staged.txt\n?? untracked.txt", "status", "--porcelain");
    OK(f.s.ops->commit(f.s.self, again, &request, &test_permit, &no_limit, &err));
    assert_string_equal(again, made);
    assert_git(&f, "2", "rev-list", "--count", "HEAD");
    buf_clear(&parents);
    buf_clear(&message);
    fixture_free(&f);
}

static void commits_nothing_unexpected(void **unused)
{
    (void)unused;
    struct fixture f;
    char first[OID_HEX], made[OID_HEX];
    fixture_new(&f);
    strcpy(first, f.r.head);
    repository_commit(&f.r, "b.txt", "b\n", "somebody else's");
    repository_write(&f.r, "a.txt", "two\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt"), "mine");
    request.parent = first;
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err), ERROR_CONFLICT, "");
    request.parent = f.r.head;
    request.branch = "release";
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err), ERROR_CONFLICT, "");
    request.branch = "main";
    request.paths = PATHS("b.txt");
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err), ERROR_INVALID, "nothing");
    request.paths = PATHS("../a.txt");
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err), ERROR_INVALID, "");
    request.paths = PATHS("a.txt");
    request.message = " \n";
    REFUSES(f.s.ops->commit(f.s.self, made, &request, &test_permit, &no_limit, &err), ERROR_INVALID, "");
    assert_git(&f, f.r.head, "rev-parse", "HEAD");
    assert_git(&f, " M a.txt", "status", "--porcelain");
    fixture_free(&f);
}

static void a_lost_lease_changes_nothing(void **unused)
{
    (void)unused;
    struct fixture f;
    char made[OID_HEX];
    fixture_new(&f);
    repository_bare_remote(&f.r);
    repository_write(&f.r, "a.txt", "two\n");
    repository_write(&f.r, "b.txt", "new\n");
    struct source_commit_request request = fixture_request(&f, PATHS("a.txt", "b.txt"), "mine");
    struct source_push_ref ref = {.ref = "refs/heads/other", .expect = "", .to = f.r.head};
    const struct permit *lost = &test_permit_taken_over;
    CLEANUP(free_string) char *before = repository_output(&f.r, "for-each-ref", NULL);
    REFUSES(f.s.ops->commit(f.s.self, made, &request, lost, &no_limit, &err), ERROR_CONFLICT, "lease");
    REFUSES(f.s.ops->tag(f.s.self, made, "v1", f.r.head, "m", lost, &no_limit, &err), ERROR_CONFLICT, "lease");
    REFUSES(f.s.ops->move_ref(f.s.self, "refs/heads/x", "", f.r.head, lost, &no_limit, &err), ERROR_CONFLICT,
            "lease");
    REFUSES(f.s.ops->restore(f.s.self, f.r.head, PATHS("a.txt"), lost, &no_limit, &err), ERROR_CONFLICT, "lease");
    REFUSES(f.s.ops->push(f.s.self, "origin", &ref, 1, lost, &no_limit, &err), ERROR_CONFLICT, "lease");
    assert_git(&f, before, "for-each-ref");
    assert_git(&f, " M a.txt\n?? b.txt", "status", "--porcelain");
    CLEANUP(free_string) char *there = repository_output_in(f.r.remote, "for-each-ref", "refs/heads/other", NULL);
    assert_string_equal(there, "");
    fixture_free(&f);
}

static void tags_once(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_tag_detail detail;
    char first[OID_HEX], made[OID_HEX], again[OID_HEX];
    fixture_new(&f);
    strcpy(first, f.r.head);
    repository_commit(&f.r, "a.txt", "two\n", "two");
    OK(f.s.ops->tag(f.s.self, made, "v1.0.0", first, "v1.0.0\n\n# notes\n- \033[31m", &test_permit, &no_limit, &err));
    assert_git(&f, made, "rev-parse", "refs/tags/v1.0.0");
    assert_git(&f, first, "rev-parse", "v1.0.0^{commit}");
    OK(f.s.ops->tag_detail(f.s.self, &detail, "v1.0.0", &no_limit, &err));
    assert_string_equal(detail.message, "v1.0.0\n\n# notes\n- \033[31m\n");
    source_tag_detail_clear(&detail);
    OK(f.s.ops->tag(f.s.self, again, "v1.0.0", first, "other words", &test_permit, &no_limit, &err));
    assert_string_equal(again, made);
    REFUSES(f.s.ops->tag(f.s.self, again, "v1.0.0", "main", "x", &test_permit, &no_limit, &err), ERROR_EXISTS,
            "v1.0.0");
    repository_tag(&f.r, "light", NULL);
    REFUSES(f.s.ops->tag(f.s.self, again, "light", "main", "x", &test_permit, &no_limit, &err), ERROR_EXISTS,
            "lightweight");
    REFUSES(f.s.ops->tag(f.s.self, again, "bad..name", "main", "x", &test_permit, &no_limit, &err), ERROR_INVALID,
            "bad..name");
    REFUSES(f.s.ops->tag(f.s.self, again, "-d", "main", "x", &test_permit, &no_limit, &err), ERROR_INVALID, "");
    fixture_free(&f);
}

static void moves_a_reference_by_compare_and_swap(void **unused)
{
    (void)unused;
    struct fixture f;
    char first[OID_HEX];
    fixture_new(&f);
    strcpy(first, f.r.head);
    repository_commit(&f.r, "a.txt", "two\n", "two");
    const char *ref = "refs/heads/release/1.0";
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->move_ref(f.s.self, ref, "", first, &test_permit, &no_limit, &err));
    REFUSES(f.s.ops->move_ref(f.s.self, ref, "", f.r.head, &test_permit, &no_limit, &err), ERROR_CONFLICT, "");
    REFUSES(f.s.ops->move_ref(f.s.self, ref, f.r.head, "", &test_permit, &no_limit, &err), ERROR_CONFLICT, "");
    OK(f.s.ops->move_ref(f.s.self, ref, first, f.r.head, &test_permit, &no_limit, &err));
    assert_git(&f, f.r.head, "rev-parse", ref);
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->move_ref(f.s.self, ref, f.r.head, "", &test_permit, &no_limit, &err));
    assert_git(&f, "", "for-each-ref", ref);
    REFUSES(f.s.ops->move_ref(f.s.self, "main", "", f.r.head, &test_permit, &no_limit, &err), ERROR_INVALID, "");
    fixture_free(&f);
}

static void restores_the_index_alone(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "changed\n");
    repository_write(&f.r, "new.txt", "new\n");
    repository_write(&f.r, "other.txt", "mine\n");
    repository_git(&f.r, "add", "a.txt", "new.txt", "other.txt", NULL);
    REFUSES(f.s.ops->restore_index(f.s.self, f.r.head, PATHS("a.txt"), &test_permit_taken_over, &no_limit, &err),
            ERROR_CONFLICT, "lease");
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->restore_index(f.s.self, f.r.head, PATHS("a.txt", "new.txt", "nowhere.txt"), &test_permit,
                                  &no_limit, &err));
    assert_git(&f, " M a.txt\nA  other.txt\n?? new.txt", "status", "--porcelain");
    CLEANUP(free_string) char *bytes = repository_read(&f.r, "a.txt");
    assert_string_equal(bytes, "changed\n");
    fixture_free(&f);
}

static void head_names_another_branch(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "changed\n");
    repository_git(&f.r, "branch", "side", NULL);
    REFUSES(f.s.ops->attach(f.s.self, "other", "side", &test_permit, &no_limit, &err), ERROR_CONFLICT,
            "main is checked out, not other");
    REFUSES(f.s.ops->attach(f.s.self, "main", "side", &test_permit_taken_over, &no_limit, &err), ERROR_CONFLICT,
            "lease");
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->attach(f.s.self, "main", "side", &test_permit, &no_limit, &err));
    assert_git(&f, "refs/heads/side", "symbolic-ref", "HEAD");
    assert_git(&f, " M a.txt", "status", "--porcelain");
    fixture_free(&f);
}

static void restores_only_the_paths(void **unused)
{
    (void)unused;
    struct fixture f;
    fixture_new(&f);
    repository_write(&f.r, "a.txt", "changed\n");
    repository_write(&f.r, "tracked-new.txt", "new\n");
    repository_write(&f.r, "untracked-new.txt", "new\n");
    repository_write(&f.r, "other.txt", "mine\n");
    repository_git(&f.r, "add", "a.txt", "tracked-new.txt", "other.txt", NULL);
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->restore(f.s.self, f.r.head, PATHS("a.txt", "tracked-new.txt", "untracked-new.txt"), &test_permit,
                            &no_limit, &err));
    assert_git(&f, "A  other.txt", "status", "--porcelain");
    CLEANUP(free_string) char *bytes = repository_read(&f.r, "a.txt");
    assert_string_equal(bytes, "one\n");
    fixture_free(&f);
}

static const struct source_ref *ref_of(const struct source_refs *refs, const char *name)
{
    for (size_t i = 0; i < refs->count; i++)
        if (strcmp(refs->items[i].name, name) == 0)
            return &refs->items[i];
    return NULL;
}

static void pushes_branch_and_tag_as_one(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_refs refs;
    char before[OID_HEX], tag[OID_HEX];
    fixture_new(&f);
    repository_bare_remote(&f.r);
    strcpy(before, f.r.head);
    repository_commit(&f.r, "a.txt", "two\n", "two");
    OK(f.s.ops->tag(f.s.self, tag, "v1", f.r.head, "v1", &test_permit, &no_limit, &err));
    const struct source_push_ref push[] = {{"refs/heads/main", before, f.r.head}, {"refs/tags/v1", "", tag}};
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->push(f.s.self, "origin", push, 2, &test_permit, &no_limit, &err));
    OK(f.s.ops->remote_refs(f.s.self, &refs, "origin", &no_limit, &err));
    assert_int_equal(refs.count, 2);
    assert_string_equal(ref_of(&refs, "refs/heads/main")->object, f.r.head);
    assert_string_equal(ref_of(&refs, "refs/heads/main")->peeled, f.r.head);
    assert_string_equal(ref_of(&refs, "refs/tags/v1")->object, tag);
    assert_string_equal(ref_of(&refs, "refs/tags/v1")->peeled, f.r.head);
    source_refs_clear(&refs);
    fixture_free(&f);
}

static void fetches_a_branch(void **unused)
{
    (void)unused;
    struct fixture f;
    struct source_state state;
    fixture_new(&f);
    repository_bare_remote(&f.r);
    char *other = path_join(f.r.sandbox, "other");
    repository_git_in(f.r.sandbox, "clone", "-q", f.r.remote, other, NULL);
    repository_git_in(other, "commit", "-q", "--allow-empty", "-m", "theirs", NULL);
    repository_git_in(other, "push", "-q", "origin", "main", NULL);
    for (int twice = 0; twice < 2; twice++)
        OK(f.s.ops->fetch(f.s.self, "origin", "main", &no_limit, &err));
    OK(f.s.ops->state(f.s.self, &state, &no_limit, &err));
    assert_int_equal(state.behind, 1);
    source_state_clear(&state);
    REFUSES(f.s.ops->fetch(f.s.self, "origin", "nowhere", &no_limit, &err), ERROR_NOT_FOUND, "");
    REFUSES(f.s.ops->fetch(f.s.self, "elsewhere", "main", &no_limit, &err), ERROR_NOT_FOUND, "");
    free(other);
    fixture_free(&f);
}

static void a_cancelled_call_does_nothing(void **unused)
{
    (void)unused;
    struct fixture f;
    struct cancel cancel;
    struct source_tags tags;
    char made[OID_HEX];
    fixture_new(&f);
    cancel_init(&cancel);
    cancel_set(&cancel);
    const struct call cancelled = {.cancel = &cancel};
    REFUSES(source_tags_whole(&tags, f.s, &cancelled, &err), ERROR_CANCELLED, "");
    REFUSES(f.s.ops->tag(f.s.self, made, "v1", f.r.head, "m", &test_permit, &cancelled, &err), ERROR_CANCELLED, "");
    const struct call late = {.deadline_ms = 1};
    REFUSES(f.s.ops->fetch(f.s.self, "origin", "main", &late, &err), ERROR_UNAVAILABLE, "");
    assert_git(&f, "", "tag", "--list");
    cancel_clear(&cancel);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(state_of_a_branch_with_an_upstream),
        cmocka_unit_test(changes_tell_staged_unstaged_and_untracked),
        cmocka_unit_test(tags_of_every_kind),
        cmocka_unit_test(details_of_a_tag),
        cmocka_unit_test(walks_newest_first_without_what_is_excluded),
        cmocka_unit_test(resolves_names_and_ancestry),
        cmocka_unit_test(reads_files_references_and_commits),
        cmocka_unit_test(commits_exactly_the_paths),
        cmocka_unit_test(commits_nothing_unexpected),
        cmocka_unit_test(a_lost_lease_changes_nothing),
        cmocka_unit_test(tags_once),
        cmocka_unit_test(moves_a_reference_by_compare_and_swap),
        cmocka_unit_test(restores_only_the_paths),
        cmocka_unit_test(restores_the_index_alone),
        cmocka_unit_test(head_names_another_branch),
        cmocka_unit_test(pushes_branch_and_tag_as_one),
        cmocka_unit_test(fetches_a_branch),
        cmocka_unit_test(a_cancelled_call_does_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
