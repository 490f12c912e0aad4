/* local.c - worker-local state, for loops and for any tasks. */
#include <string.h>

#include "loop.h"
#include "misuse.h"
#include "reduction.h"
#include "slots.h"

/* One call: what runs while the slots are there. */
typedef struct stay_t {
    par_local_t local;
    par_local_fn *fn;
    void *fn_ctx;
} stay_t;

static void stay_run(void *ctx)
{
    stay_t *stay = ctx;
    par__slots_enter(&stay->local);
    stay->fn(&stay->local, stay->fn_ctx);
}

/* The caller is a worker of the pool, or alone. */
static void stay_in_pool(void *ctx)
{
    stay_t *stay = ctx;
    char stack[PAR__SLOTS_ON_STACK] __attribute__((aligned(PAR__SLOT_ALIGN)));
    if (par__slots_open(&stay->local, par_num_workers(), stack))
        stay_run(stay);
    else
        par_run_alone(stay_run, stay);
    par__slots_close(&stay->local, stack);
}

static void stay_start(stay_t *stay, par_pool_t *pool)
{
    if (pool != NULL || par_pool_id() == NULL)
        par_pool_run(pool, stay_in_pool, stay);
    else
        stay_in_pool(stay);
}

void par_local_run(void *acc,
                   size_t size,
                   par_local_init_fn *init,
                   par_combine_fn *combine,
                   par_local_fn *fn,
                   void *ctx)
{
    PAR__MISUSE(acc != NULL, "acc is NULL; pass what the slots start as");
    PAR__MISUSE(combine != NULL, "combine is NULL; pass the function that joins two slots");
    PAR__MISUSE(fn != NULL, "fn is NULL; pass the function that uses the slots");
    stay_t stay = {
        {.acc = acc, .size = size, .init = init, .combine = combine, .ctx = ctx},
        fn,
        ctx,
    };
    stay_start(&stay, NULL);
}

void *par_local_get(par_local_t *local)
{
    PAR__MISUSE(local != NULL, "local is NULL; pass what the function of par_local_run was given");
    PAR__MISUSE(__atomic_load_n(&local->alive, __ATOMIC_RELAXED) == local,
                "the slots are gone; ask only while the function of par_local_run runs");
    void *slot = par__slots_own(local);
    return slot != NULL ? slot : par__slots_further(local);
}

/* ---- the loop ---- */

typedef struct loop_t {
    par__op_t op; /* first: the bridge hands it back */
    par_local_t *local;
    par_fold_fn *fold;
    size_t begin, end;
    size_t grain;
    size_t longest; /* items a block at most */
    const par_options_t *options;
} loop_t;

/* A worker without a slot of its own. */
static __attribute__((noinline)) void fold_aside(const loop_t *loop, size_t begin, size_t end)
{
    par_local_t *local = loop->local;
    void *temp = __builtin_alloca_with_align(local->size, PAR__SLOT_ALIGN * 8);
    memcpy(temp, local->acc, local->size);
    loop->fold(temp, begin, end, local->ctx);
    par__slots_add(local, temp);
}

static void fold_block(const loop_t *loop, size_t begin, size_t end)
{
    void *slot = par__slots_own(loop->local);
    if (slot != NULL)
        loop->fold(slot, begin, end, loop->local->ctx);
    else
        fold_aside(loop, begin, end);
}

static void fold_run(const par__op_t *op, void *acc, size_t first, size_t last)
{
    const loop_t *loop = (const loop_t *)op;
    size_t begin = loop->begin + first * loop->grain;
    size_t end = last == op->n_units ? loop->end : loop->begin + last * loop->grain;
    (void)acc;
    for (; end - begin > loop->longest; begin += loop->longest)
        fold_block(loop, begin, begin + loop->longest);
    fold_block(loop, begin, end);
}

static void loop_run(par_local_t *local, void *ctx)
{
    loop_t *loop = ctx;
    loop->local = local;
    par__loop_schedule(&loop->op, loop->options);
}

void par_for_local(size_t begin,
                   size_t end,
                   void *acc,
                   size_t acc_size,
                   par_fold_fn *fold,
                   par_combine_fn *combine,
                   void *ctx,
                   const par_options_t *given)
{
    PAR__CHECK_FOLD(acc, fold, combine);
    if (begin >= end) return;
    par_options_t options = par__options_read(given);
    size_t grain = options.grain > 0 ? options.grain : 1;
    loop_t loop = {.op = {.run = fold_run,
                          .n_units = par__loop_units(end - begin, grain),
                          .key = (uintptr_t)fold,
                          .unit_ns = options.item_ns * (double)grain},
                   .fold = fold,
                   .begin = begin,
                   .end = end,
                   .grain = grain,
                   .longest = par__loop_longest(&options, grain),
                   .options = &options};
    stay_t stay = {
        {.acc = acc, .size = acc_size, .combine = combine, .ctx = ctx},
        loop_run,
        &loop,
    };
    stay_start(&stay, options.pool);
}
