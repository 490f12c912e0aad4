/* algo_find_tbb.cc - searches by the standard's parallel algorithms, which run on TBB. */
#include "algo_find.h"

#include <algorithm>
#include <execution>

void bench_find_value_pstl(const bench_algo_t *)
{
    bench_find_t *d = &bench_find;
    d->answer = size_t(std::find(std::execution::par_unseq, d->x, d->x + d->n, 1) - d->x);
}

void bench_find_predicate_pstl(const bench_algo_t *)
{
    bench_find_t *d = &bench_find;
    d->answer = size_t(
        std::find_if(std::execution::par_unseq, d->y, d->y + d->n, [](double y) { return y < 0; }) -
        d->y);
}

void bench_find_mismatch_pstl(const bench_algo_t *)
{
    bench_find_t *d = &bench_find;
    d->answer =
        size_t(std::mismatch(std::execution::par_unseq, d->y, d->y + d->n, d->z).first - d->y);
}

void bench_find_min_by_pstl(const bench_algo_t *)
{
    bench_find_t *d = &bench_find;
    d->answer = size_t(std::min_element(std::execution::par_unseq, d->y, d->y + d->n) - d->y);
}
