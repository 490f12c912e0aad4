// algo_scan_std.cc - running sums by libstdc++, serial and in its parallel mode.
#include "algo_scan.h"

#include <numeric>
#if defined(BENCH_PARALLEL_MODE)
#    include <parallel/numeric>
#endif

void bench_scan_std(const bench_algo_t *)
{
    const bench_scan_t *d = bench_scan_data();
    std::partial_sum(d->x, d->x + d->n, d->out);
}

#if defined(BENCH_PARALLEL_MODE)
void bench_scan_gnu(const bench_algo_t *)
{
    const bench_scan_t *d = bench_scan_data();
    __gnu_parallel::partial_sum(d->x, d->x + d->n, d->out);
}
#endif
