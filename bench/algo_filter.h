/* algo_filter.h - the negative ones of random int32, half of them, in their order. */
#ifndef BENCH_ALGO_FILTER_H
#define BENCH_ALGO_FILTER_H

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_filter_t {
    const int32_t *x;
    int32_t *out; /* room for all */
    size_t n;
    const int32_t *result; /* out, or where else the answer put it */
    size_t kept;
} bench_filter_t;

/* The data of the last prepare; answers set result and kept. */
bench_filter_t *bench_filter_data(void);

bench_answer_fn bench_filter_openmp, bench_filter_std, bench_filter_tbb, bench_filter_pstl;

#ifdef __cplusplus
}
#endif

#endif
