/* algo_record.h - a key and what goes with it: what sorting, merging and the like have as elements. */
#ifndef BENCH_ALGO_RECORD_H
#define BENCH_ALGO_RECORD_H

#include "kernels.h"

/* The values of n records are 0 to n - 1. */
typedef struct bench_record_t {
    uint64_t key, value;
} bench_record_t;

/* Whether they still are, in any order: none is lost, none is there twice. */
static inline bool bench_records_are_all(const bench_record_t *v, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += bench_work(1, v[i].value) - bench_work(1, i);
    return sum == 0;
}

#endif
