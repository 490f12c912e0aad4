/* order.c - what needs no selection: is_sorted, merge, bounds, unique. */
#include <par/order.h>

#include <string.h>

#include <par/for.h>
#include <par/join.h>

#include "sort_r.h"

/* ---- is_sorted ---- */

int par_is_sorted_r(const void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    if (n < 2 || !par__sorter_fits(n, size)) return 1;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    return par__sorter_run(&s, base, n, false) == n;
}

int par_is_sorted_with(const void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    if (n < 2 || !par__sorter_fits(n, kernel->size)) return 1;
    par__sorter_t s = {kernel, kernel->size, ctx};
    return par__sorter_run(&s, v, n, false) == n;
}

/* ---- merge ---- */

/* Whether out, a and b can exist. */
static bool merge_fits(size_t n_a, size_t n_b, size_t size)
{
    size_t n;
    return !__builtin_add_overflow(n_a, n_b, &n) && par__sorter_fits(n, size);
}

#define CHECK_MERGE(out, a, n_a, b, n_b, size)                                                     \
    PAR__MISUSE(((n_a) == 0 || (a) != NULL) && ((n_b) == 0 || (b) != NULL),                        \
                "an array is NULL; pass it, or no elements");                                      \
    PAR__MISUSE((out) != NULL || ((n_a) == 0 && (n_b) == 0),                                       \
                "out is NULL; pass room for n_a + n_b elements");                                  \
    PAR__MISUSE((size) > 0 || ((n_a) == 0 && (n_b) == 0),                                          \
                "size is 0; pass the bytes of an element");                                        \
    PAR__MISUSE((size) == 0 || merge_fits(n_a, n_b, size),                                         \
                "(n_a + n_b) * size is above PTRDIFF_MAX; no array is that large")

static void merge_checked(
    const par__sorter_t *s, void *out, const void *a, size_t n_a, const void *b, size_t n_b)
{
    if (n_a == 0 || n_b == 0)
        memcpy(out, n_a > 0 ? a : b, (n_a + n_b) * s->size);
    else
        par__sorter_merge(s, out, a, n_a, b, n_b);
}

void par_merge_r(void *out,
                 const void *a,
                 size_t n_a,
                 const void *b,
                 size_t n_b,
                 size_t size,
                 par_compare_fn *compare,
                 void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    CHECK_MERGE(out, a, n_a, b, n_b, size);
    if ((n_a == 0 && n_b == 0) || !merge_fits(n_a, n_b, size)) return;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    merge_checked(&s, out, a, n_a, b, n_b);
}

void par_merge_with(void *out,
                    const void *a,
                    size_t n_a,
                    const void *b,
                    size_t n_b,
                    const par_sort_kernel_t *kernel,
                    void *ctx)
{
    CHECK_MERGE(out, a, n_a, b, n_b, kernel->size);
    if ((n_a == 0 && n_b == 0) || !merge_fits(n_a, n_b, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    merge_checked(&s, out, a, n_a, b, n_b);
}

/* ---- bounds ---- */

typedef struct lookup_t {
    const par__sorter_t *s;
    size_t *out;
    const char *keys, *v;
    size_t n;
    int is_upper;
} lookup_t;

static void lookup_range(size_t begin, size_t end, void *ctx)
{
    const lookup_t *l = ctx;
    l->s->kernel->bounds(l->out + begin, l->keys + begin * l->s->size, end - begin, l->v, l->n,
                         l->is_upper, l->s->ctx);
}

static void lookup_all(const lookup_t *l, size_t n_keys)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 8; /* that many are looked up at once */
    par_for_range(0, n_keys, lookup_range, (void *)(uintptr_t)l, &options);
}

#define CHECK_LOOKUP(out, keys, n_keys, base, n, size)                                             \
    PAR__CHECK_ARRAY(base, n, size);                                                               \
    PAR__MISUSE((n_keys) == 0 || ((keys) != NULL && (out) != NULL),                                \
                "keys or out is NULL; pass the arrays, or n_keys = 0");                            \
    PAR__MISUSE((n_keys) == 0 || (size) > 0, "size is 0; pass the bytes of an element");           \
    PAR__MISUSE((size) == 0 || lookup_fits(n_keys, n, size),                                       \
                "n_keys * size is above PTRDIFF_MAX; no array is that large")

static bool lookup_fits(size_t n_keys, size_t n, size_t size)
{
    return par__sorter_fits(n_keys, size) && par__sorter_fits(n_keys, sizeof(size_t)) &&
           par__sorter_fits(n, size);
}

static void bounds_r(size_t *out,
                     const void *keys,
                     size_t n_keys,
                     const void *base,
                     size_t n,
                     int is_upper,
                     par__compare_t *c)
{
    if (n_keys == 0 || !lookup_fits(n_keys, n, c->size)) return;
    par__sorter_t s = par__sort_r_sorter(c);
    lookup_t l = {&s, out, keys, base, n, is_upper};
    lookup_all(&l, n_keys);
}

void par_lower_bounds_r(size_t *out,
                        const void *keys,
                        size_t n_keys,
                        const void *base,
                        size_t n,
                        size_t size,
                        par_compare_fn *compare,
                        void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    CHECK_LOOKUP(out, keys, n_keys, base, n, size);
    bounds_r(out, keys, n_keys, base, n, 0, &(par__compare_t){compare, ctx, size});
}

void par_upper_bounds_r(size_t *out,
                        const void *keys,
                        size_t n_keys,
                        const void *base,
                        size_t n,
                        size_t size,
                        par_compare_fn *compare,
                        void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    CHECK_LOOKUP(out, keys, n_keys, base, n, size);
    bounds_r(out, keys, n_keys, base, n, 1, &(par__compare_t){compare, ctx, size});
}

void par_bounds_with(size_t *out,
                     const void *keys,
                     size_t n_keys,
                     const void *v,
                     size_t n,
                     int is_upper,
                     const par_sort_kernel_t *kernel,
                     void *ctx)
{
    CHECK_LOOKUP(out, keys, n_keys, v, n, kernel->size);
    if (n_keys == 0 || !lookup_fits(n_keys, n, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    lookup_t l = {&s, out, keys, v, n, is_upper};
    lookup_all(&l, n_keys);
}

/* ---- unique ---- */

/* Each level of halves moves what stays of its right half, so there are only as many parts as workers need. */
enum { UNIQUE_LEAF = 4096 /* elements at least */, UNIQUE_LEAVES = 4 /* a worker */ };

typedef struct removal_t {
    char *v;
    size_t n, size, leaf;
    bool has_before;
    par_unique_fn *remove;
    void *ctx;
    size_t n_kept; /* out */
} removal_t;

/* The last element of a part moves only if one before it went, and then nothing is written to its place:
 * so the neighbour on the right, which compares with it, may do so at any time. */
static void removal_task(void *ctx)
{
    removal_t *r = ctx;
    if (r->n <= r->leaf) {
        r->n_kept = r->remove(r->v, r->n, r->has_before, r->ctx);
        return;
    }
    size_t half = r->n / 2;
    removal_t low = *r, high = *r;
    low.n = half;
    high.v += half * r->size;
    high.n -= half;
    high.has_before = true;
    par_join(removal_task, &low, removal_task, &high);
    if (low.n_kept < half) memmove(r->v + low.n_kept * r->size, high.v, high.n_kept * r->size);
    r->n_kept = low.n_kept + high.n_kept;
}

size_t par_unique_with(void *v, size_t n, size_t size, par_unique_fn *remove, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, size);
    if (n == 0 || !par__sorter_fits(n, size)) return 0;
    size_t workers = n > UNIQUE_LEAF ? par_num_workers() : 1;
    size_t leaf = workers == 1 ? n : n / (UNIQUE_LEAVES * workers);
    if (leaf < UNIQUE_LEAF) leaf = UNIQUE_LEAF;
    removal_t all = {v, n, size, leaf, false, remove, ctx, 0};
    removal_task(&all);
    return all.n_kept;
}

static size_t remove_compared(void *v, size_t n, int has_before, void *ctx)
{
    const par__compare_t *c = ctx;
    size_t size = c->size, n_kept = 0;
    char *base = v;
    for (size_t i = 0; i < n; i++) {
        const char *item = base + i * size;
        if ((i > 0 || has_before) && c->compare(item - size, item, c->ctx) == 0) continue;
        if (n_kept < i) memcpy(base + n_kept * size, item, size);
        n_kept++;
    }
    return n_kept;
}

size_t par_unique_r(void *base, size_t n, size_t size, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    par__compare_t c = {compare, ctx, size};
    return par_unique_with(base, n, size, remove_compared, &c);
}
