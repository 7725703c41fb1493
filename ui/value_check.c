#include "ui/value_check.h"

#include <string.h>

#include "ui/keymap.h"
#include "ui/theme.h"

int ui_check_value(const struct config_key *key, const char *value, struct error *err)
{
    struct theme theme;
    if (strcmp(key->name, "ui.theme") == 0)
        return theme_load(&theme, value, false, err);
    if (strcmp(key->name, "ui.keys") != 0)
        return 0;
    char **keys = config_split(value);
    struct keymap keymap;
    int result = keymap_init(&keymap, keys, err);
    config_split_free(keys);
    return result;
}
