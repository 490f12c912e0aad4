/* runtime_pthread.c - the pool that one writes in an afternoon: one mutex, one stack of tasks, one
 * condition variable for workers that have nothing to do and one for those that wait for a task.
 *
 * It is done properly: tasks live on their creator's stack, nobody is signalled when nobody waits,
 * the caller works too, and whoever waits for a task runs others meanwhile. Newest first, so that
 * a waiting thread runs its own small task rather than a large one of a stranger. */
#include "ranges.h"
#include "runtime.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct task_t {
    void (*run)(struct task_t *task);
    struct task_t *below;
    bool done;
} task_t;

/* Everything here is read and written with the mutex held. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;
static pthread_cond_t finished = PTHREAD_COND_INITIALIZER;
static task_t *stack;
static unsigned idle, waiting;

/* Called and returns with the mutex held. */
static void run_newest(void)
{
    task_t *task = stack;
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

static void fork_tasks(task_t *const *tasks, size_t n)
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

static void fork_task(task_t *task)
{
    fork_tasks(&task, 1);
}

static void join_task(const task_t *task)
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

/* Loops: eight chunks for each thread, the usual compromise between cost and balance. */
enum { CHUNKS_PER_THREAD = 8, CHUNKS_MAX = 512 };

typedef struct chunk_t {
    task_t task; /* first: run gets a pointer to it */
    size_t begin, end;
    bench_range_fn *body;
    void *ctx;
    double partial;
} chunk_t;

static void chunk_run(task_t *task)
{
    chunk_t *c = (chunk_t *)task;
    c->body(c->begin, c->end, c->ctx);
}

static void chunk_fold(task_t *task)
{
    chunk_t *c = (chunk_t *)task;
    c->partial = bench_fold_range(c->ctx, c->begin, c->end);
}

static size_t
chunks_do(chunk_t *chunks, size_t n, void (*run)(task_t *task), bench_range_fn *body, void *ctx)
{
    task_t *tasks[CHUNKS_MAX];
    size_t count = (size_t)bench_threads() * CHUNKS_PER_THREAD;
    if (count > CHUNKS_MAX) count = CHUNKS_MAX;
    if (count > n) count = n;
    for (size_t i = 0; i < count; i++) {
        chunks[i] = (chunk_t){{run, NULL, false}, i * n / count, (i + 1) * n / count, body, ctx, 0};
        tasks[i] = &chunks[i].task;
    }
    fork_tasks(tasks, count);
    for (size_t i = 0; i < count; i++)
        join_task(tasks[i]);
    return count;
}

static void loop(const bench_loop_t *data, bench_range_fn *body)
{
    bench_loop_t d = *data;
    chunk_t chunks[CHUNKS_MAX];
    chunks_do(chunks, d.n, chunk_run, body, &d);
}

#define PTHREAD_LOOP(kernel)                                                                       \
    static void pthread_##kernel(const bench_loop_t *data)                                         \
    {                                                                                              \
        loop(data, range_##kernel);                                                                \
    }
BENCH_LOOP_KERNELS(PTHREAD_LOOP)

static double fold(bench_fold_t f, size_t n)
{
    chunk_t chunks[CHUNKS_MAX];
    size_t count = chunks_do(chunks, n, chunk_fold, NULL, &f);
    double s = 0.0;
    for (size_t i = 0; i < count; i++)
        s += chunks[i].partial;
    return s;
}

static double pthread_sum(const double *x, size_t n)
{
    return fold((bench_fold_t){x, NULL}, n);
}

static double pthread_dot(const double *x, const double *y, size_t n)
{
    return fold((bench_fold_t){x, y}, n);
}

typedef struct fib_t {
    task_t task;
    unsigned n;
    uint64_t result;
} fib_t;

static uint64_t pthread_fib(unsigned n);

static void fib_run(task_t *task)
{
    fib_t *f = (fib_t *)task;
    f->result = pthread_fib(f->n);
}

static uint64_t pthread_fib(unsigned n)
{
    if (n < 2) return n;
    fib_t a = {.task.run = fib_run, .n = n - 1};
    fork_task(&a.task);
    uint64_t b = pthread_fib(n - 2);
    join_task(&a.task);
    return a.result + b;
}

typedef struct tree_t {
    task_t task;
    const bench_node_t *node;
    uint64_t result;
} tree_t;

static uint64_t pthread_tree(const bench_node_t *node);

static void tree_run(task_t *task)
{
    tree_t *t = (tree_t *)task;
    t->result = pthread_tree(t->node);
}

static uint64_t pthread_tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    tree_t a = {.task.run = tree_run, .node = node->left};
    fork_task(&a.task);
    uint64_t b = pthread_tree(node->right);
    join_task(&a.task);
    return node->value + a.result + b;
}

typedef struct queens_t {
    task_t task;
    bench_board_t board;
    uint64_t result;
} queens_t;

static uint64_t place_all(bench_board_t b);

static void queens_run(task_t *task)
{
    queens_t *q = (queens_t *)task;
    q->result = place_all(q->board);
}

static uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint32_t rest = bench_board_free(b);
    if (rest == 0) return 0;
    queens_t others[32];
    int n = 0;
    for (; (rest & (rest - 1)) != 0; rest &= rest - 1, n++) {
        others[n].task.run = queens_run;
        others[n].board = bench_board_place(b, rest & (~rest + 1));
        fork_task(&others[n].task);
    }
    uint64_t solutions = place_all(bench_board_place(b, rest));
    while (n-- > 0) {
        join_task(&others[n].task);
        solutions += others[n].result;
    }
    return solutions;
}

static uint64_t pthread_queens(unsigned n)
{
    return place_all(bench_board(n));
}

typedef struct sort_t {
    task_t task;
    bench_sort_t s;
} sort_t;

static void pthread_sort(const bench_sort_t *s);

static void sort_run(task_t *task)
{
    pthread_sort(&((sort_t *)task)->s);
}

static void pthread_sort(const bench_sort_t *s)
{
    if (s->n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s->from, s->to, s->scratch, s->n);
        return;
    }
    size_t half = s->n / 2;
    sort_t a = {.task.run = sort_run, .s = {half, s->from, s->scratch, s->to}};
    bench_sort_t b = {s->n - half, s->from + half, s->scratch + half, s->to + half};
    fork_task(&a.task);
    pthread_sort(&b);
    join_task(&a.task);
    bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);
}

const bench_runtime_t bench_pthread = {
    .name = "pthread",
    .in_launch = true,
    .loops = BENCH_LOOPS(pthread),
    .sum = pthread_sum,
    .dot = pthread_dot,
    .fib = pthread_fib,
    .tree = pthread_tree,
    .queens = pthread_queens,
    .sort = pthread_sort,
};
