/* algo_find_std.cc - searches by libstdc++: serial and in its parallel mode. */
#include "algo_find.h"

#include <algorithm>

#if defined(BENCH_PARALLEL_MODE)
#    include <parallel/algorithm>
#endif

static bool is_negative(double y)
{
    return y < 0;
}

#define FINDS(space, suffix)                                                                       \
    void bench_find_value_##suffix(const bench_algo_t *)                                           \
    {                                                                                              \
        bench_find_t *d = &bench_find;                                                             \
        d->answer = size_t(space::find(d->x, d->x + d->n, 1) - d->x);                              \
    }                                                                                              \
    void bench_find_predicate_##suffix(const bench_algo_t *)                                       \
    {                                                                                              \
        bench_find_t *d = &bench_find;                                                             \
        auto test = [](double y) { return is_negative(y); };                                       \
        d->answer = size_t(space::find_if(d->y, d->y + d->n, test) - d->y);                        \
    }                                                                                              \
    void bench_find_mismatch_##suffix(const bench_algo_t *)                                        \
    {                                                                                              \
        bench_find_t *d = &bench_find;                                                             \
        d->answer = size_t(space::mismatch(d->y, d->y + d->n, d->z).first - d->y);                 \
    }                                                                                              \
    void bench_find_min_by_##suffix(const bench_algo_t *)                                          \
    {                                                                                              \
        bench_find_t *d = &bench_find;                                                             \
        d->answer = size_t(space::min_element(d->y, d->y + d->n) - d->y);                          \
    }

FINDS(std, std)
#if defined(BENCH_PARALLEL_MODE)
FINDS(__gnu_parallel, gnu)
#endif
