#include "release/release_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "release/release_effect.h"

const char **release_paths(const struct release_plan *plan)
{
    const char **paths = mem_array(plan->file_count + 1, sizeof(*paths));
    for (size_t i = 0; i < plan->file_count; i++)
        paths[i] = plan->files[i].path;
    return paths;
}

int release_file_hash(char out[HASH_HEX], const char *work_tree, const char *path, struct error *err)
{
    CLEANUP(free_string) char *whole = path_join(work_tree, path);
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct stat st;
    out[0] = 0;
    if (lstat(whole, &st) < 0)
        return 0;
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_INVALID, "%s is not a plain file", path);
    if (file_read(&bytes, whole, RELEASE_FILE_MAX, err) < 0)
        return -1;
    hash_sha256(out, buf_string(&bytes), bytes.len);
    return 0;
}

const char *release_file_bytes(const struct release_file *file, bool committed)
{
    return committed && file->carried ? file->base_bytes : file->old_bytes;
}

void release_bytes_hash(char out[HASH_HEX], const char *bytes)
{
    out[0] = 0;
    if (bytes)
        hash_sha256(out, bytes, strlen(bytes));
}

static const struct release_file *file_of(const struct release_plan *plan, const char *path)
{
    for (size_t i = 0; i < plan->file_count; i++)
        if (strcmp(plan->files[i].path, path) == 0)
            return &plan->files[i];
    return NULL;
}

/* The tree that all files of the plan make on its base, from their present bytes. */
static int planned_tree(struct evidence *evidence, struct release_world *world, const struct release_plan *plan,
                        const struct call *call, struct error *err)
{
    const char **paths = release_paths(plan);
    const char *branch = *plan->candidate ? plan->candidate : plan->branch;
    struct source_commit_request request = {
        .branch = branch, .parent = plan->base, .paths = paths, .message = plan->commit_message};
    char tree[OID_HEX] = "";
    int result = world->source.ops->plan_tree(world->source.self, tree, &request, call, err);
    free(paths);
    if (result == 0)
        evidence_set(evidence, "tree", tree);
    return result;
}

static int observe_file(enum observed *out, struct evidence *evidence, struct release_world *world,
                        const struct release_plan *plan, const struct effect *effect, const struct call *call,
                        struct error *err)
{
    const char *path = effect_get(effect, "path");
    char now[HASH_HEX];
    if (release_file_hash(now, world->work_tree, path, err) < 0)
        return -1;
    if (strcmp(now, effect_get(effect, "after")) == 0) {
        *out = OBSERVED_DONE;
        bool last = strcmp(path, plan->files[plan->file_count - 1].path) == 0;
        return last ? planned_tree(evidence, world, plan, call, err) : 0;
    }
    if (strcmp(now, effect_get(effect, "before")) == 0) {
        *out = OBSERVED_ABSENT;
        return 0;
    }
    *out = OBSERVED_FOREIGN;
    return release_say(err, "%s was changed since the release was planned", path);
}

/* The temporary file lies in the git directory: one that a crash leaves in the work tree would look like somebody's. */
static int write_bytes(struct release_world *world, const struct release_plan *plan, const char *path,
                       const char *bytes, struct error *err)
{
    CLEANUP(free_string) char *whole = path_join(world->work_tree, path);
    CLEANUP(free_string) char *temporary = path_join(plan->git_dir, "signalbox-write");
    return file_write_by(temporary, whole, bytes, strlen(bytes), 0644, err);
}

static int write_file(struct evidence *evidence, struct release_world *world, const struct release_plan *plan,
                      const struct effect *effect, const struct permit *permit, const struct call *call,
                      struct error *err)
{
    const struct release_file *file = file_of(plan, effect_get(effect, "path"));
    enum observed seen;
    if (!file)
        return error_set(err, ERROR_INVALID, "The plan has no file %s", effect_get(effect, "path"));
    if (observe_file(&seen, evidence, world, plan, effect, call, err) < 0)
        return -1;
    if (seen == OBSERVED_DONE)
        return 0;
    if (seen != OBSERVED_ABSENT)
        return error_set(err, ERROR_CONFLICT, "%s was changed since the release was planned", file->path);
    if (permit->still_valid(permit, err) < 0)
        return -1;
    return write_bytes(world, plan, file->path, file->new_bytes, err);
}

/* Messages as git keeps them: without blanks at line ends, blank lines around, or two blank lines in a row. */
static void tidy_message(struct buf *out, const char *message)
{
    bool gap = false;
    while (*message) {
        size_t len = strcspn(message, "\n"), kept = len;
        while (kept && strchr(" \t\r", message[kept - 1]))
            kept--;
        if (kept) {
            if (out->len)
                buf_adds(out, gap ? "\n\n" : "\n");
            buf_add(out, message, kept);
        }
        gap = !kept;
        message += len + (message[len] != 0);
    }
}

static bool same_message(const char *a, const char *b)
{
    CLEANUP(buf_clear) struct buf left = {0};
    CLEANUP(buf_clear) struct buf right = {0};
    tidy_message(&left, a);
    tidy_message(&right, b);
    return strcmp(buf_string(&left), buf_string(&right)) == 0;
}

/* Are the files still as they were written? A commit takes their present bytes. */
static int files_as_written(bool *out, struct release_world *world, const struct release_plan *plan,
                            struct error *err)
{
    *out = true;
    for (size_t i = 0; i < plan->file_count && *out; i++) {
        char now[HASH_HEX];
        if (release_file_hash(now, world->work_tree, plan->files[i].path, err) < 0)
            return -1;
        *out = strcmp(now, plan->files[i].after) == 0;
        if (!*out)
            release_say(err, "%s is not as the release wrote it: a hook or somebody changed it", plan->files[i].path);
    }
    return 0;
}

/*
 * git moves the branch before it renames the index into place: killed between the two, the commit is there and the index
 * still has the old files. Then the act is not over: it brings the index up to the commit.
 */
static int index_is_behind(bool *out, struct release_world *world, const struct release_plan *plan,
                           const struct call *call, struct error *err)
{
    struct source_changes changes = {0};
    *out = false;
    if (world->source.ops->changes(world->source.self, &changes, false, call, err) < 0)
        return -1;
    for (size_t i = 0; i < changes.count; i++)
        *out = *out || (changes.items[i].staged && file_of(plan, changes.items[i].path));
    source_changes_clear(&changes);
    return 0;
}

static int observe_commit(enum observed *out, struct evidence *evidence, struct release_world *world,
                          const struct release_plan *plan, const struct effect *effect, const struct call *call,
                          struct error *err)
{
    const char *branch = effect_get(effect, "branch"), *parent = effect_get(effect, "parent");
    CLEANUP(buf_clear) struct buf ref = {0};
    CLEANUP(buf_clear) struct buf parents = {0};
    CLEANUP(buf_clear) struct buf message = {0};
    char tip[OID_HEX], tree[OID_HEX];
    buf_addf(&ref, "refs/heads/%s", branch);
    if (world->source.ops->read_ref(world->source.self, tip, NULL, ref.bytes, call, err) < 0)
        return -1;
    if (strcmp(tip, parent) == 0) {
        bool as_written;
        if (files_as_written(&as_written, world, plan, err) < 0)
            return -1;
        *out = as_written ? OBSERVED_ABSENT : OBSERVED_FOREIGN;
        return 0;
    }
    *out = OBSERVED_FOREIGN;
    if (!*tip)
        return release_say(err, "the branch %s is gone", branch);
    if (world->source.ops->read_commit(world->source.self, tree, &parents, &message, tip, call, err) < 0)
        return -1;
    bool tree_same = strcmp(tree, effect_get(effect, "tree")) == 0;
    bool message_same = same_message(buf_string(&message), effect_get(effect, "message"));
    if (strcmp(buf_string(&parents), parent) != 0 || (!tree_same && !message_same))
        return release_say(err, "%s names %.7s, which this release did not make", branch, tip);
    /* A hook that put other bytes into the commit leaves the index as it likes; only what is just ours is mended. */
    bool behind = false;
    if (tree_same && index_is_behind(&behind, world, plan, call, err) < 0)
        return -1;
    *out = behind ? OBSERVED_ABSENT : OBSERVED_DONE;
    evidence_set(evidence, "commit", tip);
    if (!tree_same)
        evidence_set(evidence, "changed", "a hook changed the files");
    else if (!message_same)
        evidence_set(evidence, "changed", "a hook changed the message");
    return 0;
}

static int make_commit(struct evidence *evidence, struct release_world *world, const struct release_plan *plan,
                       const struct effect *effect, const struct permit *permit, const struct call *call,
                       struct error *err)
{
    enum observed seen;
    if (observe_commit(&seen, evidence, world, plan, effect, call, err) < 0)
        return -1;
    if (seen == OBSERVED_DONE)
        return 0;
    if (seen != OBSERVED_ABSENT)
        return error_wrap(err, "Cannot commit on %s", effect_get(effect, "branch"));
    const char **paths = release_paths(plan);
    const char *made = evidence_get(evidence, "commit");
    if (made) {
        int restored = world->source.ops->restore_index(world->source.self, made, paths, permit, call, err);
        free(paths);
        return restored;
    }
    struct source_commit_request request = {.branch = effect_get(effect, "branch"),
                                            .parent = effect_get(effect, "parent"),
                                            .paths = paths,
                                            .message = effect_get(effect, "message")};
    char commit[OID_HEX];
    int result = world->source.ops->commit(world->source.self, commit, &request, permit, call, err);
    free(paths);
    if (result == 0)
        evidence_set(evidence, "commit", commit);
    return result;
}

static int observe_tag(enum observed *out, struct evidence *evidence, struct source source,
                       const struct effect *effect, const struct call *call, struct error *err)
{
    const char *name = effect_get(effect, "name");
    CLEANUP(buf_clear) struct buf ref = {0};
    char object[OID_HEX], commit[OID_HEX] = "";
    buf_addf(&ref, "refs/tags/%s", name);
    if (source.ops->read_ref(source.self, object, commit, ref.bytes, call, err) < 0)
        return -1;
    if (!*object) {
        *out = OBSERVED_ABSENT;
        return 0;
    }
    *out = OBSERVED_FOREIGN;
    if (strcmp(commit, effect_get(effect, "commit")) != 0)
        return release_say(err, "there is a tag %s already, on %.7s", name, commit);
    if (strcmp(object, commit) == 0)
        return release_say(err, "there is a tag %s already, a lightweight one", name);
    *out = OBSERVED_DONE;
    evidence_set(evidence, "object", object);
    return 0;
}

static int make_tag(struct evidence *evidence, struct source source, const struct effect *effect,
                    const struct permit *permit, const struct call *call, struct error *err)
{
    char object[OID_HEX];
    if (source.ops->tag(source.self, object, effect_get(effect, "name"), effect_get(effect, "commit"),
                        effect_get(effect, "message"), permit, call, err) < 0)
        return -1;
    evidence_set(evidence, "object", object);
    return 0;
}

static int observe_move_ref(enum observed *out, struct source source, const struct effect *effect,
                            const struct call *call, struct error *err)
{
    const char *ref = effect_get(effect, "ref");
    char object[OID_HEX];
    if (source.ops->read_ref(source.self, object, NULL, ref, call, err) < 0)
        return -1;
    if (strcmp(object, effect_get(effect, "to")) == 0)
        *out = OBSERVED_DONE;
    else if (strcmp(object, effect_get(effect, "expect")) == 0)
        *out = OBSERVED_ABSENT;
    else {
        *out = OBSERVED_FOREIGN;
        if (*object)
            release_say(err, "%s names %.7s now", ref, object);
        else
            release_say(err, "%s is gone", ref);
    }
    return 0;
}

static int observe_attach(enum observed *out, struct source source, const struct effect *effect,
                          const struct call *call, struct error *err)
{
    struct source_state state = {0};
    if (source.ops->state(source.self, &state, call, err) < 0)
        return -1;
    const char *branch = state.branch ? state.branch : "";
    if (strcmp(branch, effect_get(effect, "to")) == 0) {
        *out = OBSERVED_DONE;
    } else if (strcmp(branch, effect_get(effect, "expect")) == 0) {
        *out = OBSERVED_ABSENT;
    } else {
        *out = OBSERVED_FOREIGN;
        release_say(err, "%s is checked out now", *branch ? branch : "no branch");
    }
    source_state_clear(&state);
    return 0;
}

static bool is_to_commit(const struct effect *effect)
{
    const char *to = effect_get(effect, "to");
    return to && strcmp(to, "commit") == 0;
}

static int observe_restore(enum observed *out, struct release_world *world, const struct release_plan *plan,
                           const struct effect *effect, const struct call *call, struct error *err)
{
    bool all = true;
    *out = OBSERVED_FOREIGN;
    for (size_t i = 0; i < plan->file_count; i++) {
        const struct release_file *file = &plan->files[i];
        char now[HASH_HEX], base[HASH_HEX];
        if (release_file_hash(now, world->work_tree, file->path, err) < 0)
            return -1;
        release_bytes_hash(base, release_file_bytes(file, true));
        bool is_base = strcmp(now, base) == 0, is_before = strcmp(now, file->before) == 0;
        if (!is_base && !is_before && strcmp(now, file->after) != 0)
            return release_say(err, "%s has been changed since the release wrote it", file->path);
        all = all && (is_to_commit(effect) ? is_base : is_before);
    }
    *out = OBSERVED_ABSENT;
    if (!all)
        return 0;
    struct source_changes changes = {0};
    if (world->source.ops->changes(world->source.self, &changes, false, call, err) < 0)
        return -1;
    *out = OBSERVED_DONE;
    /* In the index nothing is left; a carried file differs from it as it did before. */
    for (size_t i = 0; i < changes.count; i++)
        if (file_of(plan, changes.items[i].path) && (changes.items[i].staged || changes.items[i].conflicted))
            *out = OBSERVED_ABSENT;
    source_changes_clear(&changes);
    return 0;
}

/* Not by a checkout: what git writes may differ from what was there (line ends, filters), and the old bytes count. */
static int bytes_back(struct release_world *world, const struct release_plan *plan, const struct release_file *file,
                      bool committed, const struct permit *permit, struct error *err)
{
    const char *bytes = release_file_bytes(file, committed);
    char now[HASH_HEX], wanted[HASH_HEX];
    if (release_file_hash(now, world->work_tree, file->path, err) < 0)
        return -1;
    release_bytes_hash(wanted, bytes);
    if (strcmp(now, wanted) == 0)
        return 0;
    if (permit->still_valid(permit, err) < 0)
        return -1;
    if (bytes)
        return write_bytes(world, plan, file->path, bytes, err);
    CLEANUP(free_string) char *whole = path_join(world->work_tree, file->path);
    if (unlink(whole) < 0)
        return error_errno(err, ERROR_FAILED, "Cannot remove %s", file->path);
    return 0;
}

static int restore(struct release_world *world, const struct release_plan *plan, const struct effect *effect,
                   const struct permit *permit, const struct call *call, struct error *err)
{
    enum observed seen;
    if (observe_restore(&seen, world, plan, effect, call, err) < 0)
        return -1;
    if (seen == OBSERVED_FOREIGN)
        return error_wrap(err, "Cannot restore the files");
    for (size_t i = 0; i < plan->file_count; i++)
        if (bytes_back(world, plan, &plan->files[i], is_to_commit(effect), permit, err) < 0)
            return -1;
    const char **paths = release_paths(plan);
    int result =
        world->source.ops->restore_index(world->source.self, effect_get(effect, "commit"), paths, permit, call, err);
    free(paths);
    return result;
}

static int push(struct source source, const struct effect *effect, const struct permit *permit,
                const struct call *call, struct error *err)
{
    struct source_push_ref refs[RELEASE_PUSH_MAX];
    size_t count = release_push_refs(refs, effect);
    return source.ops->push(source.self, effect_get(effect, "remote"), refs, count, permit, call, err);
}

int release_observe(enum observed *out, struct evidence *evidence, struct release_world *world,
                    const struct release_plan *plan, const struct effect *effect, const struct call *call,
                    struct error *err)
{
    const char *kind = effect->kind;
    if (strcmp(kind, "write-file") == 0)
        return observe_file(out, evidence, world, plan, effect, call, err);
    if (strcmp(kind, "commit") == 0)
        return observe_commit(out, evidence, world, plan, effect, call, err);
    if (strcmp(kind, "tag") == 0)
        return observe_tag(out, evidence, world->source, effect, call, err);
    if (strcmp(kind, "push") == 0)
        return release_observe_push(out, evidence, world->source, effect, call, err);
    if (strcmp(kind, "merge") == 0)
        return release_observe_merge(out, evidence, world->source, plan, effect, call, err);
    if (strcmp(kind, "move-ref") == 0)
        return observe_move_ref(out, world->source, effect, call, err);
    if (strcmp(kind, "attach") == 0)
        return observe_attach(out, world->source, effect, call, err);
    if (strcmp(kind, "restore") == 0)
        return observe_restore(out, world, plan, effect, call, err);
    return error_set(err, ERROR_INVALID, "A release knows no effect %s", kind);
}

int release_act(struct evidence *evidence, struct release_world *world, const struct release_plan *plan,
                const struct effect *effect, const struct permit *permit, const struct call *call, struct error *err)
{
    struct source source = world->source;
    const char *kind = effect->kind;
    if (strcmp(kind, "write-file") == 0)
        return write_file(evidence, world, plan, effect, permit, call, err);
    if (strcmp(kind, "commit") == 0)
        return make_commit(evidence, world, plan, effect, permit, call, err);
    if (strcmp(kind, "tag") == 0)
        return make_tag(evidence, source, effect, permit, call, err);
    if (strcmp(kind, "push") == 0)
        return push(source, effect, permit, call, err);
    if (strcmp(kind, "move-ref") == 0)
        return source.ops->move_ref(source.self, effect_get(effect, "ref"), effect_get(effect, "expect"),
                                    effect_get(effect, "to"), permit, call, err);
    if (strcmp(kind, "attach") == 0)
        return source.ops->attach(source.self, effect_get(effect, "expect"), effect_get(effect, "to"), permit, call,
                                  err);
    if (strcmp(kind, "restore") == 0)
        return restore(world, plan, effect, permit, call, err);
    return error_set(err, ERROR_INVALID, "A release cannot do %s", kind);
}
