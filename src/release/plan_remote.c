/* How the remote stands, as it says itself. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/plan_parts.h"
#include "release/release_effect.h"

/* What is not here is in nothing of ours. */
static bool is_ancestor(struct planning *p, const char *ancestor, const char *of)
{
    struct error ignored;
    bool yes = false;
    return p->source.ops->is_ancestor(p->source.self, &yes, ancestor, of, p->call, &ignored) == 0 && yes;
}

static void compare_tip(struct planning *p, const char *tip)
{
    const struct release_plan *plan = &p->out->plan;
    const char *remote = plan->remote, *branch = plan->remote_branch;
    char todo[256], known[OID_HEX];
    struct error ignored;
    bool here = p->source.ops->resolve(p->source.self, known, tip, p->call, &ignored) == 0;
    bool ahead = here && is_ancestor(p, tip, plan->base), contained = here && is_ancestor(p, plan->base, tip);
    if (plan->mode == RELEASE_TAG_ONLY) {
        text_fmt(todo, sizeof(todo), "git push %s %s, then release", remote, plan->branch);
        if (!contained)
            plan_find(p, FINDING_REFUSE, "unpushed", todo, "The commit to tag is not in %s at %s", branch, remote);
    } else if (ahead) {
        if (plan->mode == RELEASE_PULL_REQUEST && strcmp(tip, plan->base) != 0)
            plan_find(p, FINDING_WARN, "unpushed", NULL,
                      "Commits of %s that %s has not are part of the pull request too", plan->branch, remote);
    } else if (contained || !here) {
        text_fmt(todo, sizeof(todo), "git pull --ff-only %s %s, then release", remote, branch);
        plan_find(p, FINDING_REFUSE, "behind", todo, "%s at %s has commits that are not here", branch, remote);
    } else {
        text_fmt(todo, sizeof(todo), "git fetch %s; git rebase %s/%s; then release", remote, remote, branch);
        plan_find(p, FINDING_REFUSE, "diverged", todo, "%s here and at %s have gone different ways", branch, remote);
    }
}

static void compare(struct planning *p, const struct source_refs *refs)
{
    struct release_plan *plan = &p->out->plan;
    const char *tip = release_remote_value(refs, "refs/heads/", plan->remote_branch);
    if (*release_remote_value(refs, "refs/tags/", plan->tag))
        plan_find(p, FINDING_REFUSE, "tag-exists-remote", "Take another version: git fetch --tags, then look again",
                  "%s has a tag %s already", plan->remote, plan->tag);
    if (*plan->candidate && *release_remote_value(refs, "refs/heads/", plan->candidate))
        plan_find(p, FINDING_REFUSE, "candidate-exists", "Delete it there when it is a leftover",
                  "%s has a branch %s already", plan->remote, plan->candidate);
    plan_set(&plan->remote_expect, tip);
    if (!*plan->remote_branch)
        return; /* a detached HEAD, which is refused */
    if (*tip)
        compare_tip(p, tip);
    else if (!*plan->remote_branch)
        return; /* detached, which is refused already */
    else if (plan->mode == RELEASE_DIRECT)
        plan_find(p, FINDING_NOTE, "remote-branch-missing", NULL, "%s has no branch %s yet: the push makes it",
                  plan->remote, plan->remote_branch);
    else
        plan_find(p, FINDING_REFUSE, "remote-branch-missing", "Push the branch first, or release in mode direct",
                  "%s has no branch %s", plan->remote, plan->remote_branch);
}

int plan_look_at_remote(struct planning *p)
{
    struct release_plan *plan = &p->out->plan;
    CLEANUP(source_refs_clear) struct source_refs refs = {0};
    if (!plan->push)
        return 0;
    if (!*plan->remote) {
        plan_find(p, FINDING_REFUSE, "remote-missing", "git remote add origin URL; or release here only: --no-push",
                  "There is no remote to push to");
        return 0;
    }
    if (p->options->offline) {
        plan_find(p, FINDING_WARN, "offline", NULL, "%s was not asked: what it has is as of the last fetch",
                  plan->remote);
        return 0;
    }
    if (p->source.ops->remote_refs(p->source.self, &refs, plan->remote, p->call, p->err) == 0) {
        compare(p, &refs);
        return 0;
    }
    if (p->err->kind == ERROR_CANCELLED)
        return error_todo(p->err, "Nothing was changed. `git ls-remote %s` asks too; --no-push releases here only",
                          plan->remote);
    plan_find(p, FINDING_REFUSE,
              p->err->kind == ERROR_NOT_FOUND     ? "remote-missing"
              : p->err->kind == ERROR_UNAVAILABLE ? "remote-unreachable"
                                                  : "remote-refused",
              p->err->todo[0] ? p->err->todo : "Try again, or release here only: --no-push", "%s%s%s", p->err->what,
              p->err->why[0] ? ": " : "", p->err->why);
    return 0;
}
