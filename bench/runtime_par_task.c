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

typedef const bench_uts_t *uts_t;

/* All children but the first are forked, into one variable for all of them: it is 0 after a fork, unless
 * that had to run in place and gives its result at once; the others give it when they are synced. */
PAR_TASK(uint64_t, search, (uts_t, tree), (uint64_t, hash), (uint32_t, depth))
{
    uint32_t children = bench_uts_children(tree, hash, depth);
    uint64_t nodes = 1, found;
    for (uint32_t i = 1; i < children; i++) {
        found = 0;
        PAR_FORK(found, search, tree, bench_uts_child(hash, i), depth + 1);
        nodes += found;
    }
    if (children > 0) nodes += PAR_CALL(search, tree, bench_uts_child(hash, 0), depth + 1);
    for (uint32_t i = 1; i < children; i++) {
        found = 0;
        PAR_SYNC(found, search);
        nodes += found;
    }
    return nodes;
}

static uint64_t uts(const bench_uts_t *t)
{
    return search(t, t->seed, 0);
}

PAR_TASK(double, area, (double, x1), (double, y1), (double, x2), (double, y2), (double, guess))
{
    bench_interval_t i = {x1, y1, x2, y2, guess}, l, r;
    double left, right;
    if (bench_interval_halve(&i, &l, &r)) return l.area + r.area;
    PAR_FORK(right, area, r.x1, r.y1, r.x2, r.y2, r.area);
    left = PAR_CALL(area, l.x1, l.y1, l.x2, l.y2, l.area);
    PAR_SYNC(right, area);
    return left + right;
}

static double integrate(const bench_interval_t *i)
{
    return area(i->x1, i->y1, i->x2, i->y2, i->area);
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

typedef int32_t *ints_t;

PAR_TASK_VOID(quicksort, (ints_t, x), (size_t, n))
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
    PAR_FORK_VOID(quicksort, x + k, n - k);
    PAR_CALL(quicksort, x, k);
    PAR_SYNC_VOID(quicksort);
}

/* Part k of the product whole is made first, if there is a whole. */
typedef const bench_product_t *whole_t;
typedef bench_product_t *part_t;

PAR_TASK_VOID(product, (whole_t, whole), (part_t, p), (unsigned, k))
{
    if (whole != NULL) bench_strassen_part(whole, p, k);
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned i = 1; i < BENCH_STRASSEN_PARTS; i++)
        PAR_FORK_VOID(product, p, &parts[i], i);
    PAR_CALL(product, p, &parts[0], 0);
    for (unsigned i = 1; i < BENCH_STRASSEN_PARTS; i++)
        PAR_SYNC_VOID(product);
    bench_strassen_end(p, parts);
}

static void strassen(const bench_product_t *p)
{
    bench_product_t copy = *p;
    product(NULL, &copy, 0);
}

typedef bench_pair_t *pair_t;

PAR_TASK_VOID(pair_b_task, (pair_t, p))
{
    bench_pair_b(p);
}

PAR_TASK_VOID(pair_task, (pair_t, p))
{
    PAR_FORK_VOID(pair_b_task, p);
    bench_pair_a(p);
    PAR_SYNC_VOID(pair_b_task);
}

static void pair(bench_pair_t *p)
{
    pair_task(p);
}

#ifdef BENCH_SHARED
#    define NAME       "par-task-shared"
#    define IS_VARIANT true
#else
#    define NAME       "par-task"
#    define IS_VARIANT false
#endif

const bench_runtime_t bench_par_task = {
    .name = NAME,
    .is_par = true,
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing},
    .fib = fib,
    .tree = tree,
    .queens = queens,
    .uts = uts,
    .integrate = integrate,
    .sort = sort,
    .quicksort = quicksort,
    .strassen = strassen,
    .pair = pair,
    .pair_inside = pair,
    .inside = bench_par_inside,
    .with_one_thread = bench_par_with_one_worker,
    .fork_ns = 2,
    .is_variant = IS_VARIANT,
};
