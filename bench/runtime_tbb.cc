/* runtime_tbb.cc - oneTBB: parallel_for and parallel_reduce with the default (auto) partitioner,
 * task_group for fork-join. */
#include "runtime.h"

#include <tbb/blocked_range.h>
#include <tbb/combinable.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>

namespace
{

using range_t = tbb::blocked_range<size_t>;

/* While a task group waits, it runs tasks of others on the same stack: deep trees need a large one. */
void limit_threads()
{
    static tbb::global_control limit(tbb::global_control::max_allowed_parallelism, bench_threads());
    static tbb::global_control stack(tbb::global_control::thread_stack_size, size_t(64) << 20);
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

template <size_t n_bins, class item_t>
void count(const item_t *x,
           size_t n,
           uint64_t *counts,
           void (*count_range)(const item_t *, size_t, uint64_t *))
{
    using bins_t = std::array<uint64_t, n_bins>;
    limit_threads();
    tbb::combinable<bins_t> all([] { return bins_t{}; });
    tbb::parallel_for(range_t(0, n), [=, &all](const range_t &r) {
        count_range(x + r.begin(), r.size(), all.local().data());
    });
    all.combine_each([counts](const bins_t &bins) {
        for (size_t b = 0; b < bins.size(); b++)
            counts[b] += bins[b];
    });
}

void histogram(const uint8_t *x, size_t n, uint64_t *counts)
{
    count<BENCH_BINS>(x, n, counts, bench_histogram_range);
}

void histogram_wide(const uint16_t *x, size_t n, uint64_t *counts)
{
    count<BENCH_BINS_WIDE>(x, n, counts, bench_histogram_wide_range);
}

size_t try_loop(const bench_try_t *d)
{
    limit_threads();
    std::atomic<size_t> failed{d->n};
    tbb::task_group_context context;
    auto body = [d, &failed, &context](const range_t &r) {
        size_t i = bench_try_range(d, r.begin(), r.end());
        if (i == r.end()) return;
        failed = i;
        context.cancel_group_execution();
    };
    if (d->block != 0)
        tbb::parallel_for(range_t(0, d->n, d->block), body, tbb::simple_partitioner(), context);
    else
        tbb::parallel_for(range_t(0, d->n), body, context);
    return failed;
}

void nested(const bench_loop_t *d, size_t parts)
{
    limit_threads();
    tbb::parallel_for(size_t(0), parts, [d, parts](size_t k) {
        bench_loop_t part = bench_loop_part(d, parts, k);
        loop_map(&part);
    });
}

double min(const double *x, size_t n)
{
    limit_threads();
    return tbb::parallel_reduce(
        range_t(0, n), x[0],
        [x](const range_t &r, double m) {
            return bench_lesser(m, bench_min_range(x + r.begin(), r.size()));
        },
        bench_lesser);
}

double minmax(const double *x, size_t n)
{
    limit_threads();
    return bench_minmax_result(tbb::parallel_reduce(
        range_t(0, n), bench_minmax_t{x[0], x[0]},
        [x](const range_t &r, bench_minmax_t m) {
            return bench_minmax_of(m, bench_minmax_range(x + r.begin(), r.size()));
        },
        bench_minmax_of));
}

double min_index(const double *x, size_t n)
{
    limit_threads();
    bench_place_t place = tbb::parallel_reduce(
        range_t(0, n), bench_place_t{x[0], 0},
        [x](const range_t &r, bench_place_t p) {
            return bench_place_of(p, bench_place_range(x, r.begin(), r.end()));
        },
        bench_place_of);
    return double(place.index);
}

double moments(const double *x, size_t n)
{
    limit_threads();
    return bench_moments_result(tbb::parallel_reduce(
        range_t(0, n), bench_moments_none(),
        [x](const range_t &r, bench_moments_t m) {
            return bench_moments_of(m, bench_moments_range(x + r.begin(), r.size()));
        },
        bench_moments_of));
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

uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint32_t children = bench_uts_children(t, hash, depth);
    uint64_t nodes = 1, found[BENCH_UTS_BLOCK];
    for (uint32_t first = 0; first < children; first += BENCH_UTS_BLOCK) {
        uint32_t n = std::min<uint32_t>(children - first, BENCH_UTS_BLOCK);
        tbb::task_group group;
        for (uint32_t i = 0; i + 1 < n; i++)
            group.run([t, depth, child = bench_uts_child(hash, first + i), slot = &found[i]] {
                *slot = search(t, child, depth + 1);
            });
        nodes += search(t, bench_uts_child(hash, first + n - 1), depth + 1);
        group.wait();
        for (uint32_t i = 0; i + 1 < n; i++)
            nodes += found[i];
    }
    return nodes;
}

uint64_t uts(const bench_uts_t *t)
{
    limit_threads();
    return search(t, t->seed, 0);
}

double area(const bench_interval_t &i)
{
    bench_interval_t left, right;
    if (bench_interval_halve(&i, &left, &right)) return left.area + right.area;
    double a;
    tbb::task_group group;
    group.run([&a, &left] { a = area(left); });
    double b = area(right);
    group.wait();
    return a + b;
}

double integrate(const bench_interval_t *i)
{
    limit_threads();
    return area(*i);
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

void quicksort_task(int32_t *x, size_t n)
{
    if (n <= BENCH_QUICKSORT_CUTOFF) {
        bench_quicksort_serial(x, n);
        return;
    }
    size_t k = bench_partition(x, n);
    tbb::task_group group;
    group.run([x, k] { quicksort_task(x, k); });
    quicksort_task(x + k, n - k);
    group.wait();
}

void quicksort(int32_t *x, size_t n)
{
    limit_threads();
    quicksort_task(x, n);
}

void strassen_task(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    tbb::task_group group;
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++)
        group.run([p, part = &parts[k], k] {
            bench_strassen_part(p, part, k);
            strassen_task(part);
        });
    group.wait();
    bench_strassen_end(p, parts);
}

void strassen(const bench_product_t *p)
{
    limit_threads();
    strassen_task(p);
}

void pair(bench_pair_t *p)
{
    limit_threads();
    tbb::task_group group;
    group.run([p] { bench_pair_b(p); });
    bench_pair_a(p);
    group.wait();
}

void mark_all(uint8_t *marks, size_t n)
{
    tbb::task_group group;
    for (size_t i = 0; i < n; i++)
        group.run([mark = &marks[i]] { bench_mark(mark); });
    group.wait();
}

void flat(uint8_t *marks, size_t n)
{
    limit_threads();
    mark_all(marks, n);
}

void spread_task(tbb::task_group &group, uint8_t *marks, size_t n, size_t i)
{
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++)
        group.run([&group, marks, n, child] { spread_task(group, marks, n, child); });
    bench_mark(&marks[i]);
}

void spread(uint8_t *marks, size_t n)
{
    limit_threads();
    tbb::task_group group;
    spread_task(group, marks, n, 0);
    group.wait();
}

void items(uint8_t *marks, size_t n)
{
    limit_threads();
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        mark_all(marks + i, BENCH_SCOPE_PER_ITEM);
}

/* Inside a task, not only in the arena, which the calling thread enters for good. */
void inside(void (*fn)(void *ctx), void *ctx)
{
    limit_threads();
    tbb::task_group group;
    group.run_and_wait([fn, ctx] { fn(ctx); });
}

void with_one_thread(void (*fn)(void *ctx), void *ctx)
{
    limit_threads();
    tbb::task_arena one(1);
    one.execute([fn, ctx] { fn(ctx); });
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
    r.histogram = histogram;
    r.histogram_wide = histogram_wide;
    r.try_loop = try_loop;
    r.nested = nested;
    r.reductions[BENCH_REDUCE_min] = min;
    r.reductions[BENCH_REDUCE_minmax] = minmax;
    r.reductions[BENCH_REDUCE_index] = min_index;
    r.reductions[BENCH_REDUCE_moments] = moments;
    r.fib = fib;
    r.tree = tree;
    r.queens = queens;
    r.uts = uts;
    r.integrate = integrate;
    r.sort = sort;
    r.quicksort = quicksort;
    r.strassen = strassen;
    r.pair = pair;
    r.pair_inside = pair;
    r.scopes[BENCH_SCOPE_FLAT] = flat;
    r.scopes[BENCH_SCOPE_SPREAD] = spread;
    r.scopes[BENCH_SCOPE_ITEMS] = items;
    r.inside = inside;
    r.with_one_thread = with_one_thread;
    r.fork_ns = 150;
    return r;
}

} // namespace

extern "C" const bench_runtime_t bench_tbb = make();
