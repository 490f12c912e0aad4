/* sort_stable.c - the stable sort: merge_sort.md.
 *
 * Long runs are taken as they are; what lies between them is spread over buckets (sort_spread.c);
 * neighbouring parts are merged along a tree that is balanced by their sizes. */
#include "room.h"
#include "sorter.h"

#include <stdlib.h>
#include <string.h>

#include <par/join.h>
#include <par/move.h>

enum {
    MAX_PARTS = 64, /* a run that is kept has at least 1/64 of all elements */
    SMALL_ROOM = 4096
};

typedef enum order_t { ORDER_UP, ORDER_DOWN, ORDER_NONE } order_t;

typedef struct parts_t {
    const par__sorter_t *s;
    char *v, *room;
    size_t n; /* parts */
    size_t start[MAX_PARTS + 2];
    order_t order[MAX_PARTS + 1];
} parts_t;

/* Neighbouring parts without order become one. */
static void part_add(parts_t *p, size_t start, size_t end, order_t order)
{
    if (p->n == 0 || order != ORDER_NONE || p->order[p->n - 1] != ORDER_NONE) {
        p->start[p->n] = start;
        p->order[p->n++] = order;
    }
    p->start[p->n] = end;
}

static void parts_find(parts_t *p, size_t n)
{
    size_t const least = n / MAX_PARTS + 1;
    for (size_t at = 0; at < n;) {
        const char *v = p->v + at * p->s->size;
        order_t order = ORDER_UP;
        size_t run = par__sorter_run(p->s, v, n - at, false);
        if (run == 1 && n - at > 1) {
            run = par__sorter_run(p->s, v, n - at, true);
            order = ORDER_DOWN;
        }
        if (run < least && run < n - at) {
            run = n - at < least ? n - at : least;
            order = ORDER_NONE;
        }
        part_add(p, at, at + run, order);
        at += run;
    }
}

typedef struct span_t {
    const parts_t *p;
    size_t first, last; /* parts */
    bool to_room;
} span_t;

static unsigned limit_of(size_t n)
{
    unsigned limit = 4;
    for (; n > 0; n /= 16)
        limit++;
    return limit;
}

static void part_sort(const parts_t *p, size_t part, bool to_room)
{
    size_t start = p->start[part], n = p->start[part + 1] - start, size = p->s->size;
    char *v = p->v + start * size, *room = p->room + start * size;
    if (p->order[part] == ORDER_NONE) par__sorter_spread(p->s, v, n, room, limit_of(n));
    if (p->order[part] == ORDER_DOWN) par_reverse(v, n, size);
    if (to_room) memcpy(room, v, n * size);
}

/* Where to cut, so that both sides have about as many elements. */
static size_t span_mid(const span_t *span)
{
    const size_t *start = span->p->start;
    size_t half = start[span->first] + (start[span->last] - start[span->first]) / 2;
    size_t mid = span->first + 1;
    while (mid + 1 < span->last && start[mid] < half)
        mid++;
    return mid;
}

static void span_task(void *ctx)
{
    const span_t *span = ctx;
    const parts_t *p = span->p;
    size_t size = p->s->size;
    if (span->last - span->first == 1) {
        part_sort(p, span->first, span->to_room);
        return;
    }
    size_t mid = span_mid(span);
    span_t low = {p, span->first, mid, !span->to_room};
    span_t high = {p, mid, span->last, !span->to_room};
    par_join(span_task, &low, span_task, &high);
    size_t start = p->start[span->first], n_a = p->start[mid] - start;
    size_t n_b = p->start[span->last] - p->start[mid];
    const char *from = (span->to_room ? p->v : p->room) + start * size;
    char *to = (span->to_room ? p->room : p->v) + start * size;
    par__sorter_merge(p->s, to, from, n_a, from + n_a * size, n_b);
}

static void sort_with_room(const par__sorter_t *s, char *v, size_t n, char *room)
{
    if (n <= PAR__SORTER_LEAF) {
        s->kernel->sort(v, n, room, s->ctx);
        return;
    }
    parts_t p = {.s = s, .v = v, .room = room};
    parts_find(&p, n);
    span_t all = {&p, 0, p.n, false};
    span_task(&all);
}

static __attribute__((noinline)) void sort_small(const par__sorter_t *s, char *v, size_t n)
{
    _Alignas(64) char room[SMALL_ROOM];
    s->kernel->sort(v, n, room, s->ctx);
}

/* ---- by halves ---- */

typedef struct half_t {
    const par__sorter_t *s;
    char *v, *room; /* NULL: in place */
    size_t n;
    bool to_room;
} half_t;

static void half_task(void *ctx)
{
    half_t h = *(const half_t *)ctx;
    const par__sorter_t *s = h.s;
    size_t size = s->size, n_a = h.n / 2, n_b = h.n - n_a;
    bool is_leaf = h.room != NULL ? h.n <= PAR__SORTER_LEAF : h.n <= SMALL_ROOM / size;
    if (h.n <= 1 || is_leaf) {
        if (h.room == NULL && h.n > 1)
            sort_small(s, h.v, h.n);
        else if (h.n > 1)
            s->kernel->sort(h.v, h.n, h.room, s->ctx);
        if (h.to_room) memcpy(h.room, h.v, h.n * size);
        return;
    }
    char *room_b = h.room != NULL ? h.room + n_a * size : NULL;
    bool is_to_room = h.room != NULL && !h.to_room;
    half_t a = {s, h.v, h.room, n_a, is_to_room};
    half_t b = {s, h.v + n_a * size, room_b, n_b, is_to_room};
    par_join(half_task, &a, half_task, &b);
    if (h.room == NULL) {
        par__sorter_merge_in_place(s, h.v, n_a, n_b);
        return;
    }
    const char *from = h.to_room ? h.v : h.room;
    par__sorter_merge(s, h.to_room ? h.room : h.v, from, n_a, from + n_a * size, n_b);
}

void par__sorter_halves(const par__sorter_t *s, char *v, size_t n, char *room, bool to_room)
{
    half_t h = {s, v, room, n, to_room};
    half_task(&h);
}

void par__sorter_stable(const par__sorter_t *s, char *v, size_t n)
{
    if (n < 2) return;
    if (n <= SMALL_ROOM / s->size) {
        sort_small(s, v, n);
        return;
    }
    char *room = par__room(n * s->size);
    if (room != NULL)
        sort_with_room(s, v, n, room);
    else
        par__sorter_halves(s, v, n, NULL, false);
    free(room);
}
