#include "tests/support/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/process.h"

enum { WORDS_MAX = 64, RUN_MS = 120000 };

static const char *program(void)
{
    static char *path;
    const char *named = getenv("SIGNALBOX");
    if (!path && !(path = realpath(named ? named : "build/asan/signalbox", NULL)))
        fail_msg("there is no program under test: make VARIANT=asan bin, or set SIGNALBOX");
    return path;
}

static void run(struct ran *ran, const struct repository *r, const char *const *argv, const char *input)
{
    struct process process = {
        .argv = argv, .directory = r->path, .input = input, .input_len = input ? strlen(input) : 0};
    struct process_result result;
    struct error err = {0};
    const struct call call = {.deadline_ms = clock_boot_ms() + RUN_MS};
    ran_clear(ran);
    if (process_run(&result, &process, &call, &err) < 0)
        fail_msg("%s: %s: %s", argv[0], err.what, err.why);
    ran->status = result.status;
    ran->out = buf_take(&result.out);
    ran->err = buf_take(&result.err);
}

static void run_words(struct ran *ran, const struct repository *r, const char *input, va_list ap)
{
    const char *argv[WORDS_MAX] = {program()};
    int argc = 1;
    for (const char *word; argc < WORDS_MAX - 1 && (word = va_arg(ap, const char *));)
        argv[argc++] = word;
    run(ran, r, argv, input);
}

void command_run(struct ran *ran, const struct repository *r, ...)
{
    va_list ap;
    va_start(ap, r);
    run_words(ran, r, NULL, ap);
    va_end(ap);
}

void command_feed(struct ran *ran, const struct repository *r, const char *input, ...)
{
    va_list ap;
    va_start(ap, input);
    run_words(ran, r, input, ap);
    va_end(ap);
}

void command_shell(struct ran *ran, const struct repository *r, const char *line)
{
    const char *const argv[] = {"sh", "-c", line, NULL};
    setenv("SIGNALBOX", program(), 1);
    run(ran, r, argv, NULL);
}

void ran_expect(const struct ran *ran, int status)
{
    if (ran->status != status)
        fail_msg("status %d instead of %d\n%s%s", ran->status, status, ran->out, ran->err);
}

static json_t *object(const char *text)
{
    json_error_t fault;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &fault);
    if (!json || !json_is_object(json))
        fail_msg("no JSON object: %s: %s", fault.text, text);
    return json;
}

json_t *ran_json(const struct ran *ran)
{
    return object(ran->out);
}

json_t *ran_json_error(const struct ran *ran)
{
    return object(ran->err);
}

void ran_clear(struct ran *ran)
{
    free(ran->out);
    free(ran->err);
    *ran = (struct ran){0};
}
