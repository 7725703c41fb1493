/* The drawing of the view of activity: who did what, when and why, newest first. */
#ifndef SIGNALBOX_UI_VIEW_ACTIVITY_DRAW_H
#define SIGNALBOX_UI_VIEW_ACTIVITY_DRAW_H

#include "ui/scene.h"

extern const struct table activity_table;

/* The list below the line about the chain, and the detail below that. */
struct activity_layout {
    struct rect chain, list, detail;
};
struct activity_layout activity_layout(struct rect rect, const struct scene *scene);

/* The selected event, or NULL. */
const struct audit_entry *activity_selected(const struct scene *scene);

void activity_draw(struct canvas *canvas, struct rect rect, struct scene *scene);

#endif
