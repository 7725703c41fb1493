#include "tests/support/scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/compiler.h"

char *scratch_make(void)
{
    const char *parent = getenv("TMPDIR");
    struct buf path = {0};
    buf_addf(&path, "%s/signalbox-test.XXXXXX", parent && *parent ? parent : "/tmp");
    if (!mkdtemp(path.bytes)) {
        perror(path.bytes);
        abort();
    }
    return buf_take(&path);
}

static int remove_one(const char *path, const struct stat *st UNUSED, int type UNUSED, struct FTW *ftw UNUSED)
{
    return remove(path);
}

void scratch_remove(char *directory)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    free(directory);
}
