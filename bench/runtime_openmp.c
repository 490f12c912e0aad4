/* runtime_openmp.c - OpenMP, compiled by gcc for libgomp and by clang for libomp.
 *
 * Loops once for each schedule; tasks are in openmp_tasks.c. The environment is the default one: idle
 * threads spin for as long as their runtime likes. */
#include "openmp.h"

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

#define PRAGMA(...)      PRAGMA_TEXT(__VA_ARGS__)
#define PRAGMA_TEXT(...) _Pragma(#__VA_ARGS__)
#define OPENMP_LOOP(prefix, clause, kernel)                                                        \
    static void prefix##_##kernel(const bench_loop_t *data)                                        \
    {                                                                                              \
        const bench_loop_t d = *data;                                                              \
        PRAGMA(omp parallel for num_threads(bench_openmp_team()) clause)                           \
        for (size_t i = 0; i < d.n; i++)                                                           \
            bench_##kernel(&d, i);                                                                 \
    }

#define STATIC_LOOP(kernel)  OPENMP_LOOP(fixed, schedule(static), kernel)
#define DYNAMIC_LOOP(kernel) OPENMP_LOOP(dynamic, schedule(dynamic), kernel)
#define GUIDED_LOOP(kernel)  OPENMP_LOOP(guided, schedule(guided), kernel)
BENCH_LOOP_KERNELS(STATIC_LOOP)
BENCH_LOOP_KERNELS(DYNAMIC_LOOP)
BENCH_LOOP_KERNELS(GUIDED_LOOP)

void bench_openmp_nothing_by_default(const bench_loop_t *d)
{
    omp_set_num_threads(bench_openmp_team());
    fixed_nothing(d);
}

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
#pragma omp parallel for num_threads(bench_openmp_team())
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
#pragma omp parallel for num_threads(bench_openmp_team()) reduction(+ : counts[:BENCH_BINS])
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

static void histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
#pragma omp parallel for num_threads(bench_openmp_team()) reduction(+ : counts[:BENCH_BINS_WIDE])
    for (size_t i = 0; i < n; i++)
        counts[x[i]]++;
}

/* A flag: "omp cancel" does nothing unless OMP_CANCELLATION was set before the program began. */
static size_t try_loop(const bench_try_t *d)
{
    const size_t n = d->n, block = d->block != 0 ? d->block : BENCH_TRY_BLOCK;
    size_t failed = n;
#pragma omp parallel for num_threads(bench_openmp_team()) schedule(dynamic)
    for (size_t begin = 0; begin < n; begin += block) {
        size_t end = n - begin < block ? n : begin + block, known, i;
#pragma omp atomic read
        known = failed;
        if (known < n) continue;
        i = bench_try_range(d, begin, end);
        if (i == end) continue;
#pragma omp atomic write
        failed = i;
    }
    return failed;
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
#    pragma omp parallel num_threads(bench_openmp_team())
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
static double openmp_sum(const double *x, size_t n)
{
    double s = 0.0;
#pragma omp parallel num_threads(bench_openmp_team()) reduction(+ : s)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
        s = bench_sum_range(x + begin, end - begin);
    }
    return s;
}

static double openmp_dot(const double *x, const double *y, size_t n)
{
    double s = 0.0;
#pragma omp parallel num_threads(bench_openmp_team()) reduction(+ : s)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
        s = bench_dot_range(x + begin, y + begin, end - begin);
    }
    return s;
}

static double openmp_min(const double *x, size_t n)
{
    double m = x[0];
#pragma omp parallel num_threads(bench_openmp_team()) reduction(min : m)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
        if (begin < end) m = bench_min_range(x + begin, end - begin);
    }
    return m;
}

static double openmp_minmax(const double *x, size_t n)
{
    double low = x[0], high = x[0];
#pragma omp parallel num_threads(bench_openmp_team()) reduction(min : low) reduction(max : high)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
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
#pragma omp parallel num_threads(bench_openmp_team()) reduction(first : p)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
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
#pragma omp parallel num_threads(bench_openmp_team()) reduction(moments : m)
    {
        size_t begin, end;
        bench_openmp_part(n, &begin, &end);
        m = bench_moments_range(x + begin, end - begin);
    }
    return bench_moments_result(m);
}

/* What has no schedule: tasks and reductions; and the launch of the default loop. */
const bench_runtime_t bench_openmp = {
    .name = NAME(""),
    .in_launch = true,
    .loops = {[BENCH_LOOP_nothing] = fixed_nothing, [BENCH_LOOP_fill] = fixed_fill},
    .sum = openmp_sum,
    .dot = openmp_dot,
    .histogram = histogram,
    .histogram_wide = histogram_wide,
    .try_loop = try_loop,
    .nested = nested_serialised,
    .reductions = {openmp_min, openmp_minmax, openmp_index, openmp_moments},
    BENCH_FORKJOIN(bench_openmp),
    .pair_inside = bench_openmp_pair_inside,
    .scopes = BENCH_SCOPES(bench_openmp),
    .inside = bench_openmp_inside,
    .with_one_thread = bench_openmp_with_one_thread,
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
