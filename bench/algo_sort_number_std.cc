/* algo_sort_number_std.cc - sorts by libstdc++: serial and in its parallel mode. */
#include "algo_sort_number.h"

#include <algorithm>

#if defined(BENCH_OPENMP)
#    include <parallel/algorithm>
#endif

template <typename type> static type *sorted()
{
    return static_cast<type *>(bench_sorted);
}

static bool is_before(const bench_pair_of_numbers_t &a, const bench_pair_of_numbers_t &b)
{
    return a.key < b.key;
}

#define SORTS_STD(name, type)                                                                      \
    void bench_sort_##name##_std(const bench_algo_t *a)                                            \
    {                                                                                              \
        std::sort(sorted<type>(), sorted<type>() + a->size);                                       \
    }                                                                                              \
    void bench_stable_##name##_std(const bench_algo_t *a)                                          \
    {                                                                                              \
        std::stable_sort(sorted<type>(), sorted<type>() + a->size);                                \
    }
BENCH_SORT_TYPES(SORTS_STD)

void bench_sort_pairs_std(const bench_algo_t *a)
{
    auto *v = sorted<bench_pair_of_numbers_t>();
    std::stable_sort(v, v + a->size, is_before);
}

#if defined(BENCH_OPENMP)
#    define SORTS_GNU(name, type)                                                                  \
        void bench_sort_##name##_gnu(const bench_algo_t *a)                                        \
        {                                                                                          \
            __gnu_parallel::sort(sorted<type>(), sorted<type>() + a->size);                        \
        }                                                                                          \
        void bench_stable_##name##_gnu(const bench_algo_t *a)                                      \
        {                                                                                          \
            __gnu_parallel::stable_sort(sorted<type>(), sorted<type>() + a->size);                 \
        }
BENCH_SORT_TYPES(SORTS_GNU)

void bench_sort_pairs_gnu(const bench_algo_t *a)
{
    auto *v = sorted<bench_pair_of_numbers_t>();
    __gnu_parallel::stable_sort(v, v + a->size, is_before);
}
#endif
