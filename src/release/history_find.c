/* A version of a history by its name. Apart from the rest, because what the history is made of asks it too. */
#include <string.h>

#include "release/history.h"

const struct history_version *history_find(const struct history *history, const char *name)
{
    for (size_t i = 0; i < history->count; i++)
        if (strcmp(history->versions[i].version, name) == 0 || strcmp(history->versions[i].tag, name) == 0)
            return &history->versions[i];
    return NULL;
}
