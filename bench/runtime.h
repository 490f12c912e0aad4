/* runtime.h - one table for each runtime: its answers to the questions of the kernels.
 *
 * NULL means that the runtime has no reasonable answer (a thread for each fork of fib); the
 * benchmark is then not registered. Each answer is written as a competent user of that runtime
 * would write it, at the thread count bench_threads(). */
#ifndef BENCH_RUNTIME_H
#define BENCH_RUNTIME_H

#include "bench.h"
#include "kernels.h"
#include "kernels_forkjoin.h"
#include "kernels_reduce.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef void bench_around_fn(void (*fn)(void *ctx), void *ctx);

typedef struct bench_runtime_t {
    const char *name;
    bool is_serial;  /* uses one thread, whatever bench_threads() says */
    bool one_by_one; /* hands out single iterations: left out of loops that would take minutes */
    bool is_floor;   /* no rival: the cost of what no runtime can avoid */
    bool in_launch;  /* has a place in the launch family: variants that differ in schedule do not */

    bench_loop_fn *loops[BENCH_LOOP_COUNT];
    double (*sum)(const double *x, size_t n);
    double (*dot)(const double *x, const double *y, size_t n);
    bench_reduce_fn *reductions[BENCH_REDUCE_COUNT];
    void (*histogram)(const uint8_t *x, size_t n, uint64_t *counts);       /* of BENCH_BINS zeros */
    void (*histogram_wide)(const uint16_t *x, size_t n, uint64_t *counts); /* of BENCH_BINS_WIDE */
    size_t (*try_loop)(const bench_try_t *d); /* an iteration that failed; d->n: none did */

    /* A loop over so many parts of a map, which are loops themselves. */
    void (*nested)(const bench_loop_t *d, size_t parts);

    uint64_t (*fib)(unsigned n);
    uint64_t (*tree)(const bench_node_t *root);
    uint64_t (*queens)(unsigned n);
    uint64_t (*uts)(const bench_uts_t *t); /* how many nodes */

    /* Leaves of a complete tree with BENCH_BRANCHES branches at each node: all branches of a node at once,
     * and halves of halves of them. */
    uint64_t (*branches)(unsigned depth);
    uint64_t (*branches_halved)(unsigned depth);
    double (*integrate)(const bench_interval_t *i);
    void (*sort)(const bench_sort_t *s);
    void (*quicksort)(int32_t *x, size_t n);
    void (*strassen)(const bench_product_t *p);
    void (*pair)(bench_pair_t *p);        /* called by a thread from outside */
    void (*pair_inside)(bench_pair_t *p); /* called inside the pool */

    bench_scope_fn *scopes[BENCH_SCOPE_COUNT];

    /* Runs fn(ctx) inside the pool, for pair_inside. NULL: inside and outside are the same. */
    bench_around_fn *inside;

    /* Runs fn(ctx) with one thread only, for the cost of a fork that nobody takes. NULL: not
     * measured. */
    bench_around_fn *with_one_thread;

    /* For a runtime with other threads than bench_threads(): how many, and what runs the forkjoin
     * family with them. 0, NULL: the usual number. */
    unsigned crowd;
    bench_around_fn *with_crowd;

    /* Runs fn(ctx) with threads of its own, each bound to a core, for loops beside another busy
     * process. NULL: the threads it always has. */
    bench_around_fn *pinned;

    bool is_shallow;  /* whoever waits runs tasks of strangers, and no stack is deep enough */
    unsigned fork_ns; /* roughly; workloads that would take many seconds are left out */
    bool is_par;
    bool is_by_index; /* its random numbers are par_random's, not those of the kernel */
    bool is_variant;  /* another way to build or call par: without a crowd quick with fib only */
} bench_runtime_t;

/* How many threads a runtime is measured with. */
static inline unsigned bench_threads_of(const bench_runtime_t *runtime)
{
    if (runtime->is_serial) return 1;
    return runtime->crowd != 0 ? runtime->crowd : bench_threads();
}

/* Those that this program was built with, the serial one first; ends with NULL. */
extern const bench_runtime_t *const bench_runtimes[];

/* The loops of a runtime, in the order of BENCH_LOOP_KERNELS, when they are named prefix_kernel. */
#define BENCH_LOOPS(prefix)                                                                        \
    {                                                                                              \
        prefix##_nothing, prefix##_fill, prefix##_map, prefix##_triad, prefix##_triangular,        \
            prefix##_costs, prefix##_mandelbrot, prefix##_tiny, prefix##_spmv, prefix##_stencil,   \
            prefix##_random                                                                        \
    }

/* The forkjoin family of a runtime without branches of its own, when its functions are named prefix_fib
 * and so on; and their declarations, where the table is in another file. */
#define BENCH_FORKJOIN(prefix)                                                                     \
    .fib = prefix##_fib, .tree = prefix##_tree, .queens = prefix##_queens, .uts = prefix##_uts,    \
    .integrate = prefix##_integrate, .sort = prefix##_sort, .quicksort = prefix##_quicksort,       \
    .strassen = prefix##_strassen, .pair = prefix##_pair
#define BENCH_DECLARE_FORKJOIN(prefix)                                                             \
    uint64_t prefix##_fib(unsigned n);                                                             \
    uint64_t prefix##_tree(const bench_node_t *root);                                              \
    uint64_t prefix##_queens(unsigned n);                                                          \
    uint64_t prefix##_uts(const bench_uts_t *t);                                                   \
    double prefix##_integrate(const bench_interval_t *i);                                          \
    void prefix##_sort(const bench_sort_t *s);                                                     \
    void prefix##_quicksort(int32_t *x, size_t n);                                                 \
    void prefix##_strassen(const bench_product_t *p);                                              \
    void prefix##_pair(bench_pair_t *p);

/* The scopes of a runtime, when they are named prefix_flat and so on. */
#define BENCH_SCOPES(prefix)                                                                       \
    {                                                                                              \
        prefix##_flat, prefix##_spread, prefix##_items                                             \
    }

extern const bench_runtime_t bench_serial, bench_simd;
/* bench_par_shared is plain par in the program that is linked with the shared library. */
extern const bench_runtime_t bench_par, bench_par_task, bench_par_call, bench_par_64,
    bench_par_shared, bench_par_index, bench_par_token, bench_par_deadline;
extern const bench_runtime_t bench_pthread, bench_spawn, bench_futex;
extern const bench_runtime_t bench_tbb, bench_rayon;
/* In one program these are libgomp's, in the other libomp's; the names say which. */
extern const bench_runtime_t bench_openmp, bench_openmp_static, bench_openmp_dynamic,
    bench_openmp_dynamic16, bench_openmp_dynamic64, bench_openmp_guided, bench_openmp_nested,
    bench_openmp_pinned;

/* par_random's seed in the answer by index. */
enum { BENCH_RANDOM_SEED = 42 };

/* par_try.c */
size_t bench_par_try(const bench_try_t *d);

/* The empty loop that makes the number of threads OpenMP's default, which libstdc++'s parallel mode takes. */
bench_loop_fn bench_openmp_nothing_by_default;

/* The naive pool's answers to the scope family: another pool, with a queue of tasks on the heap. */
bench_scope_fn bench_queue_flat, bench_queue_spread, bench_queue_items;

/* The pools of all par runtimes: the default one, one of one worker, one of BENCH_CROWD workers. */
enum { BENCH_CROWD = 64 };
bench_scope_fn bench_par_flat, bench_par_spread, bench_par_items;
bench_around_fn bench_par_inside, bench_par_with_one_worker, bench_par_with_crowd;

/* The empty loop, for par runtimes without loops of their own: it starts their threads. */
bench_loop_fn bench_par_nothing, bench_par_nothing_in_crowd;

#ifdef __cplusplus
}
#endif

#endif
