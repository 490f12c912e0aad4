/* test_equal.c - the first number that is equal, or where two arrays differ, against plain loops: numbers of
 * every type, bytes, structs, on every size of pool. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "on_pools.h"
#include "random_next.h"

/* ---- numbers ---- */

#define CHECK_NUMBER(name, type, sum_type)                                                         \
    static void check_##name(void *ctx)                                                            \
    {                                                                                              \
        static const size_t sizes[] = {0, 1, 2, 15, 64, 1023, 1025, 5000, 70001, 300000};          \
        type *x = malloc(300001 * sizeof(type)), *y = malloc(300001 * sizeof(type));               \
        uint64_t seed = 9;                                                                         \
        (void)ctx;                                                                                 \
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {                                \
            size_t n = sizes[s];                                                                   \
            for (size_t i = 0; i <= n; i++)                                                        \
                y[i] = x[i] = (type)(random_next(&seed) % 50);                                     \
            x[n] = y[n] = (type)99;                                                                \
            expect(par_find(x, n, (type)99) == n && par_mismatch(x, y, n) == n);                   \
            expect(par_equal(x, y, n) && par_equal_bytes(x, y, n * sizeof(type)));                 \
            if (n == 0) continue;                                                                  \
            for (unsigned round = 0; round < 6; round++) {                                         \
                size_t at = round == 0   ? 0                                                       \
                            : round == 1 ? n - 1                                                   \
                                         : (size_t)(random_next(&seed) % n);                       \
                size_t later = at + (size_t)(random_next(&seed) % (n - at));                       \
                type kept = x[at], kept_later = x[later];                                          \
                x[at] = x[later] = (type)77;                                                       \
                expect(par_find((const type *)x, n, (type)77) == at);                              \
                expect(par_mismatch(x, (const type *)y, n) == at && !par_equal(x, y, n));          \
                size_t byte = par_mismatch_bytes(x, y, n * sizeof(type));                          \
                expect(byte / sizeof(type) == at);                                                 \
                expect(((char *)x)[byte] != ((char *)y)[byte]);                                    \
                expect(memcmp(x, y, byte) == 0 && !par_equal_bytes(x, y, n * sizeof(type)));       \
                x[at] = kept;                                                                      \
                x[later] = later == at ? kept : kept_later;                                        \
            }                                                                                      \
        }                                                                                          \
        free(x);                                                                                   \
        free(y);                                                                                   \
    }                                                                                              \
                                                                                                   \
    static void numbers_##name(void **state)                                                       \
    {                                                                                              \
        (void)state;                                                                               \
        on_pools(check_##name, NULL);                                                              \
    }

PAR_NUMBER_MAP(CHECK_NUMBER)

static void check_zeros_and_nans(void *ctx)
{
    double *x = malloc(100000 * sizeof *x), *y = malloc(100000 * sizeof *y);
    (void)ctx;
    for (size_t n = 100; n <= 100000; n *= 10) {
        for (size_t i = 0; i < n; i++)
            x[i] = y[i] = 1;
        x[n / 2] = 0.0;
        y[n / 2] = -0.0;
        expect(par_find(x, n, -0.0) == n / 2 && par_find(y, n, 0.0) == n / 2);
        expect(par_equal(x, y, n) && !par_equal_bytes(x, y, n * sizeof *x));
        x[n / 3] = y[n / 3] = (double)NAN;
        expect(par_find(x, n, (double)NAN) == n);
        expect(par_mismatch(x, y, n) == n / 3 && par_mismatch(x, x, n) == n / 3);
    }
    free(x);
    free(y);
}

static void zeros_are_equal_and_nans_are_not(void **state)
{
    (void)state;
    on_pools(check_zeros_and_nans, NULL);
}

/* ---- structs ---- */

typedef struct offer_t {
    double price;
    int shop, is_new;
} offer_t;

PAR_DEFINE_EQUAL(offers, offer_t, offer_t, a, b)
{
    return a.price == b.price && a.shop == b.shop;
}

static int same_shop(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return ((const offer_t *)a)->shop == *(const int *)b;
}

static void check_offers(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 1000, 4097, 100000};
    offer_t *x = calloc(100000, sizeof *x), *y = calloc(100000, sizeof *y);
    int *shop = calloc(100000, sizeof *shop);
    uint64_t seed = 11;
    (void)ctx;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s];
        for (size_t i = 0; i < n; i++) {
            x[i] = y[i] = (offer_t){(double)(random_next(&seed) % 50), (int)(i % 1000) - 500, 0};
            y[i].is_new = 1; /* does not count */
            shop[i] = x[i].shop;
        }
        expect(offers_equal(x, y, n) && offers_mismatch(x, y, n) == n);
        expect(par_mismatch_by(x, sizeof *x, shop, sizeof *shop, n, same_shop, NULL) == n);
        for (unsigned round = 0; n > 0 && round < 4; round++) {
            size_t at = (size_t)(random_next(&seed) % n);
            size_t later = at + (size_t)(random_next(&seed) % (n - at));
            y[at].shop += 1000;
            shop[at]++;
            if (later > at) {
                y[later].price += 1000;
                shop[later]++;
            }
            expect(!offers_equal(x, y, n) && offers_mismatch(x, y, n) == at);
            expect(par_mismatch_by(x, sizeof *x, shop, sizeof *shop, n, same_shop, NULL) == at);
            y[at] = x[at];
            y[later] = x[later];
            shop[at] = x[at].shop;
            shop[later] = x[later].shop;
        }
    }
    free(x);
    free(y);
    free(shop);
}

static void structs_differ_where_their_equality_says(void **state)
{
    (void)state;
    on_pools(check_offers, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define X(name, type, sum_type) cmocka_unit_test(numbers_##name),
        PAR_NUMBER_MAP(X)
#undef X
            cmocka_unit_test(zeros_are_equal_and_nans_are_not),
        cmocka_unit_test(structs_differ_where_their_equality_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
