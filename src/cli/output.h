/*
 * The one printer of commands. Lines are struct text, so that nothing of a stranger reaches a terminal as it is; JSON
 * goes through the writer of base/json.h. Progress and errors go to standard error, results to standard output.
 *
 * Output is kept and written at once when a page has come together, at output_now(), or at output_end(). A reader that went away
 * (`| head`) ends the output quietly; anything else that cannot be written is a failure of the command.
 */
#ifndef SIGNALBOX_CLI_OUTPUT_H
#define SIGNALBOX_CLI_OUTPUT_H

#include "base/call.h"
#include "base/json.h"

struct output {
    bool json;
    bool out_terminal, err_terminal;
    int columns;               /* of the terminal; 0 where there is none */
    struct buf pending;        /* of standard output */
    struct json_writer writer; /* into pending; the caller fills in one object */
    bool gone;                 /* the reader of standard output went away */
    int write_errno;           /* the first failure of writing; 0: none */
    int64_t last_progress_ms;
    int last_percent;
    bool bar_shown;
};

void output_init(struct output *out, bool json);

/* Lines on standard output. Nothing with --json. */
void output_text(struct output *out, struct text text);
void output_line(struct output *out, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What is pending, written now: before something that takes its time or asks. A JSON object stays whole, so not with --json. */
void output_now(struct output *out);
/* Several lines of a stranger, each made safe by itself; tabs become blanks. */
void output_block(struct output *out, const char *indent, const char *bytes, size_t len);
/* As they are; ERROR_REFUSED when standard output is a terminal. */
int output_raw(struct output *out, const char *bytes, size_t len, struct error *err) MUST_CHECK;

/* A line on standard error, beside the results: what happens, what was found. Also with --json. */
void output_note(struct output *out, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* What, why, what to do on standard error; with --json one object there. */
void output_error(struct output *out, const struct error *err);

/*
 * For struct call: a bar on a terminal; elsewhere a plain line every few seconds, and at once where something is waited for
 * (call_waits). The context is a struct output.
 */
void output_progress(void *context, struct text words, uint64_t done, uint64_t total);

/* Writes what is pending and ends the bar. `code` is the command's; 1 instead when writing failed. */
int output_end(struct output *out, int code);

/*
 * Asks on the terminal and waits for a line. With a `word` only that word says yes, without one (NULL) y or yes does;
 * anything else, also the end of input, is no.
 */
bool output_confirm(struct output *out, const char *word, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The answer of askpass, which git or ssh reads from a pipe; false on a terminal, or when it cannot be written. */
bool output_answer(const char *answer);
/* Is there somebody to ask? */
bool output_can_ask(const struct output *out);

#endif
