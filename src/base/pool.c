#include "base/pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum { PER_BACKEND = 2 };

enum task_state { TASK_QUEUED, TASK_RUNNING, TASK_FINISHED };

struct task {
    struct task *next;
    struct pool *pool;
    uint64_t id;
    struct job job;
    enum task_state state;
    struct cancel cancel;
    int64_t since_ms; /* when it began to run */
    int result;
    struct error err;
    char words[128];
    uint64_t progress, total;
    bool has_progress;
};

/*
 * Everything is guarded by the lock, apart from what a running task's own worker writes into `err` and `result`, which
 * nobody reads before it has finished. Tasks stand in the order they were submitted.
 */
struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work, idle; /* there is something to do; a worker has ended */
    struct task *tasks;
    pthread_t *threads;
    int workers, started, live, resting;
    uint64_t last_id;
    int fd;
    bool closing;
};

/* Where a pool stays whose workers hang: they still use it, and leak checkers see that it is meant. */
static struct pool *volatile left_behind;

struct pool *pool_new(int workers)
{
    struct pool *pool = mem_alloc(sizeof(*pool));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->idle, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pool->workers = workers < 2 ? 2 : workers;
    pool->threads = mem_array((size_t)pool->workers, sizeof(*pool->threads));
    pool->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return pool;
}

int pool_fd(const struct pool *pool)
{
    return pool->fd;
}

static void on_progress(void *context, struct text words, uint64_t done, uint64_t total)
{
    struct task *task = context;
    pthread_mutex_lock(&task->pool->lock);
    text_into(task->words, sizeof(task->words), words.safe, words.len);
    task->progress = done;
    task->total = total;
    task->has_progress = true;
    pthread_mutex_unlock(&task->pool->lock);
}

/* The first that may run: not two of its backend already, and a worker left over for stops. */
static struct task *choose(struct pool *pool)
{
    int running = 0;
    for (struct task *task = pool->tasks; task; task = task->next)
        running += task->state == TASK_RUNNING;
    for (struct task *task = pool->tasks; task; task = task->next) {
        int same = 0;
        if (task->state != TASK_QUEUED || (!task->job.stop && running >= pool->workers - 1))
            continue;
        for (const struct task *other = pool->tasks; other; other = other->next)
            same += other->state == TASK_RUNNING && strcmp(other->job.backend, task->job.backend) == 0;
        if (same < PER_BACKEND || task->job.stop)
            return task;
    }
    return NULL;
}

static void run(struct pool *pool, struct task *task)
{
    struct call call = {.cancel = &task->cancel, .progress = on_progress, .progress_context = task};
    task->state = TASK_RUNNING;
    task->since_ms = clock_boot_ms();
    if (task->job.timeout_ms > 0)
        call.deadline_ms = task->since_ms + task->job.timeout_ms;
    pthread_mutex_unlock(&pool->lock);
    struct error err = {0};
    int result = call_check(&call, "begin", &err);
    if (result == 0)
        result = task->job.run(task->job.work, &call, &err);
    pthread_mutex_lock(&pool->lock);
    task->result = result;
    task->err = err;
    task->state = TASK_FINISHED;
    eventfd_write(pool->fd, 1);
    /* Its backend has room again: somebody who rests may have something to do now. */
    pthread_cond_broadcast(&pool->work);
}

static void *worker(void *context)
{
    struct pool *pool = context;
    pthread_mutex_lock(&pool->lock);
    while (!pool->closing) {
        struct task *task = choose(pool);
        if (task) {
            run(pool, task);
            continue;
        }
        pool->resting++;
        pthread_cond_wait(&pool->work, &pool->lock);
        pool->resting--;
    }
    pool->live--;
    pthread_cond_signal(&pool->idle);
    pthread_mutex_unlock(&pool->lock);
    return NULL;
}

/* Workers take no signals but those that their own faults raise: signals are for the owner's wait point. */
static void start_worker(struct pool *pool)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    sigset_t most, old;
    sigfillset(&most);
    for (size_t i = 0; i < COUNT(faults); i++)
        sigdelset(&most, faults[i]);
    pthread_sigmask(SIG_SETMASK, &most, &old);
    if (pthread_create(&pool->threads[pool->started], NULL, worker, pool) == 0) {
        pool->started++;
        pool->live++;
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

uint64_t pool_submit(struct pool *pool, const struct job *job)
{
    struct task *task = mem_alloc(sizeof(*task));
    task->pool = pool;
    task->job = *job;
    cancel_init(&task->cancel);
    pthread_mutex_lock(&pool->lock);
    uint64_t id = task->id = ++pool->last_id;
    struct task **end = &pool->tasks;
    while (*end)
        end = &(*end)->next;
    *end = task;
    if (!pool->closing && pool->resting == 0 && pool->started < pool->workers)
        start_worker(pool);
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    return id;
}

void pool_cancel(struct pool *pool, uint64_t id)
{
    pthread_mutex_lock(&pool->lock);
    for (struct task *task = pool->tasks; task; task = task->next) {
        if (task->id != id || task->state == TASK_FINISHED)
            continue;
        cancel_set(&task->cancel);
        /* What has not begun needs no worker to end. */
        if (task->state == TASK_QUEUED) {
            task->result = error_set(&task->err, ERROR_CANCELLED, "It was given up before it began");
            task->state = TASK_FINISHED;
            eventfd_write(pool->fd, 1);
        }
    }
    pthread_mutex_unlock(&pool->lock);
}

/* Takes the first finished one out of the list. */
static struct task *take_finished(struct pool *pool)
{
    for (struct task **at = &pool->tasks; *at; at = &(*at)->next) {
        if ((*at)->state != TASK_FINISHED)
            continue;
        struct task *task = *at;
        *at = task->next;
        return task;
    }
    return NULL;
}

static void task_done(struct task *task)
{
    if (task->job.done)
        task->job.done(task->job.work, task->result, &task->err);
    cancel_clear(&task->cancel);
    free(task);
}

int pool_collect(struct pool *pool)
{
    eventfd_t ignored;
    int count = 0;
    eventfd_read(pool->fd, &ignored);
    for (;;) {
        pthread_mutex_lock(&pool->lock);
        struct task *task = take_finished(pool);
        pthread_mutex_unlock(&pool->lock);
        if (!task)
            return count;
        task_done(task);
        count++;
    }
}

bool pool_oldest(const struct pool *pool, struct job *out, int64_t *age_ms)
{
    struct pool *mutable = (struct pool *)pool;
    const struct task *oldest = NULL;
    pthread_mutex_lock(&mutable->lock);
    for (const struct task *task = pool->tasks; task; task = task->next) {
        if (task->state == TASK_RUNNING && task->job.label.len > 0 && (!oldest || task->since_ms < oldest->since_ms))
            oldest = task;
    }
    if (oldest) {
        *out = oldest->job;
        *age_ms = clock_boot_ms() - oldest->since_ms;
    }
    pthread_mutex_unlock(&mutable->lock);
    return oldest != NULL;
}

bool pool_progress(struct pool *pool, uint64_t id, char *words, int size, uint64_t *done, uint64_t *total)
{
    bool found = false;
    pthread_mutex_lock(&pool->lock);
    for (const struct task *task = pool->tasks; task; task = task->next) {
        if (task->id != id || !task->has_progress)
            continue;
        text_into(words, (size_t)size, task->words, strlen(task->words));
        *done = task->progress;
        *total = task->total;
        found = true;
    }
    pthread_mutex_unlock(&pool->lock);
    return found;
}

static bool wait_for_workers(struct pool *pool, int64_t wait_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += wait_ms / 1000;
    until.tv_nsec += (wait_ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    while (pool->live > 0) {
        if (pthread_cond_timedwait(&pool->idle, &pool->lock, &until) == ETIMEDOUT)
            break;
    }
    return pool->live == 0;
}

/* Ends what is queued, and takes everything but what still runs out of the list. */
static struct task *take_ended(struct pool *pool)
{
    struct task *ended = NULL, **last = &ended;
    for (struct task **at = &pool->tasks; *at;) {
        struct task *task = *at;
        if (task->state == TASK_RUNNING) {
            at = &task->next;
            continue;
        }
        if (task->state == TASK_QUEUED)
            task->result = error_set(&task->err, ERROR_CANCELLED, "It was given up before it began");
        *at = task->next;
        task->next = NULL;
        *last = task;
        last = &task->next;
    }
    return ended;
}

bool pool_close(struct pool *pool, int64_t wait_ms)
{
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    for (struct task *task = pool->tasks; task; task = task->next)
        cancel_set(&task->cancel);
    pthread_cond_broadcast(&pool->work);
    bool whole = wait_for_workers(pool, wait_ms);

    /* A done() may submit once more: that too is ended, not run. */
    for (struct task *ended; (ended = take_ended(pool));) {
        pthread_mutex_unlock(&pool->lock);
        while (ended) {
            struct task *next = ended->next;
            task_done(ended);
            ended = next;
        }
        pthread_mutex_lock(&pool->lock);
    }
    pthread_mutex_unlock(&pool->lock);
    if (!whole) {
        left_behind = pool;
        return false;
    }
    for (int i = 0; i < pool->started; i++)
        pthread_join(pool->threads[i], NULL);
    close(pool->fd);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->idle);
    pthread_mutex_destroy(&pool->lock);
    free(pool->threads);
    free(pool);
    return true;
}
