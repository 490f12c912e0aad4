/* algo_move_std.cc - reverse, rotate and shuffle by libstdc++; its parallel mode shuffles, too. */
#include "algo_move.h"

#include <algorithm>
#include <random>

#if defined(BENCH_PARALLEL_MODE)
#    include <parallel/algorithm>
#endif

void bench_move_reverse_std(const bench_algo_t *)
{
    std::reverse(bench_move.x, bench_move.x + bench_move.n);
    bench_move.n_runs++;
}

void bench_move_rotate_std(const bench_algo_t *)
{
    std::rotate(bench_move.x, bench_move.x + BENCH_MOVE_FIRST, bench_move.x + bench_move.n);
    bench_move.n_runs++;
}

void bench_move_shuffle_std(const bench_algo_t *)
{
    std::mt19937_64 engine(bench_move.n_runs++);
    std::shuffle(bench_move.x, bench_move.x + bench_move.n, engine);
}

#if defined(BENCH_PARALLEL_MODE)
void bench_move_shuffle_gnu(const bench_algo_t *)
{
    __gnu_parallel::random_shuffle(bench_move.x, bench_move.x + bench_move.n);
}
#endif
