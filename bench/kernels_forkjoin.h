/* kernels_forkjoin.h - the questions of the families forkjoin and scope: what a task does, and the
 * trees, intervals and arrays that it does it to. */
#ifndef BENCH_KERNELS_FORKJOIN_H
#define BENCH_KERNELS_FORKJOIN_H

#include "kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A tree of tasks over values; a leaf has no children. rayon/forkjoin_numbers.rs mirrors the layout. */
typedef struct bench_node_t {
    const struct bench_node_t *left;
    const struct bench_node_t *right;
    uint64_t value;
} bench_node_t;

enum { BENCH_BRANCHES = 8 };

/* The board of n queens, one row placed after the other: bits say which columns and diagonals of
 * the next row are attacked. A fork for each placement that has a sibling. */
typedef struct bench_board_t {
    uint32_t all; /* n low bits */
    uint32_t columns, left, right;
} bench_board_t;

static inline bench_board_t bench_board(unsigned n)
{
    bench_board_t b = {(uint32_t)((1u << n) - 1u), 0, 0, 0};
    return b;
}

static inline uint32_t bench_board_free(bench_board_t b)
{
    return b.all & ~(b.columns | b.left | b.right);
}

static inline bench_board_t bench_board_place(bench_board_t b, uint32_t bit)
{
    b.columns |= bit;
    b.left = ((b.left | bit) << 1) & b.all;
    b.right = (b.right | bit) >> 1;
    return b;
}

/* Unbalanced tree search after Olivier et al., LCPC 2006: the tree is not stored, a node's hash says
 * how many children it has. A cheap splittable hash stands for their SHA-1. A fork for each child
 * that has an elder sibling. rayon/forkjoin_numbers.rs mirrors the layout. */
typedef struct bench_uts_t {
    uint64_t seed;
    uint64_t more;     /* geometric: one child more with probability more / 2^32; binomial: any */
    uint32_t depth;    /* geometric: nodes at this depth have no children; 0: a binomial tree */
    uint32_t children; /* binomial: how many a node has that has any */
    uint32_t root;     /* binomial: how many the root has */
} bench_uts_t;

/* Runtimes that keep the results of all tasks that they wait for do so for this many at a time. */
enum { BENCH_UTS_BLOCK = 32 };

static inline uint64_t bench_uts_child(uint64_t hash, uint64_t index)
{
    uint64_t x = hash + (index + 1) * 0x9e3779b97f4a7c15u;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* Whole numbers only, so that the tree does not depend on a library's logarithm. */
static inline uint32_t bench_uts_children(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint64_t u = hash >> 32;
    if (t->depth == 0) return depth == 0 ? t->root : u < t->more ? t->children : 0;
    uint32_t n = 0;
    if (depth < t->depth)
        for (uint64_t p = t->more; u < p; p = p * t->more >> 32)
            n++;
    return n;
}

/* Adaptive quadrature of a cubic from 0 up by trapezoids; each interval that is not exact enough is
 * halved by a fork. rayon/forkjoin_numbers.rs mirrors the layout. */
typedef struct bench_interval_t {
    double x1, y1, x2, y2, area;
} bench_interval_t;

static inline double bench_cubic(double x)
{
    return (x * x + 1.0) * x;
}

static inline bench_interval_t bench_interval(double x1, double y1, double x2, double y2)
{
    bench_interval_t i = {x1, y1, x2, y2, (y1 + y2) / 2.0 * (x2 - x1)};
    return i;
}

/* Fills the halves; not 0: the sum of their areas is exact enough. */
static inline int
bench_interval_halve(const bench_interval_t *i, bench_interval_t *left, bench_interval_t *right)
{
    double x = i->x1 + (i->x2 - i->x1) / 2.0, y = bench_cubic(x);
    *left = bench_interval(i->x1, i->y1, x, y);
    *right = bench_interval(x, y, i->x2, i->y2);
    double change = left->area + right->area - i->area;
    return change < 1e-6 && change > -1e-6;
}

/* Below the cut-offs every runtime calls the same serial code. */
enum { BENCH_SORT_CUTOFF = 4096, BENCH_QUICKSORT_CUTOFF = 2048, BENCH_STRASSEN_CUTOFF = 64 };

/* Sorts from into to; scratch is as long. */
typedef struct bench_sort_t {
    size_t n;
    const int32_t *from;
    int32_t *to;
    int32_t *scratch;
} bench_sort_t;

/* Sorts from[0, n) into to; scratch has n elements. */
void bench_sort_serial(const int32_t *from, int32_t *to, int32_t *scratch, size_t n);

/* Merges the sorted a[0, na) and b[0, nb) into out. */
void bench_merge(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);

/* Quicksort in place. Partition needs n >= 3 and returns a k, 0 < k < n: nothing in x[0, k) is
 * larger than anything in x[k, n). */
void bench_quicksort_serial(int32_t *x, size_t n);
size_t bench_partition(int32_t *x, size_t n);

/* c = a * b: square parts of matrices, n a power of two; strides in elements. The layout
 * is mirrored in rayon/forkjoin_arrays.rs. */
typedef struct bench_product_t {
    size_t n;
    const double *a, *b;
    double *c;
    size_t a_stride, b_stride, c_stride;
} bench_product_t;

enum { BENCH_STRASSEN_PARTS = 7 };

/* Strassen's recursion above the cut-off:
 *
 *     bench_strassen_begin(p, parts);
 *     for each k in parallel: bench_strassen_part(p, &parts[k], k), then the product parts[k] itself;
 *     bench_strassen_end(p, parts);
 *
 * and at the cut-off bench_product_serial. */
void bench_strassen_begin(const bench_product_t *p, bench_product_t *parts);
void bench_strassen_part(const bench_product_t *p, bench_product_t *part, unsigned k);
void bench_strassen_end(const bench_product_t *p, bench_product_t *parts);
void bench_product_serial(const bench_product_t *p);

/* Two tasks of about a microsecond. The results are apart, so that nobody waits for a cache line. */
typedef struct bench_pair_t {
    uint64_t seed;
    bool must_meet; /* a ends only when b has started, or PATIENCE later when nobody else comes */
    bool has_met;
    uint64_t a, apart[15], b;
} bench_pair_t;

enum { BENCH_PAIR_STEPS = 640 };

/* In b: a may end. */
static inline void bench_pair_meet(bench_pair_t *p)
{
    __atomic_store_n(&p->has_met, true, __ATOMIC_RELEASE);
}

/* In a: b has started, or it will not before a ends. */
static inline void bench_pair_await(const bench_pair_t *p)
{
    const int64_t patience_ns = 100 * 1000000;
    int64_t start = bench_now();
    while (!__atomic_load_n(&p->has_met, __ATOMIC_ACQUIRE) && bench_now() - start < patience_ns) {
    }
}

static inline void bench_pair_a(bench_pair_t *p)
{
    if (p->must_meet) bench_pair_await(p);
    p->a = bench_work(BENCH_PAIR_STEPS, p->seed);
}

static inline void bench_pair_b(bench_pair_t *p)
{
    if (p->must_meet) bench_pair_meet(p);
    p->b = bench_work(BENCH_PAIR_STEPS, ~p->seed);
}

/* The scope family: n tasks, each of which makes one mark. rayon/scope.rs says the same.
 *
 *   flat    one producer spawns all of them
 *   spread  task i spawns tasks 2i + 1 and 2i + 2 of the same scope
 *   items   a scope of PER_ITEM tasks, one after the other */
typedef void bench_scope_fn(uint8_t *marks, size_t n);

enum { BENCH_SCOPE_FLAT, BENCH_SCOPE_SPREAD, BENCH_SCOPE_ITEMS, BENCH_SCOPE_COUNT };
enum { BENCH_SCOPE_PER_ITEM = 2 };

static inline void bench_mark(uint8_t *mark)
{
    *mark = (uint8_t)(*mark + 1);
}

#ifdef __cplusplus
}
#endif

#endif
