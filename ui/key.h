/* Keys and their names. */
#ifndef SIGNALBOX_UI_KEY_H
#define SIGNALBOX_UI_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum modifier { MODIFIER_SHIFT = 1, MODIFIER_ALT = 2, MODIFIER_CTRL = 4 };

/* Keys that are no characters; numbers above Unicode. */
enum key_code {
    CODE_ENTER = 0x110000,
    CODE_TAB,
    CODE_BACKSPACE,
    CODE_ESCAPE,
    CODE_UP,
    CODE_DOWN,
    CODE_LEFT,
    CODE_RIGHT,
    CODE_HOME,
    CODE_END,
    CODE_PAGE_UP,
    CODE_PAGE_DOWN,
    CODE_INSERT,
    CODE_DELETE,
    CODE_F1, /* to F12, in order */
    CODE_F12 = CODE_F1 + 11,
    CODE_LAST,
};

/* A character (its code point, shift already applied: 'G', not shift-g; ctrl-a is 'a' with CTRL) or a key_code. */
struct key {
    uint32_t code;
    uint8_t modifiers;
};

/* "ctrl-x", "esc", "enter", "space", "shift-tab", "alt-left", "f5", "G", "?". False when it is not a key. */
bool key_parse(struct key *out, const char *name);

/* The same names back; size >= 32. */
struct text key_name(char *out, size_t size, struct key key);

/* What the key is called in hints, with signs: "⏎", "↑", "^x", "esc". */
struct text key_sign(char *out, size_t size, struct key key, bool ascii);

bool key_equal(struct key a, struct key b);

/* Is it a character to be typed into a field (no ctrl or alt)? */
bool key_is_character(struct key key);

#endif
