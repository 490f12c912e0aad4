/* test_extreme.c - the least and the greatest item, by key and by comparison, against plain loops, on every
 * size of pool. */
#include <math.h>
#include <stdlib.h>

#include "on_pools.h"
#include "random_next.h"

typedef struct offer_t {
    double price;
    int shop;
} offer_t;

PAR_DEFINE_MIN_BY_KEY(cheapest, double, const offer_t *, offer, i)
{
    return offer[i].price;
}

PAR_DEFINE_MAX_BY_KEY(dearest, double, const offer_t *, offer, i)
{
    return offer[i].price;
}

PAR_DEFINE_MIN_BY_KEY(first_shop, int, const offer_t *, offer, i)
{
    return offer[i].shop;
}

PAR_DEFINE_BEST(best, offer_t, a, b)
{
    return a->price < b->price || (a->price == b->price && a->shop < b->shop);
}

/* ctx counts the calls. */
static int price_order(const void *a, const void *b, void *ctx)
{
    double p = ((const offer_t *)a)->price, q = ((const offer_t *)b)->price;
    __atomic_fetch_add((size_t *)ctx, 1, __ATOMIC_RELAXED);
    return p < q ? -1 : p > q;
}

static void check_comparisons(const offer_t *x, size_t n, size_t min, size_t max)
{
    size_t least = 99, greatest = 99, n_calls = 0, n_needed = n > 0 ? n - 1 : 0;
    expect(par_min_by(x, n, sizeof *x, price_order, &n_calls) == min && n_calls == n_needed);
    n_calls = 0;
    expect(par_max_by(x, n, sizeof *x, price_order, &n_calls) == max && n_calls == n_needed);
    n_calls = 0;
    par_minmax_by(x, n, sizeof *x, price_order, &n_calls, &least, &greatest);
    expect(least == min && greatest == max && n_calls <= 2 * n_needed);
}

static void check_offers(void *ctx)
{
    static const size_t sizes[] = {0, 1, 2, 3, 63, 64, 65, 1000, 4097, 100000};
    offer_t *x = calloc(100000, sizeof *x);
    uint64_t seed = 11;
    (void)ctx;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        size_t n = sizes[s], min = 0, max = 0, good = 0, low_shop = 0;
        for (size_t i = 0; i < n; i++) {
            x[i].price = (double)(random_next(&seed) % (s % 2 ? 5 : 1000000));
            x[i].shop = (int)(random_next(&seed) % 1000) - 500;
            if (x[i].price < x[min].price) min = i;
            if (x[i].price > x[max].price) max = i;
            if (x[i].shop < x[low_shop].shop) low_shop = i;
            if (best_is_better(x + i, x + good)) good = i;
        }
        expect(cheapest(0, n, x) == min && dearest(0, n, x) == max);
        expect(first_shop(0, n, x) == low_shop && best(x, n) == good);
        check_comparisons(x, n, min, max);
    }
    free(x);
}

static void the_first_of_equally_good_ones(void **state)
{
    (void)state;
    on_pools(check_offers, NULL);
}

/* Of part of an array, of nothing, and with NaN, the first of which is the answer. */
static void check_ranges(void *ctx)
{
    enum { N = 5000 };
    offer_t *x = calloc(N, sizeof *x);
    (void)ctx;
    for (size_t i = 0; i < N; i++)
        x[i].price = (double)(i * 7919 % N);
    expect(cheapest(0, N, x) == 0 && x[cheapest(1, N, x)].price == 1);
    expect(cheapest(4, 4, x) == 4 && cheapest(9, 4, x) == 4);
    x[70].price = x[90].price = (double)NAN;
    expect(cheapest(0, N, x) == 70 && dearest(0, N, x) == 70 && dearest(80, N, x) == 90);
    free(x);
}

static void ranges_and_nans(void **state)
{
    (void)state;
    on_pools(check_ranges, NULL);
}

/* An order that is none: an answer from the array, the same on every pool. */
static int lies(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const unsigned *x = a, *y = b;
    return (int)((*x * 2654435761u ^ *y * 40503u) >> 7 & 3) - 1;
}

static size_t lie[2];
static int has_lie;

static void check_lies(void *ctx)
{
    unsigned *x = malloc(50000 * sizeof *x);
    (void)ctx;
    for (unsigned i = 0; i < 50000; i++)
        x[i] = i;
    size_t min = par_min_by(x, 50000, sizeof *x, lies, NULL);
    size_t max = par_max_by(x, 50000, sizeof *x, lies, NULL);
    if (!has_lie) {
        lie[0] = min;
        lie[1] = max;
        has_lie = 1;
    }
    expect(min < 50000 && max < 50000 && min == lie[0] && max == lie[1]);
    free(x);
}

static void an_order_that_is_none_gives_one_answer(void **state)
{
    (void)state;
    on_pools(check_lies, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_of_equally_good_ones),
        cmocka_unit_test(ranges_and_nans),
        cmocka_unit_test(an_order_that_is_none_gives_one_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
