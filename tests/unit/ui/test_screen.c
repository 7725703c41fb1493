/*
 * The terminal in a real pty: taken, painted, given back. The program under test is this one again, started as
 * `test_screen child MODE`: a console of three lines that draws a counter and obeys a few keys.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "tests/support/pty.h"
#include "ui/input.h"
#include "ui/screen.h"

static const char *self;

/* --- the child ---------------------------------------------------------------------------------------------------- */

struct child {
    struct screen *screen;
    struct theme theme;
    int count;
    bool quit, stop, light;
    char last[64];
};

static void draw(struct child *child, struct canvas *canvas)
{
    canvas_printf(canvas, 0, 0, STYLE_ON(TITLE, BAR), "size %dx%d", canvas->cols, canvas->rows);
    canvas_printf(canvas, 1, 0, STYLE(DANGER), "count %d", child->count);
    canvas_text(canvas, 2, 0, TEXT("wide 漢字 and ● and e\u0301"), STYLE(STABLE));
    canvas_printf(canvas, 3, 0, STYLE(MUTED), "last %s%s", child->last, child->light ? " light" : "");
    if (child->count == 7)
        canvas_cursor(canvas, 4, 5);
}

static void crash(char key)
{
    static const struct {
        char key;
        int signal;
    } crashes[] = {{'A', SIGABRT}, {'B', SIGBUS}, {'F', SIGFPE}, {'I', SIGILL}};
    for (size_t i = 0; i < COUNT(crashes); i++)
        if (crashes[i].key == key)
            raise(crashes[i].signal);
    volatile uintptr_t nowhere = 64;
    if (key == 'S')
        *(volatile int *)nowhere = 1;
    if (key == 'R')
        abort();
}

static void on_event(void *context, const struct event *event)
{
    struct child *child = context;
    if (event->kind == EVENT_BACKGROUND)
        child->light = event->light;
    if (event->kind == EVENT_MOUSE)
        snprintf(child->last, sizeof(child->last), "mouse %d,%d", event->row, event->col);
    if (event->kind != EVENT_KEY)
        return;
    key_name(child->last, sizeof(child->last), event->key);
    if (event->key.code == 'z' && event->key.modifiers == MODIFIER_CTRL)
        child->stop = true;
    else if (event->key.code == 'q')
        child->quit = true;
    else if (event->key.code == '+')
        child->count++;
    else if (event->key.code == 'e') {
        screen_suspend(child->screen);
        printf("editor here\n");
        fflush(stdout);
        if (getchar() == EOF)
            exit(9);
        screen_resume(child->screen);
    } else if (event->key.code < 128)
        crash((char)event->key.code);
}

static int run_child(const char *colour)
{
    struct child child = {.last = "none"};
    struct error err;
    struct input input = {0};
    struct screen_options options = {
        .colour = colour, .glyphs = "auto", .mouse = true, .ask_background = getenv("ASK") != NULL};
    if (theme_load(&child.theme, "dark", false, &err) < 0 ||
        screen_open(&child.screen, &options, &child.theme, &err) < 0) {
        printf("%s. %s. %s.\n", err.what, err.why, err.todo);
        return error_exit_code(err.kind);
    }
    while (!child.quit) {
        char bytes[256];
        draw(&child, screen_canvas(child.screen));
        if (screen_show(child.screen) < 0)
            break;
        struct pollfd fds[] = {
            {.fd = screen_fd(child.screen), .events = POLLIN | (screen_pending(child.screen) ? POLLOUT : 0)},
            {.fd = screen_wake_fd(child.screen), .events = POLLIN}};
        poll(fds, 2, 50);
        screen_continued(child.screen);
        screen_resize(child.screen);
        if (screen_flush(child.screen) < 0)
            break;
        ssize_t got = screen_read(child.screen, bytes, sizeof(bytes));
        if (got < 0)
            break;
        int64_t now = clock_boot_ms();
        input_feed(&input, bytes, (size_t)got, now, on_event, &child);
        if (child.stop)
            screen_stop(child.screen);
        child.stop = false;
    }
    screen_close(child.screen);
    puts("goodbye");
    return 3;
}

/* --- the tests ---------------------------------------------------------------------------------------------------- */

static struct pty *start(const char *colour, const char *const *env)
{
    const char *argv[] = {self, "child", colour, NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .env = env, .rows = 24, .cols = 80});
    pty_expect(pty, "count 0");
    return pty;
}

static void assert_taken(struct pty *pty)
{
    struct terminal_modes modes = terminal_modes(pty_terminal(pty));
    assert_true(modes.alternate);
    assert_true(modes.cursor_hidden);
    assert_true(modes.mouse && modes.sgr_mouse && modes.paste);
}

static void test_quit(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    pty_settle(pty, 0);
    assert_taken(pty);
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 3);
    pty_assert_given_back(pty);
    assert_true(pty_has(pty, "goodbye"));
    assert_false(pty_has(pty, "count"));
    pty_stop(pty);
}

static void test_signals_that_end(void **state UNUSED)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    for (size_t i = 0; i < COUNT(signals); i++) {
        struct pty *pty = start("auto", NULL);
        pty_signal(pty, signals[i]);
        assert_int_equal(pty_wait_exit(pty), 128 + signals[i]);
        pty_assert_given_back(pty);
        pty_stop(pty);
    }
}

static void test_crashes(void **state UNUSED)
{
    static const struct {
        const char *key;
        int signal;
    } crashes[] = {{"A", SIGABRT}, {"R", SIGABRT}, {"S", SIGSEGV}, {"B", SIGBUS}, {"F", SIGFPE}, {"I", SIGILL}};
    /* The sanitizer's own handlers turn a crash into exit 1. */
    static const char *const env[] = {
        "ASAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0",
        "TSAN_OPTIONS=handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0",
        "UBSAN_OPTIONS=halt_on_error=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0", NULL};
    for (size_t i = 0; i < COUNT(crashes); i++) {
        struct pty *pty = start("auto", env);
        pty_type(pty, crashes[i].key);
        assert_int_equal(pty_wait_exit(pty), 128 + crashes[i].signal);
        pty_assert_given_back(pty);
        pty_stop(pty);
    }
}

/* With the sanitizer's handler there before ours, its report must still come: ours chains to it. */
static void test_crash_chains(void **state UNUSED)
{
#if defined(__SANITIZE_ADDRESS__)
    struct pty *pty = start("auto", NULL);
    pty_resize(pty, 24, 200);
    pty_settle(pty, 0);
    pty_type(pty, "S");
    int status = pty_wait_exit(pty);
    assert_int_not_equal(status, 0);
    assert_int_not_equal(status, 3);
    pty_assert_given_back(pty);
    assert_true(pty_has(pty, "AddressSanitizer"));
    pty_stop(pty);
#endif
}

static void test_stop_and_continue(void **state UNUSED)
{
    for (int by_key = 0; by_key < 2; by_key++) {
        struct pty *pty = start("auto", NULL);
        pty_type(pty, "+++");
        pty_expect(pty, "count 3");
        if (by_key)
            pty_type(pty, "\x1a");
        else
            pty_signal(pty, SIGTSTP);
        pty_wait_stopped(pty);
        pty_assert_given_back(pty);
        assert_false(pty_has(pty, "count 3"));
        pty_signal(pty, SIGCONT);
        pty_expect(pty, "count 3");
        pty_settle(pty, 0);
        assert_taken(pty);
        pty_type(pty, "+");
        pty_expect(pty, "count 4");
        pty_type(pty, "q");
        assert_int_equal(pty_wait_exit(pty), 3);
        pty_assert_given_back(pty);
        pty_stop(pty);
    }
}

/* A second stop, and an end after a stop, must work like the first. */
static void test_stop_twice_then_term(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    for (int i = 0; i < 2; i++) {
        pty_signal(pty, SIGTSTP);
        pty_wait_stopped(pty);
        pty_assert_given_back(pty);
        pty_signal(pty, SIGCONT);
        pty_expect(pty, "count 0");
    }
    pty_signal(pty, SIGTERM);
    assert_int_equal(pty_wait_exit(pty), 128 + SIGTERM);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_suspend_for_an_editor(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    pty_type(pty, "e");
    pty_expect(pty, "editor here");
    pty_settle(pty, 0);
    pty_assert_given_back(pty);
    pty_type(pty, "x\r");
    pty_expect(pty, "count 0");
    pty_expect_gone(pty, "editor here");
    pty_settle(pty, 0);
    assert_taken(pty);
    pty_type(pty, "q");
    pty_wait_exit(pty);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_nothing_changed_is_no_byte(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    pty_settle(pty, 0);
    size_t bytes = pty_bytes(pty), frames = terminal_frames(pty_terminal(pty));
    assert_int_equal(frames, 1);
    assert_int_equal(pty_read_for(pty, 500), 0); /* it draws every 50 ms */
    assert_int_equal(pty_bytes(pty), bytes);
    pty_type(pty, "+");
    pty_expect(pty, "count 1");
    pty_settle(pty, 0);
    assert_int_equal(terminal_frames(pty_terminal(pty)), 2);
    assert_in_range(pty_bytes(pty) - bytes, 1, 200);
    pty_type(pty, "q");
    pty_wait_exit(pty);
    pty_stop(pty);
}

static void test_resize(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    pty_expect(pty, "size 80x24");
    pty_resize(pty, 40, 132);
    pty_expect(pty, "size 132x40");
    pty_resize(pty, 5, 40);
    pty_expect(pty, "size 40x5");
    pty_expect(pty, "wide 漢字 and ● and e\u0301");
    pty_type(pty, "q");
    pty_wait_exit(pty);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

static void test_cursor_where_one_types(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    int row, col;
    bool shown;
    pty_type(pty, "+++++++");
    pty_expect(pty, "count 7");
    pty_settle(pty, 0);
    terminal_cursor(pty_terminal(pty), &row, &col, &shown);
    assert_true(shown);
    assert_int_equal(row, 4);
    assert_int_equal(col, 5);
    pty_type(pty, "+");
    pty_expect(pty, "count 8");
    pty_settle(pty, 0);
    terminal_cursor(pty_terminal(pty), &row, &col, &shown);
    assert_false(shown);
    pty_type(pty, "q");
    pty_wait_exit(pty);
    pty_stop(pty);
}

static struct terminal_cell danger_cell(const char *colour, const char *const *env)
{
    struct pty *pty = start(colour, env);
    pty_settle(pty, 0);
    struct terminal_cell cell = terminal_cell(pty_terminal(pty), 1, 0);
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 3);
    pty_assert_given_back(pty);
    pty_stop(pty);
    assert_string_equal(cell.bytes, "c");
    assert_true(cell.bold);
    return cell;
}

static void test_colours(void **state UNUSED)
{
    static const char *const truecolor[] = {"COLORTERM=truecolor", NULL};
    static const char *const no_color[] = {"COLORTERM=truecolor", "NO_COLOR=1", NULL};
    static const char *const sixteen[] = {"TERM=xterm", NULL};
    struct theme theme;
    struct error err;
    assert_int_equal(theme_load(&theme, "dark", false, &err), 0);
    struct style danger = {.meaning = MEANING_DANGER, .ground = GROUND_SCREEN};
    struct terminal_cell cell = danger_cell("auto", truecolor);
    struct look look = theme_look(&theme, DEPTH_TRUE, danger);
    assert_int_equal(cell.fore, look.fore);
    assert_int_equal(cell.back, look.back);
    cell = danger_cell("auto", NULL);
    look = theme_look(&theme, DEPTH_256, danger);
    assert_int_equal(cell.fore, 0x1000000 + look.fore);
    assert_int_equal(cell.back, 0x1000000 + look.back);
    cell = danger_cell("auto", sixteen);
    assert_int_equal(cell.fore, 0x1000000 + 1);
    assert_int_equal(cell.back, -1);
    cell = danger_cell("auto", no_color);
    assert_int_equal(cell.fore, -1);
    assert_int_equal(cell.back, -1);
}

static void test_ascii_locale(void **state UNUSED)
{
    static const char *const env[] = {"LC_ALL=C", NULL};
    struct pty *pty = start("auto", env);
    pty_expect(pty, "wide ???? and ? and ?");
    pty_type(pty, "q");
    pty_wait_exit(pty);
    pty_stop(pty);
}

static void test_terminals_that_cannot(void **state UNUSED)
{
    static const struct {
        const char *env[2], *word;
    } cases[] = {{{"TERM=dumb", NULL}, "TERM=dumb"},
                 {{"TERM=no-such-terminal", NULL}, "TERM=no-such-terminal"},
                 {{"TERM", NULL}, "TERM is not set"}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *argv[] = {self, "child", "auto", NULL};
        struct pty *pty =
            pty_start(&(struct pty_options){.argv = argv, .env = cases[i].env, .rows = 24, .cols = 500});
        assert_int_equal(pty_wait_exit(pty), 6);
        assert_true(pty_has(pty, cases[i].word));
        assert_true(pty_has(pty, "signalbox help"));
        pty_assert_given_back(pty);
        pty_stop(pty);
    }
}

static void test_background_answer(void **state UNUSED)
{
    static const char *const env[] = {"ASK=1", NULL};
    struct pty *pty = start("auto", env);
    pty_type(pty, "\x1b]11;rgb:ffff/ff");
    pty_read_for(pty, 100);
    pty_type(pty, "ff/eeee\x1b\\");
    pty_expect(pty, "last none light");
    pty_type(pty, "\x1b[<0;8;3M");
    pty_expect(pty, "last mouse 2,7");
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 3);
    pty_stop(pty);
}

/* The terminal takes no bytes: keys are still read, and when it takes some again the newest frame appears. */
static void test_blocked_terminal(void **state UNUSED)
{
    struct pty *pty = start("auto", NULL);
    pty_settle(pty, 0);
    for (int i = 0; i < 400; i++) {
        pty_type(pty, i % 2 ? "+" : "\x1b[<0;70;20M");
        usleep(500); /* nobody reads meanwhile */
    }
    pty_expect(pty, "count 200");
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 3);
    pty_assert_given_back(pty);
    pty_stop(pty);
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc == 3 && strcmp(argv[1], "child") == 0)
        return run_child(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quit),
        cmocka_unit_test(test_signals_that_end),
        cmocka_unit_test(test_crashes),
        cmocka_unit_test(test_crash_chains),
        cmocka_unit_test(test_stop_and_continue),
        cmocka_unit_test(test_stop_twice_then_term),
        cmocka_unit_test(test_suspend_for_an_editor),
        cmocka_unit_test(test_nothing_changed_is_no_byte),
        cmocka_unit_test(test_resize),
        cmocka_unit_test(test_cursor_where_one_types),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_ascii_locale),
        cmocka_unit_test(test_terminals_that_cannot),
        cmocka_unit_test(test_background_answer),
        cmocka_unit_test(test_blocked_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
