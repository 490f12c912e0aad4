/* on_pools.h - runs a check on the default pool and on pools of 3 and 64 workers, without a
 * sanitizer and with no scale below 0.1 of 1, 2 and 8 too. */
#ifndef ON_POOLS_H
#define ON_POOLS_H

#include <stdbool.h>

#include <par/par.h>

#include "failures.h"
#include "scale.h"

static inline void on_pool_of(unsigned threads, par_task_fn *check, void *ctx)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    options.threads = threads;
    par_pool_t *pool;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    par_pool_run(pool, check, ctx);
    par_pool_destroy(pool);
    no_failures();
}

static inline void on_pools(par_task_fn *check, void *ctx)
{
    check(ctx);
    no_failures();
    static const unsigned threads[] = {3, 64, 1, 2, 8};
    bool is_slow = TEST_TSAN || TEST_ASAN || scale_given() < 0.1;
    for (size_t i = 0; i < (is_slow ? 2 : sizeof threads / sizeof threads[0]); i++)
        on_pool_of(threads[i], check, ctx);
}

#endif
