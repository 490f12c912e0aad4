/* test_deep.c - recursion and nesting as deep as the program's own stack allows: the fork stack of
 * the worker overflows and the work runs in place. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"

/* The sanitizers touch every page of a stack, and get shorter recursions; 32 bits of addresses have no
 * room for several such stacks. */
enum { IS_NARROW = sizeof(void *) < 8 };
enum { BIG_STACK = TEST_TSAN || TEST_ASAN || IS_NARROW ? 256 << 20 : 1 << 30 };

static size_t levels(size_t n)
{
    return scaled(n) / (IS_NARROW ? 4 : 1);
}

static int reset(void **state)
{
    (void)state;
    watchdog(120);
    return 0;
}

/* Runs fn(ctx) on a thread with a stack for a million frames. */
static void on_big_stack(void *(*fn)(void *), void *ctx)
{
    pthread_t thread;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    assert_int_equal(pthread_attr_setstacksize(&attr, BIG_STACK), 0);
    assert_int_equal(pthread_create(&thread, &attr, fn, ctx), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
}

static par_pool_t *big_stack_pool(unsigned workers)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool = NULL;
    options.threads = workers;
    options.bind = PAR_BIND_NONE;
    options.stack_bytes = BIG_STACK;
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    return pool;
}

typedef struct chain_t {
    size_t left;  /* levels below this one */
    size_t nodes; /* result: how many tasks ran, this one included */
} chain_t;

static void leaf(void *ctx)
{
    *(size_t *)ctx = 1;
}

/* The deep side is the caller's own. */
static void left_deep(void *ctx)
{
    chain_t *c = ctx;
    size_t one = 0;
    chain_t next = {c->left - 1, 0};
    c->nodes = 1;
    if (c->left == 0) return;
    par_join(left_deep, &next, leaf, &one);
    c->nodes += next.nodes + one;
}

/* The deep side is the one that is offered to thieves. */
static void right_deep(void *ctx)
{
    chain_t *c = ctx;
    size_t one = 0;
    chain_t next = {c->left - 1, 0};
    c->nodes = 1;
    if (c->left == 0) return;
    par_join(leaf, &one, right_deep, &next);
    c->nodes += next.nodes + one;
}

static void *left_main(void *ctx)
{
    left_deep(ctx);
    return NULL;
}

static void test_left_deep(void **state)
{
    (void)state;
    for (size_t depth = 10; depth <= levels(1000000); depth *= 10) {
        chain_t c = {depth, 0};
        on_big_stack(left_main, &c);
        assert_int_equal(c.nodes, 2 * depth + 1);
    }
}

/* The same again at once after the overflow: the fork stack must have come back whole. */
static void *left_then_fib_main(void *ctx)
{
    left_deep(ctx);
    if (!fib_is_right(15)) ((chain_t *)ctx)->nodes = 0;
    return NULL;
}

static void test_fib_after_overflow(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        chain_t c = {levels(200000), 0};
        on_big_stack(left_then_fib_main, &c);
        assert_int_equal(c.nodes, 2 * levels(200000) + 1);
    }
}

typedef struct pool_chain_t {
    par_pool_t *pool;
    chain_t chain;
} pool_chain_t;

static void *right_main(void *ctx)
{
    pool_chain_t *p = ctx;
    par_pool_run(p->pool, right_deep, &p->chain);
    return NULL;
}

static void test_right_deep(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 3; workers++) {
        pool_chain_t p = {big_stack_pool(workers), {levels(500000), 0}};
        on_big_stack(right_main, &p);
        par_pool_destroy(p.pool);
        assert_int_equal(p.chain.nodes, 2 * levels(500000) + 1);
    }
}

/* fib at the bottom of a deep recursion, where every fork finds the fork stack full */

static void fib_at_depth(void *ctx)
{
    chain_t *c = ctx;
    size_t one = 0;
    chain_t next = {c->left - 1, 0};
    if (c->left == 0) {
        c->nodes = (size_t)fib_is_right(15);
        return;
    }
    par_join(fib_at_depth, &next, leaf, &one);
    c->nodes = next.nodes;
}

static void *fib_at_depth_main(void *ctx)
{
    fib_at_depth(ctx);
    return NULL;
}

static void test_fork_when_full(void **state)
{
    (void)state;
    chain_t c = {levels(200000), 0};
    on_big_stack(fib_at_depth_main, &c);
    assert_int_equal(c.nodes, 1);
}

/* Scopes in scopes: each level opens a scope and spawns the next into it. */

static void scope_level(void *ctx)
{
    chain_t *c = ctx;
    chain_t next = {c->left - 1, 0};
    c->nodes = 1;
    if (c->left == 0) return;
    PAR_SCOPE (s)
        par_spawn(&s, scope_level, &next);
    c->nodes += next.nodes;
}

static void *scope_main(void *ctx)
{
    pool_chain_t *p = ctx;
    par_pool_run(p->pool, scope_level, &p->chain);
    return NULL;
}

static void test_scopes_in_scopes(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 3; workers++) {
        pool_chain_t p = {big_stack_pool(workers), {levels(100000), 0}};
        on_big_stack(scope_main, &p);
        par_pool_destroy(p.pool);
        assert_int_equal(p.chain.nodes, levels(100000) + 1);
    }
}

/* A million spawns, each by the one before: no stack is used at all. */

typedef struct relay_t {
    par_scope_t *scope;
    atomic_size_t runs;
    size_t goal;
} relay_t;

static void relay_task(void *ctx)
{
    relay_t *r = ctx;
    if (atomic_fetch_add(&r->runs, 1) + 1 < r->goal) par_spawn(r->scope, relay_task, r);
}

static void relay(void *ctx)
{
    relay_t *r = ctx;
    par_scope_t scope;
    atomic_store(&r->runs, 0);
    r->scope = &scope;
    par_scope_begin(&scope);
    par_spawn(&scope, relay_task, r);
    par_scope_end(&scope);
}

static void test_spawn_relay(void **state)
{
    (void)state;
    relay_t r = {.goal = scaled(1000000)};
    relay(&r);
    assert_int_equal(r.runs, r.goal);
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        par_pool_t *pool = pool_new(pool_sizes[i]);
        r.goal = scaled(100000);
        par_pool_run(pool, relay, &r);
        par_pool_destroy(pool);
        assert_int_equal(r.runs, r.goal);
    }
}

/* The same when the queue is full, so that spawns run in place: a spawn inside a task that runs in
 * place must not nest without end. */

static void touch(void *ctx)
{
    atomic_fetch_add_explicit((atomic_size_t *)ctx, 1, memory_order_relaxed);
}

static void relay_when_full(void *ctx)
{
    relay_t *r = ctx;
    atomic_size_t touched = 0;
    par_scope_t scope;
    atomic_store(&r->runs, 0);
    r->scope = &scope;
    par_scope_begin(&scope);
    for (int i = 0; i < 20000; i++)
        par_spawn(&scope, touch, &touched);
    par_spawn(&scope, relay_task, r);
    par_scope_end(&scope);
    if (touched != 20000) r->runs = 0;
}

static void test_relay_when_full(void **state)
{
    (void)state;
    for (unsigned workers = 1; workers <= 3; workers++) {
        par_pool_t *pool = pool_new(workers);
        relay_t r = {.goal = scaled(1000000)};
        par_pool_run(pool, relay_when_full, &r);
        par_pool_destroy(pool);
        assert_int_equal(r.runs, r.goal);
    }
}

/* Every task has a scope of its own in the task before, and a join in between. */

static void mixed_level(void *ctx);

static void mixed_half(void *ctx)
{
    PAR_SCOPE (s)
        par_spawn(&s, mixed_level, ctx);
}

static void mixed_level(void *ctx)
{
    chain_t *c = ctx;
    size_t one = 0;
    chain_t next = {c->left - 1, 0};
    c->nodes = 1;
    if (c->left == 0) return;
    par_join(mixed_half, &next, leaf, &one);
    c->nodes += next.nodes + one;
}

static void *mixed_main(void *ctx)
{
    pool_chain_t *p = ctx;
    par_pool_run(p->pool, mixed_level, &p->chain);
    return NULL;
}

static void test_mixed_depth(void **state)
{
    (void)state;
    pool_chain_t p = {big_stack_pool(3), {levels(50000), 0}};
    on_big_stack(mixed_main, &p);
    par_pool_destroy(p.pool);
    assert_int_equal(p.chain.nodes, 2 * levels(50000) + 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_left_deep),       TEST(test_fib_after_overflow), TEST(test_right_deep),
        TEST(test_fork_when_full),  TEST(test_scopes_in_scopes),   TEST(test_spawn_relay),
        TEST(test_relay_when_full), TEST(test_mixed_depth),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("deep", tests, NULL, NULL);
}
