#include <git2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/words.h"

/* What git rev-parse prints as it is given; it stands between paths, which may hold newlines. */
#define MARK "--signalbox"

void git_close(struct git *git)
{
    free(git->where);
    free(git->work_tree);
    free(git->git_dir);
    free(git->common_dir);
    git_repository_free(git->library);
    *git = (struct git){0};
}

static int ask(struct process_result *result, const char *directory, const char *const *args, const struct call *call,
               struct error *err)
{
    const struct git_child child = {.args = args, .manner = GIT_LOOKS};
    if (git_child_run_in(result, directory, &child, call, err) < 0) {
        if (err->kind != ERROR_NOT_FOUND)
            return -1;
        return error_wrap(err, "Cannot open the repository at %s", directory);
    }
    if (result->status == 0)
        return 0;
    return git_words_error(err, &result->err, "Cannot open the repository at %s", directory);
}

static void strip_newline(struct buf *b)
{
    if (b->len && b->bytes[b->len - 1] == '\n')
        buf_truncate(b, b->len - 1);
}

/* Cuts "A\n--signalbox\nB\n--signalbox\nC" into its three parts; false when there are not exactly three. */
static bool cut(char *said, char *parts[3])
{
    static const char mark[] = "\n" MARK "\n";
    for (int i = 0; i < 3; i++) {
        parts[i] = said;
        char *end = strstr(said, mark);
        if ((end != NULL) != (i < 2))
            return false;
        if (end) {
            *end = 0;
            said = end + strlen(mark);
        }
    }
    return true;
}

struct kind {
    bool bare, inside_work_tree;
};

static int look(struct git *git, struct kind *kind, const char *directory, const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    char *parts[3];
    if (ask(&said, directory,
            GIT_ARGS("rev-parse", "--path-format=absolute", "--is-bare-repository", "--is-inside-work-tree",
                     "--show-object-format", MARK, "--git-dir", MARK, "--git-common-dir"),
            call, err) < 0)
        return -1;
    strip_newline(&said.out);
    if (!said.out.len || !cut(said.out.bytes, parts))
        return error_set(err, ERROR_FAILED, "Cannot understand where the repository at %s lies", directory);
    kind->bare = strncmp(parts[0], "true\n", 5) == 0;
    kind->inside_work_tree = strstr(parts[0], "\ntrue\n") != NULL;
    git->sha256 = strstr(parts[0], "sha256") != NULL;
    git->git_dir = mem_string(parts[1]);
    git->common_dir = mem_string(parts[2]);
    return 0;
}

/* In a .git directory there is a work tree, but git rev-parse does not say where: it is the directory above. */
static int open_above(struct git *out, const char *git_dir, const struct call *call, struct error *err)
{
    size_t len = strlen(git_dir);
    if (len > 5 && strcmp(git_dir + len - 5, "/.git") == 0) {
        CLEANUP(free_string) char *above = mem_bytes(git_dir, len - 5);
        return git_open(out, above, call, err);
    }
    error_set(err, ERROR_REFUSED, "Cannot open %s", git_dir);
    error_why(err, "it is the git directory of a work tree that lies elsewhere");
    return error_todo(err, "Open the work tree instead");
}

int git_open(struct git *out, const char *path, const struct call *call, struct error *err)
{
    const char *directory = path && *path ? path : ".";
    CLEANUP(git_close) struct git git = {0};
    struct kind kind = {0};
    if (look(&git, &kind, directory, call, err) < 0)
        return -1;
    if (!kind.bare && !kind.inside_work_tree)
        return open_above(out, git.git_dir, call, err);
    if (kind.inside_work_tree) {
        CLEANUP(process_result_clear) struct process_result top = {0};
        if (ask(&top, directory, GIT_ARGS("rev-parse", "--show-toplevel"), call, err) < 0)
            return -1;
        strip_newline(&top.out);
        git.work_tree = mem_string(buf_string(&top.out));
    }
    git.where = mem_string(git.work_tree ? git.work_tree : git.git_dir);
    *out = git;
    git = (struct git){0};
    return 0;
}
