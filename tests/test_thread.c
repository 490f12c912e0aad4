/* test_thread.c - scoped threads: what they run, hand over and leave behind, and their options. */
#define _GNU_SOURCE
#include <par/thread.h>

#include "pools.h"
#include "thread_count.h"

#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MANY = 20 }; /* more than a scope holds without allocation */

static int add_one(void *ctx)
{
    __atomic_add_fetch((int *)ctx, 1, __ATOMIC_RELAXED);
    return 0;
}

static int square(void *ctx)
{
    long *number = ctx;
    *number *= *number;
    return 0;
}

static int return_number(void *ctx)
{
    return *(int *)ctx;
}

/* ---- running and joining ---- */

static void end_waits_for_all_and_shows_what_they_wrote(void **state)
{
    (void)state;
    for (int n = 0; n <= MANY; n++) {
        long numbers[MANY];
        par_thread_scope_t scope;
        assert_int_equal(par_thread_scope_begin(&scope), PAR_OK);
        for (int i = 0; i < n; i++) {
            numbers[i] = i;
            assert_int_equal(par_thread_spawn(&scope, NULL, square, &numbers[i], NULL), PAR_OK);
        }
        int failure = -1;
        assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
        assert_int_equal(failure, 0);
        for (int i = 0; i < n; i++)
            assert_int_equal(numbers[i], i * i);
    }
}

static void join_hands_over_each_result(void **state)
{
    (void)state;
    par_thread_scope_t scope;
    par_thread_t *threads[MANY];
    int numbers[MANY];
    par_thread_scope_begin(&scope);
    for (int i = 0; i < MANY; i++) {
        numbers[i] = i - MANY / 2;
        assert_int_equal(par_thread_spawn(&scope, &threads[i], return_number, &numbers[i], NULL),
                         PAR_OK);
        assert_non_null(threads[i]);
    }
    for (int i = MANY; i-- > 0;) {
        int result = INT_MAX;
        assert_int_equal(par_thread_join(threads[i], i == 3 ? NULL : &result), PAR_OK);
        assert_int_equal(result, i == 3 ? INT_MAX : numbers[i]);
    }
    int failure = -1;
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
    assert_int_equal(failure, 0); /* all were joined by hand */
}

typedef struct turn_t {
    int *now;
    int mine;
    int result;
} turn_t;

/* Ends after the threads with a lower turn. */
static int wait_for_turn(void *ctx)
{
    turn_t *turn = ctx;
    while (__atomic_load_n(turn->now, __ATOMIC_ACQUIRE) != turn->mine)
        sched_yield();
    __atomic_add_fetch(turn->now, 1, __ATOMIC_ACQ_REL);
    return turn->result;
}

static void end_reports_the_first_failure_by_spawn_order(void **state)
{
    (void)state;
    int now = 0;
    /* They end in the opposite order; the second is joined by hand. */
    turn_t turns[] = {{&now, 4, 0}, {&now, 3, 11}, {&now, 2, 22}, {&now, 1, 33}, {&now, 0, 0}};
    par_thread_t *threads[5];
    par_thread_scope_t scope;
    par_thread_scope_begin(&scope);
    for (int i = 0; i < 5; i++)
        assert_int_equal(par_thread_spawn(&scope, &threads[i], wait_for_turn, &turns[i], NULL),
                         PAR_OK);
    int result = 0;
    par_thread_join(threads[1], &result);
    int failure = 0;
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_OK);
    assert_int_equal(result, 11);
    assert_int_equal(failure, 22);
}

static void a_scope_can_be_opened_again(void **state)
{
    (void)state;
    par_thread_scope_t scope;
    int n = 0;
    for (int round = 0; round < 50; round++) {
        assert_int_equal(par_thread_scope_begin(&scope), PAR_OK);
        assert_int_equal(par_thread_spawn(&scope, NULL, add_one, &n, NULL), PAR_OK);
        assert_int_equal(par_thread_scope_end(&scope, NULL), PAR_OK);
        assert_int_equal(n, round + 1);
    }
}

/* ---- the block form ---- */

static int leave_by_return(int *n)
{
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, n, NULL);
        return 7;
    }
    return 0;
}

static void block_waits_whatever_way_it_is_left(void **state)
{
    int n = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
    }
    assert_int_equal(n, 1);
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
        if (*state == NULL) break;
        fail();
    }
    assert_int_equal(n, 2);
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, add_one, &n, NULL);
        goto out;
    }
out:
    assert_int_equal(n, 3);
    assert_int_equal(leave_by_return(&n), 7);
    assert_int_equal(n, 4);
}

static void block_may_be_ended_by_hand(void **state)
{
    (void)state;
    int number = 5, failure = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_spawn(&s, NULL, return_number, &number, NULL);
        assert_int_equal(par_thread_scope_end(&s, &failure), PAR_OK);
    }
    assert_int_equal(failure, 5);
}

static int open_own_scope(void *ctx)
{
    PAR_THREAD_SCOPE (inner) {
        for (int i = 0; i < 3; i++)
            if (par_thread_spawn(&inner, NULL, add_one, ctx, NULL) != PAR_OK) return 1;
    }
    return 0;
}

static void scopes_nest_and_run_in_many_threads_at_once(void **state)
{
    (void)state;
    int n = 0, failure = -1;
    PAR_THREAD_SCOPE (outer) {
        for (int i = 0; i < 16; i++)
            assert_int_equal(par_thread_spawn(&outer, NULL, open_own_scope, &n, NULL), PAR_OK);
        par_thread_scope_end(&outer, &failure);
    }
    assert_int_equal(failure, 0);
    assert_int_equal(n, 48);
}

static int run_fib(void *ctx)
{
    (void)ctx;
    return fib_is_right(15) ? 0 : 1;
}

static void threads_make_parallel_calls(void **state)
{
    (void)state;
    int failure = -1;
    PAR_THREAD_SCOPE (s) {
        for (int i = 0; i < 16; i++)
            assert_int_equal(par_thread_spawn(&s, NULL, run_fib, NULL, NULL), PAR_OK);
        par_thread_scope_end(&s, &failure);
    }
    assert_int_equal(failure, 0);
    assert_int_equal(par_shutdown(), PAR_OK); /* other tests count threads, and fork */
}

/* ---- options ---- */

static int read_name(void *ctx)
{
    return pthread_getname_np(pthread_self(), ctx, 16);
}

static void thread_has_its_name_cut_to_15_bytes(void **state)
{
    (void)state;
    const char *const names[][2] = {{"reader", "reader"},
                                    {"a-name-of-22-characters", "a-name-of-22-ch"},
                                    {"", NULL},
                                    {NULL, NULL}};
    char mine[16];
    pthread_getname_np(pthread_self(), mine, sizeof mine);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char name[16] = "?";
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.name = names[i][0];
        PAR_THREAD_SCOPE (s)
            assert_int_equal(par_thread_spawn(&s, NULL, read_name, name, &options), PAR_OK);
        assert_string_equal(name, names[i][1] != NULL ? names[i][1] : mine);
    }
}

static int read_cpus(void *ctx)
{
    return sched_getaffinity(0, sizeof(cpu_set_t), ctx);
}

static void thread_runs_on_the_given_cpus_only(void **state)
{
    (void)state;
    cpu_set_t mine;
    assert_int_equal(sched_getaffinity(0, sizeof mine, &mine), 0);
    unsigned cpus[2];
    size_t n = 0;
    for (unsigned i = 0; i < CPU_SETSIZE && n < 2; i++)
        if (CPU_ISSET(i, &mine)) cpus[n++] = i;
    for (par_thread_options_t options = PAR_THREAD_OPTIONS_INIT; options.n_cpus <= n;
         options.n_cpus++) {
        cpu_set_t got;
        options.cpus = cpus;
        options.bind_strict = 1;
        PAR_THREAD_SCOPE (s)
            assert_int_equal(par_thread_spawn(&s, NULL, read_cpus, &got, &options), PAR_OK);
        if (options.n_cpus == 0) {
            assert_true(CPU_EQUAL(&got, &mine));
            continue;
        }
        assert_int_equal(CPU_COUNT(&got), options.n_cpus);
        for (size_t i = 0; i < options.n_cpus; i++)
            assert_true(CPU_ISSET(cpus[i], &got));
    }
}

static void cpus_that_do_not_exist_are_refused_if_strict(void **state)
{
    (void)state;
    const unsigned absent[] = {65535, UINT_MAX};
    unsigned before = threads_alive();
    for (size_t i = 0; i < 2; i++) {
        int n = 0;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.cpus = &absent[i];
        options.n_cpus = 1;
        options.bind_strict = 1;
        PAR_THREAD_SCOPE (s) {
            par_thread_t *thread = (par_thread_t *)&n;
            assert_int_equal(par_thread_spawn(&s, &thread, add_one, &n, &options), PAR_EBIND);
            assert_null(thread);
            assert_int_equal(n, 0);
            options.bind_strict = 0;
            assert_int_equal(par_thread_spawn(&s, &thread, add_one, &n, &options), PAR_OK);
            assert_non_null(thread);
        }
        assert_int_equal(n, 1);
    }
    assert_true(threads_settle_at(before));
}

static int read_stack_bytes(void *ctx)
{
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 1;
    int error = pthread_attr_getstacksize(&attributes, ctx);
    pthread_attr_destroy(&attributes);
    return error;
}

static void stack_is_as_large_as_asked_for(void **state)
{
    (void)state;
    const size_t sizes[] = {1, 256 << 10, 3 << 20};
    for (size_t i = 0; i < 3; i++) {
        size_t got = 0;
        int failure = -1;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.stack_bytes = sizes[i];
        PAR_THREAD_SCOPE (s) {
            assert_int_equal(par_thread_spawn(&s, NULL, read_stack_bytes, &got, &options), PAR_OK);
            par_thread_scope_end(&s, &failure);
        }
        assert_int_equal(failure, 0);
        assert_true(got >= sizes[i]);
    }
}

static void stack_that_no_machine_has_is_refused(void **state)
{
    (void)state;
    int n = 0;
    par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
    options.stack_bytes = SIZE_MAX / 8 * 7;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EAGAIN);
    assert_int_equal(n, 0);
}

static void bad_options_are_refused(void **state)
{
    (void)state;
    int n = 0;
    PAR_THREAD_SCOPE (s) {
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.struct_size = 0;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
        options.struct_size = sizeof options - 1;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
        options.struct_size = sizeof options + 64; /* of a later version */
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_OK);
        options.n_cpus = 1;
        assert_int_equal(par_thread_spawn(&s, NULL, add_one, &n, &options), PAR_EINVAL);
    }
    assert_int_equal(n, 1);
}

static int read_signal_mask(void *ctx)
{
    return pthread_sigmask(SIG_SETMASK, NULL, ctx);
}

static void thread_inherits_the_signal_mask(void **state)
{
    (void)state;
    sigset_t usr1, before, got;
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &usr1, &before);
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, read_signal_mask, &got, NULL), PAR_OK);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    assert_int_equal(sigismember(&got, SIGUSR1), 1);
    assert_int_equal(sigismember(&got, SIGUSR2), sigismember(&before, SIGUSR2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(end_waits_for_all_and_shows_what_they_wrote),
        cmocka_unit_test(join_hands_over_each_result),
        cmocka_unit_test(end_reports_the_first_failure_by_spawn_order),
        cmocka_unit_test(a_scope_can_be_opened_again),
        cmocka_unit_test(block_waits_whatever_way_it_is_left),
        cmocka_unit_test(block_may_be_ended_by_hand),
        cmocka_unit_test(scopes_nest_and_run_in_many_threads_at_once),
        cmocka_unit_test(threads_make_parallel_calls),
        cmocka_unit_test(thread_has_its_name_cut_to_15_bytes),
        cmocka_unit_test(thread_runs_on_the_given_cpus_only),
        cmocka_unit_test(cpus_that_do_not_exist_are_refused_if_strict),
        cmocka_unit_test(stack_is_as_large_as_asked_for),
        cmocka_unit_test(stack_that_no_machine_has_is_refused),
        cmocka_unit_test(bad_options_are_refused),
        cmocka_unit_test(thread_inherits_the_signal_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
