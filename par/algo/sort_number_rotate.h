/* sort_number_rotate.h - the stable sort that needs no memory, for when there is none. */
#ifndef PAR_SORT_NUMBER_ROTATE_H
#define PAR_SORT_NUMBER_ROTATE_H

#include <stddef.h>
#include <stdint.h>

/* Elements that are seen by these two alone. Both may run on several threads, for elements of their
 * own. */
typedef struct par__rotate_t {
    uint64_t (*key)(const void *ctx, size_t i); /* of element i; smaller ones go to the front */
    void (*swap)(const void *ctx, size_t i, size_t j);
    const void *ctx;
} par__rotate_t;

/* Sorts elements begin to end - 1, stably, in O(n log^2 n) swaps and a stack of O(log n). */
void par__rotate_sort(const par__rotate_t *r, size_t begin, size_t end);

#endif
