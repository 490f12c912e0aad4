/* reduce.c - the reduction. A unit is a leaf; the tree is the bridge's tree of halves, so it
 * depends on the number of leaves alone. */
#include <par/reduce.h>

#include <stdlib.h>
#include <string.h>

#include "bridge.h"
#include "misuse.h"
#include "reduction.h"

/* Accumulators up to this size are copied to the stack. */
enum { SMALL_BYTES = 256 };

typedef struct reduction_t {
    par__op_t op; /* first: the bridge hands it back */
    par_fold_fn *fold;
    void *ctx;
    size_t begin, end;
    size_t leaf;
} reduction_t;

static void leaf_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const reduction_t *r = (const reduction_t *)op;
    size_t begin = r->begin + first * r->leaf;
    size_t end = last == op->n_units ? r->end : r->begin + last * r->leaf;
    r->fold(acc, begin, end, r->ctx);
}

/* Few items are probably dear, so each may become a leaf; many are probably cheap, and a leaf costs
 * two calls. */
static size_t leaf_by_items(size_t n)
{
    if (n <= 64 * 64) return (n + 63) / 64;
    if (n <= 64 * 256) return 64;
    if (n <= 1024 * 256) return (n + 255) / 256;
    if (n <= 1024 * 1024) return 1024;
    return n / 1024 + (n % 1024 != 0);
}

/* Large accumulators are copied and combined, which takes about as long as folding an item for each
 * 16 bytes: a leaf of an item a byte makes that a part of the work. But 16 leaves are worth it. */
static size_t leaf_for_large(size_t n, size_t acc_size)
{
    size_t sixteenth = n / 16 + (n % 16 != 0);
    return acc_size < sixteenth ? acc_size : sixteenth;
}

/* par/reduce.h promises this rule: the bits of results depend on it. */
static size_t leaf_of(size_t n, size_t acc_size, const par_options_t *options)
{
    if (options->grain > 0) return options->grain;
    if (options->item_ns > 0) {
        double fitting = 4000 / options->item_ns;
        return fitting >= (double)n ? n : fitting > 1 ? (size_t)fitting : 1;
    }
    size_t leaf = leaf_by_items(n);
    if (n <= 64 * 64 || acc_size <= SMALL_BYTES) return leaf;
    size_t large = leaf_for_large(n, acc_size);
    return leaf > large ? leaf : large;
}

/* The caller's accumulator is both the identity and the first leaf's: the others need a copy. */
static void run_with_identity(reduction_t *r, void *acc, void *copy)
{
    r->op.identity = memcpy(copy, acc, r->op.acc_size);
    par__bridge_run(&r->op, acc);
}

static __attribute__((noinline)) void run_large(reduction_t *r, void *acc)
{
    void *heap = malloc(r->op.acc_size);
    run_with_identity(r, acc, heap != NULL ? heap : __builtin_alloca(r->op.acc_size));
    free(heap);
}

static void run_small(reduction_t *r, void *acc)
{
    char copy[SMALL_BYTES];
    run_with_identity(r, acc, copy);
}

void par__reduction_run(size_t begin,
                        size_t end,
                        void *acc,
                        size_t acc_size,
                        par_fold_fn *fold,
                        par_combine_fn *combine,
                        void *ctx,
                        const par__reduction_t *reduction,
                        const par_options_t *given)
{
    if (begin >= end) return;
    par_options_t options = par__options_read(given);
    reduction_t r = {.fold = fold, .ctx = ctx, .begin = begin, .end = end};
    r.leaf = leaf_of(end - begin, acc_size, &options);
    r.op = (par__op_t){.run = leaf_run,
                       .n_units = (end - begin) / r.leaf + ((end - begin) % r.leaf != 0),
                       .key = reduction->key,
                       .unit_ns = options.item_ns * (double)r.leaf,
                       .pool = options.pool,
                       .left_out = reduction->left_out,
                       .combine = combine,
                       .combine_ctx = ctx,
                       .acc_size = acc_size};
    if (options.schedule == PAR_SCHEDULE_STATIC) {
        size_t workers =
            options.pool != NULL ? par_pool_num_workers(options.pool) : par_num_workers();
        r.op.batch = r.op.n_units / workers + (r.op.n_units % workers != 0);
    }
    if (r.op.n_units == 1)
        par__bridge_run(&r.op, acc);
    else if (acc_size <= SMALL_BYTES)
        run_small(&r, acc);
    else
        run_large(&r, acc);
}

void par_reduce(size_t begin,
                size_t end,
                void *acc,
                size_t acc_size,
                par_fold_fn *fold,
                par_combine_fn *combine,
                void *ctx,
                const par_options_t *options)
{
    PAR__CHECK_FOLD(acc, fold, combine);
    PAR__MISUSE(acc_size <= PTRDIFF_MAX, "acc_size is too large; no object has so many bytes");
    if (acc_size > PTRDIFF_MAX) return;
    const par__reduction_t reduction = {.key = (uintptr_t)fold};
    par__reduction_run(begin, end, acc, acc_size, fold, combine, ctx, &reduction, options);
}
