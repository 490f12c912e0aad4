/* algo_order_std.cc - what belongs to order by libstdc++: serial, and in its parallel mode where it has
 * one. */
#include "algo_order.h"

#include <algorithm>

#if defined(BENCH_PARALLEL_MODE)
#    include <parallel/algorithm>
#endif

#define BY_KEY [](const bench_record_t &a, const bench_record_t &b) { return a.key < b.key; }

#define MERGE_AND_SELECT(space, suffix)                                                            \
    void bench_order_merge_##suffix(const bench_algo_t *)                                          \
    {                                                                                              \
        const bench_order_t &d = bench_order;                                                      \
        space::merge(d.in, d.in + d.n / 2, d.in + d.n / 2, d.in + d.n, d.out, BY_KEY);             \
    }                                                                                              \
    void bench_order_nth_##suffix(const bench_algo_t *)                                            \
    {                                                                                              \
        const bench_order_t &d = bench_order;                                                      \
        space::nth_element(d.out, d.out + d.n / 2, d.out + d.n, BY_KEY);                           \
    }                                                                                              \
    void bench_order_sort_first_##suffix(const bench_algo_t *)                                     \
    {                                                                                              \
        const bench_order_t &d = bench_order;                                                      \
        space::partial_sort(d.out, d.out + d.n / 100, d.out + d.n, BY_KEY);                        \
    }

MERGE_AND_SELECT(std, std)
#if defined(BENCH_PARALLEL_MODE)
MERGE_AND_SELECT(__gnu_parallel, gnu)
#endif

void bench_order_unique_std(const bench_algo_t *)
{
    bench_order_t &d = bench_order;
    auto same = [](const bench_record_t &a, const bench_record_t &b) { return a.key == b.key; };
    d.n_left = size_t(std::unique(d.out, d.out + d.n, same) - d.out);
}

void bench_order_bounds_std(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    for (size_t i = 0; i < d.n / 10; i++)
        d.places[i] = size_t(std::lower_bound(d.in, d.in + d.n, d.out[i], BY_KEY) - d.in);
}

void bench_order_top_std(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    std::partial_sort_copy(d.in, d.in + d.n, d.out, d.out + BENCH_ORDER_TOP, BY_KEY);
}

void bench_order_is_sorted_std(const bench_algo_t *)
{
    bench_order_t &d = bench_order;
    d.n_left = std::is_sorted(d.in, d.in + d.n, BY_KEY) ? d.n : 0;
}
