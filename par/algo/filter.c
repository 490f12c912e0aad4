/* filter.c - filters of arrays of any element size. */
#include <par/filter.h>

#include <stdlib.h>
#include <string.h>

#include <par/for.h>

#include "items.h"
#include "keep.h"
#include "misuse.h"
#include "pack_lanes.h"

typedef struct elements_t {
    const par__pack_lanes_t *lanes;
    char *out, *rest; /* of those that are kept, of the others */
    const char *in;
    size_t size;
    par_test_each_fn *test;
    void *ctx;
} elements_t;

static void
items_put(const elements_t *e, char *out, const uint64_t *bits, size_t begin, size_t end)
{
    par__pack(e->lanes, out, e->in + begin * e->size, e->size, bits, end - begin);
}

static void elements_keep(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx)
{
    const elements_t *e = ctx;
    items_put(e, e->out + place * e->size, bits, begin, end);
}

/* One after another: what is not kept, of items of which so many before are kept. */
static void elements_leave(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx)
{
    const elements_t *e = ctx;
    for (size_t rest = begin - place; begin < end; bits += PAR__KEEP_BLOCK / 64) {
        uint64_t others[PAR__KEEP_BLOCK / 64];
        size_t n = end - begin < PAR__KEEP_BLOCK ? end - begin : PAR__KEEP_BLOCK;
        for (size_t w = 0; w < par__pack_words(n); w++)
            others[w] = ~bits[w];
        if (n % 64 != 0) others[n / 64] &= ((uint64_t)1 << n % 64) - 1;
        size_t count = par__pack_count(others, n);
        if (count > 0) items_put(e, e->rest + rest * e->size, others, begin, begin + n);
        rest += count;
        begin += n;
    }
}

static void elements_part(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx)
{
    if (par__pack_count(bits, end - begin) > 0) elements_keep(place, bits, begin, end, ctx);
    elements_leave(place, bits, begin, end, ctx);
}

/* The test of an element at a time. */
static void elements_test(unsigned char *flags, size_t begin, size_t end, void *ctx)
{
    const elements_t *e = ctx;
    for (size_t i = begin; i < end; i++)
        flags[i - begin] = e->test(e->in + i * e->size, e->ctx) != 0;
}

/* Whether function has elements. */
static bool is_array(const char *function, const void *in, size_t n, size_t size)
{
    bool fits = par__array_exists(n, size);
    PAR__MISUSE_OF(function, in != NULL || n == 0, "in is NULL; pass the array, or n = 0");
    PAR__MISUSE_OF(function, size > 0 || n == 0, "size is 0; pass the bytes of an element");
    PAR__MISUSE_OF(function, fits, "n * size is above PTRDIFF_MAX; no array is that large");
    (void)in;
    return n > 0 && size > 0 && fits;
}

static par__keep_t keep_elements(elements_t *e, size_t n)
{
    e->lanes = par__pack_lanes();
    return (par__keep_t){.n = n,
                         .item_bytes = e->size,
                         .kept = elements_keep,
                         .kept_ctx = e,
                         .is_in_place = e->out == e->in};
}

size_t
par_filter_by(void *out, const void *in, size_t n, size_t size, par_flags_fn *flags, void *ctx)
{
    PAR__MISUSE(flags != NULL, "flags is NULL; pass the function that tests a block of items");
    if (!is_array(__func__, in, n, size)) return 0;
    elements_t e = {.out = out, .in = in, .size = size};
    par__keep_t keep = keep_elements(&e, n);
    keep.flags = flags;
    keep.flags_ctx = ctx;
    return par__keep_run(&keep);
}

size_t
par_filter(void *out, const void *in, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, "test is NULL; pass the function that tests an element");
    if (!is_array(__func__, in, n, size)) return 0;
    elements_t e = {.in = in, .size = size, .test = test, .ctx = ctx};
    return par_filter_by(out, in, n, size, elements_test, &e);
}

size_t par_pack(void *out, const void *in, size_t n, size_t size, const void *flags)
{
    PAR__MISUSE(flags != NULL || n == 0, "flags is NULL; pass a byte for each element, or n = 0");
    if (!is_array(__func__, in, n, size)) return 0;
    elements_t e = {.out = out, .in = in, .size = size};
    par__keep_t keep = keep_elements(&e, n);
    keep.given = flags;
    return par__keep_run(&keep);
}

/* ---- indices ---- */

typedef struct indices_t {
    const par__pack_lanes_t *lanes;
    size_t *out;
} indices_t;

_Static_assert(sizeof(size_t) == 8 || sizeof(size_t) == 4, "indices are packed by their width");

/* The indices of 64 items are made in the first cache, and those that are kept moved. */
static void indices_keep(size_t place, const uint64_t *bits, size_t begin, size_t end, void *ctx)
{
    const indices_t *x = ctx;
    size_t *out = x->out + place;
    for (size_t i = begin; i < end; i += 64, bits++) {
        size_t index[64];
        if (*bits == 0) continue;
        for (size_t j = 0; j < 64; j++)
            index[j] = i + j;
        par__pack(x->lanes, out, index, sizeof *index, bits, 64);
        out += __builtin_popcountll(*bits);
    }
}

static size_t indices_run(size_t *out, size_t n, par_flags_fn *flags, void *ctx, const void *given)
{
    indices_t x = {par__pack_lanes(), out};
    par__keep_t keep = {.n = n,
                        .item_bytes = sizeof(size_t),
                        .flags = flags,
                        .flags_ctx = ctx,
                        .given = given,
                        .kept = indices_keep,
                        .kept_ctx = &x};
    return par__keep_run(&keep);
}

size_t par_filter_index_by(size_t *out, size_t n, par_flags_fn *flags, void *ctx)
{
    PAR__MISUSE(flags != NULL, "flags is NULL; pass the function that tests a block of items");
    PAR__LIMIT_ITEMS(n, char);
    return indices_run(out, n, flags, ctx, NULL);
}

size_t par_pack_index(size_t *out, const void *flags, size_t n)
{
    PAR__MISUSE(flags != NULL || n == 0, "flags is NULL; pass a byte for each item, or n = 0");
    PAR__LIMIT_ITEMS(n, char);
    return indices_run(out, n, NULL, NULL, flags);
}

size_t par_filter_blocks(size_t n, par_flags_fn *flags, par_kept_fn *kept, void *ctx)
{
    PAR__MISUSE(flags != NULL, "flags is NULL; pass the function that tests a block of items");
    PAR__MISUSE(kept != NULL, "kept is NULL; pass the function that writes what is kept");
    PAR__LIMIT_ITEMS(n, char);
    par__keep_t keep = {
        .n = n, .item_bytes = 8, .flags = flags, .flags_ctx = ctx, .kept = kept, .kept_ctx = ctx};
    return par__keep_run(&keep);
}

/* ---- partitions ---- */

/* Into one array: where the others begin is known when all items were tested. The tests and the moves
 * are a loop each. */
typedef struct split_t {
    elements_t *e;
    par_flags_fn *flags;
    void *ctx;
    size_t n, kept;
    uint64_t *bits;
    size_t *place; /* how many are kept before each block; first: of each */
} split_t;

static size_t block_end(const split_t *s, size_t block)
{
    size_t begin = block * PAR__KEEP_BLOCK;
    return s->n - begin < PAR__KEEP_BLOCK ? s->n : begin + PAR__KEEP_BLOCK;
}

static void split_test(size_t first, size_t last, void *ctx)
{
    const split_t *s = ctx;
    for (size_t b = first; b < last; b++) {
        _Alignas(64) unsigned char flags[PAR__KEEP_BLOCK];
        size_t begin = b * PAR__KEEP_BLOCK, end = block_end(s, b);
        s->flags(flags, begin, end, s->ctx);
        s->place[b] = s->e->lanes->bits(s->bits + begin / 64, flags, end - begin);
    }
}

static void split_move(size_t first, size_t last, void *ctx)
{
    const split_t *s = ctx;
    for (size_t b = first; b < last; b++) {
        size_t begin = b * PAR__KEEP_BLOCK;
        elements_part(s->place[b], s->bits + begin / 64, begin, block_end(s, b), s->e);
    }
}

/* false: no memory, nothing was done. */
static bool split_run(split_t *s)
{
    size_t blocks = s->n / PAR__KEEP_BLOCK + (s->n % PAR__KEEP_BLOCK != 0);
    s->bits = malloc(par__pack_words(s->n) * sizeof *s->bits + blocks * sizeof *s->place);
    if (s->bits == NULL) return false;
    s->place = (size_t *)(void *)(s->bits + par__pack_words(s->n));
    par_for_range(0, blocks, split_test, s, NULL);
    for (size_t b = 0; b < blocks; b++) {
        size_t count = s->place[b];
        s->place[b] = s->kept;
        s->kept += count;
    }
    s->e->rest = s->e->out + s->kept * s->e->size;
    par_for_range(0, blocks, split_move, s, NULL);
    free(s->bits);
    return true;
}

/* Without memory: the others from the end down, then turned round. */
static size_t split_alone(const split_t *s)
{
    size_t size = s->e->size, kept = 0, rest = s->n;
    for (size_t begin = 0; begin < s->n; begin += PAR__KEEP_BLOCK) {
        unsigned char flags[PAR__KEEP_BLOCK];
        size_t end = block_end(s, begin / PAR__KEEP_BLOCK);
        s->flags(flags, begin, end, s->ctx);
        for (size_t i = begin; i < end; i++) {
            size_t to = flags[i - begin] ? kept++ : --rest;
            memcpy(s->e->out + to * size, s->e->in + i * size, size);
        }
    }
    for (size_t low = kept, high = s->n; high - low > 1; low++, high--)
        par__items_swap(s->e->out + low * size, s->e->out + (high - 1) * size, size);
    return kept;
}

/* The two verbs below: function is the one that was called. */
static size_t
partition(const char *function, elements_t *e, size_t n, par_flags_fn *flags, void *flags_ctx)
{
    bool is_in = e->out == e->in || e->rest == e->in, is_none = e->out == NULL && e->rest == NULL;
    PAR__MISUSE_OF(function, !is_in, "a result is in; partition into other arrays");
    PAR__MISUSE_OF(function, !is_none,
                   "yes and no are NULL; pass an array, with no = NULL for both");
    if (is_in || is_none) return 0;
    par__keep_t keep = keep_elements(e, n);
    if (e->rest == NULL) {
        split_t split = {.e = e, .flags = flags, .ctx = flags_ctx, .n = n};
        return split_run(&split) ? split.kept : split_alone(&split);
    }
    keep.flags = flags;
    keep.flags_ctx = flags_ctx;
    keep.kept = elements_part;
    keep.wants_all = true;
    size_t kept = par__keep_run(&keep);
    /* They may meet where one of them has no elements: that is known now. */
    PAR__MISUSE_OF(function, e->out != e->rest || kept == 0 || kept == n,
                   "yes and no are the same array; pass no = NULL to have both in yes");
    return kept;
}

size_t par_partition_by(
    void *yes, void *no, const void *in, size_t n, size_t size, par_flags_fn *flags, void *ctx)
{
    PAR__MISUSE(flags != NULL, "flags is NULL; pass the function that tests a block of items");
    if (!is_array(__func__, in, n, size)) return 0;
    elements_t e = {.out = yes, .rest = no, .in = in, .size = size};
    return partition(__func__, &e, n, flags, ctx);
}

size_t par_partition(
    void *yes, void *no, const void *in, size_t n, size_t size, par_test_each_fn *test, void *ctx)
{
    PAR__MISUSE(test != NULL, "test is NULL; pass the function that tests an element");
    if (!is_array(__func__, in, n, size)) return 0;
    elements_t e = {.out = yes, .rest = no, .in = in, .size = size, .test = test, .ctx = ctx};
    return partition(__func__, &e, n, elements_test, &e);
}
