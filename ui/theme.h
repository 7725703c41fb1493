/*
 * Themes: files that give every meaning and ground (canvas.h) a colour and attributes.
 *
 * A line is `NAME = COLOUR [COLOUR16] [ATTRIBUTE…]`, or `kind = dark|light`, or a # comment, or empty. NAME is a meaning
 * (text, danger, …) or a ground (ground.screen, ground.selected, …). COLOUR is #rrggbb or `default` (the terminal's own).
 * COLOUR16, if given, is what a terminal of 16 colours uses instead of the nearest one: black red green yellow blue magenta
 * cyan white, each also as bright-…, or default. ATTRIBUTE is bold, dim (only where
 * the colour itself is not shown: it would spoil its contrast), underline, reverse or italic. Each name once, none
 * missing, nothing else; anything wrong is an error with file and line.
 *
 * The themes in themes/ are compiled into the binary, so that it works without installed files.
 */
#ifndef SIGNALBOX_UI_THEME_H
#define SIGNALBOX_UI_THEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "ui/canvas.h"

enum { COLOUR_DEFAULT = -1, COLOUR16_NEAREST = -2 };

struct colour {
    int32_t rgb;  /* 0xRRGGBB or COLOUR_DEFAULT */
    int8_t basic; /* 0 to 15, COLOUR_DEFAULT or COLOUR16_NEAREST */
    uint8_t attributes;
};

struct theme {
    char name[32];
    bool light;
    struct colour meaning[MEANING_COUNT];
    struct colour ground[GROUND_COUNT]; /* [GROUND_KEEP] is not used */
};

/* Parses a theme's text. `name` is shown in errors and kept. Errors: ERROR_INVALID. */
int theme_parse(struct theme *out, const char *name, const char *bytes, size_t len, struct error *err) MUST_CHECK;

/*
 * The theme for the configured word: a name of a compiled-in theme, a path (it has a '/'), or "auto": dark or light by the
 * terminal's background where that is known (theme_background). Errors: ERROR_NOT_FOUND, ERROR_INVALID.
 */
int theme_load(struct theme *out, const char *configured, bool light_background, struct error *err) MUST_CHECK;

/* Names of the compiled-in themes, one after another; NULL after the last. */
const char *theme_name(size_t index);

/* What COLORFGBG ("15;0") says about the background; false (dark) where it says nothing. */
bool theme_light_background(const char *colorfgbg);

/* How many colours are used. */
enum depth { DEPTH_NONE, DEPTH_16, DEPTH_256, DEPTH_TRUE };

/*
 * The depth for the configured word ("auto", "none", "16", "256", "true"): never more than the terminal's entry has
 * (`colours`: 0, 8, 16, 256, or more for a direct colour entry). NO_COLOR (not empty) means none under auto; COLORTERM of
 * truecolor or 24bit means true where the terminal has 256.
 */
enum depth theme_depth(const char *configured, int colours, const char *no_color, const char *colorterm);

/*
 * How a style looks at a depth: colours as numbers of the terminal (0 to 15, 16 to 255), 0xRRGGBB at DEPTH_TRUE, or
 * COLOUR_DEFAULT. Below 256 colours grounds are the terminal's own: its palette is the user's, and only default on default
 * is sure to be readable; selected rows and alarms are reversed there, the whole row alike.
 */
struct look {
    int32_t fore, back;
    uint8_t attributes;
};
struct look theme_look(const struct theme *theme, enum depth depth, struct style style);

#endif
