/* openmp.h - what the answers by OpenMP share. */
#ifndef BENCH_OPENMP_H
#define BENCH_OPENMP_H

#include "runtime.h"

#include <omp.h>

/* How many threads: as all runtimes, or one while the forks that nobody takes are measured. */
extern unsigned bench_openmp_only;

static inline int bench_openmp_team(void)
{
    return (int)(bench_openmp_only != 0 ? bench_openmp_only : bench_threads());
}

/* In a parallel region: this thread's part of n items, in the order of the threads. */
static inline void bench_openmp_part(size_t n, size_t *begin, size_t *end)
{
    size_t me = (size_t)omp_get_thread_num(), all = (size_t)omp_get_num_threads();
    *begin = me * n / all;
    *end = (me + 1) * n / all;
}

/* openmp_tasks.c */
BENCH_DECLARE_FORKJOIN(bench_openmp)
void bench_openmp_pair_inside(bench_pair_t *p);
bench_scope_fn bench_openmp_flat, bench_openmp_spread, bench_openmp_items;
bench_around_fn bench_openmp_inside, bench_openmp_with_one_thread;

#endif
