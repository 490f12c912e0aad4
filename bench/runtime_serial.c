/* runtime_serial.c - the answers with one thread: what every other runtime is checked against
 * and compared with. */
#include "runtime.h"

#define SERIAL_LOOP(kernel)                                                                        \
    static void serial_##kernel(const bench_loop_t *data)                                          \
    {                                                                                              \
        const bench_loop_t d = *data;                                                              \
        for (size_t i = 0; i < d.n; i++)                                                           \
            bench_##kernel(&d, i);                                                                 \
    }
BENCH_LOOP_KERNELS(SERIAL_LOOP)

static double serial_sum(const double *x, size_t n)
{
    double s = 0.0;
    for (size_t i = 0; i < n; i++)
        s += x[i];
    return s;
}

static double serial_dot(const double *x, const double *y, size_t n)
{
    double s = 0.0;
    for (size_t i = 0; i < n; i++)
        s += x[i] * y[i];
    return s;
}

static size_t serial_try(const bench_try_t *d)
{
    return bench_try_range(d, 0, d->n);
}

static void serial_nested(const bench_loop_t *d, size_t parts)
{
    for (size_t k = 0; k < parts; k++) {
        bench_loop_t part = bench_loop_part(d, parts, k);
        serial_map(&part);
    }
}

static double serial_min(const double *x, size_t n)
{
    double m = x[0];
    for (size_t i = 1; i < n; i++)
        m = bench_lesser(m, x[i]);
    return m;
}

static double serial_minmax(const double *x, size_t n)
{
    bench_minmax_t m = {x[0], x[0]};
    for (size_t i = 1; i < n; i++)
        m = bench_minmax_of(m, (bench_minmax_t){x[i], x[i]});
    return bench_minmax_result(m);
}

static double serial_index(const double *x, size_t n)
{
    return (double)bench_place_range(x, 0, n).index;
}

static double serial_moments(const double *x, size_t n)
{
    bench_moments_t m = bench_moments_none();
    for (size_t i = 0; i < n; i++)
        m = bench_moments_of(m, bench_moments_item(x[i]));
    return bench_moments_result(m);
}

/* A list of numbers that do not overlap, the least first, whose sum is exact: Shewchuk, Discrete &
 * Computational Geometry 18, 1997. The last rounding is exact as the answer is a whole number. */
static double serial_exact(const double *x, size_t n)
{
    enum { MOST = 64 };
    double part[MOST];
    size_t parts = 0;
    for (size_t i = 0; i < n; i++) {
        double a = x[i];
        size_t kept = 0;
        for (size_t k = 0; k < parts; k++) {
            double b = part[k], s = a + b, t = s - a;
            double error = (a - (s - t)) + (b - t);
            if (error != 0.0) part[kept++] = error;
            a = s;
        }
        part[kept++] = a;
        parts = kept;
    }
    double sum = 0.0;
    for (size_t k = 0; k < parts; k++)
        sum += part[k];
    return sum;
}

static uint64_t serial_fib(unsigned n)
{
    return n < 2 ? n : serial_fib(n - 1) + serial_fib(n - 2);
}

static uint64_t serial_tree(const bench_node_t *node)
{
    if (node->left == NULL) return node->value;
    return node->value + serial_tree(node->left) + serial_tree(node->right);
}

static uint64_t place_all(bench_board_t b)
{
    if (b.columns == b.all) return 1;
    uint64_t solutions = 0;
    for (uint32_t rest = bench_board_free(b); rest != 0; rest &= rest - 1)
        solutions += place_all(bench_board_place(b, rest & (~rest + 1)));
    return solutions;
}

static uint64_t serial_queens(unsigned n)
{
    return place_all(bench_board(n));
}

static uint64_t search(const bench_uts_t *t, uint64_t hash, uint32_t depth)
{
    uint64_t nodes = 1;
    uint32_t children = bench_uts_children(t, hash, depth);
    for (uint32_t i = 0; i < children; i++)
        nodes += search(t, bench_uts_child(hash, i), depth + 1);
    return nodes;
}

static uint64_t serial_uts(const bench_uts_t *t)
{
    return search(t, t->seed, 0);
}

static uint64_t serial_branches(unsigned depth)
{
    uint64_t leaves = 0;
    if (depth == 0) return 1;
    for (unsigned i = 0; i < BENCH_BRANCHES; i++) {
        __asm__ volatile("" : "+r"(depth)); /* else one branch is computed, and multiplied */
        leaves += serial_branches(depth - 1);
    }
    return leaves;
}

static double serial_integrate(const bench_interval_t *i)
{
    bench_interval_t left, right;
    if (bench_interval_halve(i, &left, &right)) return left.area + right.area;
    return serial_integrate(&left) + serial_integrate(&right);
}

static void serial_strassen(const bench_product_t *p)
{
    if (p->n <= BENCH_STRASSEN_CUTOFF) {
        bench_product_serial(p);
        return;
    }
    bench_product_t parts[BENCH_STRASSEN_PARTS];
    bench_strassen_begin(p, parts);
    for (unsigned k = 0; k < BENCH_STRASSEN_PARTS; k++) {
        bench_strassen_part(p, &parts[k], k);
        serial_strassen(&parts[k]);
    }
    bench_strassen_end(p, parts);
}

static void serial_pair(bench_pair_t *p)
{
    bench_pair_a(p);
    bench_pair_b(p);
}

static void serial_sort(const bench_sort_t *s)
{
    bench_sort_serial(s->from, s->to, s->scratch, s->n);
}

static void serial_quicksort(int32_t *x, size_t n)
{
    bench_quicksort_serial(x, n);
}

static void serial_flat(uint8_t *marks, size_t n)
{
    for (size_t i = 0; i < n; i++)
        bench_mark(&marks[i]);
}

static void spread_from(uint8_t *marks, size_t n, size_t i)
{
    for (size_t child = 2 * i + 1; child <= 2 * i + 2 && child < n; child++)
        spread_from(marks, n, child);
    bench_mark(&marks[i]);
}

static void serial_spread(uint8_t *marks, size_t n)
{
    spread_from(marks, n, 0);
}

static void serial_items(uint8_t *marks, size_t n)
{
    for (size_t i = 0; i + BENCH_SCOPE_PER_ITEM <= n; i += BENCH_SCOPE_PER_ITEM)
        serial_flat(marks + i, BENCH_SCOPE_PER_ITEM);
}

const bench_runtime_t bench_serial = {
    .name = "serial",
    .is_serial = true,
    .in_launch = true,
    .loops = BENCH_LOOPS(serial),
    .sum = serial_sum,
    .dot = serial_dot,
    .histogram = bench_histogram_range,
    .histogram_wide = bench_histogram_wide_range,
    .try_loop = serial_try,
    .nested = serial_nested,
    .reductions = {serial_min, serial_minmax, serial_index, serial_moments, serial_exact},
    BENCH_FORKJOIN(serial),
    .branches = serial_branches,
    .branches_halved = serial_branches,
    .pair_inside = serial_pair,
    .scopes = BENCH_SCOPES(serial),
};

static double simd_minmax(const double *x, size_t n)
{
    return bench_minmax_result(bench_minmax_range(x, n));
}

static double simd_moments(const double *x, size_t n)
{
    return bench_moments_result(bench_moments_range(x, n));
}

/* One thread too, but allowed to reorder the additions: the honest serial rival of a reduction. */
const bench_runtime_t bench_simd = {
    .name = "simd",
    .is_serial = true,
    .sum = bench_sum_range,
    .dot = bench_dot_range,
    .reductions = {[BENCH_REDUCE_min] = bench_min_range,
                   [BENCH_REDUCE_minmax] = simd_minmax,
                   [BENCH_REDUCE_moments] = simd_moments},
};
