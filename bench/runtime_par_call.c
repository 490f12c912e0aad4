/* runtime_par_call.c - plain joins that call into the library: what a caller from another language
 * pays. */
#define JOIN   par_join_call
#define JOIN_N par_join_n_call
#include "forkjoin_par.h"

const bench_runtime_t bench_par_call = {
    .name = "par-call",
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing},
    .is_par = true,
    .is_variant = true,
    FORKJOIN_PAR,
};
