/* select.c - the elements at the front of an order: nth, the first k sorted, the first k of an array that
 * stays as it is. */
#include <par/order.h>

#include <stdlib.h>
#include <string.h>

#include <par/for.h>

#include "room.h"
#include "sort_r.h"

/* ---- nth ---- */

static __attribute__((noinline)) void leaf_sort(const par__sorter_t *s, char *v, size_t n)
{
    _Alignas(64) char room[PAR__SORTER_STACK];
    s->kernel->sort(v, n, room, s->ctx);
}

/* Quickselect: divides, and goes on with the side that has k. */
static void nth(const par__sorter_t *s, char *v, size_t n, size_t k)
{
    size_t const size = s->size, leaf = PAR__SORTER_STACK / size;
    const char *before = NULL; /* what no element of v is less than */
    unsigned limit = 16;
    while (n > leaf && n > 1) {
        if (limit == 0 || size > PAR__SORTER_HOLD) {
            par__sorter_heap(s, v, n);
            return;
        }
        par__sorter_pivot(s, v, n);
        bool has_equals = before != NULL && !par__sorter_less(s, before, v);
        size_t mid = has_equals ? par__sorter_partition(s, v + size, n - 1, v, true) + 1
                                : par__sorter_divide(s, v, n);
        if (has_equals && k < mid) return; /* all of these are equal */
        if (k == mid && !has_equals) return;
        size_t n_less = mid;
        limit -= !has_equals && (mid < n / 8 || n - mid < n / 8);
        if (k < n_less) {
            n = n_less;
            continue;
        }
        size_t gone = has_equals ? mid : mid + 1;
        /* Once what equals it is gone, nothing does: what says so yet is no order, and not asked. */
        before = has_equals ? NULL : v + mid * size;
        v += gone * size;
        n -= gone;
        k -= gone;
    }
    if (n > 1) leaf_sort(s, v, n);
}

void par_nth_r(void *base, size_t n, size_t size, size_t k, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    PAR__MISUSE(n == 0 || k < n, "k is not less than n; there is no such element");
    if (k >= n || !par__sorter_fits(n, size)) return;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    nth(&s, base, n, k);
}

void par_nth_with(void *v, size_t n, size_t k, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    PAR__MISUSE(n == 0 || k < n, "k is not less than n; there is no such element");
    if (k >= n || !par__sorter_fits(n, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    nth(&s, v, n, k);
}

/* ---- the first k, sorted ---- */

static void sort_first(const par__sorter_t *s, char *v, size_t n, size_t k)
{
    if (k == 0) return;
    if (k < n) nth(s, v, n, k - 1);
    par__sorter_unstable(s, v, k < n ? k : n);
}

void par_sort_first_r(
    void *base, size_t n, size_t size, size_t k, par_compare_fn *compare, void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    if (n < 2 || !par__sorter_fits(n, size)) return;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    sort_first(&s, base, n, k);
}

void par_sort_first_with(void *v, size_t n, size_t k, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    if (n < 2 || !par__sorter_fits(n, kernel->size)) return;
    par__sorter_t s = {kernel, kernel->size, ctx};
    sort_first(&s, v, n, k);
}

/* ---- the first k of an array that stays ---- */

enum {
    TOP_BLOCKS = 4, /* a worker: each block finds its own best, k log(block / k) at least */
    TOP_BATCH = 256 /* elements that are compared with the worst of the best at once */
};

typedef struct top_t {
    const par__sorter_t *s;
    const char *v;
    size_t n, k, block, n_blocks;
    char *
        room; /* for each block 4 k elements: the best and the candidates, and as much to sort them */
} top_t;

/* Sorts the n elements in room; the k first of them stay. */
static size_t best_sort(const top_t *t, char *room, size_t n)
{
    t->s->kernel->sort(room, n, room + 2 * t->k * t->s->size, t->s->ctx);
    return n < t->k ? n : t->k;
}

/* The first k of a block, in order, to its room. A candidate is less than the worst of the best, and
 * later than all of them, so that stable sorts keep the earliest of equal ones. */
static void block_top(const top_t *t, size_t block)
{
    size_t const size = t->s->size, k = t->k;
    size_t at = block * t->block, end = block + 1 == t->n_blocks ? t->n : at + t->block;
    char *room = t->room + block * 4 * k * size, *const worst = room + (k - 1) * size;
    memcpy(room, t->v + at * size, k * size);
    size_t n_best = best_sort(t, room, k);
    for (at += k; at < end;) {
        size_t is_no_better[TOP_BATCH], n = end - at < TOP_BATCH ? end - at : TOP_BATCH;
        const char *items = t->v + at * size;
        t->s->kernel->bounds(is_no_better, items, n, worst, 1, 1, t->s->ctx);
        for (size_t i = 0; i < n; i++) {
            if (is_no_better[i]) continue;
            memcpy(room + n_best++ * size, items + i * size, size);
            if (n_best == 2 * k) n_best = best_sort(t, room, n_best);
        }
        at += n;
    }
    best_sort(t, room, n_best);
}

static void blocks_top(size_t begin, size_t end, void *ctx)
{
    for (size_t block = begin; block < end; block++)
        block_top(ctx, block);
}

/* false: no memory. */
static bool top_by_blocks(top_t *t, char *out)
{
    size_t bytes = t->k * t->s->size;
    size_t most = par_num_workers() > 1 ? TOP_BLOCKS * (size_t)par_num_workers() : 1;
    t->n_blocks = t->n / (4 * t->k) < most ? t->n / (4 * t->k) : most;
    t->block = t->n / t->n_blocks;
    t->room = par__room(t->n_blocks * 4 * bytes);
    if (t->room == NULL) return false;
    par_for_range(0, t->n_blocks, blocks_top, t, NULL);
    for (size_t block = 1; block < t->n_blocks; block++)
        memmove(t->room + block * bytes, t->room + block * 4 * bytes, bytes);
    par__sorter_stable(t->s, t->room, t->n_blocks * t->k);
    memcpy(out, t->room, bytes);
    free(t->room);
    return true;
}

static bool top_by_sort(const top_t *t, char *out)
{
    char *copy = par__room(t->n * t->s->size);
    if (copy == NULL) return false;
    memcpy(copy, t->v, t->n * t->s->size);
    par__sorter_stable(t->s, copy, t->n);
    memcpy(out, copy, t->k * t->s->size);
    free(copy);
    return true;
}

/* Without memory: each better element is put into its place among the best. */
static void top_in_place(const top_t *t, char *out)
{
    size_t const size = t->s->size;
    size_t n_best = 0;
    for (size_t i = 0; i < t->n; i++) {
        const char *item = t->v + i * size;
        if (n_best == t->k && !par__sorter_less(t->s, item, out + (t->k - 1) * size)) continue;
        size_t at = par__sorter_bound(t->s, out, n_best, item, true);
        if (at == t->k) continue; /* the comparisons contradict each other */
        if (n_best < t->k) n_best++;
        memmove(out + (at + 1) * size, out + at * size, (n_best - 1 - at) * size);
        memcpy(out + at * size, item, size);
    }
}

static size_t top(top_t *t, char *out)
{
    if (t->k > t->n) t->k = t->n;
    if (t->k == 0) return 0;
    bool is_done = t->k > t->n / 16 ? top_by_sort(t, out) : top_by_blocks(t, out);
    if (!is_done) top_in_place(t, out);
    return t->k;
}

#define CHECK_TOP(out, k)                                                                          \
    PAR__MISUSE((k) == 0 || (out) != NULL, "out is NULL; pass room for k elements")

size_t par_top_r(void *out,
                 size_t k,
                 const void *base,
                 size_t n,
                 size_t size,
                 par_compare_fn *compare,
                 void *ctx)
{
    PAR__CHECK_COMPARE(compare);
    PAR__CHECK_ARRAY(base, n, size);
    CHECK_TOP(out, k);
    if (n == 0 || !par__sorter_fits(n, size)) return 0;
    par__compare_t c = {compare, ctx, size};
    par__sorter_t s = par__sort_r_sorter(&c);
    top_t t = {.s = &s, .v = base, .n = n, .k = k};
    return top(&t, out);
}

size_t par_top_with(
    void *out, size_t k, const void *v, size_t n, const par_sort_kernel_t *kernel, void *ctx)
{
    PAR__CHECK_ARRAY(v, n, kernel->size);
    CHECK_TOP(out, k);
    if (n == 0 || !par__sorter_fits(n, kernel->size)) return 0;
    par__sorter_t s = {kernel, kernel->size, ctx};
    top_t t = {.s = &s, .v = v, .n = n, .k = k};
    return top(&t, out);
}
