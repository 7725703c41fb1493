#include "ui/view/releases_order.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct by_date {
    int64_t when_ms;
    size_t index;
};

static int newest_first(const void *a, const void *b)
{
    const struct by_date *x = a, *y = b;
    if (x->when_ms != y->when_ms)
        return x->when_ms > y->when_ms ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static void sort_by_date(size_t *order, size_t count, const struct history *history)
{
    struct by_date *rows = mem_array(count + 1, sizeof(*rows));
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct by_date){history->versions[order[i]].when_ms, order[i]};
    qsort(rows, count, sizeof(*rows), newest_first);
    for (size_t i = 0; i < count; i++)
        order[i] = rows[i].index;
    free(rows);
}

/* All words must be in the tag. */
static bool matches(const char *tag, const char *filter)
{
    char word[64];
    while (*filter) {
        size_t len = strcspn(filter, " ");
        if (len > 0 && len < sizeof(word)) {
            memcpy(word, filter, len);
            word[len] = 0;
            if (!strcasestr(tag, word))
                return false;
        }
        filter += len + strspn(filter + len, " ");
    }
    return true;
}

void releases_order(struct scene *scene)
{
    struct releases_place *at = &scene->releases_at;
    const struct history *history = releases_history(&scene->releases);
    at->generation = scene->releases.generation;
    size_t total = history ? history->count : 0, count = 0;
    free(at->order);
    at->order = mem_array(total + 1, sizeof(*at->order));
    for (size_t i = 0; i < total; i++) {
        if (matches(history->versions[i].tag, field_value(&at->filter.field)))
            at->order[count++] = i;
    }
    if (at->by_date)
        sort_by_date(at->order, count, history);
    at->rows = history ? count + 1 : 0;
    for (size_t row = 0; at->selected && row < count; row++) {
        if (strcmp(history->versions[at->order[row]].tag, at->selected) == 0)
            at->place.selected = row + 1;
    }
    if (at->place.selected >= at->rows)
        at->place.selected = at->rows ? at->rows - 1 : 0;
}

void releases_order_refresh(struct scene *scene)
{
    if (scene->releases_at.generation != scene->releases.generation)
        releases_order(scene);
}

int releases_row(const struct releases_place *place, size_t row)
{
    return row == 0 || row >= place->rows ? -1 : (int)place->order[row - 1];
}

const struct history_version *releases_selected(const struct scene *scene)
{
    const struct history *history = releases_history(&scene->releases);
    int index = releases_row(&scene->releases_at, scene->releases_at.place.selected);
    return history && index >= 0 && (size_t)index < history->count ? &history->versions[index] : NULL;
}

void releases_moved(struct scene *scene)
{
    struct releases_place *at = &scene->releases_at;
    const struct history_version *version = releases_selected(scene);
    free(at->selected);
    at->selected = mem_string(version ? version->tag : "");
    at->moved_ms = scene->boot_ms;
    at->commits_top = 0;
}
