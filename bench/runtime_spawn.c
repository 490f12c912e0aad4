/* runtime_spawn.c - no pool at all: a thread for each chunk, one chunk for each thread, the
 * caller's included. Recursion without cut-off has no answer here: it would be a thread a fork. */
#include "ranges.h"
#include "runtime.h"
#include "tables.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { THREADS_MAX = 512 };

typedef struct chunk_t {
    size_t begin, end;
    bench_range_fn *body; /* NULL: fold */
    void *ctx;
    double partial;
} chunk_t;

static void *chunk_run(void *arg)
{
    chunk_t *c = arg;
    if (c->body != NULL)
        c->body(c->begin, c->end, c->ctx);
    else
        c->partial = bench_fold_range(c->ctx, c->begin, c->end);
    return NULL;
}

static pthread_t thread_start(void *(*fn)(void *), void *arg)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, fn, arg) != 0) {
        fputs("bench: the system refused a thread\n", stderr);
        exit(1);
    }
    return thread;
}

/* Fills chunks and returns how many there are. */
static size_t chunks_do(chunk_t *chunks, size_t n, bench_range_fn *body, void *ctx)
{
    pthread_t threads[THREADS_MAX];
    size_t count = bench_threads() < THREADS_MAX ? bench_threads() : THREADS_MAX;
    if (count > n) count = n;
    for (size_t i = 0; i < count; i++) {
        chunks[i] = (chunk_t){i * n / count, (i + 1) * n / count, body, ctx, 0.0};
        if (i > 0) threads[i] = thread_start(chunk_run, &chunks[i]);
    }
    if (count > 0) chunk_run(&chunks[0]);
    for (size_t i = 1; i < count; i++)
        pthread_join(threads[i], NULL);
    return count;
}

#define SPAWN_LOOP(kernel)                                                                         \
    static void spawn_##kernel(const bench_loop_t *data)                                           \
    {                                                                                              \
        chunk_t chunks[THREADS_MAX];                                                               \
        bench_loop_t d = *data;                                                                    \
        chunks_do(chunks, d.n, range_##kernel, &d);                                                \
    }
BENCH_LOOP_KERNELS(SPAWN_LOOP)

static double fold(bench_fold_t f, size_t n)
{
    chunk_t chunks[THREADS_MAX];
    size_t count = chunks_do(chunks, n, NULL, &f);
    double s = 0.0;
    for (size_t i = 0; i < count; i++)
        s += chunks[i].partial;
    return s;
}

static double spawn_sum(const double *x, size_t n)
{
    return fold((bench_fold_t){x, NULL}, n);
}

static double spawn_dot(const double *x, const double *y, size_t n)
{
    return fold((bench_fold_t){x, y}, n);
}

static void *table_run(void *table)
{
    bench_table_count(table);
    return NULL;
}

static void count(bench_counted_t counted, size_t n, uint64_t *counts)
{
    pthread_t threads[THREADS_MAX];
    bench_table_t tables[THREADS_MAX];
    size_t n_tables = bench_threads() < THREADS_MAX ? bench_threads() : THREADS_MAX;
    bench_tables_make(tables, n_tables, counted, n);
    for (size_t i = 1; i < n_tables; i++)
        threads[i] = thread_start(table_run, &tables[i]);
    bench_table_count(&tables[0]);
    for (size_t i = 1; i < n_tables; i++)
        pthread_join(threads[i], NULL);
    bench_tables_add(tables, n_tables, counts);
}

static void spawn_histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    count((bench_counted_t){x, NULL}, n, counts);
}

static void spawn_histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
    count((bench_counted_t){NULL, x}, n, counts);
}

static size_t spawn_try(const bench_try_t *d)
{
    chunk_t chunks[THREADS_MAX];
    bench_until_t until = {d, d->n};
    chunks_do(chunks, d->n, bench_until_range, &until);
    return until.failed;
}

/* Threads down to the depth at which every core has one. */
typedef struct sort_t {
    bench_sort_t s;
    unsigned threads;
} sort_t;

static void *sort_run(void *arg)
{
    const sort_t *t = arg;
    const bench_sort_t *s = &t->s;
    if (t->threads <= 1 || s->n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s->from, s->to, s->scratch, s->n);
        return NULL;
    }
    size_t half = s->n / 2;
    sort_t a = {{half, s->from, s->scratch, s->to}, t->threads / 2};
    sort_t b = {{s->n - half, s->from + half, s->scratch + half, s->to + half},
                t->threads - t->threads / 2};
    pthread_t thread = thread_start(sort_run, &a);
    sort_run(&b);
    pthread_join(thread, NULL);
    bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);
    return NULL;
}

static void spawn_sort(const bench_sort_t *s)
{
    sort_t t = {*s, bench_threads()};
    sort_run(&t);
}

static void *pair_run(void *p)
{
    bench_pair_b(p);
    return NULL;
}

static void spawn_pair(bench_pair_t *p)
{
    pthread_t thread = thread_start(pair_run, p);
    bench_pair_a(p);
    pthread_join(thread, NULL);
}

const bench_runtime_t bench_spawn = {
    .name = "spawn",
    .in_launch = true,
    .loops = BENCH_LOOPS(spawn),
    .sum = spawn_sum,
    .dot = spawn_dot,
    .histogram = spawn_histogram,
    .histogram_wide = spawn_histogram_wide,
    .try_loop = spawn_try,
    .sort = spawn_sort,
    .pair = spawn_pair,
    .pair_inside = spawn_pair,
};
