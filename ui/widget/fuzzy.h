/*
 * Fuzzy matching for the palette: the letters of the pattern in order, anywhere. Better: at the start, at starts of words,
 * one after another; worse: gaps. Letters compare without case as long as the pattern has no capital.
 */
#ifndef SIGNALBOX_UI_WIDGET_FUZZY_H
#define SIGNALBOX_UI_WIDGET_FUZZY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { FUZZY_MARKS = 64 };

/* Which bytes of the text were matched, for drawing: start offsets of the characters. */
struct fuzzy_match {
    int score; /* the higher the better; only compared with scores of the same pattern */
    size_t at[FUZZY_MARKS];
    size_t count;
};

/* False when the text does not have it. The empty pattern matches everything with score 0. Spaces separate words, each of
 * which must match. */
bool fuzzy_match(struct fuzzy_match *out, const char *pattern, struct text text);

#endif
