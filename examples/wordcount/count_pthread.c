/* count_pthread.c - word count by the pool that everybody writes once: threads, one queue, one
 * mutex, two condition variables. */
#include "wordcount.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef void task_fn(unsigned thread, size_t i, void *ctx);

typedef struct task_t {
    struct task_t *next;
    task_fn *fn;
    size_t i;
    void *ctx;
} task_t;

static struct {
    pthread_mutex_t lock; /* guards everything below */
    pthread_cond_t has_work, is_done;
    task_t *first, **last;
    size_t n_open; /* submitted and not yet finished */
    bool is_stopping;
    unsigned n_threads;
    pthread_t *threads;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .has_work = PTHREAD_COND_INITIALIZER,
          .is_done = PTHREAD_COND_INITIALIZER,
          .last = &pool.first};

static task_t *task_take(void)
{
    pthread_mutex_lock(&pool.lock);
    while (pool.first == NULL && !pool.is_stopping)
        pthread_cond_wait(&pool.has_work, &pool.lock);
    task_t *task = pool.first;
    if (task != NULL) {
        pool.first = task->next;
        if (pool.first == NULL) pool.last = &pool.first;
    }
    pthread_mutex_unlock(&pool.lock);
    return task;
}

static void task_finish(task_t *task)
{
    free(task);
    pthread_mutex_lock(&pool.lock);
    if (--pool.n_open == 0) pthread_cond_signal(&pool.is_done);
    pthread_mutex_unlock(&pool.lock);
}

static void *thread_main(void *index)
{
    unsigned thread = (unsigned)(uintptr_t)index;
    for (task_t *task; (task = task_take()) != NULL; task_finish(task))
        task->fn(thread, task->i, task->ctx);
    return NULL;
}

static void pool_start(unsigned n_threads)
{
    if (pool.threads != NULL) return;
    pool.threads = alloc_zeroed(n_threads, sizeof *pool.threads);
    for (uintptr_t i = 0; i < n_threads; i++) {
        if (pthread_create(&pool.threads[i], NULL, thread_main, (void *)i) != 0) {
            fprintf(stderr, "wordcount: the naive pool could not start thread %zu\n", (size_t)i);
            exit(1);
        }
        pool.n_threads++;
    }
}

static void pool_run(size_t n, task_fn *fn, void *ctx)
{
    for (size_t i = 0; i < n; i++) {
        task_t *task = alloc_zeroed(1, sizeof *task);
        *task = (task_t){NULL, fn, i, ctx};
        pthread_mutex_lock(&pool.lock);
        *pool.last = task;
        pool.last = &task->next;
        pool.n_open++;
        pthread_cond_signal(&pool.has_work);
        pthread_mutex_unlock(&pool.lock);
    }
    pthread_mutex_lock(&pool.lock);
    while (pool.n_open != 0)
        pthread_cond_wait(&pool.is_done, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
}

typedef struct job_t {
    const text_t *text;
    table_t *tables; /* one a thread */
    table_t *out;
} job_t;

static void part_count(unsigned thread, size_t i, void *ctx)
{
    job_t *job = ctx;
    table_count(&job->tables[thread], job->text->parts[i]);
}

static void shard_merge(unsigned thread, size_t shard, void *ctx)
{
    (void)thread;
    job_t *job = ctx;
    for (unsigned i = 0; i < pool.n_threads; i++)
        table_merge_shard(job->out, &job->tables[i], shard);
}

void count_pthread(const text_t *text, unsigned n_workers, table_t *out)
{
    pool_start(n_workers);
    job_t job = {text, alloc_zeroed(n_workers, sizeof(table_t)), out};
    pool_run(text->n_parts, part_count, &job);
    pool_run(N_SHARDS, shard_merge, &job);
    free(job.tables);
}

void count_pthread_stop(void)
{
    pthread_mutex_lock(&pool.lock);
    pool.is_stopping = true;
    pthread_cond_broadcast(&pool.has_work);
    pthread_mutex_unlock(&pool.lock);
    for (unsigned i = 0; i < pool.n_threads; i++)
        pthread_join(pool.threads[i], NULL);
    free(pool.threads);
}
