/* move.c - reverse, rotate, gather, scatter: one loop each. */
#include <par/move.h>

#include <stdbool.h>

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

/* Two disjoint runs of as many elements. */
typedef struct runs_t {
    char *a, *b;
    size_t size;
} runs_t;

PAR_INLINE void runs_swap(const runs_t *runs, size_t begin, size_t end, size_t size)
{
    char *a = runs->a, *b = runs->b;
    for (size_t i = begin; i < end; i++)
        par__items_swap(a + i * size, b + i * size, size);
}

static void runs_range(size_t begin, size_t end, void *ctx)
{
    const runs_t *runs = ctx;
    PAR__BY_SIZE(runs_swap, runs->size, runs, begin, end)
}

/* Shorter parts are not worth the start of a loop for each time they are swapped. */
enum { SHORT_BYTES = 256 * 1024 };

/* Swapping the shorter part with the far end of the longer one brings it to its place, in one pass;
 * what is left is a rotation of the rest. When the shorter part is short, two reversals do what is left. */
void par_rotate(void *base, size_t n, size_t size, size_t first)
{
    PAR__ITEMS_CHECK(base, n, size);
    PAR__MISUSE(first <= n, "first is larger than n; pass the index of the element that is to be "
                            "the first one");
    char *at = base;
    size_t left = first % n, right = n - left;
    while ((left < right ? left : right) > SHORT_BYTES / size) {
        bool is_left = left <= right;
        size_t shorter = is_left ? left : right;
        runs_t runs = {at, at + (is_left ? right : left) * size, size};
        par_options_t options = move_options(2 * size);
        par_for_range(0, shorter, runs_range, &runs, &options);
        if (is_left) {
            right -= left;
        } else {
            at += right * size;
            left -= right;
        }
    }
    if (left == 0 || right == 0) return;
    par_reverse(at, left, size);
    par_reverse(at + left * size, right, size);
    par_reverse(at, left + right, size);
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

/* Asked for so many elements before they are needed: more misses under way than the core finds itself. */
enum { AHEAD = 24 };

/* The fields in variables of their own: bytes that are written may be those of *s, for all the compiler
 * knows. */
PAR_INLINE void items_gather(const spread_t *s, size_t begin, size_t end, size_t size)
{
    char *out = s->out;
    const char *in = s->in;
    const size_t *index = s->index, limit = s->limit;
    for (size_t i = begin; i < end; i++) {
        size_t from = index[i];
        if (end - i > AHEAD) __builtin_prefetch(in + index[i + AHEAD] * size);
        PAR__MISUSE(from < limit, BAD_INDEX);
        if (PAR_LIKELY(from < limit)) memcpy(out + i * size, in + from * size, size);
    }
}

PAR_INLINE void items_scatter(const spread_t *s, size_t begin, size_t end, size_t size)
{
    char *out = s->out;
    const char *in = s->in;
    const size_t *index = s->index, limit = s->limit;
    for (size_t i = begin; i < end; i++) {
        size_t to = index[i];
        if (end - i > AHEAD) __builtin_prefetch(out + index[i + AHEAD] * size, 1);
        PAR__MISUSE(to < limit, BAD_INDEX);
        if (PAR_LIKELY(to < limit)) memcpy(out + to * size, in + i * size, size);
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
    PAR__MISUSE(n_in > 0, "n_in is 0: no index is below it; pass what to gather from, or n = 0");
    PAR__ITEMS_CHECK(in, n_in, size);
    spread_t spread = {out, in, index, n_in, size};
    spread_run(gather_range, n, &spread);
}

void par_scatter(
    void *out, size_t n_out, const void *in, const size_t *index, size_t n, size_t size)
{
    PAR__ITEMS_CHECK(in, n, size);
    PAR__ITEMS_CHECK(index, n, sizeof *index);
    PAR__MISUSE(n_out > 0, "n_out is 0: no index is below it; pass room for elements, or n = 0");
    PAR__ITEMS_CHECK(out, n_out, size);
    spread_t spread = {out, in, index, n_out, size};
    spread_run(scatter_range, n, &spread);
}
