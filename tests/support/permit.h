/* A permit for tests of drivers, outside any run. The one place besides src/run that makes one. */
#ifndef SIGNALBOX_TESTS_PERMIT_H
#define SIGNALBOX_TESTS_PERMIT_H

#include <signalbox/permit.h>

#include "base/compiler.h"

static inline int test_permit_valid(const struct permit *permit UNUSED, struct error *err UNUSED)
{
    return 0;
}

static inline int test_permit_lost(const struct permit *permit UNUSED, struct error *err)
{
    error_set(err, ERROR_CONFLICT, "The lease is lost");
    return error_why(err, "another holder took it (this is a test)");
}

/* Always valid. */
static const struct permit test_permit UNUSED = {
    .run = "r-0001",
    .effect = "test",
    .epoch = 1,
    .actor = "test@localhost",
    .reason = "",
    .still_valid = test_permit_valid,
};

/* Its lease was taken over: every act must refuse with ERROR_CONFLICT and change nothing. */
static const struct permit test_permit_taken_over UNUSED = {
    .run = "r-0001",
    .effect = "test",
    .epoch = 1,
    .actor = "test@localhost",
    .reason = "",
    .still_valid = test_permit_lost,
};

#endif
