/* deque.c - see deque.h. */
#include "deque.h"

#include <stdlib.h>

static par__deque_entry_t *ring_entry(par__ring_t *ring, int64_t index)
{
    return &ring->entries[index & (ring->size - 1)];
}

/* A larger ring with the entries [top, bottom) of the old one; NULL without memory. */
static par__ring_t *ring_grow(par__ring_t *old, int64_t top, int64_t bottom)
{
    int64_t size = old == NULL ? PAR__DEQUE_MIN : old->size * 2;
    par__ring_t *ring = calloc(1, sizeof *ring + (size_t)size * sizeof(par__deque_entry_t));
    if (ring == NULL) return NULL;
    ring->size = size;
    ring->older = old;
    for (int64_t i = top; i < bottom; i++) {
        par__deque_entry_t *from = ring_entry(old, i);
        par__deque_entry_t *to = ring_entry(ring, i);
        store_relaxed(&to->job, load_relaxed(&from->job));     /* order: D3 */
        store_relaxed(&to->scope, load_relaxed(&from->scope)); /* order: D3 */
    }
    return ring;
}

void par__deque_init(par__deque_t *deque)
{
    store_relaxed(&deque->top, 0);     /* order: none, not shared yet */
    store_relaxed(&deque->bottom, 0);  /* order: none, not shared yet */
    store_relaxed(&deque->ring, NULL); /* order: none, not shared yet */
}

void par__deque_destroy(par__deque_t *deque)
{
    par__ring_t *ring = load_relaxed(&deque->ring); /* order: D0 */
    while (ring != NULL) {
        par__ring_t *older = ring->older;
        free(ring);
        ring = older;
    }
    store_relaxed(&deque->ring, NULL); /* order: D0 */
}

bool par__deque_push(par__deque_t *deque, par__job_t *job)
{
    int64_t b = load_relaxed(&deque->bottom);       /* order: D0 */
    int64_t t = load_acquire(&deque->top);          /* order: D2, entries below t may be reused */
    par__ring_t *ring = load_relaxed(&deque->ring); /* order: D0 */
    if (ring == NULL || b - t >= ring->size) {
        if (b - t >= PAR__DEQUE_MAX) return false;
        ring = ring_grow(ring, t, b);
        if (ring == NULL) return false;
        store_release(&deque->ring, ring); /* order: D3 */
    }
    par__deque_entry_t *entry = ring_entry(ring, b);
    store_relaxed(&entry->job, job);          /* order: D1 */
    store_relaxed(&entry->scope, job->scope); /* order: D1 */
    store_seq_cst(&deque->bottom, b + 1);     /* order: D1, D4 */
    return true;
}

par__job_t *par__deque_take(par__deque_t *deque, int64_t mark)
{
    int64_t b = load_relaxed(&deque->bottom) - 1; /* order: D0 */
    if (b < mark ||
        load_acquire(&deque->top) > b) /* order: D2, top only grows: empty stays empty */
        return NULL;
    par__ring_t *ring = load_relaxed(&deque->ring); /* order: D0 */
    store_seq_cst(&deque->bottom, b);               /* order: D2 */
    int64_t t = load_seq_cst(&deque->top);          /* order: D2 */
    if (t > b) {                                    /* stolen meanwhile: undo */
        store_seq_cst(&deque->bottom, b + 1);       /* order: D2 */
        return NULL;
    }
    par__job_t *job = load_relaxed(&ring_entry(ring, b)->job); /* order: D0 */
    if (t < b) return job;                                     /* thieves stop below b */
    if (!cas_seq_cst(&deque->top, &t, t + 1)) job = NULL;      /* order: D2, the last one */
    store_seq_cst(&deque->bottom, b + 1);                      /* order: D2 */
    return job;
}

int64_t par__deque_bottom(par__deque_t *deque)
{
    return load_relaxed(&deque->bottom); /* order: D0 */
}

par__steal_t par__deque_steal(par__deque_t *deque, const par_scope_t *scope, par__job_t **out)
{
    int64_t t = load_seq_cst(&deque->top);    /* order: D2 */
    int64_t b = load_seq_cst(&deque->bottom); /* order: D1, D2 */
    if (t >= b) return PAR__STEAL_EMPTY;
    par__ring_t *ring = load_acquire(&deque->ring); /* order: D3 */
    par__deque_entry_t *entry = ring_entry(ring, t);
    par__job_t *job =
        load_relaxed(&entry->job); /* order: D1, before the swap: then it may change */
    if (scope != NULL && load_relaxed(&entry->scope) != scope) /* order: D1 */
        return PAR__STEAL_EMPTY;
    if (!cas_seq_cst(&deque->top, &t, t + 1)) return PAR__STEAL_RETRY; /* order: D2 */
    *out = job;
    return PAR__STEAL_OK;
}

int64_t par__deque_n_jobs(par__deque_t *deque)
{
    int64_t t = load_relaxed(&deque->top);   /* order: none, a hint */
    return load_relaxed(&deque->bottom) - t; /* order: none, a hint */
}

bool par__deque_has_jobs(par__deque_t *deque)
{
    int64_t t = load_seq_cst(&deque->top);   /* order: D4 */
    return t < load_seq_cst(&deque->bottom); /* order: D4 */
}
