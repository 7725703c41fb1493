#include "ui/model/status_model.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

struct state_job {
    struct status_model *model;
    const struct environment *environment;
    struct source_state state;
};

static int state_run(void *work, const struct call *call, struct error *err)
{
    struct state_job *job = work;
    CLEANUP(desk_close) struct desk desk = {0};
    if (desk_open(&desk, job->environment, DESK_SOURCE, call, err) < 0)
        return -1;
    return desk.source.ops->state(desk.source.self, &job->state, call, err);
}

static void state_done(void *work, int result, const struct error *err)
{
    struct state_job *job = work;
    struct status_model *model = job->model;
    model->work->changed = true;
    if (load_end(&model->load, result, err)) {
        source_state_clear(&model->state);
        model->state = job->state;
    }
    bool again = model->load.again;
    free(job);
    if (again)
        status_load(model);
}

void status_load(struct status_model *model)
{
    if (load_under_way(&model->load)) {
        model->load.again = true;
        return;
    }
    struct state_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    load_begin(
        &model->load,
        pool_submit(model->work->pool,
                    &(struct job){
                        .backend = "git", .label = TEXT("git"), .run = state_run, .done = state_done, .work = job}));
}

struct watch_job {
    struct status_model *model;
    const struct environment *environment;
    uint64_t signature;
};

/* FNV-1a over what stat tells: cheap, and any change of time, size or inode changes it. */
static void mix(uint64_t *sum, const void *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++)
        *sum = (*sum ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
}

static void look(uint64_t *sum, const char *directory, const char *name)
{
    CLEANUP(free_string) char *path = path_join(directory, name);
    struct stat st;
    if (stat(path, &st) < 0)
        return;
    mix(sum, name, strlen(name));
    mix(sum, &st.st_mtim, sizeof(st.st_mtim));
    mix(sum, &st.st_size, sizeof(st.st_size));
    mix(sum, &st.st_ino, sizeof(st.st_ino));
}

/* A reference is renamed into its directory, so the times of the directories tell of every change. */
static void look_below(uint64_t *sum, const char *directory, int depth)
{
    look(sum, directory, ".");
    DIR *dir = depth > 0 ? opendir(directory) : NULL;
    if (!dir)
        return;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.' || (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN))
            continue;
        CLEANUP(free_string) char *path = path_join(directory, entry->d_name);
        look_below(sum, path, depth - 1);
    }
    closedir(dir);
}

static int watch_run(void *work, const struct call *call, struct error *err)
{
    struct watch_job *job = work;
    const struct config_place *place = &job->environment->place;
    (void)call, (void)err;
    uint64_t sum = UINT64_C(14695981039346656037);
    static const char *const files[] = {"HEAD", "packed-refs", "index", "logs/HEAD", "MERGE_HEAD"};
    for (size_t i = 0; i < COUNT(files); i++)
        look(&sum, place->git_dir, files[i]);
    CLEANUP(free_string) char *refs = path_join(place->git_dir, "refs");
    look_below(&sum, refs, 4);
    if (*job->environment->service->changelog)
        look(&sum, place->root, job->environment->service->changelog);
    job->signature = sum;
    return 0;
}

static void watch_done(void *work, int result, const struct error *err)
{
    struct watch_job *job = work;
    struct status_model *model = job->model;
    if (load_end(&model->watch, result, err)) {
        if (model->signature != 0 && model->signature != job->signature)
            model->changed = true;
        model->signature = job->signature;
    }
    free(job);
}

void status_watch(struct status_model *model)
{
    if (load_under_way(&model->watch))
        return;
    struct watch_job *job = mem_alloc(sizeof(*job));
    job->model = model;
    job->environment = model->work->environment;
    load_begin(&model->watch,
               pool_submit(model->work->pool,
                           &(struct job){.backend = "watch", .run = watch_run, .done = watch_done, .work = job}));
}

void status_clear(struct status_model *model)
{
    source_state_clear(&model->state);
}
