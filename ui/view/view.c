#include "ui/view/view.h"

void hints_add(struct hints *hints, enum command_id id, struct text words)
{
    if (hints->count == HINTS_MAX)
        return;
    char *sign = hints->signs[hints->count];
    struct text key = keymap_sign(sign, HINT_SIGN, hints->keys, id, hints->ascii);
    hints->ids[hints->count] = (int)id;
    if (key.len > 0)
        hints->items[hints->count++] = (struct hint){key, words, commands[id].danger == COMMAND_STOP};
}

void hints_add_key(struct hints *hints, struct text sign, struct text words)
{
    if (hints->count == HINTS_MAX)
        return;
    hints->ids[hints->count] = -1;
    hints->items[hints->count++] = (struct hint){.key = sign, .words = words};
}
