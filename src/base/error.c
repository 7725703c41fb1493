/* Not the macros for its users. */
#define ERROR_ITSELF
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

int error_set(struct error *err, enum error_kind kind, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    err->kind = kind;
    text_fmtv(err->what, sizeof(err->what), fmt, ap);
    err->why[0] = err->todo[0] = 0;
    va_end(ap);
    return -1;
}

int error_why(struct error *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_fmtv(err->why, sizeof(err->why), fmt, ap);
    va_end(ap);
    return -1;
}

int error_todo(struct error *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    text_fmtv(err->todo, sizeof(err->todo), fmt, ap);
    va_end(ap);
    return -1;
}

int error_errno(struct error *err, enum error_kind kind, const char *fmt, ...)
{
    int saved = errno;
    va_list ap;
    va_start(ap, fmt);
    err->kind = kind;
    text_fmtv(err->what, sizeof(err->what), fmt, ap);
    va_end(ap);
    err->todo[0] = 0;
    return error_why(err, "%s", strerror(saved));
}

int error_wrap(struct error *err, const char *fmt, ...)
{
    struct error inner = *err;
    va_list ap;
    va_start(ap, fmt);
    text_fmtv(err->what, sizeof(err->what), fmt, ap);
    va_end(ap);
    return error_why(err, "%s%s%s", inner.what, inner.why[0] ? ": " : "", inner.why);
}

struct text error_what(const struct error *err)
{
    return (struct text){err->what, strlen(err->what)};
}

struct text error_reason(const struct error *err)
{
    return (struct text){err->why, strlen(err->why)};
}

struct text error_advice(const struct error *err)
{
    return (struct text){err->todo, strlen(err->todo)};
}

static const struct {
    const char *name, *meaning;
    int exit_code;
} kinds[] = {
    [ERROR_NONE] = {"none", "done", 0},
    [ERROR_FAILED] = {"failed", "it was tried and did not work", 1},
    [ERROR_INVALID] = {"invalid", "what was given makes no sense: the command line, a value, a file", 2},
    [ERROR_NOT_FOUND] = {"not-found", "what was named is not there", 3},
    [ERROR_EXISTS] = {"exists", "what was to be made is there already", 4},
    [ERROR_CONFLICT] = {"conflict", "somebody else was first, or is at it", 5},
    [ERROR_REFUSED] = {"refused", "a rule said no, before anything changed", 6},
    [ERROR_UNAVAILABLE] = {"unavailable", "a backend did not answer; trying again may help", 7},
    [ERROR_CANCELLED] = {"cancelled", "given up by you", 130},
};

const char *error_kind_name(enum error_kind kind)
{
    return kinds[kind].name;
}

const char *error_kind_meaning(enum error_kind kind)
{
    return kinds[kind].meaning;
}

int error_exit_code(enum error_kind kind)
{
    return kinds[kind].exit_code;
}
