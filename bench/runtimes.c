/* runtimes.c - which runtimes this program has, and how many threads they use. */
#include "runtime.h"

#include <par/par.h>

#if defined(BENCH_LIBOMP)
/* libgomp and libomp cannot live in one process: libomp's results come from a program of its own. */
const bench_runtime_t *const bench_runtimes[] = {
    &bench_openmp,           &bench_openmp_static,    &bench_openmp_dynamic,
    &bench_openmp_dynamic16, &bench_openmp_dynamic64, &bench_openmp_guided,
    &bench_openmp_nested,    &bench_openmp_pinned,    NULL};
#elif defined(BENCH_SHARED)
const bench_runtime_t *const bench_runtimes[] = {&bench_par_shared, &bench_par_task, NULL};
#else
const bench_runtime_t *const bench_runtimes[] = {&bench_serial,
                                                 &bench_simd,
                                                 &bench_par,
                                                 &bench_par_task,
                                                 &bench_par_call,
                                                 &bench_par_64,
                                                 &bench_par_index,
                                                 &bench_par_token,
                                                 &bench_par_deadline,
#    if defined(BENCH_OPENMP)
                                                 &bench_openmp,
                                                 &bench_openmp_static,
                                                 &bench_openmp_dynamic,
                                                 &bench_openmp_dynamic16,
                                                 &bench_openmp_dynamic64,
                                                 &bench_openmp_guided,
                                                 &bench_openmp_nested,
                                                 &bench_openmp_pinned,
#    endif
#    if defined(BENCH_TBB)
                                                 &bench_tbb,
#    endif
#    if defined(BENCH_RAYON)
                                                 &bench_rayon,
#    endif
                                                 &bench_pthread,
                                                 &bench_spawn,
                                                 &bench_futex,
                                                 NULL};
#endif

static unsigned threads;

void bench_set_threads(unsigned n)
{
    threads = n;
}

unsigned bench_threads(void)
{
    if (threads == 0) {
        threads = par_num_workers();
        par_shutdown(); /* a program that measures others has no idle pool beside them */
    }
    return threads;
}
