// algo_scan_tbb.cc - running sums by TBB's parallel_scan and by the standard's algorithm, which runs on it.
#include "algo_scan.h"

#include <execution>
#include <numeric>

#include <tbb/blocked_range.h>
#include <tbb/parallel_scan.h>

void bench_scan_tbb(const bench_algo_t *)
{
    const bench_scan_t *d = bench_scan_data();
    tbb::parallel_scan(
        tbb::blocked_range<size_t>(0, d->n), int64_t(0),
        [d](const tbb::blocked_range<size_t> &r, int64_t sum, bool is_final) {
            if (is_final)
                for (size_t i = r.begin(); i < r.end(); i++)
                    d->out[i] = sum += d->x[i];
            else
                for (size_t i = r.begin(); i < r.end(); i++)
                    sum += d->x[i];
            return sum;
        },
        [](int64_t a, int64_t b) { return a + b; });
}

void bench_scan_pstl(const bench_algo_t *)
{
    const bench_scan_t *d = bench_scan_data();
    std::inclusive_scan(std::execution::par_unseq, d->x, d->x + d->n, d->out);
}
