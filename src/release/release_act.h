/*
 * The effects of releases and undos: how each is looked at, and how it is done. Both work on the plan and the effect's
 * arguments alone.
 *
 * | kind       | arguments                                     | evidence                          |
 * | write-file | path, before, after (SHA-256; "" for no file) | tree (of the last file of a plan) |
 * | commit     | branch, parent, tree, message                 | commit, changed (what hooks did)  |
 * | tag        | name, commit, message                         | object                            |
 * | push       | remote, ref.N, expect.N, to.N ("" is absent)  | moved (the branch went on since)  |
 * | merge      | remote, branch, candidate, base, commit       | commit (what to tag), how         |
 * | move-ref   | ref, expect, to                               |                                   |
 * | attach     | expect, to (branches)                         |                                   |
 * | restore    | commit, to ("commit" or "before": the bytes);  |                                   |
 * |            | the paths are the plan's files                |                                   |
 *
 * What is neither absent nor done says why in *err, although the look itself succeeded: the run holds with these words.
 */
#ifndef SIGNALBOX_RELEASE_RELEASE_ACT_H
#define SIGNALBOX_RELEASE_RELEASE_ACT_H

#include "release/plan.h"
#include "run/run.h"

/* Where effects happen. Borrowed. */
struct release_world {
    struct source source;
    const char *work_tree;
};

/* The signatures of struct run_kind, with the plan known. */
int release_observe(enum observed *out, struct evidence *evidence, struct release_world *world,
                    const struct release_plan *plan, const struct effect *effect, const struct call *call,
                    struct error *err);
int release_act(struct evidence *evidence, struct release_world *world, const struct release_plan *plan,
                const struct effect *effect, const struct permit *permit, const struct call *call, struct error *err);

/* release_look_*.c: the looks that take more than a few lines. */
int release_observe_push(enum observed *out, struct evidence *evidence, struct source source,
                         const struct effect *effect, const struct call *call, struct error *err);
int release_observe_merge(enum observed *out, struct evidence *evidence, struct source source,
                          const struct release_plan *plan, const struct effect *effect, const struct call *call,
                          struct error *err);

/* SHA-256 of a file of the work tree into out; "" where there is none. ERROR_INVALID for what is no plain file. */
int release_file_hash(char out[HASH_HEX], const char *work_tree, const char *path, struct error *err);

/* The bytes of a plan's file before the release, or as the commit it starts from has them; NULL: no file. And their hash. */
const char *release_file_bytes(const struct release_file *file, bool committed);
void release_bytes_hash(char out[HASH_HEX], const char *bytes);

enum { RELEASE_FILE_MAX = 16 * 1024 * 1024 };

/* The plan's paths, NULL-terminated; free() the array only. */
const char **release_paths(const struct release_plan *plan);

#endif
