/* algo_group.c - reduce_by_key, group_by and distinct: keys of 32 bits, in random order and far apart. */
#include "algo_group.h"

#include <stdlib.h>

#include <par/par.h>

#include "data.h"

bench_group_t bench_group;

typedef enum verb_t { REDUCE, GROUP, DISTINCT, N_VERBS } verb_t;

typedef struct spec_t {
    verb_t verb;
    size_t n_groups;
} spec_t;

static struct {
    size_t n_groups;
    uint64_t answer[N_VERBS]; /* if has_answer */
    bool has_answer[N_VERBS];
    size_t *order, *offsets;
    uint32_t *keys;
    uint64_t *sums;
} data;

static bool data_make(size_t n, size_t n_groups)
{
    bench_group_t *d = &bench_group;
    if (d->n == n && data.n_groups == n_groups) return true;
    bench_free(d->keys);
    bench_free(d->values);
    bench_free(data.order);
    bench_free(data.offsets);
    bench_free(data.keys);
    bench_free(data.sums);
    d->n = 0;
    d->keys = bench_alloc(n * sizeof *d->keys);
    d->values = bench_alloc(n * sizeof *d->values);
    data.order = bench_alloc(n * sizeof *data.order);
    data.offsets = bench_alloc((n + 1) * sizeof *data.offsets);
    data.keys = bench_alloc(n * sizeof *data.keys);
    data.sums = bench_alloc(n * sizeof *data.sums);
    if (d->keys == NULL || d->values == NULL || data.order == NULL || data.offsets == NULL ||
        data.keys == NULL || data.sums == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        uint64_t r = bench_work(2, i);
        d->keys[i] = (uint32_t)((r >> 32) * n_groups >> 32) * 2654435761u;
        d->values[i] = r & 0xffff;
    }
    for (size_t k = 0; k < N_VERBS; k++)
        data.has_answer[k] = false;
    d->n = n;
    data.n_groups = n_groups;
    return true;
}

/* ---- par ---- */

PAR_DEFINE_REDUCE_BY_KEY(sum_by_key, uint32_t, uint64_t, a, b)
{
    return a + b;
}

static void reduce_par(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    size_t n_groups = sum_by_key(data.keys, data.sums, d->keys, d->values, a->size);
    d->answer = 0;
    for (size_t g = 0; g < n_groups; g++)
        d->answer += bench_group_mix(data.keys[g], data.sums[g]);
}

static void group_par(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    size_t n_groups = par_group_by(d->keys, a->size, data.order, data.offsets);
    d->answer = 0;
    for (size_t g = 0; g < n_groups; g++)
        d->answer += bench_group_mix(d->keys[data.order[data.offsets[g]]],
                                     data.offsets[g + 1] - data.offsets[g]);
}

static void distinct_par(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    size_t n_groups = par_remove_duplicates(data.keys, d->keys, a->size);
    d->answer = 0;
    for (size_t g = 0; g < n_groups; g++)
        d->answer += bench_group_mix(data.keys[g], 1);
}

/* ---- the right answers: a table of all groups, whose keys can be undone ---- */

static uint64_t answer_make(verb_t verb)
{
    const bench_group_t *d = &bench_group;
    const uint32_t undo = 244002641u; /* times 2654435761 is 1 mod 2^32 */
    uint64_t *total = calloc(data.n_groups, sizeof *total), answer = 0;
    bool *is_there = calloc(data.n_groups, sizeof *is_there);
    if (total == NULL || is_there == NULL) abort();
    for (size_t i = 0; i < d->n; i++) {
        uint32_t group = d->keys[i] * undo;
        is_there[group] = true;
        total[group] += verb == REDUCE ? d->values[i] : 1;
    }
    for (size_t g = 0; g < data.n_groups; g++)
        if (is_there[g])
            answer += bench_group_mix((uint32_t)g * 2654435761u, verb == DISTINCT ? 1 : total[g]);
    free(total);
    free(is_there);
    return answer;
}

static bool prepare(const bench_algo_t *a)
{
    const spec_t *spec = a->spec;
    if (!data_make(a->size, spec->n_groups)) return false;
    if (!data.has_answer[spec->verb]) data.answer[spec->verb] = answer_make(spec->verb);
    data.has_answer[spec->verb] = true;
    bench_group.answer = 0;
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    return bench_group.answer == data.answer[((const spec_t *)a->spec)->verb];
}

#if defined(BENCH_RAYON)
#    define BENCH_X(name)                                                                          \
        static void name##_rayon(const bench_algo_t *a)                                            \
        {                                                                                          \
            (void)a;                                                                               \
            bench_group.answer = bench_rayon_group_##name(&bench_group);                           \
        }
BENCH_GROUPS(BENCH_X)
#    undef BENCH_X
#endif

#define BENCH_X(name)                                                                              \
    static const bench_answer_t name##_answers[] = {                                               \
        BENCH_PAR_ANSWER(name##_par) BENCH_STD_ANSWER(bench_group_##name##_std)                    \
            BENCH_TBB_ANSWER(bench_group_##name##_tbb) BENCH_RAYON_ANSWER(name##_rayon)};
BENCH_GROUPS(BENCH_X)
#undef BENCH_X

#define CASE(name, VERB, n_groups, in_name, n, short)                                              \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = short, .spec = &(const spec_t){VERB, n_groups},   \
        .prepare = prepare, .is_right = is_right, BENCH_ANSWERS(name##_answers)                    \
    }

static const bench_algo_t algos[] = {
    CASE(reduce, REDUCE, 1000, "reduce_by_key_1e3", 1000000, true),
    CASE(reduce, REDUCE, 1000, "reduce_by_key_1e3", 10000000, false),
    CASE(reduce, REDUCE, 1000000, "reduce_by_key_1e6", 10000000, false),
    CASE(reduce, REDUCE, 1000000, "reduce_by_key_1e6", 100000000, false),
    CASE(group, GROUP, 1000, "group_by_1e3", 1000000, true),
    CASE(group, GROUP, 1000000, "group_by_1e6", 10000000, false),
    CASE(distinct, DISTINCT, 1000, "distinct_1e3", 1000000, true),
    CASE(distinct, DISTINCT, 1000000, "distinct_1e6", 10000000, false),
};

BENCH_DEFINE_ALGO(group, algos)
