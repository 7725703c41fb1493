/*
 * A view: one part of the console, as one table of operations. Drawing is pure: scene in, cells out (where the reader is may
 * be moved so that the selection stays in view). Everything else changes the scene or starts jobs, and never waits.
 */
#ifndef SIGNALBOX_UI_VIEW_VIEW_H
#define SIGNALBOX_UI_VIEW_VIEW_H

#include "ui/scene.h"

enum { HINTS_MAX = 16, HINT_SIGN = 16 };

/* The hints of a view, in the order of their importance; stops stand first. */
struct hints {
    struct hint items[HINTS_MAX];
    int ids[HINTS_MAX]; /* enum command_id, or -1 */
    char signs[HINTS_MAX][HINT_SIGN];
    size_t count;
    const struct keymap *keys;
    bool ascii;
};

/* Adds the command's key with these words; left out when the command has no key. */
void hints_add(struct hints *hints, enum command_id id, struct text words);

/* A key that is no command ("esc", "↑↓"). */
void hints_add_key(struct hints *hints, struct text sign, struct text words);

struct view {
    const char *name; /* as in the table of commands: "releases" */
    struct text title;
    char digit; /* its tab; 0: opened over another view */
    void (*draw)(struct canvas *canvas, struct rect rect, struct scene *scene);
    /* A key that is no command, the mouse, what is pasted. `rect` is what draw() got. True when it was for it. */
    bool (*event)(struct scene *scene, const struct event *event, struct rect rect);
    /* Is there a field open that takes every key? Then event() gets them before commands do. */
    bool (*typing)(const struct scene *scene);
    bool (*command)(struct scene *scene, enum command_id id);
    void (*hints)(const struct scene *scene, struct hints *hints);
    /* Called after anything changed and at each tick: starts loads that are due. */
    void (*tick)(struct scene *scene);
    /* Milliseconds until tick() has something to do; -1: nothing. NULL: never. */
    int (*wait_ms)(const struct scene *scene);
};

extern const struct view releases_view, activity_view, steps_view;

/* By enum view_id. */
extern const struct view *const views[VIEW_COUNT];

#endif
