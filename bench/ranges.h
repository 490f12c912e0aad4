/* ranges.h - the kernels as range functions, for runtimes that take a callback. Included once by
 * each of them, so that the compiler sees the loop inside the function that is called. */
#ifndef BENCH_RANGES_H
#define BENCH_RANGES_H

#include "kernels.h"
#include "kernels_reduce.h"

typedef void bench_range_fn(size_t begin, size_t end, void *ctx);

#define BENCH_RANGE(kernel)                                                                        \
    static void range_##kernel(size_t begin, size_t end, void *ctx)                                \
    {                                                                                              \
        const bench_loop_t d = *(const bench_loop_t *)ctx;                                         \
        for (size_t i = begin; i < end; i++)                                                       \
            bench_##kernel(&d, i);                                                                 \
    }
BENCH_LOOP_KERNELS(BENCH_RANGE)

/* A loop that can fail, for runtimes that know nothing of it: whoever sees a failure raises a flag. */
typedef struct bench_until_t {
    const bench_try_t *d;
    size_t failed; /* d->n until then */
} bench_until_t;

static inline void bench_until_range(size_t begin, size_t end, void *ctx)
{
    bench_until_t *u = ctx;
    const size_t block = u->d->block != 0 ? u->d->block : BENCH_TRY_BLOCK;
    while (begin < end && __atomic_load_n(&u->failed, __ATOMIC_RELAXED) == u->d->n) {
        size_t stop = end - begin < block ? end : begin + block;
        size_t i = bench_try_range(u->d, begin, stop);
        if (i < stop) __atomic_store_n(&u->failed, i, __ATOMIC_RELAXED);
        begin = stop;
    }
}

/* A reduction's input; y is NULL for a sum. */
typedef struct bench_fold_t {
    const double *x, *y;
} bench_fold_t;

static inline double bench_fold_range(const bench_fold_t *f, size_t begin, size_t end)
{
    return f->y == NULL ? bench_sum_range(f->x + begin, end - begin)
                        : bench_dot_range(f->x + begin, f->y + begin, end - begin);
}

#endif
