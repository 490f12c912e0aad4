// algo_filter_tbb.cc - a filter by TBB's parallel_scan over the counts, and by the standard's copy_if.
#include "algo_filter.h"

#include <algorithm>
#include <execution>

#include <tbb/blocked_range.h>
#include <tbb/parallel_scan.h>

void bench_filter_tbb(const bench_algo_t *)
{
    bench_filter_t *d = bench_filter_data();
    d->kept = tbb::parallel_scan(
        tbb::blocked_range<size_t>(0, d->n), size_t(0),
        [d](const tbb::blocked_range<size_t> &r, size_t kept, bool is_final) {
            if (is_final) {
                for (size_t i = r.begin(); i < r.end(); i++)
                    if (d->x[i] < 0) d->out[kept++] = d->x[i];
            } else {
                for (size_t i = r.begin(); i < r.end(); i++)
                    kept += d->x[i] < 0;
            }
            return kept;
        },
        [](size_t a, size_t b) { return a + b; });
    d->result = d->out;
}

void bench_filter_pstl(const bench_algo_t *)
{
    bench_filter_t *d = bench_filter_data();
    int32_t *end = std::copy_if(std::execution::par_unseq, d->x, d->x + d->n, d->out,
                                [](int32_t x) { return x < 0; });
    d->result = d->out;
    d->kept = size_t(end - d->out);
}
