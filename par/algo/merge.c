/* merge.c - merges of two runs in parallel: to an array beside them, and where they are. */
#include "sorter.h"

#include <string.h>

#include <par/join.h>
#include <par/move.h>

enum {
    MERGE_LEAF = 4096,     /* elements that one task merges */
    IN_PLACE_ROOM = 8192,  /* bytes on the stack for small merges in place */
    IN_PLACE_ALONE = 1024, /* elements below which no fork is worth it */
};

typedef struct merge_t {
    const par__sorter_t *s;
    char *out;
    const char *a, *b;
    size_t n_a, n_b;
} merge_t;

/* How many of the first n elements of the result come from a. */
static size_t rank_in_a(const merge_t *m, size_t n)
{
    size_t low = n > m->n_b ? n - m->n_b : 0;
    size_t high = n < m->n_a ? n : m->n_a;
    while (low < high) {
        size_t i = low + (high - low) / 2;
        if (par__sorter_less(m->s, m->b + (n - i - 1) * m->s->size, m->a + i * m->s->size))
            high = i;
        else
            low = i + 1;
    }
    return low;
}

static void merge_task(void *ctx)
{
    merge_t m = *(const merge_t *)ctx;
    size_t n = m.n_a + m.n_b, size = m.s->size;
    if (n <= MERGE_LEAF) {
        m.s->kernel->merge(m.out, m.a, m.n_a, m.b, m.n_b, m.s->ctx);
        return;
    }
    /* Halves of halves: inside them, so that they fit together even if `less` contradicts itself. */
    size_t half = n / 2, i = rank_in_a(&m, half);
    merge_t low = {m.s, m.out, m.a, m.b, i, half - i};
    merge_t high = {m.s,       m.out + half * size, m.a + i * size, m.b + (half - i) * size,
                    m.n_a - i, m.n_b - (half - i)};
    par_join(merge_task, &low, merge_task, &high);
}

void par__sorter_merge(
    const par__sorter_t *s, char *out, const char *a, size_t n_a, const char *b, size_t n_b)
{
    merge_t m = {s, out, a, b, n_a, n_b};
    merge_task(&m);
}

/* ---- in place ---- */

static __attribute__((noinline)) void
merge_small(const par__sorter_t *s, char *v, size_t n_a, size_t n_b)
{
    _Alignas(64) char room[IN_PLACE_ROOM];
    memcpy(room, v, (n_a + n_b) * s->size);
    s->kernel->merge(v, room, n_a, room + n_a * s->size, n_b, s->ctx);
}

typedef struct in_place_t {
    const par__sorter_t *s;
    char *v;
    size_t n_a, n_b;
} in_place_t;

/* Cuts the longer run in the middle and the other where that element belongs; what is between the
 * cuts changes places, and there are two smaller merges. */
static void in_place_task(void *ctx)
{
    in_place_t m = *(const in_place_t *)ctx;
    const par__sorter_t *s = m.s;
    size_t size = s->size, n = m.n_a + m.n_b, i, k;
    if (m.n_a == 0 || m.n_b == 0) return;
    char *b = m.v + m.n_a * size;
    if (!par__sorter_less(s, b, b - size)) return;
    if (n <= IN_PLACE_ROOM / size) {
        merge_small(s, m.v, m.n_a, m.n_b);
        return;
    }
    if (n == 2) {
        par__sorter_swap(m.v, b, size);
        return;
    }
    if (m.n_a >= m.n_b) {
        i = m.n_a / 2;
        k = par__sorter_bound(s, b, m.n_b, m.v + i * size, false);
    } else {
        k = m.n_b / 2;
        i = par__sorter_bound(s, m.v, m.n_a, b + k * size, true);
    }
    par_rotate(m.v + i * size, m.n_a - i + k, size, m.n_a - i);
    in_place_t low = {s, m.v, i, k};
    in_place_t high = {s, m.v + (i + k) * size, m.n_a - i, m.n_b - k};
    if (n > IN_PLACE_ALONE) {
        par_join(in_place_task, &low, in_place_task, &high);
    } else {
        in_place_task(&low);
        in_place_task(&high);
    }
}

void par__sorter_merge_in_place(const par__sorter_t *s, char *v, size_t n_a, size_t n_b)
{
    in_place_t m = {s, v, n_a, n_b};
    in_place_task(&m);
}
