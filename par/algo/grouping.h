/* grouping.h - the groups of all items, found in parallel.
 *
 * The items are sorted by the upper bits of their words (partition.h); all items of a group are in one
 * part then, and each part is numbered by one worker (numbering.h). A bit for each item that is the
 * first of its group tells the place of a group among all: the bits set before it. */
#ifndef PAR_GROUPING_H
#define PAR_GROUPING_H

#include <par/for.h>

#include "numbering.h"
#include "partition.h"

typedef struct par__grouping_t par__grouping_t;

/* Some items of a part, in their order, with their groups in numbering. They begin at at among
 * those of all parts. False: no memory. */
typedef bool par__grouping_fn(
    par__grouping_t *g, size_t part, size_t at, const size_t *group, const size_t *item, size_t n);

struct par__grouping_t {
    /* Given. */
    const par__keys_t *keys;
    size_t n;
    const char *values;         /* of all items, to lie in the records of the parts; NULL: none */
    size_t value_size;          /* 0 once the records turn out too large for them */
    bool counts;                /* the items of each group are counted */
    par__grouping_fn *numbered; /* is called while a part is numbered; may be NULL */
    void *ctx;                  /* numbered's */

    /* Made. A record is the word and the item, 4 bytes each if is_short, otherwise 8, and the value. */
    par__partition_t parts;
    bool is_short;
    par__numbering_t *numberings; /* of each part: the groups, no table */
    uint64_t *is_first;           /* a bit for each item; written by all, atomically */
    size_t *ranks;                /* how many bits are set before each cache line of is_first */
    size_t n_groups;
    bool is_short_of_memory; /* written by all, atomically */
};

/* Up to so many items are better grouped by the caller alone. */
enum { PAR__GROUPING_FEW = 4096 };

/* False: no memory, and nothing is left behind. Otherwise par__grouping_free ends it. */
bool par__grouping_run(par__grouping_t *g);
void par__grouping_free(par__grouping_t *g);

/* The place among all groups of the one whose first item this is. */
size_t par__grouping_rank(const par__grouping_t *g, size_t first);

/* Calls f(begin, end, ctx) for parts. */
void par__grouping_parts(const par__grouping_t *g, par_range_fn *f, void *ctx);

#endif
