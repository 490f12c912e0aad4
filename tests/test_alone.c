/* test_alone.c - par_run_alone: what is parallel runs in order on the caller, whatever the pool. */
#include "misuse.h"
#include "on_pools.h"

static void alone_body(size_t i, void *ctx)
{
    size_t *next = ctx;
    expect(i == (*next)++);
    expect(par_worker_index() == 0 && par_num_workers() == 1);
}

static void check_alone(void *ctx)
{
    size_t next = 0;
    (void)ctx;
    par_for(0, 1000, alone_body, &next);
    expect(next == 1000);
}

static void check_other_pool(void *id)
{
    expect(par_pool_id() != NULL && par_pool_id() != id);
}

static void check_alone_inside(void *ctx)
{
    const void *id = par_pool_id();
    (void)ctx;
    par_run_alone(check_alone, NULL);
    expect(par_pool_id() == id);
    par_run_alone(check_other_pool, (void *)(uintptr_t)id);
}

static void alone_runs_in_order(void **state)
{
    (void)state;
    on_pools(check_alone_inside, NULL);
}

static par_task_fn *volatile no_task; /* hidden from the compiler, which would warn */

static void alone_without_function(void *ctx)
{
    par_run_alone(no_task, ctx);
}

static const misuse_t misuses[] = {
    {alone_without_function, "par_run_alone: the function is NULL"},
};

static void debug_builds_stop(void **state)
{
    (void)state;
    misuses_stop(misuses, sizeof misuses / sizeof misuses[0], NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(alone_runs_in_order),
        cmocka_unit_test(debug_builds_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
