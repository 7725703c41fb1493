#include <math.h>

#include "judge/sequential.h"

/* A block of the longest scale is a minute: after so many the past is halved, so that a day ago does not decide. */
static const double BLOCKS_KEPT = 4096;
/* Scatter beyond chance by so many standard deviations counts as bursts; less is what estimates do by themselves. */
static const double BEYOND_CHANCE = 4;
static const double BLOCKS_NEEDED = 16;

static void finish_block(struct burst_scale *s)
{
    double n = s->n, k = s->k;
    s->blocks++;
    s->sn += n, s->sk += k;
    s->snn += n * n, s->snk += n * k, s->skk += k * k;
    s->snnn += n * n * n, s->snnk += n * n * k, s->snkk += n * k * k, s->skkk += k * k * k;
    s->n = s->k = 0;
    s->filled = 0;
    if (s->blocks < BLOCKS_KEPT)
        return;
    double *const sums[] = {&s->blocks, &s->sn,   &s->sk,   &s->snn,  &s->snk,
                            &s->skk,    &s->snnn, &s->snnk, &s->snkk, &s->skkk};
    for (size_t i = 0; i < sizeof(sums) / sizeof(*sums); i++)
        *sums[i] /= 2;
}

void bursts_add(struct bursts *bursts, uint64_t requests, uint64_t errors)
{
    int length = 1;
    bursts->seconds++;
    for (int i = 0; i < SEQUENTIAL_SCALES; i++, length *= 4) {
        struct burst_scale *s = &bursts->scale[i];
        s->n += (double)requests;
        s->k += (double)errors;
        if (++s->filled == length)
            finish_block(s);
    }
}

/* The index of dispersion of the blocks, and the third over the second cumulant; false: too few to say. */
static bool measure(const struct burst_scale *s, double *dispersion, double *size, double *doubt)
{
    if (s->blocks < BLOCKS_NEEDED || s->sk <= 0 || s->sk >= s->sn)
        return false;
    double p = s->sk / s->sn, expected = s->sn * p * (1 - p);
    double second = s->skk - 2 * p * s->snk + p * p * s->snn;
    double third = s->skkk - 3 * p * s->snkk + 3 * p * p * s->snnk - p * p * p * s->snnn;
    *dispersion = second / expected;
    *size = second > 0 ? third / second : 1;
    *doubt = sqrt((2 + s->blocks / expected) / s->blocks);
    return isfinite(*dispersion) && isfinite(*size);
}

double bursts_divisor(const struct bursts *bursts, double *dispersion)
{
    double divisor = 1;
    *dispersion = 1;
    bool beyond_chance = false;
    for (int i = 0; i < SEQUENTIAL_SCALES; i++) {
        double index, size, doubt;
        if (!measure(&bursts->scale[i], &index, &size, &doubt))
            continue;
        beyond_chance |= index > 1 + BEYOND_CHANCE * doubt;
        *dispersion = fmax(*dispersion, index);
        divisor = fmax(divisor, fmax(3 * index, size));
    }
    if (beyond_chance)
        return divisor;
    *dispersion = 1;
    return 1;
}
