/* runtime_openmp.c - OpenMP, compiled by gcc for libgomp and by clang for libomp.
 *
 * Loops once for each schedule; tasks as the specification's examples write them. The environment
 * is the default one: idle threads spin for as long as their runtime likes. */
#include "runtime.h"

#include <omp.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef BENCH_LIBOMP
#    define NAME(suffix) "libomp" suffix
#    define FORK_NS      800
#else
#    define NAME(suffix) "openmp" suffix
#    define FORK_NS      200
#endif

/* How many threads: as all runtimes, or one while the forks that nobody takes are measured. */
static unsigned only;

static unsigned team(void)
{
    return only != 0 ? only : bench_threads();
}

static void with_one_thread(void (*fn)(void *ctx), void *ctx)
{
    only = 1;
    fn(ctx);
    only = 0;
}

#define PRAGMA(...)      PRAGMA_TEXT(__VA_ARGS__)
#define PRAGMA_TEXT(...) _Pragma(#__VA_ARGS__)
#define OPENMP_LOOP(prefix, clause, kernel)                                                        \
    static void prefix##_##kernel(const bench_loop_t *data)                                        \
    {                                                                                              \
        const bench_loop_t d = *data;                                                              \
        PRAGMA(omp parallel for num_threads(team()) clause)                                        \
        for (size_t i = 0; i < d.n; i++)                                                           \
            bench_##kernel(&d, i);                                                                 \
    }

#define STATIC_LOOP(kernel)  OPENMP_LOOP(fixed, schedule(static), kernel)
#define DYNAMIC_LOOP(kernel) OPENMP_LOOP(dynamic, schedule(dynamic), kernel)
#define GUIDED_LOOP(kernel)  OPENMP_LOOP(guided, schedule(guided), kernel)
BENCH_LOOP_KERNELS(STATIC_LOOP)
BENCH_LOOP_KERNELS(DYNAMIC_LOOP)
BENCH_LOOP_KERNELS(GUIDED_LOOP)

/* The chunks that a user would try for the uneven loops. */
#define UNEVEN_KERNELS(X)              X(triangular) X(costs) X(mandelbrot) X(tiny) X(spmv)
#define DYNAMIC16_LOOP(kernel)         OPENMP_LOOP(dynamic16, schedule(dynamic, 16), kernel)
#define DYNAMIC64_LOOP(kernel)         OPENMP_LOOP(dynamic64, schedule(dynamic, 64), kernel)
#define UNEVEN_LOOP_OF(prefix, kernel) [BENCH_LOOP_##kernel] = prefix##_##kernel
#define UNEVEN_LOOPS(prefix)                                                                       \
    {                                                                                              \
        [BENCH_LOOP_nothing] = fixed_nothing, UNEVEN_LOOP_OF(prefix, triangular),                  \
        UNEVEN_LOOP_OF(prefix, costs), UNEVEN_LOOP_OF(prefix, mandelbrot),                         \
        UNEVEN_LOOP_OF(prefix, tiny), UNEVEN_LOOP_OF(prefix, spmv)                                 \
    }
UNEVEN_KERNELS(DYNAMIC16_LOOP)
UNEVEN_KERNELS(DYNAMIC64_LOOP)

static void nested(const bench_loop_t *d, size_t parts)
{
#pragma omp parallel for num_threads(team())
    for (size_t k = 0; k < parts; k++) {
        bench_loop_t part = bench_loop_part(d, parts, k);
        fixed_map(&part);
    }
}

/* The inner loops run serially, as they do by default. */
static void nested_serialised(const bench_loop_t *d, size_t parts)
{
    omp_set_max_active_levels(1);
    nested(d, parts);
}

/* Each inner loop has a team of its own. */
static void nested_twice(const bench_loop_t *d, size_t parts)
{
    omp_set_max_active_levels(2);
    nested(d, parts);
    omp_set_max_active_levels(1);
}

static void histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
#pragma omp parallel for num_threads(team()) reduction(+ : counts[:BENCH_BINS])
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

/* OMP_PROC_BIND would bind the whole program. A new thread has a new team, which ends with it. */
typedef struct pinned_t {
    void (*fn)(void *ctx);
    void *ctx;
} pinned_t;

#ifdef __linux__
static void pin_myself(int k)
{
    cpu_set_t all, one;
    sched_getaffinity(0, sizeof all, &all);
    k %= CPU_COUNT(&all);
    for (int core = 0; core < CPU_SETSIZE; core++)
        if (CPU_ISSET(core, &all) && k-- == 0) {
            CPU_ZERO(&one);
            CPU_SET(core, &one);
            sched_setaffinity(0, sizeof one, &one);
        }
}

static void *pinned_run(void *arg)
{
    const pinned_t *p = arg;
#    pragma omp parallel num_threads(team())
    {
#    pragma omp barrier
        pin_myself(omp_get_thread_num());
    }
    p->fn(p->ctx);
    return NULL;
}

static void pinned(void (*fn)(void *ctx), void *ctx)
{
    pthread_t thread;
    pinned_t p = {fn, ctx};
    if (pthread_create(&thread, NULL, pinned_run, &p) != 0) {
        fputs("bench: the system refused a thread\n", stderr);
        exit(1);
    }
    pthread_join(thread, NULL);
}
#endif

/* Each thread folds its part with the lanes that all rivals use. "parallel for simd" comes near in
 * one line, but gcc gives it one vector of partial sums and clang 14 does not vectorise it. */
static void my_part(size_t n, size_t *begin, size_t *end)
{
    size_t me = (size_t)omp_get_thread_num(), all = (size_t)omp_get_num_threads();
    *begin = me * n / all;
    *end = (me + 1) * n / all;
}

static double openmp_sum(const double *x, size_t n)
{
    double s = 0.0;
#pragma omp parallel num_threads(team()) reduction(+ : s)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        s = bench_sum_range(x + begin, end - begin);
    }
    return s;
}

static double openmp_dot(const double *x, const double *y, size_t n)
{
    double s = 0.0;
#pragma omp parallel num_threads(team()) reduction(+ : s)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        s = bench_dot_range(x + begin, y + begin, end - begin);
    }
    return s;
}

static double openmp_min(const double *x, size_t n)
{
    double m = x[0];
#pragma omp parallel num_threads(team()) reduction(min : m)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        if (begin < end) m = bench_min_range(x + begin, end - begin);
    }
    return m;
}

static double openmp_minmax(const double *x, size_t n)
{
    double low = x[0], high = x[0];
#pragma omp parallel num_threads(team()) reduction(min : low) reduction(max : high)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        if (begin < end) {
            bench_minmax_t m = bench_minmax_range(x + begin, end - begin);
            low = m.min;
            high = m.max;
        }
    }
    return bench_minmax_result((bench_minmax_t){low, high});
}

#pragma omp declare reduction(first:bench_place_t                                                  \
                              : omp_out = bench_place_of(omp_out, omp_in))                         \
    initializer(omp_priv = omp_orig)

static double openmp_index(const double *x, size_t n)
{
    bench_place_t p = {x[0], 0};
#pragma omp parallel num_threads(team()) reduction(first : p)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        if (begin < end) p = bench_place_range(x, begin, end);
    }
    return (double)p.index;
}

#pragma omp declare reduction(moments:bench_moments_t                                              \
                              : omp_out = bench_moments_of(omp_out, omp_in))                       \
    initializer(omp_priv = omp_orig)

static double openmp_moments(const double *x, size_t n)
{
    bench_moments_t m = bench_moments_none();
#pragma omp parallel num_threads(team()) reduction(moments : m)
    {
        size_t begin, end;
        my_part(n, &begin, &end);
        m = bench_moments_range(x + begin, end - begin);
    }
    return bench_moments_result(m);
}

static uint64_t fib(unsigned n)
{
    if (n < 2) return n;
    uint64_t a, b;
#pragma omp task shared(a) firstprivate(n)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

static uint64_t openmp_fib(unsigned n)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(team())
#pragma omp single
    result = fib(n);
    return result;
}

static uint64_t tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    uint64_t a, b;
#pragma omp task shared(a) firstprivate(node)
    a = tree(node->left);
    b = tree(node->right);
#pragma omp taskwait
    return node->value + a + b;
}

static uint64_t openmp_tree(const bench_node_t *root)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(team())
#pragma omp single
    result = tree(root);
    return result;
}

static uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint64_t found[32];
    int n = 0;
    for (uint32_t rest = bench_board_free(b); rest != 0; rest &= rest - 1, n++) {
        bench_board_t next = bench_board_place(b, rest & (~rest + 1));
        uint64_t *slot = &found[n];
        if ((rest & (rest - 1)) == 0) {
            *slot = place_all(next);
            continue;
        }
#pragma omp task firstprivate(next, slot)
        *slot = place_all(next);
    }
#pragma omp taskwait
    uint64_t solutions = 0;
    for (int i = 0; i < n; i++)
        solutions += found[i];
    return solutions;
}

static uint64_t openmp_queens(unsigned n)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(team())
#pragma omp single
    result = place_all(bench_board(n));
    return result;
}

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    uint64_t nodes = 1, found[BENCH_UTS_BLOCK];
    for (uint32_t first = 0; first < children; first += BENCH_UTS_BLOCK) {
        uint32_t n = children - first < BENCH_UTS_BLOCK ? children - first : BENCH_UTS_BLOCK;
        for (uint32_t i = 0; i < n; i++) {
            uint64_t child = bench_uts_child(hash, first + i), *slot = &found[i];
            if (first + i + 1 == children) {
                *slot = search(t, child, depth + 1);
                continue;
            }
#pragma omp task firstprivate(t, child, depth, slot)
            *slot = search(t, child, depth + 1);
        }
#pragma omp taskwait
        for (uint32_t i = 0; i < n; i++)
            nodes += found[i];
    }
    return nodes;
}

static uint64_t openmp_uts(const bench_uts_t *t)
{
    uint64_t result = 0;
#pragma omp parallel num_threads(team())
#pragma omp single
    result = search(t, t->seed, 0);
    return result;
}

static double integrate(const bench_interval_t *i)
{
    bench_interval_t left, right;
    if (bench_interval_halve(i, &left, &right)) return left.area + right.area;
    double a, b;
#pragma omp task shared(a, left)
    a = integrate(&left);
    b = integrate(&right);
#pragma omp taskwait
    return a + b;
}

static double openmp_integrate(const bench_interval_t *i)
{
    double result = 0.0;
#pragma omp parallel num_threads(team())
#pragma omp single
    result = integrate(i);
    return result;
}

static void sort(const int32_t *from, int32_t *to, int32_t *scratch, size_t n)
{
    if (n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(from, to, scratch, n);
        return;
    }
    size_t half = n / 2;
#pragma omp task
    sort(from, scratch, to, half);
    sort(from + half, scratch + half, to + half, n - half);
#pragma omp taskwait
    bench_merge(scratch, half, scratch + half, n - half, to);
}

static void openmp_sort(const bench_sort_t *s)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    sort(s->from, s->to, s->scratch, s->n);
}

static void quicksort(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
#pragma omp task
    quicksort(x, k);
    quicksort(x + k, n - k);
#pragma omp taskwait
}

static void openmp_quicksort(int32_t *x, size_t n)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    quicksort(x, n);
}

static void strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
#pragma omp task shared(parts)
        {
            bench_strassen_part(p, &parts[k], k);
            strassen(&parts[k]);
        }
    }
#pragma omp taskwait
    bench_strassen_end(p, parts);
}

static void openmp_strassen(const bench_product_t *p)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    strassen(p);
}

static void pair_inside(bench_pair_t *p)
{
#pragma omp task
    bench_pair_b(p);
    bench_pair_a(p);
#pragma omp taskwait
}

static void openmp_pair(bench_pair_t *p)
{
#pragma omp parallel sections num_threads(team())
    {
#pragma omp section
        bench_pair_a(p);
#pragma omp section
        bench_pair_b(p);
    }
}

static void openmp_inside(void (*fn)(void *ctx), void *ctx)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    fn(ctx);
}

static void mark_all(uint8_t *marks, size_t n)
{
#pragma omp taskgroup
    for (size_t i = 0; i < n; i++) {
#pragma omp task firstprivate(i)
        bench_mark(&marks[i]);
    }
}

static void openmp_flat(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    mark_all(marks, n);
}

static void spread(uint8_t *marks, size_t n, size_t i)
{
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++) {
#pragma omp task firstprivate(child)
        spread(marks, n, child);
    }
    bench_mark(&marks[i]);
}

/* The barrier at the end of the region waits for all of them. */
static void openmp_spread(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    spread(marks, n, 0);
}

static void openmp_items(uint8_t *marks, size_t n)
{
#pragma omp parallel num_threads(team())
#pragma omp single
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        mark_all(marks + i, BENCH_SCOPE_PER_ITEM);
}

/* What has no schedule: tasks and reductions; and the launch of the default loop. */
const bench_runtime_t bench_openmp = {
    .name = NAME(""),
    .in_launch = true,
    .loops = {[BENCH_LOOP_nothing] = fixed_nothing, [BENCH_LOOP_fill] = fixed_fill},
    .sum = openmp_sum,
    .dot = openmp_dot,
    .histogram = histogram,
    .nested = nested_serialised,
    .reductions = {openmp_min, openmp_minmax, openmp_index, openmp_moments, NULL},
    .fib = openmp_fib,
    .tree = openmp_tree,
    .queens = openmp_queens,
    .uts = openmp_uts,
    .integrate = openmp_integrate,
    .sort = openmp_sort,
    .quicksort = openmp_quicksort,
    .strassen = openmp_strassen,
    .pair = openmp_pair,
    .pair_inside = pair_inside,
    .scopes = BENCH_SCOPES(openmp),
    .inside = openmp_inside,
    .with_one_thread = with_one_thread,
    .fork_ns = FORK_NS,
};
const bench_runtime_t bench_openmp_static = {.name = NAME("-static"), .loops = BENCH_LOOPS(fixed)};
const bench_runtime_t bench_openmp_dynamic = {
    .name = NAME("-dynamic"), .one_by_one = true, .loops = BENCH_LOOPS(dynamic)};
const bench_runtime_t bench_openmp_dynamic16 = {.name = NAME("-dynamic16"),
                                                .loops = UNEVEN_LOOPS(dynamic16)};
const bench_runtime_t bench_openmp_dynamic64 = {.name = NAME("-dynamic64"),
                                                .loops = UNEVEN_LOOPS(dynamic64)};
const bench_runtime_t bench_openmp_guided = {.name = NAME("-guided"), .loops = BENCH_LOOPS(guided)};
const bench_runtime_t bench_openmp_nested = {
    .name = NAME("-nested"),
    .loops = {[BENCH_LOOP_nothing] = fixed_nothing},
    .nested = nested_twice,
};
/* The dynamic schedule with a thread bound to each core: for the crowded family alone. */
const bench_runtime_t bench_openmp_pinned = {
    .name = NAME("-pinned"),
#ifdef __linux__
    .loops = {[BENCH_LOOP_nothing] = fixed_nothing, [BENCH_LOOP_triangular] = dynamic_triangular},
    .pinned = pinned,
#else
    .loops = {[BENCH_LOOP_nothing] = fixed_nothing},
#endif
};
