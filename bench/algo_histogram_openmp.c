/* algo_histogram_openmp.c - few buckets by a reduction of an array, many by a table for each thread:
 * a reduction would put them on the threads' stacks, which are too small. */
#include "algo_histogram.h"

#include <stdlib.h>
#include <string.h>

static void count_few(size_t *counts, size_t n_buckets, const uint32_t *keys, size_t n)
{
#pragma omp parallel for schedule(static) reduction(+ : counts[:n_buckets])
    for (size_t i = 0; i < n; i++)
        counts[keys[i]]++;
}

static void count_many(size_t *counts, size_t n_buckets, const uint32_t *keys, size_t n)
{
#pragma omp parallel
    {
        size_t *own = calloc(n_buckets, sizeof *own);
        if (own == NULL) abort();
#pragma omp for schedule(static) nowait
        for (size_t i = 0; i < n; i++)
            own[keys[i]]++;
#pragma omp critical
        for (size_t b = 0; b < n_buckets; b++)
            counts[b] += own[b];
        free(own);
    }
}

void bench_histogram_openmp(const bench_algo_t *a)
{
    bench_histogram_t *d = &bench_histogram;
    memset(d->counts, 0, d->n_buckets * sizeof *d->counts);
    if (d->n_buckets <= 4096)
        count_few(d->counts, d->n_buckets, d->keys, a->size);
    else
        count_many(d->counts, d->n_buckets, d->keys, a->size);
}
