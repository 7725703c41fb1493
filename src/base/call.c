#include "base/call.h"

#include <errno.h>
#include <limits.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"

void cancel_init(struct cancel *cancel)
{
    atomic_init(&cancel->set, false);
    cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void cancel_set(struct cancel *cancel)
{
    int saved = errno;
    uint64_t one = 1;
    atomic_store(&cancel->set, true);
    /* An eventfd that is full is readable already, which is all that matters. */
    ssize_t ignored UNUSED = write(cancel->fd, &one, sizeof(one));
    errno = saved;
}

void cancel_clear(struct cancel *cancel)
{
    if (cancel->fd >= 0)
        close(cancel->fd);
    cancel->fd = -1;
}

int call_left_ms(const struct call *call)
{
    if (!call->deadline_ms)
        return -1;
    int64_t left = call->deadline_ms - clock_boot_ms();
    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

int call_check(const struct call *call, const char *what, struct error *err)
{
    if (call->cancel && atomic_load(&call->cancel->set))
        return error_set(err, ERROR_CANCELLED, "Gave up: %s", what);
    if (call_left_ms(call) == 0) {
        error_set(err, ERROR_UNAVAILABLE, "Took too long: %s", what);
        return error_why(err, "the deadline passed");
    }
    return 0;
}

void call_progress(const struct call *call, struct text words, uint64_t done, uint64_t total)
{
    if (call->progress)
        call->progress(call->progress_context, words, done, total);
}

void call_waits(const struct call *call, struct text words)
{
    call_progress(call, words, 0, 0);
}

struct call call_within(const struct call *call, int64_t ms)
{
    struct call within = *call;
    int64_t deadline;
    if (__builtin_add_overflow(clock_boot_ms(), ms, &deadline))
        return within;
    if (!within.deadline_ms || deadline < within.deadline_ms)
        within.deadline_ms = deadline;
    return within;
}
