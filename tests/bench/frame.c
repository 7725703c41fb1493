/*
 * What a frame costs at 200x60: time from the canvas to bytes on a pty, and how many bytes. Runs itself in a pty; prints
 * one line each for a first frame, a whole repaint, one changed counter, a scrolled list and nothing changed.
 */
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ui/screen.h"
#include "ui/widget/frame.h"
#include "ui/widget/table.h"

enum { ROWS = 60, COLS = 200, ROUNDS = 200 };

/* Of this thread: what other processes do to the clock on the wall is not the frame's. */
static double now_ms(void)
{
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

static void row(void *context UNUSED, size_t index, struct table_cell *cells, char *scratch, size_t size)
{
    cells[0] = (struct table_cell){text_fmt(scratch, size / 2, "v1.%zu.0", index), STYLE(STRONG)};
    cells[1] = (struct table_cell){TEXT("9a8b7c6"), STYLE(MUTED)};
    cells[2] = (struct table_cell){TEXT("✓ 3m12s"), STYLE(SUCCESS)};
    cells[3] = (struct table_cell){TEXT("● live since Mon, by maria"), STYLE(STABLE)};
    cells[4] = (struct table_cell){TEXT("way back: 1.2.3, 43 s; 漢字 and a long note that goes on"), STYLE(MUTED)};
}

static const struct column columns[] = {{.title = TEXT("version"), .wish = 14, .least = 8},
                                        {.title = TEXT("commit"), .wish = 8, .least = 8},
                                        {.title = TEXT("build"), .wish = 12, .least = 8},
                                        {.title = TEXT("production"), .wish = 40, .least = 8},
                                        {.title = TEXT("notes"), .wish = 40, .least = 8, .grow = 1}};
static const struct table table = {.columns = columns, .column_count = 5, .heading = true, .row = row};

static void draw(struct canvas *canvas, size_t selected, int counter)
{
    struct rect rect = canvas_rect(canvas);
    struct table_place place = {.selected = selected, .top = selected};
    canvas_fill(canvas, rect_cut_top(&rect, 1), STYLE_ON(TEXT, BAR));
    canvas_printf(canvas, 0, 1, STYLE(TITLE), "sports-edge/api  %d", counter);
    frame_rule(canvas, rect.row, 0, canvas->cols, (struct text){0});
    rect_cut_top(&rect, 1);
    table_draw(canvas, rect, &table, &place, 100000, NULL);
}

enum kind { WHOLE, COUNTER, SCROLLED, UNCHANGED, KINDS };

static int child(FILE *report)
{
    static const char *const names[KINDS] = {"whole repaint", "one counter", "list scrolled", "nothing changed"};
    struct screen *screen;
    struct theme theme;
    struct error err;
    struct screen_options options = {.colour = "auto", .glyphs = "auto"};
    if (theme_load(&theme, "dark", false, &err) < 0 || screen_open(&screen, &options, &theme, &err) < 0) {
        fprintf(report, "%s: %s\n", err.what, err.why);
        return 1;
    }
    for (enum kind kind = WHOLE; kind < KINDS; kind++) {
        double total = 0, worst = 0;
        size_t bytes, frames, bytes_before;
        draw(screen_canvas(screen), 0, 0);
        screen_show(screen);
        while (screen_pending(screen))
            screen_flush(screen);
        screen_count(screen, &bytes_before, &frames);
        for (int i = 0; i < ROUNDS; i++) {
            while (screen_pending(screen))
                screen_flush(screen);
            double start = now_ms();
            if (kind == WHOLE)
                screen_redraw(screen);
            draw(screen_canvas(screen), kind == SCROLLED ? (size_t)i : 0, kind == COUNTER ? i : 0);
            screen_show(screen);
            double took = now_ms() - start;
            total += took;
            worst = took > worst ? took : worst;
        }
        while (screen_pending(screen))
            screen_flush(screen);
        screen_count(screen, &bytes, &frames);
        fprintf(report, "%-16s %6.2f ms of CPU a frame, worst %6.2f ms, %6zu bytes\n", names[kind], total / ROUNDS,
                worst, (bytes - bytes_before) / ROUNDS);
    }
    screen_close(screen);
    return 0;
}

int main(void)
{
    struct winsize size = {.ws_row = ROWS, .ws_col = COLS};
    char bytes[65536];
    int master, status;
    pid_t pid = forkpty(&master, NULL, NULL, &size);
    if (pid < 0)
        return 1;
    if (pid == 0) {
        FILE *report = tmpfile();
        setenv("TERM", "xterm-256color", 1);
        setenv("COLORTERM", "truecolor", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        status = child(report);
        rewind(report);
        printf("@@@\n");
        while (fgets(bytes, sizeof(bytes), report))
            fputs(bytes, stdout);
        fflush(stdout);
        exit(status);
    }
    char tail[4096] = "";
    size_t kept = 0;
    ssize_t got;
    while ((got = read(master, bytes, sizeof(bytes) - 1)) > 0) {
        bytes[got] = 0;
        char *mark = kept ? bytes : strstr(bytes, "@@@");
        for (; mark && *mark && kept + 1 < sizeof(tail); mark++)
            tail[kept++] = *mark;
    }
    waitpid(pid, &status, 0);
    printf("canvas to terminal at %dx%d\n%s", COLS, ROWS, kept > 5 ? tail + 5 : "");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
