#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"

static int read_descriptor(struct buf *out, int fd, const char *path, size_t limit, struct error *err)
{
    size_t before = out->len;
    for (;;) {
        char *end = buf_reserve(out, 65536);
        ssize_t got = read(fd, end, 65536);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_errno(err, ERROR_FAILED, "Cannot read %s", path);
        if (got == 0)
            return 0;
        out->len += (size_t)got;
        out->bytes[out->len] = 0;
        if (out->len - before > limit) {
            error_set(err, ERROR_INVALID, "Cannot read %s", path);
            return error_why(err, "it is larger than %zu bytes", limit);
        }
    }
}

int file_read(struct buf *out, const char *path, size_t limit, struct error *err)
{
    size_t before = out->len;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        enum error_kind kind = errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_FAILED;
        return error_errno(err, kind, "Cannot read %s", path);
    }
    struct stat st;
    int result = -1;
    if (fstat(fd, &st) < 0) {
        error_errno(err, ERROR_FAILED, "Cannot read %s", path);
    } else if (!S_ISREG(st.st_mode)) {
        error_set(err, ERROR_INVALID, "Cannot read %s", path);
        error_why(err, "it is not a regular file");
    } else {
        result = read_descriptor(out, fd, path, limit, err);
    }
    close(fd);
    if (result < 0)
        buf_truncate(out, before);
    return result;
}

static int write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t put = write(fd, bytes, len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        bytes += put;
        len -= (size_t)put;
    }
    return 0;
}

static int sync_directory(const char *path)
{
    char *copy = mem_string(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(copy);
    if (fd < 0)
        return -1;
    int result = fsync(fd);
    int saved = errno;
    close(fd);
    errno = saved;
    /* Some network file systems do not sync directories and say so. */
    return result < 0 && errno != EINVAL ? -1 : 0;
}

/* Writes, syncs and renames; errno tells what failed. The temporary file is gone afterwards. */
static int fill_and_rename(int fd, const char *temporary, const char *path, const void *bytes, size_t len,
                           mode_t mode)
{
    int failed = write_all(fd, bytes, len) < 0 || fchmod(fd, mode) < 0 || fsync(fd) < 0;
    int saved = errno;
    if (close(fd) < 0 && !failed) {
        failed = 1;
        saved = errno;
    }
    if (!failed && rename(temporary, path) < 0) {
        failed = 1;
        saved = errno;
    }
    if (failed)
        unlink(temporary);
    errno = saved;
    return failed ? -1 : sync_directory(path);
}

static int replace(const char *path, const void *bytes, size_t len, mode_t mode)
{
    CLEANUP(buf_clear) struct buf temporary = {0};
    buf_addf(&temporary, "%s.XXXXXX", path);
    int fd = mkostemp(temporary.bytes, O_CLOEXEC);
    return fd < 0 ? -1 : fill_and_rename(fd, temporary.bytes, path, bytes, len, mode);
}

/* By way of the file named; beside the target where that lies on another file system. */
static int replace_by(const char *temporary, const char *path, const void *bytes, size_t len, mode_t mode)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    if (fill_and_rename(fd, temporary, path, bytes, len, mode) == 0)
        return 0;
    return errno == EXDEV ? replace(path, bytes, len, mode) : -1;
}

/* Where the bytes go: the file itself, or what a link leads to. NULL (and *err) when that is no place to write. */
static char *real_target(const char *path, mode_t *mode, struct error *err)
{
    struct stat st;
    const char *why = NULL;
    if (stat(path, &st) == 0) {
        *mode = st.st_mode & 07777;
        why = S_ISREG(st.st_mode) ? NULL : "it is not a regular file";
    } else if (errno == ENOENT && lstat(path, &st) == 0) {
        why = "it is a symbolic link that leads nowhere";
    } else if (errno == ENOENT) {
        return mem_string(path);
    } else {
        error_errno(err, ERROR_FAILED, "Cannot write %s", path);
        return NULL;
    }
    char *target = why ? NULL : realpath(path, NULL);
    if (!target) {
        error_errno(err, why ? ERROR_INVALID : ERROR_FAILED, "Cannot write %s", path);
        if (why)
            error_why(err, "%s", why);
    }
    return target;
}

int file_write_by(const char *temporary, const char *path, const void *bytes, size_t len, mode_t mode,
                  struct error *err)
{
    char *target = real_target(path, &mode, err);
    if (!target)
        return -1;
    int result = temporary ? replace_by(temporary, target, bytes, len, mode) : replace(target, bytes, len, mode);
    if (result < 0)
        error_errno(err, ERROR_FAILED, "Cannot write %s", path);
    free(target);
    return result;
}

int file_write(const char *path, const void *bytes, size_t len, mode_t mode, struct error *err)
{
    return file_write_by(NULL, path, bytes, len, mode, err);
}

/* 0 when the directory is there afterwards, else an errno. */
static int make_dir(const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return 0;
    if (errno != EEXIST)
        return errno;
    if (stat(path, &st) < 0)
        return errno;
    return S_ISDIR(st.st_mode) ? 0 : ENOTDIR;
}

int file_make_dirs(const char *path, struct error *err)
{
    CLEANUP(free_string) char *copy = mem_string(path);
    for (char *slash = copy + 1; *copy; slash++) {
        if (*slash && *slash != '/')
            continue;
        char kept = *slash;
        *slash = 0;
        errno = make_dir(copy);
        if (errno)
            return error_errno(err, ERROR_FAILED, "Cannot make the directory %s", copy);
        *slash = kept;
        if (!kept)
            break;
    }
    return 0;
}

bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

char *path_join(const char *a, const char *b)
{
    if (*b == '/' || !*a)
        return mem_string(b);
    struct buf joined = {0};
    buf_addf(&joined, "%s%s%s", a, a[strlen(a) - 1] == '/' ? "" : "/", b);
    return buf_take(&joined);
}

static char *home_directory(void)
{
    const char *home = getenv("HOME");
    if (home && *home == '/')
        return mem_string(home);
    struct passwd entry, *found = NULL;
    char strings[4096];
    if (getpwuid_r(getuid(), &entry, strings, sizeof(strings), &found) != 0 || !found || *found->pw_dir != '/')
        return mem_string("/");
    return mem_string(found->pw_dir);
}

char *path_xdg(const char *variable, const char *fallback)
{
    const char *base = getenv(variable);
    /* The XDG specification says to ignore a relative path. */
    if (base && *base == '/')
        return path_join(base, "signalbox");
    CLEANUP(free_string) char *home = home_directory();
    CLEANUP(free_string) char *under_home = path_join(home, fallback);
    return path_join(under_home, "signalbox");
}
