/* algo_sort.c - sorts by comparison: keys and records, stable and not, with and without order in the
 * data; strings. */
#include "algo_sort.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <par/par.h>

#include "data.h"

void *bench_unsorted;

typedef enum pattern_t { RANDOM, SORTED, REVERSED, FEW, ORGAN_PIPE } pattern_t;
typedef enum type_t { KEYS, RECORDS, STRINGS } type_t;

typedef struct spec_t {
    type_t type;
    pattern_t pattern;
    bool is_stable;
} spec_t;

static const size_t type_bytes[] = {sizeof(uint64_t), sizeof(bench_record_t), sizeof(char *)};
enum { STRING_BYTES = 32 };

/* The input, and how a stable sort of another library leaves it. */
static struct {
    const bench_algo_t *made_for;
    void *input, *answer, *work;
    char *texts;
} data;

static uint64_t key_of(pattern_t pattern, size_t i, size_t n)
{
    switch (pattern) {
    case SORTED:
        return i;
    case REVERSED:
        return n - i;
    case FEW:
        return bench_work(2, i) % 100;
    case ORGAN_PIPE:
        return i < n / 2 ? i : n - i;
    case RANDOM:
        break;
    }
    return bench_work(2, i);
}

/* Words in the manner of paths: many begin alike. */
static void string_make(char *text, size_t i)
{
    uint64_t random = bench_work(2, i);
    snprintf(text, STRING_BYTES, "include/%02u/%08x", (unsigned)(random % 50),
             (unsigned)(random >> 32));
}

static void input_make(const bench_algo_t *a)
{
    const spec_t *spec = a->spec;
    for (size_t i = 0; i < a->size; i++) {
        uint64_t key = key_of(spec->pattern, i, a->size);
        if (spec->type == KEYS) ((uint64_t *)data.input)[i] = key;
        if (spec->type == RECORDS) ((bench_record_t *)data.input)[i] = (bench_record_t){key, i};
        if (spec->type == STRINGS) {
            string_make(data.texts + i * STRING_BYTES, i);
            ((char **)data.input)[i] = data.texts + i * STRING_BYTES;
        }
    }
}

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Of records with the same key the one that was first: what qsort, which need not be stable, must know. */
static int compare_records(const void *a, const void *b)
{
    const bench_record_t *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

static int compare_strings(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = strcmp(x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

static int (*const compare[])(const void *, const void *) = {compare_keys, compare_records,
                                                             compare_strings};

static bool make(const bench_algo_t *a)
{
    type_t type = ((const spec_t *)a->spec)->type;
    size_t bytes = a->size * type_bytes[type];
    data.made_for = NULL;
    bench_free(data.input);
    bench_free(data.answer);
    bench_free(data.work);
    bench_free(data.texts);
    data.input = bench_alloc(bytes);
    data.answer = bench_alloc(bytes);
    data.work = bench_alloc(bytes);
    data.texts = type == STRINGS ? bench_alloc(a->size * STRING_BYTES) : NULL;
    if (data.input == NULL || data.answer == NULL || data.work == NULL) return false;
    if (type == STRINGS && data.texts == NULL) return false;
    input_make(a);
    memcpy(data.answer, data.input, bytes);
    qsort(data.answer, a->size, type_bytes[type], compare[type]);
    data.made_for = a;
    return true;
}

static bool prepare(const bench_algo_t *a)
{
    if (data.made_for != a && !make(a)) return false;
    bench_unsorted = data.work;
    memset(data.work, 0xa5, a->size * type_bytes[((const spec_t *)a->spec)->type]);
    return true;
}

static void restore(const bench_algo_t *a)
{
    memcpy(data.work, data.input, a->size * type_bytes[((const spec_t *)a->spec)->type]);
}

static bool is_right(const bench_algo_t *a)
{
    const spec_t *spec = a->spec;
    if (spec->type != RECORDS || spec->is_stable)
        return memcmp(data.work, data.answer, a->size * type_bytes[spec->type]) == 0;
    const bench_record_t *got = data.work, *want = data.answer;
    uint64_t sum = 0;
    for (size_t i = 0; i < a->size; i++) {
        if (got[i].key != want[i].key) return false;
        sum += bench_work(1, got[i].value) - bench_work(1, i);
    }
    return sum == 0;
}

/* ---- the answers ---- */

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

static int compare_ctx(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return compare_keys(a, b); /* the key is first in both types */
}

#define BY_PAR(name)                                                                               \
    static void name##_by_par(const bench_algo_t *a)                                               \
    {                                                                                              \
        name(bench_unsorted, a->size);                                                             \
    }
BY_PAR(stable_keys)
BY_PAR(unstable_keys)
BY_PAR(stable_records)
BY_PAR(unstable_records)

static void strings_by_par(const bench_algo_t *a)
{
    par_sort_strings(bench_unsorted, a->size);
}

static size_t size_of(const bench_algo_t *a)
{
    return type_bytes[((const spec_t *)a->spec)->type];
}

static void stable_r(const bench_algo_t *a)
{
    par_sort_r(bench_unsorted, a->size, size_of(a), compare_ctx, NULL);
}

static void unstable_r(const bench_algo_t *a)
{
    par_sort_r_unstable(bench_unsorted, a->size, size_of(a), compare_ctx, NULL);
}

static void by_qsort(const bench_algo_t *a)
{
    qsort(bench_unsorted, a->size, size_of(a), compare[((const spec_t *)a->spec)->type]);
}

#if defined(BENCH_RAYON)
#    define BY_RAYON(name)                                                                         \
        static void name##_by_rayon(const bench_algo_t *a)                                         \
        {                                                                                          \
            bench_rayon_##name(bench_unsorted, a->size);                                           \
        }
BY_RAYON(stable_keys)
BY_RAYON(unstable_keys)
BY_RAYON(stable_records)
BY_RAYON(unstable_records)
BY_RAYON(strings)
#endif

/* The comparison called, as qsort does. */
#if defined(BENCH_LIBOMP)
#    define R_ANSWER(run)     {NULL, run},
#    define QSORT_ANSWER(run) {NULL, run},
#else
static const bench_runtime_t par_r = {
    .name = "par-r", .is_variant = true, .loops = {[BENCH_LOOP_nothing] = bench_par_nothing}};
#    define R_ANSWER(run)     {&par_r, run},
#    define QSORT_ANSWER(run) {&bench_qsort, run},
#endif

#define STABLE(name)                                                                               \
    static const bench_answer_t stable_##name##_answers[] = {                                      \
        BENCH_PAR_ANSWER(stable_##name##_by_par) R_ANSWER(stable_r) QSORT_ANSWER(by_qsort)         \
            BENCH_STD_ANSWER(bench_stable_##name##_by_std)                                         \
                BENCH_GNU_ANSWER(bench_stable_##name##_by_gnu)                                     \
                    BENCH_PSTL_ANSWER(bench_stable_##name##_by_pstl)                               \
                        BENCH_RAYON_ANSWER(stable_##name##_by_rayon)};
#define UNSTABLE(name)                                                                             \
    static const bench_answer_t unstable_##name##_answers[] = {                                    \
        BENCH_PAR_ANSWER(unstable_##name##_by_par) R_ANSWER(unstable_r)                            \
            BENCH_STD_ANSWER(bench_unstable_##name##_by_std)                                       \
                BENCH_GNU_ANSWER(bench_unstable_##name##_by_gnu)                                   \
                    BENCH_TBB_ANSWER(bench_unstable_##name##_by_tbb)                               \
                        BENCH_PSTL_ANSWER(bench_unstable_##name##_by_pstl)                         \
                            BENCH_RAYON_ANSWER(unstable_##name##_by_rayon)};
STABLE(keys)
STABLE(records)
UNSTABLE(keys)
UNSTABLE(records)

static const bench_answer_t strings_answers[] = {
    BENCH_PAR_ANSWER(strings_by_par) QSORT_ANSWER(by_qsort) BENCH_STD_ANSWER(bench_strings_by_std)
        BENCH_GNU_ANSWER(bench_strings_by_gnu) BENCH_PSTL_ANSWER(bench_strings_by_pstl)
            BENCH_RAYON_ANSWER(strings_by_rayon)};

#define CASE(in_name, of, order, stable, answers_of, n)                                            \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = (n) <= 100000,                                    \
        .spec = &(spec_t){of, order, stable}, .prepare = prepare, .restore = restore,              \
        .is_right = is_right, .answers = answers_of,                                               \
        .n_answers = sizeof answers_of / sizeof *answers_of                                        \
    }
#define CASES(in_name, of, order, stable, answers_of)                                              \
    CASE(in_name, of, order, stable, answers_of, 10000),                                           \
        CASE(in_name, of, order, stable, answers_of, 1000000),                                     \
        CASE(in_name, of, order, stable, answers_of, 10000000)

static const bench_algo_t algos[] = {
    CASES("sort_records", RECORDS, RANDOM, false, unstable_records_answers),
    CASES("sort_records_stable", RECORDS, RANDOM, true, stable_records_answers),
    CASES("sort_keys", KEYS, RANDOM, false, unstable_keys_answers),
    CASES("sort_keys_stable", KEYS, RANDOM, true, stable_keys_answers),
    CASE("sort_keys_sorted", KEYS, SORTED, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_reversed", KEYS, REVERSED, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_few", KEYS, FEW, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_organ_pipe", KEYS, ORGAN_PIPE, false, unstable_keys_answers, 10000000),
    CASE("sort_keys_stable_sorted", KEYS, SORTED, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_reversed", KEYS, REVERSED, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_few", KEYS, FEW, true, stable_keys_answers, 10000000),
    CASE("sort_keys_stable_organ_pipe", KEYS, ORGAN_PIPE, true, stable_keys_answers, 10000000),
    CASE("sort_strings", STRINGS, RANDOM, true, strings_answers, 10000),
    CASE("sort_strings", STRINGS, RANDOM, true, strings_answers, 1000000),
};

void bench_algo_sort(void)
{
    for (size_t i = 0; i < sizeof algos / sizeof *algos; i++)
        bench_add_algo(&algos[i]);
}
