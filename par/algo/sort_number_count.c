/* sort_number_count.c - numbers of 1 and 2 bytes, by how often each value is there. */
#include "sort_number_kinds.h"

#include <stdlib.h>
#include <string.h>

#include <par/for.h>
#include <par/pool.h>
#include <par/reduce.h>

/* Up to here counting takes the caller some 10 us. */
enum { ALONE = 32 * 1024 };

/* ---- 1 byte ---- */

typedef struct bytes_t {
    uint8_t *v;
    uint8_t flip;
    size_t end[256]; /* behind the last number of each value, in their order */
} bytes_t;

/* Four tables, because equal neighbours would wait for each other's count. */
static void bytes_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    const uint8_t *v = ((const bytes_t *)ctx)->v;
    size_t *total = acc;
    while (begin < end) {
        uint32_t count[4][256] = {{0}};
        size_t n = end - begin < (1u << 30) ? end - begin : 1u << 30, i = begin;
        for (; i + 4 <= begin + n; i += 4)
            for (size_t k = 0; k < 4; k++)
                count[k][v[i + k]]++;
        for (; i < begin + n; i++)
            count[0][v[i]]++;
        for (size_t d = 0; d < 256; d++)
            total[d] += (size_t)count[0][d] + count[1][d] + count[2][d] + count[3][d];
        begin += n;
    }
}

static void bytes_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    for (size_t d = 0; d < 256; d++)
        ((size_t *)left)[d] += ((const size_t *)right)[d];
}

static void bytes_fill(size_t begin, size_t end, void *ctx)
{
    const bytes_t *b = ctx;
    size_t d = 0;
    while (begin < end) {
        while (b->end[d] <= begin)
            d++;
        size_t stop = b->end[d] < end ? b->end[d] : end;
        memset(b->v + begin, (int)(d ^ b->flip), stop - begin);
        begin = stop;
    }
}

void par__sort_8(uint8_t *v, size_t n, uint8_t flip)
{
    bytes_t b = {.v = v, .flip = flip};
    size_t count[256] = {0}, sum = 0;
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = ALONE;
    options.item_ns = 0.3;
    if (n <= ALONE)
        bytes_fold(count, 0, n, &b);
    else
        par_reduce(0, n, count, sizeof count, bytes_fold, bytes_combine, &b, &options);
    for (size_t d = 0; d < 256; d++)
        b.end[d] = sum += count[d ^ flip];
    options.item_ns = 0.04;
    if (n <= ALONE)
        bytes_fill(0, n, &b);
    else
        par_for_range(0, n, bytes_fill, &b, &options);
}

/* ---- 2 bytes, in place: by the high byte, each part by the low one ---- */

/* Moves every number to the part of its high byte, along cycles. */
static void high_move(par__key16_t *v, size_t next[256], const size_t end[256], uint16_t flip)
{
    for (size_t d = 0; d < 256; d++) {
        while (next[d] < end[d]) {
            uint16_t x = v[next[d]];
            for (size_t to; (to = (uint16_t)(x ^ flip) >> 8) != d;) {
                uint16_t other = v[next[to]];
                v[next[to]++] = x;
                x = other;
            }
            v[next[d]++] = x;
        }
    }
}

static void low_sort(par__key16_t *v, size_t n)
{
    size_t count[256] = {0}, at = 0;
    uint16_t high = v[0] & 0xff00u;
    for (size_t i = 0; i < n; i++)
        count[(uint8_t)v[i]]++;
    for (size_t d = 0; d < 256; d++)
        for (size_t i = 0; i < count[d]; i++)
            v[at++] = (uint16_t)(high | d);
}

static void sort_16_in_place(par__key16_t *v, size_t n, uint16_t flip)
{
    size_t next[256] = {0}, end[256], sum = 0;
    for (size_t i = 0; i < n; i++)
        next[(uint16_t)(v[i] ^ flip) >> 8]++;
    for (size_t d = 0; d < 256; d++) {
        size_t count = next[d];
        next[d] = sum;
        end[d] = sum += count;
    }
    high_move(v, next, end, flip);
    for (size_t d = 0, begin = 0; d < 256; begin = end[d], d++)
        if (end[d] > begin) low_sort(v + begin, end[d] - begin);
}

/* ---- 2 bytes, a table for each block of the array ---- */

enum { VALUES = 65536, MOST_BLOCKS = 16 };

typedef struct counts_t {
    par__key16_t *v;
    size_t n, n_blocks;
    uint16_t flip;
    size_t (*table)[VALUES]; /* of each block; then the first one: behind the last of each value */
} counts_t;

static void counts_count(size_t begin, size_t end, void *ctx)
{
    const counts_t *c = ctx;
    for (size_t b = begin; b < end; b++) {
        size_t first = c->n / c->n_blocks * b, *table = c->table[b];
        size_t last = b + 1 < c->n_blocks ? c->n / c->n_blocks * (b + 1) : c->n;
        memset(table, 0, sizeof *c->table);
        for (size_t i = first; i < last; i++)
            table[c->v[i] ^ c->flip]++;
    }
}

static void counts_add(const counts_t *c)
{
    size_t sum = 0;
    for (size_t d = 0; d < VALUES; d++) {
        for (size_t b = 0; b < c->n_blocks; b++)
            sum += c->table[b][d];
        c->table[0][d] = sum;
    }
}

/* The first value that ends behind i. */
static size_t counts_value(const counts_t *c, size_t i)
{
    size_t low = 0, high = VALUES - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c->table[0][middle] > i)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static void counts_fill(size_t begin, size_t end, void *ctx)
{
    const counts_t *c = ctx;
    for (size_t d = counts_value(c, begin); begin < end; d++) {
        size_t stop = c->table[0][d] < end ? c->table[0][d] : end;
        for (; begin < stop; begin++)
            c->v[begin] = (uint16_t)(d ^ c->flip);
    }
}

static bool sort_16_by_counts(par__key16_t *v, size_t n, uint16_t flip)
{
    counts_t c = {.v = v, .n = n, .flip = flip, .n_blocks = par_num_workers()};
    if (c.n_blocks > MOST_BLOCKS) c.n_blocks = MOST_BLOCKS;
    c.table = malloc(c.n_blocks * sizeof *c.table);
    if (c.table == NULL) return false;
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = 1;
    options.max_grain = 1;
    options.item_ns = 1e6;
    par_for_range(0, c.n_blocks, counts_count, &c, &options);
    counts_add(&c);
    options = (par_options_t)PAR_OPTIONS_INIT;
    options.grain = ALONE;
    options.item_ns = 0.2;
    par_for_range(0, n, counts_fill, &c, &options);
    free(c.table);
    return true;
}

/* Few are sorted as numbers of 4 bytes. */
enum { FEW = 2048 };

static void sort_16_few(par__key16_t *v, size_t n, uint16_t flip)
{
    int32_t wide[FEW];
    const par__sort_order_t order = {0, 0};
    for (size_t i = 0; i < n; i++)
        wide[i] = v[i] ^ flip;
    par__sort_path()->sort_32(wide, n, &order);
    for (size_t i = 0; i < n; i++)
        v[i] = (uint16_t)(wide[i] ^ flip);
}

void par__sort_16(par__key16_t *v, size_t n, uint16_t flip)
{
    if (n <= FEW)
        sort_16_few(v, n, flip);
    else if (n < 16 * (size_t)VALUES || !sort_16_by_counts(v, n, flip))
        sort_16_in_place(v, n, flip);
}
