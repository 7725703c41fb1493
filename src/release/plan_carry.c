/*
 * A changelog whose lines under Unreleased are not committed yet is the usual state right before a release: whoever wrote
 * them wants them in it. The release's commit takes them along, and undo brings exactly those bytes back.
 */
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "release/plan_parts.h"
#include "release/release_act.h"
#include "version/changelog.h"

static const struct source_change *changed(const struct planning *p, const char *path)
{
    for (size_t i = 0; i < p->changes.count; i++)
        if (strcmp(p->changes.items[i].path, path) == 0)
            return &p->changes.items[i];
    return NULL;
}

/* Does the changelog on the right have more than the left one in nothing but its section Unreleased? */
static bool same_releases(const struct buf *left, const struct buf *right)
{
    struct changelog a, b;
    struct error ignored;
    bool same = false;
    if (changelog_parse(&a, buf_string(left), left->len, &ignored) < 0)
        return false;
    if (changelog_parse(&b, buf_string(right), right->len, &ignored) == 0) {
        same = changelog_unreleased(&b) && changelog_same_releases(&a, &b);
        changelog_clear(&b);
    }
    changelog_clear(&a);
    return same;
}

int plan_look_for_carried(struct planning *p)
{
    const char *path = p->service->changelog;
    const struct source_change *change = *path ? changed(p, path) : NULL;
    CLEANUP(buf_clear) struct buf now = {0};
    struct error ignored;
    /* Staged in one state and standing in another: the release has one place to keep, and would lose the other. */
    if (!change || change->conflicted || (change->staged && change->unstaged))
        return 0;
    CLEANUP(free_string) char *whole = path_join(p->state.work_tree, path);
    if (file_read(&now, whole, RELEASE_FILE_MAX, &ignored) < 0)
        return 0;
    p->carried_in_head =
        p->source.ops->read_file(p->source.self, &p->carried_base, p->out->plan.base, path, p->call, p->err) == 0;
    if (!p->carried_in_head && p->err->kind != ERROR_NOT_FOUND)
        return -1;
    p->carries = same_releases(&p->carried_base, &now);
    return 0;
}

bool plan_carries(const struct planning *p, const char *path)
{
    return p->carries && strcmp(path, p->service->changelog) == 0;
}
