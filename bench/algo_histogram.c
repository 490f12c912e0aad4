/* algo_histogram.c - few buckets, which fit in the first cache, and 1e6, which do not. Histograms of
 * bytes are the workload loop/histogram. */
#include "algo_histogram.h"

#include <stdlib.h>
#include <string.h>

#include <par/par.h>

#include "data.h"

bench_histogram_t bench_histogram;

static size_t *answer;

static bool data_make(size_t n, size_t n_buckets)
{
    bench_histogram_t *d = &bench_histogram;
    if (d->n == n && d->n_buckets == n_buckets) return true;
    bench_free(d->keys);
    free(d->counts);
    free(answer);
    d->n = 0;
    d->keys = bench_alloc(n * sizeof *d->keys);
    d->counts = calloc(n_buckets, sizeof *d->counts);
    answer = calloc(n_buckets, sizeof *answer);
    if (d->keys == NULL || d->counts == NULL || answer == NULL) return false;
    for (size_t i = 0; i < n; i++)
        d->keys[i] = (uint32_t)((bench_work(2, i) >> 32) * n_buckets >> 32);
    bench_histogram_count(answer, d->keys, 0, n);
    d->n = n;
    d->n_buckets = n_buckets;
    return true;
}

static bool prepare(const bench_algo_t *a)
{
    if (!data_make(a->size, *(const size_t *)a->spec)) return false;
    memset(bench_histogram.counts, 0xa5, bench_histogram.n_buckets * sizeof(size_t));
    return true;
}

static bool is_right(const bench_algo_t *a)
{
    (void)a;
    return memcmp(bench_histogram.counts, answer, bench_histogram.n_buckets * sizeof *answer) == 0;
}

static void run_par(const bench_algo_t *a)
{
    (void)a;
    par_histogram(bench_histogram.keys, bench_histogram.n, bench_histogram.counts,
                  bench_histogram.n_buckets);
}

static void run_serial(const bench_algo_t *a)
{
    bench_histogram_t *d = &bench_histogram;
    memset(d->counts, 0, d->n_buckets * sizeof *d->counts);
    bench_histogram_count(d->counts, d->keys, 0, a->size);
}

#if defined(BENCH_RAYON)
static void run_rayon(const bench_algo_t *a)
{
    (void)a;
    bench_rayon_count_keys(&bench_histogram);
}
#endif

static const bench_answer_t answers[] = {BENCH_PAR_ANSWER(run_par) BENCH_SERIAL_ANSWER(run_serial)
                                             BENCH_OPENMP_ANSWER(bench_histogram_openmp)
                                                 BENCH_TBB_ANSWER(bench_histogram_tbb)
                                                     BENCH_RAYON_ANSWER(run_rayon)};

static const size_t few = 256, many = 1000000;

#define CASE(n_buckets, in_name, n, short)                                                         \
    {                                                                                              \
        .workload = in_name, .size = n, .quick = short, .spec = &n_buckets, .prepare = prepare,    \
        .is_right = is_right, BENCH_ANSWERS(answers)                                               \
    }

static const bench_algo_t algos[] = {
    CASE(few, "histogram_256", 100000, false),     CASE(few, "histogram_256", 1000000, true),
    CASE(few, "histogram_256", 100000000, false),  CASE(many, "histogram_1e6", 1000000, true),
    CASE(many, "histogram_1e6", 100000000, false),
};

BENCH_DEFINE_ALGO(histogram, algos)
