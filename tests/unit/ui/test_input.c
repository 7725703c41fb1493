/* From bytes to events: known keys by a table, everything else swallowed, however it is cut into reads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ui/input.h"

static void note(void *context, const struct event *event)
{
    struct buf *log = context;
    char name[64];
    static const char *const mouse[] = {"press", "release", "drag", "move", "up", "down"};
    switch (event->kind) {
    case EVENT_KEY:
        buf_addf(log, "%.*s%s ", (int)key_name(name, sizeof(name), event->key).len, name, event->repeated ? "!" : "");
        break;
    case EVENT_PASTE_BEGIN:
        buf_adds(log, "<");
        break;
    case EVENT_PASTE:
        buf_add(log, event->bytes, event->len);
        break;
    case EVENT_PASTE_END:
        buf_adds(log, "> ");
        break;
    case EVENT_MOUSE:
        buf_addf(log, "%s%d@%d,%d+%d ", mouse[event->mouse], event->button, event->row, event->col, event->modifiers);
        break;
    case EVENT_FOCUS_IN:
        buf_adds(log, "focus ");
        break;
    case EVENT_FOCUS_OUT:
        buf_adds(log, "blur ");
        break;
    case EVENT_BACKGROUND:
        buf_adds(log, event->light ? "light " : "dark ");
        break;
    case EVENT_UNKNOWN:
        buf_adds(log, "? ");
        break;
    }
}

/* Feeds in pieces cut at `cut` (0: whole; -1: byte by byte), keys far enough apart not to count as repeated. */
static void feed(struct buf *log, const char *bytes, size_t len, int cut)
{
    struct input input = {0};
    buf_truncate(log, 0);
    if (cut > 0) {
        input_feed(&input, bytes, (size_t)cut, 1000, note, log);
        input_feed(&input, bytes + cut, len - (size_t)cut, 1001, note, log);
    } else if (cut == 0) {
        input_feed(&input, bytes, len, 1000, note, log);
    } else {
        for (size_t i = 0; i < len; i++)
            input_feed(&input, bytes + i, 1, 1000 + (int64_t)i, note, log);
    }
    input_tick(&input, 100000, note, log);
    if (log->len && log->bytes[log->len - 1] == ' ')
        buf_truncate(log, log->len - 1);
}

static const struct {
    const char *bytes, *events;
} table[] = {
    {"a", "a"},
    {"G", "G"},
    {" ", "space"},
    {"\r", "enter"},
    {"\n", "enter"},
    {"\t", "tab"},
    {"\x7f", "backspace"},
    {"\x01", "ctrl-a"},
    {"\x1a", "ctrl-z"},
    {"\x1c", "ctrl-\\"},
    {"\x1f", "ctrl-_"},
    {"é漢", "é 漢"},
    {"\x1b", "esc"},
    {"\x1b\x1b", "esc esc!"},
    {"\x1bx", "alt-x"},
    {"\x1b\r", "alt-enter"},
    {"\x1b\x1b[A", "alt-up"},
    {"\x1b[A", "up"},
    {"\x1bOA", "up"},
    {"\x1b[1;5C", "ctrl-right"},
    {"\x1b[1;2D", "shift-left"},
    {"\x1b[1;3B", "alt-down"},
    {"\x1b[1;8A", "ctrl-alt-shift-up"},
    {"\x1b[1;9A", "?"},   /* super is none of ours */
    {"\x1b[1;65A", "up"}, /* caps lock is on */
    {"\x1b[H\x1b[F\x1b[1~\x1b[4~", "home end home end"},
    {"\x1b[5~\x1b[6~\x1b[2~\x1b[3~", "page-up page-down insert delete"},
    {"\x1b[3;5~", "ctrl-delete"},
    {"\x1b[Z", "shift-tab"},
    {"\x1bOP\x1b[15~\x1b[24~\x1b[[A", "f1 f5 f12 f1"},
    {"\x1bOM", "enter"},
    {"\x1b[97u", "a"},
    {"\x1b[97;5u", "ctrl-a"},
    {"\x1b[97:65;2u", "A"},
    {"\x1b[27u\x1b[13;2u", "esc shift-enter"},
    {"\x1b[97;1:2u", "a!"},
    {"\x1b[97;1:3u", "?"},  /* released */
    {"\x1b[57441;2u", "?"}, /* a shift key alone */
    {"\x1b[27;5;105~", "ctrl-i"},
    {"\x1b[27;2;13~", "shift-enter"},
    {"\x1b[I\x1b[O", "focus blur"},
    {"\x1b[<0;10;5M\x1b[<0;10;5m", "press1@4,9+0 release1@4,9+0"},
    {"\x1b[<32;1;1M\x1b[<64;2;2M\x1b[<65;2;2M", "drag1@0,0+0 up0@1,1+0 down0@1,1+0"},
    {"\x1b[<18;3;4M", "press3@3,2+4"},
    {"\x1b[<0;0;5M", "?"},
    {"\x1b[<0;10M", "?"},
    {"\x1b[M !!q", "? q"},
    {"\x1b]11;rgb:ffff/fafa/f0f0\x1b\\", "light"},
    {"\x1b]11;rgb:1414/1818/1d1d\x07", "dark"},
    {"\x1b]11;rgb:ff/ff/ff\x07", "light"},
    {"\x1b]11;rgb:zz\x07", "?"},
    {"\x1b]11;rgb:ffff/ffff/ffff/y\x07", "?"},
    {"\x1b]52;c;cXE=\x07q", "? q"},
    {"\x1bP1+r544e=787465726d\x1b\\q", "? q"},
    {"\x1b_Gi=31;OK\x1b\\q", "? q"},
    {"\x1b^private yes\x1b\\q", "? q"},
    {"\x1bXyes\x1b\\q", "? q"},
    {"\x1b]0;title\x1b[A", "? up"}, /* unfinished, and a key after it */
    {"\x1bPyes\x03q", "? q"},
    {"\x1b[?62;22c", "?"},
    {"\x1b[?2026;2$y", "?"},
    {"\x1b[24;80R", "?"},
    {"\x1b[>41;354;0c", "?"},
    {"\x1b[8;24;80t", "?"},
    {"\x1b[1;2;3;4;5;6;7;8;9A", "?"},
    {"\x1b[99999999999999999999A", "?"},
    {"\x1b[\x1b[A", "? up"},
    {"\x1b[12\rq", "? q"},
    {"\xc2\x9b"
     "A",
     "up"}, /* CSI as one character */
    {"\x9b"
     "1;5A",
     "ctrl-up"},
    {"\x9d"
     "0;yes\x07q",
     "? q"},
    {"\xc0\xaf", "? ?"},
    {"\xed\xa0\x80", "?"},
    {"\xf4\x90\x80\x80", "?"},
    {"\xe6\xbcq", "? q"},
    {"\xff", "?"},
    {"\x1b[200~yq\x1b[A\r\x1b[201~j", "<yq\x1b[A\r> j"},
    {"\x1b[200~\x1b[201~", "<>"},
    {"\x1b[200~a\x1b[20\x1b[201x\x1b[201~", "<a\x1b[20\x1b[201x>"},
    {"\x1b[201~", "?"},
};

static void test_table(void **state UNUSED)
{
    struct buf log = {0};
    for (size_t i = 0; i < COUNT(table); i++) {
        size_t len = strlen(table[i].bytes);
        for (int cut = -1; cut < (int)len; cut++) {
            feed(&log, table[i].bytes, len, cut);
            if (strcmp(buf_string(&log), table[i].events) != 0)
                fail_msg("entry %zu cut at %d: \"%s\" instead of \"%s\"", i, cut, buf_string(&log), table[i].events);
        }
    }
    buf_clear(&log);
}

/* Every control sequence of up to three bytes after CSI, each final byte: at most one key, and never a plain letter. */
static void only_named(void *context, const struct event *event)
{
    int *count = context;
    (*count)++;
    if (event->kind == EVENT_KEY && event->key.code <= 0x10FFFF)
        fail_msg("a sequence became the key %c", (int)event->key.code);
}

static void test_no_sequence_is_a_command(void **state UNUSED)
{
    static const char introducers[][3] = {"\x1b[", "\x1bO"};
    for (size_t i = 0; i < COUNT(introducers); i++) {
        for (int a = 0x20; a < 0x40; a++) {
            for (int b = 0x20; b < 0x40; b++) {
                for (int final = 0x40; final < 0x7F; final++) {
                    char bytes[] = {introducers[i][0], introducers[i][1], (char)a, (char)b, (char) final};
                    struct input input = {0};
                    int count = 0;
                    if (i == 1 && !(a >= '0' && a <= ';' && b >= '0' && b <= ';'))
                        continue; /* SS3 is followed by one letter */
                    if (final == 'u')
                        continue; /* kitty's numbered keys are plain letters, and meant to be */
                    input_feed(&input, bytes, sizeof(bytes), 1, only_named, &count);
                    assert_int_equal(count, 1);
                    assert_int_equal(input.state, 0);
                }
            }
        }
    }
}

static void test_escape_alone(void **state UNUSED)
{
    struct input input = {0};
    struct buf log = {0};
    assert_int_equal(input_wait_ms(&input, 0), -1);
    input_feed(&input, "\x1b", 1, 1000, note, &log);
    assert_string_equal(buf_string(&log), "");
    assert_int_equal(input_wait_ms(&input, 1000), INPUT_ESCAPE_MS);
    input_tick(&input, 1000 + INPUT_ESCAPE_MS - 1, note, &log);
    assert_string_equal(buf_string(&log), "");
    input_tick(&input, 1000 + INPUT_ESCAPE_MS, note, &log);
    assert_string_equal(buf_string(&log), "esc ");
    assert_int_equal(input_wait_ms(&input, 2000), -1);
    /* A slow line tore a sequence apart: it is still no command. */
    buf_truncate(&log, 0);
    input_feed(&input, "\x1b", 1, 5000, note, &log);
    input_feed(&input, "[3~", 3, 5100, note, &log);
    assert_string_equal(buf_string(&log), "esc delete ");
    /* But a person may type a bracket after Esc. */
    buf_truncate(&log, 0);
    input_feed(&input, "\x1b", 1, 9000, note, &log);
    input_feed(&input, "[", 1, 9100, note, &log);
    input_feed(&input, "q", 1, 9300, note, &log);
    assert_string_equal(buf_string(&log), "esc [ q ");
    buf_clear(&log);
}

/* Alt and ] begins what looks like a string: the keyboard comes back after a second, or with Enter or Esc. */
static void test_string_without_end(void **state UNUSED)
{
    struct input input = {0};
    struct buf log = {0};
    input_feed(&input, "\x1b]jj", 4, 1000, note, &log);
    input_feed(&input, "k", 1, 1000 + INPUT_STRING_MS, note, &log);
    assert_string_equal(buf_string(&log), "? k ");
    buf_clear(&log);
}

static void test_held_down(void **state UNUSED)
{
    struct input input = {0};
    struct buf log = {0};
    input_feed(&input, "y", 1, 1000, note, &log);
    input_feed(&input, "y", 1, 1030, note, &log);
    input_feed(&input, "n", 1, 1040, note, &log);
    input_feed(&input, "y", 1, 1050, note, &log);
    input_feed(&input, "y", 1, 1200, note, &log);
    assert_string_equal(buf_string(&log), "y y! n y y ");
    buf_clear(&log);
}

static void test_names(void **state UNUSED)
{
    static const char *const names[] = {"a",         "G",         "?",      "ctrl-x", "esc",      "enter",
                                        "space",     "shift-tab", "f5",     "f12",    "alt-left", "ctrl-alt-x",
                                        "page-down", "-",         "ctrl--", "é"};
    static const char *const bad[] = {"", "ctrl-", "ab", "shift-g", "f13", "Ctrl-x", "escape", "\x01", "\xff"};
    char name[32];
    struct key key;
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_true(key_parse(&key, names[i]));
        key_name(name, sizeof(name), key);
        assert_string_equal(name, names[i]);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (key_parse(&key, bad[i]))
            fail_msg("\"%s\" is taken for a key", bad[i]);
    assert_true(key_parse(&key, "enter"));
    key_sign(name, sizeof(name), key, false);
    assert_string_equal(name, "⏎");
    key_sign(name, sizeof(name), key, true);
    assert_string_equal(name, "enter");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),        cmocka_unit_test(test_no_sequence_is_a_command),
        cmocka_unit_test(test_escape_alone), cmocka_unit_test(test_string_without_end),
        cmocka_unit_test(test_held_down),    cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
