/* par_try.c - par's loops that can fail: alone, with a token that nobody raises, and with a deadline
 * that is far away. */
#include "runtime.h"

#include <par/par.h>

PAR_DEFINE_TRY_FOR(try_items, const bench_try_t *, d, i)
{
    return bench_try_item(d, i) ? 0 : 1;
}

static int try_block(size_t begin, size_t end, void *ctx)
{
    return bench_try_range(ctx, begin, end) < end;
}

/* Where blocks are given, a body that does a block at once, which tells no more than which block. */
static size_t try_with(const bench_try_t *data, par_cancel_t *token)
{
    bench_try_t d = *data;
    size_t failed;
    par_options_t options = PAR_OPTIONS_INIT;
    options.cancel = token;
    options.grain = d.block;
    if (d.block != 0)
        par_try_for_range(0, d.n, try_block, &d, &failed, &options);
    else
        try_items_in(0, d.n, &d, &failed, &options);
    return failed;
}

size_t bench_par_try(const bench_try_t *d)
{
    return try_with(d, NULL);
}

static size_t try_with_token(const bench_try_t *d)
{
    par_cancel_t token = PAR_CANCEL_INIT;
    return try_with(d, &token);
}

static size_t try_with_deadline(const bench_try_t *d)
{
    par_cancel_t token;
    par_cancel_init(&token, NULL, par_clock_ns() + INT64_C(3600) * 1000 * 1000 * 1000);
    return try_with(d, &token);
}

const bench_runtime_t bench_par_token = {
    .name = "par-token",
    .is_par = true,
    .is_variant = true,
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing},
    .try_loop = try_with_token,
};

const bench_runtime_t bench_par_deadline = {
    .name = "par-deadline",
    .is_par = true,
    .is_variant = true,
    .loops = {[BENCH_LOOP_nothing] = bench_par_nothing},
    .try_loop = try_with_deadline,
};
