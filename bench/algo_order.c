/* algo_order.c - what belongs to order: the merge of two runs, the median, the first hundredth of a
 * sort, the first 1000 of an array that stays, whether it is sorted, unique, bounds of many keys. */
#include "algo_order.h"

#include <string.h>

#include <par/par.h>

#include "data.h"

bench_order_t bench_order;

typedef enum verb_t { MERGE, NTH, SORT_FIRST, TOP, IS_SORTED, UNIQUE, BOUNDS } verb_t;

static const bench_algo_t *made_for;

PAR_DEFINE_ORDER(by_key, bench_record_t, a, b)
{
    return a.key < b.key;
}

PAR_DEFINE_UNIQUE(unique_keys, bench_record_t, a, b)
{
    return a.key == b.key;
}

static void merge_par(const bench_algo_t *a)
{
    const bench_order_t *d = &bench_order;
    size_t half = a->size / 2;
    by_key_merge(d->out, d->in, half, d->in + half, a->size - half);
}

static void nth_par(const bench_algo_t *a)
{
    by_key_nth(bench_order.out, a->size, a->size / 2);
}

static void sort_first_par(const bench_algo_t *a)
{
    by_key_sort_first(bench_order.out, a->size, a->size / 100);
}

static void top_par(const bench_algo_t *a)
{
    by_key_top(bench_order.out, BENCH_ORDER_TOP, bench_order.in, a->size);
}

static void is_sorted_par(const bench_algo_t *a)
{
    bench_order.n_left = by_key_is_sorted(bench_order.in, a->size) ? a->size : 0;
}

static void unique_par(const bench_algo_t *a)
{
    bench_order.n_left = unique_keys(bench_order.out, a->size);
}

static void bounds_par(const bench_algo_t *a)
{
    const bench_order_t *d = &bench_order;
    by_key_lower_bounds(d->places, d->out, a->size / 10, d->in, a->size);
}

static bool make(const bench_algo_t *a)
{
    bench_order_t *d = &bench_order;
    verb_t verb = *(const verb_t *)a->spec;
    made_for = NULL;
    bench_free(d->in);
    bench_free(d->out);
    bench_free(d->places);
    *d = (bench_order_t){.n = a->size};
    d->in = bench_alloc(a->size * sizeof *d->in);
    d->out = bench_alloc(a->size * sizeof *d->out);
    d->places = bench_alloc(a->size / 10 * sizeof *d->places);
    if (d->in == NULL || d->out == NULL || d->places == NULL) return false;
    for (size_t i = 0; i < a->size; i++)
        d->in[i] = (bench_record_t){verb == UNIQUE ? i / 2 : bench_work(2, i), i};
    size_t half = a->size / 2;
    if (verb == MERGE) {
        by_key_sort(d->in, half);
        by_key_sort(d->in + half, a->size - half);
    }
    if (verb == BOUNDS || verb == IS_SORTED) by_key_sort(d->in, a->size);
    made_for = a;
    return true;
}

static void restore(const bench_algo_t *a)
{
    const bench_order_t *d = &bench_order;
    verb_t verb = *(const verb_t *)a->spec;
    if (verb == NTH || verb == SORT_FIRST || verb == UNIQUE)
        memcpy(d->out, d->in, a->size * sizeof *d->in);
    if (verb == BOUNDS)
        for (size_t i = 0; i < a->size / 10; i++)
            d->out[i].key = bench_work(3, i);
}

static bool prepare(const bench_algo_t *a)
{
    if (made_for != a && !make(a)) return false;
    memset(bench_order.out, 0xa5, a->size * sizeof *bench_order.out);
    memset(bench_order.places, 0xa5, a->size / 10 * sizeof *bench_order.places);
    bench_order.n_left = 0;
    return true;
}

static bool merge_is_right(const bench_order_t *d)
{
    for (size_t i = 1; i < d->n; i++)
        if (d->out[i - 1].key > d->out[i].key) return false;
    return bench_records_are_all(d->out, d->n);
}

static bool nth_is_right(const bench_order_t *d)
{
    uint64_t key = d->out[d->n / 2].key;
    for (size_t i = 0; i < d->n; i++)
        if (i < d->n / 2 ? d->out[i].key > key : d->out[i].key < key) return false;
    return bench_records_are_all(d->out, d->n);
}

/* The first n_first of out are in order, and nothing of in that is not there is before the last. */
static bool first_are_right(const bench_order_t *d, size_t n_first)
{
    uint64_t last = d->out[n_first - 1].key;
    size_t n_before = 0, n_equal = 0;
    for (size_t i = 1; i < n_first; i++)
        if (d->out[i - 1].key > d->out[i].key) return false;
    for (size_t i = 0; i < d->n; i++) {
        n_before += d->in[i].key < last;
        n_equal += d->in[i].key == last;
    }
    for (size_t i = 0; i < n_first; i++)
        if (d->out[i].value >= d->n || d->in[d->out[i].value].key != d->out[i].key) return false;
    return n_before < n_first && n_first <= n_before + n_equal;
}

static bool unique_is_right(const bench_order_t *d)
{
    if (d->n_left != (d->n + 1) / 2) return false;
    for (size_t i = 0; i < d->n_left; i++)
        if (d->out[i].value != 2 * i) return false;
    return true;
}

static bool bounds_are_right(const bench_order_t *d)
{
    for (size_t i = 0; i < d->n / 10; i++) {
        size_t at = d->places[i];
        if (at > d->n || (at > 0 && d->in[at - 1].key >= d->out[i].key)) return false;
        if (at < d->n && d->in[at].key < d->out[i].key) return false;
    }
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    const bench_order_t *d = &bench_order;
    switch (*(const verb_t *)a->spec) {
    case MERGE:
        return merge_is_right(d);
    case NTH:
        return nth_is_right(d);
    case SORT_FIRST:
        return first_are_right(d, d->n / 100) && bench_records_are_all(d->out, d->n);
    case TOP:
        return first_are_right(d, BENCH_ORDER_TOP);
    case IS_SORTED:
        return d->n_left == d->n;
    case UNIQUE:
        return unique_is_right(d);
    case BOUNDS:
        break;
    }
    return bounds_are_right(d);
}

static const bench_answer_t merge_answers[] = {
    BENCH_PAR_ANSWER(merge_par) BENCH_STD_ANSWER(bench_order_merge_std)
        BENCH_GNU_ANSWER(bench_order_merge_gnu) BENCH_PSTL_ANSWER(bench_order_merge_pstl)};
static const bench_answer_t nth_answers[] = {
    BENCH_PAR_ANSWER(nth_par) BENCH_STD_ANSWER(bench_order_nth_std)
        BENCH_GNU_ANSWER(bench_order_nth_gnu) BENCH_PSTL_ANSWER(bench_order_nth_pstl)};
static const bench_answer_t sort_first_answers[] = {
    BENCH_PAR_ANSWER(sort_first_par) BENCH_STD_ANSWER(bench_order_sort_first_std)
        BENCH_GNU_ANSWER(bench_order_sort_first_gnu)
            BENCH_PSTL_ANSWER(bench_order_sort_first_pstl)};
static const bench_answer_t top_answers[] = {BENCH_PAR_ANSWER(top_par) BENCH_STD_ANSWER(
    bench_order_top_std) BENCH_PSTL_ANSWER(bench_order_top_pstl)};
static const bench_answer_t is_sorted_answers[] = {BENCH_PAR_ANSWER(is_sorted_par) BENCH_STD_ANSWER(
    bench_order_is_sorted_std) BENCH_PSTL_ANSWER(bench_order_is_sorted_pstl)};
static const bench_answer_t unique_answers[] = {BENCH_PAR_ANSWER(unique_par) BENCH_STD_ANSWER(
    bench_order_unique_std) BENCH_PSTL_ANSWER(bench_order_unique_pstl)};
static const bench_answer_t bounds_answers[] = {BENCH_PAR_ANSWER(bounds_par)
                                                    BENCH_STD_ANSWER(bench_order_bounds_std)};

#define CASE(in_name, verb, answers_of, n)                                                         \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = (n) <= 100000, .spec = &(verb_t){verb},           \
        .prepare = prepare, .restore = restore, .is_right = is_right, BENCH_ANSWERS(answers_of)    \
    }

static const bench_algo_t algos[] = {
    CASE("merge", MERGE, merge_answers, 100000),
    CASE("merge", MERGE, merge_answers, 10000000),
    CASE("nth", NTH, nth_answers, 100000),
    CASE("nth", NTH, nth_answers, 10000000),
    CASE("sort_first", SORT_FIRST, sort_first_answers, 100000),
    CASE("sort_first", SORT_FIRST, sort_first_answers, 10000000),
    CASE("top_1000", TOP, top_answers, 100000),
    CASE("top_1000", TOP, top_answers, 10000000),
    CASE("is_sorted", IS_SORTED, is_sorted_answers, 100000),
    CASE("is_sorted", IS_SORTED, is_sorted_answers, 10000000),
    CASE("unique", UNIQUE, unique_answers, 100000),
    CASE("unique", UNIQUE, unique_answers, 10000000),
    CASE("bounds", BOUNDS, bounds_answers, 100000),
    CASE("bounds", BOUNDS, bounds_answers, 10000000),
};

BENCH_DEFINE_ALGO(order, algos)
