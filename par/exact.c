/* exact.c - exact sums: leaves are summed in two numbers a lane for as long as these hold all bits, and
 * in a wide fixed-point number from there (wide.h). The order does not matter, so neither do the
 * size of a leaf and the number of lanes. */
#include <par/exact.h>

#include <par/reduce.h>

#include "lanes.h"
#include "misuse.h"
#include "wide.h"

enum { LEAF = 8192 };

/* What an element costs when the lanes hold it. */
static const double item_ns = 0.4;

typedef struct array_t {
    const par__lanes_t *lanes;
    const void *x;
} array_t;

/* Where the lanes do not hold the bits, elements go to the wide number one by one: twice as many each
 * time, lest the lanes be tried in vain again and again. */
enum { ALONE_MIN = 8, ALONE_MAX = 4096, WORTH_IT = 512 };

#define DEFINE_EXACT(name, type)                                                                   \
    static void name##_fold_all(par__wide_t *w, const par__lanes_t *lanes, const type *x,          \
                                size_t n)                                                          \
    {                                                                                              \
        size_t alone = ALONE_MIN;                                                                  \
        for (size_t i = 0; i < n;) {                                                               \
            double part[PAR__EXPANSION_PARTS];                                                     \
            size_t done = lanes->expand_##name(x + i, n - i, part);                                \
            for (size_t k = 0; k < PAR__EXPANSION_PARTS; k++)                                      \
                if (part[k] != 0) par__wide_add(w, part[k]);                                       \
            i += done;                                                                             \
            for (size_t k = 0; k < alone && i < n; k++, i++)                                       \
                par__wide_add(w, (double)x[i]);                                                    \
            alone = done >= WORTH_IT ? ALONE_MIN : alone < ALONE_MAX ? alone * 2 : ALONE_MAX;      \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void name##_fold(void *acc, size_t begin, size_t end, void *ctx)                        \
    {                                                                                              \
        const array_t *a = ctx;                                                                    \
        name##_fold_all(acc, a->lanes, (const type *)a->x + begin, end - begin);                   \
    }                                                                                              \
                                                                                                   \
    type par_sum_exact_##name(const type *x, size_t n)                                             \
    {                                                                                              \
        PAR__MISUSE(x != NULL || n == 0, "x is NULL; pass the array, or n = 0");                   \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        par__wide_t w = {.adds = 0};                                                               \
        array_t a = {par__lanes(), x};                                                             \
        par_options_t options = PAR_OPTIONS_INIT;                                                  \
        options.grain = LEAF;                                                                      \
        options.item_ns = item_ns;                                                                 \
        if (n <= LEAF)                                                                             \
            name##_fold_all(&w, a.lanes, x, n);                                                    \
        else                                                                                       \
            par_reduce(0, n, &w, sizeof w, name##_fold, wide_combine, &a, &options);               \
        return par__wide_##name(&w);                                                               \
    }

static void wide_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    par__wide_merge(left, right);
}

DEFINE_EXACT(double, double)
DEFINE_EXACT(float, float)
