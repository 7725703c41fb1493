#include "ui/keymap.h"

#include <string.h>

static bool same_view(const struct command *a, const struct command *b)
{
    return !a->view || !b->view ? !a->view && !b->view : strcmp(a->view, b->view) == 0;
}

struct entry {
    const char *words; /* as configured */
    const struct command *command;
    struct key key;
    bool bound;
};

static int parse(struct entry *out, const char *words, struct error *err)
{
    const char *sign = strchr(words, '=');
    char action[64];
    size_t len = sign ? (size_t)(sign - words) : 0;
    if (!sign || len == 0 || len >= sizeof(action)) {
        error_set(err, ERROR_INVALID, "The key binding \"%s\" is not understood", words);
        return error_todo(err, "Write it in ui.keys as action=key: release.create=N");
    }
    memcpy(action, words, len);
    action[len] = 0;
    *out = (struct entry){.words = words, .command = command_find_action(action), .bound = sign[1] != 0};
    if (!out->command) {
        error_set(err, ERROR_INVALID, "ui.keys names the action \"%s\", which does not exist", action);
        return error_todo(err, "The help (?) lists the keys, and the palette (:) the actions");
    }
    if (out->bound && !key_parse(&out->key, sign + 1)) {
        error_set(err, ERROR_INVALID, "ui.keys gives %s the key \"%s\", which is none", action, sign + 1);
        return error_todo(err, "Keys are written as N, ctrl-x, alt-n, f5, enter, space");
    }
    return 0;
}

/* Two commands that count in the same view, or both everywhere, cannot share a key. */
static int bind(struct keymap *keymap, const struct entry *entry, struct error *err)
{
    enum command_id id = entry->command->id;
    for (int other = 0; other < COMMAND_COUNT && entry->bound; other++) {
        const struct command *has = &commands[other];
        if (other == (int)id || !keymap->bound[other] || !key_equal(keymap->keys[other], entry->key) ||
            !same_view(has, entry->command))
            continue;
        char name[32];
        struct text key = key_name(name, sizeof(name), entry->key);
        error_set(err, ERROR_INVALID, "ui.keys gives %s the key %.*s, which %s has", entry->command->action,
                  (int)key.len, key.safe, has->action);
        return error_todo(err, "Give %s another key too, or none: %s=", has->action, has->action);
    }
    keymap->keys[id] = entry->key;
    keymap->bound[id] = entry->bound;
    return 0;
}

int keymap_init(struct keymap *out, char *const *configured, struct error *err)
{
    struct keymap keymap = {0};
    for (int id = 0; id < COMMAND_COUNT; id++)
        keymap.bound[id] = commands[id].action && commands[id].key && key_parse(&keymap.keys[id], commands[id].key);
    /* First all of them lose what they had, so that two may change places. */
    struct entry entry;
    for (char *const *at = configured; at && *at; at++) {
        if (parse(&entry, *at, err) < 0)
            return -1;
        keymap.bound[entry.command->id] = false;
    }
    for (char *const *at = configured; at && *at; at++) {
        if (parse(&entry, *at, err) < 0 || bind(&keymap, &entry, err) < 0)
            return -1;
    }
    *out = keymap;
    return 0;
}

/* What widgets know each moving command as. */
static const struct {
    enum command_id id;
    struct key key;
} moving[] = {
    {COMMAND_MOVE_DOWN, {.code = CODE_DOWN}},
    {COMMAND_MOVE_UP, {.code = CODE_UP}},
    {COMMAND_MOVE_TOP, {.code = CODE_HOME}},
    {COMMAND_MOVE_END, {.code = CODE_END}},
    {COMMAND_MOVE_PAGE_DOWN, {.code = CODE_PAGE_DOWN}},
    {COMMAND_MOVE_PAGE_UP, {.code = CODE_PAGE_UP}},
    {COMMAND_MOVE_HALF_DOWN, {'d', MODIFIER_CTRL}},
    {COMMAND_MOVE_HALF_UP, {'u', MODIFIER_CTRL}},
    {COMMAND_CONSOLE_BACK, {.code = CODE_ESCAPE}},
};

bool command_moves(enum command_id id)
{
    for (size_t i = 0; i < COUNT(moving); i++) {
        if (moving[i].id == id)
            return true;
    }
    return false;
}

bool keymap_moving(const struct keymap *keymap, struct key *key)
{
    for (size_t i = 0; i < COUNT(moving); i++) {
        if (keymap->bound[moving[i].id] && key_equal(keymap->keys[moving[i].id], *key)) {
            *key = moving[i].key;
            return true;
        }
    }
    for (size_t i = 0; i < COUNT(moving); i++) {
        struct key own;
        if (key_parse(&own, commands[moving[i].id].key) && key_equal(own, *key))
            return false;
    }
    return true;
}

const struct command *keymap_find(const struct keymap *keymap, struct key key, const char *view)
{
    const struct command *everywhere = NULL;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        if (!keymap->bound[id] || !key_equal(keymap->keys[id], key))
            continue;
        if (!commands[id].view)
            everywhere = &commands[id];
        else if (strcmp(commands[id].view, view) == 0)
            return &commands[id];
    }
    return everywhere;
}

struct text keymap_sign(char *out, size_t size, const struct keymap *keymap, enum command_id id, bool ascii)
{
    return keymap->bound[id] ? key_sign(out, size, keymap->keys[id], ascii) : (struct text){0};
}
