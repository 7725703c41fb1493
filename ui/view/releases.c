#include <stdlib.h>
#include <string.h>

#include "ui/view/filter.h"
#include "ui/view/releases_draw.h"
#include "ui/view/releases_order.h"
#include "ui/view/view.h"

enum { REST_MS = 90 }; /* the selection has rested: what it is about is loaded */

static void moved(struct scene *scene)
{
    releases_moved(scene);
    scene->work.changed = true;
}

static bool type_filter(struct scene *scene, const struct event *event)
{
    struct filter *filter = &scene->releases_at.filter;
    bool changed;
    if (!filter_event(&changed, filter, event))
        return false;
    if (!changed)
        return true;
    releases_order(scene);
    /* The best match is at hand while one types; the old place comes back with the old filter. */
    if (filter->typing && *field_value(&filter->field) && scene->releases_at.rows > 1 && !releases_selected(scene))
        scene->releases_at.place.selected = 1;
    moved(scene);
    return true;
}

static bool open_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct releases_place *at = &scene->releases_at;
    struct detail *detail = detail_find(&scene->detail, at->selected ? at->selected : "");
    if (event->kind == EVENT_KEY && event->key.code == CODE_ESCAPE) {
        at->open = false;
        return true;
    }
    if (event->kind == EVENT_MOUSE && (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN)) {
        int by = event->mouse == MOUSE_WHEEL_UP ? -3 : 3;
        if (event->col < rect.cols / 2 && detail)
            detail->notes.top = detail->notes.top + by < 0 ? 0 : detail->notes.top + by;
        else
            at->commits_top += by;
        return true;
    }
    if (event->kind != EVENT_KEY)
        return false;
    struct table_place commits = {.selected = at->commits_top < 0 ? 0 : (size_t)at->commits_top};
    if (at->commits && table_key(&commits, event->key, 1u << 20, rect.rows - 8)) {
        at->commits_top = (int)commits.selected;
        return true;
    }
    return !at->commits && detail && textview_key(&detail->notes, event->key, rect);
}

static bool mouse(struct scene *scene, const struct event *event, struct rect rect)
{
    struct releases_place *at = &scene->releases_at;
    struct releases_layout layout = releases_layout(rect, scene);
    struct table_place *place = at->foreign ? &at->foreign_place : &at->place;
    size_t rows = at->foreign ? releases_history(&scene->releases)->foreign_count : at->rows;
    int lines = table_lines(&releases_table, layout.list);
    if (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN) {
        int down = event->mouse == MOUSE_WHEEL_DOWN ? CODE_DOWN : CODE_UP;
        for (int i = 0; i < 3; i++)
            table_key(place, (struct key){.code = (uint32_t)down}, rows, lines);
    } else if (event->mouse != MOUSE_PRESS || event->button != 1) {
        return false;
    } else {
        size_t row;
        if (!table_row_at(&releases_table, place, at->foreign ? rect : layout.list, rows, event->row, event->col,
                          &row)) {
            if (rect_has(layout.detail, event->row, event->col))
                at->open = true;
            return true;
        }
        place->selected = row;
        at->open = scene->twice && !at->foreign;
    }
    moved(scene);
    return true;
}

static bool releases_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct releases_place *at = &scene->releases_at;
    scene->work.changed = true;
    if (at->filter.typing)
        return type_filter(scene, event);
    if (!releases_history(&scene->releases))
        return false;
    if (at->open)
        return open_event(scene, event, rect);
    if (event->kind == EVENT_MOUSE)
        return mouse(scene, event, rect);
    if (event->kind != EVENT_KEY)
        return false;
    if (event->key.code == CODE_ESCAPE) {
        if (at->foreign) {
            at->foreign = false;
        } else if (*field_value(&at->filter.field)) {
            field_set(&at->filter.field, "");
            releases_order(scene);
        } else {
            return false;
        }
        return true;
    }
    if (at->foreign)
        return table_key(&at->foreign_place, event->key, releases_history(&scene->releases)->foreign_count,
                         table_lines(&releases_table, rect));
    struct releases_layout layout = releases_layout(rect, scene);
    if (!table_key(&at->place, event->key, at->rows, table_lines(&releases_table, layout.list)))
        return false;
    moved(scene);
    return true;
}

static bool releases_typing(const struct scene *scene)
{
    return scene->releases_at.filter.typing;
}

static bool releases_command(struct scene *scene, enum command_id id)
{
    struct releases_place *at = &scene->releases_at;
    switch (id) {
    case COMMAND_RELEASES_OPEN:
        at->open = !at->open && !at->foreign && at->rows > 0;
        return true;
    case COMMAND_RELEASES_SIDE:
        at->commits = !at->commits;
        return true;
    case COMMAND_RELEASES_SORT:
        at->by_date = !at->by_date;
        releases_order(scene);
        return true;
    case COMMAND_RELEASES_FOREIGN:
        at->foreign = !at->foreign && releases_history(&scene->releases);
        at->open = false;
        return true;
    case COMMAND_CONSOLE_FILTER:
        at->filter.typing = true;
        at->foreign = at->open = false;
        return true;
    default:
        return false;
    }
}

static void releases_hints(const struct scene *scene, struct hints *hints)
{
    const struct releases_place *at = &scene->releases_at;
    if (at->open || at->foreign)
        hints_add(hints, COMMAND_CONSOLE_BACK, TEXT("back"));
    if (run_is_open(&scene->run))
        hints_add(hints, COMMAND_RELEASE_RESUME, TEXT("open release"));
    else
        hints_add(hints, COMMAND_RELEASE_CREATE, TEXT("new release"));
    if (!at->open && !at->foreign)
        hints_add(hints, COMMAND_RELEASES_OPEN, TEXT("open"));
    if (!at->foreign)
        hints_add(hints, COMMAND_RELEASES_SIDE, at->commits ? TEXT("notes") : TEXT("commits"));
    if (!at->open && !at->foreign) {
        hints_add(hints, COMMAND_CONSOLE_FILTER, TEXT("filter"));
        hints_add(hints, COMMAND_RELEASES_SORT, at->by_date ? TEXT("by version") : TEXT("by date"));
        hints_add(hints, COMMAND_RELEASES_FOREIGN, TEXT("foreign tags"));
    }
}

static bool due(const struct scene *scene)
{
    const struct releases_place *at = &scene->releases_at;
    const char *tag = at->selected ? at->selected : "";
    if (at->rows == 0 || load_failed(&scene->detail.load))
        return false;
    if (scene->detail.wanted && strcmp(scene->detail.wanted, tag) == 0)
        return false;
    for (size_t i = 0; i < scene->detail.count; i++) {
        if (strcmp(scene->detail.kept[i].tag, tag) == 0)
            return scene->detail.kept[i].generation != scene->releases.generation;
    }
    return true;
}

/* The first version on the screen of which the list could say more; -1: none. Looked at again when one is read. */
static int fact_due(const struct scene *scene)
{
    const struct releases_place *at = &scene->releases_at;
    const struct releases_model *releases = &scene->releases;
    if (at->open || at->foreign || !releases->snapshot || load_under_way(&releases->load) ||
        load_under_way(&releases->since) || load_under_way(&releases->reach) || load_under_way(&scene->facts.load) ||
        load_under_way(&scene->detail.load))
        return -1;
    for (size_t row = at->place.top; row < at->rows && row < at->place.top + (size_t)at->lines; row++) {
        int index = releases_row(at, row);
        if (index >= 0 && !facts_asked(&scene->facts, scene->releases.generation, (size_t)index))
            return index;
    }
    return -1;
}

static void releases_tick(struct scene *scene)
{
    struct releases_place *at = &scene->releases_at;
    releases_order_refresh(scene);
    if (scene->boot_ms - at->moved_ms < REST_MS)
        return;
    if (due(scene))
        detail_want(&scene->detail, scene->releases.snapshot, scene->releases.generation,
                    at->selected ? at->selected : "");
    int fact = fact_due(scene);
    if (fact >= 0)
        facts_want(&scene->facts, scene->releases.snapshot, scene->releases.generation, (size_t)fact);
}

static int releases_wait_ms(const struct scene *scene)
{
    if (!due(scene) && fact_due(scene) < 0)
        return -1;
    int64_t left = scene->releases_at.moved_ms + REST_MS - scene->boot_ms;
    return left < 0 ? 0 : (int)left;
}

const struct view releases_view = {
    .name = "releases",
    .title = TEXT("Releases"),
    .digit = '1',
    .draw = releases_draw,
    .event = releases_event,
    .typing = releases_typing,
    .command = releases_command,
    .hints = releases_hints,
    .tick = releases_tick,
    .wait_ms = releases_wait_ms,
};
