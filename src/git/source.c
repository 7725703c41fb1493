/* What the role's structs own is freed here, whichever driver filled them. */
#include <signalbox/source.h>

#include <stdlib.h>

#include "base/memory.h"

void source_tags_clear(struct source_tags *tags)
{
    for (size_t i = 0; i < tags->count; i++)
        free(tags->items[i].name);
    free(tags->items);
    *tags = (struct source_tags){0};
}

int source_tags_whole(struct source_tags *out, struct source source, const struct call *call, struct error *err)
{
    struct source_tags tags = {0};
    if (source.ops->tags(source.self, &tags, call, err) < 0)
        return -1;
    struct source_tag **all = mem_array(tags.count, sizeof(*all));
    for (size_t i = 0; i < tags.count; i++)
        all[i] = &tags.items[i];
    int result = source.ops->read_tags(source.self, all, tags.count, call, err);
    free(all);
    if (result < 0)
        source_tags_clear(&tags);
    else
        *out = tags;
    return result;
}

void source_tag_detail_clear(struct source_tag_detail *detail)
{
    free(detail->tagger);
    free(detail->message);
    *detail = (struct source_tag_detail){0};
}

void source_state_clear(struct source_state *state)
{
    free(state->work_tree);
    free(state->git_dir);
    free(state->branch);
    free(state->remote);
    free(state->remote_url);
    free(state->remote_branch);
    free(state->author);
    *state = (struct source_state){0};
}

void source_changes_clear(struct source_changes *changes)
{
    for (size_t i = 0; i < changes->count; i++)
        free(changes->items[i].path);
    free(changes->items);
    *changes = (struct source_changes){0};
}

void source_refs_clear(struct source_refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        free(refs->items[i].name);
    free(refs->items);
    *refs = (struct source_refs){0};
}
