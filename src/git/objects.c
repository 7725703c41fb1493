#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "git/git.h"
#include "git/parse.h"
#include "git/words.h"

enum { LAZY_FETCH_MS = 30000 };

/* "100644 blob OID\tPATH" of one path in a commit; 0 with out "" when it has none. */
static int find_entry(const struct git *git, char out[OID_HEX], char type[16], const char *commit, const char *path,
                      const struct call *call, struct error *err)
{
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("ls-tree", "-z", "--full-tree", commit, "--", path),
                                    .manner = GIT_FETCHES};
    if (git_child_check(&said, git, &child, call, err) < 0)
        return -1;
    const char *line = buf_string(&said.out), *tab = strchr(line, '\t');
    out[0] = type[0] = 0;
    if (!tab || strcmp(tab + 1, path) != 0 || sscanf(line, "%*s %15s", type) != 1)
        return 0;
    const char *oid = tab;
    while (oid > line && oid[-1] != ' ')
        oid--;
    git_parse_oid_copy(out, oid, (size_t)(tab - oid));
    return 0;
}

int git_source_read_file(void *self, struct buf *out, const char *commit, const char *path, const struct call *call,
                         struct error *err)
{
    if (git_name_check(commit, "commit", err) < 0 || git_paths_check(GIT_ARGS(path), err) < 0)
        return -1;
    char blob[OID_HEX], type[16];
    /* A partial clone may have to ask its remote for the bytes: not for ever. */
    const struct call within = call_within(call, LAZY_FETCH_MS);
    if (find_entry(self, blob, type, commit, path, &within, err) < 0)
        return error_wrap(err, "Cannot read %s of %s", path, commit);
    if (!blob[0])
        return error_set(err, ERROR_NOT_FOUND, "There is no %s in %s", path, commit);
    if (strcmp(type, "blob") != 0) {
        error_set(err, ERROR_INVALID, "%s in %s is no file", path, commit);
        return error_why(err, "it is a %s", strcmp(type, "tree") == 0 ? "directory" : "submodule");
    }
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("cat-file", "blob", blob), .manner = GIT_FETCHES};
    if (git_child_check(&said, self, &child, &within, err) < 0)
        return error_wrap(err, "Cannot read %s of %s", path, commit);
    buf_add(out, buf_string(&said.out), said.out.len);
    return 0;
}

struct wanted_ref {
    const char *name;
    char *object, *peeled;
    bool nested;
};

static int take_ref(void *context, const struct git_ref_line *line, struct error *err)
{
    (void)err;
    struct wanted_ref *wanted = context;
    if (strcmp(line->name, wanted->name) != 0)
        return 0;
    git_oid_set(wanted->object, line->object);
    const char *peeled = strcmp(line->type, "commit") == 0          ? line->object
                         : strcmp(line->peeled_type, "commit") == 0 ? line->peeled
                                                                    : "";
    git_oid_set(wanted->peeled, peeled);
    wanted->nested = strcmp(line->peeled_type, "tag") == 0;
    return 0;
}

int git_source_read_ref(void *self, char object[OID_HEX], char peeled[OID_HEX], const char *ref,
                        const struct call *call, struct error *err)
{
    if (git_name_check(ref, "reference", err) < 0)
        return -1;
    if (strncmp(ref, "refs/", 5) != 0 || strpbrk(ref, "*?[")) {
        error_set(err, ERROR_INVALID, "\"%s\" is no whole name of a reference", ref);
        return error_todo(err, "Write it whole: refs/heads/main");
    }
    char found[OID_HEX] = "", commit[OID_HEX] = "";
    struct wanted_ref wanted = {.name = ref, .object = found, .peeled = commit};
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("for-each-ref", GIT_REF_FORMAT, ref), .manner = GIT_LOOKS};
    if (git_child_check(&said, self, &child, call, err) < 0 || git_parse_refs(&said.out, take_ref, &wanted, err) < 0)
        return error_wrap(err, "Cannot read %s", ref);
    if (wanted.nested && peeled && git_source_resolve(self, commit, found, call, err) < 0) {
        if (err->kind != ERROR_NOT_FOUND)
            return -1;
        commit[0] = 0;
    }
    git_oid_set(object, found);
    if (peeled)
        git_oid_set(peeled, commit);
    return 0;
}

int git_source_read_commit(void *self, char tree[OID_HEX], struct buf *parents, struct buf *message,
                           const char *commit, const struct call *call, struct error *err)
{
    if (git_name_check(commit, "commit", err) < 0)
        return -1;
    CLEANUP(process_result_clear) struct process_result said = {0};
    const struct git_child child = {.args = GIT_ARGS("cat-file", "commit", commit), .manner = GIT_LOOKS};
    if (git_child_check(&said, self, &child, call, err) < 0)
        return error_wrap(err, "Cannot read the commit %s", commit);
    struct git_object_parts parts = git_parse_object(buf_string(&said.out), said.out.len);
    size_t len;
    const char *value = git_parse_header(&parts, "tree", 0, &len);
    if (!value || !git_parse_oid_copy(tree, value, len))
        return error_set(err, ERROR_FAILED, "%s is no commit", commit);
    for (int n = 0; parents && (value = git_parse_header(&parts, "parent", n, &len)); n++) {
        if (n)
            buf_addc(parents, ' ');
        buf_add(parents, value, len);
    }
    if (message)
        buf_add(message, parts.message, parts.message_len);
    return 0;
}
