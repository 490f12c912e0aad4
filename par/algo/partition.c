/* partition.c - two passes over the items: count, then write.
 *
 * There are more parts than the processor translates addresses for at once, and a record alone would
 * fetch a cache line that is written all over anyway. So each block collects the records of a part
 * until a line is full, and then writes the line past the caches.
 *
 * A fill function that comes from the user may give other keys in the second pass than in the first.
 * Then items overwrite each other and places stay empty, but no write leaves the arrays, and what is
 * read from an empty place is zeros. */
#include "partition.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SSE2__)
#    include <emmintrin.h>
#endif

#include <par/for.h>

/* Blocks are long enough to pay for their counts, and enough of them for many workers. */
enum { MIN_BLOCK = 32768, MAX_BLOCKS = 256 };

/* The table of 2^15 items stays in the second cache, and so do 2^10 lines that are collected. */
enum { PART_BITS = 15, MAX_BITS = 10 };

enum { LINE = 64 };

unsigned par__partition_bits(size_t n)
{
    unsigned bits = 1;
    while (bits < MAX_BITS && n >> (bits + PART_BITS) > 0)
        bits++;
    return bits;
}

static inline size_t part_of(const par__partition_t *p, uint64_t key)
{
    uint64_t part = key >> p->shift;
    return part < p->n_parts ? (size_t)part : p->n_parts;
}

/* ---- lines ---- */

static inline void line_write(char *to, const char *line)
{
#if defined(__SSE2__)
    for (size_t k = 0; k < LINE; k += 16)
        _mm_stream_si128((__m128i *)(void *)(to + k), _mm_load_si128((const void *)(line + k)));
#else
    memcpy(to, line, LINE);
#endif
}

/* Other threads see the lines before what is written after this. */
static inline void lines_done(void)
{
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

/* Where a block writes the items of one part. */
typedef struct lane_t {
    size_t start, at; /* records */
} lane_t;

typedef struct lanes_t {
    lane_t *lane;
    char *line; /* of each lane; records lie where they will lie in their line of the array */
} lanes_t;

static inline void
collect(const par__partition_t *p, lanes_t l, size_t part, const char *record, size_t size)
{
    lane_t *lane = &l.lane[part];
    size_t at = lane->at;
    if (__builtin_expect(at >= p->n, 0)) return;
    char *line = l.line + part * LINE;
    memcpy(line + (at * size & (LINE - 1)), record, size);
    lane->at = ++at;
    if ((at * size & (LINE - 1)) != 0) return;
    size_t from = at - LINE / size;
    if (__builtin_expect(from >= lane->start && at >= LINE / size, 1)) {
        line_write(p->records + from * size, line);
        return;
    }
    size_t skipped = (lane->start - from) * size; /* the beginning of the line is another block's */
    memcpy(p->records + lane->start * size, line + skipped, LINE - skipped);
}

/* What is left in the lines. */
static void flush(const par__partition_t *p, lanes_t l)
{
    size_t size = p->record_size, per_line = LINE / size;
    for (size_t part = 0; part <= p->n_parts; part++) {
        const lane_t *lane = &l.lane[part];
        size_t from = lane->at / per_line * per_line;
        if (from < lane->start) from = lane->start;
        memcpy(p->records + from * size, l.line + part * LINE + (from * size & (LINE - 1)),
               (lane->at - from) * size);
    }
    lines_done();
}

/* The size is a constant, so that a record is a register. */
#define COLLECT_ALL(size)                                                                          \
    for (size_t k = 0; k < n; k++)                                                                 \
        collect(p, l, part_of(p, key[k]), records + k * (size), (size));

static void write_lines(
    const par__partition_t *p, lanes_t l, const uint64_t *key, const char *records, size_t n)
{
    switch (p->record_size) {
    case 8:
        COLLECT_ALL(8) break;
    case 16:
        COLLECT_ALL(16) break;
    case 32:
        COLLECT_ALL(32) break;
    default:
        COLLECT_ALL(64) break;
    }
}

static void write_each(
    const par__partition_t *p, lane_t *lane, const uint64_t *key, const char *records, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        size_t at = lane[part_of(p, key[k])].at;
        if (__builtin_expect(at >= p->n, 0)) continue;
        memcpy(p->records + at * p->record_size, records + k * p->record_size, p->record_size);
        lane[part_of(p, key[k])].at++;
    }
}

/* ---- blocks ---- */

static size_t chunk_of(const par__partition_t *p)
{
    size_t chunk = PAR__PARTITION_BYTES / p->record_size;
    return chunk < PAR__PARTITION_CHUNK ? chunk : PAR__PARTITION_CHUNK;
}

static size_t *counts_of(const par__partition_t *p, size_t block)
{
    return p->counts + block * (p->n_parts + 1);
}

static size_t block_end(const par__partition_t *p, size_t block)
{
    size_t begin = block * p->block;
    return p->n - begin < p->block ? p->n : begin + p->block;
}

static void count_block(const par__partition_t *p, size_t block)
{
    uint64_t key[PAR__PARTITION_CHUNK];
    size_t *count = counts_of(p, block), chunk = chunk_of(p), end = block_end(p, block);
    memset(count, 0, (p->n_parts + 1) * sizeof *count);
    for (size_t i = block * p->block; i < end; i += chunk) {
        size_t n = end - i < chunk ? end - i : chunk;
        p->fill(key, NULL, i, i + n, p->ctx);
        for (size_t k = 0; k < n; k++)
            count[part_of(p, key[k])]++;
    }
}

static bool is_written_by_lines(const par__partition_t *p)
{
    return p->record_size >= 8 && p->record_size <= LINE &&
           (p->record_size & (p->record_size - 1)) == 0;
}

static void write_block(const par__partition_t *p, size_t block, lanes_t l)
{
    uint64_t key[PAR__PARTITION_CHUNK];
    _Alignas(LINE) char records[PAR__PARTITION_BYTES];
    const size_t *at = counts_of(p, block);
    size_t chunk = chunk_of(p), end = block_end(p, block);
    bool by_lines = is_written_by_lines(p);
    for (size_t part = 0; part <= p->n_parts; part++)
        l.lane[part] = (lane_t){at[part], at[part]};
    memset(records, 0, sizeof records);
    for (size_t i = block * p->block; i < end; i += chunk) {
        size_t n = end - i < chunk ? end - i : chunk;
        p->fill(key, records, i, i + n, p->ctx);
        if (by_lines)
            write_lines(p, l, key, records, n);
        else
            write_each(p, l.lane, key, records, n);
    }
    if (by_lines) flush(p, l);
}

static void count_blocks(size_t begin, size_t end, void *ctx)
{
    for (size_t block = begin; block < end; block++)
        count_block(ctx, block);
}

static void write_blocks(size_t begin, size_t end, void *ctx)
{
    par__partition_t *p = ctx;
    size_t lines = (p->n_parts + 1) * LINE;
    lanes_t l = {malloc((p->n_parts + 1) * sizeof(lane_t)), aligned_alloc(LINE, lines)};
    if (l.lane != NULL && l.line != NULL) {
        for (size_t block = begin; block < end; block++)
            write_block(p, block, l);
    } else {
        /* Relaxed: read after the end of the parallel call. */
        __atomic_store_n(&p->is_short_of_memory, true, __ATOMIC_RELAXED);
    }
    free(l.lane);
    free(l.line);
}

/* Counts become places: part by part, in each block by block. */
static void place(par__partition_t *p)
{
    size_t at = 0;
    for (size_t part = 0; part <= p->n_parts; part++) {
        p->starts[part] = at;
        for (size_t block = 0; block < p->n_blocks; block++) {
            size_t *count = counts_of(p, block) + part, n = *count;
            *count = at;
            at += n;
        }
    }
    p->starts[p->n_parts + 1] = at;
}

/* ---- all of it ---- */

static bool allocate(par__partition_t *p)
{
    size_t n_counts = p->n_blocks * (p->n_parts + 1);
    if (p->n > (SIZE_MAX - 2 * LINE) / p->record_size) return false;
    p->memory = calloc(1, p->n * p->record_size + 2 * LINE);
    p->starts = malloc((p->n_parts + 2) * sizeof *p->starts);
    p->counts = malloc(n_counts * sizeof *p->counts);
    if (p->memory == NULL || p->starts == NULL || p->counts == NULL) return false;
    p->records = (char *)p->memory + LINE - (uintptr_t)p->memory % LINE;
    return true;
}

bool par__partition_run(par__partition_t *p)
{
    p->n_blocks = p->n / MIN_BLOCK + 1;
    if (p->n_blocks > MAX_BLOCKS) p->n_blocks = MAX_BLOCKS;
    p->block = p->n / p->n_blocks + 1;
    p->n_blocks = (p->n - 1) / p->block + 1;
    p->memory = NULL;
    p->starts = p->counts = NULL;
    p->is_short_of_memory = false;
    if (!allocate(p)) {
        par__partition_free(p);
        return false;
    }
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = (double)p->block;
    par_for_range(0, p->n_blocks, count_blocks, p, &options);
    place(p);
    par_for_range(0, p->n_blocks, write_blocks, p, &options);
    if (p->is_short_of_memory) par__partition_free(p);
    return !p->is_short_of_memory;
}

void par__partition_free(par__partition_t *p)
{
    free(p->memory);
    free(p->starts);
    free(p->counts);
}
