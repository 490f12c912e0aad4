/* algo_sort.c - sorts by comparison: keys and records, stable and not, with and without order in the
 * data; strings. */
#include "algo_sort_data.h"

#include <par/par.h>

PAR_DEFINE_SORT(stable_keys, uint64_t, a, b)
{
    return a < b;
}

PAR_DEFINE_SORT_UNSTABLE(unstable_keys, uint64_t, a, b)
{
    return a < b;
}

PAR_DEFINE_SORT(stable_records, bench_record_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_SORT_UNSTABLE(unstable_records, bench_record_t, a, b)
{
    return a.key < b.key;
}

#define BY_PAR(name)                                                                               \
    static void name##_par(const bench_algo_t *a)                                                  \
    {                                                                                              \
        name(bench_unsorted, a->size);                                                             \
    }
BY_PAR(stable_keys)
BY_PAR(unstable_keys)
BY_PAR(stable_records)
BY_PAR(unstable_records)

static void strings_par(const bench_algo_t *a)
{
    par_sort_strings(bench_unsorted, a->size);
}

/* The comparison called, as qsort does. */
static const bench_runtime_t par_r = {.name = "par-r",
                                      .is_par = true,
                                      .is_variant = true,
                                      .loops = {[BENCH_LOOP_nothing] = bench_par_nothing}};

/* The key is first in both types. */
static int compare_keys(const void *a, const void *b, void *ctx)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    (void)ctx;
    return (x > y) - (x < y);
}

static void stable_r(const bench_algo_t *a)
{
    par_sort_r(bench_unsorted, a->size, bench_sort_bytes(a), compare_keys, NULL);
}

static void unstable_r(const bench_algo_t *a)
{
    par_sort_r_unstable(bench_unsorted, a->size, bench_sort_bytes(a), compare_keys, NULL);
}

#if defined(BENCH_RAYON)
BENCH_SORT_BY_RAYON(stable_uint64)
BENCH_SORT_BY_RAYON(unstable_uint64)
BENCH_SORT_BY_RAYON(stable_records)
BENCH_SORT_BY_RAYON(unstable_records)
BENCH_SORT_BY_RAYON(stable_strings)
#endif

#define STABLE(name, type)                                                                         \
    static const bench_answer_t stable_##name##_answers[] = {                                      \
        BENCH_PAR_ANSWER(stable_##name##_par){&par_r, stable_r},                                   \
        {&bench_qsort, bench_sort_qsort},                                                          \
        BENCH_STD_ANSWER(bench_stable_##type##_std) BENCH_GNU_ANSWER(bench_stable_##type##_gnu)    \
            BENCH_PSTL_ANSWER(bench_stable_##type##_pstl)                                          \
                BENCH_RAYON_ANSWER(stable_##type##_rayon)};
#define UNSTABLE(name, type)                                                                       \
    static const bench_answer_t unstable_##name##_answers[] = {                                    \
        BENCH_PAR_ANSWER(unstable_##name##_par){&par_r, unstable_r},                               \
        BENCH_STD_ANSWER(bench_unstable_##type##_std)                                              \
            BENCH_GNU_ANSWER(bench_unstable_##type##_gnu)                                          \
                BENCH_TBB_ANSWER(bench_unstable_##type##_tbb)                                      \
                    BENCH_PSTL_ANSWER(bench_unstable_##type##_pstl)                                \
                        BENCH_RAYON_ANSWER(unstable_##type##_rayon)};
STABLE(keys, uint64)
STABLE(records, records)
UNSTABLE(keys, uint64)
UNSTABLE(records, records)

static const bench_answer_t strings_answers[] = {
    BENCH_PAR_ANSWER(strings_par){&bench_qsort, bench_sort_qsort},
    BENCH_STD_ANSWER(bench_stable_strings_std) BENCH_GNU_ANSWER(bench_stable_strings_gnu)
        BENCH_PSTL_ANSWER(bench_stable_strings_pstl) BENCH_RAYON_ANSWER(stable_strings_rayon)};

#define CASE(in_name, of, order, stable, answers_of, n)                                            \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = (n) <= 100000,                                    \
        .spec = &(const bench_sort_spec_t){BENCH_##of, BENCH_##order, stable},                     \
        .prepare = bench_sort_prepare, .restore = bench_sort_restore,                              \
        .is_right = bench_sort_is_right, BENCH_ANSWERS(answers_of)                                 \
    }
#define CASES(in_name, of, order, stable, answers_of)                                              \
    CASE(in_name, of, order, stable, answers_of, 10000),                                           \
        CASE(in_name, of, order, stable, answers_of, 1000000),                                     \
        CASE(in_name, of, order, stable, answers_of, 10000000)

static const bench_algo_t algos[] = {
    CASES("sort_records", RECORDS, RANDOM, false, unstable_records_answers),
    CASES("sort_records_stable", RECORDS, RANDOM, true, stable_records_answers),
    CASES("sort_keys", UINT64, RANDOM, false, unstable_keys_answers),
    CASES("sort_keys_stable", UINT64, RANDOM, true, stable_keys_answers),
    CASE("sort_keys_sorted", UINT64, SORTED, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_reversed", UINT64, REVERSED, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_few", UINT64, FEW, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_organ_pipe", UINT64, ORGAN_PIPE, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_stable_sorted", UINT64, SORTED, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_reversed", UINT64, REVERSED, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_few", UINT64, FEW, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_organ_pipe", UINT64, ORGAN_PIPE, true, stable_keys_answers, 10000000),
    CASE("sort_strings", STRINGS, RANDOM, true, strings_answers, 10000),
    CASE("sort_strings", STRINGS, RANDOM, true, strings_answers, 1000000),
};

BENCH_DEFINE_ALGO(sort, algos)
