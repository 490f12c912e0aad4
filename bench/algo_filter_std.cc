// algo_filter_std.cc - std::copy_if; libstdc++'s parallel mode has none of its own.
#include "algo_filter.h"

#include <algorithm>

void bench_filter_std(const bench_algo_t *)
{
    bench_filter_t *d = bench_filter_data();
    int32_t *end = std::copy_if(d->x, d->x + d->n, d->out, [](int32_t x) { return x < 0; });
    d->result = d->out;
    d->kept = size_t(end - d->out);
}
