/*
 * A terminal to look at: libvterm, fed with what a program wrote. Reads back what a person would see, cell by cell.
 */
#ifndef SIGNALBOX_TESTS_TERMINAL_H
#define SIGNALBOX_TESTS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct terminal;

/* The modes a program may leave behind. */
struct terminal_modes {
    bool alternate, cursor_hidden, mouse, paste, sgr_mouse, focus, synchronized;
};

struct terminal_cell {
    char bytes[32]; /* UTF-8, "" for the right half of a wide character, " " for nothing */
    int width;
    int32_t fore, back; /* 0xRRGGBB, -1 default, 0x1000000 + index of a palette */
    bool bold, dim, underline, reverse, italic;
};

struct terminal *terminal_new(int rows, int cols);
void terminal_free(struct terminal *terminal);
void terminal_feed(struct terminal *terminal, const char *bytes, size_t len);
void terminal_resize(struct terminal *terminal, int rows, int cols);

void terminal_size(const struct terminal *terminal, int *rows, int *cols);
struct terminal_cell terminal_cell(const struct terminal *terminal, int row, int col);
void terminal_cursor(const struct terminal *terminal, int *row, int *col, bool *shown);
struct terminal_modes terminal_modes(const struct terminal *terminal);

/* What the terminal answers to queries since the last call; the caller writes it to the program. */
void terminal_answers(struct terminal *terminal, struct buf *out);

/* Rows as plain text, \n after each, no spaces at the end. */
void terminal_text(const struct terminal *terminal, struct buf *out);

/* The text, then one letter a cell for its look and a legend of looks: what golden files hold. */
void terminal_golden(const struct terminal *terminal, struct buf *out);

/* The number of complete synchronized frames (CSI ? 2026 h … l) seen. */
size_t terminal_frames(const struct terminal *terminal);

#endif
