/* runtime_openmp.c - OpenMP, compiled by gcc for libgomp and by clang for libomp.
 *
 * Loops once for each schedule; tasks as the specification's examples write them. The environment
 * is the default one: idle threads spin for as long as their runtime likes. */
#include "runtime.h"

#include <omp.h>

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

#define PRAGMA(text) _Pragma(#text)
#define OPENMP_LOOP(prefix, kind, kernel)                                                          \
    static void prefix##_##kernel(const bench_loop_t *data)                                        \
    {                                                                                              \
        const bench_loop_t d = *data;                                                              \
        PRAGMA(omp parallel for num_threads(team()) schedule(kind))                                \
        for (size_t i = 0; i < d.n; i++)                                                           \
            bench_##kernel(&d, i);                                                                 \
    }

#define STATIC_LOOP(kernel)  OPENMP_LOOP(fixed, static, kernel)
#define DYNAMIC_LOOP(kernel) OPENMP_LOOP(dynamic, dynamic, kernel)
#define GUIDED_LOOP(kernel)  OPENMP_LOOP(guided, guided, kernel)
BENCH_LOOP_KERNELS(STATIC_LOOP)
BENCH_LOOP_KERNELS(DYNAMIC_LOOP)
BENCH_LOOP_KERNELS(GUIDED_LOOP)

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
const bench_runtime_t bench_openmp_guided = {.name = NAME("-guided"), .loops = BENCH_LOOPS(guided)};
