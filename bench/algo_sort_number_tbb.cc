/* algo_sort_number_tbb.cc - sorts by TBB and by the standard's parallel algorithms, which run on it. */
#include "algo_sort_number.h"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <execution>

template <typename type> static type *sorted()
{
    return static_cast<type *>(bench_sorted);
}

#define SORTS(name, type)                                                                          \
    void bench_sort_##name##_tbb(const bench_algo_t *a)                                            \
    {                                                                                              \
        tbb::parallel_sort(sorted<type>(), sorted<type>() + a->size);                              \
    }                                                                                              \
    void bench_sort_##name##_pstl(const bench_algo_t *a)                                           \
    {                                                                                              \
        std::sort(std::execution::par_unseq, sorted<type>(), sorted<type>() + a->size);            \
    }                                                                                              \
    void bench_stable_##name##_pstl(const bench_algo_t *a)                                         \
    {                                                                                              \
        std::stable_sort(std::execution::par_unseq, sorted<type>(), sorted<type>() + a->size);     \
    }
BENCH_SORT_TYPES(SORTS)

void bench_sort_pairs_pstl(const bench_algo_t *a)
{
    auto *v = sorted<bench_pair_of_numbers_t>();
    std::stable_sort(std::execution::par_unseq, v, v + a->size,
                     [](const bench_pair_of_numbers_t &x, const bench_pair_of_numbers_t &y) {
                         return x.key < y.key;
                     });
}
