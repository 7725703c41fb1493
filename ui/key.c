#include "ui/key.h"

#include <string.h>

#include "base/utf8.h"

static const struct {
    uint32_t code;
    const char *name;
    struct text sign, ascii;
} named[] = {
    {CODE_ENTER, "enter", TEXT("⏎"), TEXT("enter")},
    {CODE_TAB, "tab", TEXT("tab"), TEXT("tab")},
    {CODE_BACKSPACE, "backspace", TEXT("backspace"), TEXT("backspace")},
    {CODE_ESCAPE, "esc", TEXT("esc"), TEXT("esc")},
    {CODE_UP, "up", TEXT("↑"), TEXT("up")},
    {CODE_DOWN, "down", TEXT("↓"), TEXT("down")},
    {CODE_LEFT, "left", TEXT("←"), TEXT("left")},
    {CODE_RIGHT, "right", TEXT("→"), TEXT("right")},
    {CODE_HOME, "home", TEXT("home"), TEXT("home")},
    {CODE_END, "end", TEXT("end"), TEXT("end")},
    {CODE_PAGE_UP, "page-up", TEXT("pgup"), TEXT("pgup")},
    {CODE_PAGE_DOWN, "page-down", TEXT("pgdn"), TEXT("pgdn")},
    {CODE_INSERT, "insert", TEXT("insert"), TEXT("insert")},
    {CODE_DELETE, "delete", TEXT("delete"), TEXT("delete")},
    {CODE_F1, "f1", TEXT("f1"), TEXT("f1")},
    {CODE_F1 + 1, "f2", TEXT("f2"), TEXT("f2")},
    {CODE_F1 + 2, "f3", TEXT("f3"), TEXT("f3")},
    {CODE_F1 + 3, "f4", TEXT("f4"), TEXT("f4")},
    {CODE_F1 + 4, "f5", TEXT("f5"), TEXT("f5")},
    {CODE_F1 + 5, "f6", TEXT("f6"), TEXT("f6")},
    {CODE_F1 + 6, "f7", TEXT("f7"), TEXT("f7")},
    {CODE_F1 + 7, "f8", TEXT("f8"), TEXT("f8")},
    {CODE_F1 + 8, "f9", TEXT("f9"), TEXT("f9")},
    {CODE_F1 + 9, "f10", TEXT("f10"), TEXT("f10")},
    {CODE_F1 + 10, "f11", TEXT("f11"), TEXT("f11")},
    {CODE_F1 + 11, "f12", TEXT("f12"), TEXT("f12")},
    {' ', "space", TEXT("space"), TEXT("space")},
};

static const struct {
    uint8_t modifier;
    const char *name;
} modifiers[] = {{MODIFIER_CTRL, "ctrl-"}, {MODIFIER_ALT, "alt-"}, {MODIFIER_SHIFT, "shift-"}};

bool key_parse(struct key *out, const char *name)
{
    struct key key = {0};
    for (size_t i = 0; i < COUNT(modifiers); i++) {
        size_t len = strlen(modifiers[i].name);
        if (strncmp(name, modifiers[i].name, len) == 0 && !(key.modifiers & modifiers[i].modifier) && name[len]) {
            key.modifiers |= modifiers[i].modifier;
            name += len;
            i = (size_t)-1; /* in any order */
        }
    }
    for (size_t i = 0; i < COUNT(named); i++) {
        if (strcmp(name, named[i].name) == 0) {
            key.code = named[i].code;
            *out = key;
            return true;
        }
    }
    int32_t point;
    size_t len = strlen(name);
    size_t used = utf8_decode(&point, name, len);
    /* Shift is in the character already: G, not shift-g. */
    if (!used || used != len || point <= ' ' || point == 0x7F || (key.modifiers & MODIFIER_SHIFT))
        return false;
    key.code = (uint32_t)point;
    *out = key;
    return true;
}

static struct text with_name(char *out, size_t size, struct key key, const char *ctrl, struct text sign)
{
    return text_fmt(out, size, "%s%s%s%.*s", key.modifiers & MODIFIER_CTRL ? ctrl : "",
                    key.modifiers & MODIFIER_ALT ? "alt-" : "", key.modifiers & MODIFIER_SHIFT ? "shift-" : "",
                    (int)sign.len, sign.safe);
}

static struct text with_character(char *out, size_t size, struct key key, const char *ctrl)
{
    char bytes[5] = "";
    utf8_encode(bytes, (int32_t)key.code);
    return text_fmt(out, size, "%s%s%s", key.modifiers & MODIFIER_CTRL ? ctrl : "",
                    key.modifiers & MODIFIER_ALT ? "alt-" : "", bytes);
}

struct text key_name(char *out, size_t size, struct key key)
{
    for (size_t i = 0; i < COUNT(named); i++)
        if (named[i].code == key.code)
            return with_name(out, size, key, "ctrl-", (struct text){named[i].name, strlen(named[i].name)});
    return with_character(out, size, key, "ctrl-");
}

struct text key_sign(char *out, size_t size, struct key key, bool ascii)
{
    for (size_t i = 0; i < COUNT(named); i++)
        if (named[i].code == key.code)
            return with_name(out, size, key, "^", ascii ? named[i].ascii : named[i].sign);
    return with_character(out, size, key, "^");
}

bool key_equal(struct key a, struct key b)
{
    return a.code == b.code && a.modifiers == b.modifiers;
}

bool key_is_character(struct key key)
{
    return key.code >= ' ' && key.code != 0x7F && key.code <= 0x10FFFF &&
           !(key.modifiers & (MODIFIER_CTRL | MODIFIER_ALT));
}
