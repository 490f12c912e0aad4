/* runtime_par.c - par: range loops, the ready reductions, plain par_join. */
#define JOIN   par_join
#define JOIN_N par_join_n
#include "forkjoin_par.h"
#include "ranges.h"

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

typedef struct histogram_t {
    uint64_t bins[BENCH_BINS];
} histogram_t;

typedef struct bytes_t {
    const uint8_t *x;
} bytes_t;

static void histogram_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    const uint8_t *x = ((const bytes_t *)ctx)->x;
    bench_histogram_range(x + begin, end - begin, ((histogram_t *)acc)->bins);
}

static void histogram_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    for (int i = 0; i < BENCH_BINS; i++)
        ((histogram_t *)left)->bins[i] += ((const histogram_t *)right)->bins[i];
}

static void histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    bytes_t bytes = {x};
    par_reduce(0, n, counts, sizeof(histogram_t), histogram_fold, histogram_combine, &bytes, NULL);
}

typedef struct histogram_wide_t {
    uint64_t bins[BENCH_BINS_WIDE];
} histogram_wide_t;

static void histogram_wide_add(histogram_wide_t *left, const histogram_wide_t *right)
{
    for (int i = 0; i < BENCH_BINS_WIDE; i++)
        left->bins[i] += right->bins[i];
}

/* A table for each worker: for each task, as above, they would be too large. */
PAR_DEFINE_FOR_LOCAL(count_wide, histogram_wide_t, h, histogram_wide_add, const uint16_t *, x, i)
{
    h->bins[x[i]]++;
}

static void histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
    count_wide(0, n, (histogram_wide_t *)counts, x);
}

typedef struct nested_t {
    const bench_loop_t *d;
    size_t parts;
} nested_t;

static void nested_range(size_t begin, size_t end, void *ctx)
{
    const nested_t *nested = ctx;
    for (size_t k = begin; k < end; k++) {
        bench_loop_t part = bench_loop_part(nested->d, nested->parts, k);
        loop_map(&part);
    }
}

static void nested(const bench_loop_t *d, size_t parts)
{
    nested_t all = {d, parts};
    par_for_range(0, parts, nested_range, &all, NULL);
}

static double min(const double *x, size_t n)
{
    return par_min(x, n);
}

static double minmax(const double *x, size_t n)
{
    bench_minmax_t m;
    par_minmax(x, n, &m.min, &m.max);
    return bench_minmax_result(m);
}

static double min_index(const double *x, size_t n)
{
    return (double)par_min_index(x, n);
}

PAR_DEFINE_REDUCE_COMMUTATIVE(moments_of,
                              bench_moments_t,
                              bench_moments_none(),
                              a,
                              b,
                              bench_moments_of(a, b),
                              const double *,
                              x,
                              i)
{
    return bench_moments_item(x[i]);
}

static double moments(const double *x, size_t n)
{
    return bench_moments_result(moments_of(0, n, x));
}

static double exact(const double *x, size_t n)
{
    return par_sum_exact(x, n);
}

const bench_runtime_t bench_par = {
    .name = "par",
    .is_par = true,
    .in_launch = true,
    .loops = BENCH_LOOPS(loop),
    .sum = sum,
    .dot = dot,
    .histogram = histogram,
    .histogram_wide = histogram_wide,
    .try_loop = bench_par_try,
    .nested = nested,
    .reductions = {min, minmax, min_index, moments, exact},
    FORKJOIN_PAR,
    .scopes = BENCH_SCOPES(bench_par),
};

/* Random numbers each of which is a function of its index, where others have a generator for each
 * block. */
typedef struct random_t {
    double *z;
    par_random_t random;
} random_t;

PAR_DEFINE_FOR(random_at, random_t, r, i)
{
    r.z[i] = par_random_double(r.random, i);
}

static void random_by_index(const bench_loop_t *d)
{
    random_at(0, d->n * BENCH_RANDOM_BLOCK, (random_t){d->z, par_random_seed(BENCH_RANDOM_SEED)});
}

const bench_runtime_t bench_par_index = {
    .name = "par-index",
    .is_par = true,
    .is_variant = true,
    .is_by_index = true,
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing, [BENCH_LOOP_random] = random_by_index},
};

/* More workers than the machine has cores. */
const bench_runtime_t bench_par_64 = {
    .name = "par-64",
    .is_par = true,
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing_in_crowd},
    .fib = fib,
    .uts = uts,
    .fork_ns = 3,
    .crowd = BENCH_CROWD,
    .with_crowd = bench_par_with_crowd,
    .is_variant = true,
};
