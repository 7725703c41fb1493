/*
 * Which key does what: the table of commands with the person's own keys (ui.keys) over it. A key that counts in one view
 * only goes before one that counts everywhere. The keys to begin with stand in command/commands.c.
 */
#ifndef SIGNALBOX_UI_KEYMAP_H
#define SIGNALBOX_UI_KEYMAP_H

#include "base/error.h"
#include "command/command.h"
#include "ui/input.h"

/* Invariant: bound[id] tells whether keys[id] counts; no two bound commands of one view have the same key. */
struct keymap {
    struct key keys[COMMAND_COUNT];
    bool bound[COMMAND_COUNT];
};

/*
 * `configured` is NULL-terminated "action=key" ("release.create=N"; "release.create=" unbinds), or NULL. Errors:
 * ERROR_INVALID names the entry: an action or a key that does not exist, or a key that another command has where both
 * count, unless that one gets another key too.
 */
int keymap_init(struct keymap *out, char *const *configured, struct error *err) MUST_CHECK;

/* The command of a key in a view ("releases"); NULL when there is none. */
const struct command *keymap_find(const struct keymap *keymap, struct key key, const char *view);

/*
 * The moving keys (move.down, …) and console.back are what widgets know as arrows, page keys, ctrl-d, ctrl-u and Esc: the
 * key as widgets know it. False: in place of its own key the command has another one, so this one means nothing.
 */
bool keymap_moving(const struct keymap *keymap, struct key *key);

/* Does the key move, by default or configured? */
bool command_moves(enum command_id id);

/* How the command's key is written in hints ("⏎", "n"); empty when it has none. */
struct text keymap_sign(char *out, size_t size, const struct keymap *keymap, enum command_id id, bool ascii);

#endif
