#include "release/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "release/plan_parts.h"
#include "version/semver.h"

static const char *or_empty(const char *string)
{
    return string ? string : "";
}

/* Everything known before a version is chosen; texts that come later are empty until then. */
static void begin_plan(struct planning *p)
{
    struct release_plan *plan = &p->out->plan;
    const struct release_options *options = p->options;
    const char *remote = p->settings->release.remote;
    char **texts[] = {&plan->version,     &plan->tag,           &plan->previous,      &plan->previous_tag,
                      &plan->why,         &plan->notes,         &plan->remote_expect, &plan->candidate,
                      &plan->tag_message, &plan->commit_message};
    plan->service = mem_string(p->service->name);
    plan->git_dir = mem_string(or_empty(p->state.git_dir));
    plan->work_tree = mem_string(or_empty(p->state.work_tree));
    plan->mode = options->has_mode ? options->mode : p->settings->release.mode;
    plan->push = p->settings->release.push && !options->no_push;
    plan->branch = mem_string(or_empty(p->state.branch));
    plan->base = mem_string(p->state.head);
    /* What the branch follows tells nothing about another remote. */
    bool own = !*remote || strcmp(remote, or_empty(p->state.remote)) == 0;
    plan->remote = mem_string(own ? or_empty(p->state.remote) : remote);
    plan->remote_branch = mem_string(own && p->state.remote_branch ? p->state.remote_branch : plan->branch);
    plan->planned_ms = options->now_ms;
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i] = mem_string("");
    /* As of the last fetch, until the remote is asked. */
    if (own)
        plan_set(&plan->remote_expect, p->state.upstream);
    p->out->section = mem_string("");
}

/* A hotfix: what is checked out must come from the tag, and be that tag's line rather than a later one's. */
static int check_hotfix_line(struct planning *p)
{
    const char *from = p->options->from;
    char tagged[OID_HEX], todo[256];
    bool contains = false;
    if (!from)
        return 0;
    const struct history_version *version = history_find(&p->history, from);
    if (!version) {
        error_set(p->err, ERROR_NOT_FOUND, "There is no version %s to release from", from);
        return error_todo(p->err, "signalbox version list shows them");
    }
    snprintf(tagged, OID_HEX, "%s", version->commit);
    if (p->source.ops->is_ancestor(p->source.self, &contains, tagged, p->state.head, p->call, p->err) < 0)
        return -1;
    if (contains && p->history.base >= 0 && &p->history.versions[p->history.base] == version)
        return 0;
    /* A later patch of the same line is as good: the hotfix counts on from it. */
    if (contains && p->history.base >= 0) {
        struct semver of, at;
        if (semver_parse_string(&of, version->version) &&
            semver_parse_string(&at, p->history.versions[p->history.base].version) && of.patch_at == at.patch_at &&
            memcmp(of.text, at.text, of.patch_at) == 0)
            return 0;
    }
    CLEANUP(buf_clear) struct buf patch = {0};
    struct semver v;
    if (!semver_parse_string(&v, version->version) ||
        semver_bump(&patch, &v, SEMVER_PATCH, NULL, SEMVER_FROM_1, p->err) < 0)
        return -1;
    text_fmt(todo, sizeof(todo),
             "git switch -c hotfix/%s %s; commit the fix there; then release again with --from %s",
             buf_string(&patch), version->tag, version->tag);
    plan_find(p, FINDING_REFUSE, "hotfix-line", todo, "%s is checked out, which is not the line of %s",
              p->state.branch ? p->state.branch : "HEAD", version->tag);
    return 0;
}

/* Pull requests need something to merge. */
static void settle_mode(struct planning *p)
{
    struct release_plan *plan = &p->out->plan;
    if (plan->mode == RELEASE_PULL_REQUEST && !plan->file_count) {
        plan->mode = RELEASE_TAG_ONLY;
        plan_find(p, FINDING_NOTE, "nothing-to-merge", NULL, "There is no file to write, so only the tag is made");
    }
    if (plan->mode != RELEASE_PULL_REQUEST)
        return;
    CLEANUP(buf_clear) struct buf name = {0};
    buf_addf(&name, "%s%s", p->settings->release.candidate_prefix, plan->version);
    plan_set(&plan->candidate, name.bytes);
}

static void write_messages(struct planning *p)
{
    struct release_plan *plan = &p->out->plan;
    if (plan->file_count) {
        free(plan->commit_message);
        plan->commit_message = plan_fill(p->settings->release.commit_message, plan);
    }
    free(plan->tag_message);
    plan->tag_message = plan_fill(p->settings->release.tag_message, plan);
    if (!*plan->tag_message)
        plan_set(&plan->tag_message, plan->tag);
}

static int plan_all_files(struct planning *p)
{
    if (plan_changelog(p) < 0)
        return -1;
    return p->out->plan.mode == RELEASE_TAG_ONLY ? 0 : plan_version_files(p);
}

/* With the version known: everything else. */
static int plan_rest(struct planning *p)
{
    if (p->state.work_tree && (p->source.ops->changes(p->source.self, &p->changes, true, p->call, p->err) < 0 ||
                               plan_look_for_carried(p) < 0 || plan_all_files(p) < 0))
        return -1;
    settle_mode(p);
    write_messages(p);
    plan_look_at_changes(p);
    if (plan_look_at_refs(p) < 0 || plan_look_at_remote(p) < 0)
        return -1;
    if (!p->history.since.count && p->history.base >= 0)
        plan_find(p, FINDING_WARN, "empty", NULL, "Nothing has happened since %s",
                  p->history.versions[p->history.base].tag);
    return 0;
}

static int propose(struct planning *p)
{
    bool found;
    if (p->source.ops->state(p->source.self, &p->state, p->call, p->err) < 0)
        return -1;
    begin_plan(p);
    if (plan_look_at_state(p) < 0)
        return -1;
    if (!*p->state.head)
        return 0;
    if (history_load(&p->history, p->source, p->service, p->call, p->err) < 0 ||
        history_mark(&p->history, p->source, p->store, p->service, p->call, p->err) < 0 ||
        history_since(&p->history, p->source, p->settings, p->service, p->call, p->err) < 0)
        return -1;
    if (check_hotfix_line(p) < 0 || plan_choose_version(&found, p) < 0)
        return -1;
    p->out->has_plan = found;
    return found ? plan_rest(p) : 0;
}

int release_propose(struct release_proposal *out, struct source source, struct store store,
                    const struct settings *settings, const struct service_settings *service,
                    const struct release_options *options, const struct call *call, struct error *err)
{
    struct release_proposal made = {0};
    struct planning planning = {.source = source,
                                .store = store,
                                .settings = settings,
                                .service = service,
                                .options = options,
                                .call = call,
                                .err = err,
                                .history = {.current = -1, .base = -1, .latest = -1},
                                .out = &made};
    int result = propose(&planning);
    source_state_clear(&planning.state);
    history_clear(&planning.history);
    source_changes_clear(&planning.changes);
    buf_clear(&planning.carried_base);
    if (result < 0)
        release_proposal_clear(&made);
    else
        *out = made;
    return result;
}

bool release_proposal_ready(const struct release_proposal *proposal)
{
    return proposal->has_plan && !proposal->findings.refusals;
}

void release_proposal_clear(struct release_proposal *proposal)
{
    release_plan_clear(&proposal->plan);
    release_findings_clear(&proposal->findings);
    for (size_t i = 0; i < proposal->offer_count; i++) {
        free(proposal->offers[i].category);
        free(proposal->offers[i].entry);
    }
    free(proposal->offers);
    free(proposal->section);
    memset(proposal, 0, sizeof(*proposal));
}
