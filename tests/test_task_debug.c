/* test_task_debug.c - where forks and syncs of tasks do not match, a program that is compiled with PAR_DEBUG
 * stops, with any build of the library. (That right ones run there too: test_task_right_debug.) */
#define _GNU_SOURCE
#define PAR_DEBUG
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>

#include <cmocka.h>

#include <par/task.h>

#include "child.h"

PAR_TASK(long, one, (int, n))
{
    return n;
}

PAR_TASK_VOID(set, (long *, number))
{
    *number = 1;
}

/* Leaves a fork, or syncs it twice. */
PAR_TASK(long, errs, (int, syncs))
{
    long y = 0;
    PAR_FORK(y, one, syncs);
    for (int i = 0; i < syncs; i++)
        PAR_SYNC(y, one);
    return y;
}

PAR_TASK_VOID(errs_void, (int, syncs), (long *, number))
{
    PAR_FORK_VOID(set, number);
    for (int i = 0; i < syncs; i++)
        PAR_SYNC_VOID(set);
}

/* What those do to the task that calls them. */
PAR_TASK(long, syncs_after, (int, syncs))
{
    long x, y;
    PAR_FORK(y, one, syncs);
    x = PAR_CALL(errs, syncs);
    PAR_SYNC(y, one);
    return x + y;
}

PAR_TASK(long, forks_after, (int, syncs))
{
    long x = PAR_CALL(errs, syncs), y;
    PAR_FORK(y, one, syncs);
    PAR_SYNC(y, one);
    return x + y;
}

PAR_TASK_VOID(syncs_after_void, (int, syncs), (long *, number))
{
    PAR_FORK_VOID(set, number);
    PAR_CALL(errs_void, syncs, number);
    PAR_SYNC_VOID(set);
}

PAR_TASK_VOID(forks_after_void, (int, syncs), (long *, number))
{
    PAR_CALL(errs_void, syncs, number);
    PAR_FORK_VOID(set, number);
    PAR_SYNC_VOID(set);
}

typedef struct wrong_t {
    long (*call)(int syncs);
    void (*call_void)(int syncs, long *number);
    int syncs; /* of the one fork */
    const char *where;
} wrong_t;

static const wrong_t wrongs[] = {
    {errs, NULL, 0, ": the end of errs: "},
    {NULL, errs_void, 0, ": the end of errs_void: "},
    {syncs_after, NULL, 0, ": PAR_SYNC: "},
    {syncs_after, NULL, 2, ": PAR_SYNC: "},
    {forks_after, NULL, 0, ": PAR_FORK: "},
    {NULL, syncs_after_void, 0, ": PAR_SYNC_VOID: "},
    {NULL, syncs_after_void, 2, ": PAR_SYNC_VOID: "},
    {NULL, forks_after_void, 0, ": PAR_FORK_VOID: "},
};

/* The child has a pool of one worker, where a library of any build is silent: nobody takes a fork. */
static int run_wrong(void *arg)
{
    const wrong_t *wrong = arg;
    long number = 0;
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    setenv("PAR_NUM_THREADS", "1", 1);
    if (wrong->call != NULL) wrong->call(wrong->syncs);
    if (wrong->call_void != NULL) wrong->call_void(wrong->syncs, &number);
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
    };
    cmocka_set_test_filter(getenv("PAR_TEST_FILTER"));
    return cmocka_run_group_tests_name("task_debug", tests, NULL, NULL);
}
