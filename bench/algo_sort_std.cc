/* algo_sort_std.cc - sorts by comparison of libstdc++: serial and in its parallel mode. */
#include "algo_sort.h"

#include <algorithm>
#include <cstring>

#if defined(BENCH_OPENMP)
#    include <parallel/algorithm>
#endif

static uint64_t key_of(uint64_t a)
{
    return a;
}

static uint64_t key_of(const bench_record_t &a)
{
    return a.key;
}

template <typename type> static bool is_before(const type &a, const type &b)
{
    return key_of(a) < key_of(b);
}

static bool string_is_before(const char *a, const char *b)
{
    return std::strcmp(a, b) < 0;
}

/* Lambdas, so that the comparison is inlined. */
#define BY_KEY [](const auto &a, const auto &b) { return is_before(a, b); }

#define SORTS(name, type, key)                                                                     \
    void bench_stable_##name##_by_std(const bench_algo_t *d)                                       \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::stable_sort(v, v + d->size, BY_KEY);                                                  \
    }                                                                                              \
    void bench_unstable_##name##_by_std(const bench_algo_t *d)                                     \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        std::sort(v, v + d->size, BY_KEY);                                                         \
    }
BENCH_RECORDS(SORTS)

void bench_strings_by_std(const bench_algo_t *d)
{
    auto *v = static_cast<const char **>(bench_unsorted);
    std::stable_sort(v, v + d->size, string_is_before);
}

#if defined(BENCH_OPENMP)
#    define SORTS_GNU(name, type, key)                                                             \
        void bench_stable_##name##_by_gnu(const bench_algo_t *d)                                   \
        {                                                                                          \
            auto *v = static_cast<type *>(bench_unsorted);                                         \
            __gnu_parallel::stable_sort(v, v + d->size, BY_KEY);                                   \
        }                                                                                          \
        void bench_unstable_##name##_by_gnu(const bench_algo_t *d)                                 \
        {                                                                                          \
            auto *v = static_cast<type *>(bench_unsorted);                                         \
            __gnu_parallel::sort(v, v + d->size, BY_KEY);                                          \
        }
BENCH_RECORDS(SORTS_GNU)

void bench_strings_by_gnu(const bench_algo_t *d)
{
    auto *v = static_cast<const char **>(bench_unsorted);
    __gnu_parallel::stable_sort(v, v + d->size, string_is_before);
}
#endif
