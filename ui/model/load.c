#include "ui/model/load.h"

#include "base/clock.h"

void load_begin(struct load *load, uint64_t job)
{
    load->job = job;
    load->since_ms = clock_boot_ms();
    load->again = false;
}

bool load_end(struct load *load, int result, const struct error *err)
{
    load->job = 0;
    if (result == 0) {
        load->loaded_ms = clock_boot_ms();
        load->error = (struct error){0};
        return true;
    }
    if (err->kind != ERROR_CANCELLED)
        load->error = *err;
    return false;
}

bool load_under_way(const struct load *load)
{
    return load->job != 0;
}

bool load_failed(const struct load *load)
{
    return load->error.kind != ERROR_NONE;
}

int desk_open(struct desk *out, const struct environment *environment, int what, const struct call *call,
              struct error *err)
{
    struct desk desk = {0};
    if ((what & DESK_SOURCE) && environment_source(&desk.source, environment, call, err) < 0)
        return -1;
    bool wanted = (what & DESK_STORE) || ((what & DESK_STORE_IF_THERE) && environment_has_store(environment));
    if (wanted && environment_store(&desk.store, environment, call, err) < 0) {
        desk_close(&desk);
        return -1;
    }
    *out = desk;
    return 0;
}

void desk_close(struct desk *desk)
{
    if (desk->store.ops)
        desk->store.ops->close(desk->store.self);
    if (desk->source.ops)
        desk->source.ops->close(desk->source.self);
    *desk = (struct desk){0};
}
