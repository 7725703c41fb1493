/* A plan as release_propose() would make it, for tests that need no repository. */
#ifndef SIGNALBOX_TESTS_SAMPLE_PLAN_H
#define SIGNALBOX_TESTS_SAMPLE_PLAN_H

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "release/plan.h"

#define SAMPLE_BASE   "1111111111111111111111111111111111111111"
#define SAMPLE_COMMIT "2222222222222222222222222222222222222222"
#define SAMPLE_TAG    "3333333333333333333333333333333333333333"

/* The first file was there before, the others are new. */
static inline void sample_plan(struct release_plan *plan, enum release_mode mode, bool push, size_t files)
{
    static const char *const paths[] = {"CHANGELOG.md", "package.json", "VERSION"};
    *plan = (struct release_plan){
        .service = mem_string("api"),
        .git_dir = mem_string("/repo/.git"),
        .work_tree = mem_string("/repo"),
        .mode = mode,
        .push = push,
        .version = mem_string("1.4.0"),
        .tag = mem_string("v1.4.0"),
        .previous = mem_string("1.3.0"),
        .previous_tag = mem_string("v1.3.0"),
        .why = mem_string("minor: 1 feat, nothing breaking"),
        .branch = mem_string("main"),
        .base = mem_string(SAMPLE_BASE),
        .remote = mem_string("origin"),
        .remote_branch = mem_string("main"),
        .remote_expect = mem_string(SAMPLE_BASE),
        .candidate = mem_string(mode == RELEASE_PULL_REQUEST ? "release/1.4.0" : ""),
        .commit_message = mem_string(files ? "release: v1.4.0" : ""),
        .tag_message = mem_string("v1.4.0"),
        .notes = mem_string(""),
        .planned_ms = 1767225600000,
    };
    plan->files = mem_array(files, sizeof(*plan->files));
    plan->file_count = files;
    for (size_t i = 0; i < files; i++) {
        struct release_file *file = &plan->files[i];
        char bytes[32];
        file->path = mem_string(paths[i]);
        file->spec = mem_string(i ? paths[i] : "");
        file->words = mem_string("says 1.4.0");
        if (i == 0) {
            file->old_bytes = mem_string("old 0\n");
            hash_sha256(file->before, file->old_bytes, strlen(file->old_bytes));
        }
        snprintf(bytes, sizeof(bytes), "new %zu\n", i);
        file->new_bytes = mem_string(bytes);
        hash_sha256(file->after, bytes, strlen(bytes));
    }
}

#endif
