/* algo_move.c - reverse, rotate, transpose, gather, scatter, shuffle; and arrays that are computed. */
#include "algo_move.h"

#include <par/par.h>

#include "data.h"
#include "kernels.h"

enum { SIDE = 5000, N = SIDE * SIDE };

bench_move_t bench_move;

static bool prepare(const bench_algo_t *a)
{
    bench_move_t *d = &bench_move;
    (void)a;
    if (d->n == 0) {
        bench_free(d->x);
        bench_free(d->out);
        bench_free(d->index);
        d->x = bench_alloc(N * sizeof *d->x);
        d->out = bench_alloc(N * sizeof *d->out);
        d->index = bench_alloc(N * sizeof *d->index);
        if (d->x == NULL || d->out == NULL || d->index == NULL) return false;
        par_permutation(d->index, N, par_random_seed(1));
        d->n = N;
        d->side = SIDE;
    }
    d->n_runs = 0;
    par_iota(d->x, N, 0);
    par_fill(d->out, N, 1);
    return true;
}

static bool reverse_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (d->x[i] != (d->n_runs % 2 ? N - 1 - i : i)) return false;
    return true;
}

static bool rotate_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    size_t first = d->n_runs % N * BENCH_MOVE_FIRST % N;
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (d->x[i] != (first + i) % N) return false;
    return true;
}

static bool transpose_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (d->out[i] != i % SIDE * SIDE + i / SIDE) return false;
    return true;
}

static bool gather_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (d->out[i] != d->index[i]) return false;
    return true;
}

static bool scatter_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (d->out[d->index[i]] != i) return false;
    return true;
}

static bool tabulate_is_right(const bench_algo_t *a)
{
    (void)a;
    for (size_t i = 0; i < N; i++)
        if (bench_move.out[i] != bench_work(1, i)) return false;
    return true;
}

static bool shuffle_is_right(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    size_t n_stay = 0;
    (void)a;
    par_fill(d->out, N, 0);
    for (size_t i = 0; i < N; i++) {
        if (d->x[i] >= N) return false;
        d->out[d->x[i]]++;
        n_stay += d->x[i] == i;
    }
    return par_count(d->out, N, 1) == N && n_stay < 100;
}

static void reverse_par(const bench_algo_t *a)
{
    (void)a;
    par_reverse(bench_move.x, N, sizeof *bench_move.x);
    bench_move.n_runs++;
}

static void rotate_par(const bench_algo_t *a)
{
    (void)a;
    par_rotate(bench_move.x, N, sizeof *bench_move.x, BENCH_MOVE_FIRST);
    bench_move.n_runs++;
}

static void transpose_par(const bench_algo_t *a)
{
    (void)a;
    par_transpose(bench_move.out, bench_move.x, SIDE, SIDE, sizeof *bench_move.x);
}

static void gather_par(const bench_algo_t *a)
{
    (void)a;
    par_gather(bench_move.out, bench_move.x, N, bench_move.index, N, sizeof *bench_move.x);
}

static void scatter_par(const bench_algo_t *a)
{
    (void)a;
    par_scatter(bench_move.out, N, bench_move.x, bench_move.index, N, sizeof *bench_move.x);
}

PAR_DEFINE_TABULATE(tabulate_work, uint64_t, char, unused, i)
{
    (void)unused;
    return bench_work(1, i);
}

static void tabulate_par(const bench_algo_t *a)
{
    (void)a;
    tabulate_work(bench_move.out, N, 0);
}

static void shuffle_par(const bench_algo_t *a)
{
    (void)a;
    par_shuffle(bench_move.x, N, sizeof *bench_move.x, par_random_seed(bench_move.n_runs++));
}

static void transpose_serial(const bench_algo_t *a)
{
    enum { TILE = 32 };
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t r0 = 0; r0 < SIDE; r0 += TILE)
        for (size_t c0 = 0; c0 < SIDE; c0 += TILE)
            for (size_t r = r0; r < r0 + TILE && r < SIDE; r++)
                for (size_t c = c0; c < c0 + TILE && c < SIDE; c++)
                    d->out[c * SIDE + r] = d->x[r * SIDE + c];
}

static void gather_serial(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        d->out[i] = d->x[d->index[i]];
}

static void scatter_serial(const bench_algo_t *a)
{
    const bench_move_t *d = &bench_move;
    (void)a;
    for (size_t i = 0; i < N; i++)
        d->out[d->index[i]] = d->x[i];
}

static void tabulate_serial(const bench_algo_t *a)
{
    (void)a;
    for (size_t i = 0; i < N; i++)
        bench_move.out[i] = bench_work(1, i);
}

static const bench_answer_t reverse_answers[] = {BENCH_PAR_ANSWER(reverse_par) BENCH_STD_ANSWER(
    bench_move_reverse_std) BENCH_PSTL_ANSWER(bench_move_reverse_pstl)};
static const bench_answer_t rotate_answers[] = {BENCH_PAR_ANSWER(rotate_par) BENCH_STD_ANSWER(
    bench_move_rotate_std) BENCH_PSTL_ANSWER(bench_move_rotate_pstl)};
static const bench_answer_t shuffle_answers[] = {BENCH_PAR_ANSWER(shuffle_par) BENCH_STD_ANSWER(
    bench_move_shuffle_std) BENCH_GNU_ANSWER(bench_move_shuffle_gnu)};
static const bench_answer_t transpose_answers[] = {
    BENCH_PAR_ANSWER(transpose_par) BENCH_SERIAL_ANSWER(transpose_serial)
        BENCH_OPENMP_ANSWER(bench_move_transpose_openmp)};
static const bench_answer_t gather_answers[] = {BENCH_PAR_ANSWER(gather_par) BENCH_SERIAL_ANSWER(
    gather_serial) BENCH_OPENMP_ANSWER(bench_move_gather_openmp)};

static const bench_answer_t scatter_answers[] = {BENCH_PAR_ANSWER(scatter_par) BENCH_SERIAL_ANSWER(
    scatter_serial) BENCH_OPENMP_ANSWER(bench_move_scatter_openmp)};
static const bench_answer_t tabulate_answers[] = {
    BENCH_PAR_ANSWER(tabulate_par) BENCH_SERIAL_ANSWER(tabulate_serial)
        BENCH_OPENMP_ANSWER(bench_move_tabulate_openmp)};

#define CASE(name, short)                                                                          \
    {                                                                                              \
        .workload = #name, .size = N, .quick = short, .prepare = prepare,                          \
        .is_right = name##_is_right, BENCH_ANSWERS(name##_answers)                                 \
    }

static const bench_algo_t algos[] = {
    CASE(reverse, true), CASE(rotate, false),  CASE(shuffle, true),  CASE(transpose, true),
    CASE(gather, false), CASE(scatter, false), CASE(tabulate, false)};

BENCH_DEFINE_ALGO(move, algos)
