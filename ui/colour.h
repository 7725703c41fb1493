/*
 * Colours as numbers, 0xRRGGBB: what is near, what can be read, what can be told apart. Pure mathematics.
 */
#ifndef SIGNALBOX_UI_COLOUR_H
#define SIGNALBOX_UI_COLOUR_H

#include <stdint.h>

/* The nearest colour of the 256 (16 to 255: the first 16 are the user's), and of the 16, by distance in CIELAB. */
int colour_to_256(int32_t rgb);
int colour_to_16(int32_t rgb);

/* What number `index` of the 256 looks like (the first 16 as in xterm). */
int32_t colour_of_256(int index);

/* WCAG 2.1 contrast ratio of two colours, 1 to 21. */
double colour_contrast(int32_t a, int32_t b);

/* The colour as a person without green cones sees it: Machado, Oliveira, Fernandes 2009, severity 1.0. */
int32_t colour_deuteranopia(int32_t rgb);

/* Distance of two colours: CIE76 delta E in CIELAB, D65. About 2.3 is just noticeable. */
double colour_distance(int32_t a, int32_t b);

#endif
