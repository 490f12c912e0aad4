/* sort_by_key.c - sorts pairs of a key and an index, then brings the elements to where the indices say. */
#include <par/sort.h>

#include <stdlib.h>
#include <string.h>

#include <par/for.h>

#include "room.h"
#include "sort_r.h"

typedef struct pairing_t {
    char *v, *room;
    size_t n, size;
    char *pairs;
    size_t pair_size;
    par_pairs_fn *make_pairs;
    void *ctx;
} pairing_t;

static void pairs_make(size_t begin, size_t end, void *ctx)
{
    const pairing_t *p = ctx;
    p->make_pairs(p->pairs, p->v, begin, end, p->ctx);
}

static size_t *from_of(const pairing_t *p, size_t i)
{
    return (size_t *)(void *)(p->pairs + i * p->pair_size);
}

static void room_fill(size_t begin, size_t end, void *ctx)
{
    const pairing_t *p = ctx;
    for (size_t i = begin; i < end; i++)
        memcpy(p->room + i * p->size, p->v + *from_of(p, i) * p->size, p->size);
}

static void room_copy(size_t begin, size_t end, void *ctx)
{
    const pairing_t *p = ctx;
    memcpy(p->v + begin * p->size, p->room + begin * p->size, (end - begin) * p->size);
}

/* Without room: around each cycle of the permutation. A place that is done points to itself. */
static void cycles_turn(const pairing_t *p)
{
    for (size_t i = 0; i < p->n; i++) {
        size_t at = i;
        for (size_t from; (from = *from_of(p, at)) != i; at = from) {
            par__sorter_swap(p->v + at * p->size, p->v + from * p->size, p->size);
            *from_of(p, at) = at;
        }
        *from_of(p, at) = at;
    }
}

void par_sort_by_key_with(void *v,
                          size_t n,
                          size_t size,
                          const par_sort_kernel_t *kernel,
                          par_pairs_fn *make_pairs,
                          par_compare_fn *compare,
                          void *ctx)
{
    PAR__CHECK_ARRAY(v, n, size);
    if (n < 2 || !par__sorter_fits(n, size)) return;
    pairing_t p = {v, NULL, n, size, NULL, kernel->size, make_pairs, ctx};
    if (par__sorter_fits(n, p.pair_size)) p.pairs = par__room(n * p.pair_size);
    if (p.pairs == NULL) {
        par_sort_r(v, n, size, compare, ctx);
        return;
    }
    par_for_range(0, n, pairs_make, &p, NULL);
    par_sort_with(p.pairs, n, kernel, ctx);
    p.room = malloc(n * size);
    if (p.room != NULL) {
        par_for_range(0, n, room_fill, &p, NULL);
        par_for_range(0, n, room_copy, &p, NULL);
    } else {
        cycles_turn(&p);
    }
    free(p.room);
    free(p.pairs);
}
