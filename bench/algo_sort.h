/* algo_sort.h - sorts by comparison, in place: keys alone, and keys with a payload. */
#ifndef BENCH_ALGO_SORT_H
#define BENCH_ALGO_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_record_t {
    uint64_t key, value;
} bench_record_t;

/* What is sorted: a->size keys, records by their keys, or strings. */
extern void *bench_unsorted;

/* X(name, type, how an element a gives its key) */
#define BENCH_RECORDS(X) X(keys, uint64_t, a) X(records, bench_record_t, a.key)

#define BENCH_X(name, type, key)                                                                   \
    void bench_stable_##name##_by_std(const bench_algo_t *a);                                      \
    void bench_stable_##name##_by_gnu(const bench_algo_t *a);                                      \
    void bench_stable_##name##_by_pstl(const bench_algo_t *a);                                     \
    void bench_unstable_##name##_by_std(const bench_algo_t *a);                                    \
    void bench_unstable_##name##_by_gnu(const bench_algo_t *a);                                    \
    void bench_unstable_##name##_by_pstl(const bench_algo_t *a);                                   \
    void bench_unstable_##name##_by_tbb(const bench_algo_t *a);                                    \
    void bench_rayon_stable_##name(void *v, size_t n);                                             \
    void bench_rayon_unstable_##name(void *v, size_t n);
BENCH_RECORDS(BENCH_X)
#undef BENCH_X

void bench_strings_by_std(const bench_algo_t *a);
void bench_strings_by_gnu(const bench_algo_t *a);
void bench_strings_by_pstl(const bench_algo_t *a);
void bench_rayon_strings(void *v, size_t n);

#ifdef __cplusplus
}
#endif

#endif
