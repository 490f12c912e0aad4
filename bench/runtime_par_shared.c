/* runtime_par_shared.c - plain joins once more, for the program that is linked with the shared
 * library: the joins are inlined there too, all else goes through its symbol table. */
#define JOIN   par_join
#define JOIN_N par_join_n
#include "forkjoin_par.h"

const bench_runtime_t bench_par_shared = {
    .name = "par-shared",
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing},
    .is_par = true,
    .is_variant = true,
    FORKJOIN_PAR,
    .scopes = BENCH_SCOPES(bench_par),
};
