/* What one version brought, in a box: its changelog section, its commits, why it is this version. */
#ifndef SIGNALBOX_UI_VIEW_DETAIL_DRAW_H
#define SIGNALBOX_UI_VIEW_DETAIL_DRAW_H

#include "ui/scene.h"

void detail_draw(struct canvas *canvas, struct rect rect, struct scene *scene, bool wide);

/* "9a8b7c6  feat(odds): stream live odds    maria", one commit a row from `top` on; returns the rows drawn. */
int commits_draw(struct canvas *canvas, struct rect rect, const struct history_commits *commits, size_t top);

/* How a commit's type is drawn: breaking, feature, fix, the rest. */
struct style commit_style(const struct history_commit *commit);

#endif
