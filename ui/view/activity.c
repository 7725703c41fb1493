#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/view/activity_draw.h"
#include "ui/view/filter.h"
#include "ui/view/view.h"

static bool has(const char *text, const char *word)
{
    return strcasestr(text, word) != NULL;
}

static bool matches(const struct audit_entry *entry, const char *filter)
{
    char word[64];
    while (*filter) {
        size_t len = strcspn(filter, " ");
        if (len > 0 && len < sizeof(word)) {
            memcpy(word, filter, len);
            word[len] = 0;
            if (!has(entry->who, word) && !has(entry->what, word) && !has(entry->why, word) && !has(entry->run, word))
                return false;
        }
        filter += len + strspn(filter + len, " ");
    }
    return true;
}

/* The selection stays on its event when newer ones come above it. */
static void order(struct scene *scene)
{
    struct activity_place *at = &scene->activity_at;
    const struct audit_entries *entries = &scene->audit.entries;
    const struct audit_entry *selected = activity_selected(scene);
    int64_t seq = selected && at->order && at->place.selected > 0 && at->newest > 0
                      ? at->newest - (int64_t)at->order[at->place.selected]
                      : 0;
    free(at->order);
    at->order = mem_array(entries->count + 1, sizeof(*at->order));
    at->rows = 0;
    for (size_t i = 0; i < entries->count; i++) {
        if (!matches(&entries->items[i], field_value(&at->filter.field)))
            continue;
        if (seq != 0 && entries->items[i].seq == seq)
            at->place.selected = at->rows;
        at->order[at->rows++] = i;
    }
    if (at->place.selected >= at->rows)
        at->place.selected = at->rows ? at->rows - 1 : 0;
    at->seen = entries->count;
    at->newest = entries->count ? entries->items[0].seq : 0;
}

static bool type_filter(struct scene *scene, const struct event *event)
{
    bool changed;
    if (!filter_event(&changed, &scene->activity_at.filter, event))
        return false;
    if (!changed)
        return true;
    order(scene);
    return true;
}

static bool mouse(struct scene *scene, const struct event *event, struct rect rect)
{
    struct activity_place *at = &scene->activity_at;
    struct activity_layout layout = activity_layout(rect, scene);
    int lines = table_lines(&activity_table, layout.list);
    if (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN) {
        struct key key = {.code = event->mouse == MOUSE_WHEEL_DOWN ? CODE_DOWN : CODE_UP};
        for (int i = 0; i < 3; i++)
            table_key(&at->place, key, at->rows, lines);
        return true;
    }
    size_t row;
    if (event->mouse == MOUSE_PRESS && event->button == 1 &&
        table_row_at(&activity_table, &at->place, layout.list, at->rows, event->row, event->col, &row))
        at->place.selected = row;
    return true;
}

static bool activity_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct activity_place *at = &scene->activity_at;
    scene->work.changed = true;
    if (at->filter.typing)
        return type_filter(scene, event);
    if (event->kind == EVENT_MOUSE)
        return mouse(scene, event, rect);
    if (event->kind != EVENT_KEY)
        return false;
    if (event->key.code == CODE_ESCAPE) {
        bool filtered = *field_value(&at->filter.field);
        bool was = at->open || filtered;
        if (!at->open && filtered) {
            field_set(&at->filter.field, "");
            order(scene);
        }
        at->open = false;
        return was;
    }
    struct activity_layout layout = activity_layout(rect, scene);
    return table_key(&at->place, event->key, at->rows, table_lines(&activity_table, layout.list));
}

static bool activity_typing(const struct scene *scene)
{
    return scene->activity_at.filter.typing;
}

static bool activity_command(struct scene *scene, enum command_id id)
{
    switch (id) {
    case COMMAND_ACTIVITY_OPEN:
        scene->activity_at.open = !scene->activity_at.open;
        return true;
    case COMMAND_ACTIVITY_VERIFY:
    case COMMAND_AUDIT_VERIFY:
        audit_check(&scene->audit);
        return true;
    case COMMAND_CONSOLE_FILTER:
        scene->activity_at.filter.typing = true;
        return true;
    default:
        return false;
    }
}

static void activity_hints(const struct scene *scene, struct hints *hints)
{
    if (scene->activity_at.open)
        hints_add_key(hints, TEXT("esc"), TEXT("back"));
    hints_add(hints, COMMAND_ACTIVITY_VERIFY, TEXT("check the chain"));
    hints_add(hints, COMMAND_CONSOLE_FILTER, TEXT("filter"));
    hints_add(hints, COMMAND_CONSOLE_REFRESH, TEXT("read again"));
}

static void activity_tick(struct scene *scene)
{
    struct activity_place *at = &scene->activity_at;
    struct audit_model *audit = &scene->audit;
    if (audit->load.loaded_ms == 0 && !load_under_way(&audit->load) && !load_failed(&audit->load))
        audit_load(audit);
    if (audit->load.loaded_ms != 0 && audit->verify.loaded_ms == 0 && !load_failed(&audit->verify))
        audit_check(audit);
    int64_t newest = audit->entries.count ? audit->entries.items[0].seq : 0;
    if (at->seen != audit->entries.count || at->newest != newest || !at->order)
        order(scene);
    /* The next page is read before the reader comes to the end of this one. */
    if (at->place.selected + 60 > at->rows)
        audit_more(audit);
}

const struct view activity_view = {
    .name = "activity",
    .title = TEXT("Activity"),
    .digit = '2',
    .draw = activity_draw,
    .event = activity_event,
    .typing = activity_typing,
    .command = activity_command,
    .hints = activity_hints,
    .tick = activity_tick,
};
