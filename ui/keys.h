/*
 * Which key does what: the table of commands with the person's own keys (ui.keys) over it. A key that counts in one view
 * only goes before one that counts everywhere.
 */
#ifndef SIGNALBOX_UI_KEYS_H
#define SIGNALBOX_UI_KEYS_H

#include "base/error.h"
#include "command/command.h"
#include "ui/input.h"

/* Invariant: bound[id] tells whether keys[id] counts; no two bound commands of one view have the same key. */
struct keymap {
    struct key keys[COMMAND_COUNT];
    bool bound[COMMAND_COUNT];
};

/*
 * `configured` is NULL-terminated "action=key" ("release.create=N"; "release.create=" unbinds), or NULL. A key that is
 * given to a command is taken from the one that had it. Errors: ERROR_INVALID names the entry.
 */
int keymap_init(struct keymap *out, char *const *configured, struct error *err) MUST_CHECK;

/* The command of a key in a view ("releases"); NULL when there is none. */
const struct command *keymap_find(const struct keymap *keymap, struct key key, const char *view);

/* How the command's key is written in hints ("⏎", "n"); empty when it has none. */
struct text keymap_sign(char *out, size_t size, const struct keymap *keymap, enum command_id id, bool ascii);

#endif
