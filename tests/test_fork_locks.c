/* test_fork_locks.c - fork() at the moment when another thread holds a lock of the library: held for long
 * by a call that is delayed inside of it, which chance would not meet once in a thousand forks. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <par/topology.h>

#include "child.h"
#include "fault.h"
#include "pools.h"
#include "scale.h"

enum { DELAY_MS = 200, CHILD_SECONDS = 20 };

static int use(void *arg)
{
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    (void)arg;
    if (!fib_is_right(12)) return 1;
    return par_topology_query(&info) == PAR_OK ? 0 : 2;
}

/* Forks while a thread that runs body is in a delayed call: is the library of use to the child? */
static int fork_during(void *(*body)(void *))
{
    pthread_t thread;
    child_t child;
    if (pthread_create(&thread, NULL, body, NULL) != 0) return 10;
    while (fault_n_delayed() == 0)
        sched_yield();
    if (child_fork(&child, use, NULL) != 0) return 11;
    child_wait(&child, CHILD_SECONDS);
    pthread_join(thread, NULL);
    return child_exited(&child, 0) ? 0 : 12;
}

/* Each runs in a process that has not used the library before. */
static void in_new_process(child_fn *body)
{
    child_t child;
    if (TEST_TSAN) skip(); /* it cannot follow fork */
    watchdog(100);
    assert_int_equal(child_fork(&child, body, NULL), 0);
    child_wait(&child, 2 * CHILD_SECONDS);
    assert_true(child_exited(&child, 0));
}

/* ---- in hwloc, before there is any pool ---- */

static void *looks_at_the_machine(void *arg)
{
    par_topology_info_t info = PAR_TOPOLOGY_INFO_INIT;
    fault_delay(FAULT_HWLOC, DELAY_MS);
    par_topology_query(&info);
    return arg;
}

static int fork_during_query(void *arg)
{
    (void)arg;
    return fork_during(looks_at_the_machine);
}

static void test_in_hwloc_before_any_pool(void **state)
{
    (void)state;
    in_new_process(fork_during_query);
}

/* ---- in the table of a pool ---- */

static void *becomes_a_worker(void *arg)
{
    fault_delay(FAULT_ALIGNED_ALLOC, DELAY_MS);
    if (!fib_is_right(3)) abort();
    return arg;
}

static int fork_during_admission(void *arg)
{
    (void)arg;
    if (!fib_is_right(12)) return 1; /* the pool is there, and this thread has its place */
    return fork_during(becomes_a_worker);
}

static void test_while_a_thread_is_admitted(void **state)
{
    (void)state;
    in_new_process(fork_during_admission);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_hwloc_before_any_pool),
        cmocka_unit_test(test_while_a_thread_is_admitted),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("fork_locks", tests, NULL, NULL);
}
