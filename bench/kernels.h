/* kernels.h - the questions: what one loop iteration does, and the data it does it to.
 *
 * The bodies are inline, in the common part of C and C++, so that every runtime's compiler sees
 * them inside its own loop, as it would see a user's code. rayon/lib.rs says the same in Rust. */
#ifndef BENCH_KERNELS_H
#define BENCH_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Monotonic, in ns (kernels.c). */
int64_t bench_now(void);

/* One loop's data. A kernel uses the fields that it needs. rayon/lib.rs mirrors the layout. */
typedef struct bench_loop_t {
    size_t n;             /* iterations; the rows of a picture, a grid, a matrix */
    const double *x;      /* n; of a grid n + 2 rows of BENCH_STENCIL_WIDTH + 2 */
    const double *y;      /* n */
    const uint32_t *cost; /* n, steps of bench_work */
    const uint32_t *row;  /* n + 1: row i of the matrix has the entries row[i] to row[i + 1] - 1 */
    const uint32_t *column; /* of each entry, below n */
    const double *value;    /* of each entry */
    double *z;              /* n, out; of a grid n rows of BENCH_STENCIL_WIDTH */
    uint64_t *words;        /* n, out */
    uint32_t *small;        /* n, out */
} bench_loop_t;

typedef void bench_loop_fn(const bench_loop_t *d);

/* A tree of tasks over values; a leaf has no children. rayon/lib.rs mirrors the layout. */
typedef struct bench_node_t {
    const struct bench_node_t *left;
    const struct bench_node_t *right;
    uint64_t value;
} bench_node_t;

enum { BENCH_BRANCHES = 8 };

/* Sorts from into to; scratch is as long. */
typedef struct bench_sort_t {
    size_t n;
    const int32_t *from;
    int32_t *to;
    int32_t *scratch;
} bench_sort_t;

/* Every loop kernel, in the order of bench_runtime_t.loops. */
#define BENCH_LOOP_KERNELS(X)                                                                      \
    X(nothing)                                                                                     \
    X(fill) X(map) X(triad) X(triangular) X(costs) X(mandelbrot) X(tiny) X(spmv) X(stencil)

enum {
#define BENCH_X(name) BENCH_LOOP_##name,
    BENCH_LOOP_KERNELS(BENCH_X)
#undef BENCH_X
        BENCH_LOOP_COUNT
};

/* A chain of steps that no compiler shortens: the shift keeps it from folding two steps. */
static inline uint64_t bench_work(uint64_t steps, uint64_t seed)
{
    uint64_t x = seed;
    for (uint64_t k = 0; k < steps; k++)
        x = (x ^ (x >> 29)) * 6364136223846793005u + 1442695040888963407u;
    return x;
}

static inline void bench_nothing(const bench_loop_t *d, size_t i)
{
    (void)d;
    __asm__ volatile("" : : "r"(i)); /* the loop itself has to stay */
}

static inline void bench_fill(const bench_loop_t *d, size_t i)
{
    d->words[i] = i + 1;
}

static inline void bench_map(const bench_loop_t *d, size_t i)
{
    d->z[i] = 2.0 * d->x[i] + 1.0;
}

static inline void bench_triad(const bench_loop_t *d, size_t i)
{
    d->z[i] = d->x[i] + 3.0 * d->y[i];
}

static inline void bench_triangular(const bench_loop_t *d, size_t i)
{
    d->words[i] = bench_work(i, i);
}

static inline void bench_costs(const bench_loop_t *d, size_t i)
{
    d->words[i] = bench_work(d->cost[i], i);
}

enum { BENCH_MANDELBROT_WIDTH = 512, BENCH_MANDELBROT_LIMIT = 512 };

/* One row: the sum of its points' iteration counts. */
static inline void bench_mandelbrot(const bench_loop_t *d, size_t i)
{
    double ci = -1.25 + 2.5 * (double)i / (double)d->n;
    uint64_t sum = 0;
    for (int p = 0; p < BENCH_MANDELBROT_WIDTH; p++) {
        double cr = -2.0 + 2.5 * (double)p / (double)BENCH_MANDELBROT_WIDTH;
        double zr = 0.0, zi = 0.0;
        int k = 0;
        while (k < BENCH_MANDELBROT_LIMIT && zr * zr + zi * zi <= 4.0) {
            double t = zr * zr - zi * zi + cr;
            zi = 2.0 * zr * zi + ci;
            zr = t;
            k++;
        }
        sum += (uint64_t)k;
    }
    d->words[i] = sum;
}

static inline void bench_tiny(const bench_loop_t *d, size_t i)
{
    uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15u;
    d->small[i] = (uint32_t)((x ^ (x >> 31)) >> 16);
}

/* One row of a sparse matrix times a vector: the entries of a row are added from left to right, so
 * that every runtime has the serial bits. */
static inline void bench_spmv(const bench_loop_t *d, size_t i)
{
    double sum = 0.0;
    for (uint32_t k = d->row[i]; k < d->row[i + 1]; k++)
        sum += d->value[k] * d->x[d->column[k]];
    d->z[i] = sum;
}

enum { BENCH_STENCIL_WIDTH = 1024 };

/* One row of a grid: each point becomes the mean of its four neighbours. */
static inline void bench_stencil(const bench_loop_t *d, size_t i)
{
    const size_t line = BENCH_STENCIL_WIDTH + 2;
    const double *above = d->x + i * line, *here = above + line, *below = here + line;
    double *out = d->z + i * BENCH_STENCIL_WIDTH;
    for (size_t j = 0; j < BENCH_STENCIL_WIDTH; j++)
        out[j] = 0.25 * (above[j + 1] + below[j + 1] + here[j] + here[j + 2]);
}

/* The k-th of so many equal parts of a map: the inner loops of the nested family, and what each of
 * two callers has. */
static inline bench_loop_t bench_loop_part(const bench_loop_t *d, size_t parts, size_t k)
{
    bench_loop_t part = *d;
    part.n = d->n / parts;
    part.x = d->x + k * part.n;
    part.z = d->z + k * part.n;
    return part;
}

/* The counts of each byte; starts from what counts holds. */
enum { BENCH_BINS = 256 };

static inline void bench_histogram_range(const uint8_t *x, size_t n, uint64_t *counts)
{
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

/* The folds of a reduction over one range. The compiler may not reorder additions of doubles by
 * itself, and one vector of partial sums waits for the addition before; so a user who wants the
 * speed writes eight of them out. */
enum { BENCH_LANES = 8 };

static inline double bench_lanes_sum(const double *lanes)
{
    double s = 0.0;
    for (int k = 0; k < BENCH_LANES; k++)
        s += lanes[k];
    return s;
}

static inline double bench_sum_range(const double *x, size_t n)
{
    double lanes[BENCH_LANES] = {0.0}, rest = 0.0;
    size_t i = 0;
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] += x[i + k];
    for (; i < n; i++)
        rest += x[i];
    return rest + bench_lanes_sum(lanes);
}

static inline double bench_dot_range(const double *x, const double *y, size_t n)
{
    double lanes[BENCH_LANES] = {0.0}, rest = 0.0;
    size_t i = 0;
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] += x[i + k] * y[i + k];
    for (; i < n; i++)
        rest += x[i] * y[i];
    return rest + bench_lanes_sum(lanes);
}

/* Every further reduction of doubles, in the order of bench_runtime_t.reductions: the least element;
 * the least and the greatest; the index of the first least one; sum, sum of squares, least and
 * greatest in a struct; the exact sum. What comes out is folded into one number. */
#define BENCH_REDUCTIONS(X) X(min) X(minmax) X(index) X(moments) X(exact)

enum {
#define BENCH_X(name) BENCH_REDUCE_##name,
    BENCH_REDUCTIONS(BENCH_X)
#undef BENCH_X
        BENCH_REDUCE_COUNT
};

typedef double bench_reduce_fn(const double *x, size_t n);

static inline double bench_lesser(double a, double b)
{
    return b < a ? b : a;
}

static inline double bench_greater(double a, double b)
{
    return b > a ? b : a;
}

/* n > 0 for all that follow. */
static inline double bench_min_range(const double *x, size_t n)
{
    double lanes[BENCH_LANES];
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++)
        lanes[k] = x[0];
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++)
            lanes[k] = bench_lesser(lanes[k], x[i + k]);
    for (; i < n; i++)
        lanes[0] = bench_lesser(lanes[0], x[i]);
    for (int k = 1; k < BENCH_LANES; k++)
        lanes[0] = bench_lesser(lanes[0], lanes[k]);
    return lanes[0];
}

typedef struct bench_minmax_t {
    double min, max;
} bench_minmax_t;

static inline bench_minmax_t bench_minmax_of(bench_minmax_t a, bench_minmax_t b)
{
    a.min = bench_lesser(a.min, b.min);
    a.max = bench_greater(a.max, b.max);
    return a;
}

static inline bench_minmax_t bench_minmax_range(const double *x, size_t n)
{
    double low[BENCH_LANES], high[BENCH_LANES];
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++)
        low[k] = high[k] = x[0];
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++) {
            low[k] = bench_lesser(low[k], x[i + k]);
            high[k] = bench_greater(high[k], x[i + k]);
        }
    bench_minmax_t m = {x[0], x[0]};
    for (; i < n; i++) {
        bench_minmax_t one = {x[i], x[i]};
        m = bench_minmax_of(m, one);
    }
    for (int k = 0; k < BENCH_LANES; k++) {
        bench_minmax_t lane = {low[k], high[k]};
        m = bench_minmax_of(m, lane);
    }
    return m;
}

static inline double bench_minmax_result(bench_minmax_t m)
{
    return m.max * 4096.0 + m.min;
}

typedef struct bench_place_t {
    double value;
    size_t index;
} bench_place_t;

static inline bench_place_t bench_place_of(bench_place_t a, bench_place_t b)
{
    return b.value < a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

static inline bench_place_t bench_place_range(const double *x, size_t begin, size_t end)
{
    bench_place_t p = {x[begin], begin};
    for (size_t i = begin + 1; i < end; i++)
        if (x[i] < p.value) {
            p.value = x[i];
            p.index = i;
        }
    return p;
}

typedef struct bench_moments_t {
    double sum, squares, min, max;
} bench_moments_t;

static inline bench_moments_t bench_moments_none(void)
{
    bench_moments_t m = {0.0, 0.0, 1e300, -1e300};
    return m;
}

static inline bench_moments_t bench_moments_item(double x)
{
    bench_moments_t m = {x, x * x, x, x};
    return m;
}

static inline bench_moments_t bench_moments_of(bench_moments_t a, bench_moments_t b)
{
    a.sum += b.sum;
    a.squares += b.squares;
    a.min = bench_lesser(a.min, b.min);
    a.max = bench_greater(a.max, b.max);
    return a;
}

static inline bench_moments_t bench_moments_range(const double *x, size_t n)
{
    double sum[BENCH_LANES] = {0.0}, squares[BENCH_LANES] = {0.0};
    double low[BENCH_LANES], high[BENCH_LANES];
    bench_moments_t m = bench_moments_none();
    size_t i = 0;
    for (int k = 0; k < BENCH_LANES; k++) {
        low[k] = m.min;
        high[k] = m.max;
    }
    for (; i + BENCH_LANES <= n; i += BENCH_LANES)
        for (size_t k = 0; k < BENCH_LANES; k++) {
            sum[k] += x[i + k];
            squares[k] += x[i + k] * x[i + k];
            low[k] = bench_lesser(low[k], x[i + k]);
            high[k] = bench_greater(high[k], x[i + k]);
        }
    for (; i < n; i++)
        m = bench_moments_of(m, bench_moments_item(x[i]));
    for (int k = 0; k < BENCH_LANES; k++) {
        bench_moments_t lane = {sum[k], squares[k], low[k], high[k]};
        m = bench_moments_of(m, lane);
    }
    return m;
}

static inline double bench_moments_result(bench_moments_t m)
{
    return m.squares + m.sum + m.min + m.max;
}

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
 * that has an elder sibling. rayon/lib.rs mirrors the layout. */
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
 * halved by a fork. rayon/lib.rs mirrors the layout. */
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

/* Sorts from[0, n) into to; scratch has n elements. */
void bench_sort_serial(const int32_t *from, int32_t *to, int32_t *scratch, size_t n);

/* Merges the sorted a[0, na) and b[0, nb) into out. */
void bench_merge(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out);

/* Quicksort in place. Partition needs n >= 3 and returns a k, 0 < k < n: nothing in x[0, k) is
 * larger than anything in x[k, n). */
void bench_quicksort_serial(int32_t *x, size_t n);
size_t bench_partition(int32_t *x, size_t n);

/* c = a * b: square parts of matrices, n a power of two; strides in elements. rayon/lib.rs mirrors
 * the layout. */
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
