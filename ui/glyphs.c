#include "ui/glyphs.h"

#include <string.h>

struct forms {
    struct text forms[GLYPHS_SETS];
};

#define ALIKE(sign, ascii)                                                                                           \
    {                                                                                                                \
        {                                                                                                            \
            TEXT(sign), TEXT(sign), TEXT(ascii)                                                                      \
        }                                                                                                            \
    }
#define FORMS(braille, blocks, ascii)                                                                                \
    {                                                                                                                \
        {                                                                                                            \
            TEXT(braille), TEXT(blocks), TEXT(ascii)                                                                 \
        }                                                                                                            \
    }

static const struct forms table[GLYPH_COUNT] = {
    [GLYPH_CHECK] = ALIKE("✓", "+"),        [GLYPH_CROSS] = ALIKE("×", "x"),
    [GLYPH_WARN] = ALIKE("!", "!"),         [GLYPH_SELECT] = ALIKE("▸", ">"),
    [GLYPH_FULL] = ALIKE("●", "*"),         [GLYPH_HALF] = ALIKE("◐", "%"),
    [GLYPH_EMPTY] = ALIKE("○", "o"),        [GLYPH_TARGET] = ALIKE("◆", "#"),
    [GLYPH_LOADING] = ALIKE("◌", "~"),      [GLYPH_ELLIPSIS] = ALIKE("…", "~"),
    [GLYPH_NONE] = ALIKE("–", "-"),         [GLYPH_MINUS] = ALIKE("−", "-"),
    [GLYPH_ARROW] = ALIKE("→", ">"),        [GLYPH_BACK] = ALIKE("←", "<"),
    [GLYPH_UP] = ALIKE("↑", "^"),           [GLYPH_DOWN] = ALIKE("↓", "v"),
    [GLYPH_ENTER] = ALIKE("⏎", "\\"),       [GLYPH_DOT] = ALIKE("·", "."),
    [GLYPH_BULLET] = ALIKE("•", "*"),       [GLYPH_RULE] = ALIKE("─", "-"),
    [GLYPH_BAR] = ALIKE("│", "|"),          [GLYPH_TOP_LEFT] = ALIKE("┌", "+"),
    [GLYPH_TOP_RIGHT] = ALIKE("┐", "+"),    [GLYPH_BOTTOM_LEFT] = ALIKE("└", "+"),
    [GLYPH_BOTTOM_RIGHT] = ALIKE("┘", "+"), [GLYPH_TEE_DOWN] = ALIKE("┬", "+"),
    [GLYPH_TEE_UP] = ALIKE("┴", "+"),       [GLYPH_TEE_RIGHT] = ALIKE("├", "+"),
    [GLYPH_TEE_LEFT] = ALIKE("┤", "+"),     [GLYPH_HEAVY] = ALIKE("━", "="),
    [GLYPH_DASHED] = ALIKE("┄", "."),       [GLYPH_DONE] = FORMS("▰", "█", "#"),
    [GLYPH_TODO] = FORMS("▱", "░", "."),    [GLYPH_THUMB] = FORMS("┃", "█", "#"),
};

static const struct text spinner[GLYPHS_SETS][SPINNER_STEPS] = {
    [GLYPHS_BRAILLE] = {TEXT("⠋"), TEXT("⠙"), TEXT("⠸"), TEXT("⠴"), TEXT("⠦"), TEXT("⠇"), TEXT("⠏"), TEXT("⠉")},
    [GLYPHS_BLOCKS] = {TEXT("◐"), TEXT("◐"), TEXT("◓"), TEXT("◓"), TEXT("◑"), TEXT("◑"), TEXT("◒"), TEXT("◒")},
    [GLYPHS_ASCII] = {TEXT("|"), TEXT("|"), TEXT("/"), TEXT("/"), TEXT("-"), TEXT("-"), TEXT("\\"), TEXT("\\")},
};

struct text glyph_text(enum glyph_set set, enum glyph glyph)
{
    return table[glyph].forms[set];
}

struct text glyph_spinner(enum glyph_set set, unsigned step)
{
    return spinner[set][step % SPINNER_STEPS];
}

enum glyph_set glyphs_choose(const char *configured, bool utf8)
{
    if (!utf8 || strcmp(configured, "ascii") == 0)
        return GLYPHS_ASCII;
    return strcmp(configured, "blocks") == 0 ? GLYPHS_BLOCKS : GLYPHS_BRAILLE;
}
