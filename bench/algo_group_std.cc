/* algo_group_std.cc - one hash table of libstdc++, one thread. */
#include "algo_group.h"

#include <unordered_map>
#include <unordered_set>
#include <vector>

void bench_group_reduce_std(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    std::unordered_map<uint32_t, uint64_t> sums;
    for (size_t i = 0; i < a->size; i++)
        sums[d->keys[i]] += d->values[i];
    d->answer = 0;
    for (const auto &sum : sums)
        d->answer += bench_group_mix(sum.first, sum.second);
}

void bench_group_group_std(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    std::unordered_map<uint32_t, std::vector<size_t>> groups;
    for (size_t i = 0; i < a->size; i++)
        groups[d->keys[i]].push_back(i);
    d->answer = 0;
    for (const auto &group : groups)
        d->answer += bench_group_mix(group.first, group.second.size());
}

void bench_group_distinct_std(const bench_algo_t *a)
{
    bench_group_t *d = &bench_group;
    std::unordered_set<uint32_t> keys(d->keys, d->keys + a->size);
    d->answer = 0;
    for (uint32_t key : keys)
        d->answer += bench_group_mix(key, 1);
}
