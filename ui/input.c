#include "ui/input.h"

#include <string.h>

/*
 * The states follow the usual parser of terminal control functions (ECMA-48; Paul Williams' diagram), turned round: what a
 * terminal sends instead of what it receives.
 */
enum state {
    GROUND,
    ESCAPE,     /* after Esc */
    SEQUENCE,   /* after CSI */
    FUNCTION,   /* after SS3: one byte, or parameters and one byte */
    LINUX_KEY,  /* after CSI [ : one byte, the Linux console's F1 to F5 */
    OLD_MOUSE,  /* after CSI M without parameters: three bytes of any value */
    STRING,     /* DCS, SOS, OSC, PM, APC: to ST or BEL */
    STRING_END, /* Esc within a string */
    CHARACTER,  /* within UTF-8 */
    PASTE,      /* between CSI 200~ and CSI 201~ */
};

static const char paste_end[] = "\x1b[201~";

struct out {
    struct input *input;
    event_fn *on_event;
    void *context;
    int64_t now_ms;
};

static void emit(struct out *out, const struct event *event)
{
    out->on_event(out->context, event);
}

static void emit_kind(struct out *out, enum event_kind kind)
{
    emit(out, &(struct event){.kind = kind});
}

static void emit_key(struct out *out, uint32_t code, unsigned modifiers, bool repeated)
{
    struct input *input = out->input;
    struct event event = {.kind = EVENT_KEY, .key = {code, (uint8_t)modifiers}, .repeated = repeated};
    if (key_equal(event.key, input->last_key) && input->last_key_ms &&
        out->now_ms - input->last_key_ms <= INPUT_REPEAT_MS)
        event.repeated = true;
    input->last_key = event.key;
    input->last_key_ms = out->now_ms;
    emit(out, &event);
}

static void start(struct input *input, enum state state)
{
    input->state = (int)state;
    input->kept_len = 0;
    input->overflow = false;
}

/* Control bytes and plain characters, as a terminal sends keys. */
static void plain_byte(struct out *out, unsigned char c, unsigned modifiers)
{
    if (c == '\r' || c == '\n')
        emit_key(out, CODE_ENTER, modifiers, false);
    else if (c == '\t')
        emit_key(out, CODE_TAB, modifiers, false);
    else if (c == 0x7F || c == 0x08)
        emit_key(out, CODE_BACKSPACE, modifiers, false);
    else if (c == 0)
        emit_key(out, ' ', modifiers | MODIFIER_CTRL, false);
    else if (c < 0x1B)
        emit_key(out, (uint32_t)(c + 'a' - 1), modifiers | MODIFIER_CTRL, false);
    else if (c < 0x20)
        emit_key(out, (uint32_t)(c + '@'), modifiers | MODIFIER_CTRL, false);
    else
        emit_key(out, c, modifiers, false);
}

/* The numbers of a sequence: up to 6 parameters with one sub-parameter; -1 where there is none. */
struct parameters {
    int value[6], sub[6];
    int count;
    bool odd; /* intermediate bytes, or more than we know: swallow it */
};

static void read_parameters(struct parameters *p, const char *kept, size_t len)
{
    int part = 0;
    *p = (struct parameters){.value = {-1, -1, -1, -1, -1, -1}, .sub = {-1, -1, -1, -1, -1, -1}, .count = 1};
    for (size_t i = 0; i < len; i++) {
        char c = kept[i];
        int at = p->count - 1;
        if (c == ';') {
            part = 0;
            if (p->count == (int)COUNT(p->value)) {
                p->odd = true;
                return;
            }
            p->count++;
        } else if (c == ':') {
            part++;
        } else if (c >= '0' && c <= '9') {
            int *value = part == 0 ? &p->value[at] : &p->sub[at];
            if (part <= 1)
                *value = *value < 0 ? c - '0' : *value > 1000000 ? *value : *value * 10 + c - '0';
        } else {
            p->odd = true;
            return;
        }
    }
}

/* xterm's modifier parameter: 1 + shift 1 + alt 2 + ctrl 4 (+ super, hyper, meta, locks: such a key is none of ours). */
static bool read_modifiers(int value, unsigned *modifiers)
{
    *modifiers = 0;
    if (value <= 1)
        return true;
    unsigned bits = (unsigned)value - 1;
    bits &= ~(64u | 128u); /* caps lock and num lock change nothing */
    if (bits & ~7u)
        return false;
    *modifiers = (bits & 1 ? MODIFIER_SHIFT : 0) | (bits & 2 ? MODIFIER_ALT : 0) | (bits & 4 ? MODIFIER_CTRL : 0);
    return true;
}

static uint32_t letter_key(char final)
{
    switch (final) {
    case 'A':
        return CODE_UP;
    case 'B':
        return CODE_DOWN;
    case 'C':
        return CODE_RIGHT;
    case 'D':
        return CODE_LEFT;
    case 'H':
        return CODE_HOME;
    case 'F':
        return CODE_END;
    case 'P':
    case 'Q':
    case 'R':
    case 'S':
        return CODE_F1 + (uint32_t)(final - 'P');
    default:
        return 0;
    }
}

static uint32_t tilde_key(int number)
{
    static const uint32_t keys[] = {
        [1] = CODE_HOME,      [2] = CODE_INSERT,  [3] = CODE_DELETE,  [4] = CODE_END,      [5] = CODE_PAGE_UP,
        [6] = CODE_PAGE_DOWN, [7] = CODE_HOME,    [8] = CODE_END,     [11] = CODE_F1,      [12] = CODE_F1 + 1,
        [13] = CODE_F1 + 2,   [14] = CODE_F1 + 3, [15] = CODE_F1 + 4, [17] = CODE_F1 + 5,  [18] = CODE_F1 + 6,
        [19] = CODE_F1 + 7,   [20] = CODE_F1 + 8, [21] = CODE_F1 + 9, [23] = CODE_F1 + 10, [24] = CODE_F12,
    };
    return number > 0 && number < (int)COUNT(keys) ? keys[number] : 0;
}

/* A key given by its number: kitty's `CSI code ; modifiers u`, xterm's `CSI 27 ; modifiers ; code ~`. */
static bool numbered_key(int number, unsigned modifiers, struct key *key)
{
    switch (number) {
    case 8:
    case 127:
        *key = (struct key){CODE_BACKSPACE, (uint8_t)modifiers};
        return true;
    case 9:
        *key = (struct key){CODE_TAB, (uint8_t)modifiers};
        return true;
    case 13:
    case 57414: /* of the keypad */
        *key = (struct key){CODE_ENTER, (uint8_t)modifiers};
        return true;
    case 27:
        *key = (struct key){CODE_ESCAPE, (uint8_t)modifiers};
        return true;
    default:
        break;
    }
    /* Kitty's other keys have numbers in the private area: media keys, modifiers alone. */
    if (number < 32 || number > 0x10FFFF || (number >= 0xD800 && number <= 0xF8FF) || (number > 126 && number < 160))
        return false;
    if ((modifiers & MODIFIER_SHIFT) && number >= 'a' && number <= 'z')
        number -= 'a' - 'A';
    if (number > ' ')
        modifiers &= ~(unsigned)MODIFIER_SHIFT;
    if ((modifiers & MODIFIER_CTRL) && number >= 'A' && number <= 'Z')
        number += 'a' - 'A';
    *key = (struct key){(uint32_t)number, (uint8_t)modifiers};
    return true;
}

enum { KITTY_REPEAT = 2, KITTY_RELEASE = 3 };

static bool key_sequence(struct out *out, char final, const struct parameters *p)
{
    unsigned modifiers;
    int number = p->value[0], kind = p->sub[1];
    struct key key = {0};
    if (kind == KITTY_RELEASE)
        return false;
    if (final == '~' && number == 27 && p->count == 3) {
        if (!read_modifiers(p->value[1], &modifiers) || !numbered_key(p->value[2], modifiers, &key))
            return false;
    } else if (p->count > 3 || !read_modifiers(p->value[1], &modifiers)) {
        return false;
    } else if (final == 'u') {
        if (!numbered_key(number, modifiers, &key))
            return false;
    } else if (p->count > 2) {
        return false;
    } else if (final == 'Z') {
        key = (struct key){CODE_TAB, (uint8_t)(modifiers | MODIFIER_SHIFT)};
    } else {
        key.code = final == '~' ? tilde_key(number) : number <= 1 ? letter_key(final) : 0;
        key.modifiers = (uint8_t)modifiers;
    }
    if (!key.code)
        return false;
    if (out->input->alt)
        key.modifiers |= MODIFIER_ALT;
    emit_key(out, key.code, key.modifiers, kind == KITTY_REPEAT);
    return true;
}

/* SGR mouse: CSI < buttons ; column ; row M (m on release). */
static bool mouse_sequence(struct out *out, char final)
{
    struct parameters p;
    read_parameters(&p, out->input->kept + 1, out->input->kept_len - 1);
    if (p.odd || p.count != 3 || p.value[0] < 0 || p.value[1] < 1 || p.value[2] < 1)
        return false;
    int bits = p.value[0], button = bits & 3;
    struct event event = {.kind = EVENT_MOUSE, .col = p.value[1] - 1, .row = p.value[2] - 1};
    event.modifiers =
        (bits & 4 ? MODIFIER_SHIFT : 0) | (bits & 8 ? MODIFIER_ALT : 0) | (bits & 16 ? MODIFIER_CTRL : 0);
    if (bits & 128 || (bits & 64 && button > 1))
        return false;
    if (bits & 64) {
        event.mouse = button == 0 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
    } else {
        event.button = button == 3 ? 0 : button + 1;
        event.mouse = bits & 32      ? (button == 3 ? MOUSE_MOVE : MOUSE_DRAG)
                      : final == 'm' ? MOUSE_RELEASE
                                     : MOUSE_PRESS;
    }
    emit(out, &event);
    return true;
}

static void end_sequence(struct out *out, char final)
{
    struct input *input = out->input;
    struct parameters p;
    bool known = false;
    input->state = GROUND;
    read_parameters(&p, input->kept, input->kept_len);
    if (input->kept[0] == '<' && (final == 'M' || final == 'm')) {
        known = mouse_sequence(out, final);
    } else if (p.odd) {
        known = false;
    } else if (final == '~' && p.value[0] == 200 && p.count == 1) {
        input->state = PASTE;
        input->matched = 0;
        emit_kind(out, EVENT_PASTE_BEGIN);
        known = true;
    } else if ((final == 'I' || final == 'O') && input->kept_len == 0) {
        emit_kind(out, final == 'I' ? EVENT_FOCUS_IN : EVENT_FOCUS_OUT);
        known = true;
    } else {
        known = key_sequence(out, final, &p);
    }
    if (!known)
        emit_kind(out, EVENT_UNKNOWN);
    input->kept_len = 0;
    input->alt = false;
}

static void sequence_byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    if (c == '[' && input->kept_len == 0 && !input->overflow) {
        start(input, LINUX_KEY);
    } else if (c == 'M' && input->kept_len == 0 && !input->overflow) {
        start(input, OLD_MOUSE);
        input->owed = 3;
    } else if (c >= 0x40 && c <= 0x7E) {
        if (input->overflow) {
            start(input, GROUND);
            input->alt = false;
            emit_kind(out, EVENT_UNKNOWN);
            return;
        }
        input->kept[input->kept_len] = 0;
        end_sequence(out, (char)c);
    } else if (c >= 0x20 && c < 0x40) {
        if (input->kept_len + 1 < sizeof(input->kept))
            input->kept[input->kept_len++] = (char)c;
        else
            input->overflow = true;
    } else {
        /* A control byte or one above ASCII ends it: no terminal sends these inside. It is dropped with it. */
        start(input, GROUND);
        input->alt = false;
        emit_kind(out, EVENT_UNKNOWN);
    }
}

/* SS3 as sent for keys: a letter, in old terminals with the modifier's digit before it. */
static void function_byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    if (c >= '0' && c <= ';' && input->kept_len < 4) {
        input->kept[input->kept_len++] = (char)c;
        return;
    }
    uint32_t code = input->kept_len == 0 ? letter_key((char)c) : 0;
    if (input->kept_len == 0 && c == 'M')
        code = CODE_ENTER;
    unsigned modifiers = input->alt ? MODIFIER_ALT : 0;
    start(input, GROUND);
    input->alt = false;
    if (code)
        emit_key(out, code, modifiers, false);
    else
        emit_kind(out, EVENT_UNKNOWN);
}

/* "ffff" of rgb:ffff/ffff/ffff, of one to four digits, as a share of its full value in thousandths. */
static int channel(const char **at)
{
    int value = 0, full = 0;
    for (; full < 0xFFFF && strchr("0123456789abcdefABCDEF", **at) && **at; (*at)++) {
        int digit = **at <= '9' ? **at - '0' : (**at | 0x20) - 'a' + 10;
        value = value * 16 + digit;
        full = full * 16 + 15;
    }
    if (**at == '/')
        (*at)++;
    return full ? value * 1000 / full : -1;
}

/* The answer to the question about the background, OSC 11 ; rgb:RRRR/GGGG/BBBB: everything else is swallowed. */
static void end_string(struct out *out)
{
    struct input *input = out->input;
    const char *at = input->kept + 7;
    bool colour = !input->overflow && input->kept_len > 7 && input->kept_len < sizeof(input->kept);
    start(input, GROUND), input->alt = false;
    if (!colour || strncmp(input->kept, "11;rgb:", 7) != 0) {
        emit_kind(out, EVENT_UNKNOWN);
        return;
    }
    int red = channel(&at), green = channel(&at), blue = channel(&at);
    if (red < 0 || green < 0 || blue < 0 || *at)
        emit_kind(out, EVENT_UNKNOWN);
    else
        emit(out, &(struct event){.kind = EVENT_BACKGROUND, .light = 299 * red + 587 * green + 114 * blue > 500000});
}

static void string_byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    if (c == 0x1B) {
        input->state = STRING_END;
    } else if (c == 0x07) {
        input->kept[input->kept_len] = 0;
        end_string(out);
    } else if (c < 0x20) {
        /* No terminal sends other control bytes in a string: it was Alt and a bracket, and somebody types. */
        start(input, GROUND);
        input->alt = false;
        emit_kind(out, EVENT_UNKNOWN);
    } else if (input->kept_len + 1 < sizeof(input->kept)) {
        input->kept[input->kept_len++] = (char)c;
    } else {
        input->overflow = true;
    }
}

static void begin_string(struct input *input, bool may_answer)
{
    start(input, STRING);
    /* Only an OSC is read; the content of others must not look like one. */
    input->overflow = !may_answer;
}

/* Introducers, by the byte after Esc or as one byte of 8-bit controls. False when c is none. */
static bool introducer(struct input *input, unsigned char c)
{
    switch (c) {
    case '[':
        start(input, SEQUENCE);
        return true;
    case 'O':
        start(input, FUNCTION);
        return true;
    case ']':
        begin_string(input, true);
        return true;
    case 'P':
    case 'X':
    case '^':
    case '_':
        begin_string(input, false);
        return true;
    default:
        return false;
    }
}

static void ground_byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    input->alt = false;
    if (c == 0x1B) {
        start(input, ESCAPE);
    } else if (c < 0x80) {
        plain_byte(out, c, 0);
    } else if (c >= 0xC2 && c <= 0xF4) {
        input->state = CHARACTER;
        input->utf8_len = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
        input->utf8_left = input->utf8_len - 1;
        input->code_point = c & (0x7Fu >> input->utf8_len);
    } else if (c >= 0xA0 || !introducer(input, (unsigned char)(c - 0x40))) {
        emit_kind(out, EVENT_UNKNOWN);
    }
}

static void escape_byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    if (c == 0x1B) {
        /* Esc Esc [ A is Alt and up; Esc Esc alone are two keys, which the next byte or silence will tell. */
        if (input->alt)
            emit_key(out, CODE_ESCAPE, 0, false);
        input->alt = true;
        return;
    }
    if (introducer(input, c))
        return;
    start(input, GROUND);
    if (input->alt)
        emit_key(out, CODE_ESCAPE, 0, false);
    input->alt = false;
    if (c < 0x80)
        plain_byte(out, c, MODIFIER_ALT);
    else
        emit_kind(out, EVENT_UNKNOWN);
}

static bool character_byte(struct out *out, unsigned char c)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    struct input *input = out->input;
    if ((c & 0xC0) != 0x80) {
        input->state = GROUND;
        emit_kind(out, EVENT_UNKNOWN);
        return false;
    }
    input->code_point = input->code_point << 6 | (c & 0x3Fu);
    if (--input->utf8_left > 0)
        return true;
    uint32_t point = input->code_point;
    input->state = GROUND;
    if (point < least[input->utf8_len] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        emit_kind(out, EVENT_UNKNOWN);
    else if (point >= 0x80 && point < 0xA0)
        return introducer(input, (unsigned char)(point - 0x40)) || (emit_kind(out, EVENT_UNKNOWN), true);
    else
        emit_key(out, point, 0, false);
    return true;
}

/* Takes one byte. False: it belongs to what comes next and is to be given again. */
static bool byte(struct out *out, unsigned char c)
{
    struct input *input = out->input;
    switch ((enum state)input->state) {
    case GROUND:
        ground_byte(out, c);
        return true;
    case ESCAPE:
        escape_byte(out, c);
        return true;
    case CHARACTER:
        return character_byte(out, c);
    case OLD_MOUSE:
        if (c < 0x20) {
            start(input, GROUND);
            input->alt = false;
            emit_kind(out, EVENT_UNKNOWN);
            return false;
        }
        if (--input->owed == 0) {
            start(input, GROUND);
            input->alt = false;
            emit_kind(out, EVENT_UNKNOWN);
        }
        return true;
    case STRING_END:
        if (c == '\\') {
            input->kept[input->kept_len] = 0;
            end_string(out);
            return true;
        }
        start(input, ESCAPE);
        input->alt = false;
        emit_kind(out, EVENT_UNKNOWN);
        return false;
    case STRING:
        string_byte(out, c);
        return true;
    case SEQUENCE:
    case FUNCTION:
    case LINUX_KEY:
        break;
    case PASTE:
        return true; /* paste_bytes() has them */
    }
    if (c == 0x1B) {
        start(input, ESCAPE);
        input->alt = false;
        emit_kind(out, EVENT_UNKNOWN);
    } else if (input->state == SEQUENCE) {
        sequence_byte(out, c);
    } else if (input->state == FUNCTION) {
        function_byte(out, c);
    } else {
        unsigned modifiers = input->alt ? MODIFIER_ALT : 0;
        start(input, GROUND);
        input->alt = false;
        if (c >= 'A' && c <= 'E')
            emit_key(out, CODE_F1 + (uint32_t)(c - 'A'), modifiers, false);
        else
            emit_kind(out, EVENT_UNKNOWN);
    }
    return true;
}

static void emit_paste(struct out *out, const char *bytes, size_t len)
{
    if (len)
        emit(out, &(struct event){.kind = EVENT_PASTE, .bytes = bytes, .len = len});
}

/* Everything up to the end of paste; what looked like its beginning and was not belongs to the paste. */
static size_t paste_bytes(struct out *out, const char *bytes, size_t len)
{
    struct input *input = out->input;
    size_t end_len = sizeof(paste_end) - 1, at = 0;
    for (; at < len; at++) {
        if (bytes[at] == paste_end[input->matched]) {
            if (++input->matched < end_len)
                continue;
            emit_paste(out, bytes, at + 1 > end_len ? at + 1 - end_len : 0);
            emit_kind(out, EVENT_PASTE_END);
            start(input, GROUND);
            input->matched = 0;
            return at + 1;
        }
        if (input->matched > at) /* the beginning came in an earlier read and was held back */
            emit_paste(out, paste_end, input->matched - at);
        input->matched = bytes[at] == paste_end[0];
    }
    emit_paste(out, bytes, at > input->matched ? at - input->matched : 0);
    return len;
}

void input_feed(struct input *input, const char *bytes, size_t len, int64_t now_ms, event_fn *on_event, void *context)
{
    struct out out = {input, on_event, context, now_ms};
    /* Bytes that come after the silence are no longer part of what it ended. */
    input_tick(input, now_ms, on_event, context);
    input->since_ms = now_ms;
    /* A sequence torn apart after its Esc by a slow line: nobody types a bracket and more in one read so soon. */
    if (input->escaped_ms && now_ms - input->escaped_ms < INPUT_STRING_MS && len > 1 && strchr("[O]P_^X", bytes[0]) &&
        bytes[0])
        input->state = ESCAPE;
    input->escaped_ms = 0;
    for (size_t i = 0; i < len;) {
        if (input->state == PASTE)
            i += paste_bytes(&out, bytes + i, len - i);
        else if (byte(&out, (unsigned char)bytes[i]))
            i++;
    }
}

static int silence_ms(const struct input *input)
{
    switch ((enum state)input->state) {
    case ESCAPE:
        return INPUT_ESCAPE_MS;
    case OLD_MOUSE:
    case STRING:
    case STRING_END:
    case CHARACTER:
        return INPUT_STRING_MS;
    default:
        return -1;
    }
}

int input_wait_ms(const struct input *input, int64_t now_ms)
{
    int silence = silence_ms(input);
    if (silence < 0)
        return -1;
    int64_t left = input->since_ms + silence - now_ms;
    return left < 0 ? 0 : left > silence ? silence : (int)left;
}

void input_tick(struct input *input, int64_t now_ms, event_fn *on_event, void *context)
{
    struct out out = {input, on_event, context, now_ms};
    if (input_wait_ms(input, now_ms) != 0)
        return;
    bool escape = input->state == ESCAPE, twice = input->alt;
    start(input, GROUND);
    input->alt = false;
    if (!escape) {
        emit_kind(&out, EVENT_UNKNOWN);
        return;
    }
    input->escaped_ms = now_ms;
    emit_key(&out, CODE_ESCAPE, 0, false);
    if (twice)
        emit_key(&out, CODE_ESCAPE, 0, false);
}
