/*
 * Golden screens: every state of the console, painted by the real screen in a real pty and read back through libvterm.
 * The program under test is this one again, started as `test_views child NAME COLOUR GLYPHS`. After a change that is meant:
 * SIGNALBOX_GOLDEN_UPDATE=1, and look at the difference.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/pty.h"
#include "tests/support/scenes.h"
#include "ui/picture.h"
#include "ui/screen.h"

static const char *self;

static int child(const char *name, const char *colour, const char *glyphs)
{
    struct theme theme;
    struct screen *screen;
    struct error err = {0};
    struct screen_options options = {.colour = colour, .glyphs = glyphs};
    if (theme_load(&theme, "dark", false, &err) < 0 || screen_open(&screen, &options, &theme, &err) < 0)
        return 2;
    struct scene *scene = scene_make(name, strcmp(glyphs, "ascii") == 0);
    picture_draw(screen_canvas(screen), scene);
    screen_show(screen);
    char key = 0;
    while (key != 'q') {
        struct pollfd fd = {.fd = screen_fd(screen), .events = POLLIN | (screen_pending(screen) ? POLLOUT : 0)};
        poll(&fd, 1, 1000);
        screen_flush(screen);
        if (screen_read(screen, &key, 1) < 0)
            break;
    }
    screen_close(screen);
    scene_unmake(scene);
    return 0;
}

static void compare(const char *name, const char *colour, const char *glyphs, int rows, int cols, const char *suffix)
{
    const char *const argv[] = {self, "child", name, colour, glyphs, NULL};
    const char *const env[] = {"TZ=UTC", "NO_COLOR", NULL};
    struct pty *pty = pty_start(&(struct pty_options){.argv = argv, .env = env, .rows = rows, .cols = cols});
    char golden[128];
    while (terminal_frames(pty_terminal(pty)) == 0)
        assert_true(pty_read_for(pty, PTY_WAIT_MS) > 0);
    pty_settle(pty, 30);
    snprintf(golden, sizeof(golden), "%s-%dx%d%s", name, cols, rows, suffix);
    pty_golden(pty, golden);
    pty_type(pty, "q");
    assert_int_equal(pty_wait_exit(pty), 0);
    pty_stop(pty);
}

static void test_80x24(void **state)
{
    (void)state;
    for (size_t i = 0; scene_name(i); i++)
        compare(scene_name(i), "256", "braille", 24, 80, "");
}

static void test_120x36(void **state)
{
    (void)state;
    for (size_t i = 0; scene_name(i); i++)
        compare(scene_name(i), "256", "braille", 36, 120, "");
}

static void test_without_colour(void **state)
{
    (void)state;
    static const char *const some[] = {"releases", "steps-failed", "activity", "steps-confirm"};
    for (size_t i = 0; i < COUNT(some); i++)
        compare(some[i], "none", "braille", 24, 80, "-mono");
}

static void test_ascii(void **state)
{
    (void)state;
    static const char *const some[] = {"releases", "steps-running", "activity", "help", "palette"};
    for (size_t i = 0; i < COUNT(some); i++)
        compare(some[i], "16", "ascii", 24, 80, "-ascii");
}

static void test_small(void **state)
{
    (void)state;
    compare("releases", "256", "braille", 14, 50, "");
    compare("steps-running", "256", "braille", 12, 40, "");
    compare("steps-running", "256", "braille", 6, 30, "");
}

/* Nothing may fall outside, be cut in the middle of a character or crash, whatever the size. */
static void test_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; scene_name(i); i++) {
        struct scene *scene = scene_make(scene_name(i), false);
        for (int rows = 1; rows < 40; rows += 3) {
            for (int cols = 1; cols < 130; cols += 7) {
                struct canvas canvas;
                canvas_init(&canvas, rows, cols, GLYPHS_BRAILLE);
                picture_draw(&canvas, scene);
                canvas_clear(&canvas);
            }
        }
        scene_unmake(scene);
    }
}

int main(int argc, char **argv)
{
    self = argv[0];
    if (argc == 5 && strcmp(argv[1], "child") == 0)
        return child(argv[2], argv[3], argv[4]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size),     cmocka_unit_test(test_80x24), cmocka_unit_test(test_120x36),
        cmocka_unit_test(test_without_colour), cmocka_unit_test(test_ascii), cmocka_unit_test(test_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
