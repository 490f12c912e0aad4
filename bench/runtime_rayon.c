/* runtime_rayon.c - Rayon: the table for the answers in rayon/lib.rs. */
#include "runtime.h"

void bench_rayon_start(size_t threads);
double bench_rayon_sum(const double *x, size_t n);
double bench_rayon_dot(const double *x, const double *y, size_t n);
uint64_t bench_rayon_fib(uint32_t n);
uint64_t bench_rayon_tree(const bench_node_t *root);
uint64_t bench_rayon_queens(uint32_t n);
void bench_rayon_sort(const int32_t *from, int32_t *to, int32_t *scratch, size_t n);

static void start_once(void)
{
    static bool started;
    if (!started) bench_rayon_start(bench_threads());
    started = true;
}

#define RAYON_LOOP(kernel)                                                                         \
    bench_loop_fn bench_rayon_##kernel;                                                            \
    static void rayon_##kernel(const bench_loop_t *d)                                              \
    {                                                                                              \
        start_once();                                                                              \
        bench_rayon_##kernel(d);                                                                   \
    }
BENCH_LOOP_KERNELS(RAYON_LOOP)

static double rayon_sum(const double *x, size_t n)
{
    start_once();
    return bench_rayon_sum(x, n);
}

static double rayon_dot(const double *x, const double *y, size_t n)
{
    start_once();
    return bench_rayon_dot(x, y, n);
}

static uint64_t rayon_fib(unsigned n)
{
    start_once();
    return bench_rayon_fib(n);
}

static uint64_t rayon_tree(const bench_node_t *root)
{
    start_once();
    return bench_rayon_tree(root);
}

static uint64_t rayon_queens(unsigned n)
{
    start_once();
    return bench_rayon_queens(n);
}

static void rayon_sort(const bench_sort_t *s)
{
    start_once();
    bench_rayon_sort(s->from, s->to, s->scratch, s->n);
}

const bench_runtime_t bench_rayon = {
    .name = "rayon",
    .in_launch = true,
    .loops = BENCH_LOOPS(rayon),
    .sum = rayon_sum,
    .dot = rayon_dot,
    .fib = rayon_fib,
    .tree = rayon_tree,
    .queens = rayon_queens,
    .sort = rayon_sort,
};
