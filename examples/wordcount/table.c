/* table.c - how often each word occurs: a hash table in shards. */
#include "wordcount.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *alloc_zeroed(size_t n, size_t size)
{
    void *memory = calloc(n, size);
    if (memory == NULL) {
        fprintf(stderr, "wordcount: out of memory: %zu items of %zu bytes were asked for\n", n,
                size);
        exit(1);
    }
    return memory;
}

static inline unsigned fold(unsigned char byte)
{
    unsigned lower = byte | 0x20u;
    return lower - 'a' < 26 ? lower : byte >= 0x80 ? byte : 0;
}

unsigned letter_fold(unsigned char byte)
{
    return fold(byte);
}

static int word_compare(const entry_t *a, const entry_t *b)
{
    size_t length = a->length < b->length ? a->length : b->length;
    for (size_t i = 0; i < length; i++) {
        unsigned left = fold(a->word[i]), right = fold(b->word[i]);
        if (left != right) return left < right ? -1 : 1;
    }
    return (a->length > b->length) - (a->length < b->length);
}

/* The slot of the word, or the free one where it would be put. */
static entry_t *shard_find(const shard_t *shard, const entry_t *key)
{
    size_t mask = shard->n_slots - 1;
    for (size_t i = key->hash & mask;; i = (i + 1) & mask) {
        entry_t *slot = &shard->slots[i];
        if (slot->count == 0) return slot;
        if (slot->hash == key->hash && word_compare(slot, key) == 0) return slot;
    }
}

static void shard_grow(shard_t *shard)
{
    size_t n_slots = shard->n_slots == 0 ? 16 : 2 * shard->n_slots;
    shard_t larger = {alloc_zeroed(n_slots, sizeof(entry_t)), n_slots, shard->n_used};
    for (size_t i = 0; i < shard->n_slots; i++)
        if (shard->slots[i].count != 0) *shard_find(&larger, &shard->slots[i]) = shard->slots[i];
    free(shard->slots);
    *shard = larger;
}

static inline void shard_add(shard_t *shard, const entry_t *entry)
{
    if (4 * shard->n_used >= 3 * shard->n_slots) shard_grow(shard);
    entry_t *slot = shard_find(shard, entry);
    if (slot->count != 0) {
        slot->count += entry->count;
    } else {
        *slot = *entry;
        shard->n_used++;
    }
}

static size_t shard_of(uint64_t hash)
{
    return (size_t)(hash >> 32) % N_SHARDS;
}

/* Spreads the bits: the low ones choose the slot, others the shard. */
static uint64_t hash_finish(uint64_t hash)
{
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 29;
}

void table_count(table_t *table, span_t part)
{
    const unsigned char *at = part.begin;
    while (at < part.end) {
        unsigned letter = fold(*at);
        if (letter == 0) {
            at++;
            continue;
        }
        entry_t entry = {0, at, 0, 1};
        do {
            entry.hash = (entry.hash ^ letter) * UINT64_C(0x100000001B3);
            at++;
        } while (at < part.end && (letter = fold(*at)) != 0);
        entry.length = (size_t)(at - entry.word);
        entry.hash = hash_finish(entry.hash);
        shard_add(&table->shards[shard_of(entry.hash)], &entry);
    }
}

void table_merge_shard(table_t *into, table_t *from, size_t shard)
{
    shard_t *left = &into->shards[shard], *right = &from->shards[shard];
    if (left->n_used == 0) {
        free(left->slots);
        *left = *right;
    } else {
        for (size_t i = 0; i < right->n_slots; i++)
            if (right->slots[i].count != 0) shard_add(left, &right->slots[i]);
        free(right->slots);
    }
    *right = (shard_t){NULL, 0, 0};
}

uint64_t table_sum(const table_t *table)
{
    uint64_t sum = 0;
    for (const shard_t *shard = table->shards; shard < table->shards + N_SHARDS; shard++)
        for (size_t i = 0; i < shard->n_slots; i++)
            sum += shard->slots[i].count;
    return sum;
}

size_t table_distinct(const table_t *table)
{
    size_t sum = 0;
    for (size_t i = 0; i < N_SHARDS; i++)
        sum += table->shards[i].n_used;
    return sum;
}

static bool entry_before(const entry_t *a, const entry_t *b)
{
    return a->count != b->count ? a->count > b->count : word_compare(a, b) < 0;
}

size_t table_top(const table_t *table, size_t n, entry_t *top)
{
    size_t used = 0;
    for (const shard_t *shard = table->shards; shard < table->shards + N_SHARDS; shard++) {
        for (size_t i = 0; i < shard->n_slots; i++) {
            const entry_t *entry = &shard->slots[i];
            if (entry->count == 0 || (used == n && !entry_before(entry, &top[n - 1]))) continue;
            size_t at = used < n ? used++ : n - 1;
            for (; at > 0 && entry_before(entry, &top[at - 1]); at--)
                top[at] = top[at - 1];
            top[at] = *entry;
        }
    }
    return used;
}

static bool shard_equal(const shard_t *a, const shard_t *b)
{
    if (a->n_used != b->n_used) return false;
    for (size_t i = 0; i < a->n_slots; i++)
        if (a->slots[i].count != 0 && shard_find(b, &a->slots[i])->count != a->slots[i].count)
            return false;
    return true;
}

bool table_equal(const table_t *a, const table_t *b)
{
    for (size_t i = 0; i < N_SHARDS; i++)
        if (!shard_equal(&a->shards[i], &b->shards[i])) return false;
    return true;
}

void table_free(table_t *table)
{
    for (size_t i = 0; i < N_SHARDS; i++)
        free(table->shards[i].slots);
    *table = (table_t){0};
}
