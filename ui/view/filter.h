/* A line that narrows a list while it is typed. */
#ifndef SIGNALBOX_UI_VIEW_FILTER_H
#define SIGNALBOX_UI_VIEW_FILTER_H

#include "ui/scene.h"

/* Enter and the arrows keep what is typed, Escape empties it. False: not for it. *changed: the list may be another now. */
bool filter_event(bool *changed, struct filter *filter, const struct event *event);

#endif
