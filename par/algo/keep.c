/* keep.c - tests the items of a chunk, which leaves a bit each, and hands them out when it is known how
 * many are kept before (chain.h).
 *
 * The caller begins alone, block by block, until it knows that the rest is worth sharing. In place: what
 * a chunk keeps is written to where earlier chunks were read; it waits until they have been. */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

#include <par/pool.h>

#include "chain.h"
#include "clock.h"
#include "pack_lanes.h"

/* So long the caller goes on alone before it knows what an item costs; what takes less than this again
 * is not shared; a chunk takes about this, if it fits into the cache. */
#define ALONE_US 4
#define SHARE_US 10
#define CHUNK_US 50

enum { BLOCK = PAR__KEEP_BLOCK, FIRST_BLOCK = 64 };

typedef struct run_t {
    par__chain_t chain; /* first: it hands itself back */
    const par__keep_t *keep;
    const par__pack_lanes_t *lanes;
    size_t first; /* items before this one are done; a multiple of 64 */
    size_t place; /* how many of them are kept */
    size_t chunk;
    uint64_t *bits; /* of the items from first on */
    size_t *count;  /* kept in each chunk: by fold or direct */
    size_t *places; /* kept before each chunk, and before one behind the last: by carry */
} run_t;

/* The bits of up to BLOCK items; returns how many are kept. */
static size_t items_test(const run_t *r, uint64_t *bits, size_t begin, size_t end)
{
    _Alignas(64) unsigned char flags[BLOCK];
    const par__keep_t *s = r->keep;
    if (s->flags == NULL) return r->lanes->bits(bits, s->given + begin, end - begin);
    s->flags(flags, begin, end, s->flags_ctx);
    return r->lanes->bits(bits, flags, end - begin);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Tests and hands out at once; returns how many are kept. */
static size_t items_do(const run_t *r, size_t begin, size_t end, size_t place)
{
    uint64_t bits[BLOCK / 64];
    size_t count = items_test(r, bits, begin, end);
    if (count > 0 || r->keep->wants_all) r->keep->kept(place, bits, begin, end, r->keep->kept_ctx);
    return count;
}

/* Goes on from r->first until all is done, or, if it may stop, until it knows that the rest is worth
 * sharing: then it returns what an item costs, in ticks. */
static double run_alone(run_t *r, bool may_stop)
{
    uint64_t start = par__clock_now(), us = par__clock_us();
    size_t n = r->keep->n, from = r->first, block = may_stop ? FIRST_BLOCK : BLOCK;
    while (r->first < n) {
        uint64_t spent = may_stop ? par__clock_since(start) : 0;
        if (spent > ALONE_US * us && r->first > from) {
            double item = (double)spent / (double)(r->first - from);
            if (item * (double)(n - r->first) > (double)(SHARE_US * us)) return item;
            may_stop = false;
        }
        size_t end = r->first + least(block, n - r->first);
        r->place += items_do(r, r->first, end, r->place);
        r->first = end;
        block = least(2 * block, BLOCK);
    }
    return 0;
}

static size_t chunk_begin(const run_t *r, size_t k)
{
    return r->first + k * r->chunk;
}

static size_t chunk_end(const run_t *r, size_t k)
{
    return chunk_begin(r, k) + least(r->chunk, r->keep->n - chunk_begin(r, k));
}

static uint64_t *chunk_bits(const run_t *r, size_t k)
{
    return r->bits + k * r->chunk / 64;
}

static void chunk_fold(par__chain_t *chain, size_t k)
{
    const run_t *r = (const run_t *)chain;
    uint64_t *bits = chunk_bits(r, k);
    size_t end = chunk_end(r, k);
    r->count[k] = 0;
    for (size_t i = chunk_begin(r, k); i < end; i += BLOCK, bits += BLOCK / 64)
        r->count[k] += items_test(r, bits, i, i + least(BLOCK, end - i));
}

static void chunk_carry(par__chain_t *chain, size_t k)
{
    const run_t *r = (const run_t *)chain;
    r->places[k + 1] = r->places[k] + r->count[k];
}

static void chunk_emit(par__chain_t *chain, size_t k, size_t next)
{
    (void)next;
    const run_t *r = (const run_t *)chain;
    if (r->count[k] == 0 && !r->keep->wants_all) return;
    r->keep->kept(r->places[k], chunk_bits(r, k), chunk_begin(r, k), chunk_end(r, k),
                  r->keep->kept_ctx);
}

static void chunk_direct(par__chain_t *chain, size_t k)
{
    const run_t *r = (const run_t *)chain;
    size_t end = chunk_end(r, k), place = r->places[k];
    for (size_t i = chunk_begin(r, k); i < end; i += BLOCK)
        place += items_do(r, i, i + least(BLOCK, end - i), place);
    r->count[k] = place - r->places[k];
}

/* What lies before r->first has been read by the caller. */
static void chunk_overwrites(const par__chain_t *chain, size_t k, size_t *first, size_t *last)
{
    const run_t *r = (const run_t *)chain;
    size_t begin = r->places[k], end = begin + r->count[k];
    *first = *last = 0;
    if (end <= r->first) return;
    *first = begin > r->first ? (begin - r->first) / r->chunk : 0;
    *last = (end - 1 - r->first) / r->chunk + 1;
}

static size_t chunk_choose(const run_t *r, double item_ticks)
{
    size_t bytes = r->keep->item_bytes, fitting = par__chain_chunk(r->keep->n, bytes, 64);
    double timely = CHUNK_US * (double)par__clock_us() / (item_ticks + 1e-3);
    size_t chunk = timely < (double)fitting ? (size_t)timely : fitting;
    chunk = least(chunk, (r->keep->n - r->first) / (4 * (size_t)par_num_workers()));
    return chunk < 64 ? 64 : chunk - chunk % 64;
}

/* false: no memory, nothing was done. */
static bool run_shared(run_t *r, double item_ticks)
{
    r->chunk = chunk_choose(r, item_ticks);
    size_t left = r->keep->n - r->first, n_chunks = par__chain_count(left, r->chunk);
    size_t words = par__pack_words(left);
    char *memory = malloc(words * sizeof *r->bits + (2 * n_chunks + 1) * sizeof(size_t) + n_chunks);
    if (memory == NULL) return false;
    r->bits = (uint64_t *)(void *)memory;
    r->count = (size_t *)(void *)(r->bits + words);
    r->places = r->count + n_chunks;
    r->places[0] = r->place;
    r->chain = (par__chain_t){.n_chunks = n_chunks,
                              .fold = chunk_fold,
                              .carry = chunk_carry,
                              .emit = chunk_emit,
                              .direct = chunk_direct};
    if (r->keep->is_in_place) r->chain.overwrites = chunk_overwrites;
    r->chain.state = memset(r->places + n_chunks + 1, 0, n_chunks);
    par__chain_run(&r->chain);
    r->place = r->places[n_chunks];
    free(memory);
    return true;
}

size_t par__keep_run(const par__keep_t *keep)
{
    run_t r = {.keep = keep, .lanes = par__pack_lanes()};
    double item_ticks = run_alone(&r, true);
    if (r.first < keep->n && (par_num_workers() == 1 || !run_shared(&r, item_ticks)))
        run_alone(&r, false);
    return r.place;
}
