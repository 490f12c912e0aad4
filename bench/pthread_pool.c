/* pthread_pool.c - the naive pool. Newest first, so that a waiting thread runs its own small task rather
 * than a large one of a stranger. */
#include "pthread_pool.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* Everything here is read and written with the mutex held. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static bench_task_t *stack;
static unsigned idle, waiting;

/* Called and returns with the mutex held. */
static void run_newest(void)
{
    bench_task_t *task = stack;
    stack = task->below;
    pthread_mutex_unlock(&mutex);
    task->run(task);
    pthread_mutex_lock(&mutex);
    task->done = true;
    if (waiting != 0) pthread_cond_broadcast(&finished);
}

static void *work_forever(void *unused)
{
    pthread_mutex_lock(&mutex);
    for (;;) {
        while (stack == NULL) {
            idle++;
            pthread_cond_wait(&work, &mutex);
            idle--;
        }
        run_newest();
    }
    return unused;
}

static void start_threads(void)
{
    for (unsigned i = 1; i < bench_threads(); i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work_forever, NULL) != 0) {
            fputs("bench: the system refused a thread of the naive pool\n", stderr);
            exit(1);
        }
        pthread_detach(thread);
    }
}

static void fork_all(bench_task_t *const *tasks, size_t n)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_threads);
    pthread_mutex_lock(&mutex);
    for (size_t i = 0; i < n; i++) {
        tasks[i]->done = false;
        tasks[i]->below = stack;
        stack = tasks[i];
    }
    if (idle != 0) {
        if (n == 1)
            pthread_cond_signal(&work);
        else
            pthread_cond_broadcast(&work);
    }
    pthread_mutex_unlock(&mutex);
}

void bench_pool_fork(bench_task_t *task)
{
    fork_all(&task, 1);
}

void bench_pool_join(const bench_task_t *task)
{
    pthread_mutex_lock(&mutex);
    while (!task->done) {
        if (stack != NULL) {
            run_newest();
        } else {
            waiting++;
            pthread_cond_wait(&finished, &mutex);
            waiting--;
        }
    }
    pthread_mutex_unlock(&mutex);
}

void bench_pool_run_all(bench_task_t **tasks, size_t n)
{
    fork_all(tasks, n);
    for (size_t i = 0; i < n; i++)
        bench_pool_join(tasks[i]);
}
