/* A plan as the run keeps it. What is read back is checked against its own hashes: a run acts on these bytes. */
#include "release/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/memory.h"

/* The plan with the members that JSON holds in another shape beside it. */
struct stored {
    struct release_plan plan;
    char *mode;
    struct stored_file *files;
    size_t file_count;
};

struct stored_file {
    char *path, *before, *after, *old_bytes, *new_bytes, *base_bytes, *spec, *words;
    bool carried;
};

static const struct json_field file_fields[] = {
    {.name = "path", JSON_FIELD_STRING, offsetof(struct stored_file, path), true},
    {.name = "before", JSON_FIELD_STRING, offsetof(struct stored_file, before), true},
    {.name = "after", JSON_FIELD_STRING, offsetof(struct stored_file, after), true},
    {.name = "oldBytes", JSON_FIELD_STRING, offsetof(struct stored_file, old_bytes), false},
    {.name = "newBytes", JSON_FIELD_STRING, offsetof(struct stored_file, new_bytes), true},
    {.name = "carried", JSON_FIELD_BOOL, offsetof(struct stored_file, carried), false},
    {.name = "baseBytes", JSON_FIELD_STRING, offsetof(struct stored_file, base_bytes), false},
    {.name = "spec", JSON_FIELD_STRING, offsetof(struct stored_file, spec), true},
    {.name = "words", JSON_FIELD_STRING, offsetof(struct stored_file, words), true},
    {0},
};

static const struct json_field fields[] = {
    {.name = "service", JSON_FIELD_STRING, offsetof(struct stored, plan.service), true},
    {.name = "gitDirectory", JSON_FIELD_STRING, offsetof(struct stored, plan.git_dir), true},
    {.name = "workTree", JSON_FIELD_STRING, offsetof(struct stored, plan.work_tree), true},
    {.name = "mode", JSON_FIELD_STRING, offsetof(struct stored, mode), true},
    {.name = "push", JSON_FIELD_BOOL, offsetof(struct stored, plan.push), true},
    {.name = "version", JSON_FIELD_STRING, offsetof(struct stored, plan.version), true},
    {.name = "tag", JSON_FIELD_STRING, offsetof(struct stored, plan.tag), true},
    {.name = "previous", JSON_FIELD_STRING, offsetof(struct stored, plan.previous), true},
    {.name = "previousTag", JSON_FIELD_STRING, offsetof(struct stored, plan.previous_tag), true},
    {.name = "why", JSON_FIELD_STRING, offsetof(struct stored, plan.why), true},
    {.name = "branch", JSON_FIELD_STRING, offsetof(struct stored, plan.branch), true},
    {.name = "base", JSON_FIELD_STRING, offsetof(struct stored, plan.base), true},
    {.name = "remote", JSON_FIELD_STRING, offsetof(struct stored, plan.remote), true},
    {.name = "remoteBranch", JSON_FIELD_STRING, offsetof(struct stored, plan.remote_branch), true},
    {.name = "remoteExpect", JSON_FIELD_STRING, offsetof(struct stored, plan.remote_expect), true},
    {.name = "candidate", JSON_FIELD_STRING, offsetof(struct stored, plan.candidate), true},
    {.name = "commitMessage", JSON_FIELD_STRING, offsetof(struct stored, plan.commit_message), true},
    {.name = "tagMessage", JSON_FIELD_STRING, offsetof(struct stored, plan.tag_message), true},
    {.name = "notes", JSON_FIELD_STRING, offsetof(struct stored, plan.notes), true},
    {.name = "files",
     JSON_FIELD_OBJECTS,
     offsetof(struct stored, files),
     true,
     file_fields,
     sizeof(struct stored_file),
     offsetof(struct stored, file_count)},
    {.name = "plannedMs", JSON_FIELD_INT, offsetof(struct stored, plan.planned_ms), true},
    {0},
};

static const char *const modes[] = {
    [RELEASE_DIRECT] = "direct", [RELEASE_PULL_REQUEST] = "pull-request", [RELEASE_TAG_ONLY] = "tag-only"};

const char *release_mode_name(enum release_mode mode)
{
    return modes[mode];
}

static void file_clear(struct release_file *file)
{
    free(file->path);
    free(file->old_bytes);
    free(file->new_bytes);
    free(file->base_bytes);
    free(file->spec);
    free(file->words);
}

void release_plan_clear(struct release_plan *plan)
{
    for (size_t i = 0; i < plan->file_count; i++)
        file_clear(&plan->files[i]);
    free(plan->files);
    /* The table knows every text of a plan; its files are gone already. */
    struct stored stored = {.plan = *plan};
    json_fields_clear(&stored, fields);
    memset(plan, 0, sizeof(*plan));
}

void release_plan_encode(struct buf *out, const struct release_plan *plan)
{
    struct stored stored = {.plan = *plan, .file_count = plan->file_count};
    CLEANUP(free_string) char *mode = mem_string(modes[plan->mode]);
    stored.mode = mode;
    stored.files = mem_array(plan->file_count, sizeof(*stored.files));
    for (size_t i = 0; i < plan->file_count; i++) {
        struct release_file *file = &plan->files[i];
        stored.files[i] = (struct stored_file){.path = file->path,
                                               .before = file->before,
                                               .after = file->after,
                                               .old_bytes = file->old_bytes,
                                               .new_bytes = file->new_bytes,
                                               .carried = file->carried,
                                               .base_bytes = file->base_bytes,
                                               .spec = file->spec,
                                               .words = file->words};
    }
    struct json_writer w = {.out = out, .compact = true, .first = true};
    json_begin_object(&w, NULL);
    json_encode_members(&w, fields, &stored);
    json_end_object(&w);
    free(stored.files);
}

static int bad(struct error *err, const char *why)
{
    error_set(err, ERROR_INVALID, "The stored plan of this release cannot be read");
    error_why(err, "%s", why);
    return error_todo(err, "It was damaged or written by another version of signalbox: begin the release anew");
}

static bool is_object_name(const char *s)
{
    size_t len = strlen(s);
    return (len == 40 || len == 64) && strspn(s, "0123456789abcdef") == len;
}

/* Moves a stored file into the plan; false when its bytes do not have the hashes kept with them. */
static bool take_file(struct release_file *file, struct stored_file *stored)
{
    char before[HASH_HEX] = "", after[HASH_HEX];
    if (stored->old_bytes)
        hash_sha256(before, stored->old_bytes, strlen(stored->old_bytes));
    hash_sha256(after, stored->new_bytes, strlen(stored->new_bytes));
    if (strcmp(before, stored->before) != 0 || strcmp(after, stored->after) != 0)
        return false;
    *file = (struct release_file){.path = stored->path,
                                  .old_bytes = stored->old_bytes,
                                  .new_bytes = stored->new_bytes,
                                  .carried = stored->carried,
                                  .base_bytes = stored->base_bytes,
                                  .spec = stored->spec,
                                  .words = stored->words};
    memcpy(file->before, before, sizeof(before));
    memcpy(file->after, after, sizeof(after));
    stored->path = stored->old_bytes = stored->new_bytes = stored->base_bytes = stored->spec = stored->words = NULL;
    return true;
}

static int check(struct stored *stored, struct error *err)
{
    struct release_plan *plan = &stored->plan;
    size_t mode = 0;
    while (mode < COUNT(modes) && strcmp(modes[mode], stored->mode) != 0)
        mode++;
    if (mode == COUNT(modes))
        return bad(err, "its mode is unknown");
    plan->mode = (enum release_mode)mode;
    if (!is_object_name(plan->base) || (*plan->remote_expect && !is_object_name(plan->remote_expect)))
        return bad(err, "the name of a commit is none");
    if (!*plan->version || !*plan->tag || !*plan->branch)
        return bad(err, "its version, tag or branch is empty");
    plan->files = mem_array(stored->file_count, sizeof(*plan->files));
    for (; plan->file_count < stored->file_count; plan->file_count++)
        if (!take_file(&plan->files[plan->file_count], &stored->files[plan->file_count]))
            return bad(err, "the bytes of a file do not have the hash that was kept");
    return 0;
}

int release_plan_decode(struct release_plan *out, const char *bytes, size_t len, struct error *err)
{
    struct stored stored = {0};
    struct error inner;
    if (json_decode(&stored, fields, bytes, len, &inner) < 0)
        return bad(err, inner.why[0] ? inner.why : inner.what);
    int result = check(&stored, err);
    if (result < 0)
        release_plan_clear(&stored.plan);
    else
        *out = stored.plan;
    memset(&stored.plan, 0, sizeof(stored.plan));
    json_fields_clear(&stored, fields);
    return result;
}
