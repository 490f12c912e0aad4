/* test_exact.c - exact sums against an oracle: long addition, one bit in a byte. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"

/* ---- the oracle: magnitudes of positive and of negative elements, apart, bit by bit ---- */

enum { PLACES = 2300, BIAS = 1074 };

typedef unsigned char long_t[PLACES];

static void long_add(long_t sum, uint64_t m, int place)
{
    unsigned over = 0;
    for (int k = place; k < PLACES && (over || k < place + 64); k++) {
        unsigned bit = k < place + 64 ? m >> (k - place) & 1 : 0;
        unsigned s = sum[k] + bit + over;
        sum[k] = s & 1;
        over = s >> 1;
    }
}

static int long_compare(const long_t a, const long_t b)
{
    for (int k = PLACES; k-- > 0;)
        if (a[k] != b[k]) return a[k] < b[k] ? -1 : 1;
    return 0;
}

static void long_subtract(long_t a, const long_t b)
{
    int borrow = 0;
    for (int k = 0; k < PLACES; k++) {
        int d = a[k] - b[k] - borrow;
        borrow = d < 0;
        a[k] = (unsigned char)(d & 1);
    }
}

/* Rounded to so many bits above 2^least. long double holds every step of it. */
static double long_value(const long_t a, int precision, int least)
{
    int top = PLACES - 1;
    while (top >= 0 && !a[top])
        top--;
    if (top < 0) return 0;
    int end = top - precision + 1;
    if (end < least + BIAS) end = least + BIAS;
    double kept = 0;
    for (int k = top; k >= end; k--)
        kept = 2 * kept + a[k];
    if (end > 0 && end - 1 <= top && a[end - 1]) {
        int more = fmod(kept, 2) != 0;
        for (int k = 0; k < end - 1; k++)
            more |= a[k];
        kept += more;
    }
    return ldexp(kept, end - BIAS);
}

static double oracle_of(const double *x, size_t n, int precision, int least)
{
    static long_t plus, minus;
    memset(plus, 0, sizeof plus);
    memset(minus, 0, sizeof minus);
    for (size_t i = 0; i < n; i++) {
        int exponent;
        double fraction = frexp(fabs(x[i]), &exponent);
        /* |x| = m * 2^(place - BIAS), with a whole m */
        int place = exponent - 53 + BIAS, low = place < 0 ? -place : 0;
        uint64_t m = (uint64_t)ldexp(fraction, 53 - low);
        long_add(signbit(x[i]) ? minus : plus, m, place + low);
    }
    int order = long_compare(plus, minus);
    if (order < 0) {
        long_subtract(minus, plus);
        return -long_value(minus, precision, least);
    }
    long_subtract(plus, minus);
    return long_value(plus, precision, least);
}

static double oracle(const double *x, size_t n)
{
    return oracle_of(x, n, 53, -1074);
}

static float oracle_float(const float *x, size_t n)
{
    double *wide = malloc((n + 1) * sizeof *wide);
    for (size_t i = 0; i < n; i++)
        wide[i] = (double)x[i];
    double result = oracle_of(wide, n, 24, -149);
    free(wide);
    return (float)result; /* a float already, or beyond the range */
}

/* ---- inputs ---- */

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static float float_from_bits(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Doubles with exponents in [low, low + span) and any sign. */
static double random_double(uint64_t *seed, unsigned low, unsigned span)
{
    uint64_t r = random_next(seed), exponent = low + random_next(seed) % span;
    return from_bits((r & 0x800fffffffffffffu) | exponent << 52);
}

static float random_float(uint64_t *seed, unsigned low, unsigned span)
{
    uint32_t r = (uint32_t)random_next(seed), exponent = low + random_next(seed) % span;
    return float_from_bits((r & 0x807fffffu) | exponent << 23);
}

static void check_double(const double *x, size_t n)
{
    double got = par_sum_exact(x, n), wanted = oracle(x, n);
    assert_true(memcmp(&got, &wanted, sizeof got) == 0 || (got == 0 && wanted == 0));
    assert_false(got == 0 && signbit(got));
}

static void check_float(const float *x, size_t n)
{
    float got = par_sum_exact(x, n), wanted = oracle_float(x, n);
    assert_true(got == wanted);
    assert_false(got == 0 && signbit(got));
}

static const struct {
    unsigned low, span;
} ranges[] = {{1023, 1}, {1000, 40}, {900, 200}, {0, 2047}, {0, 3}, {2040, 7}, {1, 100}};

static void doubles(void **state)
{
    (void)state;
    uint64_t seed = 9;
    enum { MOST = 3000 };
    double x[MOST];
    for (size_t r = 0; r < sizeof ranges / sizeof ranges[0]; r++) {
        for (size_t n = 0; n < MOST; n = n < 40 ? n + 1 : n * 3 / 2) {
            for (size_t i = 0; i < n; i++)
                x[i] = random_double(&seed, ranges[r].low, ranges[r].span);
            check_double(x, n);
            /* Nearly everything cancels. */
            for (size_t i = n / 2; i < n; i++)
                x[i] = -x[i - n / 2];
            check_double(x, n);
        }
    }
}

static void floats(void **state)
{
    (void)state;
    static const struct {
        unsigned low, span;
    } spans[] = {{127, 1}, {100, 40}, {0, 255}, {0, 3}, {250, 5}};
    uint64_t seed = 10;
    enum { MOST = 3000 };
    float x[MOST];
    for (size_t r = 0; r < sizeof spans / sizeof spans[0]; r++) {
        for (size_t n = 0; n < MOST; n = n < 40 ? n + 1 : n * 3 / 2) {
            for (size_t i = 0; i < n; i++)
                x[i] = random_float(&seed, spans[r].low, spans[r].span);
            check_float(x, n);
            for (size_t i = n / 2; i < n; i++)
                x[i] = -x[i - n / 2];
            check_float(x, n);
        }
    }
}

/* Ties, and what lies just beside them, at every place of the format's border. */
static void rounding(void **state)
{
    (void)state;
    for (int e = -1074; e <= 1023; e += e > -1000 && e < 950 ? 61 : 1) {
        double one = ldexp(1, e), half = ldexp(1, e - 53), rest = 0x1p-1074;
        double tie[] = {one, half}, above[] = {one, half, rest}, below[] = {one, half, -rest};
        double odd[] = {one, half, half, half};
        check_double(tie, 2);
        check_double(above, 3);
        check_double(below, 3);
        check_double(odd, 4);
    }
    for (int e = -149; e <= 127; e++) {
        float one = ldexpf(1, e), half = ldexpf(1, e - 24), rest = 0x1p-149f;
        float tie[] = {one, half}, above[] = {one, half, rest}, below[] = {one, half, -rest};
        float odd[] = {one, half, half, half};
        check_float(tie, 2);
        check_float(above, 3);
        check_float(below, 3);
        check_float(odd, 4);
    }
}

static void range(void **state)
{
    (void)state;
    double between[] = {DBL_MAX, DBL_MAX, 1, -DBL_MAX, -DBL_MAX};
    assert_true(par_sum_exact(between, 5) == 1);
    double over[] = {DBL_MAX, DBL_MAX};
    assert_true(par_sum_exact(over, 2) == INFINITY);
    double edge[] = {DBL_MAX, 0x1p969}; /* less than half of the last place: stays */
    assert_true(par_sum_exact(edge, 2) == DBL_MAX);
    double tie[] = {DBL_MAX, 0x1p970};
    assert_true(par_sum_exact(tie, 2) == INFINITY);
    double under[] = {-DBL_MAX, -0x1p970, 0x1p-1074};
    assert_true(par_sum_exact(under, 3) == -DBL_MAX);
    float floats[] = {FLT_MAX, 0x1p103f}, near[] = {FLT_MAX, 0x1p102f};
    assert_true(par_sum_exact(floats, 2) == INFINITY && par_sum_exact(near, 2) == FLT_MAX);
    double zeros[] = {-0.0, -0.0};
    assert_true(par_sum_exact(zeros, 2) == 0 && !signbit(par_sum_exact(zeros, 2)));
    assert_true(par_sum_exact((double *)NULL, 0) == 0 && par_sum_exact((float *)NULL, 0) == 0);
}

static void not_finite(void **state)
{
    (void)state;
    enum { N = 20000 };
    double *x = malloc(N * sizeof *x);
    float *f = malloc(N * sizeof *f);
    for (size_t at = 0; at < N; at += at < 20 ? 1 : 1777) {
        for (size_t i = 0; i < N; i++)
            f[i] = (float)(x[i] = (double)i);
        x[at] = -INFINITY;
        f[at] = INFINITY;
        assert_true(par_sum_exact(x, N) == -INFINITY && par_sum_exact(f, N) == INFINITY);
        x[N - 1 - at] = INFINITY;
        f[N - 1 - at] = -INFINITY;
        assert_true(isnan(par_sum_exact(x, N)) && isnan(par_sum_exact(f, N)));
        x[at] = f[at] = 1;
        assert_true(par_sum_exact(x, N) == INFINITY && par_sum_exact(f, N) == -INFINITY);
        x[at] = f[at] = NAN;
        assert_true(isnan(par_sum_exact(x, N)) && isnan(par_sum_exact(f, N)));
    }
    free(x);
    free(f);
}

/* ---- order and workers do not count ---- */

typedef struct sums_t {
    const double *x;
    const float *f;
    size_t n;
    double wanted;
    float wanted_float;
} sums_t;

static void check_sums(void *ctx)
{
    const sums_t *s = ctx;
    double got = par_sum_exact(s->x, s->n);
    expect(memcmp(&got, &s->wanted, sizeof got) == 0);
    expect(par_sum_exact(s->f, s->n) == s->wanted_float);
}

static void order_and_workers(void **state)
{
    (void)state;
    static const unsigned workers[] = {1, 2, 3, 7, 64};
    enum { N = 50000 };
    uint64_t seed = 12;
    double *x = malloc(N * sizeof *x);
    float *f = malloc(N * sizeof *f);
    for (int wild = 0; wild < 2; wild++) {
        for (size_t i = 0; i < N; i++) {
            x[i] = wild ? random_double(&seed, 0, 2000) : random_double(&seed, 1000, 30);
            f[i] = wild ? random_float(&seed, 0, 240) : random_float(&seed, 110, 20);
        }
        sums_t s = {x, f, N, oracle(x, N), oracle_float(f, N)};
        for (int round = 0; round < 3; round++) {
            on_pools(check_sums, &s);
            for (size_t w = 0; w < 5; w++)
                on_pool_of(workers[w], check_sums, &s);
            for (size_t i = N - 1; i > 0; i--) {
                size_t j = random_next(&seed) % (i + 1);
                double t = x[i];
                float u = f[i];
                x[i] = x[j];
                f[i] = f[j];
                x[j] = t;
                f[j] = u;
            }
        }
    }
    free(x);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(doubles),    cmocka_unit_test(floats),
        cmocka_unit_test(rounding),   cmocka_unit_test(range),
        cmocka_unit_test(not_finite), cmocka_unit_test(order_and_workers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
