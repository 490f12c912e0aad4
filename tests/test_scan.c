/* test_scan.c - scans against the order of operations that par/scan.h promises, bit for bit: every path
 * of the running sums, every number type, structs, in place, on pools, without memory. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fault.h"
#include "on_pools.h"
#include "random_next.h"

#include "../par/algo/scan_lanes.h"

static const size_t sizes[] = {0,    1,    2,     3,     7,     8,     9,      63,     64,    65,
                               479,  480,  481,   959,   960,   1919,  1920,   1921,   3840,  4000,
                               4097, 9999, 50000, 65536, 65537, 99999, 262145, 300001, 700001};
enum { N_SIZES = sizeof sizes / sizeof sizes[0], MOST = 700001, FLOAT_BLOCK = 480 };

/* ---- the paths ---- */

#define DEFINE_PATHS(bits)                                                                         \
    static void paths_agree_##bits(void **state)                                                   \
    {                                                                                              \
        (void)state;                                                                               \
        enum { N = 700 };                                                                          \
        const par__scan_lanes_t *paths[PAR__SCAN_PATHS + 1];                                       \
        par__scan_lanes_list(paths);                                                               \
        assert_ptr_equal(paths[0], par__scan_lanes());                                             \
        uint##bits##_t x[N + 3], out[N + 4], plain[N + 4];                                         \
        uint64_t seed = 5;                                                                         \
        for (size_t i = 0; i < N + 3; i++)                                                         \
            x[i] = (uint##bits##_t)random_next(&seed);                                             \
        for (size_t p = 0; paths[p] != NULL; p++) {                                                \
            for (size_t n = 0; n < N; n++) {                                                       \
                for (int exclusive = 0; exclusive < 2; exclusive++) {                              \
                    const uint##bits##_t *from = x + n % 4;                                        \
                    memset(out, 0x55, sizeof out);                                                 \
                    memset(plain, 0x55, sizeof plain);                                             \
                    uint##bits##_t sum =                                                           \
                        paths[p]->sum_##bits(out + n % 3, from, n, 77, exclusive);                 \
                    assert_true(sum == par__scan_lanes_portable.sum_##bits(plain + n % 3, from, n, \
                                                                           77, exclusive));        \
                    assert_memory_equal(out, plain, sizeof out);                                   \
                    memcpy(out + n % 3, from, n * sizeof *out); /* in place */                     \
                    paths[p]->sum_##bits(out + n % 3, out + n % 3, n, 77, exclusive);              \
                    assert_memory_equal(out, plain, sizeof out);                                   \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }
DEFINE_PATHS(32)
DEFINE_PATHS(64)

/* ---- numbers ---- */

/* Each verb against a serial form, the last argument. */
#define PLAIN(type, op)                                                                            \
    for (size_t i = 0; i < n; i++) {                                                               \
        type a = acc, b = x[i];                                                                    \
        acc = (op);                                                                                \
        inclusive[i] = acc;                                                                        \
        exclusive[i] = a;                                                                          \
    }

#define IN_BLOCKS(type)                                                                            \
    for (size_t first = 0; first < n; first += FLOAT_BLOCK) {                                      \
        type before = acc, sum = 0;                                                                \
        for (size_t i = first; i < n && i < first + FLOAT_BLOCK; i++) {                            \
            exclusive[i] = i == first ? before : before + sum;                                     \
            sum = i == first ? x[i] : sum + x[i];                                                  \
            inclusive[i] = first == 0 ? sum : before + sum;                                        \
            acc = before + sum;                                                                    \
        }                                                                                          \
    }

#define SAME(a, b, n) (memcmp(a, b, (n) * sizeof *(a)) == 0)

#define CHECK(name, type, verb, start, ...)                                                        \
    static void check_##verb##_##name(const type *x, type *out, type *inclusive, type *exclusive,  \
                                      size_t n)                                                    \
    {                                                                                              \
        type acc = start, got;                                                                     \
        __VA_ARGS__;                                                                               \
        out[n] = 99;                                                                               \
        got = par_scan_##verb(out, x, n);                                                          \
        expect(SAME(out, inclusive, n) && out[n] == 99);                                           \
        expect(n > 0 ? SAME(&got, inclusive + n - 1, 1) : got == (type)(start));                   \
        memset(out, 0x55, n * sizeof *out);                                                        \
        got = par_scan_##verb##_exclusive(out, x, n);                                              \
        expect(SAME(out, exclusive, n) && out[n] == 99 && SAME(&got, &acc, 1));                    \
        memcpy(out, x, n * sizeof *out);                                                           \
        par_scan_##verb(out, out, n);                                                              \
        expect(SAME(out, inclusive, n));                                                           \
        memcpy(out, x, n * sizeof *out);                                                           \
        par_scan_##verb##_exclusive(out, out, n);                                                  \
        expect(SAME(out, exclusive, n) && out[n] == 99);                                           \
    }

#define CHECKS(name, type, least, greatest, ITEM, ...)                                             \
    CHECK(name, type, sum, 0, __VA_ARGS__)                                                         \
    CHECK(name, type, min, greatest, PLAIN(type, b < a ? b : a))                                   \
    CHECK(name, type, max, least, PLAIN(type, b > a ? b : a))                                      \
                                                                                                   \
    static void check_##name(void *ctx)                                                            \
    {                                                                                              \
        (void)ctx;                                                                                 \
        uint64_t seed = 3;                                                                         \
        type *x = malloc((MOST + 1) * sizeof(type)), *out = malloc((MOST + 1) * sizeof(type));     \
        type *inclusive = malloc((MOST + 1) * sizeof(type));                                       \
        type *exclusive = malloc((MOST + 1) * sizeof(type));                                       \
        for (size_t i = 0; i <= MOST; i++)                                                         \
            x[i] = ITEM(type);                                                                     \
        for (size_t s = 0; s < N_SIZES; s++) {                                                     \
            size_t at = s % 2 && sizes[s] < MOST; /* unaligned */                                  \
            check_sum_##name(x + at, out, inclusive, exclusive, sizes[s]);                         \
            check_min_##name(x + at, out, inclusive, exclusive, sizes[s]);                         \
            check_max_##name(x + at, out, inclusive, exclusive, sizes[s]);                         \
        }                                                                                          \
        free(x);                                                                                   \
        free(out);                                                                                 \
        free(inclusive);                                                                           \
        free(exclusive);                                                                           \
    }                                                                                              \
                                                                                                   \
    static void scans_of_##name(void **state)                                                      \
    {                                                                                              \
        (void)state;                                                                               \
        on_pools(check_##name, NULL);                                                              \
    }

#define WHOLE(type)    ((type)(random_next(&seed) >> 11))
#define REAL(type)     ((type)((double)(int64_t)random_next(&seed) * 0x1p-40))
#define WRAPPING(type) PLAIN(type, (type)((uint64_t)a + (uint64_t)b))
#define CHECK_WHOLE(name, type, least, greatest)                                                   \
    CHECKS(name, type, least, greatest, WHOLE, WRAPPING(type))

CHECK_WHOLE(char, char, CHAR_MIN, CHAR_MAX)
CHECK_WHOLE(schar, signed char, SCHAR_MIN, SCHAR_MAX)
CHECK_WHOLE(uchar, unsigned char, 0, UCHAR_MAX)
CHECK_WHOLE(short, short, SHRT_MIN, SHRT_MAX)
CHECK_WHOLE(ushort, unsigned short, 0, USHRT_MAX)
CHECK_WHOLE(int, int, INT_MIN, INT_MAX)
CHECK_WHOLE(uint, unsigned int, 0, UINT_MAX)
CHECK_WHOLE(long, long, LONG_MIN, LONG_MAX)
CHECK_WHOLE(ulong, unsigned long, 0, ULONG_MAX)
CHECK_WHOLE(llong, long long, LLONG_MIN, LLONG_MAX)
CHECK_WHOLE(ullong, unsigned long long, 0, ULLONG_MAX)
CHECKS(float, float, -INFINITY, INFINITY, REAL, IN_BLOCKS(float))
CHECKS(double, double, -HUGE_VAL, HUGE_VAL, REAL, IN_BLOCKS(double))

/* NaN, infinities, zeros of both signs, and that sums of what is not negative never decrease. */
static void check_special(void *ctx)
{
    (void)ctx;
    enum { N = 200001, AT = 150000 };
    double *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    uint64_t seed = 9;
    for (size_t i = 0; i < N; i++)
        x[i] = (double)random_next(&seed) * 0x1p-70;
    par_scan_sum(out, x, N);
    for (size_t i = 1; i < N; i++)
        expect(out[i] >= out[i - 1]);
    x[AT] = (double)NAN;
    double total = par_scan_min(out, x, N);
    expect(isnan(total) && out[AT - 1] < 1 && isnan(out[AT]) && isnan(out[N - 1]));
    total = par_scan_max_exclusive(out, x, N);
    expect(isnan(total) && out[AT] >= 0 && isnan(out[AT + 1]) && isnan(out[N - 1]));
    total = par_scan_sum(out, x, N);
    expect(isnan(total) && out[AT - 1] > 0 && isnan(out[AT]));
    x[0] = -0.0;
    x[1] = -0.0;
    par_scan_sum(out, x, 2);
    expect(signbit(out[0]) && signbit(out[1]));
    par_scan_sum_exclusive(out, x, 2);
    expect(out[0] == 0 && !signbit(out[0]) && out[1] == 0 && signbit(out[1]));
    x[1] = 0.0;
    par_scan_min(out, x, 2);
    expect(signbit(out[0]) && signbit(out[1])); /* the first of equal ones */
    free(x);
    free(out);
}

static void special_numbers(void **state)
{
    (void)state;
    on_pools(check_special, NULL);
}

/* Results that are written past the caches. */
static void check_large(void *ctx)
{
    (void)ctx;
    size_t n = (size_t)36 * 1024 * 1024 / 4;
    int *x = malloc(n * sizeof *x), *out = malloc(n * sizeof *out + 4);
    float *f = malloc(n * sizeof *f), *sums = malloc(n * sizeof *sums);
    for (size_t i = 0; i < n; i++) {
        x[i] = (int)(i % 1000) - 500;
        f[i] = (float)(i % 1000);
    }
    int total = par_scan_sum(out + 1, x, n), sum = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
        expect(out[i + 1] == sum);
    }
    expect(total == sum);
    float last = par_scan_sum(sums, f, n), same;
    same = par_scan_sum(f, f, n);
    expect(last == same && memcmp(sums, f, n * sizeof *f) == 0);
    free(x);
    free(out);
    free(f);
    free(sums);
}

static void large_results(void **state)
{
    (void)state;
    on_pool_of(1, check_large, NULL);
    on_pool_of(3, check_large, NULL);
}

/* ---- anything ---- */

/* x -> scale * x + offset: associative, not commutative; a large tail for the path of large elements. */
typedef struct line_t {
    uint64_t scale, offset;
} line_t;

typedef struct wide_line_t {
    _Alignas(64) line_t line;
    char more[300];
} wide_line_t;

static line_t after(line_t a, line_t b)
{
    return (line_t){a.scale * b.scale, a.offset * b.scale + b.offset};
}

static void combine_lines(void *left, const void *right, void *ctx)
{
    *(line_t *)left = after(*(line_t *)left, *(const line_t *)right);
    expect(*(int *)ctx == 5);
}

static void combine_wide(void *left, const void *right, void *ctx)
{
    expect((uintptr_t)left % 64 == 0 && (uintptr_t)right % 64 == 0);
    combine_lines(left, right, ctx);
    ((wide_line_t *)left)->more[7] = 'x';
}

static void combine_doubles(void *left, const void *right, void *ctx)
{
    (void)ctx;
    *(double *)left += *(const double *)right;
}

static const line_t identity_line = {1, 0};

PAR_DEFINE_SCAN(lines_join, line_t, identity_line, a, b, after(a, b), const line_t *, x, i)
{
    return x[i];
}

PAR_DEFINE_SCAN(doubles_join, double, 0.0, a, b, a + b, const double *, x, i)
{
    return x[i];
}

static void check_lines(void *ctx)
{
    (void)ctx;
    int five = 5;
    uint64_t seed = 4;
    line_t *x = malloc((MOST + 1) * sizeof *x), *out = malloc((MOST + 1) * sizeof *out);
    line_t *want = malloc((MOST + 1) * sizeof *want);
    want[0] = identity_line;
    for (size_t i = 0; i < MOST; i++) {
        x[i] = (line_t){random_next(&seed) | 1, random_next(&seed)};
        want[i + 1] = after(want[i], x[i]);
    }
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        line_t acc = identity_line, total;
        par_scan(out, x, n, sizeof *x, &acc, combine_lines, &five);
        expect(SAME(out, want + 1, n) && SAME(&acc, want + n, 1));
        acc = identity_line;
        par_scan_exclusive(out, x, n, sizeof *x, &acc, combine_lines, &five);
        expect(SAME(out, want, n) && SAME(&acc, want + n, 1));
        total = lines_join(out, n, x);
        expect(SAME(out, want + 1, n) && SAME(&total, want + n, 1));
        total = lines_join_exclusive(out, n, x);
        expect(SAME(out, want, n) && SAME(&total, want + n, 1));
        memcpy(out, x, n * sizeof *x);
        acc = identity_line;
        par_scan(out, out, n, sizeof *x, &acc, combine_lines, &five);
        expect(SAME(out, want + 1, n));
        memcpy(out, x, n * sizeof *x);
        acc = identity_line;
        par_scan_exclusive(out, out, n, sizeof *x, &acc, combine_lines, &five);
        expect(SAME(out, want, n));
        memcpy(out, x, n * sizeof *x);
        lines_join_exclusive(out, n, out);
        expect(SAME(out, want, n));
    }
    free(x);
    free(out);
    free(want);
}

static void lines_are_joined(void **state)
{
    (void)state;
    on_pools(check_lines, NULL);
}

static void check_wide(void *ctx)
{
    (void)ctx;
    int five = 5;
    enum { N = 20000 };
    wide_line_t *x = aligned_alloc(64, N * sizeof *x), acc = {{1, 0}, {0}};
    line_t sum = identity_line;
    memset(x, 0, N * sizeof *x);
    for (size_t i = 0; i < N; i++)
        x[i].line = (line_t){i | 1, i};
    par_scan_exclusive(x, x, N, sizeof *x, &acc, combine_wide, &five);
    for (size_t i = 0; i < N; i++) {
        expect(SAME(&x[i].line, &sum, 1) && x[i].more[7] == (i > 0 ? 'x' : '\0'));
        sum = after(sum, (line_t){i | 1, i});
    }
    expect(SAME(&acc.line, &sum, 1));
    free(x);
}

static void wide_elements(void **state)
{
    (void)state;
    on_pools(check_wide, NULL);
}

/* The order that par/scan.h promises, with blocks of its rule. */
static void check_order(void *ctx)
{
    (void)ctx;
    uint64_t seed = 8;
    double *x = malloc((MOST + 1) * sizeof *x), *out = malloc((MOST + 1) * sizeof *out);
    double *want = malloc((MOST + 1) * sizeof *want);
    for (size_t i = 0; i < MOST; i++)
        x[i] = (double)(int64_t)random_next(&seed) * 0x1p-40;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s], block = n / 64 + (n % 64 != 0);
        if (block < 8) block = 8;
        if (block > 1024) block = 1024;
        for (size_t i = 0; i < n; i++)
            want[i] = i % block == 0 ? x[i] : want[i - 1] + x[i];
        for (size_t i = block; i < n; i++)
            want[i] = want[i / block * block - 1] + want[i];
        double acc = 0, total = doubles_join(out, n, x);
        expect(SAME(out, want, n) && (n == 0 || total == want[n - 1]));
        par_scan(out, x, n, sizeof *x, &acc, combine_doubles, NULL);
        expect(SAME(out, want, n) && acc == total);
    }
    free(x);
    free(out);
    free(want);
}

static void order_is_kept(void **state)
{
    (void)state;
    on_pools(check_order, NULL);
}

/* Dear operations on few items: a block is shared at a time. */
static void combine_slowly(void *left, const void *right, void *ctx)
{
    (void)ctx;
    uint64_t seed = 1;
    for (int i = 0; i < 2000; i++)
        random_next(&seed);
    *(uint64_t *)left += *(const uint64_t *)right + (seed == 0);
}

static void check_dear(void *ctx)
{
    (void)ctx;
    uint64_t x[900], acc = 7;
    for (size_t i = 0; i < 900; i++)
        x[i] = i;
    par_scan_exclusive(x, x, 900, sizeof *x, &acc, combine_slowly, NULL);
    for (size_t i = 0; i < 900; i++)
        expect(x[i] == 7 + i * (i - 1) / 2 || i == 0);
    expect(x[0] == 7 && acc == 7 + 900 * 899 / 2);
}

static void dear_operations(void **state)
{
    (void)state;
    on_pools(check_dear, NULL);
}

/* ---- without memory ---- */

static void check_faults(void *ctx)
{
    (void)ctx;
    int five = 5;
    enum { N = 300000, WIDE = 3000 };
    int64_t *x = malloc(N * sizeof *x), *out = malloc(N * sizeof *out);
    wide_line_t *wide = aligned_alloc(64, WIDE * sizeof *wide);
    memset(wide, 0, WIDE * sizeof *wide);
    for (size_t i = 0; i < N; i++)
        x[i] = (int64_t)i;
    for (unsigned k = 1, hit = 1; hit; k++) {
        wide_line_t acc = {{1, 0}, {0}};
        for (size_t i = 0; i < WIDE; i++)
            wide[i].line = (line_t){1, i};
        memset(out, 0, N * sizeof *out);
        fault_arm(FAULT_MEMORY, k, k % 3 == 0 ? 1 : UINT_MAX);
        int64_t total = par_scan_sum(out, x, N);
        par_scan(wide, wide, WIDE, sizeof *wide, &acc, combine_wide, &five);
        hit = fault_disarm().failed;
        expect(total == (int64_t)N * (N - 1) / 2 && out[N - 1] == total && out[2] == 3);
        expect(acc.line.offset == (uint64_t)WIDE * (WIDE - 1) / 2 && wide[2].line.offset == 3);
    }
    free(x);
    free(out);
    free(wide);
}

static void memory_is_missing(void **state)
{
    (void)state;
    on_pool_of(1, check_faults, NULL);
    on_pool_of(4, check_faults, NULL);
}

static void nothing_to_scan(void **state)
{
    (void)state;
    assert_int_equal(par_scan_sum_int(NULL, NULL, 0), 0);
    assert_int_equal(par_scan_min_exclusive_int(NULL, NULL, 0), INT_MAX);
    assert_true(par_scan_max_double(NULL, NULL, 0) == -HUGE_VAL);
    int acc = 3, five = 5;
    par_scan(NULL, NULL, 0, sizeof acc, &acc, combine_lines, &five);
    par_scan_exclusive(NULL, NULL, 0, 0, &acc, combine_lines, &five);
    assert_int_equal(acc, 3);
#ifdef NDEBUG
    char byte = 1;
    par_scan(&byte, &byte, SIZE_MAX / 2, 3, &acc, combine_lines, &five);
    par_scan(&byte, &byte, 1, 0, &acc, combine_lines, &five);
    assert_int_equal(par_scan_sum_int(NULL, NULL, SIZE_MAX / 2), 0);
    assert_int_equal(byte, 1);
    assert_int_equal(acc, 3);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_agree_32),
        cmocka_unit_test(paths_agree_64),
#define X(name, type, sum_type) cmocka_unit_test(scans_of_##name),
        PAR_NUMBER_MAP(X)
#undef X
            cmocka_unit_test(special_numbers),
        cmocka_unit_test(large_results),
        cmocka_unit_test(lines_are_joined),
        cmocka_unit_test(wide_elements),
        cmocka_unit_test(order_is_kept),
        cmocka_unit_test(dear_operations),
        cmocka_unit_test(memory_is_missing),
        cmocka_unit_test(nothing_to_scan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
