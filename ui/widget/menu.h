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
    struct text about; /* behind it in MUTED where there is room; matched too, for less */
    struct text key;   /* at the right, in KEY; {0} for none */
    bool has_mark;     /* before it a sign; its meaning stands in the foot */
    enum glyph mark;
    struct style mark_style;
    bool disabled; /* drawn in MUTED, cannot be chosen */
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

/* What a mark means, for the foot. */
struct menu_legend {
    enum glyph mark;
    struct style style;
    struct text words;
};

/* A box with its title, the field on top (`prompt` before it), the items in columns below, and the legend in its foot. */
void menu_draw(struct canvas *canvas, struct rect rect, struct menu *menu, struct text title, struct text prompt,
               const struct menu_legend *legend, size_t legend_count);

/* The legend alone, into the bottom line of a box. */
void menu_legend_draw(struct canvas *canvas, struct rect rect, const struct menu_legend *legend, size_t count);

#endif
