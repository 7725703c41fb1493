/* What opens over a view: the help and the palette, both made from the table of commands. */
#ifndef SIGNALBOX_UI_OVERLAYS_H
#define SIGNALBOX_UI_OVERLAYS_H

#include "ui/scene.h"

void overlay_help(struct scene *scene, bool ascii);
void overlay_palette(struct scene *scene, bool ascii);
void overlay_themes(struct scene *scene);
void overlay_close(struct scene *scene);

/* True: it was for the overlay. What is chosen comes as scene->command or scene->want_theme. */
bool overlay_event(struct scene *scene, const struct event *event, struct rect rect);

/* What the marks of help and palette mean. */
enum { DANGER_MARKS = 3 };
extern const struct menu_legend danger_legend[DANGER_MARKS];

#endif
