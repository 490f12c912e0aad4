/* sort_r.h - a sorter of a comparison that is called, and the checks of what a user gives. */
#ifndef PAR_SORT_R_H
#define PAR_SORT_R_H

#include <par/sort.h>

#include "misuse.h"
#include "sorter.h"

typedef struct par__compare_t {
    par_compare_fn *compare;
    void *ctx;
    size_t size;
} par__compare_t;

/* Must live as long as *c. c->size >= 1. */
par__sorter_t par__sort_r_sorter(par__compare_t *c);

/* Whether there can be an array of n elements of this size. */
static inline bool par__sorter_fits(size_t n, size_t size)
{
    return size > 0 && par__array_exists(n, size);
}

#define PAR__CHECK_ARRAY(base, n, size)                                                            \
    PAR__MISUSE((n) == 0 || (base) != NULL, #base " is NULL; pass the array, or n = 0");           \
    PAR__MISUSE((n) == 0 || (size) > 0, "size is 0; pass the bytes of an element");                \
    PAR__MISUSE((n) == 0 || par__sorter_fits(n, size),                                             \
                "n * size is above PTRDIFF_MAX; no array is that large")
#define PAR__CHECK_COMPARE(compare)                                                                \
    PAR__MISUSE((compare) != NULL, "compare is NULL; pass the function that orders two elements")

#endif
