/* algo_sort_number.c - sorting numbers in place: three types, four patterns, unstable and stable rivals
 * (par's one sort is both), and pairs by a key. */
#include "algo_sort_number.h"

#include <stdlib.h>
#include <string.h>

#include <par/sort_number.h>

#include "../par/algo/sort_number_paths.h"
#include "data.h"

void *bench_sorted;

typedef enum pattern_t { RANDOM, SORTED, REVERSED, FEW } pattern_t;
typedef enum type_t { INT32, UINT64, DOUBLE, PAIRS, N_TYPES } type_t;

typedef struct spec_t {
    type_t type;
    pattern_t pattern;
} spec_t;

static const size_t type_bytes[N_TYPES] = {4, 8, 8, sizeof(bench_pair_of_numbers_t)};

/* The input, and how it looks sorted. */
static struct {
    const bench_algo_t *made_for;
    void *input, *answer;
} data;

static uint64_t value(pattern_t pattern, size_t i, size_t n)
{
    uint64_t r = bench_work(4, i);
    switch (pattern) {
    case SORTED:
        return (uint64_t)i << 24;
    case REVERSED:
        return (uint64_t)(n - i) << 24;
    case FEW:
        return bench_work(4, r % 100);
    case RANDOM:
    default:
        return r;
    }
}

/* The sorted and reversed ones are so in each type: a number of 4 bytes has the middle bits. */
static void input_set(const spec_t *s, size_t i, size_t n)
{
    uint64_t v = value(s->pattern, i, n);
    if (s->type == INT32)
        ((int32_t *)data.input)[i] = (int32_t)(uint32_t)(v >> 24);
    else if (s->type == UINT64)
        ((uint64_t *)data.input)[i] = v;
    else if (s->type == DOUBLE)
        ((double *)data.input)[i] = (double)(int64_t)v * 0x1p-40;
    else
        ((bench_pair_of_numbers_t *)data.input)[i] = (bench_pair_of_numbers_t){v >> 32, i};
}

PAR_DEFINE_SORT_BY_KEY(sort_pairs, bench_pair_of_numbers_t, uint64_t, p)
{
    return p->key;
}

static void number_sort(const bench_algo_t *a, const par__sort_path_t *path, void *v)
{
    static const par__sort_order_t is_signed = {0, 0}, is_unsigned = {0, INT64_MIN},
                                   is_real = {INT64_MAX, 0};
    type_t type = ((const spec_t *)a->spec)->type;
    if (type == INT32)
        path->sort_32(v, a->size, &is_signed);
    else
        path->sort_64(v, a->size, type == UINT64 ? &is_unsigned : &is_real);
}

#define COMPARE(name, type)                                                                        \
    static int compare_##name(const void *a, const void *b)                                        \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }
BENCH_SORT_TYPES(COMPARE)

static int (*const compare[])(const void *, const void *) = {compare_int32, compare_uint64,
                                                             compare_double};

/* The answer is the sort of the rivals: serial code of another library. */
static void answer_make(const bench_algo_t *a)
{
    bench_sorted = data.answer;
    static void (*const by_std[])(const bench_algo_t *) = {
        bench_sort_int32_std, bench_sort_uint64_std, bench_sort_double_std, bench_sort_pairs_std};
    by_std[((const spec_t *)a->spec)->type](a);
}

static bool prepare(const bench_algo_t *a)
{
    const spec_t *s = a->spec;
    size_t bytes = a->size * type_bytes[s->type];
    static void *work;
    if (data.made_for != a) {
        data.made_for = NULL;
        bench_free(data.input);
        bench_free(data.answer);
        bench_free(work);
        data.input = bench_alloc(bytes);
        data.answer = bench_alloc(bytes);
        work = bench_alloc(bytes);
        if (data.input == NULL || data.answer == NULL || work == NULL) return false;
        for (size_t i = 0; i < a->size; i++)
            input_set(s, i, a->size);
        memcpy(data.answer, data.input, bytes);
        answer_make(a);
        data.made_for = a;
    }
    bench_sorted = work;
    memset(work, 0xa5, bytes);
    return true;
}

static void restore(const bench_algo_t *a)
{
    memcpy(bench_sorted, data.input, a->size * type_bytes[((const spec_t *)a->spec)->type]);
}

static bool is_right(const bench_algo_t *a)
{
    size_t bytes = a->size * type_bytes[((const spec_t *)a->spec)->type];
    return memcmp(bench_sorted, data.answer, bytes) == 0;
}

/* ---- the answers ---- */

static void sort_qsort(const bench_algo_t *a)
{
    type_t type = ((const spec_t *)a->spec)->type;
    qsort(bench_sorted, a->size, type_bytes[type], compare[type]);
}

/* par on a machine without wide vectors. */
static const bench_runtime_t par_portable = {.name = "par-portable",
                                             .is_variant = true,
                                             .loops = {[BENCH_LOOP_nothing] = bench_par_nothing}};

static void sort_portable(const bench_algo_t *a)
{
    number_sort(a, &par__sort_path_portable, bench_sorted);
}

#define SORT_PAR(name, type)                                                                       \
    static void sort_##name##_par(const bench_algo_t *a)                                           \
    {                                                                                              \
        type *v = bench_sorted;                                                                    \
        par_sort(v, a->size);                                                                      \
    }
BENCH_SORT_TYPES(SORT_PAR)

static void sort_pairs_par(const bench_algo_t *a)
{
    sort_pairs(bench_sorted, a->size);
}

#if defined(BENCH_RAYON)
#    define SORT_RAYON(name, type)                                                                 \
        static void sort_##name##_rayon(const bench_algo_t *a)                                     \
        {                                                                                          \
            bench_rayon_sort_##name(bench_sorted, a->size);                                        \
        }                                                                                          \
        static void stable_##name##_rayon(const bench_algo_t *a)                                   \
        {                                                                                          \
            bench_rayon_stable_##name(bench_sorted, a->size);                                      \
        }
BENCH_SORT_TYPES(SORT_RAYON)

static void sort_pairs_rayon(const bench_algo_t *a)
{
    bench_rayon_sort_pairs(bench_sorted, a->size);
}
#endif

#define BENCH_X(name, type)                                                                        \
    static const bench_answer_t sort_##name##_answers[] = {                                        \
        BENCH_PAR_ANSWER(sort_##name##_par){&par_portable, sort_portable},                         \
        {&bench_std, bench_sort_##name##_std},                                                     \
        {&bench_qsort, sort_qsort},                                                                \
        BENCH_GNU_ANSWER(bench_sort_##name##_gnu) BENCH_TBB_ANSWER(bench_sort_##name##_tbb)        \
            BENCH_PSTL_ANSWER(bench_sort_##name##_pstl) BENCH_RAYON_ANSWER(sort_##name##_rayon)};  \
    static const bench_answer_t stable_##name##_answers[] = {                                      \
        BENCH_PAR_ANSWER(sort_##name##_par){&par_portable, sort_portable},                         \
        {&bench_std, bench_stable_##name##_std},                                                   \
        BENCH_GNU_ANSWER(bench_stable_##name##_gnu) BENCH_PSTL_ANSWER(bench_stable_##name##_pstl)  \
            BENCH_RAYON_ANSWER(stable_##name##_rayon)};
BENCH_SORT_TYPES(BENCH_X)
#undef BENCH_X

static const bench_answer_t pairs_answers[] = {
    BENCH_PAR_ANSWER(sort_pairs_par){&bench_std, bench_sort_pairs_std},
    BENCH_GNU_ANSWER(bench_sort_pairs_gnu) BENCH_PSTL_ANSWER(bench_sort_pairs_pstl)
        BENCH_RAYON_ANSWER(sort_pairs_rayon)};

#define CASE(verb, name, TYPE, in_pattern, PATTERN, n, is_quick)                                   \
    {                                                                                              \
        .workload = #verb "_" #name in_pattern, .size = (n), .quick = (is_quick),                  \
        .spec = &(const spec_t){TYPE, PATTERN}, .prepare = prepare, .restore = restore,            \
        .is_right = is_right, .answers = verb##_##name##_answers,                                  \
        .n_answers = sizeof verb##_##name##_answers / sizeof *verb##_##name##_answers              \
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
    {.workload = "sort_pairs",
     .size = 10000000,
     .spec = &(const spec_t){PAIRS, RANDOM},
     .prepare = prepare,
     .restore = restore,
     .is_right = is_right,
     .answers = pairs_answers,
     .n_answers = sizeof pairs_answers / sizeof *pairs_answers},
};

void bench_algo_sort_number(void)
{
    for (size_t i = 0; i < sizeof algos / sizeof *algos; i++)
        bench_add_algo(&algos[i]);
}
