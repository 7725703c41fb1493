/*
 * What stands in the way of a release, found before anything is changed.
 *
 * Codes: bare no-commit detached operation branch branch-name identity signing shallow partial submodules hotfix-line | dirty
 * untracked | tag-exists candidate-exists | remote-missing remote-unreachable remote-refused offline
 * remote-branch-missing behind diverged
 * unpushed tag-exists-remote | version-taken version-lower other-line burned cramped empty (plan_version.c) | changelog
 * changelog-ready unmentioned empty-notes pre-release (plan_changelog.c) | version-file file-blocked sparse (plan_files.c)
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "release/plan_parts.h"

static const char *const level_names[] = {
    [FINDING_NOTE] = "note", [FINDING_WARN] = "warn", [FINDING_REFUSE] = "refuse"};

const char *finding_level_name(enum finding_level level)
{
    return level_names[level];
}

/* Refusals first, then warnings, each in the order they were found. */
static size_t place_of(const struct release_findings *findings, enum finding_level level)
{
    size_t i = 0;
    while (i < findings->count && findings->items[i].level >= level)
        i++;
    return i;
}

void plan_find(struct planning *p, enum finding_level level, const char *code, const char *todo, const char *fmt, ...)
{
    struct release_findings *findings = &p->out->findings;
    struct text_buf words = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&words, fmt, ap);
    va_end(ap);
    ARRAY_GROW(&findings->items, &findings->cap, findings->count + 1);
    size_t at = place_of(findings, level);
    memmove(&findings->items[at + 1], &findings->items[at], (findings->count - at) * sizeof(*findings->items));
    findings->items[at] = (struct release_finding){.level = level, .code = code, .what = text_copy(text_of(&words))};
    if (todo) {
        text_truncate(&words, 0);
        text_adds(&words, todo);
        findings->items[at].todo = text_copy(text_of(&words));
    }
    findings->count++;
    findings->refusals += level == FINDING_REFUSE;
    text_buf_clear(&words);
}

void release_findings_clear(struct release_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        text_free(&findings->items[i].what);
        text_free(&findings->items[i].todo);
    }
    free(findings->items);
    memset(findings, 0, sizeof(*findings));
}

static void look_at_operation(struct planning *p)
{
    static const struct {
        const char *name, *todo;
    } operations[] = {
        [SOURCE_MERGE] = {"A merge", "Finish it, or git merge --abort"},
        [SOURCE_REBASE] = {"A rebase", "Finish it, or git rebase --abort"},
        [SOURCE_CHERRY_PICK] = {"A cherry-pick", "Finish it, or git cherry-pick --abort"},
        [SOURCE_REVERT] = {"A revert", "Finish it, or git revert --abort"},
        [SOURCE_BISECT] = {"A bisection", "End it: git bisect reset"},
    };
    if (p->state.operation != SOURCE_IDLE)
        plan_find(p, FINDING_REFUSE, "operation", operations[p->state.operation].todo, "%s is in progress here",
                  operations[p->state.operation].name);
}

static bool is_utf8(const char *name)
{
    return !name || utf8_valid(name, strlen(name));
}

static void look_at_branch(struct planning *p)
{
    const char *wanted = p->settings->release.branch;
    char todo[256];
    if (!p->state.branch) {
        plan_find(p, FINDING_REFUSE, "detached", "git switch BRANCH, then release from there",
                  "HEAD is detached: it names no branch that could move to the release");
    } else if (!is_utf8(p->state.branch) || !is_utf8(p->state.remote_branch)) {
        /* The journal is JSON: after a crash such a name would not be found again. */
        plan_find(p, FINDING_REFUSE, "branch-name", "git branch -m NAME gives it another",
                  "The name of the branch %s is not UTF-8, here or at the remote", p->state.branch);
    } else if (*wanted && strcmp(wanted, p->state.branch) != 0 && !p->options->from) {
        text_fmt(todo, sizeof(todo), "git switch %s; or for a hotfix, --from the tag it mends", wanted);
        plan_find(p, FINDING_REFUSE, "branch", todo, "Releases are cut from %s, and %s is checked out", wanted,
                  p->state.branch);
    }
}

/* A key that is missing is found now, not when the files are written and the commit is to be signed. */
static int look_at_signing(struct planning *p)
{
    enum source_signing ignored;
    if (!p->state.signs_commits && !p->state.signs_tags)
        return 0;
    if (p->source.ops->signing(p->source.self, &ignored, p->call, p->err) == 0)
        return 0;
    if (p->err->kind != ERROR_FAILED && p->err->kind != ERROR_NOT_FOUND)
        return -1;
    plan_find(p, FINDING_REFUSE, "signing", p->err->todo, "%s%s%s", p->err->what, *p->err->why ? ": " : "",
              p->err->why);
    return 0;
}

int plan_look_at_state(struct planning *p)
{
    const struct source_state *state = &p->state;
    if (!state->work_tree)
        plan_find(p, FINDING_REFUSE, "bare", "Release from a clone of it",
                  "This repository is bare: it has no files");
    if (!*state->head)
        plan_find(p, FINDING_REFUSE, "no-commit", "Commit something first", "There is no commit to release yet");
    look_at_operation(p);
    look_at_branch(p);
    if (!state->author)
        plan_find(p, FINDING_REFUSE, "identity",
                  "git config user.name \"Your Name\"; git config user.email you@example.org",
                  "git does not know who you are, so it can neither commit nor tag");
    if (state->shallow)
        plan_find(p, FINDING_REFUSE, "shallow", "git fetch --unshallow --tags",
                  "This clone is shallow: without its history nobody knows what was released");
    if (state->partial)
        plan_find(p, FINDING_NOTE, "partial", NULL, "This clone is partial: what is missing is fetched when needed");
    if (state->submodules)
        plan_find(p, FINDING_NOTE, "submodules", NULL, "Submodules are released at the commits they are at");
    return look_at_signing(p);
}

/* "a.c, b.c and 3 more" */
static void add_path(struct text_buf *paths, size_t count, const char *path)
{
    if (count < 3)
        text_addf(paths, "%s%s", count ? ", " : "", path);
}

/* The changelog's own lines that are not committed: in the release, or, where it writes no changelog, left alone. */
static void find_carried(struct planning *p)
{
    const struct release_plan *plan = &p->out->plan;
    bool taken = false;
    for (size_t i = 0; i < plan->file_count; i++)
        taken = taken || plan->files[i].carried;
    plan_find(p, FINDING_NOTE, "carried", NULL,
              taken ? "What %s has under Unreleased is not committed yet: the release commits it"
                    : "What %s has under Unreleased is not committed, and left alone",
              p->service->changelog);
}

void plan_look_at_changes(struct planning *p)
{
    CLEANUP(text_buf_clear) struct text_buf paths = {0};
    size_t dirty = 0, untracked = 0;
    for (size_t i = 0; i < p->changes.count; i++) {
        const struct source_change *change = &p->changes.items[i];
        if (plan_carries(p, change->path))
            find_carried(p);
        else if (change->staged || change->unstaged || change->conflicted)
            add_path(&paths, dirty++, change->path);
        else if (change->untracked)
            untracked++;
    }
    if (dirty > 3)
        text_addf(&paths, " and %zu more", dirty - 3);
    bool harmless = p->out->plan.mode == RELEASE_TAG_ONLY;
    /* A stash of everything would take what is to be released with it. */
    const char *todo = harmless     ? "They are not in what is tagged"
                       : p->carries ? "Commit them, or put them aside, them alone: git stash push -- FILE"
                                    : "Commit them, or put them aside: git stash";
    if (dirty)
        plan_find(p, harmless ? FINDING_WARN : FINDING_REFUSE, "dirty", todo,
                  "There are changes that are not committed: %s", buf_string(&paths.raw));
    if (untracked)
        plan_find(p, FINDING_NOTE, "untracked", NULL, "%zu untracked %s left alone", untracked,
                  untracked == 1 ? "file is" : "files are");
}

static int local_ref(bool *out, struct planning *p, const char *prefix, const char *name)
{
    CLEANUP(buf_clear) struct buf ref = {0};
    char object[OID_HEX];
    buf_addf(&ref, "%s%s", prefix, name);
    if (p->source.ops->read_ref(p->source.self, object, NULL, ref.bytes, p->call, p->err) < 0)
        return -1;
    *out = *object != 0;
    return 0;
}

/* A branch "release" leaves no room for "release/1.4.0". */
static int look_at_candidate(struct planning *p)
{
    const char *candidate = p->out->plan.candidate;
    bool taken = false;
    char todo[256];
    if (!*candidate)
        return 0;
    if (local_ref(&taken, p, "refs/heads/", candidate) < 0)
        return -1;
    if (taken) {
        text_fmt(todo, sizeof(todo), "Delete it when it is a leftover: git branch -D %s", candidate);
        plan_find(p, FINDING_REFUSE, "candidate-exists", todo, "There is a branch %s already", candidate);
        return 0;
    }
    for (const char *slash = strchr(candidate, '/'); slash && !taken; slash = strchr(slash + 1, '/')) {
        CLEANUP(free_string) char *parent = mem_bytes(candidate, (size_t)(slash - candidate));
        if (local_ref(&taken, p, "refs/heads/", parent) < 0)
            return -1;
        if (taken)
            plan_find(p, FINDING_REFUSE, "candidate-exists", "Rename it, or set release.candidatePrefix",
                      "A branch %s leaves no room for %s", parent, candidate);
    }
    return 0;
}

int plan_look_at_refs(struct planning *p)
{
    const struct release_plan *plan = &p->out->plan;
    bool taken;
    char todo[256];
    if (local_ref(&taken, p, "refs/tags/", plan->tag) < 0)
        return -1;
    if (taken) {
        text_fmt(todo, sizeof(todo), "Take another version, or look at it: git show %s", plan->tag);
        plan_find(p, FINDING_REFUSE, "tag-exists", todo, "There is a tag %s already", plan->tag);
    }
    return look_at_candidate(p);
}
