/* algo_sort_data.h - what is sorted, by comparison (algo_sort.c) and as numbers (algo_sort_number.c), how
 * it must come out, and the sorts of the rivals, which serve both. */
#ifndef BENCH_ALGO_SORT_DATA_H
#define BENCH_ALGO_SORT_DATA_H

#include "algo.h"
#include "algo_record.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Pairs are records whose keys have 32 bits. */
typedef enum bench_sort_type_t {
    BENCH_INT32,
    BENCH_UINT64,
    BENCH_DOUBLE,
    BENCH_RECORDS,
    BENCH_PAIRS,
    BENCH_STRINGS,
    BENCH_SORT_TYPE_COUNT
} bench_sort_type_t;

typedef enum bench_pattern_t {
    BENCH_RANDOM,
    BENCH_SORTED,
    BENCH_REVERSED,
    BENCH_FEW,       /* a hundred different ones */
    BENCH_ORGAN_PIPE /* up, then down */
} bench_pattern_t;

/* bench_algo_t.spec of all sorts. */
typedef struct bench_sort_spec_t {
    bench_sort_type_t type;
    bench_pattern_t pattern;
    bool is_stable; /* records with the same key must keep their order */
} bench_sort_spec_t;

/* a->size of them. */
extern void *bench_unsorted;

bool bench_sort_prepare(const bench_algo_t *a);
void bench_sort_restore(const bench_algo_t *a);
bool bench_sort_is_right(const bench_algo_t *a);

/* Of one element. */
size_t bench_sort_bytes(const bench_algo_t *a);

/* The C library's; stable by comparing what does not belong to the key as well. */
bench_answer_fn bench_sort_qsort;

/* X(name, type): what the rivals sort, records and pairs by their keys */
#define BENCH_SORT_TYPES(X)                                                                        \
    X(int32, int32_t) X(uint64, uint64_t) X(double, double) X(records, bench_record_t)

#define BENCH_X(name, type)                                                                        \
    bench_answer_fn bench_stable_##name##_std, bench_stable_##name##_gnu,                          \
        bench_stable_##name##_pstl, bench_unstable_##name##_std, bench_unstable_##name##_gnu,      \
        bench_unstable_##name##_tbb, bench_unstable_##name##_pstl;                                 \
    void bench_rayon_stable_##name(type *v, size_t n);                                             \
    void bench_rayon_unstable_##name(type *v, size_t n);
BENCH_SORT_TYPES(BENCH_X)
#undef BENCH_X

bench_answer_fn bench_stable_strings_std, bench_stable_strings_gnu, bench_stable_strings_pstl;
void bench_rayon_stable_strings(const char **v, size_t n);

/* A function by Rayon's sort of that name. */
#define BENCH_SORT_BY_RAYON(name)                                                                  \
    static void name##_rayon(const bench_algo_t *a)                                                \
    {                                                                                              \
        bench_rayon_##name(bench_unsorted, a->size);                                               \
    }

#ifdef __cplusplus
}
#endif

#endif
