/* algo_group.c - reduce_by_key, group_by and distinct: keys of 32 bits, in random order and far apart. */
#include "algo_group.h"

#include <stdlib.h>

#include <par/par.h>

#include "data.h"

bench_group_t bench_group;

static struct {
    size_t n_groups;
    uint64_t answer[3]; /* of the workloads, if has_answer */
    bool has_answer[3];
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
    for (size_t k = 0; k < 3; k++)
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

static uint64_t answer_make(size_t which)
{
    const bench_group_t *d = &bench_group;
    const uint32_t undo = 244002641u; /* times 2654435761 is 1 mod 2^32 */
    uint64_t *total = calloc(data.n_groups, sizeof *total), answer = 0;
    bool *is_there = calloc(data.n_groups, sizeof *is_there);
    if (total == NULL || is_there == NULL) abort();
    for (size_t i = 0; i < d->n; i++) {
        uint32_t group = d->keys[i] * undo;
        is_there[group] = true;
        total[group] += which == 0 ? d->values[i] : 1;
    }
    for (size_t g = 0; g < data.n_groups; g++)
        if (is_there[g])
            answer += bench_group_mix((uint32_t)g * 2654435761u, which == 2 ? 1 : total[g]);
    free(total);
    free(is_there);
    return answer;
}

static size_t which_of(const bench_algo_t *a)
{
    return a->workload[0] == 'r' ? 0 : a->workload[0] == 'g' ? 1 : 2;
}

static bool prepare(const bench_algo_t *a)
{
    size_t which = which_of(a);
    if (!data_make(a->size, *(const size_t *)a->spec)) return false;
    if (!data.has_answer[which]) data.answer[which] = answer_make(which);
    data.has_answer[which] = true;
    bench_group.answer = 0;
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    return bench_group.answer == data.answer[which_of(a)];
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

static const size_t few = 1000, many = 1000000;

#define CASE(name, n_groups, in_name, in_size, short)                                              \
    {                                                                                              \
        .workload = in_name, .size = in_size, .quick = short, .spec = &n_groups,                   \
        .prepare = prepare, .is_right = is_right, .answers = name##_answers,                       \
        .n_answers = sizeof name##_answers / sizeof *name##_answers                                \
    }

static const bench_algo_t algos[] = {
    CASE(reduce, few, "reduce_by_key_1e3", 1000000, true),
    CASE(reduce, few, "reduce_by_key_1e3", 10000000, false),
    CASE(reduce, many, "reduce_by_key_1e6", 10000000, false),
    CASE(reduce, many, "reduce_by_key_1e6", 100000000, false),
    CASE(group, few, "group_by_1e3", 1000000, true),
    CASE(group, many, "group_by_1e6", 10000000, false),
    CASE(distinct, few, "distinct_1e3", 1000000, true),
    CASE(distinct, many, "distinct_1e6", 10000000, false),
};

void bench_algo_group(void)
{
    for (size_t i = 0; i < sizeof algos / sizeof *algos; i++)
        bench_add_algo(&algos[i]);
}
