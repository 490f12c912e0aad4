/* strided.c - loops whose index steps by more than one, or backwards: loops over the number of the
 * step. */
#include <par/strided.h>

#include "loop.h"
#include "misuse.h"

typedef struct strided_t {
    par_strided_fn *body;
    void *ctx;
    ptrdiff_t begin, stride;
} strided_t;

/* begin + step * stride, which is representable although the product need not be: the sum in
 * size_t has the same bits. */
static ptrdiff_t index_of(const strided_t *strided, size_t step)
{
    return (ptrdiff_t)((size_t)strided->begin + step * (size_t)strided->stride);
}

static void steps_run(size_t begin, size_t end, void *ctx)
{
    const strided_t *strided = ctx;
    strided->body(index_of(strided, begin), end - begin, strided->stride, strided->ctx);
}

/* How many steps lie before the end: distances and strides as size_t, where all of them fit. */
static size_t steps_count(ptrdiff_t begin, ptrdiff_t end, ptrdiff_t stride)
{
    if (stride == 0 || (stride > 0 ? begin >= end : begin <= end)) return 0;
    size_t distance = stride > 0 ? (size_t)end - (size_t)begin : (size_t)begin - (size_t)end;
    size_t step = stride > 0 ? (size_t)stride : (size_t)0 - (size_t)stride;
    return (distance - 1) / step + 1;
}

void par_for_strided(ptrdiff_t begin,
                     ptrdiff_t end,
                     ptrdiff_t stride,
                     par_strided_fn *body,
                     void *ctx,
                     const par_options_t *options)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    PAR__MISUSE(stride != 0, "stride is 0; pass how far apart the indices are");
    strided_t strided = {body, ctx, begin, stride};
    par__loop_run(0, steps_count(begin, end, stride), steps_run, &strided, (uintptr_t)body,
                  options);
}
