/*
 * The terminal: the only room that knows ncurses and termios. It owns the terminal from screen_open() to screen_close(),
 * paints canvases on it and hands out the bytes it sends. There is one at a time.
 *
 * A frame is one write inside synchronized output, and no byte when nothing changed. The terminal is non-blocking: what it
 * does not take is kept, and meanwhile only the newest frame waits.
 *
 * The terminal is given back by screen_close(), by screen_suspend(), and from a signal handler for TERM, HUP, INT, QUIT,
 * ABRT, SEGV, BUS, FPE and ILL, after which the signal does what it did before, so the exit status is right. On TSTP it is
 * given back, the process stops, and CONT takes it again. The wait point may block these signals while it works.
 */
#ifndef SIGNALBOX_UI_SCREEN_H
#define SIGNALBOX_UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "ui/canvas.h"
#include "ui/theme.h"

struct screen;

struct screen_options {
    const char *colour; /* "auto", "none", "16", "256", "true" */
    const char *glyphs; /* "auto", "braille", "blocks", "ascii" */
    bool mouse;
    bool ask_background; /* the answer comes as EVENT_BACKGROUND, after the first frame */
};

/*
 * Takes the terminal. Sets LC_CTYPE from the environment. Errors: ERROR_REFUSED (not a terminal, TERM is dumb or unknown,
 * with what to do), ERROR_FAILED.
 */
int screen_open(struct screen **out, const struct screen_options *options, const struct theme *theme,
                struct error *err) MUST_CHECK;
void screen_close(struct screen *screen);

/* The terminal, for poll(): POLLIN always, POLLOUT while screen_pending(). */
int screen_fd(const struct screen *screen);

/* Readable after CONT, until screen_continued() has been asked. */
int screen_wake_fd(const struct screen *screen);

/* Was the process stopped and continued? Answers true once; the next screen_show() paints everything anew. */
bool screen_continued(struct screen *screen);

/* Bytes read, 0 when there are none now, -1 when the terminal is gone. */
ssize_t screen_read(struct screen *screen, char *bytes, size_t size);

/* Asks the terminal for its size (after SIGWINCH, or at any time). True when it changed; the next frame is whole. */
bool screen_resize(struct screen *screen);

/* The canvas for the next frame, empty, of the present size. Owned by the screen. */
struct canvas *screen_canvas(struct screen *screen);

/* Paints it. Sends it, or keeps it when the terminal is still busy with the last one. -1 when the terminal is gone. */
int screen_show(struct screen *screen);

bool screen_pending(const struct screen *screen);

/* Sends what waits, as far as the terminal takes it. -1 when the terminal is gone. */
int screen_flush(struct screen *screen);

/* The theme must outlive its use. The next frame is whole. */
void screen_theme(struct screen *screen, const struct theme *theme);
enum depth screen_depth(const struct screen *screen);

/* Gives the terminal to a child ($EDITOR, pinentry) and takes it again; the next frame is whole. */
void screen_suspend(struct screen *screen);
void screen_resume(struct screen *screen);

/* Ctrl-Z: as if the terminal had sent TSTP. Returns after fg. */
void screen_stop(struct screen *screen);

/* The next frame is painted whole: Ctrl-L, or something else wrote on the terminal. */
void screen_redraw(struct screen *screen);

/* For the bench: bytes sent and frames written so far. */
void screen_count(const struct screen *screen, size_t *bytes, size_t *frames);

#endif
