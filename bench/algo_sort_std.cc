/* algo_sort_std.cc - the sorts of libstdc++: serial and in its parallel mode. */
#include "algo_sort_data.h"

#include <algorithm>
#include <cstring>

#if defined(BENCH_PARALLEL_MODE)
#    include <parallel/algorithm>
#endif

template <typename type> static type key_of(type a)
{
    return a;
}

static uint64_t key_of(const bench_record_t &a)
{
    return a.key;
}

/* Lambdas, so that the comparison is inlined. */
#define BY_KEY  [](const auto &x, const auto &y) { return key_of(x) < key_of(y); }
#define BY_TEXT [](const char *x, const char *y) { return std::strcmp(x, y) < 0; }

#define SORTS(space, suffix, name, type)                                                           \
    void bench_stable_##name##_##suffix(const bench_algo_t *a)                                     \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        space::stable_sort(v, v + a->size, BY_KEY);                                                \
    }                                                                                              \
    void bench_unstable_##name##_##suffix(const bench_algo_t *a)                                   \
    {                                                                                              \
        auto *v = static_cast<type *>(bench_unsorted);                                             \
        space::sort(v, v + a->size, BY_KEY);                                                       \
    }
#define SORT_STRINGS(space, suffix)                                                                \
    void bench_stable_strings_##suffix(const bench_algo_t *a)                                      \
    {                                                                                              \
        auto *v = static_cast<const char **>(bench_unsorted);                                      \
        space::stable_sort(v, v + a->size, BY_TEXT);                                               \
    }

#define SORTS_STD(name, type) SORTS(std, std, name, type)
BENCH_SORT_TYPES(SORTS_STD)
SORT_STRINGS(std, std)

#if defined(BENCH_PARALLEL_MODE)
#    define SORTS_GNU(name, type) SORTS(__gnu_parallel, gnu, name, type)
BENCH_SORT_TYPES(SORTS_GNU)
SORT_STRINGS(__gnu_parallel, gnu)
#endif
