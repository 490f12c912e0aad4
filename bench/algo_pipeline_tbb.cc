/* algo_pipeline_tbb.cc - the same stream by TBB's parallel_pipeline. */
#include "algo_pipeline.h"

#include <oneapi/tbb/parallel_pipeline.h>

void bench_pipeline_tbb(const bench_algo_t *)
{
    bench_pipeline_t *d = &bench_pipeline;
    size_t n_made = 0;
    uint64_t all = 0;
    using tbb::filter_mode;
    tbb::parallel_pipeline(
        BENCH_PIPELINE_TOKENS,
        tbb::make_filter<void, uint64_t>(filter_mode::serial_in_order,
                                         [&](tbb::flow_control &control) -> uint64_t {
                                             if (n_made == d->n_blocks) control.stop();
                                             return n_made < d->n_blocks ? n_made++ : 0;
                                         }) &
            tbb::make_filter<uint64_t, uint64_t>(
                filter_mode::parallel,
                [&](uint64_t block) { return bench_block_hash(block, d->rounds); }) &
            tbb::make_filter<uint64_t, void>(filter_mode::serial_in_order, [&](uint64_t hash) {
                all = bench_block_join(all, hash);
            }));
    d->answer = all;
}
