/* test_random.c - random numbers by index: published vectors, pinned values, uniformity, independence.
 * Every seed is fixed, so a statistic is either always within its bounds or never. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"

enum { N = 1 << 20 };

static const par_random_t seed = {20260101};

/* ---- values ---- */

/* The vectors that the authors of Philox publish for 4x32-10 with their library, Random123. */
static void bits_are_philox(void **state)
{
    static const struct {
        uint64_t key, i, draw;
        uint32_t word[4];
    } known[] = {
        {0, 0, 0, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {UINT64_MAX, UINT64_MAX, UINT64_MAX, {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {0x299f31d0a4093822,
         0x85a308d3243f6a88,
         0x0370734413198a2e,
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };
    (void)state;
    for (size_t k = 0; k < 3; k++) {
        par_random_bits_t bits =
            par_random_bits(par_random_seed(known[k].key), known[k].i, known[k].draw);
        assert_memory_equal(bits.word, known[k].word, sizeof bits.word);
    }
}

/* What programs have stored must come out again in the next version. */
static void values_are_pinned(void **state)
{
    (void)state;
    par_random_t r = par_random_seed(42);
    assert_true(par_random_u64(r, 0) == 0x77f5493b9ceaf053);
    assert_true(par_random_u64(r, 1000) == 0xae44bf6cc7f39578);
    assert_true(par_random_double(r, 0) == 0x1.dfd524ee73abcp-2);
    assert_true(par_random_float(r, 0) == 0x1.dfd524p-2f);
    assert_true(par_random_pair(r, 7).y == 0x1.735badb8b903p-3);
    assert_int_equal(par_random_below(r, 3, 1000), 670);
    assert_true(par_random_below(r, 3, UINT64_MAX / 2 + 2) == 1790532057325434230u);
    assert_true(par_random_stream(r, 5).key == 0x0acee84ef5db2248);
    assert_true(par_random_normal(r, 0) == -0x1.54ac03c1a032ap-1);
    assert_true(par_random_normal(r, 12345) == -0x1.7c809df21be3dp-1);
}

static void forms_agree(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 100000; i++) {
        uint64_t u = par_random_u64(seed, i);
        double x = par_random_double(seed, i);
        assert_true(x == (double)(u >> 11) / 9007199254740992.0);
        assert_true(par_random_float(seed, i) == (float)(u >> 40) / 16777216.0f);
        assert_true(par_random_pair(seed, i).x == x);
    }
}

static void the_interval_is_half_open(void **state)
{
    (void)state;
    assert_true(par_random_unit(0, 0) == 0);
    assert_true(par_random_unit(0, 2047) == 0);
    assert_true(par_random_unit(0, 2048) == 0x1p-53);
    assert_true(par_random_unit(UINT32_MAX, UINT32_MAX) == 1 - 0x1p-53);
    assert_true(par_random_unit(0x80000000, 0) == 0.5);
}

/* a * b, bit by bit: not every target has integers of 128 bits. */
static uint64_t product_high(uint64_t a, uint64_t b, uint64_t *low)
{
    uint64_t high = 0;
    *low = 0;
    for (int bit = 63; bit >= 0; bit--) {
        high = high << 1 | *low >> 63;
        *low <<= 1;
        if ((b >> bit & 1) == 0) continue;
        *low += a;
        high += *low < a;
    }
    return high;
}

static void products_are_exact(void **state)
{
    static const uint64_t edges[] = {
        0, 1, 2, 0xffffffff, 0x100000000, 0x100000001, UINT64_MAX - 1, UINT64_MAX};
    (void)state;
    for (uint64_t i = 0; i < 20064; i++) {
        uint64_t a = i < 64 ? edges[i / 8] : par_random_u64(seed, i), low;
        uint64_t b = i < 64 ? edges[i % 8] : par_random_u64(seed, ~i);
        uint64_t expected, high = product_high(a, b, &expected);
        assert_true(par_random_product(a, b, &low) == high);
        assert_true(low == expected);
    }
}

/* ---- the same on any number of workers ---- */

typedef struct fill_t {
    double *x;
    par_random_t random;
} fill_t;

PAR_DEFINE_FOR(fill_random, fill_t, fill, i)
{
    fill.x[i] = par_random_double(fill.random, i) + (double)par_random_below(fill.random, i, 1000) +
                par_random_normal(fill.random, i);
}

static void check_fill(void *ctx)
{
    const double *serial = ctx;
    fill_t fill = {malloc(100000 * sizeof(double)), seed};
    fill_random(0, 100000, fill);
    expect(memcmp(fill.x, serial, 100000 * sizeof(double)) == 0);
    free(fill.x);
}

static void workers_do_not_matter(void **state)
{
    (void)state;
    double *serial = malloc(100000 * sizeof(double));
    fill_t fill = {serial, seed};
    for (size_t i = 0; i < 100000; i++)
        fill_random_item(fill, i);
    on_pools(check_fill, serial);
    free(serial);
}

/* ---- statistics ---- */

/* How far a chi-square statistic is from its mean, in standard deviations. */
static double chi_square(const unsigned *count, size_t n_bins, double n)
{
    double expected = n / (double)n_bins, sum = 0;
    for (size_t b = 0; b < n_bins; b++)
        sum += (count[b] - expected) * (count[b] - expected) / expected;
    double freedom = (double)n_bins - 1;
    return (sum - freedom) / sqrt(2 * freedom);
}

#define ASSERT_LIKELY(sigmas) assert_true(fabs(sigmas) < 4.5)

static void bytes_are_uniform(void **state)
{
    (void)state;
    static unsigned count[16][256];
    memset(count, 0, sizeof count);
    for (uint64_t i = 0; i < N; i++) {
        par_random_bits_t bits = par_random_bits(seed, i, 0);
        for (unsigned byte = 0; byte < 16; byte++)
            count[byte][bits.word[byte / 4] >> byte % 4 * 8 & 255]++;
    }
    for (unsigned byte = 0; byte < 16; byte++)
        ASSERT_LIKELY(chi_square(count[byte], 256, N));
}

/* A changed bit of index, draw or seed changes each bit of the result half the time. */
static void bits_avalanche(void **state)
{
    enum { TRIES = 2000 };
    (void)state;
    for (unsigned flip = 0; flip < 192; flip++) {
        unsigned changed[128] = {0};
        uint64_t at[3] = {0, 0, 0}; /* key, index, draw */
        at[flip / 64] = (uint64_t)1 << flip % 64;
        for (uint64_t i = 0; i < TRIES; i++) {
            par_random_t other = {seed.key ^ at[0]};
            par_random_bits_t a = par_random_bits(seed, i, 0);
            par_random_bits_t b = par_random_bits(other, i ^ at[1], at[2]);
            for (unsigned bit = 0; bit < 128; bit++)
                changed[bit] += (a.word[bit / 32] ^ b.word[bit / 32]) >> bit % 32 & 1;
        }
        for (unsigned bit = 0; bit < 128; bit++)
            assert_true(fabs(changed[bit] - TRIES / 2.0) < 5.5 * sqrt(TRIES / 4.0));
    }
}

static double stream_number(unsigned kind, uint64_t i)
{
    switch (kind) {
    case 0:
        return par_random_double(seed, i + 1);
    case 1:
        return par_random_double(seed, i + ((uint64_t)1 << 32));
    case 2:
        return par_random_double(par_random_seed(seed.key + 1), i);
    case 3:
        return par_random_double(par_random_stream(seed, 0), i);
    case 4:
        return par_random_pair(seed, i).y;
    default:
        return par_random_double(par_random_stream(seed, i), 0);
    }
}

/* Neighbours, far neighbours, other seeds, streams and halves tell nothing about a number: pairs fill
 * the square evenly and are not correlated. */
static void numbers_are_independent(void **state)
{
    (void)state;
    static unsigned count[32 * 32];
    for (unsigned kind = 0; kind < 6; kind++) {
        double sum = 0;
        memset(count, 0, sizeof count);
        for (uint64_t i = 0; i < N; i++) {
            double x = par_random_double(seed, i), y = stream_number(kind, i);
            count[(unsigned)(x * 32) * 32 + (unsigned)(y * 32)]++;
            sum += (x - 0.5) * (y - 0.5);
        }
        ASSERT_LIKELY(chi_square(count, 32 * 32, N));
        ASSERT_LIKELY(sum * 12 / sqrt(N));
    }
}

static int u64_compare(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void streams_differ(void **state)
{
    enum { STREAMS = 1 << 16 };
    (void)state;
    uint64_t *keys = malloc(STREAMS * sizeof *keys);
    for (uint64_t k = 0; k < STREAMS; k++) /* streams, and streams of streams */
        keys[k] = k % 2 ? par_random_stream(seed, k).key
                        : par_random_stream(par_random_stream(seed, k / 256), k % 256).key;
    qsort(keys, STREAMS, sizeof *keys, u64_compare);
    for (size_t k = 1; k < STREAMS; k++)
        assert_true(keys[k] != keys[k - 1]);
    free(keys);
}

static void bounded_numbers_have_no_bias(void **state)
{
    static const uint64_t small[] = {1, 2, 3, 5, 7, 10, 100, 1000, 1024};
    (void)state;
    for (size_t b = 0; b < sizeof small / sizeof small[0]; b++) {
        unsigned count[1024] = {0};
        for (uint64_t i = 0; i < N / 4; i++) {
            uint64_t x = par_random_below(seed, i, small[b]);
            assert_true(x < small[b]);
            count[x]++;
        }
        if (small[b] > 1) ASSERT_LIKELY(chi_square(count, small[b], N / 4));
    }
    /* Large ones, where a product without rejection would prefer some remainders by far. */
    static const uint64_t large[] = {(uint64_t)3 << 62, ((uint64_t)1 << 63) + 1, UINT64_MAX};
    for (size_t b = 0; b < 3; b++) {
        unsigned third[3] = {0}, part[64] = {0};
        for (uint64_t i = 0; i < N / 4; i++) {
            uint64_t x = par_random_below(seed, i, large[b]);
            assert_true(x < large[b]);
            third[x % 3]++;
            part[(unsigned)((double)x / (double)large[b] * 63.9999)]++;
        }
        ASSERT_LIKELY(chi_square(third, 3, N / 4));
        ASSERT_LIKELY(chi_square(part, 64, N / 4));
    }
    for (uint64_t i = 0; i < 100; i++)
        assert_true(par_random_below(seed, i, 0) == par_random_u64(seed, i));
}

static void normals_are_normal(void **state)
{
    (void)state;
    double sum[5] = {0};
    static unsigned count[64];
    for (uint64_t i = 0; i < N; i++) {
        double x = par_random_normal(seed, i), power = 1;
        par_random_pair_t pair = par_random_pair(seed, i);
        double by_libm = sqrt(-2 * log(pair.x + 0x1p-53)) * cos(6.283185307179586477 * pair.y);
        assert_true(fabs(x - by_libm) < 1e-14 * (1 + fabs(x)));
        for (int k = 1; k <= 4; k++)
            sum[k] += power *= x;
        double quantile = 0.5 * erfc(-x / sqrt(2.0));
        count[(unsigned)(quantile * 64) & 63]++;
    }
    ASSERT_LIKELY(sum[1] / sqrt(N));
    ASSERT_LIKELY((sum[2] - N) / sqrt(2.0 * N));
    ASSERT_LIKELY(sum[3] / sqrt(15.0 * N));
    ASSERT_LIKELY((sum[4] - 3.0 * N) / sqrt(96.0 * N));
    ASSERT_LIKELY(chi_square(count, 64, N));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_are_philox),
        cmocka_unit_test(values_are_pinned),
        cmocka_unit_test(forms_agree),
        cmocka_unit_test(the_interval_is_half_open),
        cmocka_unit_test(products_are_exact),
        cmocka_unit_test(workers_do_not_matter),
        cmocka_unit_test(bytes_are_uniform),
        cmocka_unit_test(bits_avalanche),
        cmocka_unit_test(numbers_are_independent),
        cmocka_unit_test(streams_differ),
        cmocka_unit_test(bounded_numbers_have_no_bias),
        cmocka_unit_test(normals_are_normal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
