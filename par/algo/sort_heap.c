/* sort_heap.c - heap sort: what the unstable sort ends with when its pivots are bad again and again, and
 * what sorts elements that are too large for a copy on the stack. */
#include "sorter.h"

/* Moves the element at `at` down until no child is greater. */
static void sift(const par__sorter_t *s, char *v, size_t at, size_t n)
{
    size_t size = s->size;
    for (size_t child; (child = 2 * at + 1) < n; at = child) {
        if (child + 1 < n && par__sorter_less(s, v + child * size, v + (child + 1) * size)) child++;
        if (!par__sorter_less(s, v + at * size, v + child * size)) return;
        par__sorter_swap(v + at * size, v + child * size, size);
    }
}

void par__sorter_heap(const par__sorter_t *s, char *v, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(s, v, i, n);
    for (size_t i = n; i-- > 1;) {
        par__sorter_swap(v, v + i * s->size, s->size);
        sift(s, v, 0, i);
    }
}
