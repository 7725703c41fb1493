/*
 * Reads every line of a file as a version, sorts them, and says how long that took and what the order was (a hash over
 * the versions without build metadata, which has no rank): sort_versions FILE. The peer is sort_versions.js.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/memory.h"
#include "version/semver.h"

static double now_ms(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

int main(int argc, char **argv)
{
    struct buf file = {0}, sorted = {0};
    struct error err;
    if (argc != 2 || file_read(&file, argv[1], 1 << 28, &err) < 0) {
        fprintf(stderr, "usage: sort_versions FILE\n");
        return 2;
    }
    struct semver *versions = NULL;
    size_t count = 0, cap = 0;
    double began = now_ms();
    for (char *line = file.bytes; *line;) {
        size_t len = strcspn(line, "\n");
        ARRAY_GROW(&versions, &cap, count + 1);
        if (!semver_parse(&versions[count++], line, len))
            return 1;
        line += len + (line[len] == '\n');
    }
    semver_sort(versions, count);
    double took = now_ms() - began;
    for (size_t i = 0; i < count; i++) {
        size_t len = versions[i].pre_end > versions[i].core_len ? versions[i].pre_end : versions[i].core_len;
        buf_add(&sorted, versions[i].text, len);
        buf_addc(&sorted, '\n');
    }
    char hex[HASH_HEX];
    hash_sha256(hex, sorted.bytes, sorted.len);
    printf("{\"ms\": %.3f, \"sorted\": \"%s\"}\n", took, hex);
    free(versions);
    buf_clear(&file);
    buf_clear(&sorted);
    return 0;
}
