/* Which versions the view of releases shows, in which order: filtered, by version or by date. */
#ifndef SIGNALBOX_UI_VIEW_RELEASES_ORDER_H
#define SIGNALBOX_UI_VIEW_RELEASES_ORDER_H

#include "ui/scene.h"

/* Makes the order anew and keeps the selection on the version it was on. */
void releases_order(struct scene *scene);

/* Makes it only when there is a newer history. */
void releases_order_refresh(struct scene *scene);

/* The selected version; NULL for what is unreleased or when there is nothing. */
const struct history_version *releases_selected(const struct scene *scene);

/* The index of a row's version; -1 for row 0, what is unreleased. */
int releases_row(const struct releases_place *place, size_t row);

/* Remembers what is selected, after it has moved. */
void releases_moved(struct scene *scene);

#endif
