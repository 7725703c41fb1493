/* A journal of any bytes, one entry a line: folded, or an error that names the entry; and done stays done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t count_done(const struct run_progress *progress)
{
    size_t done = 0;
    for (size_t i = 0; i < progress->count; i++)
        done += progress->effects[i].status == EFFECT_DONE;
    return done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run_progress progress = {0};
    struct error err;
    const char *at = (const char *)data, *end = at + size;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        size_t len = (size_t)((newline ? newline : end) - at), before = count_done(&progress);
        struct store_entry entry = {progress.last_seq + 1, 1, (char *)at, len};
        int result = journal_fold(&progress, &entry, &err);
        char number[32];
        snprintf(number, sizeof(number), "Entry %lld ", (long long)entry.seq);
        if (count_done(&progress) < before || (result < 0 && strncmp(err.what, number, strlen(number)) != 0))
            abort();
        at += len + 1;
    }
    run_progress_clear(&progress);
    return 0;
}
