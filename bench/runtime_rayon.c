/* runtime_rayon.c - Rayon: the table for the answers in rayon/. */
#include "runtime.h"

void bench_rayon_start(size_t threads);
double bench_rayon_sum(const double *x, size_t n);
double bench_rayon_dot(const double *x, const double *y, size_t n);
void bench_rayon_histogram(const uint8_t *x, size_t n, uint64_t *counts);
void bench_rayon_histogram_wide(const uint16_t *x, size_t n, uint64_t *counts);
size_t bench_rayon_try(const bench_try_t *d);
void bench_rayon_nested(const bench_loop_t *d, size_t parts);
bench_reduce_fn bench_rayon_min, bench_rayon_minmax, bench_rayon_index, bench_rayon_moments;
uint64_t bench_rayon_fib(uint32_t n);
uint64_t bench_rayon_tree(const bench_node_t *root);
uint64_t bench_rayon_queens(uint32_t n);
void bench_rayon_sort(const int32_t *from, int32_t *to, int32_t *scratch, size_t n);

uint64_t bench_rayon_uts(const bench_uts_t *t);
double bench_rayon_integrate(const bench_interval_t *i);
void bench_rayon_quicksort(int32_t *x, size_t n);
void bench_rayon_strassen(const bench_product_t *p);
void bench_rayon_pair(bench_pair_t *p);
bench_scope_fn bench_rayon_flat, bench_rayon_spread, bench_rayon_items;
bench_around_fn bench_rayon_inside, bench_rayon_with_one_thread;

/* For rayon/forkjoin_arrays.rs, which cannot inline them: a microsecond each. */
void bench_rayon_pair_a(bench_pair_t *p);
void bench_rayon_pair_b(bench_pair_t *p);

void bench_rayon_pair_a(bench_pair_t *p)
{
    bench_pair_a(p);
}

void bench_rayon_pair_b(bench_pair_t *p)
{
    bench_pair_b(p);
}

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

static void rayon_histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    start_once();
    bench_rayon_histogram(x, n, counts);
}

static void rayon_histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
    start_once();
    bench_rayon_histogram_wide(x, n, counts);
}

static size_t rayon_try(const bench_try_t *d)
{
    start_once();
    return bench_rayon_try(d);
}

static void rayon_nested(const bench_loop_t *d, size_t parts)
{
    start_once();
    bench_rayon_nested(d, parts);
}

#define RAYON_REDUCTION(name)                                                                      \
    static double rayon_##name(const double *x, size_t n)                                          \
    {                                                                                              \
        start_once();                                                                              \
        return bench_rayon_##name(x, n);                                                           \
    }
RAYON_REDUCTION(min)
RAYON_REDUCTION(minmax)
RAYON_REDUCTION(index)
RAYON_REDUCTION(moments)

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

static uint64_t rayon_uts(const bench_uts_t *t)
{
    start_once();
    return bench_rayon_uts(t);
}

static double rayon_integrate(const bench_interval_t *i)
{
    start_once();
    return bench_rayon_integrate(i);
}

static void rayon_quicksort(int32_t *x, size_t n)
{
    start_once();
    bench_rayon_quicksort(x, n);
}

static void rayon_strassen(const bench_product_t *p)
{
    start_once();
    bench_rayon_strassen(p);
}

static void rayon_pair(bench_pair_t *p)
{
    start_once();
    bench_rayon_pair(p);
}

static void rayon_inside(void (*fn)(void *ctx), void *ctx)
{
    start_once();
    bench_rayon_inside(fn, ctx);
}

#define RAYON_SCOPE(name)                                                                          \
    static void rayon_##name(uint8_t *marks, size_t n)                                             \
    {                                                                                              \
        start_once();                                                                              \
        bench_rayon_##name(marks, n);                                                              \
    }
RAYON_SCOPE(flat)
RAYON_SCOPE(spread)
RAYON_SCOPE(items)

const bench_runtime_t bench_rayon = {
    .name = "rayon",
    .in_launch = true,
    .loops = BENCH_LOOPS(rayon),
    .sum = rayon_sum,
    .dot = rayon_dot,
    .histogram = rayon_histogram,
    .histogram_wide = rayon_histogram_wide,
    .try_loop = rayon_try,
    .nested = rayon_nested,
    .reductions = {rayon_min, rayon_minmax, rayon_index, rayon_moments},
    BENCH_FORKJOIN(rayon),
    .pair_inside = rayon_pair,
    .scopes = BENCH_SCOPES(rayon),
    .inside = rayon_inside,
    .with_one_thread = bench_rayon_with_one_thread,
    .fork_ns = 20,
};
