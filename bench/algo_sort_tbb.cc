/* algo_sort_tbb.cc - the sorts of TBB and of the standard's parallel algorithms, which run on it. */
#include "algo_sort_data.h"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <cstring>
#include <execution>

template <typename type> static type key_of(type a)
{
    return a;
}

static uint64_t key_of(const bench_record_t &a)
{
    return a.key;
}

#define BY_KEY [](const auto &x, const auto &y) { return key_of(x) < key_of(y); }

#define SORTS(name, type)                                                                          \
    void bench_stable_##name##_pstl(const bench_algo_t *a)                                         \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::stable_sort(std::execution::par_unseq, v, v + a->size, BY_KEY);                       \
    }                                                                                              \
    void bench_unstable_##name##_pstl(const bench_algo_t *a)                                       \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::sort(std::execution::par_unseq, v, v + a->size, BY_KEY);                              \
    }                                                                                              \
    void bench_unstable_##name##_tbb(const bench_algo_t *a)                                        \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        tbb::parallel_sort(v, v + a->size, BY_KEY);                                                \
    }
BENCH_SORT_TYPES(SORTS)

void bench_stable_strings_pstl(const bench_algo_t *a)
{
    auto *v = static_cast<const char **>(bench_unsorted);
    std::stable_sort(std::execution::par_unseq, v, v + a->size,
                     [](const char *x, const char *y) { return std::strcmp(x, y) < 0; });
}
