#include "ui/keys.h"

#include <string.h>

static bool same_view(const struct command *a, const struct command *b)
{
    return !a->view || !b->view ? !a->view && !b->view : strcmp(a->view, b->view) == 0;
}

/* Two commands that share a view cannot share a key: the one that had it loses it. */
static void bind(struct keymap *keymap, enum command_id id, struct key key)
{
    for (int other = 0; other < COMMAND_COUNT; other++) {
        if (keymap->bound[other] && key_equal(keymap->keys[other], key) && same_view(&commands[other], &commands[id]))
            keymap->bound[other] = false;
    }
    keymap->keys[id] = key;
    keymap->bound[id] = true;
}

static int configure(struct keymap *keymap, const char *entry, struct error *err)
{
    const char *sign = strchr(entry, '=');
    char action[64];
    size_t len = sign ? (size_t)(sign - entry) : 0;
    if (!sign || len == 0 || len >= sizeof(action)) {
        error_set(err, ERROR_INVALID, "The key binding \"%s\" is not understood", entry);
        return error_todo(err, "Write it in ui.keys as action=key: release.create=N");
    }
    memcpy(action, entry, len);
    action[len] = 0;
    const struct command *command = command_find_action(action);
    if (!command) {
        error_set(err, ERROR_INVALID, "ui.keys names the action \"%s\", which does not exist", action);
        return error_todo(err, "The help (?) lists the actions and their keys");
    }
    if (!sign[1]) {
        keymap->bound[command->id] = false;
        return 0;
    }
    struct key key;
    if (!key_parse(&key, sign + 1)) {
        error_set(err, ERROR_INVALID, "ui.keys gives %s the key \"%s\", which is none", action, sign + 1);
        return error_todo(err, "Keys are written as N, ctrl-x, alt-n, f5, enter, space");
    }
    bind(keymap, command->id, key);
    return 0;
}

int keymap_init(struct keymap *out, char *const *configured, struct error *err)
{
    struct keymap keymap = {0};
    for (int id = 0; id < COMMAND_COUNT; id++) {
        struct key key;
        if (commands[id].action && commands[id].key && key_parse(&key, commands[id].key))
            bind(&keymap, (enum command_id)id, key);
    }
    for (; configured && *configured; configured++) {
        if (configure(&keymap, *configured, err) < 0)
            return -1;
    }
    *out = keymap;
    return 0;
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
