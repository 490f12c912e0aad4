/* sort_r.h - a sorter of a comparison that is called. */
#ifndef PAR_SORT_R_H
#define PAR_SORT_R_H

#include <par/sort.h>

#include "sorter.h"

typedef struct par__compare_t {
    par_compare_fn *compare;
    void *ctx;
    size_t size;
} par__compare_t;

/* Must live as long as *c. c->size >= 1. */
par__sorter_t par__sort_r_sorter(par__compare_t *c);

/* Whether there can be an array of n elements of this size. */
bool par__sort_r_fits(size_t n, size_t size);

#endif
