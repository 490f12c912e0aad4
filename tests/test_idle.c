/* test_idle.c - at rest the process burns no CPU: after work has ended, two seconds cost less than
 * 20 ms of CPU time and next to no wake-ups. CPU time, not wall time, is what is limited, so the
 * load of the machine does not matter. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include <par/scope.h>

#include "pools.h"
#include "scale.h"

enum { SETTLE_US = 300000, REST_S = 2, CPU_LIMIT_US = 20000, SWITCH_LIMIT = 20 };

static int reset(void **state)
{
    (void)state;
    watchdog(60);
    return 0;
}

static long cpu_us(const struct rusage *u)
{
    return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000000L + u->ru_utime.tv_usec +
           u->ru_stime.tv_usec;
}

typedef struct rest_t {
    long cpu_us;
    long switches; /* voluntary: every wake-up ends in one */
} rest_t;

static rest_t rest(void)
{
    struct rusage before, after;
    usleep(SETTLE_US);
    getrusage(RUSAGE_SELF, &before);
    for (unsigned left = REST_S; left > 0;)
        left = sleep(left);
    getrusage(RUSAGE_SELF, &after);
    return (rest_t){cpu_us(&after) - cpu_us(&before), after.ru_nvcsw - before.ru_nvcsw};
}

/* ThreadSanitizer has a thread of its own that wakes up all the time. */
static void expect_rest(rest_t r)
{
    print_message("%ld us of CPU, %ld voluntary switches in %d s\n", r.cpu_us, r.switches, REST_S);
    if (TEST_TSAN) return;
    assert_in_range(r.cpu_us, 0, CPU_LIMIT_US - 1);
    assert_in_range(r.switches, 0, SWITCH_LIMIT);
}

static void nothing(void *ctx)
{
    (void)ctx;
}

static void burst(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(20)) abort();
    PAR_SCOPE (s) {
        for (int i = 0; i < 1000; i++)
            par_spawn(&s, nothing, NULL);
    }
}

static void test_default_pool(void **state)
{
    (void)state;
    burst(NULL);
    expect_rest(rest());
}

static void test_64_workers(void **state)
{
    (void)state;
    par_pool_t *pool = pool_new(64), *unused = pool_new(8);
    par_pool_run(pool, burst, NULL);
    rest_t r = rest();
    par_pool_destroy(pool);
    par_pool_destroy(unused);
    expect_rest(r);
}

/* A waiter whose task is run elsewhere and blocks there sleeps as well. */

static rest_t rested;
static atomic_int resting;
static _Thread_local int is_waiter;

static void rest_in_task(void *ctx)
{
    (void)ctx;
    resting = 1;
    rested = rest();
}

static void rest_if_stolen(void *ctx)
{
    if (!is_waiter) rest_in_task(ctx);
}

/* Long enough for a thief to ask, with enough forks to let him have the oldest. */
static void fork_much(void *ctx)
{
    (void)ctx;
    if (!fib_is_right(18)) abort();
}

static void wait_in_join(void *ctx)
{
    (void)ctx;
    is_waiter = 1;
    for (int i = 0; i < 20000 && !resting; i++)
        par_join(fork_much, NULL, rest_if_stolen, NULL);
    is_waiter = 0;
}

static void wait_in_scope(void *ctx)
{
    (void)ctx;
    PAR_SCOPE (s) {
        par_spawn(&s, rest_in_task, NULL);
        while (!resting)
            usleep(1000);
    }
}

static void waiter_sleeps(par_task_fn *body)
{
    par_pool_t *pool = pool_new(4);
    resting = 0;
    par_pool_run(pool, body, NULL);
    par_pool_destroy(pool);
    assert_true(resting);
    expect_rest(rested);
}

static void test_join_waiter(void **state)
{
    (void)state;
    waiter_sleeps(wait_in_join);
}

static void test_scope_waiter(void **state)
{
    (void)state;
    waiter_sleeps(wait_in_scope);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(test_default_pool),
        TEST(test_64_workers),
        TEST(test_join_waiter),
        TEST(test_scope_waiter),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("idle", tests, NULL, NULL);
}
