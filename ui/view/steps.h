/* The step-by-step view, as others open it. */
#ifndef SIGNALBOX_UI_VIEW_STEPS_H
#define SIGNALBOX_UI_VIEW_STEPS_H

#include "ui/scene.h"

/* A new release; from a tag ("v1.2.4": a hotfix) or NULL. Shows the open one instead where there is one. */
void steps_new(struct scene *scene, const char *from);

/* The run on the table. */
void steps_show(struct scene *scene);

/* What taking it back would do. */
void steps_undo(struct scene *scene);

/* The section comes back from $EDITOR. */
void steps_edited(struct scene *scene, const char *section, size_t len);
const char *steps_section(const struct scene *scene);

void steps_clear(struct scene *scene);

#endif
