/* algo_find.h - searches in an array of n numbers, whose answer is an index. */
#ifndef BENCH_ALGO_FIND_H
#define BENCH_ALGO_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

/* n items, all of them 0 but x[hit], which is 1 (n: none is). */
typedef struct bench_find_t {
    size_t n, hit;
    int32_t *x;
    double *y, *z; /* equal but for y[hit] < 0 */
    size_t answer; /* out */
} bench_find_t;

extern bench_find_t bench_find;

/* X(workload): find the 1; find what is less than 0 in y; where y and z differ; the least of y */
#define BENCH_FINDS(X) X(value) X(predicate) X(mismatch) X(min_by)

#define BENCH_X(name)                                                                              \
    bench_answer_fn bench_find_##name##_std, bench_find_##name##_gnu, bench_find_##name##_pstl;    \
    size_t bench_rayon_find_##name(const bench_find_t *d);
BENCH_FINDS(BENCH_X)
#undef BENCH_X

#ifdef __cplusplus
}
#endif

#endif
