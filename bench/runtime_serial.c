/* runtime_serial.c - the answers with one thread: what every other runtime is checked against
 * and compared with. */
#include "runtime.h"

#include <string.h>

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

void bench_merge(const int32_t *a, size_t na, const int32_t *b, size_t nb, int32_t *out)
{
    size_t i = 0, j = 0, k = 0;
    while (i < na && j < nb) {
        int32_t x = a[i], y = b[j];
        size_t right = y < x;
        out[k++] = right ? y : x;
        i += 1 - right;
        j += right;
    }
    memcpy(out + k, a + i, (na - i) * sizeof *a);
    memcpy(out + k + (na - i), b + j, (nb - j) * sizeof *b);
}

static void insertion_sort(const int32_t *from, int32_t *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t x = from[i];
        size_t j = i;
        for (; j > 0 && to[j - 1] > x; j--)
            to[j] = to[j - 1];
        to[j] = x;
    }
}

/* The halves are sorted into scratch, with to as their scratch, and merged into to. */
void bench_sort_serial(const int32_t *from, int32_t *to, int32_t *scratch, size_t n)
{
    if (n <= 24) {
        insertion_sort(from, to, n);
        return;
    }
    size_t half = n / 2;
    bench_sort_serial(from, scratch, to, half);
    bench_sort_serial(from + half, scratch + half, to + half, n - half);
    bench_merge(scratch, half, scratch + half, n - half, to);
}

static void serial_sort(const bench_sort_t *s)
{
    bench_sort_serial(s->from, s->to, s->scratch, s->n);
}

const bench_runtime_t bench_serial = {
    .name = "serial",
    .is_serial = true,
    .in_launch = true,
    .loops = BENCH_LOOPS(serial),
    .sum = serial_sum,
    .dot = serial_dot,
    .fib = serial_fib,
    .tree = serial_tree,
    .queens = serial_queens,
    .sort = serial_sort,
};

/* One thread too, but allowed to reorder the additions: the honest serial rival of a reduction. */
const bench_runtime_t bench_simd = {
    .name = "simd",
    .is_serial = true,
    .sum = bench_sum_range,
    .dot = bench_dot_range,
};
