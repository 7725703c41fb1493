/*
 * Makes an SVG of a real screen: runs a command in a terminal of a size, types, waits for words, and draws what a person
 * would see.
 *
 *     screen-svg [-s COLSxROWS] [-t TITLE] -o FILE [-w WORDS | -k KEYS | -p SECONDS]… -- COMMAND…
 *
 * -w waits until WORDS are on the screen, -k types KEYS (\r \e \t \\ as in C), -p pauses, since a console takes no key
 * typed in haste for a yes; in the order given. The font is
 * whatever monospace the reader has; every character is placed on its own column, so that boxes meet in any of them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/pty.h"
#include "ui/colour.h"

enum { CELL_WIDTH = 9, CELL_HEIGHT = 19, BASELINE = 14, MARGIN = 14, BAR = 34, ACTIONS = 64 };

static const int32_t plain_fore = 0xc9ced6, plain_back = 0x14181d;

struct looks {
    int32_t fore, back;
};

static int32_t rgb_of(int32_t colour, int32_t plain)
{
    return colour < 0 ? plain : colour >= 0x1000000 ? colour_of_256(colour - 0x1000000) : colour;
}

static struct looks looks_of(const struct terminal_cell *cell)
{
    struct looks looks = {rgb_of(cell->fore, plain_fore), rgb_of(cell->back, plain_back)};
    if (cell->reverse)
        looks = (struct looks){looks.back, looks.fore};
    return looks;
}

static void add_escaped(struct buf *out, const char *bytes)
{
    for (; *bytes; bytes++) {
        if (*bytes == '&')
            buf_adds(out, "&amp;");
        else if (*bytes == '<')
            buf_adds(out, "&lt;");
        else if (*bytes == '>')
            buf_adds(out, "&gt;");
        else
            buf_addc(out, *bytes);
    }
}

/* One rectangle for each run of a background other than the window's. */
static void add_grounds(struct buf *out, const struct terminal *terminal, int row, int cols, int32_t window)
{
    for (int col = 0, end; col < cols; col = end) {
        struct terminal_cell cell = terminal_cell(terminal, row, col);
        int32_t back = looks_of(&cell).back;
        for (end = col + 1; end < cols; end++) {
            struct terminal_cell next = terminal_cell(terminal, row, end);
            if (looks_of(&next).back != back)
                break;
        }
        if (back != window)
            buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#%06x\"/>\n",
                     MARGIN + col * CELL_WIDTH, BAR + row * CELL_HEIGHT, (end - col) * CELL_WIDTH, CELL_HEIGHT,
                     (unsigned)back);
    }
}

static bool same_run(const struct terminal_cell *a, const struct terminal_cell *b)
{
    return looks_of(a).fore == looks_of(b).fore && a->bold == b->bold && a->underline == b->underline &&
           a->italic == b->italic && strcmp(b->bytes, " ") != 0 && b->width == 1 && a->width == 1;
}

/* One text element for each run of one look, with the x of every character. */
static void add_texts(struct buf *out, const struct terminal *terminal, int row, int cols)
{
    for (int col = 0, end; col < cols; col = end) {
        struct terminal_cell cell = terminal_cell(terminal, row, col);
        end = col + 1;
        if (cell.width == 0 || strcmp(cell.bytes, " ") == 0)
            continue;
        struct buf places = {0}, words = {0};
        buf_addf(&places, "%d", MARGIN + col * CELL_WIDTH);
        add_escaped(&words, cell.bytes);
        for (; end < cols; end++) {
            struct terminal_cell next = terminal_cell(terminal, row, end);
            if (!same_run(&cell, &next))
                break;
            buf_addf(&places, " %d", MARGIN + end * CELL_WIDTH);
            add_escaped(&words, next.bytes);
        }
        buf_addf(out, "<text x=\"%s\" y=\"%d\" fill=\"#%06x\"%s%s%s>%s</text>\n", buf_string(&places),
                 BAR + row * CELL_HEIGHT + BASELINE, (unsigned)looks_of(&cell).fore,
                 cell.bold ? " font-weight=\"bold\"" : "", cell.italic ? " font-style=\"italic\"" : "",
                 cell.underline ? " text-decoration=\"underline\"" : "", buf_string(&words));
        buf_clear(&places);
        buf_clear(&words);
    }
}

static void add_window(struct buf *out, const char *title, int width, int height, int32_t back)
{
    static const char *const lights[] = {"#ff5f57", "#febc2e", "#28c840"};
    buf_addf(out,
             "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
             "font-family=\"'DejaVu Sans Mono', 'JetBrains Mono', Menlo, Consolas, monospace\" font-size=\"15\" "
             "xml:space=\"preserve\">\n",
             width, height, width, height);
    buf_addf(out, "<rect width=\"%d\" height=\"%d\" rx=\"9\" fill=\"#%06x\"/>\n", width, height, (unsigned)back);
    for (int i = 0; i < 3; i++)
        buf_addf(out, "<circle cx=\"%d\" cy=\"17\" r=\"5.5\" fill=\"%s\"/>\n", 20 + 19 * i, lights[i]);
    buf_addf(out, "<text x=\"%d\" y=\"22\" text-anchor=\"middle\" font-size=\"13\" fill=\"#8c95a3\">", width / 2);
    add_escaped(out, title);
    buf_adds(out, "</text>\n");
}

static void add_cursor(struct buf *out, const struct terminal *terminal)
{
    int row, col;
    bool shown;
    terminal_cursor(terminal, &row, &col, &shown);
    if (shown)
        buf_addf(out, "<rect x=\"%d\" y=\"%d\" width=\"2\" height=\"%d\" fill=\"#%06x\"/>\n",
                 MARGIN + col * CELL_WIDTH, BAR + row * CELL_HEIGHT + 1, CELL_HEIGHT - 2, (unsigned)plain_fore);
}

static void draw(struct buf *out, const struct terminal *terminal, const char *title)
{
    int rows, cols;
    terminal_size(terminal, &rows, &cols);
    /* The window has the colour of the last row's background, which is the theme's. */
    struct terminal_cell corner = terminal_cell(terminal, rows - 1, cols - 1);
    int32_t window = looks_of(&corner).back;
    add_window(out, title, cols * CELL_WIDTH + 2 * MARGIN, BAR + rows * CELL_HEIGHT + MARGIN, window);
    for (int row = 0; row < rows; row++) {
        add_grounds(out, terminal, row, cols, window);
        add_texts(out, terminal, row, cols);
    }
    add_cursor(out, terminal);
    buf_adds(out, "</svg>\n");
}

static void type_escaped(struct pty *pty, const char *keys)
{
    for (; *keys; keys++) {
        char c = *keys;
        if (c == '\\' && keys[1]) {
            keys++;
            c = *keys == 'r' ? '\r' : *keys == 'e' ? '\x1b' : *keys == 't' ? '\t' : *keys;
        }
        pty_send(pty, &c, 1);
    }
}

static int usage(void)
{
    fputs("screen-svg [-s COLSxROWS] [-t TITLE] -o FILE [-w WORDS | -k KEYS]... -- COMMAND...\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    static const char *const env[] = {"COLORTERM=truecolor", NULL};
    struct {
        int kind;
        const char *words;
    } actions[ACTIONS];
    int cols = 120, rows = 36, count = 0, option;
    const char *title = "signalbox", *path = NULL;
    while ((option = getopt(argc, argv, "+s:t:o:w:k:p:")) != -1) {
        if (option == 's' && sscanf(optarg, "%dx%d", &cols, &rows) != 2)
            return usage();
        if (option == '?' || (strchr("wkp", option) && count == ACTIONS))
            return usage();
        if (option == 't')
            title = optarg;
        if (option == 'o')
            path = optarg;
        if (strchr("wkp", option)) {
            actions[count].kind = option;
            actions[count++].words = optarg;
        }
    }
    if (!path || optind >= argc || cols < 1 || rows < 1 || cols > 1000 || rows > 1000)
        return usage();
    struct pty *pty = pty_start(
        &(struct pty_options){.argv = (const char *const *)argv + optind, .env = env, .rows = rows, .cols = cols});
    for (int i = 0; i < count; i++) {
        if (actions[i].kind == 'w')
            pty_expect(pty, actions[i].words);
        else if (actions[i].kind == 'p')
            usleep((useconds_t)(atof(actions[i].words) * 1e6));
        else
            type_escaped(pty, actions[i].words);
    }
    pty_settle(pty, 0);
    struct buf svg = {0};
    struct error err;
    draw(&svg, pty_terminal(pty), title);
    int failed = file_write(path, buf_string(&svg), svg.len, 0644, &err);
    if (failed)
        fprintf(stderr, "%s: %s\n", err.what, err.why);
    buf_clear(&svg);
    pty_stop(pty);
    return failed ? 1 : 0;
}
