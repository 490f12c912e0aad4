/* for.c - the loops. A unit is a grain of items, or with the static schedule one part of P. */
#include <par/for.h>

#include "bridge.h"
#include "misuse.h"

typedef struct loop_t {
    par__op_t op; /* first: the bridge hands it back */
    par_range_fn *body;
    void *ctx;
    size_t begin, end;
    size_t grain;
    size_t part, longer; /* static: grains of a part; this many parts have one more */
} loop_t;

static void loop_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const loop_t *loop = (const loop_t *)op;
    (void)acc;
    size_t begin = loop->begin + first * loop->grain;
    size_t end = last == op->n_units ? loop->end : loop->begin + last * loop->grain;
    loop->body(begin, end, loop->ctx);
}

/* The first grain of a part. */
static size_t part_start(const loop_t *loop, size_t part)
{
    return part * loop->part + (part < loop->longer ? part : loop->longer);
}

static void loop_run_static(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const loop_t *loop = (const loop_t *)op;
    (void)acc;
    for (size_t part = first; part < last; part++) {
        size_t begin = loop->begin + part_start(loop, part) * loop->grain;
        size_t end = part + 1 == op->n_units
                         ? loop->end
                         : loop->begin + part_start(loop, part + 1) * loop->grain;
        loop->body(begin, end, loop->ctx);
    }
}

static void loop_make_static(loop_t *loop)
{
    size_t workers =
        loop->op.pool != NULL ? par_pool_num_workers(loop->op.pool) : par_num_workers();
    size_t parts = loop->op.n_units < workers ? loop->op.n_units : workers;
    loop->part = loop->op.n_units / parts;
    loop->longer = loop->op.n_units % parts;
    loop->op.n_units = parts;
    loop->op.batch = 1;
    loop->op.run = loop_run_static;
}

/* key is what the user wrote, where body is a wrapper of this file. */
static void loop_start(loop_t *loop, uintptr_t key, const par_options_t *given)
{
    par_options_t options = par__options_read(given);
    size_t n = loop->end - loop->begin;
    loop->grain = options.grain > 0 ? options.grain : 1;
    loop->op.run = loop_run;
    loop->op.n_units = n / loop->grain + (n % loop->grain != 0);
    loop->op.key = key;
    loop->op.unit_ns = options.item_ns * (double)loop->grain;
    loop->op.pool = options.pool;
    if (options.schedule == PAR_SCHEDULE_STATIC) loop_make_static(loop);
    par__bridge_run(&loop->op, NULL);
}

void par_for_range(
    size_t begin, size_t end, par_range_fn *body, void *ctx, const par_options_t *options)
{
    PAR__MISUSE(body != NULL, "body is NULL; pass the function to run for each block");
    if (begin >= end) return;
    loop_t loop = {.body = body, .ctx = ctx, .begin = begin, .end = end};
    loop_start(&loop, (uintptr_t)body, options);
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
    if (begin >= end) return;
    index_body_t each = {body, ctx};
    loop_t loop = {.body = index_range, .ctx = &each, .begin = begin, .end = end};
    loop_start(&loop, (uintptr_t)body, NULL);
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
    size_t bytes;
    bool fits = !__builtin_mul_overflow(n, size, &bytes);
    PAR__MISUSE(f != NULL, "f is NULL; pass the function to run for each element");
    PAR__MISUSE(base != NULL || n == 0, "base is NULL; pass the array, or n = 0");
    PAR__MISUSE(fits, "n * size does not fit in size_t; no array is that large");
    if (n == 0 || !fits) return;
    item_body_t each = {base, size, f, ctx};
    loop_t loop = {.body = item_range, .ctx = &each, .begin = 0, .end = n};
    loop_start(&loop, (uintptr_t)f, NULL);
}
