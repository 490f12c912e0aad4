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

const bench_runtime_t bench_par = {
    .name = "par",
    .is_par = true,
    .in_launch = true,
    .loops = BENCH_LOOPS(loop),
    .sum = sum,
    .dot = dot,
    FORKJOIN_PAR,
    .scopes = BENCH_SCOPES(bench_par),
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
