/* pthread_queue.c - the naive pool for tasks that are only counted: a queue under one mutex, a task
 * on the heap for each, and a count for each scope. Whoever waits for a scope works meanwhile. */
#include "runtime.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct scope_t {
    size_t open;
} scope_t;

typedef struct task_t {
    struct task_t *next;
    scope_t *scope;
    void (*run)(struct task_t *task);
    uint8_t *marks;
    size_t n, i;
} task_t;

/* Everything here is read and written with the mutex held. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static task_t *first, **end = &first;
static unsigned idle;

/* Called and returns with the mutex held. */
static void run_first(void)
{
    task_t *task = first;
    scope_t *scope = task->scope;
    first = task->next;
    if (first == NULL) end = &first;
    pthread_mutex_unlock(&mutex);
    task->run(task);
    free(task);
    pthread_mutex_lock(&mutex);
    if (--scope->open == 0) pthread_cond_broadcast(&finished);
}

static void *work_forever(void *unused)
{
    pthread_mutex_lock(&mutex);
    for (;;) {
        while (first == NULL) {
            idle++;
            pthread_cond_wait(&work, &mutex);
            idle--;
        }
        run_first();
    }
    return unused;
}

static void give_up(const char *what)
{
    fprintf(stderr, "bench: the system refused %s of the naive pool\n", what);
    exit(1);
}

static void start_threads(void)
{
    for (unsigned i = 1; i < bench_threads(); i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work_forever, NULL) != 0) give_up("a thread");
        pthread_detach(thread);
    }
}

static void spawn(const task_t *model, size_t i)
{
    task_t *task = malloc(sizeof *task);
    if (task == NULL) give_up("memory for a task");
    *task = *model;
    task->i = i;
    task->next = NULL;
    pthread_mutex_lock(&mutex);
    task->scope->open++;
    *end = task;
    end = &task->next;
    if (idle != 0) pthread_cond_signal(&work);
    pthread_mutex_unlock(&mutex);
}

static void wait_for(scope_t *scope)
{
    pthread_mutex_lock(&mutex);
    while (scope->open != 0) {
        if (first != NULL)
            run_first();
        else
            pthread_cond_wait(&finished, &mutex);
    }
    pthread_mutex_unlock(&mutex);
}

static void start_once(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, start_threads);
}

static void mark_run(task_t *task)
{
    bench_mark(&task->marks[task->i]);
}

void bench_queue_flat(uint8_t *marks, size_t n)
{
    scope_t scope = {0};
    const task_t model = {.scope = &scope, .run = mark_run, .marks = marks};
    start_once();
    for (size_t i = 0; i < n; i++)
        spawn(&model, i);
    wait_for(&scope);
}

static void spread_run(task_t *task)
{
    for (size_t child = 2 * task->i + 1; child <= 2 * task->i + 2 && child < task->n; child++)
        spawn(task, child);
    mark_run(task);
}

void bench_queue_spread(uint8_t *marks, size_t n)
{
    scope_t scope = {0};
    const task_t model = {.scope = &scope, .run = spread_run, .marks = marks, .n = n};
    start_once();
    spawn(&model, 0);
    wait_for(&scope);
}

void bench_queue_items(uint8_t *marks, size_t n)
{
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        bench_queue_flat(marks + i, BENCH_SCOPE_PER_ITEM);
}
