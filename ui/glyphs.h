/*
 * The signs our own screens use, each in three forms: with braille (the default on a UTF-8 terminal), with blocks (for
 * fonts without braille), and in ASCII. One table (glyphs.c); drawing names the sign and never spells it.
 *
 * Every form of a sign is one column wide. None is an emoji: no two terminals agree on their width.
 */
#ifndef SIGNALBOX_UI_GLYPHS_H
#define SIGNALBOX_UI_GLYPHS_H

#include <stdbool.h>

#include "base/text.h"

enum glyph_set { GLYPHS_BRAILLE, GLYPHS_BLOCKS, GLYPHS_ASCII, GLYPHS_SETS };

enum glyph {
    GLYPH_CHECK,    /* ✓ done, passes */
    GLYPH_CROSS,    /* × failed, killed */
    GLYPH_WARN,     /* ! waits for you */
    GLYPH_SELECT,   /* ▸ the selected row, the verdict */
    GLYPH_FULL,     /* ● live, on */
    GLYPH_HALF,     /* ◐ a canary */
    GLYPH_EMPTY,    /* ○ off */
    GLYPH_TARGET,   /* ◆ where a change would lead */
    GLYPH_LOADING,  /* ◌ still loading */
    GLYPH_ELLIPSIS, /* … cut, unknown yet */
    GLYPH_NONE,     /* – nothing here */
    GLYPH_MINUS,    /* − of a number */
    GLYPH_ARROW,    /* → becomes */
    GLYPH_BACK,     /* ← */
    GLYPH_UP,       /* ↑ */
    GLYPH_DOWN,     /* ↓ */
    GLYPH_ENTER,    /* ⏎ the Enter key, in hints */
    GLYPH_DOT,      /* · between two facts */
    GLYPH_BULLET,   /* • of a list */
    GLYPH_RULE,     /* ─ */
    GLYPH_BAR,      /* │ */
    GLYPH_TOP_LEFT, /* ┌ and the other corners and joints of a box */
    GLYPH_TOP_RIGHT,
    GLYPH_BOTTOM_LEFT,
    GLYPH_BOTTOM_RIGHT,
    GLYPH_TEE_DOWN,  /* ┬ */
    GLYPH_TEE_UP,    /* ┴ */
    GLYPH_TEE_RIGHT, /* ├ */
    GLYPH_TEE_LEFT,  /* ┤ */
    GLYPH_HEAVY,     /* ━ the part of a track that is done */
    GLYPH_DASHED,    /* ┄ the part that would be */
    GLYPH_DONE,      /* ▰ of a progress bar */
    GLYPH_TODO,      /* ▱ of a progress bar */
    GLYPH_THUMB,     /* ┃ of a scroll bar */
    GLYPH_COUNT,
};

enum { SPINNER_STEPS = 8 };

struct text glyph_text(enum glyph_set set, enum glyph glyph);

/* The sign for something under way, step by step; step may be any number that grows. */
struct text glyph_spinner(enum glyph_set set, unsigned step);

/*
 * The set for the configured name ("auto", "braille", "blocks", "ascii"): auto is braille where the locale writes UTF-8.
 * Without UTF-8 it is always ASCII. A name that is none of these counts as auto (the table of keys refuses it before).
 */
enum glyph_set glyphs_choose(const char *configured, bool utf8);

#endif
