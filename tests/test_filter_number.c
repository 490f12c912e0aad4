/* test_filter_number.c - filters of numbers against plain loops: every type and its edges, results larger than
 * a chunk, subnormals taken for zero. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"

#define IS_LESS      x[i] < b
#define IS_GREATER   x[i] > b
#define IS_BETWEEN   x[i] >= b &&x[i] <= c
#define IS_NOT_EQUAL x[i] != b
#define PLAIN(condition)                                                                           \
    kept = 0;                                                                                      \
    for (size_t i = 0; i < n; i++)                                                                 \
        if (condition) want[kept++] = x[i];
#define EXPECT_SAME(call) expect((call) == kept && memcmp(out, want, kept * sizeof *out) == 0)

#define DEFINE_NUMBERS(name, type, sum_type)                                                       \
    static void check_##name(const type *edge, size_t n_edges, size_t n)                           \
    {                                                                                              \
        type *x = malloc(n * sizeof *x), *out = malloc(n * sizeof *x),                             \
             *want = malloc(n * sizeof *x);                                                        \
        uint64_t seed = n;                                                                         \
        size_t kept;                                                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            x[i] = i % 3 == 0 ? edge[i / 3 % n_edges] : (type)(int)(random_next(&seed) >> 40);     \
        for (size_t e = 0; e < n_edges * n_edges; e++) {                                           \
            type b = edge[e / n_edges], c = edge[e % n_edges];                                     \
            PLAIN(IS_BETWEEN)                                                                      \
            EXPECT_SAME(par_filter_between(out, x, n, b, c));                                      \
            if (e % n_edges > 0) continue;                                                         \
            PLAIN(IS_LESS)                                                                         \
            EXPECT_SAME(par_filter_less(out, x, n, b));                                            \
            PLAIN(IS_GREATER)                                                                      \
            EXPECT_SAME(par_filter_greater(out, x, n, b));                                         \
            PLAIN(IS_NOT_EQUAL)                                                                    \
            EXPECT_SAME(par_filter_not_equal(out, x, n, b));                                       \
        }                                                                                          \
        free(x);                                                                                   \
        free(out);                                                                                 \
        free(want);                                                                                \
    }
PAR_NUMBER_MAP(DEFINE_NUMBERS)

#define EDGES(name, type, least, greatest)                                                         \
    {                                                                                              \
        const type edge[] = {least, greatest, 0, 1, (type)-1, 100, least + 1, greatest - 1};       \
        check_##name(edge, 8, 1000);                                                               \
        check_##name(edge, 8, 100000);                                                             \
    }
#define EDGES_REAL(name, type, INF, NOT, MIN, MAX)                                                 \
    {                                                                                              \
        const type edge[] = {-INF, INF, NOT, 0, -(type)0.0, MIN, -MIN, MAX, -MAX, 1, -1};          \
        check_##name(edge, 11, 1000);                                                              \
        check_##name(edge, 11, 100000);                                                            \
    }

static void check_numbers(void *ctx)
{
    (void)ctx;
    EDGES(char, char, CHAR_MIN, CHAR_MAX)
    EDGES(schar, signed char, SCHAR_MIN, SCHAR_MAX)
    EDGES(uchar, unsigned char, 0, UCHAR_MAX)
    EDGES(short, short, SHRT_MIN, SHRT_MAX)
    EDGES(ushort, unsigned short, 0, USHRT_MAX)
    EDGES(int, int, INT_MIN, INT_MAX)
    EDGES(uint, unsigned int, 0, UINT_MAX)
    EDGES(long, long, LONG_MIN, LONG_MAX)
    EDGES(ulong, unsigned long, 0, ULONG_MAX)
    EDGES(llong, long long, LLONG_MIN, LLONG_MAX)
    EDGES(ullong, unsigned long long, 0, ULLONG_MAX)
    EDGES_REAL(float, float, INFINITY, NAN, FLT_TRUE_MIN, FLT_MAX)
    EDGES_REAL(double, double, HUGE_VAL, (double)NAN, DBL_TRUE_MIN, DBL_MAX)
}

static void numbers(void **state)
{
    (void)state;
    on_pool_of(1, check_numbers, NULL);
    on_pool_of(3, check_numbers, NULL);
}

/* Several chunks a worker, whatever part is kept. */
static void check_large(void *ctx)
{
    (void)ctx;
    size_t n = (size_t)9 * 1024 * 1024;
    uint32_t *x = malloc(n * sizeof *x), *out = malloc((n + 2) * sizeof *out);
    uint64_t seed = 2;
    for (size_t i = 0; i < n; i++)
        x[i] = (uint32_t)(random_next(&seed) >> 16);
    for (uint32_t bound = 0x40000000; bound >= 0x40000000; bound += 0x40000000) {
        size_t kept = par_filter_less(out + 1, x, n, bound), k = 0;
        for (size_t i = 0; i < n; i++)
            if (x[i] < bound) expect(out[++k] == x[i]);
        expect(k == kept);
    }
    free(x);
    free(out);
}

static void large_results(void **state)
{
    (void)state;
    on_pool_of(1, check_large, NULL);
    on_pool_of(3, check_large, NULL);
}

/* As in a program that is linked with -ffast-math: 0 is neither below nor above itself. */
static void subnormals_taken_for_zero(void **state)
{
    (void)state;
#if defined(__x86_64__)
    enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x40 };
    const double x[4] = {0.0, -0.0, 1, -1};
    double out[4];
    unsigned before = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
    size_t less = par_filter_less(out, x, 4, 0.0), greater = par_filter_greater(out, x, 4, 0.0);
    __builtin_ia32_ldmxcsr(before);
    assert_int_equal(less, 1);
    assert_int_equal(greater, 1);
#else
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(subnormals_taken_for_zero),
        cmocka_unit_test(large_results),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
