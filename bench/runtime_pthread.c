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

typedef struct histogram_t {
    task_t task;
    const uint8_t *x;
    size_t n;
    uint64_t bins[BENCH_BINS];
} histogram_t;

static void histogram_run(task_t *task)
{
    histogram_t *h = (histogram_t *)task;
    bench_histogram_range(h->x, h->n, h->bins);
}

/* One part for each thread: the tables are larger than most loops' chunks. */
static void pthread_histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    task_t *tasks[CHUNKS_MAX];
    size_t count = bench_threads() < CHUNKS_MAX ? bench_threads() : CHUNKS_MAX;
    histogram_t *parts = calloc(count, sizeof *parts);
    if (parts == NULL) {
        fputs("bench: no memory for the naive pool's histograms\n", stderr);
        exit(1);
    }
    for (size_t i = 0; i < count; i++) {
        parts[i].task.run = histogram_run;
        parts[i].x = x + i * n / count;
        parts[i].n = (i + 1) * n / count - i * n / count;
        tasks[i] = &parts[i].task;
    }
    fork_tasks(tasks, count);
    for (size_t i = 0; i < count; i++)
        join_task(tasks[i]);
    for (size_t i = 0; i < count; i++)
        for (int b = 0; b < BENCH_BINS; b++)
            counts[b] += parts[i].bins[b];
    free(parts);
}

typedef struct part_t {
    task_t task;
    bench_loop_t d;
} part_t;

static void part_run(task_t *task)
{
    pthread_map(&((part_t *)task)->d);
}

/* A task for each inner loop, as its chunks are tasks. */
static void pthread_nested(const bench_loop_t *d, size_t parts)
{
    part_t part[CHUNKS_MAX];
    task_t *tasks[CHUNKS_MAX];
    for (size_t k = 0; k < parts; k++) {
        part[k] = (part_t){{part_run, NULL, false}, bench_loop_part(d, parts, k)};
        tasks[k] = &part[k].task;
    }
    fork_tasks(tasks, parts);
    for (size_t k = 0; k < parts; k++)
        join_task(tasks[k]);
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

typedef struct uts_t {
    task_t task;
    const bench_uts_t *tree;
    uint64_t hash, nodes;
    uint32_t depth;
} uts_t;

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth);

static void uts_run(task_t *task)
{
    uts_t *u = (uts_t *)task;
    u->nodes = search(u->tree, u->hash, u->depth);
}

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    uint64_t nodes = 1;
    uts_t others[BENCH_UTS_BLOCK];
    for (uint32_t first = 0; first < children; first += BENCH_UTS_BLOCK) {
        uint32_t n = children - first < BENCH_UTS_BLOCK ? children - first : BENCH_UTS_BLOCK;
        for (uint32_t i = 0; i + 1 < n; i++) {
            others[i] = (uts_t){.task.run = uts_run,
                                .tree = t,
                                .hash = bench_uts_child(hash, first + i),
                                .depth = depth + 1};
            fork_task(&others[i].task);
        }
        nodes += search(t, bench_uts_child(hash, first + n - 1), depth + 1);
        for (uint32_t i = n - 1; i-- > 0;) {
            join_task(&others[i].task);
            nodes += others[i].nodes;
        }
    }
    return nodes;
}

static uint64_t pthread_uts(const bench_uts_t *t)
{
    return search(t, t->seed, 0);
}

typedef struct integrate_t {
    task_t task;
    bench_interval_t interval;
    double result;
} integrate_t;

static double pthread_integrate(const bench_interval_t *i);

static void integrate_run(task_t *task)
{
    integrate_t *i = (integrate_t *)task;
    i->result = pthread_integrate(&i->interval);
}

static double pthread_integrate(const bench_interval_t *i)
{
    integrate_t left = {.task.run = integrate_run};
    bench_interval_t right;
    if (bench_interval_halve(i, &left.interval, &right)) return left.interval.area + right.area;
    fork_task(&left.task);
    double b = pthread_integrate(&right);
    join_task(&left.task);
    return left.result + b;
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

typedef struct quicksort_t {
    task_t task;
    int32_t *x;
    size_t n;
} quicksort_t;

static void pthread_quicksort(int32_t *x, size_t n);

static void quicksort_run(task_t *task)
{
    quicksort_t *q = (quicksort_t *)task;
    pthread_quicksort(q->x, q->n);
}

static void pthread_quicksort(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
    quicksort_t low = {.task.run = quicksort_run, .x = x, .n = k};
    fork_task(&low.task);
    pthread_quicksort(x + k, n - k);
    join_task(&low.task);
}

typedef struct strassen_t {
    task_t task;
    const bench_product_t *whole;
    bench_product_t *part;
    unsigned k;
} strassen_t;

static void pthread_strassen(const bench_product_t *p);

static void strassen_run(task_t *task)
{
    strassen_t *s = (strassen_t *)task;
    bench_strassen_part(s->whole, s->part, s->k);
    pthread_strassen(s->part);
}

static void pthread_strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    strassen_t tasks[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
        tasks[k] = (strassen_t){{strassen_run, NULL, false}, p, &parts[k], k};
        fork_task(&tasks[k].task);
    }
    for (unsigned k = BENCH_STRASSEN_PARTS; k-- > 0;)
        join_task(&tasks[k].task);
    bench_strassen_end(p, parts);
}

typedef struct pair_t {
    task_t task;
    bench_pair_t *p;
} pair_t;

static void pair_run(task_t *task)
{
    bench_pair_b(((pair_t *)task)->p);
}

static void pthread_pair(bench_pair_t *p)
{
    pair_t b = {.task.run = pair_run, .p = p};
    fork_task(&b.task);
    bench_pair_a(p);
    join_task(&b.task);
}

const bench_runtime_t bench_pthread = {
    .name = "pthread",
    .in_launch = true,
    .loops = BENCH_LOOPS(pthread),
    .sum = pthread_sum,
    .dot = pthread_dot,
    .histogram = pthread_histogram,
    .nested = pthread_nested,
    .fib = pthread_fib,
    .tree = pthread_tree,
    .queens = pthread_queens,
    .uts = pthread_uts,
    .integrate = pthread_integrate,
    .sort = pthread_sort,
    .quicksort = pthread_quicksort,
    .strassen = pthread_strassen,
    .pair = pthread_pair,
    .pair_inside = pthread_pair,
    .scopes = BENCH_SCOPES(bench_queue),
    .is_shallow = true,
    .fork_ns = 150,
};
