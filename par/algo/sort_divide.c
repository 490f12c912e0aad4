/* sort_divide.c - a pivot, and the elements on its two sides: a step of the unstable sort and of the
 * selection.
 *
 * A large array is divided in chunks, each in itself, at the same time; then what stands on the wrong
 * side of the border is exchanged, in parallel too. Chunks depend on the size of the array alone, so
 * the outcome is the same on any number of workers. */
#include "sorter.h"

#include <string.h>

#include <par/for.h>

enum {
    CHUNK_BYTES = 1 << 20,
    MIN_CHUNKS =
        8, /* below that one worker divides it faster than several that wait for each other */
    MAX_CHUNKS = 64,
    MAX_SAMPLE = 63
};

static __attribute__((noinline)) size_t
partition(const par__sorter_t *s, char *v, size_t n, const char *pivot, bool is_upper)
{
    _Alignas(64) char hold[PAR__SORTER_HOLD];
    return s->kernel->partition(v, n, pivot, hold, is_upper, s->ctx);
}

/* ---- the pivot ---- */

static size_t sample_for(size_t n)
{
    if (n < 64) return 3;
    if (n < 8192) return 9;
    return n < 65536 ? 15 : MAX_SAMPLE;
}

void par__sorter_pivot(const par__sorter_t *s, char *v, size_t n)
{
    char *sample[MAX_SAMPLE];
    size_t n_sample = sample_for(n), part = n / n_sample;
    uint64_t random = n;
    if (part == 0) return;
    for (size_t i = 0; i < n_sample; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        char *item = v + (i * part + (size_t)(random >> 33) % part) * s->size;
        size_t k = i;
        for (; k > 0 && par__sorter_less(s, item, sample[k - 1]); k--)
            sample[k] = sample[k - 1];
        sample[k] = item;
    }
    if (sample[n_sample / 2] != v) par__sorter_swap(v, sample[n_sample / 2], s->size);
}

/* ---- chunks ---- */

typedef struct chunks_t {
    const par__sorter_t *s;
    char *v;
    const char *pivot;
    size_t n, n_chunks, chunk;
    bool is_upper;
    size_t border;               /* how many belong to the front, in all */
    size_t front[MAX_CHUNKS];    /* how many of each chunk do */
    size_t high[MAX_CHUNKS + 1]; /* how many before this chunk are to move to the back, */
    size_t low[MAX_CHUNKS + 1];  /* and to the front */
} chunks_t;

static size_t chunk_begin(const chunks_t *c, size_t i)
{
    return i * c->chunk;
}

static size_t chunk_end(const chunks_t *c, size_t i)
{
    return i + 1 == c->n_chunks ? c->n : (i + 1) * c->chunk;
}

static void chunks_divide(size_t begin, size_t end, void *ctx)
{
    chunks_t *c = ctx;
    for (size_t i = begin; i < end; i++)
        c->front[i] = partition(c->s, c->v + chunk_begin(c, i) * c->s->size,
                                chunk_end(c, i) - chunk_begin(c, i), c->pivot, c->is_upper);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* Elements of the back that chunk i has before the border: [*begin, *begin + result). */
static size_t wrong_high(const chunks_t *c, size_t i, size_t *begin)
{
    *begin = chunk_begin(c, i) + c->front[i];
    size_t end = chunk_end(c, i) < c->border ? chunk_end(c, i) : c->border;
    return end > *begin ? end - *begin : 0;
}

/* Elements of the front that it has behind the border. */
static size_t wrong_low(const chunks_t *c, size_t i, size_t *begin)
{
    size_t end = chunk_begin(c, i) + c->front[i];
    *begin = larger(chunk_begin(c, i), c->border);
    return end > *begin ? end - *begin : 0;
}

static void borders_sum(chunks_t *c)
{
    size_t begin;
    c->border = 0;
    for (size_t i = 0; i < c->n_chunks; i++)
        c->border += c->front[i];
    c->high[0] = c->low[0] = 0;
    for (size_t i = 0; i < c->n_chunks; i++) {
        c->high[i + 1] = c->high[i] + wrong_high(c, i, &begin);
        c->low[i + 1] = c->low[i] + wrong_low(c, i, &begin);
    }
}

/* The chunk that has number `at` of those that sums counts. */
static size_t chunk_of(const size_t *sums, size_t at)
{
    size_t i = 0;
    while (sums[i + 1] <= at)
        i++;
    return i;
}

/* Exchanges the wrong ones with the numbers begin to end. */
static void wrong_swap(size_t begin, size_t end, void *ctx)
{
    const chunks_t *c = ctx;
    while (begin < end) {
        size_t h = chunk_of(c->high, begin), l = chunk_of(c->low, begin), at_h, at_l;
        wrong_high(c, h, &at_h);
        wrong_low(c, l, &at_l);
        at_h += begin - c->high[h];
        at_l += begin - c->low[l];
        size_t stop = c->high[h + 1] < c->low[l + 1] ? c->high[h + 1] : c->low[l + 1];
        if (stop > end) stop = end;
        par__sorter_swap(c->v + at_h * c->s->size, c->v + at_l * c->s->size,
                         (stop - begin) * c->s->size);
        begin = stop;
    }
}

size_t
par__sorter_partition(const par__sorter_t *s, char *v, size_t n, const char *pivot, bool is_upper)
{
    size_t n_chunks = n / (CHUNK_BYTES / s->size + 1);
    if (n_chunks < MIN_CHUNKS) return partition(s, v, n, pivot, is_upper);
    chunks_t c = {.s = s, .v = v, .pivot = pivot, .n = n, .is_upper = is_upper};
    c.n_chunks = n_chunks > MAX_CHUNKS ? MAX_CHUNKS : n_chunks;
    c.chunk = n / c.n_chunks;
    par_for_range(0, c.n_chunks, chunks_divide, &c, NULL);
    borders_sum(&c);
    par_for_range(0, c.high[c.n_chunks], wrong_swap, &c, NULL);
    return c.border;
}

size_t par__sorter_divide(const par__sorter_t *s, char *v, size_t n)
{
    size_t less = par__sorter_partition(s, v + s->size, n - 1, v, false);
    if (less > 0) par__sorter_swap(v, v + less * s->size, s->size);
    return less;
}
