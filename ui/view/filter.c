#include "ui/view/filter.h"

bool filter_event(bool *changed, struct filter *filter, const struct event *event)
{
    *changed = true;
    if (event->kind == EVENT_PASTE) {
        field_paste(&filter->field, event->bytes, event->len);
    } else if (event->kind != EVENT_KEY) {
        return false;
    } else if (event->key.code == CODE_ENTER || event->key.code == CODE_DOWN || event->key.code == CODE_UP) {
        filter->typing = false;
    } else if (event->key.code == CODE_ESCAPE) {
        filter->typing = false;
        field_set(&filter->field, "");
    } else {
        *changed = field_key(&filter->field, event->key);
    }
    return true;
}
