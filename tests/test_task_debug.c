/* test_task_debug.c - what PAR_DEBUG makes of tasks: right ones run, and where forks and syncs do not match
 * the program stops, in any build of the library. */
#define _GNU_SOURCE
#define PAR_DEBUG
#include <sys/resource.h>

#include <par/pool.h>
#include <par/task.h>

#include "child.h"
#include "on_pools.h"

PAR_TASK(long, fib, (int, n))
{
    long x, y;
    if (n < 2) return n;
    PAR_FORK(y, fib, n - 2);
    x = PAR_CALL(fib, n - 1);
    PAR_SYNC(y, fib);
    return x + y;
}

/* Forks deeper than the stack of forks has slots. */
PAR_TASK(long, deep, (int, n))
{
    long x, y;
    if (n == 0) return 0;
    PAR_FORK(y, fib, 1);
    x = PAR_CALL(deep, n - 1);
    PAR_SYNC(y, fib);
    return x + y;
}

PAR_TASK_VOID(count, (int, n), (long *, sum))
{
    long other = 0;
    if (n == 0) return;
    PAR_FORK_VOID(count, n - 1, &other);
    *sum = 1;
    PAR_CALL(count, n - 1, sum);
    PAR_SYNC_VOID(count);
    *sum += other + (n == 1);
}

static void check_right_ones(void *ctx)
{
    long sum = 0;
    (void)ctx;
    expect(fib(20) == 6765);
    expect(deep(5000) == 5000);
    count(10, &sum);
    expect(sum > 0);
}

static void right_tasks_run(void **state)
{
    (void)state;
    on_pools(check_right_ones, NULL);
}

/* ---- wrong ones ---- */

PAR_TASK(long, forgets, (int, n))
{
    long y;
    PAR_FORK(y, fib, n);
    return n;
}

PAR_TASK(long, syncs_twice, (int, n))
{
    long y = 0;
    PAR_FORK(y, fib, n);
    PAR_SYNC(y, fib);
    PAR_SYNC(y, fib);
    return y;
}

PAR_TASK_VOID(forgets_void, (long *, sum))
{
    PAR_FORK_VOID(count, 1, sum);
}

static void forget_outside(void)
{
    forgets(1);
}

static void forget_outside_void(void)
{
    long sum;
    forgets_void(&sum);
}

PAR_TASK(long, calls_and_syncs, (int, n))
{
    long x, y;
    PAR_FORK(y, fib, n);
    x = PAR_CALL(forgets, n);
    PAR_SYNC(y, fib);
    return x + y;
}

static void forget_before_a_sync(void)
{
    calls_and_syncs(1);
}

PAR_TASK(long, calls_and_forks, (int, n))
{
    long x = PAR_CALL(forgets, n), y;
    PAR_FORK(y, fib, n);
    PAR_SYNC(y, fib);
    return x + y;
}

static void forget_before_a_fork(void)
{
    calls_and_forks(1);
}

PAR_TASK_VOID(calls_and_syncs_void, (long *, sum))
{
    PAR_FORK_VOID(count, 1, sum);
    PAR_CALL(forgets_void, sum);
    PAR_SYNC_VOID(count);
}

static void forget_before_a_void_sync(void)
{
    long sum;
    calls_and_syncs_void(&sum);
}

PAR_TASK_VOID(calls_and_forks_void, (long *, sum))
{
    PAR_CALL(forgets_void, sum);
    PAR_FORK_VOID(count, 1, sum);
    PAR_SYNC_VOID(count);
}

static void forget_before_a_void_fork(void)
{
    long sum;
    calls_and_forks_void(&sum);
}

PAR_TASK(long, calls_who_syncs_twice, (int, n))
{
    long x, y;
    PAR_FORK(y, fib, n);
    x = PAR_CALL(syncs_twice, n);
    PAR_SYNC(y, fib);
    return x + y;
}

static void sync_twice(void)
{
    calls_who_syncs_twice(1);
}

typedef struct wrong_t {
    void (*run)(void);
    const char *where;
} wrong_t;

static const wrong_t wrongs[] = {
    {forget_outside, ": the end of forgets: "},
    {forget_outside_void, ": the end of forgets_void: "},
    {forget_before_a_sync, ": PAR_SYNC: "},
    {forget_before_a_fork, ": PAR_FORK: "},
    {forget_before_a_void_sync, ": PAR_SYNC_VOID: "},
    {forget_before_a_void_fork, ": PAR_FORK_VOID: "},
    {sync_twice, ": PAR_SYNC: "},
};

/* The child has a pool of one worker, where a library of any build is silent: nobody takes a fork. */
static int run_wrong(void *arg)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setenv("PAR_NUM_THREADS", "1", 1);
    ((const wrong_t *)arg)->run();
    return 0;
}

static void wrong_tasks_stop(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrongs / sizeof wrongs[0]; i++) {
        wrong_t wrong = wrongs[i];
        child_t child;
        assert_int_equal(child_fork(&child, run_wrong, &wrong), 0);
        child_wait(&child, 30);
        assert_true(WIFSIGNALED(child.status) && WTERMSIG(child.status) == SIGABRT);
        assert_non_null(strstr(child.text, "par: "));
        assert_non_null(strstr(child.text, "test_task_debug.c:"));
        assert_non_null(strstr(child.text, wrong.where));
        assert_non_null(strstr(child.text, "give each PAR_FORK one PAR_SYNC"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_tasks_stop),
        cmocka_unit_test(right_tasks_run),
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("task_debug", tests, NULL, NULL);
}
