/* runtime_pthread.c - the naive pool's loops: eight chunks for each thread, the usual compromise between
 * cost and balance. */
#include "pthread_pool.h"
#include "ranges.h"
#include "tables.h"

enum { CHUNKS_PER_THREAD = 8, CHUNKS_MAX = 512 };

typedef struct chunk_t {
    bench_task_t task; /* first: run gets a pointer to it */
    size_t begin, end;
    bench_range_fn *body;
    void *ctx;
    double partial;
} chunk_t;

static void chunk_run(bench_task_t *task)
{
    chunk_t *c = (chunk_t *)task;
    c->body(c->begin, c->end, c->ctx);
}

static void chunk_fold(bench_task_t *task)
{
    chunk_t *c = (chunk_t *)task;
    c->partial = bench_fold_range(c->ctx, c->begin, c->end);
}

static size_t chunks_do(
    chunk_t *chunks, size_t n, void (*run)(bench_task_t *task), bench_range_fn *body, void *ctx)
{
    bench_task_t *tasks[CHUNKS_MAX];
    size_t count = (size_t)bench_threads() * CHUNKS_PER_THREAD;
    if (count > CHUNKS_MAX) count = CHUNKS_MAX;
    if (count > n) count = n;
    for (size_t i = 0; i < count; i++) {
        chunks[i] = (chunk_t){{run, NULL, false}, i * n / count, (i + 1) * n / count, body, ctx, 0};
        tasks[i] = &chunks[i].task;
    }
    bench_pool_run_all(tasks, count);
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
    bench_task_t task;
    bench_table_t *table;
} histogram_t;

static void histogram_run(bench_task_t *task)
{
    bench_table_count(((histogram_t *)task)->table);
}

/* One part for each thread: the tables are larger than most loops' chunks. */
static void count(bench_counted_t counted, size_t n, uint64_t *counts)
{
    bench_table_t tables[CHUNKS_MAX];
    histogram_t parts[CHUNKS_MAX];
    bench_task_t *tasks[CHUNKS_MAX];
    size_t n_parts = bench_threads() < CHUNKS_MAX ? bench_threads() : CHUNKS_MAX;
    bench_tables_make(tables, n_parts, counted, n);
    for (size_t i = 0; i < n_parts; i++) {
        parts[i] = (histogram_t){{histogram_run, NULL, false}, &tables[i]};
        tasks[i] = &parts[i].task;
    }
    bench_pool_run_all(tasks, n_parts);
    bench_tables_add(tables, n_parts, counts);
}

static void pthread_histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    count((bench_counted_t){x, NULL}, n, counts);
}

static void pthread_histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
    count((bench_counted_t){NULL, x}, n, counts);
}

static size_t pthread_try(const bench_try_t *d)
{
    chunk_t chunks[CHUNKS_MAX];
    bench_until_t until = {d, d->n};
    chunks_do(chunks, d->n, chunk_run, bench_until_range, &until);
    return until.failed;
}

typedef struct part_t {
    bench_task_t task;
    bench_loop_t d;
} part_t;

static void part_run(bench_task_t *task)
{
    pthread_map(&((part_t *)task)->d);
}

/* A task for each inner loop, as its chunks are tasks. */
static void pthread_nested(const bench_loop_t *d, size_t parts)
{
    part_t part[CHUNKS_MAX];
    bench_task_t *tasks[CHUNKS_MAX];
    for (size_t k = 0; k < parts; k++) {
        part[k] = (part_t){{part_run, NULL, false}, bench_loop_part(d, parts, k)};
        tasks[k] = &part[k].task;
    }
    bench_pool_run_all(tasks, parts);
}

static double pthread_sum(const double *x, size_t n)
{
    return fold((bench_fold_t){x, NULL}, n);
}

static double pthread_dot(const double *x, const double *y, size_t n)
{
    return fold((bench_fold_t){x, y}, n);
}

const bench_runtime_t bench_pthread = {
    .name = "pthread",
    .in_launch = true,
    .loops = BENCH_LOOPS(pthread),
    .sum = pthread_sum,
    .dot = pthread_dot,
    .histogram = pthread_histogram,
    .histogram_wide = pthread_histogram_wide,
    .try_loop = pthread_try,
    .nested = pthread_nested,
    BENCH_FORKJOIN(bench_pool),
    .pair_inside = bench_pool_pair,
    .scopes = BENCH_SCOPES(bench_queue),
    .is_shallow = true,
    .fork_ns = 150,
};
