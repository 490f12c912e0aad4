/* collect.c - reductions into buckets.
 *
 * A table that stays in the first cache is the accumulator of a par_reduce, whose tree fixes the
 * order. With a larger one the items are sorted by the upper bits of their buckets first, stably, and
 * each part is absorbed by one worker: the order of a bucket is that of the items, and the part of
 * the table in use stays in a cache. What is done in place, for want of memory or because it is little,
 * has that order too; which of the two orders it is depends on the sizes alone. */
#include <par/histogram.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <par/for.h>
#include <par/number.h>
#include <par/reduce.h>

#include "misuse.h"
#include "partition.h"
#include "room.h"

/* The accumulator of a par_reduce: half of the first cache. */
enum { SMALL_TABLE_BYTES = 32 * 1024 };

/* Fewer items go straight into the table. */
enum { FEW_ITEMS = 4096 };

/* A part of a large table: half of the second cache. */
enum { PART_BYTES = 512 * 1024 };

enum { CHUNK = PAR__PARTITION_CHUNK, CHUNK_BYTES = PAR__PARTITION_BYTES };

typedef struct collect_t {
    size_t begin; /* what item 0 is for items */
    size_t n;
    char *acc;
    size_t acc_size, n_buckets;
    par_bucket_value_fn *items;
    par_absorb_fn *absorb;
    void *ctx;
    par__partition_t parts;
    size_t n_outside; /* atomic */
} collect_t;

/* Moves the items that have a bucket to the front, and returns how many there are. */
static size_t keep_inside(const collect_t *c, size_t *bucket, char *value, size_t n)
{
    size_t kept = 0;
    for (size_t k = 0; k < n; k++) {
        if (bucket[k] >= c->n_buckets) continue;
        if (kept != k) {
            bucket[kept] = bucket[k];
            memcpy(value + kept * c->acc_size, value + k * c->acc_size, c->acc_size);
        }
        kept++;
    }
    return kept;
}

static void
absorb_items(collect_t *c, void *acc, char *value, size_t chunk, size_t begin, size_t end)
{
    size_t bucket[CHUNK], n_outside = 0;
    for (size_t i = begin; i < end; i += chunk) {
        size_t n = end - i < chunk ? end - i : chunk;
        c->items(bucket, value, c->begin + i, c->begin + i + n, c->ctx);
        size_t kept = keep_inside(c, bucket, value, n);
        if (kept > 0) c->absorb(acc, bucket, value, kept, c->ctx);
        n_outside += n - kept;
    }
    /* Relaxed: read after the parallel call has ended. */
    __atomic_fetch_add(&c->n_outside, n_outside, __ATOMIC_RELAXED);
}

static size_t chunk_of(const collect_t *c)
{
    size_t chunk = CHUNK_BYTES / c->acc_size;
    return chunk < CHUNK ? chunk : CHUNK;
}

static __attribute__((noinline)) void
absorb_on_stack(collect_t *c, void *acc, size_t begin, size_t end)
{
    _Alignas(PAR__ROOM_ALIGN) char value[CHUNK_BYTES];
    absorb_items(c, acc, value, chunk_of(c), begin, end);
}

/* A value needs more room than what is always there: one at a time. */
static __attribute__((noinline)) void absorb_large(collect_t *c)
{
    char *heap = par__room(c->acc_size);
    absorb_items(c, c->acc, heap != NULL ? heap : PAR__ROOM_ON_STACK(c->acc_size), 1, 0, c->n);
    free(heap);
}

/* ---- small tables ---- */

static void table_fold(void *acc, size_t begin, size_t end, void *ctx)
{
    absorb_on_stack(ctx, acc, begin, end);
}

static void table_combine(void *left, const void *right, void *ctx)
{
    const collect_t *c = ctx;
    size_t bucket[CHUNK];
    for (size_t b = 0; b < c->n_buckets; b += CHUNK) {
        size_t n = c->n_buckets - b < CHUNK ? c->n_buckets - b : CHUNK;
        for (size_t k = 0; k < n; k++)
            bucket[k] = b + k;
        c->absorb(left, bucket, (const char *)right + b * c->acc_size, n, c->ctx);
    }
}

/* ---- large tables ---- */

/* A record is the bucket, in 4 bytes or in 8, and the value. */
static size_t head_size(const collect_t *c)
{
    return par__partition_is_narrow(c->n_buckets) ? sizeof(uint32_t) : sizeof(uint64_t);
}

static void
write_records(const collect_t *c, const size_t *bucket, const char *value, size_t n, char *record)
{
    size_t size = c->acc_size, step = c->parts.record_size, head = head_size(c);
    for (size_t k = 0; k < n; k++, record += step, value += size) {
        uint32_t narrow = (uint32_t)bucket[k];
        uint64_t wide = bucket[k];
        memcpy(record, head == sizeof narrow ? (const void *)&narrow : &wide, head);
        memcpy(record + head, value, size);
    }
}

static void parts_fill(uint64_t *key, void *records, size_t begin, size_t end, void *ctx)
{
    const collect_t *c = ctx;
    _Alignas(PAR__ROOM_ALIGN) char value[CHUNK_BYTES];
    size_t bucket[CHUNK], n = end - begin;
    c->items(bucket, value, c->begin + begin, c->begin + end, c->ctx);
    if (records != NULL) write_records(c, bucket, value, n, records);
    for (size_t k = 0; k < n; k++)
        key[k] = bucket[k] < c->n_buckets ? bucket[k] : UINT64_MAX;
}

/* Records back into buckets and values, some at a time. */
static void absorb_part(const collect_t *c, size_t begin, size_t end)
{
    _Alignas(PAR__ROOM_ALIGN) char value[CHUNK_BYTES];
    size_t bucket[CHUNK], size = c->acc_size, step = c->parts.record_size, head = head_size(c);
    size_t chunk = chunk_of(c);
    for (size_t i = begin; i < end; i += chunk) {
        size_t n = end - i < chunk ? end - i : chunk;
        for (size_t k = 0; k < n; k++) {
            const char *record = c->parts.records + (i + k) * step;
            uint32_t narrow;
            uint64_t wide;
            memcpy(&narrow, record, sizeof narrow);
            wide = 0;
            memcpy(&wide, record, head);
            bucket[k] = head == sizeof narrow ? narrow : (size_t)wide;
            memcpy(value + k * size, record + head, size);
        }
        c->absorb(c->acc, bucket, value, n, c->ctx);
    }
}

static void absorb_parts(size_t begin, size_t end, void *ctx)
{
    const collect_t *c = ctx;
    for (size_t part = begin; part < end; part++)
        absorb_part(c, c->parts.starts[part], c->parts.starts[part + 1]);
}

/* What fits in a cache line is made a part of one. */
static size_t record_size(const collect_t *c)
{
    size_t size = head_size(c) + c->acc_size, rounded = 8;
    while (rounded < size)
        rounded *= 2;
    return rounded <= 64 ? rounded : size;
}

static bool collect_by_parts(collect_t *c)
{
    unsigned shift = 0;
    while ((c->n_buckets - 1) >> shift >= (size_t)1 << 10 ||
           (c->acc_size << (shift + 1) <= PART_BYTES && (c->n_buckets - 1) >> (shift + 1) >= 64))
        shift++;
    c->parts = (par__partition_t){
        .n = c->n,
        .fill = parts_fill,
        .ctx = c,
        .record_size = record_size(c),
        .shift = shift,
        .n_parts = ((c->n_buckets - 1) >> shift) + 1,
    };
    if (!par__partition_run(&c->parts)) return false;
    c->n_outside = c->n - c->parts.starts[c->parts.n_parts];
    par_for_range(0, c->parts.n_parts, absorb_parts, c, NULL);
    par__partition_free(&c->parts);
    return true;
}

static void collect(collect_t *c)
{
    if (c->acc_size > CHUNK_BYTES - sizeof(uint64_t)) {
        absorb_large(c);
    } else if (c->n <= FEW_ITEMS || c->n / 2 <= c->n_buckets / 16) {
        absorb_on_stack(c, c->acc, 0, c->n);
    } else if (c->n_buckets <= SMALL_TABLE_BYTES / c->acc_size) {
        par_reduce(0, c->n, c->acc, c->n_buckets * c->acc_size, table_fold, table_combine, c, NULL);
    } else if (!collect_by_parts(c)) {
        absorb_on_stack(c, c->acc, 0, c->n);
    }
}

size_t par_collect_reduce(size_t begin,
                          size_t end,
                          void *acc,
                          size_t acc_size,
                          size_t n_buckets,
                          par_bucket_value_fn *items,
                          par_absorb_fn *absorb,
                          void *ctx)
{
    PAR__MISUSE(acc != NULL || n_buckets == 0, "acc is NULL; pass n_buckets times the identity");
    PAR__MISUSE(items != NULL, "items is NULL; pass the function that tells buckets and values");
    PAR__MISUSE(absorb != NULL, "absorb is NULL; pass the function that reduces values");
    PAR__MISUSE(acc_size > 0, "acc_size is 0; pass the size of a value in bytes");
    PAR__MISUSE(par__array_exists(n_buckets, acc_size),
                "n_buckets is too large; no array has so many items");
    if (acc_size == 0 || !par__array_exists(n_buckets, acc_size) || begin >= end) return 0;
    collect_t c = {
        .begin = begin,
        .n = end - begin,
        .acc = acc,
        .acc_size = acc_size,
        .n_buckets = n_buckets,
        .items = items,
        .absorb = absorb,
        .ctx = ctx,
    };
    if (n_buckets == 0) return c.n;
    collect(&c);
    return c.n_outside;
}

/* ---- weights ---- */

typedef struct weighted_t {
    const unsigned char *keys;
    const double *weights;
} weighted_t;

static void weighted_absorb(void *acc, const size_t *bucket, const void *value, size_t n, void *ctx)
{
    double *sums = acc;
    const double *weights = value;
    (void)ctx;
    for (size_t k = 0; k < n; k++)
        sums[bucket[k]] += weights[k];
}

/* A negative key becomes a number that is no bucket. */
#define DEFINE_WEIGHTED(name, type)                                                                \
    static void weighted_items_##name(size_t *bucket, void *value, size_t begin, size_t end,       \
                                      void *ctx)                                                   \
    {                                                                                              \
        const weighted_t *w = ctx;                                                                 \
        const type *keys = (const void *)w->keys;                                                  \
        memcpy(value, w->weights + begin, (end - begin) * sizeof(double));                         \
        for (size_t i = begin; i < end; i++) {                                                     \
            uint64_t key = (uint64_t)keys[i];                                                      \
            bucket[i - begin] = key < SIZE_MAX ? (size_t)key : SIZE_MAX;                           \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    size_t par_histogram_weighted_##name(const type *keys, const double *weights, size_t n,        \
                                         double *sums, size_t n_buckets)                           \
    {                                                                                              \
        PAR__MISUSE((keys != NULL && weights != NULL) || n == 0,                                   \
                    "an array is NULL; pass it, or n = 0");                                        \
        PAR__MISUSE(sums != NULL || n_buckets == 0,                                                \
                    "sums is NULL; pass n_buckets sums, or n_buckets = 0");                        \
        PAR__LIMIT_ITEMS(n, double);                                                               \
        PAR__LIMIT_ITEMS(n_buckets, double);                                                       \
        weighted_t w = {(const void *)keys, weights};                                              \
        par_fill_double(sums, n_buckets, 0.0);                                                     \
        return par_collect_reduce(0, n, sums, sizeof(double), n_buckets, weighted_items_##name,    \
                                  weighted_absorb, &w);                                            \
    }

PAR_KEY_MAP(DEFINE_WEIGHTED)
