/* pthread_pool.h - the pool that one writes in an afternoon: one mutex, one stack of tasks, one
 * condition variable for workers that have nothing to do and one for those that wait for a task.
 *
 * It is done properly: tasks live on their creator's stack, nobody is signalled when nobody waits,
 * the caller works too, and whoever waits for a task runs others meanwhile. */
#ifndef BENCH_PTHREAD_POOL_H
#define BENCH_PTHREAD_POOL_H

#include "runtime.h"

/* The first member of what a task needs: run gets a pointer to it. */
typedef struct bench_task_t {
    void (*run)(struct bench_task_t *task);
    struct bench_task_t *below;
    bool done;
} bench_task_t;

/* Only run is set before a task is forked; it lives until it is joined. */
void bench_pool_fork(bench_task_t *task);
void bench_pool_join(const bench_task_t *task);

/* Forks all of them at once, and joins them. */
void bench_pool_run_all(bench_task_t **tasks, size_t n);

/* pthread_forkjoin.c */
BENCH_DECLARE_FORKJOIN(bench_pool)

#endif
