/* runtime_openmp.c - OpenMP, compiled by gcc for libgomp and by clang for libomp.
 *
 * Loops once for each schedule; tasks as the specification's examples write them. The environment
 * is the default one: idle threads spin for as long as their runtime likes. */
#include "runtime.h"

#include <omp.h>

#ifdef BENCH_LIBOMP
#    define NAME(suffix) "libomp" suffix
#else
#    define NAME(suffix) "openmp" suffix
#endif

#define PRAGMA(text) _Pragma(#text)
#define OPENMP_LOOP(prefix, kind, kernel)                                                          \
    static void prefix##_##kernel(const bench_loop_t *data)                                        \
    {                                                                                              \
        const bench_loop_t d = *data;                                                              \
        PRAGMA(omp parallel for num_threads(bench_threads()) schedule(kind))                       \
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
#pragma omp parallel num_threads(bench_threads()) reduction(+ : s)
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
#pragma omp parallel num_threads(bench_threads()) reduction(+ : s)
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
#pragma omp parallel num_threads(bench_threads())
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
#pragma omp parallel num_threads(bench_threads())
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
#pragma omp parallel num_threads(bench_threads())
#pragma omp single
    result = place_all(bench_board(n));
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
#pragma omp parallel num_threads(bench_threads())
#pragma omp single
    sort(s->from, s->to, s->scratch, s->n);
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
    .sort = openmp_sort,
};
const bench_runtime_t bench_openmp_static = {.name = NAME("-static"), .loops = BENCH_LOOPS(fixed)};
const bench_runtime_t bench_openmp_dynamic = {
    .name = NAME("-dynamic"), .one_by_one = true, .loops = BENCH_LOOPS(dynamic)};
const bench_runtime_t bench_openmp_guided = {.name = NAME("-guided"), .loops = BENCH_LOOPS(guided)};
