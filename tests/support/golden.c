#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/pty.h"

enum { GOLDEN_LIMIT = 4 * 1024 * 1024 };

static void write_file(const char *path, const struct buf *bytes)
{
    struct error err;
    if (file_write(path, buf_string(bytes), bytes->len, 0644, &err) < 0)
        fail_msg("%s: %s", err.what, err.why);
}

static void report_first_difference(const char *want, const char *have)
{
    int line = 1;
    while (*want && *have) {
        size_t want_len = strcspn(want, "\n"), have_len = strcspn(have, "\n");
        if (want_len != have_len || memcmp(want, have, want_len) != 0)
            break;
        want += want_len + (want[want_len] != 0);
        have += have_len + (have[have_len] != 0);
        line++;
    }
    print_error("line %d should be\n  %.*s\nbut is\n  %.*s\n", line, (int)strcspn(want, "\n"), want,
                (int)strcspn(have, "\n"), have);
}

void golden_compare(const char *name, const struct buf *actual)
{
    char path[512], beside[512];
    struct buf want = {0};
    struct error err;
    const char *update = getenv("SIGNALBOX_GOLDEN_UPDATE");
    snprintf(path, sizeof(path), "tests/golden/%s.txt", name);
    if (update && strcmp(update, "1") == 0) {
        mkdir("tests/golden", 0755);
        write_file(path, actual);
        return;
    }
    bool read = file_read(&want, path, GOLDEN_LIMIT, &err) == 0;
    bool same = read && want.len == actual->len && memcmp(want.bytes, actual->bytes, want.len) == 0;
    if (!same) {
        mkdir("build", 0755);
        mkdir("build/golden", 0755);
        snprintf(beside, sizeof(beside), "build/golden/%s.actual.txt", name);
        write_file(beside, actual);
        print_error("%s: %s differs from %s\n", name, beside, read ? path : "nothing: there is no golden file");
        if (read)
            report_first_difference(buf_string(&want), buf_string(actual));
    }
    buf_clear(&want);
    if (!same)
        fail();
}
