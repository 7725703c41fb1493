#include "config/trust.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/scan.h"

enum { FILE_LIMIT = 1024 * 1024, DEPTH_MAX = 10 };

/* Where an include of `file` leads. libgit2 reads "~/" too. */
static char *include_path(const char *file, const char *value)
{
    if (strncmp(value, "~/", 2) == 0) {
        const char *home = getenv("HOME");
        return path_join(home ? home : "/", value + 2);
    }
    CLEANUP(free_string) char *copy = mem_string(file);
    return path_join(dirname(copy), value);
}

static bool is_include(const char *name)
{
    size_t len = strlen(name);
    return strcmp(name, "include.path") == 0 ||
           (strncmp(name, "includeif.", 10) == 0 && len > 15 && strcmp(name + len - 5, ".path") == 0);
}

/*
 * Adds path, length and bytes of the file and, whatever their condition, of its includes. A file that is not there
 * counts as such: were it made later, the hash would be another.
 */
static int add_file(struct buf *all, const char *file, int depth, struct error *err)
{
    struct buf bytes = {0};
    if (file_read(&bytes, file, FILE_LIMIT, err) < 0) {
        if (err->kind != ERROR_NOT_FOUND || depth == 0)
            return -1;
        buf_addf(all, "%s%c-", file, 0);
        return 0;
    }
    buf_addf(all, "%s%c%zu%c", file, 0, bytes.len, 0);
    buf_add(all, bytes.bytes, bytes.len);
    struct scan scan;
    scan_config(&scan, buf_string(&bytes), bytes.len);
    buf_clear(&bytes);
    int result = 0;
    for (size_t i = 0; i < scan.count && result == 0; i++) {
        if (!is_include(scan.items[i].name))
            continue;
        CLEANUP(free_string) char *path = include_path(file, scan.items[i].value);
        if (depth < DEPTH_MAX)
            result = add_file(all, path, depth + 1, err);
    }
    scan_clear(&scan);
    return result;
}

int trust_fingerprint(char out[HASH_HEX], const char *file, struct error *err)
{
    struct buf all = {0};
    int result = add_file(&all, file, 0, err);
    if (result == 0)
        hash_sha256(out, buf_string(&all), all.len);
    buf_clear(&all);
    return result;
}

static char *record_path(const char *root)
{
    char name[HASH_HEX];
    hash_sha256(name, root, strlen(root));
    CLEANUP(free_string) char *state = path_xdg("XDG_STATE_HOME", ".local/state");
    CLEANUP(free_string) char *directory = path_join(state, "trust");
    return path_join(directory, name);
}

int trust_look(enum trust *out, const char *root, const char *file, struct error *err)
{
    CLEANUP(free_string) char *record = record_path(root);
    CLEANUP(buf_clear) struct buf kept = {0};
    if (file_read(&kept, record, FILE_LIMIT, err) < 0) {
        if (err->kind != ERROR_NOT_FOUND)
            return -1;
        *out = TRUST_NEVER;
        return 0;
    }
    char now[HASH_HEX];
    if (trust_fingerprint(now, file, err) < 0)
        return -1;
    bool same = kept.len > HASH_HEX && kept.bytes[HASH_HEX - 1] == '\n' && memcmp(kept.bytes, now, HASH_HEX - 1) == 0;
    *out = same ? TRUST_GIVEN : TRUST_CHANGED;
    return 0;
}

int trust_give(const char *root, const char fingerprint[HASH_HEX], struct error *err)
{
    CLEANUP(free_string) char *record = record_path(root);
    CLEANUP(free_string) char *copy = mem_string(record);
    CLEANUP(buf_clear) struct buf bytes = {0};
    /* The path is there for whoever looks into the directory; only the hash is read back. */
    buf_addf(&bytes, "%s\n%s\n", fingerprint, root);
    if (file_make_dirs(dirname(copy), err) < 0)
        return -1;
    return file_write(record, bytes.bytes, bytes.len, 0600, err);
}

int trust_revoke(const char *root, struct error *err)
{
    CLEANUP(free_string) char *record = record_path(root);
    if (unlink(record) < 0 && errno != ENOENT)
        return error_errno(err, ERROR_FAILED, "Cannot take back the trust in %s", root);
    return 0;
}
