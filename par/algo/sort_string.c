/* sort_string.c - strings by pieces of seven bytes: all are sorted by their first piece, groups of equal
 * pieces by the next one, and so on. A piece and how many bytes it has are one integer. */
#include <par/sort_string.h>

#include <stdlib.h>
#include <string.h>

#include <par/for.h>
#include <par/join.h>

#include "sort_r.h"

enum {
    PIECE = 7,
    MORE = PIECE + 1, /* instead of the length of a piece: bytes follow it */
    FORK_ITEMS = 512,
    SMALL_GROUP = 24, /* strings that are compared as wholes */
    MAX_DEPTH = 64    /* of groups in groups, as each has frames on the stack */
};

typedef struct item_t {
    uint64_t
        piece; /* seven bytes, the first one highest, and in the lowest byte how many they are */
    const char *data;
    size_t length; /* SIZE_MAX: up to a NUL */
} item_t;

PAR_DEFINE_SORT(pieces_sort, item_t, a, b)
{
    return a.piece < b.piece;
}

static uint64_t piece_of_bytes(const char *data, size_t n, bool ends_with_nul)
{
    uint64_t piece = 0;
    size_t i = 0;
    while (i < n && i < MORE && !(ends_with_nul && data[i] == '\0')) {
        if (i < PIECE) piece |= (uint64_t)(unsigned char)data[i] << (56 - 8 * i);
        i++;
    }
    return piece | i;
}

static uint64_t piece_at(const item_t *item, size_t depth)
{
    if (item->length == SIZE_MAX) return piece_of_bytes(item->data + depth, MORE, true);
    size_t n = item->length - depth;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    if (n >= MORE) {
        uint64_t bytes;
        memcpy(&bytes, item->data + depth, sizeof bytes);
        return (__builtin_bswap64(bytes) & ~(uint64_t)255) | MORE;
    }
#endif
    return n == 0 ? 0 : piece_of_bytes(item->data + depth, n, false);
}

/* ---- whole strings ---- */

/* Pieces that are equal up to the depth; an empty one may lie nowhere. */
static int bytes_compare(const char *a, size_t n_a, const char *b, size_t n_b, size_t depth)
{
    size_t n = n_a < n_b ? n_a : n_b;
    int order = n > depth ? memcmp(a + depth, b + depth, n - depth) : 0;
    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

static int compare_slices(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const par_slice_t *x = a, *y = b;
    return bytes_compare(x->at, x->n, y->at, y->n, 0);
}

static int compare_strings(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Items that are equal up to the depth. */
static int compare_items(const void *a, const void *b, void *ctx)
{
    const item_t *x = a, *y = b;
    size_t depth = *(const size_t *)ctx;
    if (x->length == SIZE_MAX) return strcmp(x->data + depth, y->data + depth);
    return bytes_compare(x->data, x->length, y->data, y->length, depth);
}

/* ---- groups ---- */

typedef struct group_t {
    item_t *items;
    size_t n;
    size_t depth; /* bytes that all of them have in common */
    unsigned n_outer;
} group_t;

static void pieces_load(size_t begin, size_t end, void *ctx)
{
    const group_t *g = ctx;
    for (size_t i = begin; i < end; i++)
        g->items[i].piece = piece_at(&g->items[i], g->depth);
}

static void group_sort(group_t g);

/* How many items at the front have pieces less than that of item `at`; with is_upper, not greater. */
static size_t pieces_before(const group_t *g, size_t at, bool is_upper)
{
    size_t first = 0, n = g->n;
    uint64_t piece = g->items[at].piece;
    while (n > 0) {
        uint64_t middle = g->items[first + n / 2].piece;
        bool is_before = is_upper ? middle <= piece : middle < piece;
        first += is_before ? n / 2 + 1 : 0;
        n = is_before ? n - n / 2 - 1 : n / 2;
    }
    return first;
}

/* Sorts each group of equal pieces. Cuts lie between groups, so that nobody looks at the pieces of items
 * that another worker has begun to sort by later bytes. */
static void groups_sort(void *ctx)
{
    const group_t *g = ctx;
    if (g->n < 2) return;
    size_t first = pieces_before(g, g->n / 2, false), last = pieces_before(g, g->n / 2, true);
    group_t low = {g->items, first, g->depth, g->n_outer};
    group_t high = {g->items + last, g->n - last, g->depth, g->n_outer};
    group_t middle = {g->items + first, last - first, g->depth + PIECE, g->n_outer + 1};
    bool has_more = (middle.items->piece & 255) == MORE;
    if (g->n > FORK_ITEMS) {
        par_join(groups_sort, &low, groups_sort, &high);
    } else {
        groups_sort(&low);
        groups_sort(&high);
    }
    if (middle.n > 1 && has_more) group_sort(middle);
}

static void group_sort(group_t g)
{
    for (;;) {
        if (g.n <= SMALL_GROUP || g.n_outer > MAX_DEPTH) {
            par_sort_r(g.items, g.n, sizeof *g.items, compare_items, &g.depth);
            return;
        }
        par_for_range(0, g.n, pieces_load, &g, NULL);
        pieces_sort(g.items, g.n);
        if (g.items[0].piece != g.items[g.n - 1].piece) break;
        if ((g.items[0].piece & 255) != MORE) return; /* all are the same string */
        g.depth += PIECE;
    }
    groups_sort(&g);
}

/* ---- the public sorts ---- */

typedef struct strings_t {
    char **strings;
    par_slice_t *slices;
    item_t *items;
} strings_t;

static void items_from(size_t begin, size_t end, void *ctx)
{
    const strings_t *s = ctx;
    for (size_t i = begin; i < end; i++) {
        s->items[i].data = s->strings != NULL ? s->strings[i] : s->slices[i].at;
        s->items[i].length = s->strings != NULL ? SIZE_MAX : s->slices[i].n;
    }
}

static void items_to(size_t begin, size_t end, void *ctx)
{
    const strings_t *s = ctx;
    for (size_t i = begin; i < end; i++)
        if (s->strings != NULL)
            s->strings[i] = (char *)(uintptr_t)s->items[i].data;
        else
            s->slices[i] = (par_slice_t){s->items[i].data, s->items[i].length};
}

/* false: no memory. */
static bool strings_sort(strings_t *s, size_t n)
{
    s->items = par__sorter_fits(n, sizeof *s->items) ? malloc(n * sizeof *s->items) : NULL;
    if (s->items == NULL) return false;
    par_for_range(0, n, items_from, s, NULL);
    group_sort((group_t){s->items, n, 0, 0});
    par_for_range(0, n, items_to, s, NULL);
    free(s->items);
    return true;
}

void par_sort_strings(char **v, size_t n)
{
    PAR__CHECK_ARRAY(v, n, sizeof *v);
    if (n < 2 || !par__sorter_fits(n, sizeof *v)) return;
    strings_t s = {.strings = v};
    if (!strings_sort(&s, n)) par_sort_r(v, n, sizeof *v, compare_strings, NULL);
}

void par_sort_slices(par_slice_t *v, size_t n)
{
    PAR__CHECK_ARRAY(v, n, sizeof *v);
    if (n < 2 || !par__sorter_fits(n, sizeof *v)) return;
    strings_t s = {.slices = v};
    if (!strings_sort(&s, n)) par_sort_r(v, n, sizeof *v, compare_slices, NULL);
}
