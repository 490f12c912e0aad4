/* runtime_par_task.c - par's typed tasks: the forkjoin family once more, with worker and fork stack
 * in registers. Beside par, it shows what the plain join leaves on the table. */
#include "runtime.h"

#include <par/par.h>
#include <par/task.h>

PAR_TASK(uint64_t, fib, (unsigned, n))
{
    uint64_t a, b;
    if (n < 2) return n;
    PAR_FORK(b, fib, n - 2);
    a = PAR_CALL(fib, n - 1);
    PAR_SYNC(b, fib);
    return a + b;
}

typedef const bench_node_t *node_t;

PAR_TASK(uint64_t, tree, (node_t, node))
{
    uint64_t a, b;
    if (node->left == NULL) return node->value;
    PAR_FORK(b, tree, node->right);
    a = PAR_CALL(tree, node->left);
    PAR_SYNC(b, tree);
    return node->value + a + b;
}

PAR_TASK(uint64_t, place_all, (bench_board_t, board))
{
    if (board.columns == board.all) return 1;
    uint32_t rest = bench_board_free(board);
    if (rest == 0) return 0;
    uint64_t found[32];
    int n = 0;
    for (; (rest & (rest - 1)) != 0; rest &= rest - 1, n++)
        PAR_FORK(found[n], place_all, bench_board_place(board, rest & (~rest + 1)));
    uint64_t solutions = PAR_CALL(place_all, bench_board_place(board, rest));
    while (n-- > 0) {
        PAR_SYNC(found[n], place_all);
        solutions += found[n];
    }
    return solutions;
}

static uint64_t queens(unsigned n)
{
    return place_all(bench_board(n));
}

PAR_TASK_VOID(sort_task, (bench_sort_t, s))
{
    if (s.n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s.from, s.to, s.scratch, s.n);
        return;
    }
    size_t half = s.n / 2;
    bench_sort_t a = {half, s.from, s.scratch, s.to};
    bench_sort_t b = {s.n - half, s.from + half, s.scratch + half, s.to + half};
    PAR_FORK_VOID(sort_task, b);
    PAR_CALL(sort_task, a);
    PAR_SYNC_VOID(sort_task);
    bench_merge(s.scratch, half, s.scratch + half, s.n - half, s.to);
}

static void sort(const bench_sort_t *s)
{
    sort_task(*s);
}

static void nothing(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        bench_nothing(ctx, i);
}

/* Only to start the threads before a measurement. */
static void loop_nothing(const bench_loop_t *data)
{
    bench_loop_t d = *data;
    par_for_range(0, d.n, nothing, &d, NULL);
}

const bench_runtime_t bench_par_task = {
    .name = "par-task",
    .loops = {[BENCH_LOOP_nothing] = loop_nothing},
    .fib = fib,
    .tree = tree,
    .queens = queens,
    .sort = sort,
    .with_one_thread = bench_par_with_one_worker,
};
