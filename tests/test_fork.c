/* test_fork.c - after fork() the first parallel call of the child works, whatever the parent was
 * doing. The child has one thread; the pool's threads are gone and are started anew. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>

#include <par/scope.h>

#include "child.h"
#include "pools.h"
#include "scale.h"

enum { CHILD_SECONDS = 30 };

static int reset(void **state)
{
    (void)state;
    watchdog(250);
    return 0;
}

static void count(void *ctx)
{
    atomic_fetch_add((atomic_uint *)ctx, 1);
}

static int use_everything(void *arg)
{
    atomic_uint runs = 0;
    (void)arg;
    for (int round = 0; round < 3; round++) {
        if (!fib_is_right(12)) return 1;
        PAR_SCOPE (s) {
            for (int i = 0; i < 100; i++)
                par_spawn(&s, count, &runs);
        }
    }
    if (runs != 300) return 2;
    return par_num_workers() >= 1 ? 0 : 3;
}

/* Runs body in a forked child: 1 when it ended well. */
static int forked(child_fn *body, void *arg)
{
    child_t child;
    if (child_fork(&child, body, arg) != 0) return 0;
    child_wait(&child, CHILD_SECONDS);
    return child_exited(&child, 0);
}

/* Runs in a process that has never used the library, as other tests of this file may have. */
static int before_init(void *arg)
{
    (void)arg;
    return forked(use_everything, NULL) ? 0 : 1;
}

static void test_before_init(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++)
        assert_true(forked(before_init, NULL));
}

static void test_after_init_idle(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        assert_int_equal(use_everything(NULL), 0);
        if (i % 3 == 0) usleep(10000); /* the threads are asleep */
        assert_true(forked(use_everything, NULL));
        assert_int_equal(use_everything(NULL), 0);
    }
}

static atomic_int stop;

static void *busy_main(void *arg)
{
    while (!stop) {
        if (use_everything(arg) != 0) abort();
    }
    return NULL;
}

static void test_while_others_are_busy(void **state)
{
    (void)state;
    pthread_t threads[3];
    int failed = 0;
    stop = 0;
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, busy_main, NULL), 0);
    for (size_t i = 0; i < scaled(100); i++)
        failed += !forked(use_everything, NULL);
    stop = 1;
    for (size_t i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(failed, 0);
}

static atomic_uint failed_forks;

static void fork_task(void *ctx)
{
    (void)ctx;
    if (!forked(use_everything, NULL)) atomic_fetch_add(&failed_forks, 1);
}

static void work_task(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(14)) abort();
}

static void test_inside_a_join(void **state)
{
    (void)state;
    failed_forks = 0;
    for (size_t i = 0; i < scaled(100); i++) {
        par_join(fork_task, NULL, work_task, NULL);
        par_join(work_task, NULL, fork_task, NULL);
    }
    assert_int_equal(failed_forks, 0);
}

static void test_inside_scope_tasks(void **state)
{
    (void)state;
    failed_forks = 0;
    for (size_t i = 0; i < scaled(100); i++) {
        PAR_SCOPE (s) {
            for (int k = 0; k < 4; k++)
                par_spawn(&s, work_task, NULL);
            par_spawn(&s, fork_task, NULL);
            par_spawn(&s, work_task, NULL);
            fork_task(NULL);
        }
    }
    assert_int_equal(failed_forks, 0);
}

static void fork_in_pool(void *ctx)
{
    (void)ctx;
    par_join(fork_task, NULL, work_task, NULL);
}

static void test_inside_a_pool(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(4);
    failed_forks = 0;
    for (size_t i = 0; i < scaled(100); i++)
        par_pool_run(pool, fork_in_pool, NULL);
    par_pool_destroy(pool);
    assert_int_equal(failed_forks, 0);
}

static void run_work(void *ctx)
{
    if (!fib_is_right(12)) *(int *)ctx = 1;
}

/* An explicit pool of the parent: its threads are gone in the child; calls run, and it can go. */
static int use_parents_pool(void *arg)
{
    int failed = 0;
    par_pool_run(arg, run_work, &failed);
    if (use_everything(NULL) != 0) return 2;
    par_pool_run(arg, run_work, &failed);
    par_pool_destroy(arg);
    return failed;
}

static void test_parents_pool_in_child(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        int failed = 0;
        par_pool_t *pool = pool_new(1 + i % 4);
        par_pool_run(pool, run_work, &failed);
        assert_true(forked(use_parents_pool, pool));
        par_pool_run(pool, run_work, &failed);
        par_pool_destroy(pool);
        assert_int_equal(failed, 0);
    }
}

static int exits(void *arg)
{
    if (arg && use_everything(NULL) != 0) return 1;
    exit(0);
}

static void test_child_exits(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        assert_int_equal(use_everything(NULL), 0);
        assert_true(forked(exits, i % 2 ? state : NULL));
    }
}

static int shuts_down(void *arg)
{
    if (par_shutdown() != PAR_OK) return 10;
    int code = use_everything(arg);
    return par_shutdown() == PAR_OK ? code : 11;
}

static void test_child_shuts_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        assert_int_equal(use_everything(NULL), 0);
        assert_true(forked(shuts_down, NULL));
    }
}

static int forks_again(void *arg)
{
    size_t level = *(size_t *)arg;
    if (level % 2 && use_everything(NULL) != 0) return 1;
    if (level > 0) {
        level--;
        if (!forked(forks_again, &level)) return 2;
    }
    return use_everything(NULL);
}

static void test_child_forks_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < scaled(100); i++) {
        size_t level = i % 5;
        assert_true(forked(forks_again, &level));
    }
}

/* The parent ends its threads at the very moment of the fork. */

static void *shutdown_main(void *arg)
{
    (void)arg;
    while (!stop) {
        if (use_everything(NULL) != 0 || par_shutdown() != PAR_OK) abort();
        par_pool_destroy(pool_new(3));
    }
    return NULL;
}

static void test_while_pools_start_and_stop(void **state)
{
    (void)state;
    /* qemu holds a lock of its own while a thread begins or ends, and the child inherits it: there the
     * same with threads alone, without this library, hangs too. */
    if (getenv("PAR_TEST_LAUNCHER") != NULL) skip();
    pthread_t threads[2];
    int failed = 0;
    stop = 0;
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, shutdown_main, NULL), 0);
    for (size_t i = 0; i < scaled(100); i++)
        failed += !forked(use_everything, NULL);
    stop = 1;
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(failed, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_before_init),
        TEST(test_after_init_idle),
        TEST(test_while_others_are_busy),
        TEST(test_inside_a_join),
        TEST(test_inside_scope_tasks),
        TEST(test_inside_a_pool),
        TEST(test_parents_pool_in_child),
        TEST(test_child_exits),
        TEST(test_child_shuts_down),
        TEST(test_child_forks_again),
        TEST(test_while_pools_start_and_stop),
    };
    /* ThreadSanitizer keeps the parent's threads on its books in the child, and ends a child whose
     * new thread gets the id of one of them. */
    cmocka_set_test_filter(TEST_TSAN ? "test_before_init" : getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
