/* algo_move_openmp.c - transpose, gather, scatter and tabulate as loops of OpenMP. */
#include "algo_move.h"
#include "kernels.h"
#include "openmp.h"

void bench_move_transpose_openmp(const bench_algo_t *a)
{
    enum { TILE = 32 };
    const bench_move_t *d = &bench_move;
    const size_t side = d->side;
    (void)a;
#pragma omp parallel for num_threads(bench_openmp_team()) collapse(2)
    for (size_t r0 = 0; r0 < side; r0 += TILE)
        for (size_t c0 = 0; c0 < side; c0 += TILE)
            for (size_t r = r0; r < r0 + TILE && r < side; r++)
                for (size_t c = c0; c < c0 + TILE && c < side; c++)
                    d->out[c * side + r] = d->x[r * side + c];
}

void bench_move_gather_openmp(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
#pragma omp parallel for num_threads(bench_openmp_team())
    for (size_t i = 0; i < d->n; i++)
        d->out[i] = d->x[d->index[i]];
}

void bench_move_scatter_openmp(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
#pragma omp parallel for num_threads(bench_openmp_team())
    for (size_t i = 0; i < d->n; i++)
        d->out[d->index[i]] = d->x[i];
}

void bench_move_tabulate_openmp(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
#pragma omp parallel for num_threads(bench_openmp_team())
    for (size_t i = 0; i < d->n; i++)
        d->out[i] = bench_work(1, i);
}
