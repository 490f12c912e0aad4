/* sorter.c - room for elements, exchanging them, and runs. */
#include "sorter.h"

#include <stdlib.h>
#include <string.h>

#include <par/reduce.h>

#include "items.h"

/* Bytes that are exchanged at once. */
enum { PIECE = 256 };

void par__sorter_swap(char *a, char *b, size_t bytes)
{
    char piece[PIECE];
    for (; bytes >= sizeof piece; bytes -= sizeof piece) {
        memcpy(piece, a, sizeof piece);
        memcpy(a, b, sizeof piece);
        memcpy(b, piece, sizeof piece);
        a += sizeof piece;
        b += sizeof piece;
    }
    par__items_swap(a, b, bytes);
}

/* ---- runs ---- */

/* Elements that are looked at before anybody is asked for help; a leaf of those behind. */
enum { RUN_ALONE = 16 * 1024 };

typedef struct scan_t {
    const par__sorter_t *s;
    const char *v;
    int is_down;
} scan_t;

/* Links between neighbours: link i joins the elements i and i + 1. *first: the first broken one. */
static void scan_fold(void *first, size_t begin, size_t end, void *ctx)
{
    const scan_t *scan = ctx;
    const char *v = scan->v + begin * scan->s->size;
    size_t run = scan->s->kernel->run(v, end - begin + 1, scan->is_down, scan->s->ctx);
    if (run <= end - begin && *(size_t *)first == SIZE_MAX) *(size_t *)first = begin + run - 1;
}

static void scan_combine(void *left, const void *right, void *ctx)
{
    (void)ctx;
    if (*(size_t *)left == SIZE_MAX) *(size_t *)left = *(const size_t *)right;
}

/* By windows, each twice as long as the one before: where a run ends early, little is looked at. */
size_t par__sorter_run(const par__sorter_t *s, const char *v, size_t n, bool is_down)
{
    scan_t scan = {s, v, is_down};
    par_options_t options = PAR_OPTIONS_INIT;
    options.grain = RUN_ALONE;
    size_t begin = 0;
    for (size_t window = RUN_ALONE; begin + 1 < n; window *= 2) {
        size_t end = n - 1 - begin < window ? n - 1 : begin + window;
        size_t first = SIZE_MAX;
        if (end - begin <= RUN_ALONE)
            scan_fold(&first, begin, end, &scan);
        else
            par_reduce(begin, end, &first, sizeof first, scan_fold, scan_combine, &scan, &options);
        if (first != SIZE_MAX) return first + 1;
        begin = end;
    }
    return n;
}
