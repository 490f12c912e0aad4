/* algo_filter_openmp.c - a filter by OpenMP: each thread counts its part, then writes it. */
#include "algo_filter.h"

#include <omp.h>

void bench_filter_openmp(const bench_algo_t *a)
{
    bench_filter_t *d = bench_filter_data();
    size_t before[513] = {0};
    (void)a;
#pragma omp parallel num_threads((int)bench_threads())
    {
        size_t threads = (size_t)omp_get_num_threads(), me = (size_t)omp_get_thread_num();
        size_t begin = d->n / threads * me, kept = 0;
        size_t end = me + 1 == threads ? d->n : begin + d->n / threads;
        for (size_t i = begin; i < end; i++)
            kept += d->x[i] < 0;
        before[me + 1] = kept;
#pragma omp barrier
        kept = 0;
        for (size_t t = 0; t <= me; t++)
            kept += before[t];
        for (size_t i = begin; i < end; i++)
            if (d->x[i] < 0) d->out[kept++] = d->x[i];
        if (me + 1 == threads) d->kept = kept;
    }
    d->result = d->out;
}
