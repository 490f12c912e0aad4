/* forkjoin_par.h - the answers of the forkjoin family by plain joins. The including file says by
 * which: JOIN and JOIN_N are par_join and par_join_n or their twins that are called. Recursive functions are inline, as join.h
 * advises. */
#ifndef BENCH_FORKJOIN_PAR_H
#define BENCH_FORKJOIN_PAR_H

#include "runtime.h"

#include <par/par.h>

typedef struct fib_t {
    unsigned n;
    uint64_t result;
} fib_t;

static inline uint64_t fib(unsigned n);

static void fib_task(void *ctx)
{
    fib_t *f = ctx;
    f->result = fib(f->n);
}

static inline uint64_t fib(unsigned n)
{
    if (n < 2) return n;
    fib_t a = {n - 1, 0}, b = {n - 2, 0};
    JOIN(fib_task, &a, fib_task, &b);
    return a.result + b.result;
}

typedef struct tree_t {
    const bench_node_t *node;
    uint64_t result;
} tree_t;

static inline uint64_t tree(const bench_node_t *node);

static void tree_task(void *ctx)
{
    tree_t *t = ctx;
    t->result = tree(t->node);
}

static inline uint64_t tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    tree_t a = {node->left, 0}, b = {node->right, 0};
    JOIN(tree_task, &a, tree_task, &b);
    return node->value + a.result + b.result;
}

/* The placements of one row: the first of those that rest names, and all others. */
typedef struct queens_t {
    bench_board_t board;
    uint32_t rest;
    uint64_t result;
} queens_t;

static inline uint64_t place_all(bench_board_t b, uint32_t rest);

static inline uint64_t place_one(bench_board_t b, uint32_t bit)
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

static inline uint64_t place_all(bench_board_t b, uint32_t rest)
{
    if (rest == 0) return 0;
    uint32_t first = rest & (~rest + 1);
    if (rest == first) return place_one(b, first);
    queens_t one = {b, first, 0}, others = {b, rest & ~first, 0};
    JOIN(place_one_task, &one, place_all_task, &others);
    return one.result + others.result;
}

static uint64_t queens(unsigned n)
{
    bench_board_t b = bench_board(n);
    return place_all(b, bench_board_free(b));
}

/* The children [first, end) of a node. */
typedef struct uts_t {
    const bench_uts_t *tree;
    uint64_t hash; /* of the parent */
    uint32_t depth, first, end;
    uint64_t nodes;
} uts_t;

static inline uint64_t
search_some(const bench_uts_t *t, uint64_t hash, uint32_t depth, uint32_t first, uint32_t end);

static inline uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    return 1 + (children == 0 ? 0 : search_some(t, hash, depth, 0, children));
}

static void search_task(void *ctx)
{
    uts_t *u = ctx;
    u->nodes = search_some(u->tree, u->hash, u->depth, u->first, u->end);
}

static inline uint64_t
search_some(const bench_uts_t *t, uint64_t hash, uint32_t depth, uint32_t first, uint32_t end)
{
    if (first + 1 == end) return search(t, bench_uts_child(hash, first), depth + 1);
    uint32_t middle = first + (end - first) / 2;
    uts_t low = {t, hash, depth, first, middle, 0}, high = {t, hash, depth, middle, end, 0};
    JOIN(search_task, &low, search_task, &high);
    return low.nodes + high.nodes;
}

static uint64_t uts(const bench_uts_t *t)
{
    return search(t, t->seed, 0);
}

typedef struct branches_t {
    unsigned depth, n; /* of the node's branches, how many */
    uint64_t leaves;
} branches_t;

static uint64_t branches(unsigned depth);

static void branch_task(void *ctx)
{
    branches_t *b = ctx;
    b->leaves = branches(b->depth);
}

/* What PAR_JOIN_N expands to, by the function that is measured. */
static uint64_t branches(unsigned depth)
{
    if (depth == 0) return 1;
    branches_t t[BENCH_BRANCHES];
    par_branch_t all[BENCH_BRANCHES];
    for (unsigned i = 0; i < BENCH_BRANCHES; i++) {
        t[i].depth = depth - 1;
        all[i] = (par_branch_t){branch_task, &t[i]};
    }
    JOIN_N(all, BENCH_BRANCHES);
    uint64_t leaves = 0;
    for (unsigned i = 0; i < BENCH_BRANCHES; i++)
        leaves += t[i].leaves;
    return leaves;
}

static inline uint64_t halve(unsigned depth, unsigned n);

static void halve_task(void *ctx)
{
    branches_t *b = ctx;
    b->leaves = halve(b->depth, b->n);
}

static inline uint64_t halve(unsigned depth, unsigned n)
{
    if (n == 1) return depth == 0 ? 1 : halve(depth - 1, BENCH_BRANCHES);
    branches_t a = {depth, n / 2, 0}, b = {depth, n - n / 2, 0};
    JOIN(halve_task, &a, halve_task, &b);
    return a.leaves + b.leaves;
}

static uint64_t branches_halved(unsigned depth)
{
    return halve(depth, 1);
}

static inline double integrate(const bench_interval_t *i);

typedef struct integrate_t {
    bench_interval_t interval;
    double result;
} integrate_t;

static void integrate_task(void *ctx)
{
    integrate_t *i = ctx;
    i->result = integrate(&i->interval);
}

static inline double integrate(const bench_interval_t *i)
{
    integrate_t left, right;
    if (bench_interval_halve(i, &left.interval, &right.interval))
        return left.interval.area + right.interval.area;
    JOIN(integrate_task, &left, integrate_task, &right);
    return left.result + right.result;
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
    JOIN(sort_task, &a, sort_task, &b);
    bench_merge(s->scratch, half, s->scratch + half, s->n - half, s->to);
}

typedef struct quicksort_t {
    int32_t *x;
    size_t n;
} quicksort_t;

static void quicksort(int32_t *x, size_t n);

static void quicksort_task(void *ctx)
{
    const quicksort_t *q = ctx;
    quicksort(q->x, q->n);
}

static void quicksort(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
    quicksort_t low = {x, k}, high = {x + k, n - k};
    JOIN(quicksort_task, &low, quicksort_task, &high);
}

/* Part k of a product. */
typedef struct strassen_t {
    const bench_product_t *product;
    bench_product_t *part;
    unsigned k;
} strassen_t;

static void strassen(const bench_product_t *p);

static void strassen_task(void *ctx)
{
    const strassen_t *s = ctx;
    bench_strassen_part(s->product, s->part, s->k);
    strassen(s->part);
}

static void strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    strassen_t tasks[BENCH_STRASSEN_PARTS];
    par_branch_t branches[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
        tasks[k] = (strassen_t){p, &parts[k], k};
        branches[k] = (par_branch_t){strassen_task, &tasks[k]};
    }
    JOIN_N(branches, BENCH_STRASSEN_PARTS);
    bench_strassen_end(p, parts);
}

static void pair_a_task(void *ctx)
{
    bench_pair_a(ctx);
}

static void pair_b_task(void *ctx)
{
    bench_pair_b(ctx);
}

static void pair(bench_pair_t *p)
{
    JOIN(pair_a_task, p, pair_b_task, p);
}

/* A runtime's part of the table. */
#define FORKJOIN_PAR                                                                               \
    .fib = fib, .tree = tree, .queens = queens, .uts = uts, .branches = branches,                  \
    .branches_halved = branches_halved, .integrate = integrate, .sort = sort,                      \
    .quicksort = quicksort, .strassen = strassen, .pair = pair, .pair_inside = pair,               \
    .inside = bench_par_inside, .with_one_thread = bench_par_with_one_worker, .fork_ns = 3

#endif
