/* shuffle.c - random order in two steps that both have the caches in mind.
 *
 * Every element draws a bucket; the buckets lie one after the other, with the elements in each in their
 * old order; then each bucket is shuffled by itself, in the second cache. If the buckets are drawn
 * independently and evenly, all orders come out alike (Rao; Sandelius). The draw of element i is a
 * function of i, and where it goes one of the draws alone: blocks of elements count theirs, the counts
 * are summed up, and the blocks move their elements, in any order, by any number of workers.
 *
 * Without memory the same is done by stable partitions in place, a bit of the bucket's number at a
 * time. */
#include <par/shuffle.h>

#include <stdlib.h>

#include <par/for.h>
#include <par/move.h>
#include <par/tabulate.h>

#include "items.h"

/* Elements of a bucket on average, up to so many buckets: as many pages are written to at a time. */
enum { BUCKET_ITEMS = 32768, MAX_BITS = 10, MAX_BUCKETS = 1 << MAX_BITS };

/* Blocks that are counted: enough to share, few enough that the counts stay in the caches. */
enum { MAX_BLOCKS = 256, BLOCK_ITEMS = 32768 };

/* A draw of 128 bits serves 8 elements. */
enum { DRAW_ITEMS = 8 };

typedef struct deal_t {
    par_random_t random, dealing; /* the second for the buckets: stream 0 of the first */
    size_t n, size;
    unsigned bits; /* of a bucket's number; 0: one bucket */
    size_t block;  /* elements of a block, a multiple of DRAW_ITEMS */
    size_t n_blocks;
    size_t *counts; /* [block][bucket], then where the first of these goes */
    const char *in; /* NULL: the elements are their indices */
    char *out;
    char *home; /* where a shuffled bucket goes at last; NULL: it stays */
} deal_t;

/* ---- one bucket ---- */

/* 32 random bits at a time. */
typedef struct dice_t {
    par_random_t random;
    uint64_t index;
    par_random_bits_t bits;
    unsigned left;
} dice_t;

static inline uint32_t dice_roll(dice_t *dice)
{
    if (dice->left == 0) {
        dice->bits = par_random_bits(dice->random, dice->index++, 0);
        dice->left = 4;
    }
    return dice->bits.word[--dice->left];
}

/* 0 <= number < bound, each with the same probability. */
static inline uint64_t dice_below(dice_t *dice, uint64_t bound)
{
    if (PAR_UNLIKELY(bound > UINT32_MAX))
        return par_random_below(dice->random, dice->index++, bound);
    uint64_t product = dice_roll(dice) * bound;
    if (PAR_UNLIKELY((uint32_t)product < bound)) {
        uint32_t least = (uint32_t)((UINT64_C(1) << 32) % bound);
        while ((uint32_t)product < least)
            product = dice_roll(dice) * bound;
    }
    return product >> 32;
}

PAR_INLINE void items_shuffle(char *base, size_t n, dice_t *dice, size_t size)
{
    for (size_t left = n; left > 1; left--) {
        size_t k = (size_t)dice_below(dice, left);
        if (k != left - 1) par__items_swap(base + k * size, base + (left - 1) * size, size);
    }
}

/* Bucket b, whose n elements begin at base. Stream 0 deals the elements to the buckets. */
static void bucket_shuffle(const deal_t *deal, char *base, size_t n, size_t b)
{
    dice_t dice = {.random = par_random_stream(deal->random, b + 1)};
    PAR__BY_SIZE(items_shuffle, deal->size, base, n, &dice)
}

/* ---- dealing ---- */

/* The buckets of the elements DRAW_ITEMS * k on. */
static inline void buckets_draw(const deal_t *deal, size_t k, uint16_t bucket[DRAW_ITEMS])
{
    par_random_bits_t draw = par_random_bits(deal->dealing, k, 0);
    for (unsigned w = 0; w < 4; w++) {
        bucket[2 * w] = (uint16_t)((draw.word[w] & 0xffff) >> (16 - deal->bits));
        bucket[2 * w + 1] = (uint16_t)(draw.word[w] >> (32 - deal->bits));
    }
}

static size_t block_end(const deal_t *deal, size_t begin)
{
    return deal->n - begin < deal->block ? deal->n : begin + deal->block;
}

static void block_count(size_t block, void *ctx)
{
    const deal_t *deal = ctx;
    size_t *count = deal->counts + (block << deal->bits);
    size_t begin = block * deal->block, end = block_end(deal, begin);
    memset(count, 0, sizeof *count << deal->bits);
    for (size_t i = begin; i < end; i += DRAW_ITEMS) {
        uint16_t bucket[DRAW_ITEMS];
        buckets_draw(deal, i / DRAW_ITEMS, bucket);
        size_t n = end - i < DRAW_ITEMS ? end - i : DRAW_ITEMS;
        for (size_t k = 0; k < n; k++)
            count[bucket[k]]++;
    }
}

PAR_INLINE void items_deal(const deal_t *deal, size_t *place, size_t begin, size_t end, size_t size)
{
    char *out = deal->out;
    const char *in = deal->in;
    for (size_t i = begin; i < end; i += DRAW_ITEMS) {
        uint16_t bucket[DRAW_ITEMS];
        buckets_draw(deal, i / DRAW_ITEMS, bucket);
        size_t n = end - i < DRAW_ITEMS ? end - i : DRAW_ITEMS;
        for (size_t k = 0; k < n; k++)
            memcpy(out + place[bucket[k]]++ * size, in + (i + k) * size, size);
    }
}

static void indices_deal(const deal_t *deal, size_t *place, size_t begin, size_t end)
{
    size_t *out = (size_t *)(void *)deal->out;
    for (size_t i = begin; i < end; i += DRAW_ITEMS) {
        uint16_t bucket[DRAW_ITEMS];
        buckets_draw(deal, i / DRAW_ITEMS, bucket);
        size_t n = end - i < DRAW_ITEMS ? end - i : DRAW_ITEMS;
        for (size_t k = 0; k < n; k++)
            out[place[bucket[k]]++] = i + k;
    }
}

static void block_deal(size_t block, void *ctx)
{
    const deal_t *deal = ctx;
    size_t place[MAX_BUCKETS];
    size_t begin = block * deal->block, end = block_end(deal, begin);
    memcpy(place, deal->counts + (block << deal->bits), sizeof *place << deal->bits);
    if (deal->in == NULL) {
        indices_deal(deal, place, begin, end);
    } else {
        PAR__BY_SIZE(items_deal, deal->size, deal, place, begin, end)
    }
}

/* Counts become places: bucket by bucket, in each block by block. */
static void counts_sum(const deal_t *deal)
{
    size_t place = 0;
    for (size_t b = 0; b >> deal->bits == 0; b++)
        for (size_t block = 0; block < deal->n_blocks; block++) {
            size_t *count = &deal->counts[(block << deal->bits) + b], n = *count;
            *count = place;
            place += n;
        }
}

static void bucket_finish(size_t b, void *ctx)
{
    const deal_t *deal = ctx;
    bool is_last = (b + 1) >> deal->bits != 0;
    size_t begin = deal->counts[b], end = is_last ? deal->n : deal->counts[b + 1];
    char *base = deal->out + begin * deal->size;
    bucket_shuffle(deal, base, end - begin, b);
    if (deal->home != NULL)
        memcpy(deal->home + begin * deal->size, base, (end - begin) * deal->size);
}

/* Blocks and buckets of half a millisecond: nothing to find out first. */
static void each_run(size_t n, par_range_fn *range, deal_t *deal)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = 100000;
    par_for_range(0, n, range, deal, &options);
}

#define DEFINE_RANGE(name)                                                                         \
    static void name##_range(size_t begin, size_t end, void *ctx)                                  \
    {                                                                                              \
        for (size_t i = begin; i < end; i++)                                                       \
            name(i, ctx);                                                                          \
    }
DEFINE_RANGE(block_count)
DEFINE_RANGE(block_deal)
DEFINE_RANGE(bucket_finish)

static void deal_run(deal_t *deal)
{
    each_run(deal->n_blocks, block_count_range, deal);
    counts_sum(deal);
    each_run(deal->n_blocks, block_deal_range, deal);
    each_run((size_t)1 << deal->bits, bucket_finish_range, deal);
}

/* ---- in place ---- */

/* The elements of a segment are those whose buckets begin with certain bits, in their old order: `next`
 * runs over the old indices to tell which is which. */
typedef struct segment_t {
    const deal_t *deal;
    size_t prefix;
    unsigned bits_left; /* of the number of a bucket, behind the prefix */
    size_t next;
    uint16_t bucket[DRAW_ITEMS];
} segment_t;

/* Is the next bit of the next element 0? */
static bool segment_next(segment_t *s)
{
    for (;; s->next++) {
        if (s->next % DRAW_ITEMS == 0) buckets_draw(s->deal, s->next / DRAW_ITEMS, s->bucket);
        size_t bucket = s->bucket[s->next % DRAW_ITEMS];
        if (bucket >> s->bits_left != s->prefix) continue;
        s->next++;
        return (bucket >> (s->bits_left - 1) & 1) == 0;
    }
}

/* Brings elements with a 0 to the front, in their order; returns how many. */
static size_t segment_part(segment_t *s, char *base, size_t n)
{
    const size_t size = s->deal->size;
    if (n == 1) return segment_next(s);
    size_t half = n / 2;
    size_t left = segment_part(s, base, half);
    size_t right = segment_part(s, base + half * size, n - half);
    if (left < half && right > 0)
        par_rotate(base + left * size, half - left + right, size, half - left);
    return left + right;
}

static void segment_finish(const deal_t *deal, char *base, size_t n, size_t prefix, unsigned bits)
{
    if (bits == 0) {
        bucket_shuffle(deal, base, n, prefix);
        return;
    }
    segment_t segment = {.deal = deal, .prefix = prefix, .bits_left = bits};
    size_t zeros = n > 0 ? segment_part(&segment, base, n) : 0;
    segment_finish(deal, base, zeros, prefix * 2, bits - 1);
    segment_finish(deal, base + zeros * deal->size, n - zeros, prefix * 2 + 1, bits - 1);
}

/* ---- both ---- */

static deal_t deal_begin(size_t n, size_t size, par_random_t random)
{
    deal_t deal = {.random = random, .n = n, .size = size};
    deal.dealing = par_random_stream(random, 0);
    while (deal.bits < MAX_BITS && n >> deal.bits > BUCKET_ITEMS)
        deal.bits++;
    size_t n_blocks = n / BLOCK_ITEMS + 1;
    if (n_blocks > MAX_BLOCKS) n_blocks = MAX_BLOCKS;
    deal.block = (n / n_blocks / DRAW_ITEMS + 1) * DRAW_ITEMS;
    deal.n_blocks = n / deal.block + (n % deal.block != 0);
    return deal;
}

static size_t *counts_new(const deal_t *deal)
{
    return malloc(deal->n_blocks * sizeof *deal->counts << deal->bits);
}

void par_shuffle(void *base, size_t n, size_t size, par_random_t random)
{
    PAR__ITEMS_CHECK(base, n, size);
    deal_t deal = deal_begin(n, size, random);
    if (deal.bits == 0) {
        bucket_shuffle(&deal, base, n, 0);
        return;
    }
    deal.in = deal.home = base;
    deal.out = malloc(n * size);
    deal.counts = deal.out != NULL ? counts_new(&deal) : NULL;
    if (deal.counts != NULL)
        deal_run(&deal);
    else
        segment_finish(&deal, base, n, 0, deal.bits);
    free(deal.counts);
    free(deal.out);
}

void par_permutation(size_t *out, size_t n, par_random_t random)
{
    PAR__ITEMS_CHECK(out, n, sizeof *out);
    deal_t deal = deal_begin(n, sizeof *out, random);
    deal.out = (char *)out;
    deal.counts = deal.bits > 0 ? counts_new(&deal) : NULL;
    if (deal.counts != NULL) {
        deal_run(&deal);
    } else {
        par_iota(out, n, 0);
        segment_finish(&deal, deal.out, n, 0, deal.bits);
    }
    free(deal.counts);
}
