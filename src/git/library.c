#include "git/library.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "config/libgit2.h"
#include "git/parse.h"

static const char tags_prefix[] = "refs/tags/";

enum {
    NESTING_MAX = 16, /* tags of tags of tags */
    CHECK_EVERY = 256,
    CONFIG_LIMIT = 1 << 20,
};

/* libgit2 ends directories with a slash. */
static char *directory_name(const char *path)
{
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/')
        len--;
    return mem_bytes(path, len);
}

static bool lies_in(const char *path, const char *directory)
{
    size_t len = strlen(directory);
    return strncmp(path, directory, len) == 0 && (path[len] == '/' || !path[len]);
}

/* Is the format of the repository 0? Of the others libgit2 reads next to none, and trying leaks 20 KB each time (1.5). */
static bool has_plain_format(const char *git_dir)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(free_string) char *path = path_join(git_dir, "config");
    struct error ignored;
    if (file_read(&bytes, path, CONFIG_LIMIT, &ignored) < 0)
        return false;
    const char *format = strcasestr(buf_string(&bytes), "repositoryformatversion");
    if (!format)
        return true;
    format += strcspn(format, "=\n");
    return *format == '=' && strtol(format + 1, NULL, 10) == 0;
}

/* The git directory that `real` lies in, as git would search for it; NULL when libgit2 had better leave it alone. */
static char *find_readable(const char *real)
{
    git_buf found = {0};
    /* Git's switch for trying what happens in somebody else's repository, which libgit2 does not know. */
    if (!real || getenv("GIT_TEST_ASSUME_DIFFERENT_OWNER") ||
        git_repository_discover(&found, real, 0, getenv("GIT_CEILING_DIRECTORIES")) != 0)
        return NULL;
    CLEANUP(free_string) char *git_dir = directory_name(found.ptr);
    git_buf_dispose(&found);
    CLEANUP(free_string) char *commondir = path_join(git_dir, "commondir");
    /* A linked work tree may have a configuration of its own: the program knows. */
    if (file_exists(commondir) || !has_plain_format(git_dir))
        return NULL;
    return mem_string(git_dir);
}

bool git_library_open(struct git *out, const char *directory)
{
    git_repository *repository = NULL;
    CLEANUP(free_string) char *real = realpath(directory, NULL);
    libgit2_begin();
    CLEANUP(free_string) char *found = find_readable(real);
    if (!found || git_repository_open_ext(&repository, real, 0, getenv("GIT_CEILING_DIRECTORIES")) != 0)
        return false;
    const char *work_tree = git_repository_workdir(repository);
    struct git git = {
        .work_tree = work_tree ? directory_name(work_tree) : NULL,
        .git_dir = directory_name(git_repository_path(repository)),
        .common_dir = directory_name(git_repository_commondir(repository)),
        .library = repository,
    };
    if (!git.work_tree || !lies_in(real, git.work_tree) || lies_in(real, git.git_dir) ||
        lies_in(real, git.common_dir)) {
        git_close(&git);
        return false;
    }
    git.where = mem_string(git.work_tree);
    *out = git;
    return true;
}

bool git_library_head(const struct git *git, char out[OID_HEX])
{
    git_oid oid;
    if (git_reference_name_to_id(&oid, git->library, "HEAD") != 0)
        return false;
    git_oid_tostr(out, OID_HEX, &oid);
    return true;
}

/* False when it is no tag that can be followed: git passes such over as well. */
static bool add_tag(const struct git *git, struct source_tags *out, const git_reference *ref)
{
    git_oid resolved;
    const git_oid *target = git_reference_target(ref), *peeled = git_reference_target_peel(ref);
    const char *name = git_reference_name(ref);
    if (!target && git_reference_name_to_id(&resolved, git->library, name) == 0)
        target = &resolved;
    if (!target)
        return false;
    ARRAY_GROW(&out->items, &out->cap, out->count + 1);
    struct source_tag *tag = &out->items[out->count++];
    *tag = (struct source_tag){.name = mem_string(name + strlen(tags_prefix)), .annotated = peeled != NULL};
    git_oid_tostr(tag->object, OID_HEX, target);
    if (peeled)
        git_oid_tostr(tag->commit, OID_HEX, peeled);
    return true;
}

bool git_library_tags(const struct git *git, struct source_tags *out)
{
    git_reference_iterator *iterator;
    git_reference *ref;
    struct source_tags tags = {0};
    if (git_reference_iterator_glob_new(&iterator, git->library, "refs/tags/*") != 0)
        return false;
    int failed;
    while ((failed = git_reference_next(&ref, iterator)) == 0) {
        (void)add_tag(git, &tags, ref);
        git_reference_free(ref);
    }
    git_reference_iterator_free(iterator);
    if (failed != GIT_ITEROVER) {
        source_tags_clear(&tags);
        return false;
    }
    *out = tags;
    return true;
}

/* The date in "Ada Tester <ada@example.org> 1767225600 +0000"; 0 when there is none. */
static int64_t date_of(const struct git_object_parts *parts, const char *header)
{
    size_t len = 0;
    char digits[24] = "";
    const char *value = git_parse_header(parts, header, 0, &len);
    const char *mail = value ? memrchr(value, '>', len) : NULL;
    if (!mail)
        return 0;
    size_t left = len - (size_t)(mail + 1 - value);
    memcpy(digits, mail + 1, left < sizeof(digits) - 1 ? left : sizeof(digits) - 1);
    return git_parse_date(digits);
}

/* What a tag object names: true when that is a tag again. */
static bool step_down(struct source_tag *tag, char oid[OID_HEX], const struct git_object_parts *parts)
{
    size_t type_len = 0, oid_len = 0;
    const char *type = git_parse_header(parts, "type", 0, &type_len);
    const char *object = git_parse_header(parts, "object", 0, &oid_len);
    if (!type || !object || !git_parse_oid_copy(oid, object, oid_len))
        return false;
    if (type_len == 6 && memcmp(type, "commit", 6) == 0)
        git_oid_set(tag->commit, oid);
    return type_len == 3 && memcmp(type, "tag", 3) == 0;
}

static git_odb_object *read_object(git_odb *odb, const char *oid)
{
    git_oid id;
    git_odb_object *object = NULL;
    if (git_oid_fromstr(&id, oid) != 0 || git_odb_read(&object, odb, &id) != 0)
        return NULL;
    return object;
}

/* False when an object it needs is not there. */
static bool read_tag(git_odb *odb, struct source_tag *tag)
{
    char oid[OID_HEX];
    git_oid_set(oid, tag->object);
    tag->commit[0] = 0;
    tag->annotated = false;
    tag->when_ms = 0;
    bool goes_on = true;
    for (int depth = 0; goes_on && depth < NESTING_MAX; depth++) {
        git_odb_object *object = read_object(odb, oid);
        if (!object)
            return false;
        struct git_object_parts parts = git_parse_object(git_odb_object_data(object), git_odb_object_size(object));
        git_object_t type = git_odb_object_type(object);
        goes_on = false;
        if (type == GIT_OBJECT_TAG) {
            tag->annotated = true;
            if (!depth)
                tag->when_ms = date_of(&parts, "tagger");
            /* Tags made before git wrote taggers (v0.99 of git itself) have the date of their commit. */
            goes_on = step_down(tag, oid, &parts) || (tag->commit[0] && !tag->when_ms);
        } else if (type == GIT_OBJECT_COMMIT) {
            git_oid_set(tag->commit, oid);
            if (!tag->when_ms)
                tag->when_ms = date_of(&parts, "committer");
        }
        git_odb_object_free(object);
    }
    tag->read = true;
    return true;
}

static int damaged(struct error *err, const struct source_tag *tag)
{
    error_set(err, ERROR_FAILED, "Cannot read the tags");
    error_why(err, "refs/tags/%s names the object %.12s, which is missing or cannot be read", tag->name, tag->object);
    return error_todo(err, "`git fsck` tells what is damaged");
}

int git_library_read_tags(const struct git *git, struct source_tag *const *tags, size_t count,
                          const struct call *call, struct error *err)
{
    git_odb *odb;
    int result = 0;
    if (git_repository_odb(&odb, git->library) != 0) {
        error_set(err, ERROR_FAILED, "Cannot read the tags");
        return error_why(err, "the objects in %s cannot be opened", git->common_dir);
    }
    for (size_t i = 0; i < count && result == 0; i++) {
        if (i % CHECK_EVERY == 0)
            result = call_check(call, "read the tags", err);
        if (result == 0 && !tags[i]->read && !read_tag(odb, tags[i]))
            result = damaged(err, tags[i]);
    }
    git_odb_free(odb);
    return result;
}
