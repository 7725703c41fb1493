/* Numbers at random, the same on every run. */
#ifndef SIGNALBOX_TESTS_JUDGE_RANDOM_H
#define SIGNALBOX_TESTS_JUDGE_RANDOM_H

#include <stdint.h>

static inline double random_part(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static inline uint64_t random_count(uint64_t *state, uint64_t n, double p)
{
    uint64_t k = 0;
    for (uint64_t i = 0; i < n; i++)
        k += random_part(state) < p;
    return k;
}

#endif
