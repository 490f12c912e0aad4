/* algo_group_tbb.cc - a hash table for each thread, merged at the end. */
#include "algo_group.h"

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

namespace
{

/* add(table, item) for all items, each in one of the tables; then all tables merged into the first. */
template <typename table_t, typename add_t, typename merge_t>
table_t fold(size_t n, add_t add, merge_t merge)
{
    tbb::enumerable_thread_specific<table_t> tables;
    using range_t = tbb::blocked_range<size_t>;
    tbb::parallel_for(range_t(0, n), [&](const range_t &r) {
        table_t &table = tables.local();
        for (size_t i = r.begin(); i < r.end(); i++)
            add(table, i);
    });
    table_t all;
    for (table_t &table : tables) {
        if (all.empty())
            all.swap(table);
        else
            merge(all, table);
    }
    return all;
}

} // namespace

void bench_group_reduce_tbb(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    using table_t = std::unordered_map<uint32_t, uint64_t>;
    table_t sums = fold<table_t>(
        a->size, [d](table_t &t, size_t i) { t[d->keys[i]] += d->values[i]; },
        [](table_t &all, const table_t &t) {
            for (const auto &sum : t)
                all[sum.first] += sum.second;
        });
    d->answer = 0;
    for (const auto &sum : sums)
        d->answer += bench_group_mix(sum.first, sum.second);
}

void bench_group_group_tbb(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    using table_t = std::unordered_map<uint32_t, std::vector<size_t>>;
    table_t groups = fold<table_t>(
        a->size, [d](table_t &t, size_t i) { t[d->keys[i]].push_back(i); },
        [](table_t &all, const table_t &t) {
            for (const auto &group : t) {
                auto &to = all[group.first];
                to.insert(to.end(), group.second.begin(), group.second.end());
            }
        });
    d->answer = 0;
    for (const auto &group : groups)
        d->answer += bench_group_mix(group.first, group.second.size());
}

void bench_group_distinct_tbb(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    using table_t = std::unordered_set<uint32_t>;
    table_t keys = fold<table_t>(
        a->size, [d](table_t &t, size_t i) { t.insert(d->keys[i]); },
        [](table_t &all, const table_t &t) { all.insert(t.begin(), t.end()); });
    d->answer = 0;
    for (uint32_t key : keys)
        d->answer += bench_group_mix(key, 1);
}
