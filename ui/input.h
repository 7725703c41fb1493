/*
 * From the terminal's bytes to events. A pure state machine: it reads no file and no clock; bytes and the time come in,
 * events go out. Whatever it does not know (control sequences, strings, replies to queries, invalid UTF-8), whole or split
 * anywhere, is swallowed to its end and never turns into keys. A lone Esc becomes a key after INPUT_ESCAPE_MS of silence.
 * What is pasted comes as paste, never as keys.
 */
#ifndef SIGNALBOX_UI_INPUT_H
#define SIGNALBOX_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key.h"

enum {
    INPUT_ESCAPE_MS = 10,   /* silence after which Esc was the key and not the start of a sequence */
    INPUT_STRING_MS = 1000, /* silence after which a string (OSC, DCS, …) that never ended is given up */
    INPUT_REPEAT_MS = 45,   /* the same key this soon again is one held down: nobody types so fast */
};

enum event_kind {
    EVENT_KEY,
    EVENT_PASTE_BEGIN,
    EVENT_PASTE, /* bytes, as pasted: raw, foreign, in pieces */
    EVENT_PASTE_END,
    EVENT_MOUSE,
    EVENT_FOCUS_IN,
    EVENT_FOCUS_OUT,
    EVENT_BACKGROUND, /* the terminal's answer about its background: light or not */
    EVENT_UNKNOWN,    /* something was swallowed; for tests and counting */
};

enum mouse_action { MOUSE_PRESS, MOUSE_RELEASE, MOUSE_DRAG, MOUSE_MOVE, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

struct event {
    enum event_kind kind;
    struct key key;
    bool repeated; /* EVENT_KEY: held down, as far as can be told; such a key must not confirm anything */
    enum mouse_action mouse;
    int button;        /* 1 left, 2 middle, 3 right */
    int row, col;      /* from 0 */
    uint8_t modifiers; /* EVENT_MOUSE */
    const char *bytes; /* EVENT_PASTE: valid during the call */
    size_t len;
    bool light; /* EVENT_BACKGROUND */
};

typedef void event_fn(void *context, const struct event *event);

enum { INPUT_PARAMETERS = 64 };

/* Invariant: {0} is the state between two events. */
struct input {
    int state;        /* input.c */
    bool alt;         /* an Esc came before the introducer */
    bool overflow;    /* the sequence is longer than what is kept: it will be swallowed */
    int64_t since_ms; /* when the last byte came */
    char kept[INPUT_PARAMETERS];
    size_t kept_len;
    int owed;            /* bytes of an old mouse report still to come */
    int64_t escaped_ms;  /* when silence made a key of the last Esc; 0: something came since */
    size_t matched;      /* bytes of the end of paste already seen */
    uint32_t code_point; /* UTF-8 in the making */
    int utf8_left, utf8_len;
    struct key last_key;
    int64_t last_key_ms;
};

void input_feed(struct input *input, const char *bytes, size_t len, int64_t now_ms, event_fn *on_event,
                void *context);

/* Milliseconds until input_tick() has something to do; -1: nothing pending. For poll(). */
int input_wait_ms(const struct input *input, int64_t now_ms);

/* Time has passed: a lone Esc becomes a key, a string without an end is dropped. */
void input_tick(struct input *input, int64_t now_ms, event_fn *on_event, void *context);

#endif
