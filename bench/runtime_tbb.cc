/* runtime_tbb.cc - oneTBB: parallel_for and parallel_reduce with the default (auto) partitioner,
 * task_group for fork-join. */
#include "runtime.h"

#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_group.h>

#include <functional>

namespace
{

using range_t = tbb::blocked_range<size_t>;

void limit_threads()
{
    static tbb::global_control limit(tbb::global_control::max_allowed_parallelism, bench_threads());
}

#define TBB_LOOP(kernel)                                                                           \
    void loop_##kernel(const bench_loop_t *data)                                                   \
    {                                                                                              \
        limit_threads();                                                                           \
        tbb::parallel_for(range_t(0, data->n), [data](const range_t &r) {                          \
            const bench_loop_t d = *data;                                                          \
            for (size_t i = r.begin(); i != r.end(); i++)                                          \
                bench_##kernel(&d, i);                                                             \
        });                                                                                        \
    }
BENCH_LOOP_KERNELS(TBB_LOOP)

double sum(const double *x, size_t n)
{
    limit_threads();
    return tbb::parallel_reduce(
        range_t(0, n), 0.0,
        [x](const range_t &r, double s) { return s + bench_sum_range(x + r.begin(), r.size()); },
        std::plus<double>());
}

double dot(const double *x, const double *y, size_t n)
{
    limit_threads();
    return tbb::parallel_reduce(
        range_t(0, n), 0.0,
        [x, y](const range_t &r, double s) {
            return s + bench_dot_range(x + r.begin(), y + r.begin(), r.size());
        },
        std::plus<double>());
}

uint64_t fib_task(unsigned n)
{
    if (n < 2) return n;
    uint64_t a;
    tbb::task_group group;
    group.run([&a, n] { a = fib_task(n - 1); });
    uint64_t b = fib_task(n - 2);
    group.wait();
    return a + b;
}

uint64_t fib(unsigned n)
{
    limit_threads();
    return fib_task(n);
}

uint64_t tree_task(const bench_node_t *node)
{
    if (node->left == nullptr) return node->value;
    uint64_t a;
    tbb::task_group group;
    group.run([&a, node] { a = tree_task(node->left); });
    uint64_t b = tree_task(node->right);
    group.wait();
    return node->value + a + b;
}

uint64_t tree(const bench_node_t *root)
{
    limit_threads();
    return tree_task(root);
}

uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint32_t rest = bench_board_free(b);
    if (rest == 0) return 0;
    uint64_t found[32];
    int n = 0;
    tbb::task_group group;
    for (; (rest & (rest - 1)) != 0; rest &= rest - 1, n++) {
        bench_board_t next = bench_board_place(b, rest & (~rest + 1));
        group.run([next, slot = &found[n]] { *slot = place_all(next); });
    }
    uint64_t solutions = place_all(bench_board_place(b, rest));
    group.wait();
    while (n-- > 0)
        solutions += found[n];
    return solutions;
}

uint64_t queens(unsigned n)
{
    limit_threads();
    return place_all(bench_board(n));
}

void sort_task(bench_sort_t s)
{
    if (s.n <= BENCH_SORT_CUTOFF) {
        bench_sort_serial(s.from, s.to, s.scratch, s.n);
        return;
    }
    size_t half = s.n / 2;
    tbb::task_group group;
    group.run([s, half] { sort_task({half, s.from, s.scratch, s.to}); });
    sort_task({s.n - half, s.from + half, s.scratch + half, s.to + half});
    group.wait();
    bench_merge(s.scratch, half, s.scratch + half, s.n - half, s.to);
}

void sort(const bench_sort_t *s)
{
    limit_threads();
    sort_task(*s);
}

bench_runtime_t make()
{
    bench_runtime_t r = {};
    bench_loop_fn *const loops[BENCH_LOOP_COUNT] = BENCH_LOOPS(loop);
    r.name = "tbb";
    r.in_launch = true;
    for (int i = 0; i < BENCH_LOOP_COUNT; i++)
        r.loops[i] = loops[i];
    r.sum = sum;
    r.dot = dot;
    r.fib = fib;
    r.tree = tree;
    r.queens = queens;
    r.sort = sort;
    return r;
}

} // namespace

extern "C" const bench_runtime_t bench_tbb = make();
