/* Bytes of a terminal, cut anywhere: no crash, and what was cut gives the same events as what came whole. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "ui/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note(void *context, const struct event *event)
{
    struct buf *log = context;
    if (event->kind == EVENT_PASTE) {
        buf_add(log, event->bytes, event->len);
        return;
    }
    if (event->kind == EVENT_KEY && event->key.code >= CODE_LAST)
        abort();
    buf_addf(log, "[%d %x %x %d %d %d %d]", (int)event->kind, event->key.code, event->key.modifiers,
             (int)event->mouse, event->button, event->row, event->col);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf whole = {0}, pieces = {0};
    struct input a = {0}, b = {0};
    if (size == 0)
        return 0;
    const char *bytes = (const char *)data + 1;
    size_t cut = (data[0] % 7u) + 1;
    input_feed(&a, bytes, size - 1, 1000, note, &whole);
    for (size_t at = 0; at < size - 1; at += cut) {
        size_t left = size - 1 - at;
        input_feed(&b, bytes + at, left < cut ? left : cut, 1000, note, &pieces);
    }
    input_tick(&a, 1000000, note, &whole);
    input_tick(&b, 1000000, note, &pieces);
    if (whole.len != pieces.len || (whole.len && memcmp(whole.bytes, pieces.bytes, whole.len) != 0))
        abort();
    buf_clear(&whole);
    buf_clear(&pieces);
    return 0;
}
