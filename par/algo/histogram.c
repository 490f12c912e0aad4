/* histogram.c - counts of buckets: each worker that takes part counts into a table of its own.
 *
 * Which table depends on the number of buckets alone, so that it stays in the nearest cache that
 * can hold it:
 *   four   up to MAX_FOUR buckets: four tables, used in turn. With one, equal keys in a row wait for
 *          each other's store to arrive, 4 to 5 cycles on most machines. With a compare for each key
 *          they would take 0.37 ns below.
 *   one    up to MAX_ONE: a table of 32-bit counts; equal neighbours are rare unless the keys are few
 *   byte   above: counts of 8 bits, with 256 added to the result when one is full, atomically. The
 *          table has an eighth of the size of the result, and the result is seldom touched.
 *   none   more buckets than keys: clearing tables would cost more than counting into the result
 *          atomically. The same when there is no memory for a table.
 *
 * Measured, ns a key on two workers with a core each, random keys (an item of 400 MB costs 0.34 to read;
 * one worker takes 1.3 to 2 times as long):
 *
 *     buckets     four   one   byte   64-bit counts   two passes, the first by the upper 4 bits
 *     256         0.29  0.40   0.69            0.41   1.6
 *     65536             0.80   0.98            0.80   1.6
 *     1e6               1.15   1.4             1.3    2.1
 *     4e6                6.3   1.6             8.9
 *
 * Buckets out of range are counted in an entry behind the last, so that hardly a branch depends on the
 * data. Integers are added in any order with the same result. */
#include <par/histogram.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <par/for.h>
#include <par/local.h>
#include <par/number.h>

#include "misuse.h"

enum { MAX_FOUR = 1024, MAX_ONE = 1 << 18 };

#define LIMIT_BUCKETS(n)                                                                           \
    PAR__MISUSE((n) <= PTRDIFF_MAX / sizeof(size_t),                                               \
                "n_buckets is too large; no array has so many items");                             \
    if ((n) > PTRDIFF_MAX / sizeof(size_t)) (n) = 0

/* Up to so many keys the caller counts alone. */
enum { FEW_KEYS = 2048 };

/* This many buckets a key, and no table is worth its while. */
enum { SPARSE = 8 };

/* So many keys at a time, so that no 32-bit count is full. */
static const size_t max_piece = (size_t)1 << 31;

/* Buckets that are computed lie in the first cache. */
enum { CHUNK = 1024 };

/* The table of a worker. Entries begin and end a cache line away from the memory of others. */
typedef struct table_t {
    struct table_t *next;
    uint32_t keep_away[30];
    uint32_t entries[];
} table_t;

typedef struct slot_t {
    table_t *first;
} slot_t;

/* Counts the n keys that begin at keys into a table of n_buckets and one more. */
typedef void count_fn(void *table, const void *keys, size_t n, size_t n_buckets, size_t *counts);

typedef enum kind_t { FOUR, ONE, BYTE, NONE, N_KINDS } kind_t;

typedef struct histogram_t {
    const unsigned char *keys; /* NULL: bucket tells */
    size_t key_size;
    par_bucket_fn *bucket;
    void *ctx;
    size_t begin; /* what item 0 is for bucket */
    size_t *counts;
    size_t n_buckets;
    count_fn *count;  /* into a table */
    count_fn *shared; /* into counts, which other workers write too */
    kind_t kind;
    par_local_t *local;
    const table_t *tables; /* when all is counted */
} histogram_t;

/* ---- kernels ---- */

/* An array of long long may be read as one of uint64_t, which is another type. */
typedef uint8_t __attribute__((may_alias)) key8_t;
typedef uint16_t __attribute__((may_alias)) key16_t;
typedef uint32_t __attribute__((may_alias)) key32_t;
typedef uint64_t __attribute__((may_alias)) key64_t;

static void count_atomically(size_t *count, size_t value)
{
    /* Relaxed: the end of the parallel call orders it before the caller's reads. */
    __atomic_fetch_add(count, value, __ATOMIC_RELAXED);
}

/* A table of FOUR holds this many buckets, so that one compare of the keys' bits tells that all of some are in it. */
static size_t four_reach(size_t n_buckets)
{
    size_t reach = 1;
    while (reach < n_buckets)
        reach *= 2;
    return reach;
}

/* After a key beyond the tables come so many without a branch on the data. */
enum { STRAY_KEYS = 64 };

#define DEFINE_KERNELS(type)                                                                       \
    /* For any keys. The last entry of a table is for those beyond it. */                          \
    static void four_any_##type(uint32_t *table, const type *key, size_t n, size_t reach)          \
    {                                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            table[(i & 3) * (reach + 1) + (key[i] < reach ? key[i] : reach)]++;                    \
    }                                                                                              \
                                                                                                   \
    static void four_##type(void *table, const void *keys, size_t n, size_t n_buckets,             \
                            size_t *counts)                                                        \
    {                                                                                              \
        const type *key = keys;                                                                    \
        size_t reach = four_reach(n_buckets), i = 0;                                               \
        uint32_t *a = table, *b = a + reach + 1, *c = b + reach + 1, *d = c + reach + 1;           \
        (void)counts;                                                                              \
        while (i + 4 <= n) {                                                                       \
            type k0 = key[i], k1 = key[i + 1], k2 = key[i + 2], k3 = key[i + 3];                   \
            if (PAR_LIKELY((k0 | k1 | k2 | k3) < reach)) {                                         \
                a[k0]++;                                                                           \
                b[k1]++;                                                                           \
                c[k2]++;                                                                           \
                d[k3]++;                                                                           \
                i += 4;                                                                            \
            } else {                                                                               \
                size_t some = n - i < STRAY_KEYS ? n - i : STRAY_KEYS;                             \
                four_any_##type(table, key + i, some, reach);                                      \
                i += some;                                                                         \
            }                                                                                      \
        }                                                                                          \
        four_any_##type(table, key + i, n - i, reach);                                             \
    }                                                                                              \
                                                                                                   \
    static void one_##type(void *table, const void *keys, size_t n, size_t n_buckets,              \
                           size_t *counts)                                                         \
    {                                                                                              \
        const type *key = keys;                                                                    \
        uint32_t *a = table;                                                                       \
        (void)counts;                                                                              \
        for (size_t i = 0; i < n; i++)                                                             \
            a[key[i] < n_buckets ? key[i] : n_buckets]++;                                          \
    }                                                                                              \
                                                                                                   \
    static void byte_##type(void *table, const void *keys, size_t n, size_t n_buckets,             \
                            size_t *counts)                                                        \
    {                                                                                              \
        const type *key = keys;                                                                    \
        uint8_t *a = table;                                                                        \
        for (size_t i = 0; i < n; i++) {                                                           \
            size_t bucket = key[i] < n_buckets ? (size_t)key[i] : n_buckets;                       \
            if (PAR_UNLIKELY(++a[bucket] == 0) && bucket != n_buckets)                             \
                count_atomically(&counts[bucket], 256);                                            \
        }                                                                                          \
    }                                                                                              \
                                                                                                   \
    static void none_##type(void *table, const void *keys, size_t n, size_t n_buckets,             \
                            size_t *counts)                                                        \
    {                                                                                              \
        const type *key = keys;                                                                    \
        (void)table;                                                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            if (key[i] < n_buckets) count_atomically(&counts[key[i]], 1);                          \
    }                                                                                              \
                                                                                                   \
    static void alone_##type(void *table, const void *keys, size_t n, size_t n_buckets,            \
                             size_t *counts)                                                       \
    {                                                                                              \
        const type *key = keys;                                                                    \
        (void)table;                                                                               \
        for (size_t i = 0; i < n; i++)                                                             \
            if (key[i] < n_buckets) counts[key[i]]++;                                              \
    }                                                                                              \
                                                                                                   \
    static count_fn *const kernels_##type[N_KINDS] = {four_##type, one_##type, byte_##type,        \
                                                      none_##type};

DEFINE_KERNELS(key8_t)
DEFINE_KERNELS(key16_t)
DEFINE_KERNELS(key32_t)
DEFINE_KERNELS(key64_t)

static count_fn *kernel_of(size_t key_size, kind_t kind)
{
    switch (key_size) {
    case 1:
        return kernels_key8_t[kind];
    case 2:
        return kernels_key16_t[kind];
    case 4:
        return kernels_key32_t[kind];
    default:
        return kernels_key64_t[kind];
    }
}

static count_fn *kernel_alone(size_t key_size)
{
    switch (key_size) {
    case 1:
        return alone_key8_t;
    case 2:
        return alone_key16_t;
    case 4:
        return alone_key32_t;
    default:
        return alone_key64_t;
    }
}

/* ---- tables ---- */

/* Entries of one of the tables of a worker. */
static size_t table_entries(const histogram_t *h)
{
    return (h->kind == FOUR ? four_reach(h->n_buckets) : h->n_buckets) + 1;
}

static size_t table_bytes(const histogram_t *h)
{
    size_t n_entries = table_entries(h) * (h->kind == FOUR ? 4 : 1);
    return h->kind == BYTE ? n_entries : n_entries * sizeof(uint32_t);
}

static void slot_init(void *slot, void *ctx)
{
    enum { KEEP_AWAY = 128 };
    ((slot_t *)slot)->first = calloc(1, sizeof(table_t) + table_bytes(ctx) + KEEP_AWAY);
}

/* Moves the tables of right to the end of left's. */
static void slot_combine(void *left, const void *right, void *ctx)
{
    table_t **end = &((slot_t *)left)->first;
    (void)ctx;
    while (*end != NULL)
        end = &(*end)->next;
    *end = ((const slot_t *)right)->first;
}

/* ---- counting ---- */

static void
count_items(const histogram_t *h, count_fn *count, void *table, size_t begin, size_t end)
{
    if (h->keys != NULL) {
        count(table, h->keys + begin * h->key_size, end - begin, h->n_buckets, h->counts);
        return;
    }
    size_t bucket[CHUNK];
    for (size_t i = begin; i < end; i += CHUNK) {
        size_t length = end - i < CHUNK ? end - i : CHUNK;
        h->bucket(bucket, h->begin + i, h->begin + i + length, h->ctx);
        count(table, bucket, length, h->n_buckets, h->counts);
    }
}

static void count_block(size_t begin, size_t end, void *ctx)
{
    const histogram_t *h = ctx;
    slot_t *slot = h->kind == NONE ? NULL : par_local_get(h->local);
    table_t *table = slot != NULL ? slot->first : NULL;
    if (table != NULL)
        count_items(h, h->count, table->entries, begin, end);
    else
        count_items(h, h->shared, NULL, begin, end);
}

static void count_range(histogram_t *h, size_t begin, size_t end)
{
    static const double key_ns[N_KINDS] = {0.3, 1.0, 1.5, 5.0};
    par_options_t options = PAR_OPTIONS_INIT;
    if (h->keys != NULL) options.item_ns = key_ns[h->kind];
    par_for_range(begin, end, count_block, h, &options);
}

typedef struct piece_t {
    histogram_t *h; /* first: the slots' functions get the same ctx */
    size_t begin, end;
} piece_t;

static void piece_init(void *slot, void *ctx)
{
    slot_init(slot, ((piece_t *)ctx)->h);
}

static void count_piece(par_local_t *local, void *ctx)
{
    piece_t *piece = ctx;
    piece->h->local = local;
    count_range(piece->h, piece->begin, piece->end);
}

/* counts += all tables */
static void add_tables(size_t begin, size_t end, void *ctx)
{
    const histogram_t *h = ctx;
    for (const table_t *table = h->tables; table != NULL; table = table->next) {
        size_t n_tables = h->kind == FOUR ? 4 : 1;
        for (size_t t = 0; t < n_tables; t++) {
            const uint32_t *entries = table->entries + t * table_entries(h);
            if (h->kind == BYTE)
                for (size_t b = begin; b < end; b++)
                    h->counts[b] += ((const uint8_t *)entries)[b];
            else
                for (size_t b = begin; b < end; b++)
                    h->counts[b] += entries[b];
        }
    }
}

static void count_into_tables(histogram_t *h, size_t begin, size_t end)
{
    slot_t slot = {NULL};
    piece_t piece = {h, begin, end};
    par_local_run(&slot, sizeof slot, piece_init, slot_combine, count_piece, &piece);
    h->tables = slot.first;
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = 1.0;
    par_for_range(0, h->n_buckets, add_tables, h, &options);
    for (table_t *next, *table = slot.first; table != NULL; table = next) {
        next = table->next;
        free(table);
    }
}

static kind_t kind_of(size_t n, size_t n_buckets)
{
    if (n_buckets / SPARSE > n) return NONE;
    if (n_buckets <= MAX_FOUR) return FOUR;
    return n_buckets <= MAX_ONE ? ONE : BYTE;
}

static void clear(size_t begin, size_t end, void *ctx)
{
    memset((size_t *)ctx + begin, 0, (end - begin) * sizeof(size_t));
}

/* counts are clear. */
static void count_in_parallel(histogram_t *h, size_t n)
{
    h->kind = kind_of(n, h->n_buckets);
    h->count = kernel_of(h->key_size, h->kind);
    h->shared = kernel_of(h->key_size, NONE);
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = n - begin <= max_piece ? n : begin + max_piece;
        if (h->kind == NONE)
            count_range(h, begin, end);
        else
            count_into_tables(h, begin, end);
    }
}

/* Returns how many keys were in no bucket. */
static size_t run(histogram_t *h, size_t n)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = 0.3;
    par_for_range(0, h->n_buckets, clear, h->counts, &options);
    if (n <= FEW_KEYS)
        count_items(h, kernel_alone(h->key_size), NULL, 0, n);
    else
        count_in_parallel(h, n);
    return n - (size_t)par_sum(h->counts, h->n_buckets);
}

/* A signed key counts as unsigned, so negative ones are above all buckets that a key can name. */
static size_t run_keys(const void *keys,
                       size_t key_size,
                       size_t greatest_key,
                       size_t n,
                       size_t *counts,
                       size_t n_buckets)
{
    size_t n_reached = n_buckets - 1 < greatest_key ? n_buckets : greatest_key + 1;
    if (n_buckets == 0) return n;
    memset(counts + n_reached, 0, (n_buckets - n_reached) * sizeof *counts);
    histogram_t h = {.keys = keys, .key_size = key_size, .counts = counts, .n_buckets = n_reached};
    return run(&h, n);
}

#define DEFINE_INSTANCE(name, type)                                                                \
    size_t par_histogram_##name(const type *keys, size_t n, size_t *counts, size_t n_buckets)      \
    {                                                                                              \
        PAR__MISUSE(keys != NULL || n == 0, "keys is NULL; pass the array, or n = 0");             \
        PAR__MISUSE(counts != NULL || n_buckets == 0,                                              \
                    "counts is NULL; pass n_buckets counts, or n_buckets = 0");                    \
        PAR__LIMIT_ITEMS(n, type);                                                                 \
        LIMIT_BUCKETS(n_buckets);                                                                  \
        const uint64_t greatest = (uint64_t)-1 >> (64 - 8 * sizeof(type) + ((type)-1 < (type)1));  \
        return run_keys(keys, sizeof(type), (size_t)greatest, n, counts, n_buckets);               \
    }

PAR_KEY_MAP(DEFINE_INSTANCE)

size_t par_histogram_range(
    size_t begin, size_t end, size_t *counts, size_t n_buckets, par_bucket_fn *bucket, void *ctx)
{
    PAR__MISUSE(counts != NULL || n_buckets == 0,
                "counts is NULL; pass n_buckets counts, or n_buckets = 0");
    PAR__MISUSE(bucket != NULL, "bucket is NULL; pass the function that tells the buckets");
    LIMIT_BUCKETS(n_buckets);
    histogram_t h = {
        .key_size = sizeof(size_t),
        .bucket = bucket,
        .ctx = ctx,
        .begin = begin,
        .counts = counts,
        .n_buckets = n_buckets,
    };
    return run(&h, begin < end ? end - begin : 0);
}
