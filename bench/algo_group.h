/* algo_group.h - the sum of the values of each key, the items of each key, the different keys. */
#ifndef BENCH_ALGO_GROUP_H
#define BENCH_ALGO_GROUP_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_group_t {
    size_t n;
    uint32_t *keys;
    uint64_t *values;
    uint64_t answer; /* out */
} bench_group_t;

extern bench_group_t bench_group;

/* The answer of each is the sum of this over all groups: total is the sum of the values, the number of
 * the items, or 1. */
static inline uint64_t bench_group_mix(uint32_t key, uint64_t total)
{
    return (key * UINT64_C(0x9e3779b97f4a7c15) | 1) * (total + 7);
}

/* X(workload) */
#define BENCH_GROUPS(X) X(reduce) X(group) X(distinct)

#define BENCH_X(name)                                                                              \
    bench_answer_fn bench_group_##name##_std, bench_group_##name##_tbb;                            \
    uint64_t bench_rayon_group_##name(const bench_group_t *d);
BENCH_GROUPS(BENCH_X)
#undef BENCH_X

#ifdef __cplusplus
}
#endif

#endif
