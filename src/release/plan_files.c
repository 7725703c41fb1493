/* The files of a plan: which may be written, and how they are put into it. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "release/plan_parts.h"
#include "release/release_act.h"

/* Is the path plainly inside the work tree: no step up, no symbolic link on the way? */
static bool is_inside(const struct planning *p, const char *path)
{
    if (*path == '/' || strcmp(path, "..") == 0 || strncmp(path, "../", 3) == 0 || strstr(path, "/../") ||
        strncmp(path, ".git/", 5) == 0)
        return false;
    CLEANUP(free_string) char *whole = path_join(p->state.work_tree, path);
    CLEANUP(free_string) char *root = realpath(p->state.work_tree, NULL);
    char *slash = strrchr(whole, '/');
    *slash = 0;
    CLEANUP(free_string) char *directory = realpath(whole, NULL);
    if (!root || !directory)
        return true; /* a directory that is missing is another finding */
    size_t len = strlen(root), lead = strlen(path) - strlen(slash + 1);
    CLEANUP(free_string) char *wanted = lead ? mem_bytes(path, lead - 1) : mem_string("");
    return strncmp(directory, root, len) == 0 && strcmp(directory + len + (directory[len] == '/'), wanted) == 0;
}

/* A directory for the file is there? */
static bool has_directory(const char *whole)
{
    CLEANUP(free_string) char *copy = mem_string(whole);
    struct stat st;
    *strrchr(copy, '/') = 0;
    return stat(copy, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Does HEAD have the file? */
static int in_head(bool *out, struct planning *p, const char *path)
{
    CLEANUP(buf_clear) struct buf committed = {0};
    *out = p->source.ops->read_file(p->source.self, &committed, p->out->plan.base, path, p->call, p->err) == 0;
    return *out || p->err->kind == ERROR_NOT_FOUND ? 0 : -1;
}

static void find_missing(struct planning *p, const char *path, const char *whole, bool committed)
{
    if (committed && p->state.sparse)
        plan_find(p, FINDING_REFUSE, "sparse", "git sparse-checkout add the file's directory",
                  "%s is not in this sparse work tree", path);
    else if (committed)
        plan_find(p, FINDING_REFUSE, "dirty", "git restore it", "%s is deleted in the work tree", path);
    else if (!has_directory(whole))
        plan_find(p, FINDING_REFUSE, "file-blocked", "Make the directory, or correct the path in .signalbox",
                  "%s is to be written, but its directory is missing", path);
}

int plan_read_file(bool *usable, bool *exists, struct buf *bytes, struct planning *p, const char *path)
{
    bool committed = false;
    struct stat st;
    size_t refusals = p->out->findings.refusals;
    *usable = *exists = false;
    if (!is_inside(p, path)) {
        plan_find(p, FINDING_REFUSE, "file-blocked", "Name the file itself, inside the repository, in .signalbox",
                  "%s lies outside of the work tree or behind a symbolic link", path);
        return 0;
    }
    if (in_head(&committed, p, path) < 0)
        return -1;
    CLEANUP(free_string) char *whole = path_join(p->state.work_tree, path);
    if (lstat(whole, &st) < 0) {
        find_missing(p, path, whole, committed);
    } else if (!S_ISREG(st.st_mode)) {
        plan_find(p, FINDING_REFUSE, "file-blocked", "Name the file itself in .signalbox", "%s is not a plain file",
                  path);
    } else if (!committed && !plan_carries(p, path)) {
        plan_find(p, FINDING_REFUSE, "untracked", "Commit it first, or move it away",
                  "%s is there but not committed, so that undo could not bring it back", path);
    } else {
        *exists = true;
        if (file_read(bytes, whole, RELEASE_FILE_MAX, p->err) < 0) {
            if (p->err->kind != ERROR_INVALID)
                return -1;
            plan_find(p, FINDING_REFUSE, "file-blocked", NULL, "%s: %s", path, p->err->why);
        }
    }
    *usable = p->out->findings.refusals == refusals;
    return 0;
}

void plan_put_file(struct planning *p, const char *path, const char *spec, const struct buf *old_bytes, bool existed,
                   char *new_bytes, const char *words)
{
    struct release_plan *plan = &p->out->plan;
    struct release_file *file = NULL;
    for (size_t i = 0; i < plan->file_count; i++)
        if (strcmp(plan->files[i].path, path) == 0)
            file = &plan->files[i];
    CLEANUP(buf_clear) struct buf all_words = {0};
    if (file) {
        buf_addf(&all_words, "%s, %s", file->words, words);
        free(file->new_bytes);
        free(file->words);
    } else {
        buf_adds(&all_words, words);
        plan->files = mem_resize(plan->files, plan->file_count + 1, sizeof(*plan->files));
        file = &plan->files[plan->file_count++];
        *file = (struct release_file){.path = mem_string(path), .spec = mem_string(spec)};
        if (existed) {
            file->old_bytes = mem_string(buf_string(old_bytes));
            hash_sha256(file->before, file->old_bytes, old_bytes->len);
        }
        file->carried = plan_carries(p, path);
        if (file->carried && p->carried_in_head)
            file->base_bytes = mem_string(buf_string(&p->carried_base));
    }
    file->new_bytes = new_bytes;
    file->words = buf_take(&all_words);
    hash_sha256(file->after, new_bytes, strlen(new_bytes));
}
