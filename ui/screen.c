#include "ui/screen.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>

#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

#include "base/clock.h"
#include "base/memory.h"
#include "ui/colour.h"
#include "ui/tty.h"

static const char sync_begin[] = "\x1b[?2026h", sync_end[] = "\x1b[?2026l";
static const char ask_background[] = "\x1b]11;?\x1b\\";

enum {
    FIRST_SLOT = 16, /* below it are the user's own sixteen */
    SLOTS = 240,
    PAIRS = MEANING_COUNT * GROUND_COUNT + 1,
    DROP_ANSWER_MS = 500,
};

struct pair {
    int fore, back;
};

/* Invariant: `shown` is what the terminal has after the bytes in `out` from `sent` on have reached it, unless `whole`. */
struct screen {
    SCREEN *curses;
    FILE *memory, *nothing; /* what ncurses writes to and would read from */
    int memory_fd;
    bool utf8, rewrite, few_colours; /* rewrite: numbers of slots become true colours on their way out */
    enum depth depth;
    const struct theme *theme;
    struct canvas draw, waiting, shown;
    bool has_waiting, whole, ask;
    struct buf out;
    size_t sent;
    struct pair pairs[PAIRS];
    int pair_count;
    int32_t slots[SLOTS];
    int slot_count;
    short look_pair[MEANING_COUNT][GROUND_COUNT];
    attr_t look_attributes[MEANING_COUNT][GROUND_COUNT];
    cchar_t *row; /* one row for ncurses */
    size_t bytes, frames;
    int64_t asked_ms;
};

static attr_t attributes_of(uint8_t attributes)
{
    return (attributes & ATTRIBUTE_BOLD ? A_BOLD : 0) | (attributes & ATTRIBUTE_DIM ? A_DIM : 0) |
           (attributes & ATTRIBUTE_UNDERLINE ? A_UNDERLINE : 0) | (attributes & ATTRIBUTE_REVERSE ? A_REVERSE : 0) |
           (attributes & ATTRIBUTE_ITALIC ? A_ITALIC : 0);
}

/* The number by which ncurses knows a colour of a look. */
static int colour_number(struct screen *screen, int32_t colour, attr_t *attributes)
{
    if (colour == COLOUR_DEFAULT)
        return -1;
    if (screen->depth == DEPTH_16 && screen->few_colours && colour >= 8) {
        /* Eight colours: bright ones are bold; bright black would be invisible, so it is the default. */
        *attributes |= colour == 8 ? 0 : A_BOLD;
        return colour == 8 ? -1 : colour - 8;
    }
    if (screen->depth != DEPTH_TRUE)
        return colour;
    if (!screen->rewrite) /* an entry with direct colour; 1 to 7 are the palette's there */
        return colour > 0 && colour < 8 ? 8 : colour;
    for (int i = 0; i < screen->slot_count; i++)
        if (screen->slots[i] == colour)
            return FIRST_SLOT + i;
    if (screen->slot_count == SLOTS)
        return colour_to_256(colour);
    screen->slots[screen->slot_count] = colour;
    return FIRST_SLOT + screen->slot_count++;
}

static short pair_number(struct screen *screen, int fore, int back)
{
    if (fore == -1 && back == -1)
        return 0;
    for (int i = 1; i < screen->pair_count; i++)
        if (screen->pairs[i].fore == fore && screen->pairs[i].back == back)
            return (short)i;
    if (screen->pair_count >= PAIRS || screen->pair_count >= COLOR_PAIRS)
        return 0;
    screen->pairs[screen->pair_count] = (struct pair){fore, back};
    init_extended_pair(screen->pair_count, fore, back);
    return (short)screen->pair_count++;
}

void screen_theme(struct screen *screen, const struct theme *theme)
{
    screen->theme = theme;
    screen->pair_count = 1;
    screen->slot_count = 0;
    for (int meaning = 0; meaning < MEANING_COUNT; meaning++) {
        for (int ground = 0; ground < GROUND_COUNT; ground++) {
            struct style style = {.meaning = (uint8_t)meaning, .ground = (uint8_t)ground};
            struct look look = theme_look(theme, screen->depth, style);
            attr_t attributes = attributes_of(look.attributes);
            int fore = colour_number(screen, look.fore, &attributes);
            int back = colour_number(screen, look.back, &attributes);
            screen->look_pair[meaning][ground] = screen->depth == DEPTH_NONE ? 0 : pair_number(screen, fore, back);
            screen->look_attributes[meaning][ground] = attributes;
        }
    }
    screen->whole = true;
}

enum depth screen_depth(const struct screen *screen)
{
    return screen->depth;
}

/* True colours are written by replacing `38;5;N`, so the entry must write just that. */
static bool writes_slots(void)
{
    char *fore = tigetstr("setaf"), *back = tigetstr("setab");
    if (!fore || fore == (char *)-1 || !back || back == (char *)-1)
        return false;
    return strcmp(tparm(fore, 200L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L), "\x1b[38;5;200m") == 0 &&
           strcmp(tparm(back, 200L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L), "\x1b[48;5;200m") == 0;
}

static void choose_depth(struct screen *screen, const char *configured)
{
    int colours = tigetnum("colors");
    screen->few_colours = colours < 16;
    screen->depth = theme_depth(configured, colours, getenv("NO_COLOR"), getenv("COLORTERM"));
    screen->rewrite = screen->depth == DEPTH_TRUE && colours == 256;
    if (screen->rewrite && !writes_slots()) {
        screen->depth = DEPTH_256;
        screen->rewrite = false;
    }
    if (screen->depth != DEPTH_NONE) {
        start_color();
        use_default_colors();
    }
}

/* A terminfo string without its padding, which is for terminals of another age; "" when the terminal has none. */
static void add_capability(struct buf *out, const char *name)
{
    const char *string = tigetstr(name);
    if (!string || string == (const char *)-1)
        return;
    while (*string) {
        const char *end = string[0] == '$' && string[1] == '<' ? strchr(string, '>') : NULL;
        if (end)
            string = end + 1;
        else
            buf_addc(out, *string++);
    }
}

static void set_sequences(bool mouse)
{
    struct buf enter = {0}, leave = {0};
    add_capability(&enter, "smcup");
    buf_adds(&enter, "\x1b[?2004h");
    if (mouse)
        buf_adds(&enter, "\x1b[?1002h\x1b[?1006h");
    add_capability(&enter, "civis");
    buf_adds(&leave, sync_end);
    if (mouse)
        buf_adds(&leave, "\x1b[?1006l\x1b[?1002l");
    buf_adds(&leave, "\x1b[?2004l");
    add_capability(&leave, "sgr0");
    add_capability(&leave, "op");
    add_capability(&leave, "rmcup");
    add_capability(&leave, "cnorm"); /* last: some restore a hidden cursor with the main screen */
    tty_sequences(enter.bytes, enter.len, leave.bytes, leave.len);
    buf_clear(&enter);
    buf_clear(&leave);
}

static void forget_written(struct screen *screen)
{
    if (ftruncate(screen->memory_fd, 0) < 0 || lseek(screen->memory_fd, 0, SEEK_SET) < 0)
        abort(); /* a file in memory cannot refuse this */
}

static int refuse_terminal(struct error *err)
{
    const char *term = getenv("TERM");
    error_set(err, ERROR_REFUSED, "The console cannot draw on this terminal");
    if (!term || !*term)
        error_why(err, "TERM is not set");
    else
        error_why(err, "TERM=%s is %s", term,
                  strcmp(term, "dumb") == 0 ? "a terminal that cannot place the cursor"
                                            : "not known here, or cannot place the cursor");
    return error_todo(
        err, "Set TERM to what the terminal is (xterm-256color fits most), or use the commands: signalbox help");
}

/* Asked apart, because newterm() leaks when it does not know the terminal. */
static bool known_terminal(int fd)
{
    int status;
    if (setupterm(NULL, fd, &status) == ERR)
        return false;
    del_curterm(cur_term);
    return true;
}

static int start_curses(struct screen *screen, struct error *err)
{
    const char *term = getenv("TERM");
    struct sigaction winch, ignore = {.sa_handler = SIG_IGN};
    screen->memory_fd = memfd_create("signalbox-frame", MFD_CLOEXEC);
    screen->memory = screen->memory_fd < 0 ? NULL : fdopen(screen->memory_fd, "r+");
    screen->nothing = fopen("/dev/null", "re");
    if (!screen->memory || !screen->nothing)
        return error_errno(err, ERROR_FAILED, "No memory file for the screen can be made");
    if (!term || !*term || !known_terminal(screen->memory_fd))
        return refuse_terminal(err);
    /* ncurses takes SIGWINCH where nobody has it, and would ask the memory file for its size. */
    sigaction(SIGWINCH, &ignore, &winch);
    screen->curses = newterm(NULL, screen->memory, screen->nothing);
    sigaction(SIGWINCH, &winch, NULL);
    char *place = screen->curses ? tigetstr("cup") : NULL;
    if (!place || place == (char *)-1)
        return refuse_terminal(err);
    nonl();
    typeahead(-1);
    idlok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    /* The first refresh switches to the alternate screen; that is tty_take()'s to say, now and after every stop. */
    refresh();
    forget_written(screen);
    return 0;
}

static void fit_canvases(struct screen *screen)
{
    int rows, cols;
    tty_size(&rows, &cols);
    resize_term(rows, cols);
    canvas_reset(&screen->draw, rows, cols);
    canvas_reset(&screen->shown, rows, cols);
    screen->has_waiting = false;
    screen->row = mem_resize(screen->row, (size_t)cols + 1, sizeof(*screen->row));
    screen->whole = true;
}

int screen_open(struct screen **out, const struct screen_options *options, const struct theme *theme,
                struct error *err)
{
    setlocale(LC_CTYPE, "");
    /* Before newterm: ncurses leaves signals alone that somebody has. */
    if (tty_open(err) < 0)
        return -1;
    struct screen *screen = mem_alloc(sizeof(*screen));
    screen->memory_fd = -1;
    screen->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (start_curses(screen, err) < 0) {
        screen_close(screen);
        return -1;
    }
    choose_depth(screen, options->colour);
    set_sequences(options->mouse);
    const char *terminal = getenv("TERM");
    screen->ask = options->ask_background && terminal && strncmp(terminal, "linux", 5) != 0;
    screen->draw.glyphs = screen->shown.glyphs = screen->waiting.glyphs =
        glyphs_choose(options->glyphs, screen->utf8);
    screen_theme(screen, theme);
    fit_canvases(screen);
    tty_take();
    *out = screen;
    return 0;
}

void screen_close(struct screen *screen)
{
    if (screen->asked_ms && clock_boot_ms() - screen->asked_ms < DROP_ANSWER_MS)
        tty_drop_input(); /* or the shell would get the answer */
    tty_close();
    if (screen->curses)
        delscreen(screen->curses);
    if (screen->memory)
        fclose(screen->memory);
    else if (screen->memory_fd >= 0)
        close(screen->memory_fd);
    if (screen->nothing)
        fclose(screen->nothing);
    canvas_clear(&screen->draw);
    canvas_clear(&screen->waiting);
    canvas_clear(&screen->shown);
    buf_clear(&screen->out);
    free(screen->row);
    free(screen);
}

int screen_fd(const struct screen *screen UNUSED)
{
    return tty_fd();
}

int screen_wake_fd(const struct screen *screen UNUSED)
{
    return tty_wake_fd();
}

/* What had not been sent belongs to a picture that is gone. */
static void start_over(struct screen *screen)
{
    buf_truncate(&screen->out, 0);
    screen->sent = 0;
    screen->has_waiting = false;
    screen->whole = true;
}

bool screen_continued(struct screen *screen)
{
    if (!tty_continued())
        return false;
    start_over(screen);
    screen_resize(screen);
    return true;
}

ssize_t screen_read(struct screen *screen UNUSED, char *bytes, size_t size)
{
    ssize_t got = read(tty_fd(), bytes, size);
    if (got > 0)
        return got;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    /* EIO: in the background, or hung up; the first passes. */
    return got < 0 && errno == EIO && !tty_taken() ? 0 : -1;
}

bool screen_resize(struct screen *screen)
{
    int rows, cols;
    tty_size(&rows, &cols);
    if (rows == screen->draw.rows && cols == screen->draw.cols)
        return false;
    fit_canvases(screen);
    return true;
}

struct canvas *screen_canvas(struct screen *screen)
{
    canvas_reset(&screen->draw, screen->draw.rows, screen->draw.cols);
    return &screen->draw;
}

/* The cell for ncurses. What the C library would give another width, or cannot be written at all, becomes a ?. Returns
 * the columns ncurses will give it. */
static int set_cell(struct screen *screen, cchar_t *out, const struct cell *cell)
{
    wchar_t wide[CCHARW_MAX + 1] = {0};
    short pair = screen->look_pair[cell->style.meaning][cell->style.ground];
    attr_t attributes = screen->look_attributes[cell->style.meaning][cell->style.ground];
    if (cell->style.attributes)
        attributes |= attributes_of(cell->style.attributes);
    if (cell->len == 1) {
        wide[0] = (unsigned char)cell->bytes[0];
        setcchar(out, wide, attributes, pair, NULL);
        return 1;
    }
    char bytes[CELL_BYTES + 1] = {0};
    memcpy(bytes, cell->bytes, cell->len);
    size_t count = screen->utf8 ? mbstowcs(wide, bytes, CCHARW_MAX) : (size_t)-1;
    if (count == 0 || count == (size_t)-1 || wcwidth(wide[0]) != cell->width ||
        setcchar(out, wide, attributes, pair, NULL) == ERR) {
        setcchar(out, L"?", attributes, pair, NULL);
        return 1;
    }
    return cell->width;
}

/* Paints columns [from, to) of a row. */
static void paint_span(struct screen *screen, int row, int from, int to)
{
    int count = 0;
    const struct cell *cells = canvas_at(&screen->draw, row, 0);
    for (int col = from; col < to; col++) {
        if (cells[col].width == 0)
            continue; /* the wide one before it brought its right half */
        int given = set_cell(screen, &screen->row[count++], &cells[col]);
        if (given < cells[col].width) {
            screen->row[count] = screen->row[count - 1];
            count++;
        }
    }
    mvadd_wchnstr(row, from, screen->row, count);
}

static void paint(struct screen *screen)
{
    int cols = screen->draw.cols;
    for (int row = 0; row < screen->draw.rows; row++) {
        const struct cell *now = canvas_at(&screen->draw, row, 0), *old = canvas_at(&screen->shown, row, 0);
        if (!screen->whole && memcmp(now, old, (size_t)cols * sizeof(*now)) == 0)
            continue;
        int from = 0, to = cols;
        while (!screen->whole && from < to && memcmp(&now[from], &old[from], sizeof(*now)) == 0)
            from++;
        while (!screen->whole && to > from && memcmp(&now[to - 1], &old[to - 1], sizeof(*now)) == 0)
            to--;
        while (from > 0 && (now[from].width == 0 || old[from].width == 0))
            from--;
        while (to < cols && (now[to].width == 0 || old[to].width == 0))
            to++;
        paint_span(screen, row, from, to);
    }
}

/* `ESC [ 38;5;N m` of a slot becomes `ESC [ 38;2;R;G;B m`. Only ncurses' own output is read here. */
static void add_rewritten(struct screen *screen, const char *bytes, size_t len)
{
    size_t copied = 0, at = 0;
    while (at + 7 < len) {
        const char *escape = memchr(bytes + at, '\x1b', len - at - 7);
        if (!escape)
            break;
        at = (size_t)(escape - bytes) + 1;
        if (memcmp(escape, "\x1b[38;5;", 7) != 0 && memcmp(escape, "\x1b[48;5;", 7) != 0)
            continue;
        size_t end = at + 6;
        int number = 0;
        while (end < len && bytes[end] >= '0' && bytes[end] <= '9')
            number = number * 10 + bytes[end++] - '0';
        if (end >= len || bytes[end] != 'm' || number < FIRST_SLOT || number >= FIRST_SLOT + screen->slot_count)
            continue;
        int32_t rgb = screen->slots[number - FIRST_SLOT];
        buf_add(&screen->out, bytes + copied, at + 4 - copied);
        buf_addf(&screen->out, "2;%d;%d;%dm", rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
        copied = at = end + 1;
    }
    buf_add(&screen->out, bytes + copied, len - copied);
}

static void collect_frame(struct screen *screen)
{
    off_t len = lseek(screen->memory_fd, 0, SEEK_CUR);
    if (len <= 0)
        return;
    CLEANUP(buf_clear) struct buf written = {0};
    ssize_t got = pread(screen->memory_fd, buf_reserve(&written, (size_t)len), (size_t)len, 0);
    forget_written(screen);
    if (got <= 0)
        return;
    buf_adds(&screen->out, sync_begin);
    if (screen->rewrite)
        add_rewritten(screen, written.bytes, (size_t)got);
    else
        buf_add(&screen->out, written.bytes, (size_t)got);
    buf_adds(&screen->out, sync_end);
    screen->frames++;
    if (screen->ask) {
        buf_adds(&screen->out, ask_background);
        screen->asked_ms = clock_boot_ms();
        screen->ask = false;
    }
}

static bool same_cursor(const struct canvas *a, const struct canvas *b)
{
    if (a->cursor_shown != b->cursor_shown)
        return false;
    return !a->cursor_shown || (a->cursor_row == b->cursor_row && a->cursor_col == b->cursor_col);
}

static bool same_frame(const struct screen *screen)
{
    const struct canvas *now = &screen->draw, *old = &screen->shown;
    return !screen->whole && same_cursor(now, old) &&
           memcmp(now->cells, old->cells, (size_t)now->rows * (size_t)now->cols * sizeof(*now->cells)) == 0;
}

static void swap(struct canvas *a, struct canvas *b)
{
    struct canvas c = *a;
    *a = *b;
    *b = c;
}

/* From `draw` to bytes in `out`. */
static void make_frame(struct screen *screen)
{
    if (same_frame(screen))
        return;
    paint(screen);
    if (screen->whole) {
        clearok(curscr, TRUE);
        screen->shown.cursor_shown = !screen->draw.cursor_shown;
    }
    leaveok(stdscr, !screen->draw.cursor_shown);
    if (screen->draw.cursor_shown)
        move(screen->draw.cursor_row, screen->draw.cursor_col);
    if (screen->draw.cursor_shown != screen->shown.cursor_shown)
        curs_set(screen->draw.cursor_shown);
    wnoutrefresh(stdscr);
    doupdate();
    screen->whole = false;
    collect_frame(screen);
    swap(&screen->draw, &screen->shown);
}

int screen_flush(struct screen *screen)
{
    while (tty_taken()) {
        if (screen->sent == screen->out.len && screen->has_waiting) {
            swap(&screen->draw, &screen->waiting);
            screen->has_waiting = false;
            buf_truncate(&screen->out, 0);
            screen->sent = 0;
            make_frame(screen);
        }
        if (screen->sent == screen->out.len)
            break;
        ssize_t sent = write(tty_fd(), screen->out.bytes + screen->sent, screen->out.len - screen->sent);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN ? 0 : -1;
        screen->sent += (size_t)sent;
        screen->bytes += (size_t)sent;
    }
    if (screen->sent == screen->out.len) {
        buf_truncate(&screen->out, 0);
        screen->sent = 0;
    }
    return 0;
}

int screen_show(struct screen *screen)
{
    bool busy = screen->sent < screen->out.len || !tty_taken();
    if (busy) {
        canvas_reset(&screen->waiting, screen->draw.rows, screen->draw.cols);
        swap(&screen->draw, &screen->waiting);
        screen->has_waiting = true;
    } else {
        make_frame(screen);
    }
    return screen_flush(screen);
}

bool screen_pending(const struct screen *screen)
{
    return tty_taken() && (screen->sent < screen->out.len || screen->has_waiting);
}

void screen_redraw(struct screen *screen)
{
    screen->whole = true;
}

void screen_suspend(struct screen *screen)
{
    tty_suspend();
    start_over(screen);
}

void screen_resume(struct screen *screen)
{
    tty_resume();
    start_over(screen);
    screen_resize(screen);
}

void screen_stop(struct screen *screen UNUSED)
{
    tty_stop();
}

void screen_count(const struct screen *screen, size_t *bytes, size_t *frames)
{
    *bytes = screen->bytes;
    *frames = screen->frames;
}
