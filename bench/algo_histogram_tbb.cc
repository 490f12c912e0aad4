/* algo_histogram_tbb.cc - a table for each thread, added up at the end. */
#include "algo_histogram.h"

#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

void bench_histogram_tbb(const bench_algo_t *a)
{
    bench_histogram_t *d = &bench_histogram;
    using table_t = std::vector<size_t>;
    tbb::enumerable_thread_specific<table_t> tables([d] { return table_t(d->n_buckets); });
    using range_t = tbb::blocked_range<size_t>;
    tbb::parallel_for(range_t(0, a->size), [&](const range_t &r) {
        bench_histogram_count(tables.local().data(), d->keys, r.begin(), r.end());
    });
    for (size_t b = 0; b < d->n_buckets; b++)
        d->counts[b] = 0;
    for (const table_t &table : tables)
        for (size_t b = 0; b < d->n_buckets; b++)
            d->counts[b] += table[b];
}
