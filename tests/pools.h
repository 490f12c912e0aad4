/* pools.h - the pool sizes that every topic is tried with, and fib, the smallest fork-join work. */
#ifndef PAR_TEST_POOLS_H
#define PAR_TEST_POOLS_H

#include <stdio.h>
#include <stdlib.h>

#include <par/join.h>
#include <par/pool.h>

/* The caller included; 1 is a pool without threads of its own. */
static const unsigned pool_sizes[] = {1, 2, 3, 8, 64};
#define N_POOL_SIZES (sizeof(pool_sizes) / sizeof(pool_sizes[0]))

/* An unbound pool: the machine that tests may have fewer cores than the pool has workers. */
static inline par_pool_t *pool_new(unsigned workers)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool = NULL;
    options.threads = workers;
    options.bind = PAR_BIND_NONE;
    par_status_t status = par_pool_create(&pool, &options);
    if (status != PAR_OK || pool == NULL) {
        fprintf(stderr, "par_pool_create(%u): %s\n", workers, par_strerror(status));
        abort();
    }
    return pool;
}

/* Runs fn(ctx) in a fresh pool of each size. */
static inline void in_each_pool(par_task_fn *fn, void *ctx)
{
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        par_pool_run(pool, fn, ctx);
        par_pool_destroy(pool);
    }
}

typedef struct fib_t {
    unsigned n;
    unsigned long result;
} fib_t;

static inline unsigned long fib_serial(unsigned n)
{
    return n < 2 ? n : fib_serial(n - 1) + fib_serial(n - 2);
}

static inline void fib_task(void *ctx)
{
    fib_t *f = ctx;
    if (f->n < 2) {
        f->result = f->n;
        return;
    }
    fib_t a = {f->n - 1, 0}, b = {f->n - 2, 0};
    par_join(fib_task, &a, fib_task, &b);
    f->result = a.result + b.result;
}

/* 1 when the parallel result is right. */
static inline int fib_is_right(unsigned n)
{
    fib_t f = {n, 0};
    fib_task(&f);
    return f.result == fib_serial(n);
}

#endif
