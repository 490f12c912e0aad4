/* algo_scan_openmp.c - running sums by OpenMP: its own scan, and a block a thread in two passes. */
#include "algo_scan.h"
#include "openmp.h"

void bench_scan_openmp(const bench_algo_t *a)
{
    const bench_scan_t *d = bench_scan_data();
    const int64_t *x = d->x;
    int64_t *out = d->out, sum = 0;
    (void)a;
#pragma omp parallel for reduction(inscan, + : sum) num_threads(bench_openmp_team())
    for (size_t i = 0; i < d->n; i++) {
        sum += x[i];
#pragma omp scan inclusive(sum)
        out[i] = sum;
    }
}

void bench_scan_openmp_blocks(const bench_algo_t *a)
{
    const bench_scan_t *d = bench_scan_data();
    int64_t sums[512];
    (void)a;
#pragma omp parallel num_threads(bench_openmp_team())
    {
        size_t begin, end, me = (size_t)omp_get_thread_num();
        int64_t sum = 0;
        bench_openmp_part(d->n, &begin, &end);
        for (size_t i = begin; i < end; i++)
            sum += d->x[i];
        sums[me] = sum;
#pragma omp barrier
        sum = 0;
        for (size_t t = 0; t < me; t++)
            sum += sums[t];
        for (size_t i = begin; i < end; i++)
            d->out[i] = sum += d->x[i];
    }
}
