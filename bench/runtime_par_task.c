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

/* The placements of one row that rest names: the first of them here, all others forked. The board
 * travels as its fields: a struct that is stored field by field and loaded as a whole stalls. */
PAR_TASK(uint64_t,
         place_all,
         (uint32_t, all),
         (uint32_t, columns),
         (uint32_t, left),
         (uint32_t, right),
         (uint32_t, rest))
{
    if (rest == 0) return 0;
    uint64_t ours, others = 0;
    uint32_t first = rest & (~rest + 1);
    if (rest != first) PAR_FORK(others, place_all, all, columns, left, right, rest & ~first);
    bench_board_t next = bench_board_place((bench_board_t){all, columns, left, right}, first);
    ours = next.columns == all ? 1
                               : PAR_CALL(place_all, all, next.columns, next.left, next.right,
                                          bench_board_free(next));
    if (rest != first) PAR_SYNC(others, place_all);
    return ours + others;
}

static uint64_t queens(unsigned n)
{
    bench_board_t b = bench_board(n);
    return place_all(b.all, b.columns, b.left, b.right, bench_board_free(b));
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
