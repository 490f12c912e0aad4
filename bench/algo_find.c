/* algo_find.c - searches: a miss costs a pass over the memory, a hit in the middle half of one, one
 * at the beginning nothing. */
#include "algo_find.h"

#include <par/par.h>

#include "data.h"

enum { N = 1 << 25 };

bench_find_t bench_find;

/* What does not change with the hit. */
static bool data_make(void)
{
    bench_find_t *d = &bench_find;
    if (d->n != 0) return true;
    bench_free(d->x);
    bench_free(d->y);
    bench_free(d->z);
    d->x = bench_alloc(N * sizeof *d->x);
    d->y = bench_alloc(N * sizeof *d->y);
    d->z = bench_alloc(N * sizeof *d->z);
    if (d->x == NULL || d->y == NULL || d->z == NULL) return false;
    for (size_t i = 0; i < N; i++) {
        d->x[i] = 0;
        d->y[i] = d->z[i] = (double)(i * 2654435761u % 1000003);
    }
    d->n = d->hit = N;
    return true;
}

static bool prepare(const bench_algo_t *a)
{
    bench_find_t *d = &bench_find;
    if (!data_make()) return false;
    if (d->hit < N) {
        d->x[d->hit] = 0;
        d->y[d->hit] = d->z[d->hit];
    }
    d->hit = *(const size_t *)a->spec;
    if (d->hit < N) {
        d->x[d->hit] = 1;
        d->y[d->hit] = -1;
    }
    d->answer = SIZE_MAX;
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    (void)a;
    return bench_find.answer == bench_find.hit;
}

PAR_DEFINE_FIND(negative, const double *, y, i)
{
    return y[i] < 0;
}

PAR_DEFINE_MIN_BY_KEY(least, double, const double *, y, i)
{
    return y[i];
}

static void value_par(const bench_algo_t *a)
{
    bench_find.answer = par_find(bench_find.x, a->size, 1);
}

static void predicate_par(const bench_algo_t *a)
{
    bench_find.answer = negative_find_first(0, a->size, bench_find.y);
}

static void mismatch_par(const bench_algo_t *a)
{
    bench_find.answer = par_mismatch(bench_find.y, bench_find.z, a->size);
}

static void min_by_par(const bench_algo_t *a)
{
    bench_find.answer = least(0, a->size, bench_find.y);
}

#if defined(BENCH_RAYON)
#    define BENCH_X(name)                                                                          \
        static void name##_rayon(const bench_algo_t *a)                                            \
        {                                                                                          \
            (void)a;                                                                               \
            bench_find.answer = bench_rayon_find_##name(&bench_find);                              \
        }
BENCH_FINDS(BENCH_X)
#    undef BENCH_X
#endif

#define BENCH_X(name)                                                                              \
    static const bench_answer_t name##_answers[] = {                                               \
        BENCH_PAR_ANSWER(name##_par) BENCH_STD_ANSWER(bench_find_##name##_std)                     \
            BENCH_GNU_ANSWER(bench_find_##name##_gnu) BENCH_PSTL_ANSWER(bench_find_##name##_pstl)  \
                BENCH_RAYON_ANSWER(name##_rayon)};
BENCH_FINDS(BENCH_X)
#undef BENCH_X

static const size_t early = 1000, middle = N / 2, never = N;

#define CASE(name, where, in_name, short)                                                          \
    {                                                                                              \
        .workload = in_name, .size = N, .quick = short, .spec = &where, .prepare = prepare,        \
        .is_right = is_right, BENCH_ANSWERS(name##_answers)                                        \
    }

static const bench_algo_t algos[] = {
    CASE(value, never, "find_none", true),           CASE(value, middle, "find_middle", false),
    CASE(value, early, "find_early", false),         CASE(predicate, never, "find_if_none", false),
    CASE(predicate, middle, "find_if_middle", true), CASE(predicate, early, "find_if_early", false),
    CASE(mismatch, never, "mismatch_none", false),   CASE(min_by, middle, "min_by", false),
};

BENCH_DEFINE_ALGO(find, algos)
