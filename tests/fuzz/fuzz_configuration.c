/*
 * Any bytes as a configuration file: the scanner never leaves them, its lines exist, and every value it finds is judged
 * without harm.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/scan.h"
#include "config/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int lines = 1, last = 1;
    struct scan scan;
    struct error err;
    char near[128];
    scan_config(&scan, (const char *)data, size);
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    for (size_t i = 0; i < scan.count; i++) {
        const struct scan_item *item = &scan.items[i];
        require(item->line >= last && item->line <= lines && strchr(item->name, '.'));
        last = item->line;
        const struct config_key *key = config_key_find(item->name);
        if (!key)
            config_key_suggest(near, sizeof(near), item->name);
        else if (config_check_value(key, item->value, &err) < 0)
            require(err.kind == ERROR_INVALID && err.what[0]);
        config_split_free(config_split(item->value));
    }
    require(scan.error_line >= 0 && scan.error_line <= lines);
    scan_clear(&scan);
    return 0;
}
