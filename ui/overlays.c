#include "ui/overlays.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/theme.h"
#include "ui/view/view.h"

enum { HELP_KEY_COLS = 9 };

const struct menu_legend danger_legend[DANGER_MARKS] = {
    {GLYPH_BULLET, {.meaning = MEANING_WARNING}, TEXT("changes files here")},
    {GLYPH_WARN, {.meaning = MEANING_DANGER, .attributes = ATTRIBUTE_BOLD}, TEXT("changes things outside")},
    {GLYPH_CROSS, {.meaning = MEANING_DANGER, .attributes = ATTRIBUTE_BOLD}, TEXT("stops something")},
};

/* Its index in the legend, or -1 where a command only reads. */
static int mark_of(enum command_danger danger)
{
    return danger == COMMAND_LOCAL ? 0 : danger == COMMAND_OUTSIDE ? 1 : danger == COMMAND_STOP ? 2 : -1;
}

/* Of the view that is open, or of everywhere. */
static bool makes_sense(const struct scene *scene, const struct command *command)
{
    return command->action && (!command->view || strcmp(command->view, views[scene->view]->name) == 0);
}

/* `mark`: of the legend, or -1. */
static void help_line(struct scene *scene, struct text key, int mark, const char *words, bool ascii)
{
    CLEANUP(text_buf_clear) struct text_buf line = {0};
    text_add(&line, key);
    size_t lead = text_of(&line).len;
    /* Padded by columns, not by bytes: signs have more of these. */
    for (int width = text_width(text_of(&line)); width < HELP_KEY_COLS; width++)
        text_adds(&line, " ");
    if (mark >= 0)
        text_add(&line, glyph_text(ascii ? GLYPHS_ASCII : GLYPHS_BRAILLE, danger_legend[mark].mark));
    text_adds(&line, mark >= 0 ? " " : "  ");
    text_adds(&line, words);
    textview_add(&scene->help, text_of(&line), STYLE(TEXT), 2, HELP_KEY_COLS + 2);
    textview_lead(&scene->help, lead, STYLE(KEY));
}

static void help_title(struct scene *scene, struct text title)
{
    if (scene->help.count > 0)
        textview_add(&scene->help, (struct text){0}, STYLE(TEXT), 0, 0);
    textview_add(&scene->help, title, STYLE(TITLE), 0, 0);
}

static void help_commands(struct scene *scene, bool of_view, bool ascii)
{
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const struct command *command = &commands[id];
        char sign[32];
        if (!makes_sense(scene, command) || !scene->keys.bound[id] || (command->view != NULL) != of_view ||
            command_moves((enum command_id)id))
            continue;
        struct text key = keymap_sign(sign, sizeof(sign), &scene->keys, (enum command_id)id, ascii);
        help_line(scene, key, mark_of(command->danger), command->summary, ascii);
    }
}

/* Two commands on one line, with what always works beside them. */
static void help_moving(struct scene *scene, enum command_id one, enum command_id other, const char *always,
                        const char *words, bool ascii)
{
    char a[32], b[32], both[96];
    struct text first = keymap_sign(a, sizeof(a), &scene->keys, one, ascii);
    struct text second = keymap_sign(b, sizeof(b), &scene->keys, other, ascii);
    struct text key = text_fmt(both, sizeof(both), "%.*s %.*s%s%s", (int)first.len, first.len ? first.safe : "",
                               (int)second.len, second.len ? second.safe : "", *always ? " " : "", always);
    help_line(scene, key, -1, words, ascii);
}

void overlay_help(struct scene *scene, bool ascii)
{
    textview_clear(&scene->help);
    help_title(scene, views[scene->view]->title);
    help_commands(scene, true, ascii);
    help_title(scene, TEXT("Everywhere"));
    help_commands(scene, false, ascii);
    help_title(scene, TEXT("Moving"));
    help_moving(scene, COMMAND_MOVE_DOWN, COMMAND_MOVE_UP, ascii ? "" : "↓ ↑", "down and up (arrows too)", ascii);
    help_moving(scene, COMMAND_MOVE_TOP, COMMAND_MOVE_END, "", "to the top, to the end; Home and End too", ascii);
    help_moving(scene, COMMAND_MOVE_PAGE_DOWN, COMMAND_MOVE_PAGE_UP, "", "a page down and up; PgDn and PgUp too",
                ascii);
    help_moving(scene, COMMAND_MOVE_HALF_DOWN, COMMAND_MOVE_HALF_UP, "", "half a page down and up", ascii);
    help_moving(scene, COMMAND_CONSOLE_BACK, COMMAND_COUNT, "", "back, close, forget", ascii);
    help_title(scene, TEXT("In dialogs"));
    help_line(scene, ascii ? TEXT("enter") : TEXT("⏎"), -1, "says yes, once everything needed is typed", ascii);
    help_line(scene, TEXT("y"), -1, "says yes where nothing has to be typed; a key held down never does", ascii);
    help_line(scene, TEXT("tab"), -1, "to the other field", ascii);
    help_line(scene, TEXT("esc"), -1, "forgets it", ascii);
    help_title(scene, TEXT("Mouse"));
    help_line(scene, TEXT("click"), -1, "selects a row, opens a tab, presses a hint of the last line", ascii);
    help_line(scene, TEXT("twice"), -1, "opens the row", ascii);
    help_line(scene, TEXT("wheel"), -1, "moves what is under it", ascii);
    help_title(scene, TEXT("Own keys"));
    textview_add(&scene->help,
                 TEXT("git config -f ~/.config/signalbox/config ui.keys \"release.create=N\" gives a command "
                      "another key; docs/configuration.md names the actions."),
                 STYLE(MUTED), 2, 0);
    scene->overlay = OVERLAY_HELP;
    scene->work.changed = true;
}

static void open_menu(struct scene *scene, enum overlay overlay)
{
    menu_init(&scene->palette, scene->items, scene->item_count);
    scene->overlay = overlay;
    scene->work.changed = true;
}

void overlay_palette(struct scene *scene, bool ascii)
{
    overlay_close(scene);
    scene->items = mem_array(COMMAND_COUNT, sizeof(*scene->items));
    scene->item_commands = mem_array(COMMAND_COUNT, sizeof(*scene->item_commands));
    for (int id = 0; id < COMMAND_COUNT; id++) {
        const struct command *command = &commands[id];
        if (!makes_sense(scene, command) || id == COMMAND_CONSOLE_PALETTE || command_moves((enum command_id)id))
            continue;
        char sign[32];
        struct text key = keymap_sign(sign, sizeof(sign), &scene->keys, (enum command_id)id, ascii);
        bool refused =
            scene->environment->read_only && (command->danger == COMMAND_LOCAL || command->danger == COMMAND_OUTSIDE);
        int mark = mark_of(command->danger);
        struct menu_item *item = &scene->items[scene->item_count];
        *item = (struct menu_item){.label = text_copy_raw(command->summary, strlen(command->summary)),
                                   .about = text_copy_raw(command->action, strlen(command->action)),
                                   .key = text_copy(key),
                                   .has_mark = mark >= 0,
                                   .disabled = refused};
        if (mark >= 0)
            item->mark = danger_legend[mark].mark, item->mark_style = danger_legend[mark].style;
        scene->item_commands[scene->item_count++] = (enum command_id)id;
    }
    open_menu(scene, OVERLAY_PALETTE);
}

void overlay_themes(struct scene *scene)
{
    overlay_close(scene);
    size_t count = 0;
    while (theme_name(count))
        count++;
    scene->items = mem_array(count + 1, sizeof(*scene->items));
    for (size_t i = 0; i < count; i++)
        scene->items[i] = (struct menu_item){.label = text_copy_raw(theme_name(i), strlen(theme_name(i)))};
    scene->item_count = count;
    open_menu(scene, OVERLAY_THEMES);
}

void overlay_close(struct scene *scene)
{
    if (scene->items)
        menu_clear(&scene->palette);
    for (size_t i = 0; i < scene->item_count; i++) {
        text_free(&scene->items[i].label);
        text_free(&scene->items[i].about);
        text_free(&scene->items[i].key);
    }
    free(scene->items);
    free(scene->item_commands);
    scene->items = NULL;
    scene->item_commands = NULL;
    scene->item_count = 0;
    scene->overlay = OVERLAY_NONE;
    scene->work.changed = true;
}

/* A key that does not move closes it. */
static void help_event(struct scene *scene, const struct event *event, struct rect rect)
{
    struct key key = event->key;
    struct rect inside = rect_inside(rect, 1);
    if (event->kind == EVENT_MOUSE && (event->mouse == MOUSE_WHEEL_UP || event->mouse == MOUSE_WHEEL_DOWN)) {
        for (int i = 0; i < 3; i++)
            textview_key(&scene->help, (struct key){.code = event->mouse == MOUSE_WHEEL_UP ? CODE_UP : CODE_DOWN},
                         inside);
    } else if (event->kind == EVENT_MOUSE && event->mouse == MOUSE_PRESS) {
        if (!rect_has(rect, event->row, event->col))
            scene->overlay = OVERLAY_NONE;
    } else if (event->kind == EVENT_KEY) {
        keymap_moving(&scene->keys, &key);
        if (!textview_key(&scene->help, key, inside))
            scene->overlay = OVERLAY_NONE;
    }
}

bool overlay_event(struct scene *scene, const struct event *event, struct rect rect)
{
    if (scene->overlay == OVERLAY_NONE)
        return false;
    scene->work.changed = true;
    if (scene->overlay == OVERLAY_HELP) {
        help_event(scene, event, rect);
        return true;
    }
    size_t chosen = 0;
    enum menu_answer answer = menu_event(&scene->palette, event, rect, &chosen);
    if (answer == MENU_OPEN)
        return true;
    if (answer == MENU_CHOSEN && scene->overlay == OVERLAY_THEMES)
        scene->want_theme = theme_name(chosen);
    else if (answer == MENU_CHOSEN)
        scene->command = (int)scene->item_commands[chosen];
    overlay_close(scene);
    return true;
}
