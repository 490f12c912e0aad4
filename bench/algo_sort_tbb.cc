/* algo_sort_tbb.cc - sorts by comparison of TBB and of the standard's parallel algorithms. */
#include "algo_sort.h"

#include <tbb/parallel_sort.h>

#include <algorithm>
#include <cstring>
#include <execution>

static uint64_t key_of(uint64_t a)
{
    return a;
}

static uint64_t key_of(const bench_record_t &a)
{
    return a.key;
}

static bool string_is_before(const char *a, const char *b)
{
    return std::strcmp(a, b) < 0;
}

#define BY_KEY [](const auto &a, const auto &b) { return key_of(a) < key_of(b); }

#define SORTS(name, type, key)                                                                     \
    void bench_stable_##name##_by_pstl(const bench_algo_t *d)                                      \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::stable_sort(std::execution::par_unseq, v, v + d->size, BY_KEY);                       \
    }                                                                                              \
    void bench_unstable_##name##_by_pstl(const bench_algo_t *d)                                    \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::sort(std::execution::par_unseq, v, v + d->size, BY_KEY);                              \
    }                                                                                              \
    void bench_unstable_##name##_by_tbb(const bench_algo_t *d)                                     \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        tbb::parallel_sort(v, v + d->size, BY_KEY);                                                \
    }
BENCH_RECORDS(SORTS)

void bench_strings_by_pstl(const bench_algo_t *d)
{
    auto *v = static_cast<const char **>(bench_unsorted);
    std::stable_sort(std::execution::par_unseq, v, v + d->size, string_is_before);
}
