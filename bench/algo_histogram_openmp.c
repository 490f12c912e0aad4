/* algo_histogram_openmp.c - few buckets by a reduction of an array, many by a table for each thread:
 * a reduction would put them on the threads' stacks, which are too small. */
#include "algo_histogram.h"
#include "openmp.h"

#include <stdlib.h>
#include <string.h>

static void count_few(size_t *counts, size_t n_buckets, const uint32_t *keys, size_t n)
{
    memset(counts, 0, n_buckets * sizeof *counts);
#pragma omp parallel for num_threads(bench_openmp_team()) reduction(+ : counts[:n_buckets])
    for (size_t i = 0; i < n; i++)
        counts[keys[i]]++;
}

static void count_many(size_t *counts, size_t n_buckets, const uint32_t *keys, size_t n)
{
    size_t *tables[512];
#pragma omp parallel num_threads(bench_openmp_team())
    {
        size_t threads = (size_t)omp_get_num_threads(), me = (size_t)omp_get_thread_num();
        size_t *own = tables[me] = calloc(n_buckets, sizeof *own);
        if (own == NULL) abort();
#pragma omp for
        for (size_t i = 0; i < n; i++)
            own[keys[i]]++;
#pragma omp for
        for (size_t b = 0; b < n_buckets; b++) {
            size_t sum = 0;
            for (size_t t = 0; t < threads; t++)
                sum += tables[t][b];
            counts[b] = sum;
        }
        free(own);
    }
}

void bench_histogram_openmp(const bench_algo_t *a)
{
    bench_histogram_t *d = &bench_histogram;
    if (d->n_buckets <= 4096)
        count_few(d->counts, d->n_buckets, d->keys, a->size);
    else
        count_many(d->counts, d->n_buckets, d->keys, a->size);
}
