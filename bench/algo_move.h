/* algo_move.h - elements to other places, in an array of n uint64_t (a matrix of side x side for
 * transposing). */
#ifndef BENCH_ALGO_MOVE_H
#define BENCH_ALGO_MOVE_H

#include <stddef.h>
#include <stdint.h>

#include "algo.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { BENCH_MOVE_FIRST = 12345677 }; /* that rotating makes the first one */

typedef struct bench_move_t {
    size_t n, side;
    uint64_t *x;   /* 0, 1, 2, ..., moved n_runs times */
    uint64_t *out; /* of what is not done in place */
    size_t *index; /* a random order */
    size_t n_runs;
} bench_move_t;

extern bench_move_t bench_move;

bench_answer_fn bench_move_reverse_std, bench_move_reverse_pstl, bench_move_rotate_std,
    bench_move_rotate_pstl, bench_move_shuffle_std, bench_move_shuffle_gnu,
    bench_move_transpose_openmp, bench_move_gather_openmp, bench_move_scatter_openmp,
    bench_move_tabulate_openmp;

#ifdef __cplusplus
}
#endif

#endif
