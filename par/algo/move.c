/* move.c - reverse, rotate, gather, scatter: one loop each. */
#include <par/move.h>

#include <par/for.h>

#include "items.h"

/* Blocks end at pages of an array that begins at one. */
enum { PAGE_BYTES = 4096 };

static par_options_t move_options(size_t size)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = size < PAGE_BYTES ? PAGE_BYTES / size : 1;
    options.item_ns = PAR__BYTE_MOVE_NS * (double)size;
    return options;
}

/* ---- reverse and rotate ---- */

typedef struct span_t {
    char *base;
    size_t n, size;
} span_t;

/* Swaps the elements begin <= i < end with those as far from the end. */
PAR_INLINE void ends_swap(const span_t *span, size_t begin, size_t end, size_t size)
{
    char *front = span->base, *back = span->base + (span->n - 1) * size;
    for (size_t i = begin; i < end; i++)
        par__items_swap(front + i * size, back - i * size, size);
}

static void ends_range(size_t begin, size_t end, void *ctx)
{
    const span_t *span = ctx;
    PAR__BY_SIZE(ends_swap, span->size, span, begin, end)
}

void par_reverse(void *base, size_t n, size_t size)
{
    PAR__ITEMS_CHECK(base, n, size);
    span_t span = {base, n, size};
    par_options_t options = move_options(size);
    par_for_range(0, n / 2, ends_range, &span, &options);
}

void par_rotate(void *base, size_t n, size_t size, size_t first)
{
    PAR__ITEMS_CHECK(base, n, size);
    PAR__MISUSE(first <= n, "first is larger than n; pass the index of the element that is to be "
                            "the first one");
    first %= n;
    if (first == 0) return;
    par_reverse(base, first, size);
    par_reverse((char *)base + first * size, n - first, size);
    par_reverse(base, n, size);
}

/* ---- gather and scatter ---- */

typedef struct spread_t {
    char *out;
    const char *in;
    const size_t *index;
    size_t limit; /* of the indices */
    size_t size;
} spread_t;

#define BAD_INDEX "an index is too large; pass indices below the number of elements"

PAR_INLINE void items_gather(const spread_t *s, size_t begin, size_t end, size_t size)
{
    for (size_t i = begin; i < end; i++) {
        size_t from = s->index[i];
        PAR__MISUSE(from < s->limit, BAD_INDEX);
        if (PAR_LIKELY(from < s->limit)) memcpy(s->out + i * size, s->in + from * size, size);
    }
}

PAR_INLINE void items_scatter(const spread_t *s, size_t begin, size_t end, size_t size)
{
    for (size_t i = begin; i < end; i++) {
        size_t to = s->index[i];
        PAR__MISUSE(to < s->limit, BAD_INDEX);
        if (PAR_LIKELY(to < s->limit)) memcpy(s->out + to * size, s->in + i * size, size);
    }
}

static void gather_range(size_t begin, size_t end, void *ctx)
{
    const spread_t *s = ctx;
    PAR__BY_SIZE(items_gather, s->size, s, begin, end)
}

static void scatter_range(size_t begin, size_t end, void *ctx)
{
    const spread_t *s = ctx;
    PAR__BY_SIZE(items_scatter, s->size, s, begin, end)
}

/* An element may cost a nanosecond or a miss of all caches: it is measured. */
static void spread_run(par_range_fn *range, size_t n, spread_t *s)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = s->size < PAGE_BYTES ? PAGE_BYTES / s->size : 1;
    par_for_range(0, n, range, s, &options);
}

void par_gather(void *out, const void *in, size_t n_in, const size_t *index, size_t n, size_t size)
{
    PAR__ITEMS_CHECK(out, n, size);
    PAR__ITEMS_CHECK(index, n, sizeof *index);
    PAR__ITEMS_CHECK(in, n_in, size);
    spread_t spread = {out, in, index, n_in, size};
    spread_run(gather_range, n, &spread);
}

void par_scatter(
    void *out, size_t n_out, const void *in, const size_t *index, size_t n, size_t size)
{
    PAR__ITEMS_CHECK(in, n, size);
    PAR__ITEMS_CHECK(index, n, sizeof *index);
    PAR__ITEMS_CHECK(out, n_out, size);
    spread_t spread = {out, in, index, n_out, size};
    spread_run(scatter_range, n, &spread);
}
