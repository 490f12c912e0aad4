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
