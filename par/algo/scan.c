/* scan.c - scans of anything, by functions for a block: each block is scanned for itself, then gets what
 * stands before it put in front. The second step finds the results in the cache (chain.h). */
#include <par/scan.h>

#include <stdlib.h>
#include <string.h>

#include <par/pool.h>

#include "chain.h"
#include "clock.h"
#include "misuse.h"
#include "room.h"

enum { BLOCK_LEAST = 8, BLOCK_MOST = 1024, BLOCKS = 64 };

/* A total up to this size lies on the stack. */
enum { SMALL_BYTES = 256 };

/* So long the caller goes on alone before it knows what a block costs; what takes less than this again
 * is not shared; a chunk takes about this. */
#define ALONE_US 4
#define SHARE_US 10
#define CHUNK_US 20

typedef struct scan_t {
    par__chain_t chain; /* first: it hands itself back. All else is C during the run */
    par_scan_block_fn *block;
    par_scan_before_fn *before;
    par_combine_fn *combine;
    void *ctx;
    size_t n, block_items, n_blocks;
    bool has_before;     /* of the first block */
    size_t first;        /* blocks before this one are done */
    size_t chunk_blocks; /* blocks of a chunk */
    size_t acc_size;
    char *totals; /* of each block of the chain: after carry what stands before it */
    char *acc;    /* what stands before the next chunk to carry; the result */
} scan_t;

/* par/scan.h promises this rule: the bits of results depend on it. */
static size_t block_of(size_t n)
{
    size_t block = n / BLOCKS + (n % BLOCKS != 0);
    return block < BLOCK_LEAST ? BLOCK_LEAST : block > BLOCK_MOST ? BLOCK_MOST : block;
}

static size_t block_end(const scan_t *s, size_t block)
{
    return block + 1 == s->n_blocks ? s->n : (block + 1) * s->block_items;
}

static void block_scan(const scan_t *s, size_t block, void *total)
{
    s->block(total, block * s->block_items, block_end(s, block), s->ctx);
}

static void block_put(const scan_t *s, size_t block, const void *before)
{
    s->before(before, block * s->block_items, block_end(s, block), s->ctx);
}

/* ---- on the caller ---- */

/* Goes on from s->first until all is done, or, if it may stop, until it knows that the rest is worth
 * sharing: then it returns what a block costs, in ticks. */
static uint64_t scan_alone(scan_t *s, void *total, bool may_stop)
{
    uint64_t start = par__clock_now(), us = par__clock_us();
    size_t done = 0;
    for (; s->first < s->n_blocks; s->first++, done++) {
        uint64_t spent = may_stop && done > 0 ? par__clock_since(start) : 0;
        if (spent > ALONE_US * us) {
            if (spent / done * (s->n_blocks - s->first) > SHARE_US * us) return spent / done;
            may_stop = false;
        }
        block_scan(s, s->first, total);
        if (s->first > 0 || s->has_before) {
            block_put(s, s->first, s->acc);
            s->combine(s->acc, total, s->ctx);
        } else {
            memcpy(s->acc, total, s->acc_size);
        }
    }
    return 0;
}

/* ---- on all workers ---- */

static size_t chunk_end(const scan_t *s, size_t k)
{
    size_t end = (k + 1) * s->chunk_blocks;
    return end < s->n_blocks - s->first ? end : s->n_blocks - s->first;
}

static char *total_of(const scan_t *s, size_t block)
{
    return s->totals + block * s->acc_size;
}

static void chunk_fold(par__chain_t *chain, size_t k)
{
    const scan_t *s = (const scan_t *)chain;
    for (size_t b = k * s->chunk_blocks; b < chunk_end(s, k); b++)
        block_scan(s, s->first + b, total_of(s, b));
}

/* A total makes room for what stands before its block. */
static void chunk_carry(par__chain_t *chain, size_t k)
{
    scan_t *s = (scan_t *)chain;
    char *spare = total_of(s, s->n_blocks - s->first);
    for (size_t b = k * s->chunk_blocks; b < chunk_end(s, k); b++) {
        memcpy(spare, total_of(s, b), s->acc_size);
        memcpy(total_of(s, b), s->acc, s->acc_size);
        s->combine(s->acc, spare, s->ctx);
    }
}

static void chunk_emit(par__chain_t *chain, size_t k, size_t next)
{
    (void)next;
    const scan_t *s = (const scan_t *)chain;
    for (size_t b = k * s->chunk_blocks; b < chunk_end(s, k); b++)
        block_put(s, s->first + b, total_of(s, b));
}

static void scan_shared(scan_t *s, uint64_t block_ticks)
{
    size_t left = s->n_blocks - s->first, workers = par_num_workers();
    s->chain.fold = chunk_fold;
    s->chain.carry = chunk_carry;
    s->chain.emit = chunk_emit;
    size_t chunk = (size_t)(CHUNK_US * par__clock_us() / (block_ticks + 1)) + 1;
    size_t fitting = par__chain_chunk(s->n, s->acc_size, s->block_items) / s->block_items;
    if (chunk > fitting) chunk = fitting;
    if (chunk > left / (4 * workers)) chunk = left / (4 * workers);
    s->chunk_blocks = chunk > 0 ? chunk : 1;
    s->chain.n_chunks = par__chain_count(left, s->chunk_blocks);
    par__chain_run(&s->chain);
}

/* false: no memory, nothing was done. */
static bool scan_try_shared(scan_t *s, uint64_t block_ticks)
{
    size_t left = s->n_blocks - s->first;
    if (!par__array_exists(left + 1, s->acc_size)) return false;
    size_t bytes = ((left + 1) * s->acc_size + 63) & ~(size_t)63;
    char *memory = par__room(bytes + left);
    if (memory == NULL) return false;
    s->totals = memory;
    s->chain.state = (unsigned char *)memory + bytes;
    memset(s->chain.state, 0, left);
    scan_shared(s, block_ticks);
    free(memory);
    return true;
}

static void scan_run(scan_t *s, void *total)
{
    uint64_t block_ticks = scan_alone(s, total, true);
    if (s->first == s->n_blocks) return;
    if (par_num_workers() > 1 && scan_try_shared(s, block_ticks)) return;
    scan_alone(s, total, false);
}

static __attribute__((noinline)) void scan_run_large(scan_t *s)
{
    void *heap = par__room(s->acc_size);
    scan_run(s, heap != NULL ? heap : PAR__ROOM_ON_STACK(s->acc_size));
    free(heap);
}

static void scan_run_small(scan_t *s)
{
    _Alignas(PAR__ROOM_ALIGN) char total[SMALL_BYTES];
    scan_run(s, total);
}

void par_scan_blocks(size_t n,
                     void *acc,
                     size_t acc_size,
                     int has_before,
                     par_scan_block_fn *block,
                     par_scan_before_fn *before,
                     par_combine_fn *combine,
                     void *ctx)
{
    PAR__MISUSE(acc != NULL, "acc is NULL; pass the accumulator, holding the identity");
    PAR__MISUSE(block != NULL, "block is NULL; pass the function that scans a block of items");
    PAR__MISUSE(before != NULL, "before is NULL; pass the function that puts a value in front");
    PAR__MISUSE(combine != NULL, "combine is NULL; pass the function that joins two accumulators");
    PAR__MISUSE(acc_size > 0 && acc_size <= PTRDIFF_MAX, "no object has acc_size bytes");
    if (n == 0 || acc_size == 0 || acc_size > PTRDIFF_MAX) return;
    scan_t s = {.block = block, .before = before, .combine = combine, .ctx = ctx};
    s.n = n;
    s.block_items = block_of(n);
    s.n_blocks = par__chain_count(n, s.block_items);
    s.has_before = has_before != 0;
    s.acc = acc;
    s.acc_size = acc_size;
    if (acc_size <= SMALL_BYTES)
        scan_run_small(&s);
    else
        scan_run_large(&s);
}
