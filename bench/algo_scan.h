/* algo_scan.h - running sums of int64, from one array to another. */
#ifndef BENCH_ALGO_SCAN_H
#define BENCH_ALGO_SCAN_H

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_scan_t {
    const int64_t *x;
    int64_t *out;
    size_t n;
} bench_scan_t;

/* The data of the last prepare. */
const bench_scan_t *bench_scan_data(void);

bench_answer_fn bench_scan_openmp, bench_scan_openmp_blocks, bench_scan_std, bench_scan_gnu,
    bench_scan_tbb, bench_scan_pstl;

#ifdef __cplusplus
}
#endif

#endif
