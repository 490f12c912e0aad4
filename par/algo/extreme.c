/* extreme.c - the first least and the first greatest element by a comparison: reductions to an
 * index. */
#include <par/extreme.h>

#include <stdbool.h>

#include "misuse.h"

typedef struct order_t {
    const char *base;
    size_t size;
    par_compare_fn *compare;
    void *ctx;
} order_t;

/* Which extremes so far; NOWHERE: none yet. Of min and max one may not be asked for. */
typedef struct extremes_t {
    size_t min, max;
} extremes_t;

#define NOWHERE SIZE_MAX

static int items_compare(const order_t *order, size_t i, size_t k)
{
    return order->compare(order->base + i * order->size, order->base + k * order->size, order->ctx);
}

/* Is what lies at i, behind all others so far, better? */
static void min_take(const order_t *order, size_t *min, size_t i)
{
    if (*min == NOWHERE || items_compare(order, i, *min) < 0) *min = i;
}

static void max_take(const order_t *order, size_t *max, size_t i)
{
    if (*max == NOWHERE || items_compare(order, *max, i) < 0) *max = i;
}

static void min_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        min_take(ctx, acc, i);
}

static void min_combine(void *left, const void *right, void *ctx)
{
    size_t i = *(const size_t *)right;
    if (i != NOWHERE) min_take(ctx, left, i);
}

static void max_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        max_take(ctx, acc, i);
}

static void max_combine(void *left, const void *right, void *ctx)
{
    size_t i = *(const size_t *)right;
    if (i != NOWHERE) max_take(ctx, left, i);
}

static void minmax_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    extremes_t *extremes = acc;
    for (size_t i = begin; i < end; i++) {
        min_take(ctx, &extremes->min, i);
        max_take(ctx, &extremes->max, i);
    }
}

static void minmax_combine(void *left, const void *right, void *ctx)
{
    extremes_t *a = left;
    const extremes_t *b = right;
    min_combine(&a->min, &b->min, ctx);
    max_combine(&a->max, &b->max, ctx);
}

/* n becomes 0 for an array that cannot exist. */
#define ITEMS_CHECK(base, n, size, compare)                                                        \
    PAR__MISUSE(compare != NULL, "compare is NULL; pass the function that compares two elements"); \
    PAR__MISUSE(base != NULL || n == 0, "base is NULL; pass the array, or n = 0");                 \
    PAR__MISUSE(par__array_exists(n, size),                                                        \
                "n * size is above PTRDIFF_MAX; no array has so many items");                      \
    if (!par__array_exists(n, size)) n = 0

size_t par_min_by(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    ITEMS_CHECK(base, n, size, compare);
    order_t order = {base, size, compare, ctx};
    size_t min = NOWHERE;
    par_reduce(0, n, &min, sizeof min, min_fold, min_combine, &order, NULL);
    return n == 0 ? 0 : min;
}

size_t par_max_by(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    ITEMS_CHECK(base, n, size, compare);
    order_t order = {base, size, compare, ctx};
    size_t max = NOWHERE;
    par_reduce(0, n, &max, sizeof max, max_fold, max_combine, &order, NULL);
    return n == 0 ? 0 : max;
}

void par_minmax_by(const void *base,
                   size_t n,
                   size_t size,
                   par_compare_fn *compare,
                   void *ctx,
                   size_t *min,
                   size_t *max)
{
    PAR__MISUSE(min != NULL && max != NULL, "min or max is NULL; pass where the results go");
    ITEMS_CHECK(base, n, size, compare);
    order_t order = {base, size, compare, ctx};
    extremes_t extremes = {NOWHERE, NOWHERE};
    par_reduce(0, n, &extremes, sizeof extremes, minmax_fold, minmax_combine, &order, NULL);
    *min = n == 0 ? 0 : extremes.min;
    *max = n == 0 ? 0 : extremes.max;
}
