#include "cli/output.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/clock.h"

enum { PAGE = 64 * 1024, BAR_EVERY_MS = 100, LINE_EVERY_MS = 5000, BAR_WIDTH = 24 };

void output_init(struct output *out, bool json)
{
    *out = (struct output){.json = json, .last_percent = -1};
    out->out_terminal = isatty(STDOUT_FILENO);
    out->err_terminal = isatty(STDERR_FILENO);
    struct winsize size;
    if (out->out_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        out->columns = size.ws_col;
    out->writer = (struct json_writer){.out = &out->pending, .first = true};
}

/* 0 or an errno. A descriptor that is not ready (somebody made the terminal non-blocking) is waited for. */
static int write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            poll(&ready, 1, -1);
            continue;
        }
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return errno;
        bytes += put;
        len -= (size_t)put;
    }
    return 0;
}

static void flush(struct output *out)
{
    int failed =
        out->gone || out->write_errno ? 0 : write_all(STDOUT_FILENO, buf_string(&out->pending), out->pending.len);
    if (failed == EPIPE)
        out->gone = true;
    else if (failed)
        out->write_errno = failed;
    buf_truncate(&out->pending, 0);
}

static void flush_page(struct output *out)
{
    /* A JSON object is written whole or not at all. */
    if (out->pending.len >= PAGE && !out->json)
        flush(out);
}

void output_text(struct output *out, struct text text)
{
    if (out->json)
        return;
    buf_add(&out->pending, text.safe, text.len);
    buf_addc(&out->pending, '\n');
    flush_page(out);
}

void output_line(struct output *out, const char *fmt, ...)
{
    struct text_buf line = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&line, fmt, ap);
    va_end(ap);
    output_text(out, text_of(&line));
    text_buf_clear(&line);
}

static void block_line(struct output *out, const char *indent, const char *bytes, size_t len)
{
    struct text_buf line = {0};
    if (len && bytes[len - 1] == '\r')
        len--;
    if (len)
        text_adds(&line, indent);
    for (size_t from = 0; from <= len;) {
        const char *tab = memchr(bytes + from, '\t', len - from);
        size_t end = tab ? (size_t)(tab - bytes) : len;
        text_add_raw(&line, bytes + from, end - from);
        if (tab)
            text_add(&line, TEXT("    "));
        from = end + 1;
    }
    output_text(out, text_of(&line));
    text_buf_clear(&line);
}

void output_block(struct output *out, const char *indent, const char *bytes, size_t len)
{
    for (size_t from = 0; from < len;) {
        const char *newline = memchr(bytes + from, '\n', len - from);
        size_t end = newline ? (size_t)(newline - bytes) : len;
        block_line(out, indent, bytes + from, end - from);
        from = end + 1;
    }
}

int output_raw(struct output *out, const char *bytes, size_t len, struct error *err)
{
    if (out->out_terminal) {
        error_set(err, ERROR_REFUSED, "Raw bytes are not printed on a terminal");
        error_why(err, "it would obey whatever a stranger wrote into them");
        return error_todo(err, "Send them into a file or another program, or leave out --raw");
    }
    buf_add(&out->pending, bytes, len);
    flush(out);
    return 0;
}

static void end_bar(struct output *out)
{
    static const char wipe[] = "\r\x1b[K";
    if (out->bar_shown)
        write_all(STDERR_FILENO, wipe, sizeof(wipe) - 1);
    out->bar_shown = false;
}

void output_now(struct output *out)
{
    if (out->json || !out->pending.len)
        return;
    end_bar(out);
    flush(out);
}

/* One line to standard error. That it cannot be written there cannot be said anywhere. */
static void say(struct output *out, struct text text)
{
    struct buf line = {0};
    end_bar(out);
    buf_add(&line, text.safe, text.len);
    buf_addc(&line, '\n');
    write_all(STDERR_FILENO, line.bytes, line.len);
    buf_clear(&line);
}

void output_note(struct output *out, const char *fmt, ...)
{
    struct text_buf line = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&line, fmt, ap);
    va_end(ap);
    flush(out);
    say(out, text_of(&line));
    text_buf_clear(&line);
}

static void error_json(struct output *out, const struct error *err)
{
    struct buf bytes = {0};
    struct json_writer w = {.out = &bytes, .first = true};
    json_begin_object(&w, NULL);
    json_begin_object(&w, "error");
    json_put_string(&w, "kind", error_kind_name(err->kind));
    json_put_string(&w, "what", err->what);
    json_put_string(&w, "why", err->why);
    json_put_string(&w, "todo", err->todo);
    json_put_int(&w, "code", error_exit_code(err->kind));
    json_end_object(&w);
    json_end_object(&w);
    buf_addc(&bytes, '\n');
    end_bar(out);
    write_all(STDERR_FILENO, bytes.bytes, bytes.len);
    buf_clear(&bytes);
}

void output_error(struct output *out, const struct error *err)
{
    /* Half an object is worse than none. */
    if (out->json)
        buf_truncate(&out->pending, 0);
    else
        flush(out);
    if (out->json) {
        error_json(out, err);
        return;
    }
    struct text_buf line = {0};
    text_addf(&line, "signalbox: %s", err->what);
    if (err->why[0])
        text_addf(&line, ": %s", err->why);
    say(out, text_of(&line));
    text_buf_clear(&line);
    if (!err->todo[0])
        return;
    text_addf(&line, "  %s", err->todo);
    say(out, text_of(&line));
    text_buf_clear(&line);
}

static void draw_bar(struct output *out, struct text words, int percent)
{
    char kept[256];
    struct buf line = {0};
    struct text shown = text_ellipsis(kept, sizeof(kept), words, out->columns > 60 ? out->columns - 40 : 40, true);
    buf_adds(&line, "\r\x1b[K");
    if (percent >= 0) {
        buf_addc(&line, '[');
        for (int i = 0; i < BAR_WIDTH; i++)
            buf_addc(&line, i * 100 < percent * BAR_WIDTH ? '#' : '.');
        buf_addf(&line, "] %3d %% ", percent);
    }
    buf_add(&line, shown.safe, shown.len);
    write_all(STDERR_FILENO, line.bytes, line.len);
    buf_clear(&line);
    out->bar_shown = true;
}

void output_progress(void *context, struct text words, uint64_t done, uint64_t total)
{
    struct output *out = context;
    int64_t now = clock_boot_ms();
    int percent = total ? (int)(done >= total ? 100 : done * 100 / total) : -1;
    if (out->err_terminal) {
        if (now - out->last_progress_ms < BAR_EVERY_MS)
            return;
        draw_bar(out, words, percent);
    } else if (!total && !done) {
        /* Said once, and after a while only: see call_waits(). */
        output_note(out, "%.*s", (int)words.len, words.safe);
        return;
    } else {
        /* What is over within a few seconds needs no line in a log. */
        if (!out->last_progress_ms)
            out->last_progress_ms = now;
        if (now - out->last_progress_ms < LINE_EVERY_MS || percent == out->last_percent)
            return;
        if (percent >= 0)
            output_note(out, "%.*s: %d %%", (int)words.len, words.safe, percent);
        else
            output_note(out, "%.*s: %llu", (int)words.len, words.safe, (unsigned long long)done);
    }
    out->last_percent = percent;
    out->last_progress_ms = now;
}

int output_end(struct output *out, int code)
{
    if (out->json && out->pending.len && out->pending.bytes[out->pending.len - 1] != '\n')
        buf_addc(&out->pending, '\n');
    flush(out);
    end_bar(out);
    buf_clear(&out->pending);
    if (!out->write_errno)
        return code;
    struct error err;
    errno = out->write_errno;
    error_errno(&err, ERROR_FAILED, "Cannot write the output");
    output_error(out, &err);
    buf_clear(&out->pending);
    return code ? code : error_exit_code(ERROR_FAILED);
}

bool output_can_ask(const struct output *out)
{
    return out->out_terminal && !out->json && isatty(STDIN_FILENO);
}

static bool says_yes(const char *answer, const char *word)
{
    if (word)
        return strcmp(answer, word) == 0;
    return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

bool output_confirm(struct output *out, const char *word, const char *fmt, ...)
{
    struct text_buf question = {0};
    va_list ap;
    va_start(ap, fmt);
    text_addv(&question, fmt, ap);
    va_end(ap);
    if (word)
        text_addf(&question, " Type %s to go on: ", word);
    else
        text_add(&question, TEXT(" [y/N] "));
    flush(out);
    end_bar(out);
    write_all(STDERR_FILENO, question.raw.bytes, question.raw.len);
    text_buf_clear(&question);
    char answer[256];
    ssize_t got = read(STDIN_FILENO, answer, sizeof(answer) - 1);
    if (got <= 0 || answer[got - 1] != '\n')
        return false;
    answer[got - 1] = 0;
    return says_yes(answer, word);
}

bool output_answer(const char *answer)
{
    return !isatty(STDOUT_FILENO) && write_all(STDOUT_FILENO, answer, strlen(answer)) == 0 &&
           write_all(STDOUT_FILENO, "\n", 1) == 0;
}
