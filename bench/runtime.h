/* runtime.h - one table for each runtime: its answers to the questions of kernels.h.
 *
 * NULL means that the runtime has no reasonable answer (a thread for each fork of fib); the
 * benchmark is then not registered. Each answer is written as a competent user of that runtime
 * would write it, at the thread count bench_threads(). */
#ifndef BENCH_RUNTIME_H
#define BENCH_RUNTIME_H

#include "bench.h"
#include "kernels.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct bench_runtime_t {
    const char *name;
    bool is_serial;  /* uses one thread, whatever bench_threads() says */
    bool one_by_one; /* hands out single iterations: left out of loops of 1e8, which take minutes */
    bool in_launch;  /* has a place in the launch family: variants that differ in schedule do not */

    bench_loop_fn *loops[BENCH_LOOP_COUNT];
    double (*sum)(const double *x, size_t n);
    double (*dot)(const double *x, const double *y, size_t n);

    uint64_t (*fib)(unsigned n);
    uint64_t (*tree)(const bench_node_t *root);
    uint64_t (*queens)(unsigned n);
    void (*sort)(const bench_sort_t *s);

    /* Runs fn(ctx) with one thread only, for the cost of a fork that nobody takes. NULL: not
     * measured. */
    void (*with_one_thread)(void (*fn)(void *ctx), void *ctx);
} bench_runtime_t;

/* Those that this program was built with, the serial one first; ends with NULL. */
extern const bench_runtime_t *const bench_runtimes[];

/* The loops of a runtime, in the order of BENCH_LOOP_KERNELS, when they are named prefix_kernel. */
#define BENCH_LOOPS(prefix)                                                                        \
    {                                                                                              \
        prefix##_nothing, prefix##_fill, prefix##_map, prefix##_triad, prefix##_triangular,        \
            prefix##_costs, prefix##_mandelbrot, prefix##_tiny                                     \
    }

extern const bench_runtime_t bench_serial, bench_simd;
extern const bench_runtime_t bench_par, bench_par_task;
extern const bench_runtime_t bench_pthread, bench_spawn;
extern const bench_runtime_t bench_tbb, bench_rayon;
/* In one program these are libgomp's, in the other libomp's; the names say which. */
extern const bench_runtime_t bench_openmp, bench_openmp_static, bench_openmp_dynamic,
    bench_openmp_guided;

/* with_one_thread of both par runtimes: a pool of one worker. */
void bench_par_with_one_worker(void (*fn)(void *ctx), void *ctx);

#ifdef __cplusplus
}
#endif

#endif
