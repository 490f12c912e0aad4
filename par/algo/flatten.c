/* flatten.c - many arrays into one. Blocks of the result are shared out, not slices: who has a block finds
 * the slices that it lies in by halving, so a slice of any length is copied by all. */
#include <par/filter.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <par/for.h>

#include "misuse.h"

/* A byte to copy, mostly from and to memory. */
static const double byte_ns = 0.05;

typedef struct flatten_t {
    char *out;
    const par_array_t *slices;
    size_t n_slices, size;
    size_t *place; /* where each slice begins */
} flatten_t;

/* The last slice that begins at place or before. */
static size_t slice_at(const flatten_t *f, size_t place)
{
    size_t low = 0, high = f->n_slices;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (f->place[middle] <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void elements_copy(size_t begin, size_t end, void *ctx)
{
    const flatten_t *f = ctx;
    for (size_t k = slice_at(f, begin); begin < end; k++) {
        size_t from = begin - f->place[k];
        if (from >= f->slices[k].n) continue;
        size_t n = f->slices[k].n - from;
        if (n > end - begin) n = end - begin;
        memcpy(f->out + begin * f->size, (const char *)f->slices[k].data + from * f->size,
               n * f->size);
        begin += n;
    }
}

static void slices_copy(const flatten_t *f)
{
    char *out = f->out;
    for (size_t k = 0; k < f->n_slices; k++) {
        size_t bytes = f->slices[k].n * f->size;
        if (bytes == 0) continue;
        memcpy(out, f->slices[k].data, bytes);
        out += bytes;
    }
}

size_t par_flatten_count(const par_array_t *slices, size_t n_slices)
{
    size_t all = 0;
    PAR__MISUSE(slices != NULL || n_slices == 0, "slices is NULL; pass them, or n_slices = 0");
    for (size_t k = 0; k < n_slices; k++)
        if (__builtin_add_overflow(all, slices[k].n, &all)) return SIZE_MAX;
    return all;
}

size_t par_flatten(void *out, const par_array_t *slices, size_t n_slices, size_t size)
{
    size_t all = par_flatten_count(slices, n_slices);
    bool fits = par__array_exists(all, size);
    PAR__MISUSE(size > 0 || n_slices == 0, "size is 0; pass the bytes of an element");
    PAR__MISUSE(fits, "the slices have more elements than an array can have");
    if (all == 0 || size == 0 || !fits) return 0;
    PAR__MISUSE(out != NULL, "out is NULL; pass room for the elements of all slices");
    flatten_t f = {out, slices, n_slices, size, malloc(n_slices * sizeof *f.place)};
    if (f.place == NULL) {
        slices_copy(&f);
        return all;
    }
    for (size_t k = 0, place = 0; k < n_slices; place += slices[k++].n)
        f.place[k] = place;
    par_options_t options = PAR_OPTIONS_INIT;
    options.item_ns = byte_ns * (double)size;
    par_for_range(0, all, elements_copy, &f, &options);
    free(f.place);
    return all;
}
