/* algo_filter_openmp.c - a filter by OpenMP: each thread counts its part, then writes it. */
#include "algo_filter.h"
#include "openmp.h"

void bench_filter_openmp(const bench_algo_t *a)
{
    bench_filter_t *d = bench_filter_data();
    size_t counts[512], total = 0;
    (void)a;
#pragma omp parallel num_threads(bench_openmp_team()) reduction(+ : total)
    {
        size_t begin, end, me = (size_t)omp_get_thread_num(), at = 0;
        bench_openmp_part(d->n, &begin, &end);
        for (size_t i = begin; i < end; i++)
            total += d->x[i] < 0;
        counts[me] = total;
#pragma omp barrier
        for (size_t t = 0; t < me; t++)
            at += counts[t];
        /* No branch on what nobody guesses, and no write behind the last of this part. */
        for (size_t i = begin, last = at + total; at < last; i++) {
            d->out[at] = d->x[i];
            at += d->x[i] < 0;
        }
    }
    d->kept = total;
    d->result = d->out;
}
