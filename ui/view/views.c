#include "ui/view/view.h"

const struct view *const views[VIEW_COUNT] = {
    [VIEW_RELEASES] = &releases_view,
    [VIEW_ACTIVITY] = &activity_view,
    [VIEW_STEPS] = &steps_view,
};
