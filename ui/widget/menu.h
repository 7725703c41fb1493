/*
 * A list to choose from by typing: the `:` palette, the choice of a version, a service, a theme.
 */
#ifndef SIGNALBOX_UI_WIDGET_MENU_H
#define SIGNALBOX_UI_WIDGET_MENU_H

#include "ui/canvas.h"
#include "ui/input.h"
#include "ui/widget/field.h"

struct menu_item {
    struct text label; /* matched and drawn */
    struct text about; /* behind it in MUTED; matched too, for less */
    struct text key;   /* at the right, in KEY; {0} for none */
    bool disabled;     /* drawn in MUTED, cannot be chosen */
};

/* items are borrowed and outlive the menu. Invariant: order[0..shown) are indices into items, best match first. */
struct menu {
    const struct menu_item *items;
    size_t count;
    size_t *order;
    size_t shown, selected, top;
    struct field field;
};

enum menu_answer { MENU_OPEN, MENU_CHOSEN, MENU_CLOSED };

void menu_init(struct menu *menu, const struct menu_item *items, size_t count);
void menu_clear(struct menu *menu);

/* MENU_CHOSEN: *chosen is the index of the item. */
enum menu_answer menu_event(struct menu *menu, const struct event *event, struct rect rect, size_t *chosen);

/* A panel with the field on top (`prompt` before it) and the items below. */
void menu_draw(struct canvas *canvas, struct rect rect, struct menu *menu, struct text prompt);

#endif
