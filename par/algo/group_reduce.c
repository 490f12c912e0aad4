/* group_reduce.c - one value for each key, or none: reduce_by_key and distinct.
 *
 * If a sample of the items has few different keys, blocks of items are reduced first, each to one entry
 * a group, and then the entries: frequent keys cost no more than others, and little memory is needed.
 * Entries are in the order of their first items, so the groups of the entries are those of the items,
 * in the same order. Blocks and sample depend on the keys alone, never on the workers. */
#include <par/group.h>

#include <stdlib.h>
#include <string.h>

#include "grouping.h"
#include "misuse.h"
#include "room.h"

enum { CHUNK = PAR__NUMBERING_CHUNK };

/* Fewer items are not worth two steps. */
enum { SAMPLE = 2048, FEW_IN_SAMPLE = SAMPLE / 2, MIN_FOR_SAMPLE = 1 << 17 };
enum { MIN_BLOCK = 1 << 16, MAX_BLOCKS = 1024 };

typedef struct reduce_t {
    char *out_keys, *out_values;
    size_t value_size; /* 0: there are none */
    par_absorb_items_fn *absorb;
    void *ctx;
} reduce_t;

/* The values of some groups. */
typedef struct sums_t {
    char *values;
    size_t room; /* groups */
} sums_t;

/* ---- values of groups ---- */

static bool sums_grow(sums_t *sums, size_t room, size_t value_size)
{
    if (room <= sums->room) return true;
    if (!par__array_exists(room, value_size)) return false;
    char *values = par__room(room * value_size);
    if (values == NULL) return false;
    if (sums->room > 0) memcpy(values, sums->values, sums->room * value_size);
    free(sums->values);
    *sums = (sums_t){values, room};
    return true;
}

/* Items that are the first of their groups are copied, the others absorbed. n_known groups have a
 * value; new ones, up to n_groups, have numbers from there on, in order. */
static void add_values(const reduce_t *r,
                       char *sums,
                       size_t n_known,
                       size_t n_groups,
                       const size_t *group,
                       const char *values,
                       const size_t *item,
                       size_t n)
{
    size_t other_group[CHUNK], other_item[CHUNK], n_others = 0;
    if (n_known == n_groups) {
        if (n > 0) r->absorb(sums, group, values, item, n, r->ctx);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        if (group[k] == n_known) {
            memcpy(sums + n_known++ * r->value_size, values + item[k] * r->value_size,
                   r->value_size);
        } else {
            other_group[n_others] = group[k];
            other_item[n_others++] = item[k];
        }
    }
    if (n_others > 0) r->absorb(sums, other_group, values, other_item, n_others, r->ctx);
}

/* ---- a grouping of items, or of entries ---- */

typedef struct pass_t {
    par__grouping_t g; /* first: what numbered gets */
    const reduce_t *r;
    const char *values; /* of all items */
    sums_t *sums;       /* of each part */
    size_t *n_known;
} pass_t;

/* The values lie in the records. */
static void
add_records(const pass_t *pass, size_t at, char *sums, size_t part, const size_t *group, size_t n)
{
    enum { LARGEST = 64 };
    _Alignas(64) char value[CHUNK * LARGEST];
    size_t item[CHUNK], size = pass->g.value_size, step = pass->g.parts.record_size;
    const char *from = pass->g.parts.records + at * step + (pass->g.is_short ? 8 : 16);
    for (size_t k = 0; k < n; k++) {
        item[k] = k;
        if (size == 8)
            memcpy(value + k * 8, from + k * step, 8);
        else
            memcpy(value + k * size, from + k * step, size);
    }
    add_values(pass->r, sums, pass->n_known[part], pass->g.numberings[part].n_groups, group, value,
               item, n);
}

static bool add_part(
    par__grouping_t *g, size_t part, size_t at, const size_t *group, const size_t *item, size_t n)
{
    pass_t *pass = (pass_t *)g;
    const par__numbering_t *t = &g->numberings[part];
    if (!sums_grow(&pass->sums[part], t->room, pass->r->value_size)) return false;
    char *sums = pass->sums[part].values;
    if (g->value_size > 0)
        add_records(pass, at, sums, part, group, n);
    else
        add_values(pass->r, sums, pass->n_known[part], t->n_groups, group, pass->values, item, n);
    pass->n_known[part] = t->n_groups;
    return true;
}

static void write_parts(size_t begin, size_t end, void *ctx)
{
    const pass_t *pass = ctx;
    const reduce_t *r = pass->r;
    size_t key_size = pass->g.keys->key.size;
    for (size_t part = begin; part < end; part++) {
        const par__numbering_t *t = &pass->g.numberings[part];
        for (size_t k = 0; k < t->n_groups; k++) {
            size_t first = t->groups[k].first, to = par__grouping_rank(&pass->g, first);
            memcpy(r->out_keys + to * key_size, par__keys_at(pass->g.keys, first), key_size);
            if (r->value_size > 0)
                memcpy(r->out_values + to * r->value_size,
                       pass->sums[part].values + k * r->value_size, r->value_size);
        }
    }
}

static bool pass_allocate(pass_t *pass, size_t n_parts)
{
    if (pass->r->value_size == 0) return true;
    pass->sums = calloc(n_parts, sizeof *pass->sums);
    pass->n_known = calloc(n_parts, sizeof *pass->n_known);
    pass->g.numbered = add_part;
    return pass->sums != NULL && pass->n_known != NULL;
}

static bool
run_pass(const reduce_t *r, const par__keys_t *keys, const char *values, size_t n, size_t *n_groups)
{
    pass_t pass = {
        .g = {.keys = keys, .n = n, .values = values, .value_size = r->value_size},
        .r = r,
        .values = values,
    };
    size_t n_parts = (size_t)1 << par__partition_bits(n);
    bool is_done = pass_allocate(&pass, n_parts) && par__grouping_run(&pass.g);
    if (is_done) {
        par__grouping_parts(&pass.g, write_parts, &pass);
        *n_groups = pass.g.n_groups;
        par__grouping_free(&pass.g);
    }
    for (size_t part = 0; pass.sums != NULL && part < n_parts; part++)
        free(pass.sums[part].values);
    free(pass.sums);
    free(pass.n_known);
    return is_done;
}

/* ---- blocks first ---- */

typedef struct block_t {
    par__numbering_t t;
    sums_t sums;
    size_t entry; /* the number of its first one */
} block_t;

typedef struct blocks_t {
    const reduce_t *r;
    const par__keys_t *keys;
    const char *values;
    size_t n, length, n_blocks, n_entries;
    block_t *blocks;
    uint64_t *words; /* of the entries, and their first items and values */
    size_t *items;
    char *sums;
    bool is_short_of_memory; /* written by all, atomically */
} blocks_t;

static bool reduce_block(blocks_t *b, size_t begin, size_t end, block_t *block)
{
    uint64_t word[CHUNK];
    size_t item[CHUNK], group[CHUNK];
    block->t = (par__numbering_t){.keys = b->keys};
    for (size_t i = begin; i < end; i += CHUNK) {
        size_t n = end - i < CHUNK ? end - i : CHUNK, n_known = block->t.n_groups;
        par__keys_words(b->keys, word, i, i + n);
        for (size_t k = 0; k < n; k++)
            item[k] = i + k;
        if (par__numbering_feed(&block->t, word, item, n, group) < n) return false;
        if (b->r->value_size == 0) continue;
        if (!sums_grow(&block->sums, block->t.room, b->r->value_size)) return false;
        add_values(b->r, block->sums.values, n_known, block->t.n_groups, group, b->values, item, n);
    }
    return true;
}

static void reduce_blocks(size_t begin, size_t end, void *ctx)
{
    blocks_t *b = ctx;
    for (size_t k = begin; k < end; k++) {
        size_t first = k * b->length, left = b->n - first;
        bool is_done =
            reduce_block(b, first, first + (left < b->length ? left : b->length), &b->blocks[k]);
        if (!is_done) __atomic_store_n(&b->is_short_of_memory, true, __ATOMIC_RELAXED);
        par__numbering_end(&b->blocks[k].t);
    }
}

static void write_entries(size_t begin, size_t end, void *ctx)
{
    const blocks_t *b = ctx;
    size_t size = b->r->value_size;
    for (size_t k = begin; k < end; k++) {
        const block_t *block = &b->blocks[k];
        for (size_t g = 0; g < block->t.n_groups; g++) {
            b->words[block->entry + g] = block->t.groups[g].word;
            b->items[block->entry + g] = block->t.groups[g].first;
        }
        if (size > 0)
            memcpy(b->sums + block->entry * size, block->sums.values, block->t.n_groups * size);
    }
}

static bool make_entries(blocks_t *b)
{
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = (double)b->length;
    b->blocks = calloc(b->n_blocks, sizeof *b->blocks);
    if (b->blocks == NULL) return false;
    par_for_range(0, b->n_blocks, reduce_blocks, b, &options);
    for (size_t k = 0; k < b->n_blocks; k++) {
        b->blocks[k].entry = b->n_entries;
        b->n_entries += b->blocks[k].t.n_groups;
    }
    sums_t sums = {NULL, 0};
    if (b->is_short_of_memory) return false;
    if (b->r->value_size > 0 && !sums_grow(&sums, b->n_entries, b->r->value_size)) return false;
    b->sums = sums.values;
    b->words = malloc(b->n_entries * sizeof *b->words);
    b->items = malloc(b->n_entries * sizeof *b->items);
    if (b->words == NULL || b->items == NULL) return false;
    par_for_range(0, b->n_blocks, write_entries, b, NULL);
    return true;
}

static void free_blocks(blocks_t *b)
{
    for (size_t k = 0; b->blocks != NULL && k < b->n_blocks; k++) {
        par__numbering_free(&b->blocks[k].t);
        free(b->blocks[k].sums.values);
    }
    free(b->blocks);
    b->blocks = NULL;
}

static bool run_blocks(
    const reduce_t *r, const par__keys_t *keys, const char *values, size_t n, size_t *n_groups)
{
    size_t length = n / MAX_BLOCKS + 1;
    blocks_t b = {.r = r, .keys = keys, .values = values, .n = n};
    b.length = length > MIN_BLOCK ? length : MIN_BLOCK;
    b.n_blocks = (n - 1) / b.length + 1;
    bool is_done = make_entries(&b);
    free_blocks(&b);
    if (is_done) {
        par__keys_t entries = *keys;
        entries.words = b.words;
        entries.items = b.items;
        is_done = run_pass(r, &entries, b.sums, b.n_entries, n_groups);
    }
    free(b.words);
    free(b.items);
    free(b.sums);
    return is_done;
}

/* Whether a sample has few different keys. */
static bool has_few_keys(const par__keys_t *keys, size_t n)
{
    if (n < MIN_FOR_SAMPLE) return false;
    par__numbering_t t = {.keys = keys};
    size_t is_fed = 1;
    for (size_t k = 0; k < SAMPLE && is_fed == 1; k++) {
        size_t item = n / SAMPLE * k, group;
        uint64_t word;
        par__keys_words(keys, &word, item, item + 1);
        is_fed = par__numbering_feed(&t, &word, &item, 1, &group);
    }
    size_t n_different = t.n_groups;
    par__numbering_free(&t);
    return is_fed == 1 && n_different <= FEW_IN_SAMPLE;
}

/* ---- alone ---- */

static size_t reduce_without_memory(const reduce_t *r,
                                    const par__keys_t *keys,
                                    const char *values,
                                    size_t begin,
                                    size_t n,
                                    size_t n_groups)
{
    size_t size = keys->key.size;
    for (size_t i = begin; i < n; i++) {
        size_t g = 0;
        while (g < n_groups &&
               !par__keys_equal(keys, r->out_keys + g * size, keys->base + i * size))
            g++;
        if (g == n_groups) memcpy(r->out_keys + g * size, keys->base + i * size, size);
        if (r->value_size > 0)
            add_values(r, r->out_values, n_groups, n_groups + (g == n_groups), &g, values, &i, 1);
        n_groups += g == n_groups;
    }
    return n_groups;
}

static size_t reduce_alone(const reduce_t *r, const par__keys_t *keys, const char *values, size_t n)
{
    par__numbering_t t = {.keys = keys};
    uint64_t word[CHUNK];
    size_t item[CHUNK], group[CHUNK], n_groups = 0, size = keys->key.size;
    for (size_t i = 0; i < n; i += CHUNK) {
        size_t wanted = n - i < CHUNK ? n - i : CHUNK;
        par__keys_words(keys, word, i, i + wanted);
        for (size_t k = 0; k < wanted; k++)
            item[k] = i + k;
        size_t length = par__numbering_feed(&t, word, item, wanted, group);
        if (r->value_size > 0)
            add_values(r, r->out_values, n_groups, t.n_groups, group, values, item, length);
        for (; n_groups < t.n_groups; n_groups++)
            memcpy(r->out_keys + n_groups * size, keys->base + t.groups[n_groups].first * size,
                   size);
        if (length < wanted) {
            n_groups = reduce_without_memory(r, keys, values, i + length, n, n_groups);
            break;
        }
    }
    par__numbering_free(&t);
    return n_groups;
}

/* ---- public ---- */

static size_t reduce(const reduce_t *r, const par__keys_t *keys, const char *values, size_t n)
{
    size_t n_groups;
    if (n > PAR__GROUPING_FEW) {
        bool is_done = has_few_keys(keys, n) ? run_blocks(r, keys, values, n, &n_groups)
                                             : run_pass(r, keys, values, n, &n_groups);
        if (is_done) return n_groups;
    }
    return reduce_alone(r, keys, values, n);
}

size_t par_distinct_by_key(void *out, const void *in, size_t n, const par_key_t *key)
{
    PAR__MISUSE((out != NULL && in != NULL) || n == 0, "an array is NULL; pass it, or n = 0");
    if (!par__keys_are_valid(__func__, key, n) || n == 0) return 0;
    reduce_t r = {.out_keys = out};
    par__keys_t keys = par__keys_of_array(in, key);
    return reduce(&r, &keys, NULL, n);
}

size_t par_reduce_by_key(void *out_keys,
                         void *out_values,
                         const void *keys,
                         const void *values,
                         size_t n,
                         const par_key_t *key,
                         size_t value_size,
                         par_absorb_items_fn *absorb,
                         void *ctx)
{
    PAR__MISUSE((out_keys != NULL && out_values != NULL && keys != NULL && values != NULL) ||
                    n == 0,
                "an array is NULL; pass it, or n = 0");
    PAR__MISUSE(absorb != NULL, "absorb is NULL; pass the function that combines values");
    PAR__MISUSE(value_size > 0, "value_size is 0; pass the size of a value in bytes");
    PAR__MISUSE(par__array_exists(n, value_size), "n is too large; no array has so many items");
    if (value_size == 0 || !par__array_exists(n, value_size)) return 0;
    if (!par__keys_are_valid(__func__, key, n) || n == 0) return 0;
    reduce_t r = {out_keys, out_values, value_size, absorb, ctx};
    par__keys_t k = par__keys_of_array(keys, key);
    return reduce(&r, &k, values, n);
}
