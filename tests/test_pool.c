/* test_pool.c - pools: create, options, hooks, indices, shutdown. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <par/scope.h>

#include "failures.h"
#include "names.h"
#include "pools.h"
#include "scale.h"

static int reset(void **state)
{
    (void)state;
    failures = 0;
    watchdog(100);
    return 0;
}

static void small_work(void *ctx)
{
    (void)ctx;
    expect(fib_is_right(10));
}

/* Create and destroy */

static void test_create_destroy_unused(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(500); i++)
        par_pool_destroy(pool_new(1 + i % 5));
}

static void test_create_use_destroy(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(500); i++) {
        par_pool_t *pool = pool_new(1 + i % 5);
        par_pool_run(pool, small_work, NULL);
        par_pool_destroy(pool);
    }
    no_failures();
}

static void test_destroy_asleep(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(150); i++) {
        par_pool_t *pool = pool_new(4);
        par_pool_run(pool, small_work, NULL);
        usleep(i % 2 ? 8000 : 200);
        par_pool_destroy(pool);
    }
    no_failures();
}

static void test_many_pools_at_once(void **state)
{
    (void)state;
    par_pool_t *pools[40];
    for (size_t i = 0; i < 40; i++)
        pools[i] = pool_new(3);
    for (size_t i = 0; i < 40; i++)
        par_pool_run(pools[i], small_work, NULL);
    for (size_t i = 0; i < 40; i++)
        par_pool_destroy(pools[(i * 7) % 40]);
    no_failures();
}

static void *churn_main(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < scaled(60); i++) {
        par_pool_t *pool = pool_new(3);
        par_pool_run(pool, small_work, NULL);
        small_work(NULL);
        par_pool_destroy(pool);
    }
    return NULL;
}

static void test_create_from_many_threads(void **state)
{
    (void)state;
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn_main, NULL), 0);
    for (size_t i = 0; i < 8; i++)
        pthread_join(threads[i], NULL);
    no_failures();
}

/* Options */

static void test_bad_options(void **state)
{
    (void)state;
    par_pool_options_t good = PAR_POOL_OPTIONS_INIT, bad[6];
    for (size_t i = 0; i < 6; i++) {
        bad[i] = good;
        bad[i].threads = 2;
    }
    bad[0].struct_size = 0;
    bad[1].threads = UINT_MAX;
    bad[2].bind = (par_bind_t)99;
    bad[3].places = (par_places_t)99;
    bad[4].spin_ns = -2;
    bad[5].stack_bytes = SIZE_MAX;
    for (size_t i = 0; i < 6; i++) {
        par_pool_t *pool = (par_pool_t *)&bad;
        par_status_t status = par_pool_create(&pool, &bad[i]);
        if (i == 5)
            assert_int_not_equal(status, PAR_OK); /* EINVAL or ENOMEM, EAGAIN from the system */
        else
            assert_int_equal(status, PAR_EINVAL);
        assert_null(pool);
    }
    assert_int_equal(par_pool_create(NULL, &good), PAR_EINVAL);
    assert_int_equal(par_pool_create(NULL, NULL), PAR_EINVAL);
}

static void test_nulls(void **state)
{
    (void)state;
    par_pool_t *pool = NULL;
    par_pool_destroy(NULL);
    par_pool_run(NULL, small_work, NULL);
    assert_true(par_pool_num_workers(NULL) >= 1);
    assert_int_equal(par_pool_num_workers(NULL), par_num_workers());
    assert_int_equal(par_pool_create(&pool, NULL), PAR_OK);
    assert_int_equal(par_pool_num_workers(pool), par_num_workers());
    par_pool_run(pool, small_work, NULL);
    par_pool_destroy(pool);
    no_failures();
}

static void ask_size(void *ctx)
{
    *(unsigned *)ctx = par_num_workers();
}

static void test_num_workers(void **state)
{
    (void)state;
    unsigned outside = par_num_workers();
    for (size_t i = 0; i < N_POOL_SIZES; i++) {
        unsigned inside = 0;
        par_pool_t *pool = pool_new(pool_sizes[i]);
        assert_int_equal(par_pool_num_workers(pool), pool_sizes[i]);
        par_pool_run(pool, ask_size, &inside);
        assert_int_equal(inside, pool_sizes[i]);
        assert_int_equal(par_num_workers(), outside);
        par_pool_destroy(pool);
    }
}

static void test_spin_and_binds(void **state)
{
    (void)state;
    static const int64_t spins[] = {0, -1, 1, 1000, 1000000};
    for (size_t round = 0; round < scaled(8); round++)
        for (size_t i = 0; i < 5; i++)
            for (par_bind_t bind = PAR_BIND_DEFAULT; bind <= PAR_BIND_SPREAD; bind++) {
                par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
                par_pool_t *pool;
                options.threads = 3;
                options.spin_ns = spins[i];
                options.bind = bind;
                options.places = (par_places_t)(i % 3);
                assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
                par_pool_run(pool, small_work, NULL);
                par_pool_run(pool, small_work, NULL);
                par_pool_destroy(pool);
            }
    no_failures();
}

static void expect_names(const char *name, const char *prefix, unsigned workers)
{
    par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
    par_pool_t *pool;
    uint64_t want = (((uint64_t)1 << (workers - 1)) - 1) << 1;
    char own[32], own_after[32];
    options.threads = workers;
    options.bind = PAR_BIND_NONE;
    options.name = name;
    pthread_getname_np(pthread_self(), own, sizeof(own));
    assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
    assert_int_equal(named_threads(prefix), want);
    par_pool_run(pool, small_work, NULL);
    pthread_getname_np(pthread_self(), own_after, sizeof(own_after));
    assert_string_equal(own, own_after); /* the caller's name is the caller's */
    par_pool_destroy(pool);
    /* A joined thread may still be listed for a moment: the kernel wakes the joiner first. */
    for (int i = 0; i < 2000 && named_threads(prefix) != 0; i++)
        usleep(1000);
    assert_int_equal(named_threads(prefix), 0);
}

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(par_shutdown(), PAR_OK); /* its threads are named par-wNN, too */
    expect_names(NULL, "par", 5);
    expect_names("zot", "zot", 2);
    expect_names("zot", "zot", 20);
    expect_names("ninebytes", "ninebytes", 4);
    expect_names("abcdefghijklmnopqrstuvw", "abcdefghi", 4);
    expect_names("", "", 3);
}

/* Hooks */

static atomic_uint started[64], ended[64];
static size_t wanted_stack;
static char hook_mark; /* its address is the context */

static void on_start(unsigned index, void *ctx)
{
    pthread_attr_t attr;
    size_t bytes = 0;
    expect(ctx == &hook_mark && index < 64 && index > 0);
    expect(par_worker_index() == index);
    expect(pthread_getattr_np(pthread_self(), &attr) == 0);
    pthread_attr_getstacksize(&attr, &bytes);
    pthread_attr_destroy(&attr);
    expect(bytes >= wanted_stack);
    atomic_fetch_add(&started[index], 1);
}

static void on_exit_hook(unsigned index, void *ctx)
{
    expect(ctx == &hook_mark && index < 64);
    expect(started[index] == 1);
    atomic_fetch_add(&ended[index], 1);
}

static void test_hooks_and_stack(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 4 * N_POOL_SIZES; round++) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        par_pool_t *pool;
        for (unsigned i = 0; i < 64; i++)
            started[i] = ended[i] = 0;
        options.threads = pool_sizes[round / 4];
        options.bind = PAR_BIND_NONE;
        options.on_start = on_start;
        options.on_exit = on_exit_hook;
        options.hook_ctx = &hook_mark;
        options.stack_bytes = wanted_stack = round % 2 ? 3 << 20 : 0;
        assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
        if (round % 4 >= 2) par_pool_run(pool, small_work, NULL);
        par_pool_destroy(pool);
        for (unsigned i = 0; i < 64; i++) {
            assert_int_equal(started[i], i >= 1 && i < options.threads);
            assert_int_equal(ended[i], started[i]);
        }
    }
    no_failures();
}

/* A hook may use the library: it is on a thread of the pool. */
static void parallel_hook(unsigned index, void *ctx)
{
    (void)index;
    small_work(ctx);
}

static void test_parallel_hooks(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(200); i++) {
        par_pool_options_t options = PAR_POOL_OPTIONS_INIT;
        par_pool_t *pool;
        options.threads = 4;
        options.on_start = options.on_exit = parallel_hook;
        assert_int_equal(par_pool_create(&pool, &options), PAR_OK);
        par_pool_run(pool, small_work, NULL);
        par_pool_destroy(pool);
    }
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_create_destroy_unused),
        TEST(test_create_use_destroy),
        TEST(test_destroy_asleep),
        TEST(test_many_pools_at_once),
        TEST(test_create_from_many_threads),
        TEST(test_bad_options),
        TEST(test_nulls),
        TEST(test_num_workers),
        TEST(test_spin_and_binds),
        TEST(test_names),
        TEST(test_hooks_and_stack),
        TEST(test_parallel_hooks),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
