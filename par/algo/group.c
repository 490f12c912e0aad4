/* group.c - group_by: an order of the items, group by group.
 *
 * While the parts are numbered, the group of each item is noted in place of its word. The counts of
 * the groups, in the order of their first items, become offsets, and each part writes its items. */
#include <par/group.h>

#include <stdlib.h>
#include <string.h>

#include "grouping.h"
#include "misuse.h"

typedef struct output_t {
    par__grouping_t *g;
    size_t *order, *offsets;
} output_t;

/* ---- in parallel ---- */

static bool note_groups(
    par__grouping_t *g, size_t part, size_t at, const size_t *group, const size_t *item, size_t n)
{
    (void)part;
    (void)item;
    char *record = g->parts.records + at * g->parts.record_size;
    for (size_t k = 0; k < n; k++, record += g->parts.record_size) {
        if (g->is_short)
            memcpy(record, &(uint32_t){(uint32_t)group[k]}, sizeof(uint32_t));
        else
            memcpy(record, &(uint64_t){group[k]}, sizeof(uint64_t));
    }
    return true;
}

static void clear(size_t begin, size_t end, void *ctx)
{
    memset((size_t *)ctx + begin, 0, (end - begin) * sizeof(size_t));
}

/* Added, not set: keys that change while they are read may give two groups the same first item. */
static void write_counts(size_t begin, size_t end, void *ctx)
{
    const output_t *out = ctx;
    for (size_t part = begin; part < end; part++) {
        const par__numbering_t *t = &out->g->numberings[part];
        for (size_t k = 0; k < t->n_groups; k++)
            __atomic_fetch_add(&out->offsets[par__grouping_rank(out->g, t->groups[k].first)],
                               t->groups[k].count, __ATOMIC_RELAXED);
    }
}

static void sum_up(size_t *offsets, size_t n_groups)
{
    size_t at = 0;
    for (size_t g = 0; g <= n_groups; g++) {
        size_t count = offsets[g];
        offsets[g] = at;
        at += count;
    }
}

/* Counts become the places where the next item of each group goes. */
static void write_part(const output_t *out, size_t part)
{
    const par__partition_t *p = &out->g->parts;
    par__group_t *groups = out->g->numberings[part].groups;
    for (size_t k = 0; k < out->g->numberings[part].n_groups; k++)
        groups[k].count = out->offsets[par__grouping_rank(out->g, groups[k].first)];
    for (size_t at = p->starts[part]; at < p->starts[part + 1]; at++) {
        const char *record = p->records + at * p->record_size;
        if (out->g->is_short) {
            uint32_t head[2]; /* group, item */
            memcpy(head, record, sizeof head);
            out->order[groups[head[0]].count++] = head[1];
        } else {
            uint64_t head[2];
            memcpy(head, record, sizeof head);
            out->order[groups[head[0]].count++] = (size_t)head[1];
        }
    }
}

static void write_parts(size_t begin, size_t end, void *ctx)
{
    for (size_t part = begin; part < end; part++)
        write_part(ctx, part);
}

static bool group_in_parallel(const par__keys_t *keys, size_t n, output_t *out, size_t *n_groups)
{
    par__grouping_t g = {.keys = keys, .n = n, .counts = true, .numbered = note_groups};
    if (!par__grouping_run(&g)) return false;
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = 0.5;
    out->g = &g;
    par_for_range(0, g.n_groups + 1, clear, out->offsets, &options);
    par__grouping_parts(&g, write_counts, out);
    sum_up(out->offsets, g.n_groups);
    par__grouping_parts(&g, write_parts, out);
    *n_groups = g.n_groups;
    par__grouping_free(&g);
    return true;
}

/* ---- alone ---- */

static bool have_same_key(const par__keys_t *keys, size_t i, size_t j)
{
    if (keys->base != NULL)
        return par__keys_equal(keys, par__keys_at(keys, i), par__keys_at(keys, j));
    uint64_t a, b;
    par__keys_words(keys, &a, i, i + 1);
    par__keys_words(keys, &b, j, j + 1);
    return a == b;
}

/* offsets[g] is the first item of group g; order[i] becomes the group of item i. */
static size_t group_without_memory(
    const par__keys_t *keys, size_t n, const output_t *out, size_t begin, size_t n_groups)
{
    for (size_t i = begin; i < n; i++) {
        size_t g = 0;
        while (g < n_groups && !have_same_key(keys, out->offsets[g], i))
            g++;
        if (g == n_groups) out->offsets[n_groups++] = i;
        out->order[i] = g;
    }
    return n_groups;
}

static size_t number_alone(const par__keys_t *keys, size_t n, const output_t *out)
{
    enum { CHUNK = PAR__NUMBERING_CHUNK };
    par__numbering_t t = {.keys = keys};
    uint64_t word[CHUNK];
    size_t item[CHUNK], done = 0, n_groups = 0;
    for (size_t length, wanted; done < n; done += length) {
        wanted = n - done < CHUNK ? n - done : CHUNK;
        par__keys_words(keys, word, done, done + wanted);
        for (size_t k = 0; k < wanted; k++)
            item[k] = done + k;
        length = par__numbering_feed(&t, word, item, wanted, out->order + done);
        for (; n_groups < t.n_groups; n_groups++)
            out->offsets[n_groups] = t.groups[n_groups].first;
        if (length < wanted) {
            n_groups = group_without_memory(keys, n, out, done + length, n_groups);
            break;
        }
    }
    par__numbering_free(&t);
    return n_groups;
}

/* to[i] says where item i goes; becomes which item goes where. The upper bit marks what is done. */
static void invert(size_t *to, size_t n)
{
    const size_t done = ~(SIZE_MAX >> 1);
    for (size_t i = 0; i < n; i++) {
        size_t item = i, at = to[i];
        while ((at & done) == 0) {
            size_t next = to[at];
            to[at] = item | done;
            item = at;
            at = next;
        }
    }
    for (size_t i = 0; i < n; i++)
        to[i] &= ~done;
}

static size_t group_alone(const par__keys_t *keys, size_t n, const output_t *out)
{
    size_t n_groups = number_alone(keys, n, out), *offsets = out->offsets;
    memset(offsets, 0, (n_groups + 1) * sizeof *offsets);
    for (size_t i = 0; i < n; i++)
        offsets[out->order[i]]++;
    sum_up(offsets, n_groups);
    for (size_t i = 0; i < n; i++)
        out->order[i] = offsets[out->order[i]]++;
    memmove(offsets + 1, offsets, n_groups * sizeof *offsets);
    offsets[0] = 0;
    invert(out->order, n);
    return n_groups;
}

/* ---- public ---- */

static size_t group(const par__keys_t *keys, size_t n, size_t *order, size_t *offsets)
{
    output_t out = {.order = order, .offsets = offsets};
    size_t n_groups;
    if (n > PAR__GROUPING_FEW && group_in_parallel(keys, n, &out, &n_groups)) return n_groups;
    return group_alone(keys, n, &out);
}

size_t
par_group_by_key(const void *keys, size_t n, const par_key_t *key, size_t *order, size_t *offsets)
{
    PAR__MISUSE(offsets != NULL, "offsets is NULL; pass room for n + 1");
    PAR__MISUSE((keys != NULL && order != NULL) || n == 0, "an array is NULL; pass it, or n = 0");
    if (!par__keys_are_valid(__func__, key, n)) n = 0;
    PAR__LIMIT_ITEMS(n, size_t);
    offsets[0] = 0;
    if (n == 0) return 0;
    par__keys_t k = par__keys_of_array(keys, key);
    return group(&k, n, order, offsets);
}

size_t par_group_by_number(size_t n, par_key_fn *key, size_t *order, size_t *offsets, void *ctx)
{
    PAR__MISUSE(offsets != NULL, "offsets is NULL; pass room for n + 1");
    PAR__MISUSE(order != NULL || n == 0, "order is NULL; pass room for n items, or n = 0");
    PAR__MISUSE(key != NULL, "key is NULL; pass the function that tells the keys");
    PAR__LIMIT_ITEMS(n, size_t);
    offsets[0] = 0;
    if (n == 0) return 0;
    par__keys_t k = par__keys_of_number(key, ctx);
    return group(&k, n, order, offsets);
}
