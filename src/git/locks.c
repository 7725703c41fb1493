#include "git/locks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

static const char mark_prefix[] = "signalbox-mark-";

enum { MARK_TRIES = 100, LINK_MAX = 4096, REFS_DEPTH = 32 };

static bool starts_with(const char *string, const char *prefix)
{
    return strncmp(string, prefix, strlen(prefix)) == 0;
}

static bool ends_with(const char *string, const char *suffix)
{
    size_t len = strlen(string), end = strlen(suffix);
    return len > end && strcmp(string + len - end, suffix) == 0;
}

/* ---- does a git run here? ---- */

static bool is_below(const char *path, const char *directory)
{
    size_t len = directory ? strlen(directory) : 0;
    return len && strncmp(path, directory, len) == 0 && (path[len] == '/' || !path[len]);
}

/* Git goes to the top of the work tree, or to the git directory, before it does anything. */
static bool is_git_here(const struct git *git, const char *pid)
{
    char path[64], target[LINK_MAX];
    CLEANUP(buf_clear) struct buf name = {0};
    struct error ignored;
    snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
    if (file_read(&name, path, sizeof(target), &ignored) < 0 || !starts_with(buf_string(&name), "git"))
        return false;
    snprintf(path, sizeof(path), "/proc/%.20s/cwd", pid);
    ssize_t len = readlink(path, target, sizeof(target) - 1);
    /* One that belongs to somebody else does not say where it is: it may be here. One that has ended is nowhere. */
    if (len < 0)
        return errno == EACCES || errno == EPERM;
    target[len] = 0;
    return is_below(target, git->work_tree) || is_below(target, git->git_dir) || is_below(target, git->common_dir);
}

static bool git_runs_here(const struct git *git)
{
    DIR *processes = opendir("/proc");
    bool found = !processes;
    struct dirent *entry;
    while (!found && (entry = readdir(processes)))
        found = strspn(entry->d_name, "0123456789") == strlen(entry->d_name) && is_git_here(git, entry->d_name);
    if (processes)
        closedir(processes);
    return found;
}

/* ---- marks ---- */

static bool is_before(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec < b.tv_sec : a.tv_nsec < b.tv_nsec;
}

/* What the marks in the git directory say. */
struct marks {
    struct git_mark *dead; /* those nobody held; we hold them now, so that one process alone cleans up */
    size_t count, cap;
    struct timespec since; /* the oldest of them */
    bool others;           /* somebody holds one: a git of ours works here now, or is being cleaned up after */
};

static void marks_clear(struct marks *marks)
{
    for (size_t i = 0; i < marks->count; i++)
        git_mark_leave(&marks->dead[i]);
    free(marks->dead);
}

/* Takes the path. */
static void look_at_mark(struct marks *marks, char *path)
{
    struct stat st;
    struct git_mark mark = {.fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC), .path = path};
    bool ours = mark.fd >= 0 && fstat(mark.fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
    bool held = ours && flock(mark.fd, LOCK_EX | LOCK_NB) < 0;
    /* Whoever held it a moment ago may have cleaned up and taken it away. */
    bool dead = ours && !held && fstat(mark.fd, &st) == 0 && st.st_nlink > 0;
    marks->others = marks->others || held;
    if (!dead) {
        git_mark_leave(&mark);
        return;
    }
    if (!marks->count || is_before(st.st_mtim, marks->since))
        marks->since = st.st_mtim;
    ARRAY_GROW(&marks->dead, &marks->cap, marks->count + 1);
    marks->dead[marks->count++] = mark;
}

static void read_marks(struct marks *marks, const char *directory)
{
    DIR *entries = opendir(directory);
    struct dirent *entry;
    *marks = (struct marks){0};
    while (entries && (entry = readdir(entries)))
        if (starts_with(entry->d_name, mark_prefix))
            look_at_mark(marks, path_join(directory, entry->d_name));
    if (entries)
        closedir(entries);
}

/* ---- locks ---- */

static void remove_lock(const char *path, const struct stat *st, struct timespec since)
{
    if (S_ISREG(st->st_mode) && st->st_uid == geteuid() && !is_before(st->st_mtim, since))
        unlink(path);
}

/* Those of a directory; of what is below it too while `depth` is left. Never through a symbolic link. */
static void remove_locks(const char *directory, struct timespec since, int depth)
{
    DIR *entries = opendir(directory);
    struct dirent *entry;
    while (entries && (entry = readdir(entries))) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        CLEANUP(free_string) char *path = path_join(directory, entry->d_name);
        if (lstat(path, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode) && depth > 0)
            remove_locks(path, since, depth - 1);
        else if (ends_with(entry->d_name, ".lock"))
            remove_lock(path, &st, since);
    }
    if (entries)
        closedir(entries);
}

static void remove_left_over(const struct git *git, struct timespec since)
{
    static const char *const deep[] = {"refs", "reftable"};
    const char *const directories[] = {git->git_dir, git->common_dir};
    for (size_t i = 0; i < COUNT(directories); i++) {
        remove_locks(directories[i], since, 0);
        /* Of maintenance, which would be put off for ever. */
        CLEANUP(free_string) char *objects = path_join(directories[i], "objects");
        remove_locks(objects, since, 0);
        for (size_t j = 0; j < COUNT(deep); j++) {
            CLEANUP(free_string) char *path = path_join(directories[i], deep[j]);
            remove_locks(path, since, REFS_DEPTH);
        }
    }
}

static void clean(const struct git *git, const struct call *call)
{
    struct marks marks;
    read_marks(&marks, git->git_dir);
    if (marks.count && !marks.others && !git_runs_here(git)) {
        call_progress(call, TEXT("taking away the locks of a git of ours that was killed"), 0, 0);
        remove_left_over(git, marks.since);
        for (size_t i = 0; i < marks.count; i++)
            git_mark_remove(&marks.dead[i]);
    }
    marks_clear(&marks);
}

/* The file gets its name once it is held, so that no mark of a living process is ever seen without its holder. */
static char *name_mark(int fd, const char *directory)
{
    char held[64];
    snprintf(held, sizeof(held), "/proc/self/fd/%d", fd);
    for (int i = 0; i < MARK_TRIES; i++) {
        struct buf path = {0};
        buf_addf(&path, "%s/%s%ld-%d", directory, mark_prefix, (long)getpid(), i);
        if (linkat(AT_FDCWD, held, AT_FDCWD, path.bytes, AT_SYMLINK_FOLLOW) == 0)
            return buf_take(&path);
        buf_clear(&path);
        if (errno != EEXIST)
            break;
    }
    return NULL;
}

void git_mark_set(struct git_mark *out, const struct git *git, const struct call *call)
{
    clean(git, call);
    *out = (struct git_mark){.fd = open(git->git_dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (out->fd < 0)
        return;
    if (flock(out->fd, LOCK_EX | LOCK_NB) == 0)
        out->path = name_mark(out->fd, git->git_dir);
    if (out->path)
        return;
    close(out->fd);
    out->fd = -1;
}

void git_mark_remove(struct git_mark *mark)
{
    if (mark->path)
        unlink(mark->path);
    git_mark_leave(mark);
}

void git_mark_leave(struct git_mark *mark)
{
    if (mark->fd >= 0)
        close(mark->fd);
    free(mark->path);
    *mark = (struct git_mark){.fd = -1};
}
