/* algo_sort_number.c - sorting numbers in place: three types, four patterns, unstable and stable rivals
 * (par's one sort is both), and pairs by a key. */
#include "algo_sort_data.h"

#include <par/sort_number.h>

#include "../par/algo/sort_number_paths.h"

#define NUMBERS(X) X(int32, int32_t) X(uint64, uint64_t) X(double, double)

#define SORT_PAR(name, type)                                                                       \
    static void sort_##name##_par(const bench_algo_t *a)                                           \
    {                                                                                              \
        type *v = bench_unsorted;                                                                  \
        par_sort(v, a->size);                                                                      \
    }
NUMBERS(SORT_PAR)

PAR_DEFINE_SORT_BY_KEY(sort_pairs, bench_record_t, uint64_t, p)
{
    return p->key;
}

static void sort_pairs_par(const bench_algo_t *a)
{
    sort_pairs(bench_unsorted, a->size);
}

/* par on a machine without wide vectors. */
static const bench_runtime_t par_portable = {.name = "par-portable",
                                             .is_par = true,
                                             .is_variant = true,
                                             .loops = {[BENCH_LOOP_nothing] = bench_par_nothing}};

static void sort_portable(const bench_algo_t *a)
{
    static const par__sort_order_t is_signed = {0, 0}, is_unsigned = {0, INT64_MIN},
                                   is_real = {INT64_MAX, 0};
    const par__sort_path_t *path = &par__sort_path_portable;
    bench_sort_type_t type = ((const bench_sort_spec_t *)a->spec)->type;
    if (type == BENCH_INT32)
        path->sort_32(bench_unsorted, a->size, &is_signed);
    else
        path->sort_64(bench_unsorted, a->size, type == BENCH_UINT64 ? &is_unsigned : &is_real);
}

#if defined(BENCH_RAYON)
#    define SORT_RAYON(name, type)                                                                 \
        BENCH_SORT_BY_RAYON(stable_##name) BENCH_SORT_BY_RAYON(unstable_##name)
NUMBERS(SORT_RAYON)
BENCH_SORT_BY_RAYON(stable_records)
#endif

#define BENCH_X(name, type)                                                                        \
    static const bench_answer_t sort_##name##_answers[] = {                                        \
        BENCH_PAR_ANSWER(sort_##name##_par){&par_portable, sort_portable},                         \
        {&bench_qsort, bench_sort_qsort},                                                          \
        BENCH_STD_ANSWER(bench_unstable_##name##_std)                                              \
            BENCH_GNU_ANSWER(bench_unstable_##name##_gnu)                                          \
                BENCH_TBB_ANSWER(bench_unstable_##name##_tbb)                                      \
                    BENCH_PSTL_ANSWER(bench_unstable_##name##_pstl)                                \
                        BENCH_RAYON_ANSWER(unstable_##name##_rayon)};                              \
    static const bench_answer_t stable_##name##_answers[] = {                                      \
        BENCH_PAR_ANSWER(sort_##name##_par){&par_portable, sort_portable},                         \
        BENCH_STD_ANSWER(bench_stable_##name##_std) BENCH_GNU_ANSWER(bench_stable_##name##_gnu)    \
            BENCH_PSTL_ANSWER(bench_stable_##name##_pstl)                                          \
                BENCH_RAYON_ANSWER(stable_##name##_rayon)};
NUMBERS(BENCH_X)
#undef BENCH_X

static const bench_answer_t sort_pairs_answers[] = {
    BENCH_PAR_ANSWER(sort_pairs_par) BENCH_STD_ANSWER(bench_stable_records_std)
        BENCH_GNU_ANSWER(bench_stable_records_gnu) BENCH_PSTL_ANSWER(bench_stable_records_pstl)
            BENCH_RAYON_ANSWER(stable_records_rayon)};

#define CASE(verb, name, TYPE, in_pattern, PATTERN, n, is_quick)                                   \
    {                                                                                              \
        .workload = #verb "_" #name in_pattern, .size = (n), .quick = (is_quick),                  \
        .spec = &(const bench_sort_spec_t){BENCH_##TYPE, BENCH_##PATTERN, true},                   \
        .prepare = bench_sort_prepare, .restore = bench_sort_restore,                              \
        .is_right = bench_sort_is_right, BENCH_ANSWERS(verb##_##name##_answers)                    \
    }
#define SIZES(verb, name, TYPE)                                                                    \
    CASE(verb, name, TYPE, "", RANDOM, 1000, false),                                               \
        CASE(verb, name, TYPE, "", RANDOM, 100000, true),                                          \
        CASE(verb, name, TYPE, "", RANDOM, 10000000, true),                                        \
        CASE(verb, name, TYPE, "", RANDOM, 100000000, false)
#define PATTERNS(verb, name, TYPE)                                                                 \
    CASE(verb, name, TYPE, "_sorted", SORTED, 10000000, false),                                    \
        CASE(verb, name, TYPE, "_reversed", REVERSED, 10000000, false),                            \
        CASE(verb, name, TYPE, "_few", FEW, 10000000, false)

static const bench_algo_t algos[] = {
    SIZES(sort, int32, INT32),
    PATTERNS(sort, int32, INT32),
    SIZES(sort, uint64, UINT64),
    PATTERNS(sort, uint64, UINT64),
    SIZES(sort, double, DOUBLE),
    PATTERNS(sort, double, DOUBLE),
    CASE(stable, int32, INT32, "", RANDOM, 10000000, false),
    CASE(stable, uint64, UINT64, "", RANDOM, 10000000, false),
    CASE(stable, double, DOUBLE, "", RANDOM, 10000000, false),
    CASE(sort, pairs, PAIRS, "", RANDOM, 10000000, false),
};

BENCH_DEFINE_ALGO(sort_number, algos)
