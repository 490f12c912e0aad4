/* algo_move_tbb.cc - reverse and rotate by the standard's parallel algorithms, which run on TBB. */
#include "algo_move.h"

#include <algorithm>
#include <execution>

void bench_move_reverse_pstl(const bench_algo_t *)
{
    std::reverse(std::execution::par_unseq, bench_move.x, bench_move.x + bench_move.n);
    bench_move.n_runs++;
}

void bench_move_rotate_pstl(const bench_algo_t *)
{
    std::rotate(std::execution::par_unseq, bench_move.x, bench_move.x + BENCH_MOVE_FIRST,
                bench_move.x + bench_move.n);
    bench_move.n_runs++;
}
