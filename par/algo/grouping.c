/* grouping.c - partition, number, rank. */
#include "grouping.h"

#include <stdlib.h>
#include <string.h>

/* Words of bits to a rank: a cache line. */
enum { LINE = 8, LINE_BITS = 64 * LINE };

/* ---- the parts ---- */

typedef struct short_t {
    uint32_t word, item;
} short_t;

typedef struct long_t {
    uint64_t word, item;
} long_t;

static size_t head_size(const par__grouping_t *g)
{
    return g->is_short ? sizeof(short_t) : sizeof(long_t);
}

static void fill_values(const par__grouping_t *g, char *record, size_t begin, size_t end)
{
    size_t size = g->value_size, step = g->parts.record_size;
    const char *value = g->values + begin * size;
    record += head_size(g);
    if (size == 8)
        for (size_t k = 0; k < end - begin; k++)
            memcpy(record + k * step, value + k * 8, 8);
    else
        for (size_t k = 0; k < end - begin; k++)
            memcpy(record + k * step, value + k * size, size);
}

static void fill(uint64_t *key, void *records, size_t begin, size_t end, void *ctx)
{
    const par__grouping_t *g = ctx;
    size_t step = g->parts.record_size;
    par__keys_words(g->keys, key, begin, end);
    if (records == NULL) return;
    for (size_t k = 0; k < end - begin; k++) {
        char *record = (char *)records + k * step;
        if (g->is_short)
            memcpy(record, &(short_t){(uint32_t)key[k], (uint32_t)(begin + k)}, sizeof(short_t));
        else
            memcpy(record, &(long_t){key[k], begin + k}, sizeof(long_t));
    }
    if (g->value_size > 0) fill_values(g, records, begin, end);
}

static size_t record_size(const par__grouping_t *g)
{
    size_t size = head_size(g);
    while (size < head_size(g) + g->value_size)
        size *= 2;
    return size;
}

static bool partition(par__grouping_t *g)
{
    enum { LARGEST_RECORD = 64 };
    unsigned bits = par__partition_bits(g->n), word_bits = g->keys->word_bits;
    g->is_short = word_bits == 32 && par__partition_is_narrow(g->n);
    if (g->value_size > LARGEST_RECORD - head_size(g)) g->value_size = 0;
    g->parts = (par__partition_t){
        .n = g->n,
        .fill = fill,
        .ctx = g,
        .record_size = record_size(g),
        .shift = word_bits - bits,
        .n_parts = (size_t)1 << bits,
    };
    return par__partition_run(&g->parts);
}

/* ---- numbers ---- */

static void load(const par__grouping_t *g, size_t at, size_t n, uint64_t *word, size_t *item)
{
    size_t step = g->parts.record_size;
    const char *record = g->parts.records + at * step;
    for (size_t k = 0; k < n; k++, record += step) {
        if (g->is_short) {
            short_t head;
            memcpy(&head, record, sizeof head);
            word[k] = head.word;
            item[k] = head.item;
        } else {
            long_t head;
            memcpy(&head, record, sizeof head);
            word[k] = head.word;
            item[k] = (size_t)head.item;
        }
    }
}

static bool number_part(par__grouping_t *g, size_t part)
{
    enum { CHUNK = PAR__NUMBERING_CHUNK };
    const par__partition_t *p = &g->parts;
    par__numbering_t t = {.keys = g->keys, .counts = g->counts};
    uint64_t word[CHUNK];
    size_t item[CHUNK], group[CHUNK];
    bool is_done = true;
    for (size_t at = p->starts[part]; is_done && at < p->starts[part + 1]; at += CHUNK) {
        size_t left = p->starts[part + 1] - at, n = left < CHUNK ? left : CHUNK;
        load(g, at, n, word, item);
        is_done = par__numbering_feed(&t, word, item, n, group) == n;
        g->numberings[part] = t; /* for numbered */
        if (is_done && g->numbered != NULL) is_done = g->numbered(g, part, at, group, item, n);
    }
    par__numbering_end(&t);
    g->numberings[part] = t;
    return is_done;
}

/* Relaxed: what is written in a parallel call is read after its end. */
static void mark_first(par__grouping_t *g, size_t item)
{
    __atomic_fetch_or(&g->is_first[item / 64], (uint64_t)1 << item % 64, __ATOMIC_RELAXED);
}

static void number_parts(size_t begin, size_t end, void *ctx)
{
    par__grouping_t *g = ctx;
    for (size_t part = begin; part < end; part++) {
        if (!number_part(g, part)) __atomic_store_n(&g->is_short_of_memory, true, __ATOMIC_RELAXED);
        const par__numbering_t *t = &g->numberings[part];
        for (size_t k = 0; k < t->n_groups; k++)
            mark_first(g, t->groups[k].first);
    }
}

void par__grouping_parts(const par__grouping_t *g, par_range_fn *f, void *ctx)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = 2.0 * (double)g->n / (double)g->parts.n_parts;
    par_for_range(0, g->parts.n_parts, f, ctx, &options);
}

/* ---- ranks ---- */

/* Set bits: of each two, four, eight bits; then the bytes are added up by a multiplication. */
static size_t count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
    return (size_t)(x * 0x0101010101010101u >> 56);
}

static size_t n_lines(const par__grouping_t *g)
{
    return g->n / LINE_BITS + 1;
}

static void rank_all(par__grouping_t *g)
{
    size_t rank = 0;
    for (size_t line = 0; line < n_lines(g); line++) {
        g->ranks[line] = rank;
        for (size_t w = 0; w < LINE; w++)
            rank += count_bits(g->is_first[line * LINE + w]);
    }
    g->n_groups = rank;
}

size_t par__grouping_rank(const par__grouping_t *g, size_t first)
{
    size_t rank = g->ranks[first / LINE_BITS];
    for (size_t w = first / LINE_BITS * LINE; w < first / 64; w++)
        rank += count_bits(g->is_first[w]);
    return rank + count_bits(g->is_first[first / 64] & (((uint64_t)1 << first % 64) - 1));
}

/* ---- all of it ---- */

bool par__grouping_run(par__grouping_t *g)
{
    g->numberings = NULL;
    g->is_first = NULL;
    g->ranks = NULL;
    g->is_short_of_memory = false;
    if (!partition(g)) return false;
    g->numberings = calloc(g->parts.n_parts, sizeof *g->numberings);
    g->is_first = calloc(n_lines(g), LINE * sizeof *g->is_first);
    g->ranks = malloc(n_lines(g) * sizeof *g->ranks);
    if (g->numberings != NULL && g->is_first != NULL && g->ranks != NULL)
        par__grouping_parts(g, number_parts, g);
    else
        g->is_short_of_memory = true;
    if (g->is_short_of_memory) {
        par__grouping_free(g);
        return false;
    }
    rank_all(g);
    return true;
}

void par__grouping_free(par__grouping_t *g)
{
    for (size_t part = 0; g->numberings != NULL && part < g->parts.n_parts; part++)
        par__numbering_free(&g->numberings[part]);
    free(g->numberings);
    free(g->is_first);
    free(g->ranks);
    par__partition_free(&g->parts);
}
