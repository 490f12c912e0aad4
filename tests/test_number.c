/* test_number.c - sums, extremes, fills and copies of every C number type against serial ones. */
#include <float.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"

static const size_t sizes[] = {0,    1,     2,     3,     15,    16,     17,
                               127,  128,   129,   1000,  4095,  4096,   4097,
                               8193, 32767, 32769, 65537, 65538, 131073, 1000000};
enum { N_SIZES = sizeof sizes / sizeof sizes[0] };

/* Integers: the serial fold in unsigned arithmetic is the reference. */
#define CHECK_INTEGER(name, type, sum_type, least, greatest)                                       \
    static size_t first_##name(const type *x, type value)                                          \
    {                                                                                              \
        size_t i = 0;                                                                              \
        while (x[i] != value)                                                                      \
            i++;                                                                                   \
        return i;                                                                                  \
    }                                                                                              \
                                                                                                   \
    static void check_##name(void *ctx)                                                            \
    {                                                                                              \
        (void)ctx;                                                                                 \
        uint64_t seed = 3;                                                                         \
        type *x = malloc(1000001 * sizeof(type)), *y = malloc(1000001 * sizeof(type));             \
        for (size_t i = 0; i < 1000000; i++) {                                                     \
            x[i] = (type)random_next(&seed);                                                       \
            y[i] = (type)random_next(&seed);                                                       \
        }                                                                                          \
        for (size_t s = 0; s < N_SIZES; s++) {                                                     \
            size_t n = sizes[s];                                                                   \
            uint64_t sum = 0, dot = 0;                                                             \
            type min = greatest, max = least;                                                      \
            for (size_t i = 0; i < n; i++) {                                                       \
                sum += (uint64_t)x[i];                                                             \
                dot += (uint64_t)x[i] * (uint64_t)y[i];                                            \
                min = x[i] < min ? x[i] : min;                                                     \
                max = x[i] > max ? x[i] : max;                                                     \
            }                                                                                      \
            const type *cx = x;                                                                    \
            sum_type got = par_sum(cx, n);                                                         \
            expect(got == (sum_type)sum);                                                          \
            expect(_Generic(par_sum(x, n), sum_type : 1, default : 0));                            \
            expect(par_dot(cx, y, n) == (sum_type)dot);                                            \
            expect(par_min(cx, n) == min && par_max(x, n) == max);                                 \
            type low = 1, high = 0;                                                                \
            par_minmax(cx, n, &low, &high);                                                        \
            expect(low == min && high == max);                                                     \
            expect(par_min_index(cx, n) == (n ? first_##name(x, min) : 0));                        \
            expect(par_max_index(x, n) == (n ? first_##name(x, max) : 0));                         \
            size_t count = 0;                                                                      \
            for (size_t i = 0; i < n; i++)                                                         \
                count += x[i] == x[n / 2];                                                         \
            expect(par_count(cx, n, x[n / 2]) == count);                                           \
        }                                                                                          \
        type last = y[1000000] = (type)1;                                                          \
        par_copy(y, x, 1000000);                                                                   \
        expect(memcmp(x, y, 1000000 * sizeof(type)) == 0 && y[1000000] == last);                   \
        par_fill(y, 999999, (type)42);                                                             \
        for (size_t i = 0; i < 999999; i++)                                                        \
            expect(y[i] == (type)42);                                                              \
        expect(y[999999] == x[999999]);                                                            \
        free(x);                                                                                   \
        free(y);                                                                                   \
    }                                                                                              \
                                                                                                   \
    static void integers_##name(void **state)                                                      \
    {                                                                                              \
        (void)state;                                                                               \
        on_pools(check_##name, NULL);                                                              \
    }

CHECK_INTEGER(char, char, int64_t, CHAR_MIN, CHAR_MAX)
CHECK_INTEGER(schar, signed char, int64_t, SCHAR_MIN, SCHAR_MAX)
CHECK_INTEGER(uchar, unsigned char, uint64_t, 0, UCHAR_MAX)
CHECK_INTEGER(short, short, int64_t, SHRT_MIN, SHRT_MAX)
CHECK_INTEGER(ushort, unsigned short, uint64_t, 0, USHRT_MAX)
CHECK_INTEGER(int, int, int64_t, INT_MIN, INT_MAX)
CHECK_INTEGER(uint, unsigned int, uint64_t, 0, UINT_MAX)
CHECK_INTEGER(long, long, int64_t, LONG_MIN, LONG_MAX)
CHECK_INTEGER(ulong, unsigned long, uint64_t, 0, ULONG_MAX)
CHECK_INTEGER(llong, long long, int64_t, LLONG_MIN, LLONG_MAX)
CHECK_INTEGER(ullong, unsigned long long, uint64_t, 0, ULLONG_MAX)

static void fixed_width_names_are_served(void **state)
{
    (void)state;
    int8_t a[] = {-1, 2};
    uint8_t b[] = {1, 2};
    int16_t c[] = {-1, 2};
    uint16_t d[] = {1, 2};
    int32_t e[] = {INT32_MAX, INT32_MAX};
    uint32_t f[] = {UINT32_MAX, 1};
    int64_t g[] = {INT64_MAX, 1};
    uint64_t h[] = {UINT64_MAX, 2};
    size_t i[] = {3, 4};
    ptrdiff_t j[] = {-3, 4};
    assert_true(par_sum(a, 2) == 1 && par_sum(b, 2) == 3 && par_sum(c, 2) == 1);
    assert_true(par_sum(d, 2) == 3 && par_sum(e, 2) == 2 * (int64_t)INT32_MAX);
    assert_true(par_sum(f, 2) == (uint64_t)UINT32_MAX + 1);
    assert_true(par_sum(g, 2) == INT64_MIN && par_sum(h, 2) == 1);
    assert_true(par_sum(i, 2) == 7 && par_sum(j, 2) == 1);
}

/* ---- floating point ---- */

typedef struct floats_t {
    const double *x, *y;
    const float *fx, *fy;
    size_t n;
    double sum, dot, min, max;
    float fsum, fdot, fmin, fmax;
    size_t min_at, max_at, fmin_at, fmax_at;
} floats_t;

static void floats_fill(floats_t *f)
{
    f->sum = par_sum(f->x, f->n);
    f->dot = par_dot(f->x, f->y, f->n);
    f->min = par_min(f->x, f->n);
    f->max = par_max(f->x, f->n);
    f->fsum = par_sum(f->fx, f->n);
    f->fdot = par_dot(f->fx, f->fy, f->n);
    f->fmin = par_min(f->fx, f->n);
    f->fmax = par_max(f->fx, f->n);
    f->min_at = par_min_index(f->x, f->n);
    f->max_at = par_max_index(f->x, f->n);
    f->fmin_at = par_min_index(f->fx, f->n);
    f->fmax_at = par_max_index(f->fx, f->n);
}

static void check_same_bits(void *ctx)
{
    const floats_t *wanted = ctx;
    floats_t got = *wanted;
    floats_fill(&got);
    expect(memcmp(&got.sum, &wanted->sum, sizeof(double)) == 0);
    expect(memcmp(&got.dot, &wanted->dot, sizeof(double)) == 0);
    expect(memcmp(&got.fsum, &wanted->fsum, sizeof(float)) == 0);
    expect(memcmp(&got.fdot, &wanted->fdot, sizeof(float)) == 0);
    expect(got.min == wanted->min && got.max == wanted->max);
    expect(got.fmin == wanted->fmin && got.fmax == wanted->fmax);
    expect(got.min_at == wanted->min_at && got.max_at == wanted->max_at);
    expect(got.fmin_at == wanted->fmin_at && got.fmax_at == wanted->fmax_at);
    double low, high;
    par_minmax(wanted->x, wanted->n, &low, &high);
    expect(low == wanted->min && high == wanted->max);
    expect(wanted->n == 0 || par_count(wanted->x, wanted->n, low) >= 1);
}

/* Against long double, with a bound that a pairwise sum keeps and a plain float sum would not. */
static void floats_check_serial(const floats_t *f)
{
    long double sum = 0, dot = 0, size = 0, dot_size = 0;
    double min = INFINITY, max = -INFINITY;
    for (size_t i = 0; i < f->n; i++) {
        sum += f->x[i];
        dot += (long double)f->x[i] * f->y[i];
        size += fabsl(f->x[i]);
        dot_size += fabsl((long double)f->x[i] * f->y[i]);
        min = fmin(min, f->x[i]);
        max = fmax(max, f->x[i]);
    }
    long double steps = 4096 / 32 + 40;
    assert_true(fabsl(f->sum - sum) <= steps * DBL_EPSILON * size);
    assert_true(fabsl(f->dot - dot) <= steps * DBL_EPSILON * dot_size);
    assert_true(fabsl(f->fsum - sum) <= steps * FLT_EPSILON * size);
    assert_true(fabsl(f->fdot - dot) <= steps * FLT_EPSILON * dot_size);
    assert_true(f->min == min && f->max == max);
    assert_true(f->fmin == (float)min && f->fmax == (float)max);
    if (f->n == 0) return;
    for (size_t i = 0; i < f->n; i++) {
        assert_true(i >= f->min_at || f->x[i] > min);
        assert_true(i >= f->max_at || f->x[i] < max);
        assert_true(i >= f->fmin_at || f->fx[i] > f->fmin);
        assert_true(i >= f->fmax_at || f->fx[i] < f->fmax);
    }
    assert_true(f->x[f->min_at] == min && f->x[f->max_at] == max);
    assert_true(f->fx[f->fmin_at] == f->fmin && f->fx[f->fmax_at] == f->fmax);
}

typedef struct arrays_t {
    double *x, *y;
    float *fx, *fy;
} arrays_t;

static arrays_t arrays_new(size_t n)
{
    arrays_t a = {malloc(n * sizeof(double)), malloc(n * sizeof(double)), malloc(n * sizeof(float)),
                  malloc(n * sizeof(float))};
    uint64_t seed = 11;
    for (size_t i = 0; i < n; i++) {
        a.x[i] = (double)(int64_t)random_next(&seed) * 0x1p-60;
        a.y[i] = (double)(int64_t)random_next(&seed) * 0x1p-63;
        a.fx[i] = (float)a.x[i];
        a.fy[i] = (float)a.y[i];
    }
    return a;
}

static void arrays_free(arrays_t *a)
{
    free(a->x);
    free(a->y);
    free(a->fx);
    free(a->fy);
}

static void floats(void **state)
{
    (void)state;
    arrays_t a = arrays_new(1000000);
    for (size_t s = 0; s < N_SIZES; s++) {
        floats_t f = {.x = a.x, .y = a.y, .fx = a.fx, .fy = a.fy, .n = sizes[s]};
        floats_fill(&f);
        floats_check_serial(&f);
        for (int run = 0; run < 5; run++)
            check_same_bits(&f);
        no_failures();
    }
    arrays_free(&a);
}

static void same_bits_on_any_number_of_workers(void **state)
{
    (void)state;
    static const unsigned workers[] = {1, 2, 3, 7, 64};
    arrays_t a = arrays_new(1000000);
    floats_t f = {.x = a.x, .y = a.y, .fx = a.fx, .fy = a.fy, .n = 1000000};
    floats_fill(&f);
    for (int run = 0; run < 100; run++)
        check_same_bits(&f);
    for (int round = 0; round < 5; round++)
        for (size_t w = 0; w < 5; w++)
            on_pool_of(workers[w], check_same_bits, &f);
    arrays_free(&a);
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* The order of the additions is part of the contract: par/lanes.h and par/split.md once more, in
 * plain scalar code. */
static double leaf_reference(const double *x, size_t n)
{
    double lane[32] = {0};
    for (size_t i = 0; i < n; i++)
        lane[i % 32] += x[i];
    for (size_t width = 16; width > 0; width /= 2)
        for (size_t l = 0; l < width; l++)
            lane[l] += lane[l + width];
    return lane[0];
}

static double tree_reference(const double *x, size_t n, size_t first, size_t last)
{
    if (last - first == 1) {
        size_t begin = first * 4096, end = begin + 4096 < n ? begin + 4096 : n;
        return leaf_reference(x + begin, end - begin);
    }
    size_t half = (last - first) / 2, mid = first + half;
    if (half >= 1024) mid &= ~(size_t)63;
    double left = tree_reference(x, n, first, mid);
    return left + tree_reference(x, n, mid, last);
}

static void order_of_additions_is_fixed(void **state)
{
    (void)state;
    arrays_t a = arrays_new(1000000);
    for (size_t s = 1; s < N_SIZES; s++) {
        size_t n = sizes[s];
        double wanted = tree_reference(a.x, n, 0, (n + 4095) / 4096);
        assert_true(bits_of(par_sum(a.x, n)) == bits_of(wanted));
    }
    arrays_free(&a);
}

/* The bits of every compiler, machine and vector width. They change only when the order of the
 * additions does, which the changelog then says. */
static void bits_of_record(void **state)
{
    (void)state;
    static const struct {
        size_t n;
        uint64_t sum, dot;
        uint32_t fsum, fdot;
    } record[] = {
        {1, 0xc0003a8344213de6u, 0x3ffad7a8cbec49b8u, 0xc001d41au, 0x3fd6bd46u},
        {7, 0x40229a756bfc69b7u, 0xc0063ae946aef1c4u, 0x4114d3acu, 0xc031d748u},
        {31, 0xc01cb154923c62fcu, 0x3fddb57661a80120u, 0xc0e58aa8u, 0x3eedabc0u},
        {33, 0xc015b15f23141432u, 0xbfffff610df3ce80u, 0xc0ad8afcu, 0xbffffb08u},
        {1000, 0xc044b8397ef9495eu, 0x4056b31fa5ebdc9cu, 0xc225c1cdu, 0x42b598fcu},
        {4097, 0xc04f180dc354bcffu, 0xc052323105ffcdd9u, 0xc278c05cu, 0xc2919188u},
        {10000, 0xc05d14d15d01e152u, 0xc0793ac7c9999ba7u, 0xc2e8a688u, 0xc3c9d63eu},
        {100003, 0xc08bfcfd4f12d0bau, 0xc083a2cb93d2992bu, 0xc45fe7f0u, 0xc41d1664u},
        {1000000, 0x407c89197b791f78u, 0xc091d7eda1fde3cdu, 0x43e448e0u, 0xc48ebf70u},
    };
    arrays_t a = arrays_new(1000000);
    for (size_t r = 0; r < sizeof record / sizeof record[0]; r++) {
        size_t n = record[r].n;
        float fsum = par_sum(a.fx, n), fdot = par_dot(a.fx, a.fy, n);
        uint32_t fsum_bits, fdot_bits;
        memcpy(&fsum_bits, &fsum, sizeof fsum);
        memcpy(&fdot_bits, &fdot, sizeof fdot);
        assert_int_equal(bits_of(par_sum(a.x, n)), record[r].sum);
        assert_int_equal(bits_of(par_dot(a.x, a.y, n)), record[r].dot);
        assert_int_equal(fsum_bits, record[r].fsum);
        assert_int_equal(fdot_bits, record[r].fdot);
    }
    arrays_free(&a);
}

static void nan_and_infinities(void **state)
{
    (void)state;
    static const size_t ns[] = {1, 15, 16, 17, 40, 8192, 8193, 100000};
    arrays_t a = arrays_new(100000);
    for (size_t k = 0; k < sizeof ns / sizeof ns[0]; k++) {
        size_t n = ns[k];
        for (size_t at = 0; at < n; at += n / 7 + 1) {
            double kept = a.x[at], last = a.x[n - 1];
            float fkept = a.fx[at];
            a.x[at] = NAN;
            a.fx[at] = -NAN;
            assert_true(isnan(par_min(a.x, n)) && isnan(par_max(a.x, n)) && isnan(par_sum(a.x, n)));
            assert_true(isnan(par_min(a.fx, n)) && isnan(par_max(a.fx, n)));
            assert_true(par_min_index(a.x, n) == at && par_max_index(a.fx, n) == at);
            assert_true(par_count(a.x, n, (double)NAN) == 0);
            double low, high;
            par_minmax(a.x, n, &low, &high);
            assert_true(isnan(low) && isnan(high));
            assert_true(bits_of(par_sum(a.x, n)) == bits_of(NAN));
            a.x[n - 1] = a.x[at] = -NAN;
            assert_true(par_max_index(a.x, n) == at);
            a.x[n - 1] = n - 1 == at ? a.x[at] : last;
            a.x[at] = -INFINITY;
            a.fx[at] = INFINITY;
            assert_true(par_min(a.x, n) == -INFINITY && par_max(a.fx, n) == INFINITY);
            assert_true(par_sum(a.x, n) == -INFINITY);
            a.x[at] = kept;
            a.fx[at] = fkept;
        }
    }
    arrays_free(&a);
    double zeros[] = {0.0, -0.0, -1.0, -1.0}, all_infinite[] = {INFINITY, INFINITY};
    assert_true(par_min_index(zeros, 2) == 0 && par_max_index(zeros + 1, 3) == 0);
    assert_true(par_min_index(zeros, 4) == 2 && par_count(zeros, 4, 0.0) == 2);
    assert_true(par_min_index(all_infinite, 2) == 0);
    assert_true(par_min(zeros, 2) == 0 && par_max(zeros, 2) == 0);
}

static void empty_arrays(void **state)
{
    (void)state;
    assert_true(par_sum((double *)NULL, 0) == 0 && par_sum((int *)NULL, 0) == 0);
    assert_true(par_dot((float *)NULL, (float *)NULL, 0) == 0);
    assert_true(par_min((double *)NULL, 0) == INFINITY && par_max((double *)NULL, 0) == -INFINITY);
    assert_true(par_min((int *)NULL, 0) == INT_MAX && par_max((unsigned *)NULL, 0) == 0);
    assert_true(par_min_index((double *)NULL, 0) == 0 && par_count((int *)NULL, 0, 3) == 0);
    double low = 1, high = 1;
    par_minmax((double *)NULL, 0, &low, &high);
    assert_true(low == INFINITY && high == -INFINITY);
    par_fill((double *)NULL, 0, 1.0);
    par_copy((double *)NULL, (const double *)NULL, 0);
}

static void check_fill_floats(void *ctx)
{
    (void)ctx;
    for (size_t s = 0; s < N_SIZES; s++) {
        size_t n = sizes[s];
        float *x = calloc(n + 1, sizeof *x), *y = calloc(n + 1, sizeof *y);
        par_fill(x, n, 1.5f);
        par_copy(y, x, n);
        for (size_t i = 0; i < n; i++)
            expect(x[i] == 1.5f && y[i] == 1.5f);
        expect(x[n] == 0 && y[n] == 0);
        free(x);
        free(y);
    }
}

static void fills_and_copies(void **state)
{
    (void)state;
    on_pools(check_fill_floats, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_char),
        cmocka_unit_test(integers_schar),
        cmocka_unit_test(integers_uchar),
        cmocka_unit_test(integers_short),
        cmocka_unit_test(integers_ushort),
        cmocka_unit_test(integers_int),
        cmocka_unit_test(integers_uint),
        cmocka_unit_test(integers_long),
        cmocka_unit_test(integers_ulong),
        cmocka_unit_test(integers_llong),
        cmocka_unit_test(integers_ullong),
        cmocka_unit_test(fixed_width_names_are_served),
        cmocka_unit_test(floats),
        cmocka_unit_test(same_bits_on_any_number_of_workers),
        cmocka_unit_test(order_of_additions_is_fixed),
        cmocka_unit_test(bits_of_record),
        cmocka_unit_test(nan_and_infinities),
        cmocka_unit_test(empty_arrays),
        cmocka_unit_test(fills_and_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
