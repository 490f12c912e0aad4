/* algo_sort_data.c - numbers, records and strings to be sorted, with and without order in them. */
#include "algo_sort_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "data.h"

void *bench_unsorted;

static const size_t item_bytes[BENCH_SORT_TYPE_COUNT] = {
    [BENCH_INT32] = sizeof(int32_t),        [BENCH_UINT64] = sizeof(uint64_t),
    [BENCH_DOUBLE] = sizeof(double),        [BENCH_RECORDS] = sizeof(bench_record_t),
    [BENCH_PAIRS] = sizeof(bench_record_t), [BENCH_STRINGS] = sizeof(char *),
};
enum { STRING_BYTES = 32 };

/* The input, and how a stable sort of another library leaves it. */
static struct {
    const bench_algo_t *made_for;
    void *input, *answer, *work;
    char *texts;
} data;

static const bench_sort_spec_t *spec_of(const bench_algo_t *a)
{
    return a->spec;
}

size_t bench_sort_bytes(const bench_algo_t *a)
{
    return item_bytes[spec_of(a)->type];
}

static uint64_t value_of(bench_pattern_t pattern, size_t i, size_t n)
{
    uint64_t random = bench_work(4, i);
    switch (pattern) {
    case BENCH_SORTED:
        return (uint64_t)i << 24;
    case BENCH_REVERSED:
        return (uint64_t)(n - i) << 24;
    case BENCH_FEW:
        return bench_work(4, random % 100);
    case BENCH_ORGAN_PIPE:
        return (uint64_t)(i < n / 2 ? i : n - i) << 24;
    case BENCH_RANDOM:
        break;
    }
    return random;
}

/* Words in the manner of paths: many begin alike. */
static char *string_make(size_t i)
{
    char *text = data.texts + i * STRING_BYTES;
    uint64_t random = bench_work(2, i);
    snprintf(text, STRING_BYTES, "include/%02u/%08x", (unsigned)(random % 50),
             (unsigned)(random >> 32));
    return text;
}

/* The sorted and reversed ones are so in each type: a number of 4 bytes has the middle bits. */
static void input_set(const bench_algo_t *a, size_t i)
{
    uint64_t v = value_of(spec_of(a)->pattern, i, a->size);
    switch (spec_of(a)->type) {
    case BENCH_INT32:
        ((int32_t *)data.input)[i] = (int32_t)(uint32_t)(v >> 24);
        break;
    case BENCH_UINT64:
        ((uint64_t *)data.input)[i] = v;
        break;
    case BENCH_DOUBLE:
        ((double *)data.input)[i] = (double)(int64_t)v * 0x1p-40;
        break;
    case BENCH_RECORDS:
        ((bench_record_t *)data.input)[i] = (bench_record_t){v, i};
        break;
    case BENCH_PAIRS:
        ((bench_record_t *)data.input)[i] = (bench_record_t){v >> 32, i};
        break;
    case BENCH_STRINGS:
        ((char **)data.input)[i] = string_make(i);
        break;
    case BENCH_SORT_TYPE_COUNT:
        break;
    }
}

static void answer_make(const bench_algo_t *a)
{
    static bench_answer_fn *const by_std[BENCH_SORT_TYPE_COUNT] = {
        [BENCH_INT32] = bench_stable_int32_std,   [BENCH_UINT64] = bench_stable_uint64_std,
        [BENCH_DOUBLE] = bench_stable_double_std, [BENCH_RECORDS] = bench_stable_records_std,
        [BENCH_PAIRS] = bench_stable_records_std, [BENCH_STRINGS] = bench_stable_strings_std,
    };
    memcpy(data.answer, data.input, a->size * bench_sort_bytes(a));
    bench_unsorted = data.answer;
    by_std[spec_of(a)->type](a);
}

static bool make(const bench_algo_t *a)
{
    size_t bytes = a->size * bench_sort_bytes(a);
    bool has_texts = spec_of(a)->type == BENCH_STRINGS;
    data.made_for = NULL;
    bench_free(data.input);
    bench_free(data.answer);
    bench_free(data.work);
    bench_free(data.texts);
    data.input = bench_alloc(bytes);
    data.answer = bench_alloc(bytes);
    data.work = bench_alloc(bytes);
    data.texts = has_texts ? bench_alloc(a->size * STRING_BYTES) : NULL;
    if (data.input == NULL || data.answer == NULL || data.work == NULL) return false;
    if (has_texts && data.texts == NULL) return false;
    for (size_t i = 0; i < a->size; i++)
        input_set(a, i);
    answer_make(a);
    data.made_for = a;
    return true;
}

bool bench_sort_prepare(const bench_algo_t *a)
{
    if (data.made_for != a && !make(a)) return false;
    bench_unsorted = data.work;
    memset(data.work, 0xa5, a->size * bench_sort_bytes(a));
    return true;
}

void bench_sort_restore(const bench_algo_t *a)
{
    memcpy(data.work, data.input, a->size * bench_sort_bytes(a));
}

bool bench_sort_is_right(const bench_algo_t *a)
{
    if (spec_of(a)->type != BENCH_RECORDS || spec_of(a)->is_stable)
        return memcmp(data.work, data.answer, a->size * bench_sort_bytes(a)) == 0;
    const bench_record_t *got = data.work, *want = data.answer;
    for (size_t i = 0; i < a->size; i++)
        if (got[i].key != want[i].key) return false;
    return bench_records_are_all(got, a->size);
}

#define COMPARE(name, type)                                                                        \
    static int compare_##name(const void *a, const void *b)                                        \
    {                                                                                              \
        type x = *(const type *)a, y = *(const type *)b;                                           \
        return (x > y) - (x < y);                                                                  \
    }
COMPARE(int32, int32_t)
COMPARE(uint64, uint64_t)
COMPARE(double, double)

static int compare_records(const void *a, const void *b)
{
    const bench_record_t *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* The texts lie in the order of the strings. */
static int compare_strings(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = strcmp(x, y);
    return order != 0 ? order : (x > y) - (x < y);
}

void bench_sort_qsort(const bench_algo_t *a)
{
    static int (*const compare[BENCH_SORT_TYPE_COUNT])(const void *, const void *) = {
        [BENCH_INT32] = compare_int32,   [BENCH_UINT64] = compare_uint64,
        [BENCH_DOUBLE] = compare_double, [BENCH_RECORDS] = compare_records,
        [BENCH_PAIRS] = compare_records, [BENCH_STRINGS] = compare_strings,
    };
    qsort(bench_unsorted, a->size, bench_sort_bytes(a), compare[spec_of(a)->type]);
}
