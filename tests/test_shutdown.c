/* test_shutdown.c - the default pool is stopped and started again: in turn, from inside, beside calls
 * of other threads, from many threads at once. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
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

static void test_shutdown_and_reuse(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(1000); i++) {
        small_work(NULL);
        assert_int_equal(par_shutdown(), PAR_OK);
        if (i % 10 == 0) assert_int_equal(par_shutdown(), PAR_OK);
    }
    /* A joined thread may stay in the table of the kernel for a moment. */
    for (int ms = 0; ms < 5000 && named_threads("par") != 0; ms++)
        usleep(1000);
    assert_int_equal(named_threads("par"), 0);
    no_failures();
}

/* Any kind of call starts the pool again. */

static void await_threads(void *ctx)
{
    unsigned wanted = *(unsigned *)ctx - 1;
    while ((unsigned)__builtin_popcountll(named_threads("par")) < (wanted < 63 ? wanted : 63))
        usleep(1000);
}

static void test_run_after_shutdown(void **state)
{
    (void)state;
    unsigned workers = par_num_workers();
    for (int i = 0; i < 3; i++) {
        small_work(NULL);
        assert_int_equal(par_shutdown(), PAR_OK);
        par_pool_run(NULL, await_threads, &workers);
        assert_int_equal(par_shutdown(), PAR_OK);
        PAR_SCOPE (s)
            await_threads(&workers);
        assert_int_equal(par_shutdown(), PAR_OK);
        par_join(await_threads, &workers, small_work, NULL);
    }
}

static void expect_busy(void *ctx)
{
    (void)ctx;
    expect(par_shutdown() == PAR_EBUSY);
}

static void expect_busy_deep(void *ctx)
{
    (void)ctx;
    par_join(expect_busy, NULL, small_work, NULL);
}

/* Not the second half of an outermost join: when the caller runs it, nothing else of it is open. */
static void test_shutdown_from_inside(void **state)
{
    (void)state;
    par_join(expect_busy, NULL, small_work, NULL);
    par_join(expect_busy_deep, NULL, expect_busy_deep, NULL);
    par_pool_run(NULL, expect_busy, NULL);
    PAR_SCOPE (s) {
        expect_busy(NULL);
        for (int i = 0; i < 20; i++)
            par_spawn(&s, expect_busy_deep, NULL);
    }
    no_failures();
    assert_int_equal(par_shutdown(), PAR_OK);
}

static atomic_int stop;

static void *caller_main(void *arg)
{
    (void)arg;
    while (!stop) {
        small_work(NULL);
        PAR_SCOPE (s) {
            for (int i = 0; i < 10; i++)
                par_spawn(&s, small_work, NULL);
        }
    }
    return NULL;
}

static void test_shutdown_beside_calls(void **state)
{
    (void)state;
    pthread_t threads[4];
    stop = 0;
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, caller_main, NULL), 0);
    for (size_t i = 0; i < scaled(200); i++) {
        assert_int_equal(par_shutdown(), PAR_OK);
        if (i % 3 == 0) small_work(NULL);
        if (i % 5 == 0) usleep(100);
    }
    stop = 1;
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    no_failures();
}

static void *shutdown_main(void *arg)
{
    (void)arg;
    for (size_t i = 0; i < scaled(50); i++) {
        small_work(NULL);
        expect(par_shutdown() == PAR_OK);
    }
    return NULL;
}

static void test_shutdown_from_many_threads(void **state)
{
    (void)state;
    pthread_t threads[6];
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, shutdown_main, NULL), 0);
    for (size_t i = 0; i < 6; i++)
        pthread_join(threads[i], NULL);
    no_failures();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_shutdown_and_reuse),         TEST(test_run_after_shutdown),
        TEST(test_shutdown_from_inside),       TEST(test_shutdown_beside_calls),
        TEST(test_shutdown_from_many_threads),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("shutdown", tests, NULL, NULL);
}
