#include "ui/overlays.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/theme.h"
#include "ui/view/view.h"

enum { HELP_KEY_COLS = 15 };

/* Of the view that is open, or of everywhere. */
static bool makes_sense(const struct scene *scene, const struct command *command)
{
    return command->action && (!command->view || strcmp(command->view, views[scene->view]->name) == 0);
}

static void help_line(struct scene *scene, const char *key, const char *words, const char *about)
{
    struct text_buf line = {0};
    text_adds(&line, key);
    /* Padded by columns, not by bytes: signs have more of these. */
    for (int width = text_width(text_of(&line)); width < HELP_KEY_COLS; width++)
        text_adds(&line, " ");
    text_adds(&line, words);
    if (about)
        text_addf(&line, "  (%s)", about);
    textview_add(&scene->help, text_of(&line), STYLE(TEXT), 2, HELP_KEY_COLS);
    text_buf_clear(&line);
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
        if (!makes_sense(scene, command) || !scene->keys.bound[id] || (command->view != NULL) != of_view)
            continue;
        char sign[32], name[32];
        struct text key = keymap_sign(sign, sizeof(sign), &scene->keys, (enum command_id)id, ascii);
        text_fmt(name, sizeof(name), "%.*s", (int)key.len, key.safe);
        help_line(scene, name, command->summary,
                  command->danger == COMMAND_READS ? NULL : command_danger_words(command->danger));
    }
}

void overlay_help(struct scene *scene, bool ascii)
{
    textview_clear(&scene->help);
    help_title(scene, views[scene->view]->title);
    help_commands(scene, true, ascii);
    help_title(scene, TEXT("Everywhere"));
    help_commands(scene, false, ascii);
    help_title(scene, TEXT("Moving"));
    help_line(scene, "j k, arrows", "down and up", NULL);
    help_line(scene, "g G", "to the top, to the end", NULL);
    help_line(scene, "ctrl-d ctrl-u", "half a page down and up; page keys a whole one", NULL);
    help_line(scene, "esc", "back, close, forget", NULL);
    help_line(scene, "mouse", "click selects, the wheel scrolls, a click on a tab opens it", NULL);
    help_title(scene, TEXT("Own keys"));
    textview_add(&scene->help,
                 TEXT("git config -f ~/.config/signalbox/config ui.keys \"release.create=N\" gives a command "
                      "another key; its name stands in the palette."),
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
        if (!makes_sense(scene, command) || id == COMMAND_CONSOLE_PALETTE)
            continue;
        char sign[32];
        struct text key = keymap_sign(sign, sizeof(sign), &scene->keys, (enum command_id)id, ascii);
        bool refused =
            scene->environment->read_only && (command->danger == COMMAND_LOCAL || command->danger == COMMAND_OUTSIDE);
        struct text_buf about = {0};
        text_adds(&about, command->action);
        if (command->danger != COMMAND_READS)
            text_addf(&about, ", %s", command_danger_words(command->danger));
        scene->items[scene->item_count] =
            (struct menu_item){.label = text_copy_raw(command->summary, strlen(command->summary)),
                               .about = text_copy(text_of(&about)),
                               .key = text_copy(key),
                               .disabled = refused};
        scene->item_commands[scene->item_count++] = (enum command_id)id;
        text_buf_clear(&about);
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

bool overlay_event(struct scene *scene, const struct event *event, struct rect rect)
{
    if (scene->overlay == OVERLAY_NONE)
        return false;
    scene->work.changed = true;
    if (scene->overlay == OVERLAY_HELP) {
        if (event->kind == EVENT_KEY && !textview_key(&scene->help, event->key, rect_inside(rect, 1)))
            scene->overlay = OVERLAY_NONE;
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
