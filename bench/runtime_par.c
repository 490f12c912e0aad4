/* runtime_par.c - par: range loops, the ready reductions, plain par_join. */
#include "ranges.h"
#include "runtime.h"

#include <par/par.h>

#include <stdio.h>
#include <stdlib.h>

#define PAR_LOOP(kernel)                                                                           \
    static void loop_##kernel(const bench_loop_t *data)                                            \
    {                                                                                              \
        bench_loop_t d = *data;                                                                    \
        par_for_range(0, d.n, range_##kernel, &d, NULL);                                           \
    }
BENCH_LOOP_KERNELS(PAR_LOOP)

static double sum(const double *x, size_t n)
{
    return par_sum(x, n);
}

static double dot(const double *x, const double *y, size_t n)
{
    return par_dot(x, y, n);
}

typedef struct fib_t {
    unsigned n;
    uint64_t result;
} fib_t;

static uint64_t fib(unsigned n);

static void fib_task(void *ctx)
{
    fib_t *f = ctx;
    f->result = fib(f->n);
}

static uint64_t fib(unsigned n)
{
    if (n < 2) return n;
    fib_t a = {n - 1, 0}, b = {n - 2, 0};
    par_join(fib_task, &a, fib_task, &b);
    return a.result + b.result;
}

typedef struct tree_t {
    const bench_node_t *node;
    uint64_t result;
} tree_t;

static uint64_t tree(const bench_node_t *node);

static void tree_task(void *ctx)
{
    tree_t *t = ctx;
    t->result = tree(t->node);
}

static uint64_t tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    tree_t a = {node->left, 0}, b = {node->right, 0};
    par_join(tree_task, &a, tree_task, &b);
    return node->value + a.result + b.result;
}

/* The placements of one row: the first of those that rest names, and all others. */
typedef struct queens_t {
    bench_board_t board;
    uint32_t rest;
    uint64_t result;
} queens_t;

static uint64_t place_all(bench_board_t b, uint32_t rest);

static uint64_t place_one(bench_board_t b, uint32_t bit)
{
    bench_board_t next = bench_board_place(b, bit);
    return next.columns == next.all ? 1 : place_all(next, bench_board_free(next));
}

static void place_one_task(void *ctx)
{
    queens_t *q = ctx;
    q->result = place_one(q->board, q->rest);
}

static void place_all_task(void *ctx)
{
    queens_t *q = ctx;
    q->result = place_all(q->board, q->rest);
}

static uint64_t place_all(bench_board_t b, uint32_t rest)
{
    if (rest == 0) return 0;
    uint32_t first = rest & (~rest + 1);
    if (rest == first) return place_one(b, first);
    queens_t one = {b, first, 0}, others = {b, rest & ~first, 0};
    par_join(place_one_task, &one, place_all_task, &others);
    return one.result + others.result;
}

static uint64_t queens(unsigned n)
{
    bench_board_t b = bench_board(n);
    return place_all(b, bench_board_free(b));
}

static void sort(const bench_sort_t *s);

static void sort_task(void *ctx)
{
    sort(ctx);
}

static void sort(const bench_sort_t *s)
{
    if (s->n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s->from, s->to, s->scratch, s->n);
        return;
    }
    size_t half = s->n / 2;
    bench_sort_t a = {half, s->from, s->scratch, s->to};
    bench_sort_t b = {s->n - half, s->from + half, s->scratch + half, s->to + half};
    par_join(sort_task, &a, sort_task, &b);
    bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);
}

void bench_par_with_one_worker(void (*fn)(void *ctx), void *ctx)
{
    static par_pool_t *one;
    if (one == NULL) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        options.threads = 1;
        par_status_t status = par_pool_create(&one, &options);
        if (status != PAR_OK) {
            fprintf(stderr, "bench: no pool of one worker: %s\n", par_strerror(status));
            exit(1);
        }
    }
    par_pool_run(one, fn, ctx);
}

const bench_runtime_t bench_par = {
    .name = "par",
    .in_launch = true,
    .loops = BENCH_LOOPS(loop),
    .sum = sum,
    .dot = dot,
    .fib = fib,
    .tree = tree,
    .queens = queens,
    .sort = sort,
    .with_one_thread = bench_par_with_one_worker,
};
