/* sort_unstable.c - the sort in place: quicksort whose partition has no branch that depends on the
 * data, down to what fits into a room on the stack; merge_sort.md.
 *
 * What equals the element before the array, which is an earlier pivot, is divided off in one step, so
 * that d different values take about log2(d) steps. When divisions are bad too often, a heap sort ends
 * it in O(n log n). */
#include "sorter.h"

#include <par/join.h>
#include <par/move.h>

enum { FORK_ITEMS = 2048 /* below that a half is not worth a fork */ };

typedef struct quick_t {
    const par__sorter_t *s;
    char *v;
    size_t n;
    const char *before; /* an element that none of v is less than, or NULL */
    unsigned limit;     /* bad divisions that are still allowed */
} quick_t;

static __attribute__((noinline)) void sort_leaf(const par__sorter_t *s, char *v, size_t n)
{
    _Alignas(64) char room[PAR__SORTER_STACK];
    s->kernel->sort(v, n, room, s->ctx);
}

/* The front equals q->before: leaves the rest. true: there was such a front. */
static bool equals_skip(quick_t *q)
{
    if (q->before == NULL || par__sorter_less(q->s, q->before, q->v)) return false;
    size_t size = q->s->size;
    size_t n_equal = 1 + par__sorter_partition(q->s, q->v + size, q->n - 1, q->v, true);
    q->v += n_equal * size;
    q->n -= n_equal;
    q->before = NULL; /* Nothing equals it any more. What says so yet is no order, and not asked. */
    return true;
}

static void quick_task(void *ctx)
{
    quick_t q = *(const quick_t *)ctx;
    size_t const size = q.s->size, leaf = PAR__SORTER_STACK / size;
    while (q.n > leaf && q.n > 1) {
        if (q.limit == 0) {
            par__sorter_heap(q.s, q.v, q.n);
            return;
        }
        par__sorter_pivot(q.s, q.v, q.n);
        if (equals_skip(&q)) continue;
        size_t mid = par__sorter_divide(q.s, q.v, q.n);
        size_t n_high = q.n - mid - 1;
        q.limit -= mid < q.n / 8 || n_high < q.n / 8;
        quick_t low = {q.s, q.v, mid, q.before, q.limit};
        quick_t high = {q.s, q.v + (mid + 1) * size, n_high, q.v + mid * size, q.limit};
        if (q.n > FORK_ITEMS) {
            par_join(quick_task, &low, quick_task, &high);
            return;
        }
        quick_task(&low);
        q = high;
    }
    if (q.n > 1) sort_leaf(q.s, q.v, q.n);
}

void par__sorter_unstable(const par__sorter_t *s, char *v, size_t n)
{
    if (n < 2) return;
    quick_t q = {s, v, n, NULL, 8};
    if (n > PAR__SORTER_STACK / s->size) {
        if (s->size > PAR__SORTER_HOLD) {
            par__sorter_heap(s, v, n);
            return;
        }
        if (par__sorter_run(s, v, n, false) == n) return;
        if (par__sorter_run(s, v, n, true) == n) {
            par_reverse(v, n, s->size);
            return;
        }
        for (size_t rest = n; rest > 0; rest /= 2)
            q.limit++;
    }
    quick_task(&q);
}
