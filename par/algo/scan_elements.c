/* scan_elements.c - scans of arrays of any element size by a function for two elements. */
#include <par/scan.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "misuse.h"
#include "room.h"

enum { SMALL_BYTES = 256 };

typedef struct elements_t {
    char *out;
    const char *in;
    size_t size;
    par_combine_fn *combine;
    void *ctx;
} elements_t;

static void scan_block(void *total, size_t begin, size_t end, void *ctx)
{
    const elements_t *e = ctx;
    size_t size = e->size;
    memcpy(total, e->in + begin * size, size);
    memcpy(e->out + begin * size, total, size);
    for (size_t i = begin + 1; i < end; i++) {
        e->combine(total, e->in + i * size, e->ctx);
        memcpy(e->out + i * size, total, size);
    }
}

/* The steps below need room for one element: on the stack if it is small, else from the heap, and from
 * the stack all the same where there is no memory. */
typedef void
step_fn(const elements_t *e, void *value, size_t begin, size_t end, void *restrict spare);

static __attribute__((noinline)) void
step_large(const elements_t *e, step_fn *step, void *value, size_t begin, size_t end)
{
    void *heap = par__room(e->size);
    step(e, value, begin, end, heap != NULL ? heap : PAR__ROOM_ON_STACK(e->size));
    free(heap);
}

static void step_run(const elements_t *e, step_fn *step, void *value, size_t begin, size_t end)
{
    _Alignas(PAR__ROOM_ALIGN) char spare[SMALL_BYTES];
    if (e->size <= SMALL_BYTES)
        step(e, value, begin, end, spare);
    else
        step_large(e, step, value, begin, end);
}

/* out may be in: the element is read before its result is written. */
static void
exclusive_step(const elements_t *e, void *total, size_t begin, size_t end, void *restrict spare)
{
    size_t size = e->size;
    memcpy(total, e->in + begin * size, size);
    for (size_t i = begin + 1; i < end; i++) {
        memcpy(spare, total, size);
        e->combine(total, e->in + i * size, e->ctx);
        memcpy(e->out + i * size, spare, size);
    }
}

static void scan_block_exclusive(void *total, size_t begin, size_t end, void *ctx)
{
    step_run(ctx, exclusive_step, total, begin, end);
}

static void
before_step(const elements_t *e, void *before, size_t begin, size_t end, void *restrict spare)
{
    size_t size = e->size;
    for (size_t i = begin; i < end; i++) {
        memcpy(spare, before, size);
        e->combine(spare, e->out + i * size, e->ctx);
        memcpy(e->out + i * size, spare, size);
    }
}

static void scan_before(const void *before, size_t begin, size_t end, void *ctx)
{
    step_run(ctx, before_step, (void *)(uintptr_t)before, begin, end);
}

static void scan_before_exclusive(const void *before, size_t begin, size_t end, void *ctx)
{
    const elements_t *e = ctx;
    memcpy(e->out + begin * e->size, before, e->size);
    scan_before(before, begin + 1, end, ctx);
}

/* The user's function with his context. */
static void combine_elements(void *left, const void *right, void *ctx)
{
    const elements_t *e = ctx;
    e->combine(left, right, e->ctx);
}

/* Whether function has something to do. */
static bool is_scan(const char *function, const elements_t *e, size_t n, const void *acc)
{
    bool fits = par__array_exists(n, e->size);
    PAR__MISUSE_OF(function, e->combine != NULL,
                   "combine is NULL; pass the function that joins two elements");
    PAR__MISUSE_OF(function, acc != NULL, "acc is NULL; pass an element, holding the identity");
    PAR__MISUSE_OF(function, (e->out != NULL && e->in != NULL) || n == 0,
                   "an array is NULL; pass it, or n = 0");
    PAR__MISUSE_OF(function, e->size > 0 || n == 0, "size is 0; pass the bytes of an element");
    PAR__MISUSE_OF(function, fits, "n * size is above PTRDIFF_MAX; no array is that large");
    (void)acc;
    return n > 0 && e->size > 0 && fits;
}

void par_scan(
    void *out, const void *in, size_t n, size_t size, void *acc, par_combine_fn *combine, void *ctx)
{
    elements_t e = {out, in, size, combine, ctx};
    if (!is_scan(__func__, &e, n, acc)) return;
    par_scan_blocks(n, acc, size, 0, scan_block, scan_before, combine_elements, &e);
}

void par_scan_exclusive(
    void *out, const void *in, size_t n, size_t size, void *acc, par_combine_fn *combine, void *ctx)
{
    elements_t e = {out, in, size, combine, ctx};
    if (!is_scan(__func__, &e, n, acc)) return;
    par_scan_blocks(n, acc, size, 1, scan_block_exclusive, scan_before_exclusive, combine_elements,
                    &e);
}
