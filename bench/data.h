/* data.h - what the families share: memory, the data of loops, one answer that is a number. */
#ifndef BENCH_DATA_H
#define BENCH_DATA_H

#include "runtime.h"

/* NULL when the machine has less than eight times as much memory, so that the largest sizes are
 * left out instead of swapped. Never freed before the program's end except by bench_free. */
void *bench_alloc(size_t bytes);
void bench_free(void *p);

/* How the steps of the costs kernel and the entries of the matrix are spread over the iterations. */
typedef enum bench_shape_t {
    BENCH_SHAPE_NONE,         /* other kernels */
    BENCH_SHAPE_HEAVY,        /* a few iterations take thousands of times the median, anywhere */
    BENCH_SHAPE_SPIKE,        /* half of all work in one hundredth of the range */
    BENCH_SHAPE_HUBS_FIRST,   /* rows of a power law, the longest first */
    BENCH_SHAPE_HUBS_SHUFFLED /* the same rows in any order */
} bench_shape_t;

/* Makes the data of a kernel and its serial answer, unless they are those of the last call, and
 * spoils the output. false: no memory. */
bool bench_loop_prepare(int kernel, bench_shape_t shape, size_t n);
const bench_loop_t *bench_loop_data(void);

/* Whether the output is the serial answer. */
bool bench_loop_is_right(void);

#endif
