/* algo_histogram.h - how often each of n_buckets numbers occurs among n keys. */
#ifndef BENCH_ALGO_HISTOGRAM_H
#define BENCH_ALGO_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_histogram_t {
    size_t n, n_buckets;
    uint32_t *keys; /* all below n_buckets */
    size_t *counts; /* out */
} bench_histogram_t;

extern bench_histogram_t bench_histogram;

static inline void
bench_histogram_count(size_t *counts, const uint32_t *keys, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++)
        counts[keys[i]]++;
}

bench_answer_fn bench_histogram_tbb, bench_histogram_openmp;
void bench_rayon_count_keys(const bench_histogram_t *d);

#ifdef __cplusplus
}
#endif

#endif
