/* spare.h - temporaries of a reduction that are too large for the frame of the node that needs them.
 *
 * The nodes of a tree need one each, but only those on the way from the root to a leaf at the same
 * time. Who walks a part of the tree keeps what it no longer needs for its next node, so it allocates
 * once for a part, not once a node. One thread only; zeroed it is empty. */
#ifndef PAR_SPARE_H
#define PAR_SPARE_H

#include <stddef.h>

typedef struct par__spare_t {
    void *unused; /* a list of temporaries, linked through their first words */
    void *chunks; /* a list of what was allocated */
} par__spare_t;

/* A temporary of `bytes`, aligned to 64; the same bytes at each call. When there is none, room for
 * n_soon of them is made at once, if that is little. NULL without memory. */
void *par__spare_take(par__spare_t *spare, size_t bytes, size_t n_soon);

/* Gives one back. */
void par__spare_give(par__spare_t *spare, void *temp);

void par__spare_free(par__spare_t *spare);

/* All have been given back. */
static inline void par__spare_end(par__spare_t *spare)
{
    if (spare->chunks != NULL) par__spare_free(spare);
}

#endif
