#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "run/lease.h"

/* The first line of a small file of the kernel's; "" where it cannot be read. */
static char *first_line(const char *path)
{
    struct buf line = {0};
    struct error err;
    if (file_read(&line, path, 4096, &err) < 0)
        buf_clear(&line);
    buf_truncate(&line, strcspn(buf_string(&line), "\n"));
    return buf_take(&line);
}

static void add_link(struct buf *out, const char *path)
{
    char target[128];
    ssize_t len = readlink(path, target, sizeof(target));
    if (len > 0)
        buf_add(out, target, (size_t)len);
}

/*
 * Field 22 of /proc/PID/stat, counted after the name, which may hold anything. A zombie holds nothing any more, though
 * its parent has not looked yet.
 */
int64_t lease_process_start(int64_t pid)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%lld/stat", (long long)pid);
    CLEANUP(free_string) char *stat = first_line(path);
    const char *rest = strrchr(stat, ')');
    if (rest && (rest[1] != ' ' || strchr("ZX", rest[2])))
        return 0;
    for (int field = 2; rest && field < 22; field++)
        rest = strchr(rest + 1, ' ');
    return rest ? strtoll(rest, NULL, 10) : 0;
}

void lease_identity_self(struct lease_identity *out)
{
    char machine[256] = "";
    gethostname(machine, sizeof(machine) - 1);
    struct buf spaces = {0};
    add_link(&spaces, "/proc/self/ns/pid");
    add_link(&spaces, "/proc/self/ns/time");
    *out = (struct lease_identity){
        .machine = mem_string(machine),
        .boot = first_line("/proc/sys/kernel/random/boot_id"),
        .spaces = buf_take(&spaces),
        .pid = getpid(),
        .start = lease_process_start(getpid()),
    };
}

void lease_identity_clear(struct lease_identity *identity)
{
    free(identity->machine);
    free(identity->boot);
    free(identity->spaces);
    *identity = (struct lease_identity){0};
}
