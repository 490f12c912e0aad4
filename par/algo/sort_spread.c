/* sort_spread.c - data without order: a sample decides on the borders of up to 256 buckets, each block
 * is spread over them in itself, and the pieces of each bucket are brought together; buckets are
 * sorted the same way until they are small. Stable.
 *
 * A block is spread to the same place in the room, so it stays in the cache, and each comparison is
 * made once. Values that are frequent are borders twice or more among the candidates; then what
 * equals a border has buckets of its own, which are sorted. */
#include "room.h"
#include "sorter.h"

#include <stdlib.h>
#include <string.h>

#include <par/for.h>

enum {
    BUCKET_ITEMS = 128,   /* that are worth a bucket */
    TREE_BYTES = 16384,   /* of the borders: half of a first-level cache */
    BLOCK_BYTES = 262144, /* and its copy fit into a second-level cache */
    MAX_LEVELS = 8,
    MAX_SAMPLE = 8 << MAX_LEVELS
};

typedef struct spreading_t {
    const par__sorter_t *s;
    char *v, *room;
    size_t n;
    unsigned levels, limit;
    bool has_equals;
    size_t n_buckets;
    size_t block, n_blocks;
    char *tree, *sorted; /* one allocation: borders as a tree and in order, */
    size_t *to;          /* where the piece of each block and bucket goes, in elements, */
    uint32_t *from;      /* and where it begins in its block */
    size_t start[257];   /* of each bucket */
} spreading_t;

static void element_copy(const spreading_t *p, char *to, const char *from)
{
    memcpy(to, from, p->s->size);
}

/* A place in each of n_sample equal parts, the same ones in every run. */
static size_t sample_take(const spreading_t *p, size_t n_sample)
{
    size_t part = p->n / n_sample, size = p->s->size;
    uint64_t random = p->n;
    for (size_t i = 0; i < n_sample; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t at = i * part + (size_t)(random >> 33) % part;
        element_copy(p, p->room + i * size, p->v + at * size);
    }
    p->s->kernel->sort(p->room, n_sample, p->room + n_sample * size, p->s->ctx);
    return n_sample;
}

/* Chooses the different ones of 2^levels - 1 elements of the sample; returns how many these are. */
static size_t borders_choose(spreading_t *p, size_t n_sample)
{
    size_t size = p->s->size, step = n_sample >> p->levels, n = 0;
    for (size_t i = step; i < n_sample; i += step) {
        const char *border = p->room + i * size;
        if (n == 0 || par__sorter_less(p->s, p->sorted + (n - 1) * size, border))
            element_copy(p, p->sorted + n++ * size, border);
        else
            p->has_equals = true;
    }
    return n;
}

static void borders_find(spreading_t *p)
{
    size_t size = p->s->size, n_sample = (p->n >= 1 << 18 ? 8u : 4u) << p->levels;
    sample_take(p, n_sample);
    p->has_equals = false;
    size_t n = borders_choose(p, n_sample);
    if (p->has_equals && p->levels == MAX_LEVELS) { /* 2^9 - 1 buckets would be too many */
        p->levels--;
        n = borders_choose(p, n_sample);
        p->has_equals = true;
    }
    while (p->levels > 1 && n < (size_t)1 << (p->levels - 1))
        p->levels--;
    for (; n < ((size_t)1 << p->levels) - 1; n++)
        element_copy(p, p->sorted + n * size, p->sorted + (n - 1) * size);
    p->n_buckets = p->has_equals ? ((size_t)2 << p->levels) - 1 : (size_t)1 << p->levels;
    for (size_t level = 0; level < p->levels; level++)
        for (size_t k = 0; k < (size_t)1 << level; k++) {
            size_t in_order = ((2 * k + 1) << (p->levels - 1 - level)) - 1;
            element_copy(p, p->tree + (((size_t)1 << level) + k) * size,
                         p->sorted + in_order * size);
        }
}

static void blocks_spread(size_t begin, size_t end, void *ctx)
{
    const spreading_t *p = ctx;
    size_t size = p->s->size;
    for (size_t block = begin; block < end; block++) {
        size_t at = block * p->block;
        par_spread_t spread = {.from = p->v + at * size,
                               .to = p->room + at * size,
                               .n = p->n - at < p->block ? p->n - at : p->block,
                               .tree = p->tree,
                               .sorted = p->has_equals ? p->sorted : NULL,
                               .levels = p->levels,
                               .starts = p->from + block * (p->n_buckets + 1)};
        p->s->kernel->spread(&spread, p->s->ctx);
    }
}

/* Where everything goes: buckets in order, within a bucket the blocks in order. */
static void buckets_place(spreading_t *p)
{
    size_t next[256] = {0};
    for (size_t block = 0; block < p->n_blocks; block++) {
        const uint32_t *from = p->from + block * (p->n_buckets + 1);
        size_t *to = p->to + block * p->n_buckets;
        for (size_t b = 0; b < p->n_buckets; b++) {
            to[b] = next[b];
            next[b] += from[b + 1] - from[b];
        }
    }
    p->start[0] = 0;
    for (size_t b = 0; b < p->n_buckets; b++)
        p->start[b + 1] = p->start[b] + next[b];
}

static void blocks_gather(size_t begin, size_t end, void *ctx)
{
    const spreading_t *p = ctx;
    size_t size = p->s->size;
    for (size_t block = begin; block < end; block++) {
        const char *in = p->room + block * p->block * size;
        const uint32_t *from = p->from + block * (p->n_buckets + 1);
        const size_t *to = p->to + block * p->n_buckets;
        for (size_t b = 0; b < p->n_buckets; b++)
            memcpy(p->v + (p->start[b] + to[b]) * size, in + from[b] * size,
                   (from[b + 1] - from[b]) * size);
    }
}

static void buckets_sort(size_t begin, size_t end, void *ctx)
{
    const spreading_t *p = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t at = p->start[b] * p->s->size;
        bool is_of_equals = p->has_equals && b % 2 == 1;
        if (!is_of_equals)
            par__sorter_spread(p->s, p->v + at, p->start[b + 1] - p->start[b], p->room + at,
                               p->limit - 1);
    }
}

/* false: no memory. */
static bool scratch_make(spreading_t *p)
{
    size_t borders = p->s->size << p->levels, pieces = p->n_blocks * ((size_t)1 << p->levels);
    if (p->levels < MAX_LEVELS) pieces *= 2; /* the equal ones have buckets */
    size_t bytes = pieces * sizeof *p->to + (pieces + p->n_blocks) * sizeof *p->from;
    char *scratch = par__room(bytes + 2 * borders + 64);
    if (scratch == NULL) return false;
    p->to = (size_t *)(void *)scratch;
    p->from = (uint32_t *)(void *)(p->to + pieces);
    p->tree = scratch + ((bytes + 63) & ~(size_t)63);
    p->sorted = p->tree + borders;
    return true;
}

static unsigned levels_for(size_t n, size_t size)
{
    unsigned levels = 1;
    while (levels < MAX_LEVELS && n >> levels > BUCKET_ITEMS && size << levels < TREE_BYTES)
        levels++;
    return levels;
}

static __attribute__((noinline)) bool spread_once(spreading_t *p)
{
    p->levels = levels_for(p->n, p->s->size);
    p->block = BLOCK_BYTES / p->s->size;
    if (p->block > PAR_SPREAD_ITEMS) p->block = PAR_SPREAD_ITEMS;
    p->n_blocks = p->n / p->block + (p->n % p->block != 0);
    if (!scratch_make(p)) return false;
    borders_find(p);
    if (p->n_blocks > 1) {
        par_for_range(0, p->n_blocks, blocks_spread, p, NULL);
        buckets_place(p);
        par_for_range(0, p->n_blocks, blocks_gather, p, NULL);
    } else {
        blocks_spread(0, 1, p);
        buckets_place(p);
        memcpy(p->v, p->room, p->n * p->s->size);
    }
    free(p->to);
    return true;
}

void par__sorter_spread(const par__sorter_t *s, char *v, size_t n, char *room, unsigned limit)
{
    spreading_t p = {.s = s, .v = v, .room = room, .n = n, .limit = limit};
    if (n < 2) return;
    if (n <= PAR__SORTER_LEAF) {
        s->kernel->sort(v, n, room, s->ctx);
        return;
    }
    if (limit == 0 || s->size > TREE_BYTES / 8 || !spread_once(&p)) {
        par__sorter_halves(s, v, n, room, false);
        return;
    }
    if (n > 16 * PAR__SORTER_LEAF)
        par_for_range(0, p.n_buckets, buckets_sort, &p, NULL);
    else
        buckets_sort(0, p.n_buckets, &p);
}
