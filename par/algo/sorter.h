/* sorter.h - what the comparison sorts and the verbs on sorted arrays share.
 *
 * A sorter is a kernel (par/sort_kernel.h) and its context; elements are bytes at v + i * size. All of
 * these take any answers of `less`: elements are only ever moved as wholes, to places that counts
 * decide. */
#ifndef PAR_SORTER_H
#define PAR_SORTER_H

#include <stdbool.h>
#include <stddef.h>

#include <par/sort_kernel.h>

typedef struct par__sorter_t {
    const par_sort_kernel_t *kernel;
    size_t size; /* kernel->size: 1 .. PTRDIFF_MAX */
    void *ctx;
} par__sorter_t;

enum {
    PAR__SORTER_LEAF = 1024,       /* elements that one task sorts as a rule */
    PAR__SORTER_STACK = 16 * 1024, /* bytes that a leaf has on the stack */
    PAR__SORTER_HOLD = 4096        /* and for one element that is kept aside */
};

static inline bool par__sorter_less(const par__sorter_t *s, const char *a, const char *b)
{
    return s->kernel->less(a, b, s->ctx) != 0;
}

/* The first of the n elements that is not less than key, or, with is_upper, that key is less than. */
static inline size_t
par__sorter_bound(const par__sorter_t *s, const char *v, size_t n, const char *key, bool is_upper)
{
    size_t first = 0;
    while (n > 0) {
        const char *middle = v + (first + n / 2) * s->size;
        bool is_before =
            is_upper ? !par__sorter_less(s, key, middle) : par__sorter_less(s, middle, key);
        first += is_before ? n / 2 + 1 : 0;
        n = is_before ? n - n / 2 - 1 : n / 2;
    }
    return first;
}

/* ---- moving elements (sorter.c) ---- */

/* Exchanges two pieces that share no byte. */
void par__sorter_swap(char *a, char *b, size_t bytes);

/* How many elements at the front are in order, or strictly in falling order; in parallel. n >= 1. */
size_t par__sorter_run(const par__sorter_t *s, const char *v, size_t n, bool is_down);

/* ---- merging (merge.c) ---- */

/* Merges two runs to out, which shares no byte with them; in parallel. Equal ones: a's first. */
void par__sorter_merge(
    const par__sorter_t *s, char *out, const char *a, size_t n_a, const char *b, size_t n_b);

/* Merges v[0..n_a) and the n_b elements behind it where they are, with no memory. */
void par__sorter_merge_in_place(const par__sorter_t *s, char *v, size_t n_a, size_t n_b);

/* ---- sorting ---- */

/* Stable (sort_stable.c): with a buffer of n elements, or without, where there is no memory. */
void par__sorter_stable(const par__sorter_t *s, char *v, size_t n);

/* Stable with the given room of n elements (sort_stable.c); by halves and merges only. */
void par__sorter_halves(const par__sorter_t *s, char *v, size_t n, char *room, bool to_room);

/* Stable with the given room, by spreading over buckets (sort_spread.c): for data without order. */
void par__sorter_spread(const par__sorter_t *s, char *v, size_t n, char *room, unsigned limit);

/* In place (sort_unstable.c). */
void par__sorter_unstable(const par__sorter_t *s, char *v, size_t n);

/* Exchanges *v and an element near the middle of the order (sort_divide.c, like the next two). */
void par__sorter_pivot(const par__sorter_t *s, char *v, size_t n);

/* Brings to the front what is less than the pivot, or, with is_upper, what the pivot is not less than;
 * returns how many these are. The pivot lies outside v; size <= PAR__SORTER_HOLD. In parallel when n is
 * large. */
size_t
par__sorter_partition(const par__sorter_t *s, char *v, size_t n, const char *pivot, bool is_upper);

/* Brings the elements less than *v to its left and the others to its right, so that it stands where it
 * does in order; returns this place. n >= 1, size as above. */
size_t par__sorter_divide(const par__sorter_t *s, char *v, size_t n);

/* Heap sort (sort_heap.c): O(n log n) with any data. */
void par__sorter_heap(const par__sorter_t *s, char *v, size_t n);

#endif
