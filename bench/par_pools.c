/* par_pools.c - the pools in which the par runtimes are measured. Each starts when it is first used
 * and stays; its idle threads sleep. */
#include "runtime.h"

#include <par/par.h>

#include <stdio.h>
#include <stdlib.h>

static par_pool_t *pool_of(unsigned threads)
{
    par_pool_t *pool;
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    options.threads = threads;
    par_status_t status = par_pool_create(&pool, &options);
    if (status == PAR_OK && par_pool_num_workers(pool) == threads) return pool;
    fprintf(stderr, "bench: no pool of %u workers: %s\n", threads,
            status == PAR_OK ? "the system refused some of its threads" : par_strerror(status));
    exit(1);
}

void bench_par_inside(void (*fn)(void *ctx), void *ctx)
{
    par_pool_run(NULL, fn, ctx);
}

void bench_par_with_one_worker(void (*fn)(void *ctx), void *ctx)
{
    static par_pool_t *one;
    if (one == NULL) one = pool_of(1);
    par_pool_run(one, fn, ctx);
}

void bench_par_with_crowd(void (*fn)(void *ctx), void *ctx)
{
    static par_pool_t *crowd;
    if (crowd == NULL) crowd = pool_of(BENCH_CROWD);
    par_pool_run(crowd, fn, ctx);
}

static void nothing(size_t begin, size_t end, void *ctx)
{
    for (size_t i = begin; i < end; i++)
        bench_nothing(ctx, i);
}

static void loop_task(void *ctx)
{
    const bench_loop_t *d = ctx;
    par_for_range(0, d->n, nothing, ctx, NULL);
}

void bench_par_nothing(const bench_loop_t *d)
{
    bench_loop_t copy = *d;
    loop_task(&copy);
}

void bench_par_nothing_in_crowd(const bench_loop_t *d)
{
    bench_loop_t copy = *d;
    bench_par_with_crowd(loop_task, &copy);
}
