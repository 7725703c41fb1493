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
    const char *name;
    int exit_code;
} kinds[] = {
    [ERROR_NONE] = {"none", 0},
    [ERROR_FAILED] = {"failed", 1},
    [ERROR_INVALID] = {"invalid", 2},
    [ERROR_NOT_FOUND] = {"not-found", 3},
    [ERROR_EXISTS] = {"exists", 4},
    [ERROR_CONFLICT] = {"conflict", 5},
    [ERROR_REFUSED] = {"refused", 6},
    [ERROR_UNAVAILABLE] = {"unavailable", 7},
    [ERROR_CANCELLED] = {"cancelled", 130},
};

const char *error_kind_name(enum error_kind kind)
{
    return kinds[kind].name;
}

int error_exit_code(enum error_kind kind)
{
    return kinds[kind].exit_code;
}
