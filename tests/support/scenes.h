/*
 * Scenes with made-up data, for golden screens: each name is one state of the console. Nothing runs behind them: no pool, no
 * repository, a clock that stands still.
 */
#ifndef SIGNALBOX_TESTS_SCENES_H
#define SIGNALBOX_TESTS_SCENES_H

#include "ui/scene.h"

/* The scene of that name; ends the process for an unknown one. `ascii`: signs of keys in help and palette. */
struct scene *scene_make(const char *name, bool ascii);
void scene_unmake(struct scene *scene);

/* NULL after the last. */
const char *scene_name(size_t index);

#endif
