/* numbering.h - gives the groups of a run of items the numbers 0, 1, 2, ... in the order in which they
 * occur first: a hash table with linear probing, for one worker. */
#ifndef PAR_NUMBERING_H
#define PAR_NUMBERING_H

#include "keys.h"

/* Feed so many items at most. */
enum { PAR__NUMBERING_CHUNK = 512 };

typedef struct par__group_t {
    uint64_t word;
    size_t first; /* item */
    size_t count; /* items, if they are counted */
} par__group_t;

/* A place of the table: the lower bits of a word; number 0 is an empty place, n the group n - 1. */
typedef struct par__number_t {
    uint32_t tag, number;
} par__number_t;

typedef struct par__numbering_t {
    const par__keys_t *keys;
    bool counts;          /* the items of each group */
    par__number_t *table; /* mask + 1 places, at most half of them in use; NULL at first */
    size_t mask;
    par__group_t *groups;
    size_t n_groups, room;
} par__numbering_t;

/* Writes the group of each of n items to group, and returns how many: all, or those before the first
 * one for which there was no memory. Zeros but for keys
 * and counts are an empty numbering. */
size_t par__numbering_feed(
    par__numbering_t *t, const uint64_t *word, const size_t *item, size_t n, size_t *group);

/* The table only; the groups stay. */
void par__numbering_end(par__numbering_t *t);
void par__numbering_free(par__numbering_t *t);

#endif
