/* test_thread_refusal.c - scoped threads: calls that fail each in turn, and every misuse. */
#define _GNU_SOURCE
#include <par/thread.h>

#include "fault.h"
#include "misuse.h"
#include "thread_count.h"

#include <limits.h>
#include <sched.h>
#include <setjmp.h>
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

static int return_number(void *ctx)
{
    return *(int *)ctx;
}

/* ---- refusals ---- */

/* Spawns MANY threads, joins every third by hand; returns how many were refused, all with status. */
static int spawn_many(par_status_t status, int *n_ran)
{
    int n_refused = 0;
    PAR_THREAD_SCOPE (s) {
        for (int i = 0; i < MANY; i++) {
            par_thread_t *thread = NULL;
            par_status_t got = par_thread_spawn(&s, &thread, add_one, n_ran, NULL);
            n_refused += got != PAR_OK;
            assert_true(got == PAR_OK || got == status);
            assert_true((got == PAR_OK) == (thread != NULL));
            if (thread != NULL && i % 3 == 0)
                assert_int_equal(par_thread_join(thread, NULL), PAR_OK);
        }
    }
    return n_refused;
}

/* Fails each call of the kind in turn, then all from each on; returns how many calls there are. */
static unsigned fail_in_turn(unsigned kind, par_status_t status)
{
    unsigned before = threads_alive();
    unsigned n_calls = 0;
    for (unsigned n_failures = 1; n_failures != 0; n_failures = n_failures == 1 ? UINT_MAX : 0) {
        n_calls = 0;
        for (unsigned k = 1, hit = 1; hit; k++) {
            int n_ran = 0;
            fault_arm(kind, k, n_failures);
            int n_refused = spawn_many(status, &n_ran);
            hit = fault_disarm().failed;
            assert_int_equal(n_refused, hit);
            assert_int_equal(n_ran, MANY - n_refused);
            n_calls += hit != 0;
        }
    }
    assert_true(threads_settle_at(before));
    return n_calls;
}

static void each_refused_thread_is_reported(void **state)
{
    (void)state;
    int n_ran = 0; /* a sanitizer starts a thread of its own with the first one */
    assert_int_equal(spawn_many(PAR_OK, &n_ran), 0);
    assert_int_equal(fail_in_turn(FAULT_PTHREAD_CREATE, PAR_EAGAIN), MANY);
}

static void each_failed_allocation_is_reported(void **state)
{
    (void)state;
    unsigned n_calls = fail_in_turn(FAULT_MEMORY, PAR_ENOMEM);
    assert_true(n_calls > 0 && n_calls < MANY); /* the first threads need none */
}

static void each_refused_binding_is_reported_if_strict(void **state)
{
    (void)state;
    cpu_set_t mine;
    assert_int_equal(sched_getaffinity(0, sizeof mine, &mine), 0);
    unsigned cpu = 0;
    while (!CPU_ISSET(cpu, &mine))
        cpu++;
    unsigned before = threads_alive();
    for (int strict = 0; strict <= 1; strict++) {
        int n_ran = 0, n_refused = 0;
        par_thread_options_t options = PAR_THREAD_OPTIONS_INIT;
        options.cpus = &cpu;
        options.n_cpus = 1;
        options.bind_strict = strict;
        fault_arm(FAULT_SCHED_SETAFFINITY, MANY / 2, MANY);
        PAR_THREAD_SCOPE (s) {
            for (int i = 0; i < MANY; i++) {
                par_status_t status = par_thread_spawn(&s, NULL, add_one, &n_ran, &options);
                assert_int_equal(status, strict && i >= MANY / 2 - 1 ? PAR_EBIND : PAR_OK);
                n_refused += status != PAR_OK;
            }
        }
        assert_int_equal(fault_disarm().calls, MANY);
        assert_int_equal(n_ran, MANY - n_refused);
    }
    assert_true(threads_settle_at(before));
}

/* ---- misuse: stops a debug build, is refused by a release build ---- */

static void spawn_before_begin(void *ctx)
{
    par_thread_scope_t scope;
    memset(&scope, 0, sizeof scope);
    assert_int_equal(par_thread_spawn(&scope, NULL, add_one, ctx, NULL), PAR_EINVAL);
}

static void spawn_after_end(void *ctx)
{
    par_thread_scope_t scope;
    par_thread_scope_begin(&scope);
    par_thread_scope_end(&scope, NULL);
    par_thread_t *thread = ctx;
    assert_int_equal(par_thread_spawn(&scope, &thread, add_one, ctx, NULL), PAR_EINVAL);
    assert_null(thread);
}

static void spawn_nothing(void *ctx)
{
    PAR_THREAD_SCOPE (s)
        assert_int_equal(par_thread_spawn(&s, NULL, NULL, ctx, NULL), PAR_EINVAL);
}

static void spawn_into_nothing(void *ctx)
{
    assert_int_equal(par_thread_spawn(NULL, NULL, add_one, ctx, NULL), PAR_EINVAL);
}

static void begin_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_scope_begin(NULL), PAR_EINVAL);
}

static void end_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_scope_end(NULL, NULL), PAR_EINVAL);
}

static void join_nothing(void *ctx)
{
    (void)ctx;
    assert_int_equal(par_thread_join(NULL, NULL), PAR_EINVAL);
}

static void end_twice(void *ctx)
{
    (void)ctx;
    par_thread_scope_t scope;
    int failure = 77;
    par_thread_scope_begin(&scope);
    par_thread_scope_end(&scope, NULL);
    assert_int_equal(par_thread_scope_end(&scope, &failure), PAR_EINVAL);
    assert_int_equal(failure, 77);
}

static void join_twice(void *ctx)
{
    int number = 3, result = 0;
    (void)ctx;
    PAR_THREAD_SCOPE (s) {
        par_thread_t *thread;
        par_thread_spawn(&s, &thread, return_number, &number, NULL);
        assert_int_equal(par_thread_join(thread, &result), PAR_OK);
        result = 77;
        assert_int_equal(par_thread_join(thread, &result), PAR_EINVAL);
    }
    assert_int_equal(result, 77);
}

static void join_after_end(void *ctx)
{
    int n = 0;
    (void)ctx;
    par_thread_scope_t scope;
    par_thread_t *thread;
    par_thread_scope_begin(&scope);
    par_thread_spawn(&scope, &thread, add_one, &n, NULL);
    par_thread_scope_end(&scope, NULL);
    assert_int_equal(par_thread_join(thread, NULL), PAR_EINVAL);
}

static int call_end(void *ctx)
{
    return par_thread_scope_end(ctx, NULL);
}

static int call_spawn(void *ctx)
{
    int n = 0;
    return par_thread_spawn(ctx, NULL, add_one, &n, NULL);
}

typedef struct to_join_t {
    par_thread_t *thread;
} to_join_t;

static int call_join(void *ctx)
{
    return par_thread_join(((to_join_t *)ctx)->thread, NULL);
}

static int run_in_thread(par_thread_fn *fn, void *ctx)
{
    int result = PAR_OK;
    PAR_THREAD_SCOPE (s) {
        par_thread_t *thread;
        assert_int_equal(par_thread_spawn(&s, &thread, fn, ctx, NULL), PAR_OK);
        par_thread_join(thread, &result);
    }
    return result;
}

static void end_by_another_thread(void *ctx)
{
    (void)ctx;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(run_in_thread(call_end, &s), PAR_EINVAL);
}

static void spawn_by_another_thread(void *ctx)
{
    (void)ctx;
    PAR_THREAD_SCOPE (s)
        assert_int_equal(run_in_thread(call_spawn, &s), PAR_EINVAL);
}

static void join_by_another_thread(void *ctx)
{
    PAR_THREAD_SCOPE (s) {
        to_join_t other;
        assert_int_equal(par_thread_spawn(&s, &other.thread, add_one, ctx, NULL), PAR_OK);
        assert_int_equal(run_in_thread(call_join, &other), PAR_EINVAL);
    }
}

static const misuse_t misuses[] = {
    {spawn_before_begin, "spawn between par_thread_scope_begin and _end"},
    {spawn_after_end, "spawn between par_thread_scope_begin and _end"},
    {spawn_nothing, "fn is NULL"},
    {spawn_into_nothing, "scope is NULL"},
    {begin_nothing, "scope is NULL"},
    {end_nothing, "scope is NULL"},
    {join_nothing, "thread is NULL"},
    {end_twice, "end a scope once"},
    {join_twice, "join each thread once"},
    {join_after_end, "join before the end"},
    {end_by_another_thread, "end it in the thread that began it"},
    {spawn_by_another_thread, "open one of your own"},
    {join_by_another_thread, "join where it was spawned"},
};
enum { N_MISUSES = sizeof misuses / sizeof misuses[0] };

static void debug_builds_stop(void **state)
{
    int n = 0; /* each child adds to its own */
    (void)state;
    misuses_stop(misuses, N_MISUSES, &n);
}

static void release_builds_refuse(void **state)
{
    (void)state;
    if (misuse_is_checked()) skip();
    for (size_t i = 0; i < N_MISUSES; i++)
        misuses[i].call(&(int){0});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_refused_thread_is_reported),
        cmocka_unit_test(each_failed_allocation_is_reported),
        cmocka_unit_test(each_refused_binding_is_reported_if_strict),
        cmocka_unit_test(debug_builds_stop),
        cmocka_unit_test(release_builds_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
