/* test_fault.c - the fault injection itself: what is armed fails, and nothing else. */
#include "fault.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* Calls malloc in a way that the compiler cannot remove; tells whether it worked. */
static int try_malloc(void)
{
    void *volatile p = malloc(1);
    int worked = p != NULL;
    free(p);
    return worked;
}

static void *return_arg(void *arg)
{
    return arg;
}

static void only_the_kth_call_fails(void **state)
{
    (void)state;
    fault_arm(FAULT_MALLOC, 3, 1);
    int worked[5];
    for (int i = 0; i < 5; i++)
        worked[i] = try_malloc();
    fault_report_t report = fault_disarm();
    for (int i = 0; i < 5; i++)
        assert_int_equal(worked[i], i != 2);
    assert_int_equal(report.calls, 5);
    assert_int_equal(report.failed, 1);
    assert_int_equal(fault_calls_of(FAULT_MALLOC), 5);
}

static void all_calls_fail_from_the_kth_on(void **state)
{
    (void)state;
    fault_arm(FAULT_ALL, 2, UINT_MAX);
    int first = try_malloc();
    int second = try_malloc();
    void *volatile third = calloc(1, 1);
    int third_errno = errno;
    fault_report_t report = fault_disarm();
    free(third);
    assert_true(first);
    assert_false(second);
    assert_null(third);
    assert_int_equal(third_errno, ENOMEM);
    assert_int_equal(report.failed, 2);
    assert_int_equal(fault_calls_of(FAULT_CALLOC), 1);
}

static void other_kinds_are_neither_counted_nor_failed(void **state)
{
    (void)state;
    fault_arm(FAULT_PTHREAD_CREATE, 1, 1);
    int worked = try_malloc();
    pthread_t thread;
    int refused = pthread_create(&thread, NULL, return_arg, NULL);
    int started = pthread_create(&thread, NULL, return_arg, NULL);
    fault_report_t report = fault_disarm();
    if (started == 0) pthread_join(thread, NULL);
    assert_true(worked);
    assert_int_equal(refused, EAGAIN);
    assert_int_equal(started, 0);
    assert_int_equal(report.calls, 2);
    assert_int_equal(fault_calls_of(FAULT_MALLOC), 0);
}

static void disarmed_nothing_fails(void **state)
{
    (void)state;
    fault_arm(FAULT_ALL, 1, UINT_MAX);
    fault_disarm();
    assert_true(try_malloc());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_kth_call_fails),
        cmocka_unit_test(all_calls_fail_from_the_kth_on),
        cmocka_unit_test(other_kinds_are_neither_counted_nor_failed),
        cmocka_unit_test(disarmed_nothing_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
