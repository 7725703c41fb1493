#include "ui/colour.h"

#include <math.h>
#include <stdbool.h>

struct linear {
    double r, g, b;
};

struct lab {
    double l, a, b;
};

/* sRGB, IEC 61966-2-1. */
static double to_linear(int value)
{
    double c = value / 255.0;
    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static int from_linear(double c)
{
    c = c < 0 ? 0 : c > 1 ? 1 : c;
    c = c <= 0.0031308 ? c * 12.92 : 1.055 * pow(c, 1 / 2.4) - 0.055;
    return (int)lround(c * 255);
}

static struct linear linear_of(int32_t rgb)
{
    return (struct linear){to_linear(rgb >> 16 & 255), to_linear(rgb >> 8 & 255), to_linear(rgb & 255)};
}

static double luminance(int32_t rgb)
{
    struct linear c = linear_of(rgb);
    return 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
}

double colour_contrast(int32_t a, int32_t b)
{
    double light = luminance(a), dark = luminance(b);
    if (light < dark) {
        double other = light;
        light = dark;
        dark = other;
    }
    return (light + 0.05) / (dark + 0.05);
}

int32_t colour_deuteranopia(int32_t rgb)
{
    struct linear c = linear_of(rgb);
    int r = from_linear(0.367322 * c.r + 0.860646 * c.g - 0.227968 * c.b);
    int g = from_linear(0.280085 * c.r + 0.672501 * c.g + 0.047413 * c.b);
    int b = from_linear(-0.011820 * c.r + 0.042940 * c.g + 0.968881 * c.b);
    return r << 16 | g << 8 | b;
}

static double lab_curve(double t)
{
    return t > 216.0 / 24389 ? cbrt(t) : (24389.0 / 27 * t + 16) / 116;
}

static struct lab lab_of(int32_t rgb)
{
    struct linear c = linear_of(rgb);
    double x = lab_curve((0.4124564 * c.r + 0.3575761 * c.g + 0.1804375 * c.b) / 0.95047);
    double y = lab_curve(0.2126729 * c.r + 0.7151522 * c.g + 0.0721750 * c.b);
    double z = lab_curve((0.0193339 * c.r + 0.1191920 * c.g + 0.9503041 * c.b) / 1.08883);
    return (struct lab){116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

static double square_distance(struct lab p, struct lab q)
{
    return (p.l - q.l) * (p.l - q.l) + (p.a - q.a) * (p.a - q.a) + (p.b - q.b) * (p.b - q.b);
}

double colour_distance(int32_t a, int32_t b)
{
    return sqrt(square_distance(lab_of(a), lab_of(b)));
}

/* The fixed part of the usual palette of 256: a cube of 6 steps, then 24 greys. */
static int32_t palette_256(int index)
{
    static const int32_t steps[6] = {0, 95, 135, 175, 215, 255};
    if (index >= 232)
        return (8 + 10 * (index - 232)) * 0x010101;
    index -= 16;
    return steps[index / 36] << 16 | steps[index / 6 % 6] << 8 | steps[index % 6];
}

/* xterm's sixteen; those of the user may differ, which is why themes may name them. */
static const int32_t palette_16[16] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd,
                                       0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00,
                                       0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

/* The index in [from, to) whose colour is nearest. */
static int nearest(int32_t rgb, int from, int to)
{
    /* Computed once: for every colour of a theme anew it took more than all else of the start. */
    static struct lab palette[256];
    static bool computed;
    for (int i = 0; i < 256 && !computed; i++)
        palette[i] = lab_of(colour_of_256(i));
    computed = true;
    struct lab wanted = lab_of(rgb);
    int best = from;
    for (int i = from + 1; i < to; i++)
        if (square_distance(wanted, palette[i]) < square_distance(wanted, palette[best]))
            best = i;
    return best;
}

int colour_to_256(int32_t rgb)
{
    return nearest(rgb, 16, 256);
}

int colour_to_16(int32_t rgb)
{
    return nearest(rgb, 0, 16);
}

int32_t colour_of_256(int index)
{
    return index < 16 ? palette_16[index] : palette_256(index);
}
