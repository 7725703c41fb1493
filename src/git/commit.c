#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

enum { TAKE_BACK_MS = 10000 };

static void add_nul_separated(struct buf *out, const char *const *paths)
{
    for (size_t i = 0; paths[i]; i++)
        buf_add(out, paths[i], strlen(paths[i]) + 1);
}

static int check_request(const struct git *git, const struct source_commit_request *request, struct error *err)
{
    if (git_needs_work_tree(git, "Cannot commit", err) < 0 || git_paths_check(request->paths, err) < 0)
        return -1;
    return request->parent[0] ? git_name_check(request->parent, "commit", err) : 0;
}

static int with_index(const struct git *git, const char *index, const char *const *args, const struct buf *input,
                      struct buf *out, const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = args,
                                    .manner = GIT_FETCHES,
                                    .index = index,
                                    .input = input ? input->bytes : NULL,
                                    .input_len = input ? input->len : 0};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    buf_add(out, buf_string(&said.out), said.out.len);
    return 0;
}

/* Parent's tree, the paths' present bytes through git's own filters over it, and the tree of that. */
static int build_tree(const struct git *git, const char *index, char tree[OID_HEX],
                      const struct source_commit_request *request, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf paths = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    add_nul_separated(&paths, request->paths);
    const char *const *start = request->parent[0] ? GIT_ARGS("read-tree", "--no-sparse-checkout", request->parent)
                                                  : GIT_ARGS("read-tree", "--empty");
    if (with_index(git, index, start, NULL, &out, call, err) < 0 ||
        with_index(git, index, GIT_ARGS("update-index", "--add", "--remove", "--replace", "-z", "--stdin"), &paths,
                   &out, call, err) < 0)
        return -1;
    buf_truncate(&out, 0);
    if (with_index(git, index, GIT_ARGS("write-tree"), NULL, &out, call, err) < 0)
        return -1;
    if (!git_parse_oid_copy(tree, buf_string(&out), out.len))
        return error_set(err, ERROR_FAILED, "git write-tree printed no tree");
    return 0;
}

int git_source_plan_tree(void *self, char tree[OID_HEX], const struct source_commit_request *request,
                         const struct call *call, struct error *err)
{
    if (check_request(self, request, err) < 0)
        return -1;
    const char *tmp = getenv("TMPDIR");
    CLEANUP(free_string) char *directory = path_join(tmp && *tmp ? tmp : "/tmp", "signalbox-index-XXXXXX");
    if (!mkdtemp(directory))
        return error_errno(err, ERROR_FAILED, "Cannot make the directory %s", directory);
    CLEANUP(free_string) char *index = path_join(directory, "index");
    CLEANUP(free_string) char *lock = path_join(directory, "index.lock");
    int failed = build_tree(self, index, tree, request, call, err);
    unlink(index);
    unlink(lock);
    rmdir(directory);
    return failed < 0 ? error_wrap(err, "Cannot plan the commit") : 0;
}

/* HEAD is a commit of just this request already: a repeated act finds its own work. */
static int made_before(const struct git *git, bool *out, const char *head, const char *tree,
                       const struct source_commit_request *request, const struct buf *message,
                       const struct call *call, struct error *err)
{
    char made[OID_HEX];
    CLEANUP(buf_clear) struct buf parents = {0};
    CLEANUP(buf_clear) struct buf said = {0};
    *out = false;
    if (!head[0])
        return 0;
    if (git_source_read_commit((void *)git, made, &parents, &said, head, call, err) < 0)
        return -1;
    *out = strcmp(made, tree) == 0 && strcmp(buf_string(&parents), request->parent) == 0 &&
           strcmp(buf_string(&said), buf_string(message)) == 0;
    return 0;
}

static int not_as_expected(struct error *err, const char *branch, const char *head,
                           const struct source_commit_request *request)
{
    error_set(err, ERROR_CONFLICT, "Cannot commit to %s", request->branch);
    if (!branch || strcmp(branch, request->branch) != 0)
        error_why(err, "%s is checked out, not %s", branch ? branch : "no branch", request->branch);
    else
        error_why(err, "%s is at %.12s, not at %.12s as planned", branch, head[0] ? head : "no commit",
                  request->parent[0] ? request->parent : "no commit");
    return error_todo(err, "Look at what changed, then plan anew");
}

/* Is the planned tree the parent's own? */
static int changes_nothing(const struct git *git, bool *out, const char *tree, const char *parent,
                           const struct call *call, struct error *err)
{
    char before[OID_HEX] = "";
    if (parent[0] && git_source_read_commit((void *)git, before, NULL, NULL, parent, call, err) < 0)
        return -1;
    *out = strcmp(before, tree) == 0;
    return 0;
}

enum verdict { TO_DO, DONE, NO };

/* Whether the commit is to be made, was made, or must not be; *head is what HEAD is at. */
static enum verdict judge(const struct git *git, char head[OID_HEX], const struct source_commit_request *request,
                          const struct buf *message, const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *branch = NULL;
    char tree[OID_HEX];
    bool made = false, nothing = false;
    if (git_read_head(git, &branch, head, call, err) < 0)
        return NO;
    bool here = branch && strcmp(branch, request->branch) == 0;
    if (!here || git_source_plan_tree((void *)git, tree, request, call, err) < 0)
        return here ? NO : (not_as_expected(err, branch, head, request), NO);
    if (strcmp(head, request->parent) != 0) {
        if (made_before(git, &made, head, tree, request, message, call, err) < 0)
            return NO;
        return made ? DONE : (not_as_expected(err, branch, head, request), NO);
    }
    if (git_operation(git) != SOURCE_IDLE) {
        error_set(err, ERROR_REFUSED, "Cannot commit in the middle of a merge, rebase or the like");
        error_todo(err, "Finish or abort it first: git status says how");
        return NO;
    }
    if (changes_nothing(git, &nothing, tree, request->parent, call, err) < 0)
        return NO;
    if (nothing)
        error_set(err, ERROR_INVALID, "There is nothing to commit: the files are as %.12s has them", head);
    return nothing ? NO : TO_DO;
}

static int check_identity(const struct git *git, const struct call *call, struct error *err)
{
    static const char *const who[] = {"GIT_AUTHOR_IDENT", "GIT_COMMITTER_IDENT"};
    for (size_t i = 0; i < COUNT(who); i++) {
        CLEANUP(process_result_clear) struct process_result said = {0};
        const struct git_child child = {.args = GIT_ARGS("var", who[i]), .manner = GIT_LOOKS};
        if (git_child_run(&said, git, &child, call, err) < 0)
            return -1;
        if (said.status) {
            git_words_error_as(err, ERROR_REFUSED, &said.err, "Cannot commit without an identity");
            return error_todo(err, "Tell git who you are: git config --global user.name, and user.email");
        }
    }
    return 0;
}

static bool in_work_tree(const struct git *git, const char *path)
{
    CLEANUP(free_string) char *whole = path_join(git->work_tree, path);
    struct stat status;
    return lstat(whole, &status) == 0;
}

/*
 * `commit --only` takes paths that index or HEAD know. Files new to both are announced to the index first (and taken
 * out of it again when the commit fails); paths that are nowhere are left out.
 */
static int sort_paths(const struct git *git, struct git_args *commit, struct git_args *fresh,
                      const struct source_commit_request *request, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf index = {0};
    CLEANUP(buf_clear) struct buf head = {0};
    if (git_paths_list(git, &index, GIT_ARGS("ls-files", "-z"), request->paths, call, err) < 0)
        return -1;
    if (request->parent[0] &&
        git_paths_list(git, &head, GIT_ARGS("ls-tree", "-z", "--full-tree", "--name-only", request->parent),
                       request->paths, call, err) < 0)
        return -1;
    for (size_t i = 0; request->paths[i]; i++) {
        const char *path = request->paths[i];
        bool there = in_work_tree(git, path), known = git_paths_listed(&index, path);
        if (there && !known)
            git_args_add(fresh, path);
        if (there || known || git_paths_listed(&head, path))
            git_args_add(commit, path);
    }
    return 0;
}

static int announce(const struct git *git, const struct git_args *fresh, const struct permit *permit,
                    const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args args = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    if (!fresh->count)
        return 0;
    git_args_add_all(&args, GIT_ARGS("add", "--intent-to-add", "--sparse", "--"));
    git_args_add_all(&args, fresh->items);
    const struct git_child child = {.args = args.items, .manner = GIT_CHANGES};
    if (git_permitted(permit, call, "commit", err) < 0 || git_child_run(&said, git, &child, call, err) < 0)
        return -1;
    if (said.status == 0)
        return 0;
    if (!git_words_contain(&said.err, "are ignored by"))
        return git_words_error(err, &said.err, "Cannot commit");
    git_words_error_as(err, ERROR_REFUSED, &said.err, "Cannot commit what git ignores");
    return error_todo(err, "Take the path out of .gitignore, or add it once by hand: git add -f");
}

/* Also after a cancelled or late call: the index is to be as it was. */
static void take_back(const struct git *git, const struct git_args *fresh)
{
    CLEANUP(buf_clear) struct buf paths = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    struct error ignored;
    const struct call call = call_within(&(struct call){0}, TAKE_BACK_MS);
    if (!fresh->count)
        return;
    add_nul_separated(&paths, fresh->items);
    const struct git_child child = {.args = GIT_ARGS("update-index", "--force-remove", "-z", "--stdin"),
                                    .manner = GIT_CHANGES,
                                    .input = paths.bytes,
                                    .input_len = paths.len};
    if (git_child_run(&said, git, &child, &call, &ignored) < 0)
        return; /* What failed before is the error to report. */
}

static int refused_commit(const struct git *git, const struct process_result *said, const struct call *call,
                          struct error *err)
{
    static const char *const hooks[] = {"pre-commit", "commit-msg", "prepare-commit-msg", NULL};
    const char *hook = said->status == 1 ? git_hook(git, hooks, call) : NULL;
    if (!hook) {
        git_words_error(err, said->err.len ? &said->err : &said->out, "Cannot commit");
        return git_words_contain(&said->err, "failed to sign") ? git_signing_explain(git, call, err) : -1;
    }
    git_words_error_as(err, ERROR_REFUSED, &said->err, "A hook refused the commit (there is a %s hook)", hook);
    return error_todo(err, "Mend what the hook complains of, then try again");
}

static int run_commit(const struct git *git, const struct git_args *paths, const struct buf *message,
                      const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(git_args_clear) struct git_args args = {0};
    CLEANUP(process_result_clear) struct process_result said = {0};
    git_args_add_all(&args,
                     GIT_ARGS("commit", "--quiet", "--only", "--no-status", "--cleanup=verbatim", "--file=-", "--"));
    git_args_add_all(&args, paths->items);
    const struct git_child child = {
        .args = args.items, .manner = GIT_CHANGES, .input = message->bytes, .input_len = message->len};
    if (git_permitted(permit, call, "commit", err) < 0 || git_child_run(&said, git, &child, call, err) < 0)
        return -1;
    return said.status ? refused_commit(git, &said, call, err) : 0;
}

/* The commit HEAD is at now, if it stands on the planned parent. */
static int take_new_head(const struct git *git, char out[OID_HEX], const struct source_commit_request *request,
                         const struct call *call, struct error *err)
{
    CLEANUP(free_string) char *branch = NULL;
    CLEANUP(buf_clear) struct buf parents = {0};
    char head[OID_HEX], tree[OID_HEX];
    if (git_read_head(git, &branch, head, call, err) < 0 ||
        git_source_read_commit((void *)git, tree, &parents, NULL, head, call, err) < 0)
        return -1;
    if (strcmp(buf_string(&parents), request->parent) != 0) {
        error_set(err, ERROR_FAILED, "Somebody else committed at the same moment");
        error_why(err, "%s is now at %.12s, which does not stand on %.12s", request->branch, head, request->parent);
        return error_todo(err, "Look at the last commits before you go on: git log");
    }
    git_oid_set(out, head);
    return 0;
}

int git_source_commit(void *self, char out[OID_HEX], const struct source_commit_request *request,
                      const struct permit *permit, const struct call *call, struct error *err)
{
    CLEANUP(buf_clear) struct buf message = {0};
    CLEANUP(git_args_clear) struct git_args paths = {0};
    CLEANUP(git_args_clear) struct git_args fresh = {0};
    char head[OID_HEX];
    if (check_request(self, request, err) < 0)
        return -1;
    if (!request->message[strspn(request->message, " \t\r\n")])
        return error_set(err, ERROR_INVALID, "A commit needs a message");
    git_message(&message, request->message);
    switch (judge(self, head, request, &message, call, err)) {
    case NO:
        return -1;
    case DONE:
        git_oid_set(out, head);
        return 0;
    case TO_DO:
        break;
    }
    if (check_identity(self, call, err) < 0 || sort_paths(self, &paths, &fresh, request, call, err) < 0)
        return -1;
    if (announce(self, &fresh, permit, call, err) < 0 || run_commit(self, &paths, &message, permit, call, err) < 0) {
        take_back(self, &fresh);
        return -1;
    }
    return take_new_head(self, out, request, call, err);
}
