/* algo_sort_number.h - arrays of numbers to be sorted in place, and pairs of a key and a payload. */
#ifndef BENCH_ALGO_SORT_NUMBER_H
#define BENCH_ALGO_SORT_NUMBER_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_pair_of_numbers_t {
    uint64_t key, payload;
} bench_pair_of_numbers_t;

/* What is to be sorted; what it is of, the workload tells. */
extern void *bench_sorted;

/* X(name, type) */
#define BENCH_SORT_TYPES(X) X(int32, int32_t) X(uint64, uint64_t) X(double, double)

#define BENCH_X(name, type)                                                                        \
    void bench_sort_##name##_std(const bench_algo_t *a);                                           \
    void bench_sort_##name##_gnu(const bench_algo_t *a);                                           \
    void bench_sort_##name##_tbb(const bench_algo_t *a);                                           \
    void bench_sort_##name##_pstl(const bench_algo_t *a);                                          \
    void bench_rayon_sort_##name(type *v, size_t n);                                               \
    void bench_stable_##name##_std(const bench_algo_t *a);                                         \
    void bench_stable_##name##_gnu(const bench_algo_t *a);                                         \
    void bench_stable_##name##_pstl(const bench_algo_t *a);                                        \
    void bench_rayon_stable_##name(type *v, size_t n);
BENCH_SORT_TYPES(BENCH_X)
#undef BENCH_X

/* Pairs by their keys, stably. */
void bench_sort_pairs_std(const bench_algo_t *a);
void bench_sort_pairs_gnu(const bench_algo_t *a);
void bench_sort_pairs_pstl(const bench_algo_t *a);
void bench_rayon_sort_pairs(bench_pair_of_numbers_t *v, size_t n);

#ifdef __cplusplus
}
#endif

#endif
