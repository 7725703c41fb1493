/* Data that is shared beside the repository: $SIGNALBOX_SHARED, else ../shared. */
#ifndef SIGNALBOX_TESTS_SHARED_DATA_H
#define SIGNALBOX_TESTS_SHARED_DATA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"

/*
 * The path of a shared file; caller frees. NULL when it is not there: then the test is left out, which is said in one
 * line, or fails where CI=true is set.
 */
static inline char *shared_data(const char *name)
{
    const char *root = getenv("SIGNALBOX_SHARED");
    char *path = path_join(root && *root ? root : "../shared", name);
    if (file_exists(path))
        return path;
    const char *ci = getenv("CI");
    if (ci && strcmp(ci, "true") == 0)
        fail_msg("%s is missing", path);
    static bool said;
    if (!said)
        printf("left out: what needs the shared data, since %s is missing\n", path);
    said = true;
    free(path);
    return NULL;
}

#endif
