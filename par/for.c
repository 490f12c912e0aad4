/* for.c - the loops over indices. A unit is a grain of items. */
#include <par/for.h>

#include "loop.h"
#include "misuse.h"

typedef struct loop_t {
    par__op_t op; /* first: the bridge hands it back */
    par_range_fn *body;
    void *ctx;
    size_t begin, end;
    size_t grain;
    size_t longest; /* items a block at most, a multiple of grain unless it is SIZE_MAX */
} loop_t;

static void loop_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const loop_t *loop = (const loop_t *)op;
    (void)acc;
    size_t begin = loop->begin + first * loop->grain;
    size_t end = last == op->n_units ? loop->end : loop->begin + last * loop->grain;
    while (end - begin > loop->longest) {
        loop->body(begin, begin + loop->longest, loop->ctx);
        begin += loop->longest;
    }
    loop->body(begin, end, loop->ctx);
}

size_t par__loop_longest(const par_options_t *options, size_t grain)
{
    if (options->max_grain == 0) return SIZE_MAX;
    return options->max_grain < grain ? grain : options->max_grain - options->max_grain % grain;
}

void par__loop_schedule(par__op_t *op, const par_options_t *options)
{
    if (options->schedule == PAR_SCHEDULE_STATIC)
        par__parts_static(op);
    else if (options->schedule == PAR_SCHEDULE_AFFINITY)
        par__parts_affinity(op, options->affinity);
    else
        par__bridge_run(op, NULL);
}

void par__loop_run(size_t begin,
                   size_t end,
                   par_range_fn *body,
                   void *ctx,
                   uintptr_t key,
                   const par_options_t *given)
{
    if (begin >= end) return;
    par_options_t options = par__options_read(given);
    loop_t loop = {.body = body, .ctx = ctx, .begin = begin, .end = end};
    loop.grain = options.grain > 0 ? options.grain : 1;
    loop.longest = par__loop_longest(&options, loop.grain);
    loop.op.run = loop_run;
    loop.op.n_units = par__loop_units(end - begin, loop.grain);
    loop.op.key = key;
    loop.op.unit_ns = options.item_ns * (double)loop.grain;
    loop.op.pool = options.pool;
    par__loop_schedule(&loop.op, &options);
}

void par_for_range(
    size_t begin, size_t end, par_range_fn *body, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    par__loop_run(begin, end, body, ctx, (uintptr_t)body, options);
}

typedef struct index_body_t {
    par_index_fn *body;
    void *ctx;
} index_body_t;

static void index_range(size_t begin, size_t end, void *ctx)
{
    const index_body_t *each = ctx;
    for (size_t i = begin; i < end; i++)
        each->body(i, each->ctx);
}

void par_for(size_t begin, size_t end, par_index_fn *body, void *ctx)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each index");
    index_body_t each = {body, ctx};
    par__loop_run(begin, end, index_range, &each, (uintptr_t)body, NULL);
}

typedef struct item_body_t {
    char *base;
    size_t size;
    par_each_fn *f;
    void *ctx;
} item_body_t;

static void item_range(size_t begin, size_t end, void *ctx)
{
    const item_body_t *each = ctx;
    char *stop = each->base + end * each->size;
    if (each->size == 0) {
        for (size_t i = begin; i < end; i++)
            each->f(each->base, each->ctx);
        return;
    }
    for (char *item = each->base + begin * each->size; item != stop; item += each->size)
        each->f(item, each->ctx);
}

void par_for_each(void *base, size_t n, size_t size, par_each_fn *f, void *ctx)
{
    bool fits = par__array_exists(n, size);
    PAR__MISUSE(f != NULL, "f is NULL; pass the function to run for each element");
    PAR__MISUSE(base != NULL || n == 0, "base is NULL; pass the array, or n = 0");
    PAR__MISUSE(fits, "n * size is above PTRDIFF_MAX; no array is that large");
    if (n == 0 || !fits) return;
    item_body_t each = {base, size, f, ctx};
    par__loop_run(0, n, item_range, &each, (uintptr_t)f, NULL);
}
