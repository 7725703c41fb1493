#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

/* What the parts of the state are read from: the call they share. */
struct look {
    const struct git *git;
    const struct call *call;
    struct buf config;
};

/* Runs a git whose failure is an answer (no branch, no identity): its first line, or NULL. Caller frees. */
static int first_line(char **out, const struct look *look, const char *const *args, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = args, .manner = GIT_LOOKS};
    *out = NULL;
    if (git_child_run(&said, look->git, &child, look->call, err) < 0)
        return -1;
    if (said.status == 0 && said.out.len)
        *out = mem_bytes(said.out.bytes, strcspn(said.out.bytes, "\n"));
    return 0;
}

int git_settings(const struct git *git, struct buf *out, const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("config", "--list", "-z"), .manner = GIT_LOOKS};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    buf_add(out, buf_string(&said.out), said.out.len);
    return 0;
}

bool git_signs_tags(const struct buf *settings)
{
    return git_parse_flag(settings, "tag.gpgsign") || git_parse_flag(settings, "tag.forcesignannotated");
}

int git_read_head(const struct git *git, char **branch, char commit[OID_HEX], const struct call *call,
                  struct error *err)
{
    static const char heads[] = "refs/heads/";
    const struct look look = {.git = git, .call = call};
    CLEANUP(free_string) char *ref = NULL;
    CLEANUP(free_string) char *head = NULL;
    if (first_line(&ref, &look, GIT_ARGS("symbolic-ref", "--quiet", "HEAD"), err) < 0 ||
        first_line(&head, &look, GIT_ARGS("rev-parse", "--quiet", "--verify", "HEAD^{commit}"), err) < 0)
        return -1;
    bool on_branch = ref && strncmp(ref, heads, strlen(heads)) == 0;
    *branch = on_branch ? mem_string(ref + strlen(heads)) : NULL;
    commit[0] = 0;
    if (head)
        git_oid_set(commit, head);
    return 0;
}

static const char *branch_value(const struct look *look, const char *branch, const char *variable)
{
    CLEANUP(buf_clear) struct buf key = {0};
    buf_addf(&key, "branch.%s.%s", branch, variable);
    return git_parse_value(&look->config, key.bytes);
}

/* The remote of the branch's upstream, else the only one, else origin; and the branch there. */
static void choose_remote(struct source_state *state, const struct look *look)
{
    static const char heads[] = "refs/heads/";
    const char *remote = state->branch ? branch_value(look, state->branch, "remote") : NULL;
    const char *merge = state->branch ? branch_value(look, state->branch, "merge") : NULL;
    if (remote && strcmp(remote, ".") != 0) {
        state->remote = mem_string(remote);
        if (merge && strncmp(merge, heads, strlen(heads)) == 0)
            state->remote_branch = mem_string(merge + strlen(heads));
    } else if (!git_parse_only_remote(&state->remote, &look->config) &&
               git_parse_value(&look->config, "remote.origin.url")) {
        state->remote = mem_string("origin");
    }
    if (state->remote && !state->remote_branch)
        state->remote_branch = mem_string(state->branch);
}

static int read_remote_url(struct source_state *state, const struct look *look, struct error *err)
{
    char *url;
    if (!state->remote)
        return 0;
    if (first_line(&url, look, GIT_ARGS("remote", "get-url", "--push", "--", state->remote), err) < 0)
        return -1;
    /* A branch may name an address instead of a remote. */
    struct buf shown = {0};
    buf_adds(&shown, url ? url : state->remote);
    git_words_redact(&shown);
    state->remote_url = buf_take(&shown);
    free(url);
    return 0;
}

/* The name under which the upstream was last fetched: as git says, else where a clone would put it. */
static int upstream_name(char **out, const struct source_state *state, const struct look *look, struct error *err)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    buf_addf(&ref, "refs/heads/%s", state->branch);
    if (first_line(out, look, GIT_ARGS("for-each-ref", "--format=%(upstream)", ref.bytes), err) < 0)
        return -1;
    if (*out && **out)
        return 0;
    free(*out);
    buf_truncate(&ref, 0);
    buf_addf(&ref, "refs/remotes/%s/%s", state->remote, state->remote_branch);
    *out = buf_take(&ref);
    return 0;
}

static int read_upstream(struct source_state *state, const struct look *look, struct error *err)
{
    CLEANUP(free_string) char *name = NULL;
    CLEANUP(free_string) char *counts = NULL;
    if (!state->branch || !state->remote || !state->head[0])
        return 0;
    if (upstream_name(&name, state, look, err) < 0)
        return -1;
    /* An address in place of a remote has no reference of that name. */
    if (strpbrk(name, "*?[: "))
        return 0;
    if (git_source_read_ref((void *)look->git, state->upstream, NULL, name, look->call, err) < 0)
        return -1;
    if (!state->upstream[0])
        return 0;
    char range[2 * OID_HEX + 4];
    snprintf(range, sizeof(range), "%s...%s", state->head, state->upstream);
    if (first_line(&counts, look, GIT_ARGS("rev-list", "--left-right", "--count", range, "--"), err) < 0)
        return -1;
    if (counts && sscanf(counts, "%d %d", &state->ahead, &state->behind) != 2)
        state->ahead = state->behind = 0;
    return 0;
}

/* "Name <mail> 1767225600 +0000" without its date. */
static int read_author(struct source_state *state, const struct look *look, struct error *err)
{
    if (first_line(&state->author, look, GIT_ARGS("var", "GIT_AUTHOR_IDENT"), err) < 0)
        return -1;
    char *end = state->author ? strrchr(state->author, '>') : NULL;
    if (end)
        end[1] = 0;
    return 0;
}

static bool has_file(const char *directory, const char *name)
{
    CLEANUP(free_string) char *path = path_join(directory, name);
    return file_exists(path);
}

enum source_operation git_operation(const struct git *git)
{
    static const struct {
        const char *file;
        enum source_operation operation;
    } signs[] = {
        {"rebase-merge", SOURCE_REBASE}, {"rebase-apply", SOURCE_REBASE},
        {"MERGE_HEAD", SOURCE_MERGE},    {"CHERRY_PICK_HEAD", SOURCE_CHERRY_PICK},
        {"REVERT_HEAD", SOURCE_REVERT},  {"sequencer", SOURCE_CHERRY_PICK},
        {"BISECT_LOG", SOURCE_BISECT},
    };
    for (size_t i = 0; i < COUNT(signs); i++)
        if (has_file(git->git_dir, signs[i].file))
            return signs[i].operation;
    return SOURCE_IDLE;
}

static void read_flags(struct source_state *state, const struct look *look)
{
    const struct git *git = look->git;
    state->shallow = has_file(git->common_dir, "shallow");
    state->partial = git_parse_value(&look->config, "extensions.partialclone") != NULL ||
                     git_parse_any_key(&look->config, "remote.", ".promisor");
    state->sparse = git->work_tree && git_parse_flag(&look->config, "core.sparsecheckout");
    state->sha256 = git->sha256;
    state->submodules = git->work_tree && has_file(git->work_tree, ".gitmodules");
    state->operation = git_operation(git);
    state->signs_commits = git_parse_flag(&look->config, "commit.gpgsign");
    state->signs_tags =
        git_parse_flag(&look->config, "tag.gpgsign") || git_parse_flag(&look->config, "tag.forcesignannotated");
}

int git_source_state(void *self, struct source_state *out, const struct call *call, struct error *err)
{
    struct look look = {.git = self, .call = call};
    struct source_state state = {
        .work_tree = mem_string(look.git->work_tree),
        .git_dir = mem_string(look.git->common_dir),
    };
    int failed = git_settings(self, &look.config, call, err) < 0 ||
                 git_read_head(self, &state.branch, state.head, call, err) < 0;
    if (!failed) {
        choose_remote(&state, &look);
        read_flags(&state, &look);
        failed = read_remote_url(&state, &look, err) < 0 || read_upstream(&state, &look, err) < 0 ||
                 read_author(&state, &look, err) < 0;
    }
    buf_clear(&look.config);
    if (failed) {
        source_state_clear(&state);
        return error_wrap(err, "Cannot read the state of the repository");
    }
    *out = state;
    return 0;
}
