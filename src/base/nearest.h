/* "Did you mean": the nearest of a few names by edit distance (insert, delete, replace, swap of neighbours). */
#ifndef SIGNALBOX_BASE_NEAREST_H
#define SIGNALBOX_BASE_NEAREST_H

#include <stddef.h>

enum { NEAREST_LONGEST = 64 };

struct nearest {
    const char *wanted;
    const char *best; /* borrowed from whoever offered it; NULL: nothing near enough */
    int distance;
};

struct nearest nearest_to(const char *wanted);
void nearest_offer(struct nearest *nearest, const char *candidate);

/* Copies the best into out[size], "" when nothing was near; returns out. */
const char *nearest_take(const struct nearest *nearest, char *out, size_t size);

#endif
