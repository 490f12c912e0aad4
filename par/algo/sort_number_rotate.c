/* sort_number_rotate.c - merge sort whose merges are rotations: of two runs, the middle of the longer
 * one is looked up in the other, what lies between changes places, and two smaller merges are left.
 * Source: Dudzinski and Dydek, Information Processing Letters 12(1), 1981 */
#include "sort_number_rotate.h"

#include <par/join.h>

enum { INSERTION = 16, FORK = 4096 };

typedef struct piece_t {
    const par__rotate_t *r;
    size_t begin, middle, end;
} piece_t;

static void reverse(const par__rotate_t *r, size_t begin, size_t end)
{
    for (; begin + 1 < end; begin++)
        r->swap(r->ctx, begin, --end);
}

static void rotate(const par__rotate_t *r, size_t begin, size_t middle, size_t end)
{
    if (begin == middle || middle == end) return;
    reverse(r, begin, middle);
    reverse(r, middle, end);
    reverse(r, begin, end);
}

/* The first of begin to end - 1 that is not before key; with is_behind: that is behind key. */
static size_t bound(const piece_t *p, size_t begin, size_t end, uint64_t key, int is_behind)
{
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        uint64_t k = p->r->key(p->r->ctx, middle);
        if (k < key || (is_behind && k == key))
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static void merge_task(void *ctx);

static void merge(piece_t p)
{
    while (p.begin < p.middle && p.middle < p.end) {
        size_t left, right;
        if (p.end - p.begin == 2) {
            if (p.r->key(p.r->ctx, p.middle) < p.r->key(p.r->ctx, p.begin))
                p.r->swap(p.r->ctx, p.begin, p.middle);
            return;
        }
        if (p.middle - p.begin > p.end - p.middle) {
            left = p.begin + (p.middle - p.begin) / 2;
            right = bound(&p, p.middle, p.end, p.r->key(p.r->ctx, left), 0);
        } else {
            right = p.middle + (p.end - p.middle) / 2;
            left = bound(&p, p.begin, p.middle, p.r->key(p.r->ctx, right), 1);
        }
        rotate(p.r, left, p.middle, right);
        size_t cut = left + (right - p.middle);
        piece_t first = {p.r, p.begin, left, cut}, second = {p.r, cut, right, p.end};
        if (p.end - p.begin >= FORK) {
            par_join(merge_task, &first, merge_task, &second);
            return;
        }
        merge(first);
        p = second;
    }
}

static void merge_task(void *ctx)
{
    merge(*(const piece_t *)ctx);
}

static void sort_task(void *ctx)
{
    const piece_t *p = ctx;
    par__rotate_sort(p->r, p->begin, p->end);
}

void par__rotate_sort(const par__rotate_t *r, size_t begin, size_t end)
{
    if (end - begin <= INSERTION) {
        for (size_t i = begin + 1; i < end; i++)
            for (size_t j = i; j > begin && r->key(r->ctx, j) < r->key(r->ctx, j - 1); j--)
                r->swap(r->ctx, j, j - 1);
        return;
    }
    size_t middle = begin + (end - begin) / 2;
    piece_t left = {r, begin, middle, middle}, right = {r, middle, end, end};
    if (end - begin >= FORK) {
        par_join(sort_task, &left, sort_task, &right);
    } else {
        sort_task(&left);
        sort_task(&right);
    }
    merge((piece_t){r, begin, middle, end});
}
