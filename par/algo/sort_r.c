/* sort_r.c - the public sorts, and the kernels of a comparison that is called: for common sizes of
 * elements, so that copies are single instructions, and for any size. */
#include <par/sort.h>

#include "sort_r.h"

static int compare_less(const void *a, const void *b, void *ctx)
{
    const par__compare_t *c = ctx;
    return c->compare(a, b, c->ctx) < 0;
}

/* bytes may use ctx. */
#define KERNEL_OF(name, bytes)                                                                     \
    static size_t name##_run(const char *v, size_t n, int is_down, void *ctx)                      \
    {                                                                                              \
        return par_kernel_run(v, n, is_down, bytes, compare_less, ctx);                            \
    }                                                                                              \
    static void name##_merge(char *out, const char *a, size_t n_a, const char *b, size_t n_b,      \
                             void *ctx)                                                            \
    {                                                                                              \
        par_kernel_merge(out, a, n_a, b, n_b, bytes, compare_less, ctx);                           \
    }                                                                                              \
    static void name##_sort(char *v, size_t n, char *room, void *ctx)                              \
    {                                                                                              \
        par_kernel_sort(v, n, room, bytes, compare_less, name##_merge, name##_run, ctx);           \
    }                                                                                              \
    static void name##_spread(const par_spread_t *s, void *ctx)                                    \
    {                                                                                              \
        par_kernel_spread(s, bytes, compare_less, ctx);                                            \
    }                                                                                              \
    static size_t name##_partition(char *v, size_t n, const char *pivot, char *hold, int is_upper, \
                                   void *ctx)                                                      \
    {                                                                                              \
        return par_kernel_partition(v, n, pivot, hold, is_upper, bytes, compare_less, ctx);        \
    }                                                                                              \
    static void name##_bounds(size_t *out, const char *keys, size_t n, const char *v, size_t n_v,  \
                              int is_upper, void *ctx)                                             \
    {                                                                                              \
        par_kernel_bounds(out, keys, n, v, n_v, is_upper, bytes, compare_less, ctx);               \
    }

#define TABLE_OF(name, bytes)                                                                      \
    {                                                                                              \
        bytes, compare_less, name##_run, name##_sort, name##_merge, name##_spread,                 \
            name##_partition, name##_bounds                                                        \
    }

KERNEL_OF(of_4, 4)
KERNEL_OF(of_8, 8)
KERNEL_OF(of_16, 16)
KERNEL_OF(of_any, (((const par__compare_t *)ctx)->size))

static const par_sort_kernel_t kernel_of_4 = TABLE_OF(of_4, 4);
static const par_sort_kernel_t kernel_of_8 = TABLE_OF(of_8, 8);
static const par_sort_kernel_t kernel_of_16 = TABLE_OF(of_16, 16);
static const par_sort_kernel_t kernel_of_any = TABLE_OF(of_any, 0);

par__sorter_t par__sort_r_sorter(par__compare_t *c)
{
    const par_sort_kernel_t *kernel = c->size == 4    ? &kernel_of_4
                                      : c->size == 8  ? &kernel_of_8
                                      : c->size == 16 ? &kernel_of_16
                                                      : &kernel_of_any;
    return (par__sorter_t){kernel, c->size, c};
}

void par_sort_r(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    if (n < 2 || !par__sorter_fits(n, size)) return;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    par__sorter_stable(&s, base, n);
}

void par_sort_r_unstable(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    if (n < 2 || !par__sorter_fits(n, size)) return;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    par__sorter_unstable(&s, base, n);
}

void par_sort_with(void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    if (n < 2 || !par__sorter_fits(n, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    par__sorter_stable(&s, v, n);
}

void par_sort_with_unstable(void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    if (n < 2 || !par__sorter_fits(n, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    par__sorter_unstable(&s, v, n);
}
