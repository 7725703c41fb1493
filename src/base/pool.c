#include "base/pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"

enum { PER_BACKEND = 2, WORDS_MAX = 256 };

enum stage { QUEUED, RUNNING, FINISHED };

/* One job on its way. In exactly one of the pool's three lists, after its stage. */
struct ticket {
    struct ticket *next;
    struct pool *pool;
    struct job job;
    uint64_t id;
    enum stage stage;
    struct cancel cancel;
    int64_t started_ms;
    char words[WORDS_MAX]; /* of its last progress */
    uint64_t done, total;
    bool progressed;
    int result;
    struct error err;
};

/*
 * Invariant, under the lock: running <= workers; normal jobs running <= workers - 1; of one backend at most PER_BACKEND
 * normal jobs run. `holders` counts the owner and every living worker: the last to let go frees the pool.
 */
struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work, gone; /* something may be started; a worker has ended or a job finished */
    int fd, workers, living, idle, holders;
    bool closing;
    uint64_t last_id;
    struct ticket *queued, *running, *finished;
};

struct pool *pool_new(int workers)
{
    struct pool *pool = mem_alloc(sizeof(*pool));
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pthread_cond_init(&pool->gone, &attributes);
    pthread_condattr_destroy(&attributes);
    pool->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pool->workers = workers < 2 ? 2 : workers;
    pool->holders = 1;
    return pool;
}

int pool_fd(const struct pool *pool)
{
    return pool->fd;
}

static void append(struct ticket **list, struct ticket *ticket)
{
    while (*list)
        list = &(*list)->next;
    ticket->next = NULL;
    *list = ticket;
}

static void take_out(struct ticket **list, struct ticket *ticket)
{
    while (*list != ticket)
        list = &(*list)->next;
    *list = ticket->next;
    ticket->next = NULL;
}

static void ring(struct pool *pool)
{
    uint64_t one = 1;
    if (write(pool->fd, &one, sizeof(one)) < 0)
        return; /* full: it is readable already */
}

static void finish(struct pool *pool, struct ticket *ticket)
{
    ticket->stage = FINISHED;
    append(&pool->finished, ticket);
    ring(pool);
}

/* May it start now? Stops pass every limit but the number of threads. */
static bool may_start(const struct pool *pool, const struct ticket *ticket)
{
    int normal = 0, same = 0;
    if (ticket->job.stop)
        return true;
    for (const struct ticket *other = pool->running; other; other = other->next) {
        normal += !other->job.stop;
        same += !other->job.stop && strcmp(other->job.backend, ticket->job.backend) == 0;
    }
    return normal < pool->workers - 1 && same < PER_BACKEND;
}

/* The next to start: stops before all others, then by age. */
static struct ticket *next_ticket(const struct pool *pool)
{
    struct ticket *first = NULL;
    for (struct ticket *ticket = pool->queued; ticket; ticket = ticket->next) {
        if (!may_start(pool, ticket))
            continue;
        if (ticket->job.stop)
            return ticket;
        if (!first)
            first = ticket;
    }
    return first;
}

static void *worker(void *argument);

/* Signals are the owner's: they are taken at its wait point, so workers block all but faults. */
static void start_worker(struct pool *pool)
{
    sigset_t all, old;
    pthread_t thread;
    pthread_attr_t attributes;
    sigfillset(&all);
    sigdelset(&all, SIGSEGV);
    sigdelset(&all, SIGBUS);
    sigdelset(&all, SIGFPE);
    sigdelset(&all, SIGILL);
    sigdelset(&all, SIGABRT);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    int failed = pthread_create(&thread, &attributes, worker, pool);
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attributes);
    if (!failed) {
        pool->living++;
        pool->holders++;
    } else if (pool->living == 0) {
        fprintf(stderr, "signalbox: no thread can be started: %s\n", strerror(failed));
        abort();
    }
}

/*
 * A thread more, when something could start and nobody is free to look. An idle worker counts as free until it has woken
 * and taken a job, and then it asks again; so two jobs submitted to one idle worker do not end up one behind the other.
 */
static void ensure_worker(struct pool *pool)
{
    if (pool->idle == 0 && pool->living < pool->workers && next_ticket(pool))
        start_worker(pool);
}

static void on_progress(void *context, struct text words, uint64_t done, uint64_t total)
{
    struct ticket *ticket = context;
    pthread_mutex_lock(&ticket->pool->lock);
    struct text kept = text_slice(words, 0, sizeof(ticket->words) - 1);
    memcpy(ticket->words, kept.safe ? kept.safe : "", kept.len);
    ticket->words[kept.len] = 0;
    ticket->done = done;
    ticket->total = total;
    ticket->progressed = true;
    ring(ticket->pool); /* so that the frame shows it */
    pthread_mutex_unlock(&ticket->pool->lock);
}

/* Called and returns with the lock held. */
static void run_ticket(struct pool *pool, struct ticket *ticket)
{
    take_out(&pool->queued, ticket);
    append(&pool->running, ticket);
    ticket->stage = RUNNING;
    ticket->started_ms = clock_boot_ms();
    struct call call = {.cancel = &ticket->cancel, .progress = on_progress, .progress_context = ticket};
    if (ticket->job.timeout_ms)
        call.deadline_ms = ticket->started_ms + ticket->job.timeout_ms;
    ensure_worker(pool);
    pthread_mutex_unlock(&pool->lock);
    int result = ticket->job.run(ticket->job.work, &call, &ticket->err);
    pthread_mutex_lock(&pool->lock);
    ticket->result = result;
    take_out(&pool->running, ticket);
    finish(pool, ticket);
    pthread_cond_broadcast(&pool->work);
    pthread_cond_broadcast(&pool->gone);
}

static void free_ticket(struct ticket *ticket)
{
    cancel_clear(&ticket->cancel);
    free(ticket);
}

static void free_list(struct ticket *ticket)
{
    while (ticket) {
        struct ticket *next = ticket->next;
        free_ticket(ticket);
        ticket = next;
    }
}

/* Lets go of the pool; called with the lock held, which is released. */
static void let_go(struct pool *pool)
{
    bool last = --pool->holders == 0;
    pthread_mutex_unlock(&pool->lock);
    if (!last)
        return;
    free_list(pool->finished);
    close(pool->fd);
    pthread_cond_destroy(&pool->work);
    pthread_cond_destroy(&pool->gone);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}

static void *worker(void *argument)
{
    struct pool *pool = argument;
    pthread_mutex_lock(&pool->lock);
    while (true) {
        struct ticket *ticket = next_ticket(pool);
        if (ticket) {
            run_ticket(pool, ticket);
            continue;
        }
        if (pool->closing)
            break;
        pool->idle++;
        pthread_cond_wait(&pool->work, &pool->lock);
        pool->idle--;
    }
    pool->living--;
    pthread_cond_broadcast(&pool->gone);
    let_go(pool);
    return NULL;
}

uint64_t pool_submit(struct pool *pool, const struct job *job)
{
    struct ticket *ticket = mem_alloc(sizeof(*ticket));
    ticket->pool = pool;
    ticket->job = *job;
    cancel_init(&ticket->cancel);
    pthread_mutex_lock(&pool->lock);
    uint64_t id = ticket->id = ++pool->last_id;
    append(&pool->queued, ticket);
    ensure_worker(pool);
    /* All: one woken alone might be the one that may not start it. */
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    return id;
}

static struct ticket *find(struct ticket *list, uint64_t id)
{
    while (list && list->id != id)
        list = list->next;
    return list;
}

static void cancel_queued(struct pool *pool, struct ticket *ticket)
{
    take_out(&pool->queued, ticket);
    ticket->result = error_set(&ticket->err, ERROR_CANCELLED, "Cancelled before it began");
    finish(pool, ticket);
}

void pool_cancel(struct pool *pool, uint64_t id)
{
    pthread_mutex_lock(&pool->lock);
    struct ticket *ticket = find(pool->queued, id);
    if (ticket)
        cancel_queued(pool, ticket);
    else if ((ticket = find(pool->running, id)))
        cancel_set(&ticket->cancel);
    pthread_mutex_unlock(&pool->lock);
}

int pool_collect(struct pool *pool)
{
    uint64_t rung;
    int count = 0;
    pthread_mutex_lock(&pool->lock);
    if (read(pool->fd, &rung, sizeof(rung)) < 0 && errno != EAGAIN)
        abort(); /* an eventfd of ours cannot fail otherwise */
    struct ticket *finished = pool->finished;
    pool->finished = NULL;
    pthread_mutex_unlock(&pool->lock);
    while (finished) {
        struct ticket *ticket = finished;
        finished = ticket->next;
        ticket->job.done(ticket->job.work, ticket->result, &ticket->err);
        free_ticket(ticket);
        count++;
    }
    return count;
}

/* The lock is no part of what `const` promises. */
static struct pool *lock_const(const struct pool *pool)
{
    struct pool *locked = (struct pool *)pool;
    pthread_mutex_lock(&locked->lock);
    return locked;
}

bool pool_oldest(const struct pool *pool, struct job *out, int64_t *age_ms)
{
    struct pool *locked = lock_const(pool);
    const struct ticket *oldest = locked->running; /* appended as they start */
    if (oldest) {
        *out = oldest->job;
        *age_ms = clock_boot_ms() - oldest->started_ms;
    }
    pthread_mutex_unlock(&locked->lock);
    return oldest != NULL;
}

bool pool_progress(struct pool *pool, uint64_t id, char *words, int size, uint64_t *done, uint64_t *total)
{
    pthread_mutex_lock(&pool->lock);
    const struct ticket *ticket = find(pool->running, id);
    bool progressed = ticket && ticket->progressed;
    if (progressed) {
        text_into(words, (size_t)size, ticket->words, strlen(ticket->words));
        *done = ticket->done;
        *total = ticket->total;
    }
    pthread_mutex_unlock(&pool->lock);
    return progressed;
}

static struct timespec after_ms(int64_t ms)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += ms / 1000;
    at.tv_nsec += ms % 1000 * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

bool pool_close(struct pool *pool, int64_t wait_ms)
{
    struct timespec until = after_ms(wait_ms);
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    while (pool->queued)
        cancel_queued(pool, pool->queued);
    for (struct ticket *ticket = pool->running; ticket; ticket = ticket->next)
        cancel_set(&ticket->cancel);
    pthread_cond_broadcast(&pool->work);
    while (pool->living && pthread_cond_timedwait(&pool->gone, &pool->lock, &until) == 0)
        continue;
    bool all = pool->living == 0;
    pthread_mutex_unlock(&pool->lock);
    pool_collect(pool);
    pthread_mutex_lock(&pool->lock);
    let_go(pool);
    return all;
}
