/* test_lanes.c - every path of par/lanes.h that this machine can run gives the bits of the portable
 * one: all number types, all lengths around the rows, unaligned. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "random_next.h"

#include "../par/lanes.h"

enum { MOST = 5000 };

static const size_t long_ones[] = {1000, 1023, 4096, 4999};

/* All lengths up to five rows of bytes, then some. */
static size_t length_at(size_t k)
{
    return k < 1300 ? k : long_ones[k - 1300];
}
enum { N_LENGTHS = 1300 + sizeof long_ones / sizeof long_ones[0] };

/* Few values, so that some are counted and found; floating point: of very different size. */
#define RANDOM(type, seed)                                                                         \
    _Generic((type)0, float                                                                        \
             : (float)random_real(seed), double                                                    \
             : random_real(seed), default                                                          \
             : random_next(seed) >> 40)

static double random_real(uint64_t *seed)
{
    uint64_t r = random_next(seed);
    double x = (double)(int64_t)(r << 20) * 0x1p-50;
    return (r >> 60) == 0 ? x * 0x1p20 : (r >> 60) == 1 ? 0.0 : (r >> 60) == 2 ? -0.0 : x;
}

#define SAME(a, b) (memcmp(&(a), &(b), sizeof(a)) == 0)

#define DEFINE_CHECK(name, type, sum_type)                                                         \
    static void check_##name(const par__lanes_t *path, const type *x, const type *y, size_t n)     \
    {                                                                                              \
        const par__lanes_t *plain = &par__lanes_portable;                                          \
        sum_type sum = path->sum_##name(x, n), plain_sum = plain->sum_##name(x, n);                \
        assert_true(SAME(sum, plain_sum));                                                         \
        sum = path->dot_##name(x, y, n);                                                           \
        plain_sum = plain->dot_##name(x, y, n);                                                    \
        assert_true(SAME(sum, plain_sum));                                                         \
        type start = (type)3;                                                                      \
        type min = path->min_##name(start, x, n), plain_min = plain->min_##name(start, x, n);      \
        type max = path->max_##name(start, x, n), plain_max = plain->max_##name(start, x, n);      \
        assert_true(SAME(min, plain_min) && SAME(max, plain_max));                                 \
        type low = start, high = start;                                                            \
        path->minmax_##name(&low, &high, x, n);                                                    \
        assert_true(n == 0 || (SAME(low, min) && SAME(high, max)));                                \
        type wanted = n > 0 ? x[n * 3 / 4] : (type)0;                                              \
        assert_true(path->count_##name(x, n, wanted) == plain->count_##name(x, n, wanted));        \
        assert_true(path->find_##name(x, n, wanted) == plain->find_##name(x, n, wanted));          \
        size_t first = 0, count = 0;                                                               \
        for (size_t i = n; i-- > 0;) {                                                             \
            if (x[i] != wanted) continue;                                                          \
            first = i;                                                                             \
            count++;                                                                               \
        }                                                                                          \
        assert_true(n == 0 || path->find_##name(x, n, wanted) == first);                           \
        assert_true(path->count_##name(x, n, wanted) == count);                                    \
    }                                                                                              \
                                                                                                   \
    static void paths_agree_##name(void **state)                                                   \
    {                                                                                              \
        (void)state;                                                                               \
        const par__lanes_t *paths[PAR__LANES_PATHS + 1];                                           \
        par__lanes_list(paths);                                                                    \
        assert_ptr_equal(paths[0], par__lanes());                                                  \
        type *x = malloc((MOST + 3) * sizeof *x), *y = malloc((MOST + 3) * sizeof *y);             \
        uint64_t seed = 5;                                                                         \
        for (size_t i = 0; i < MOST + 3; i++) {                                                    \
            x[i] = (type)RANDOM(type, &seed);                                                      \
            y[i] = (type)RANDOM(type, &seed);                                                      \
        }                                                                                          \
        for (size_t p = 0; paths[p] != NULL; p++)                                                  \
            for (size_t k = 0; k < N_LENGTHS; k++)                                                 \
                check_##name(paths[p], x + k % 4, y + k % 3, length_at(k));                        \
        free(x);                                                                                   \
        free(y);                                                                                   \
    }
PAR_NUMBER_MAP(DEFINE_CHECK)

/* The start of an exact sum: as many elements, in the same numbers. */
static void expansions_agree(void **state)
{
    (void)state;
    const par__lanes_t *paths[PAR__LANES_PATHS + 1];
    par__lanes_list(paths);
    double x[MOST], part[PAR__EXPANSION_PARTS], plain[PAR__EXPANSION_PARTS];
    float f[MOST];
    uint64_t seed = 6;
    for (size_t i = 0; i < MOST; i++) {
        x[i] = random_real(&seed);
        f[i] = (float)x[i];
    }
    for (size_t round = 0; round < 3; round++) {
        for (size_t p = 0; paths[p] != NULL; p++) {
            for (size_t k = 0; k < N_LENGTHS; k++) {
                size_t n = length_at(k), done = par__lanes_portable.expand_double(x, n, plain);
                assert_true(done <= n && (round > 0 || done + 8 > n));
                assert_true(paths[p]->expand_double(x, n, part) == done);
                assert_memory_equal(part, plain, sizeof part);
                done = par__lanes_portable.expand_float(f, n, plain);
                assert_true(paths[p]->expand_float(f, n, part) == done);
                assert_memory_equal(part, plain, sizeof part);
            }
        }
        x[100] = round == 0 ? 1e300 : __builtin_inf();
        f[200] = round == 0 ? 1e38f : __builtin_nanf("");
    }
}

/* A counter as narrow as the elements would overflow. */
static void counts_beyond_a_byte(void **state)
{
    (void)state;
    const par__lanes_t *paths[PAR__LANES_PATHS + 1];
    par__lanes_list(paths);
    size_t n = 20000000;
    unsigned char *x = calloc(n, 1);
    for (size_t p = 0; paths[p] != NULL; p++) {
        assert_true(paths[p]->count_uchar(x, n - 1, 0) == n - 1);
        assert_true(paths[p]->count_schar((signed char *)x, n - 1, 0) == n - 1);
        assert_true(paths[p]->count_short((short *)(void *)x, n / 2 - 1, 0) == n / 2 - 1);
        assert_true(paths[p]->count_ushort((unsigned short *)(void *)x, n / 2, 1) == 0);
    }
    free(x);
}

/* A NaN anywhere, also in the part of a row, and infinities beside it. */
static void nan_is_noticed(void **state)
{
    (void)state;
    const par__lanes_t *paths[PAR__LANES_PATHS + 1];
    par__lanes_list(paths);
    double x[200];
    float f[200];
    for (size_t p = 0; paths[p] != NULL; p++) {
        for (size_t n = 1; n < 200; n++) {
            for (size_t at = 0; at < n; at++) {
                for (size_t i = 0; i < n; i++) {
                    x[i] = i == at ? -__builtin_nan("") : i % 7 ? (double)i : -__builtin_inf();
                    f[i] = (float)x[i];
                }
                double low = 1, high = 1;
                float flow = 1, fhigh = 1;
                paths[p]->minmax_double(&low, &high, x, n);
                paths[p]->minmax_float(&flow, &fhigh, f, n);
                assert_true(low != low && high != high && flow != flow && fhigh != fhigh);
                double min = paths[p]->min_double(0, x, n), max = paths[p]->max_double(0, x, n);
                float fmin = paths[p]->min_float(0, f, n), fmax = paths[p]->max_float(0, f, n);
                assert_true(min != min && max != max && fmin != fmin && fmax != fmax);
                assert_true(paths[p]->find_double(x, n, low) == at);
                assert_true(paths[p]->find_float(f, n, flow) == at);
            }
        }
        x[0] = 5;
        double min = paths[p]->min_double(__builtin_nan(""), x, 1);
        assert_true(min != min);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define X(name, type, sum_type) cmocka_unit_test(paths_agree_##name),
        PAR_NUMBER_MAP(X)
#undef X
            cmocka_unit_test(expansions_agree),
        cmocka_unit_test(counts_beyond_a_byte),
        cmocka_unit_test(nan_is_noticed),
    };
    const par__lanes_t *paths[PAR__LANES_PATHS + 1];
    par__lanes_list(paths);
    for (size_t p = 0; paths[p] != NULL; p++)
        printf("path %s\n", paths[p]->name);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
