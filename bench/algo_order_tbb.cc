/* algo_order_tbb.cc - what belongs to order by the standard's parallel algorithms. */
#include "algo_order.h"

#include <algorithm>
#include <execution>

#define BY_KEY [](const bench_record_t &a, const bench_record_t &b) { return a.key < b.key; }

void bench_order_merge_pstl(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    std::merge(std::execution::par_unseq, d.in, d.in + d.n / 2, d.in + d.n / 2, d.in + d.n, d.out,
               BY_KEY);
}

void bench_order_nth_pstl(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    std::nth_element(std::execution::par_unseq, d.out, d.out + d.n / 2, d.out + d.n, BY_KEY);
}

void bench_order_unique_pstl(const bench_algo_t *)
{
    bench_order_t &d = bench_order;
    auto same = [](const bench_record_t &a, const bench_record_t &b) { return a.key == b.key; };
    d.n_left = size_t(std::unique(std::execution::par_unseq, d.out, d.out + d.n, same) - d.out);
}

void bench_order_sort_first_pstl(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    std::partial_sort(std::execution::par_unseq, d.out, d.out + d.n / 100, d.out + d.n, BY_KEY);
}

void bench_order_top_pstl(const bench_algo_t *)
{
    const bench_order_t &d = bench_order;
    std::partial_sort_copy(std::execution::par_unseq, d.in, d.in + d.n, d.out,
                           d.out + BENCH_ORDER_TOP, BY_KEY);
}

void bench_order_is_sorted_pstl(const bench_algo_t *)
{
    bench_order_t &d = bench_order;
    d.n_left = std::is_sorted(std::execution::par_unseq, d.in, d.in + d.n, BY_KEY) ? d.n : 0;
}
